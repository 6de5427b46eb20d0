"""The job folder: everything is written under `.partial`; its folders appear by rename, job.json last."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from dmgen.errors import OutputError
from dmgen.messages import mark

PARTIAL = ".partial"
TICKET = "job.json"
PRINT, WAREHOUSE, POST = "print", "warehouse", "post"  # folders: for the press; for who packs parcels; for who posts
MANIFEST, CODES, REJECTIONS, GROUPS = "manifest.csv", "codes.csv", "rejections.csv", "groups.csv"
WARNINGS, TO_MEND, CONTROL_GROUPS = "warnings.csv", "to-mend.csv", "control.csv"  # only where there is anything to say
PARCELS, SHEETS = "parcels.csv", "sheets.csv"  # only of letters that go into parcels
SPECIMENS = "specimens.pdf"  # a letter of each kind, of nobody real
BESIDE = (
    *(MANIFEST, CODES, REJECTIONS, TO_MEND, WARNINGS, GROUPS, CONTROL_GROUPS, PARCELS, SHEETS),
    SPECIMENS,
)
PULLS, FULFIL = "pulls", "fulfil"  # made later: lists of what to take out of the pile; differences to the job
REPRINTS, VOIDS = "reprints", "voids"  # made later, too; a run leaves all of these where they are
_FOLDERS = (PRINT, WAREHOUSE, POST)
_LISTED = (WAREHOUSE, POST)  # whose files job.json names with their checksums; those in PRINT it has already
_OURS = {PARTIAL, TICKET, *_FOLDERS, PULLS, FULFIL, REPRINTS, VOIDS, *BESIDE}
LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}  # what file managers leave in every folder they show


class JobFolder:
    """One job's folder. `work` is where it is made; nothing of it is seen outside until `release`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.partial = path / PARTIAL
        self.work = self.partial / "work"
        self._made: list[Path] = []

    def prepare(self, key: dict[str, str]) -> None:
        """Make an empty `.partial`. Raises OutputError where the folder holds anything but this job's earlier run."""
        self._made = [folder for folder in (self.path, *self.path.parents) if not folder.exists()]
        with explained(self.path):
            names = {entry.name for entry in self.path.iterdir()} - LITTER if self.path.is_dir() else set()
            if names:
                self._refuse_foreign(names, key)
            shutil.rmtree(self.partial, ignore_errors=True)
            (self.partial / PRINT).mkdir(parents=True)
            self.work.mkdir()
            (self.partial / "key.json").write_text(json.dumps(key), encoding="utf-8")

    def _refuse_foreign(self, names: set[str], key: dict[str, str]) -> None:
        ticket, partial = self.path / TICKET, self.partial / "key.json"
        found = next((_read_key(file) for file in (ticket, partial) if file.is_file()), None)
        if names - _OURS or found != key:
            raise OutputError(
                mark("{folder} is not empty and is not this job: give --out another folder, or empty this one"),
                folder=self.path,
            )

    def discard(self) -> None:
        """Take away what an unfinished run has written, and the folders that it made."""
        shutil.rmtree(self.partial, ignore_errors=True)
        with suppress(OSError):
            for folder in self._made:
                folder.rmdir()

    def release(self, ticket: dict[str, Any]) -> None:
        """Move the finished files in place and write job.json last, with their checksums."""
        with explained(self.path):
            shutil.rmtree(self.work)
            written = [name for name in BESIDE if (self.partial / name).exists()]
            folders = [name for name in _FOLDERS if (self.partial / name).exists()]
            beside = sorted(f"{name}/{file.name}" for name in _LISTED for file in (self.partial / name).glob("*"))
            files = {name: sha256(self.partial / name) for name in (*written, *beside)}
            ticket = {**ticket, "files": {**ticket["files"], **files}}
            (self.partial / TICKET).write_text(json.dumps(ticket, ensure_ascii=False, indent=2) + "\n", "utf-8")
            self._withdraw_earlier()
            for name in (*folders, *written, TICKET):
                (self.partial / name).replace(self.path / name)
            shutil.rmtree(self.partial)  # last: until then its key.json says whose folder this is

    def _withdraw_earlier(self) -> None:
        """Take this job's earlier run out of the folder, job.json first; where a file is held open, all of it stays."""
        earlier = self.partial / "earlier"
        earlier.mkdir()
        moved = []
        try:
            for name in (TICKET, *_FOLDERS, PULLS, FULFIL, *BESIDE):
                if (self.path / name).exists():
                    (self.path / name).replace(earlier / name)
                    moved.append(name)
        except OSError:
            for name in reversed(moved):
                (earlier / name).replace(self.path / name)
            raise


def _read_key(file: Path) -> dict[str, str] | None:
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return {name: str(data.get(name)) for name in ("shop", "campaign", "drop")} if isinstance(data, dict) else None


def sha256(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what goes wrong while writing below `path` into an OutputError that says what to do."""
    try:
        yield
    except PermissionError as error:
        raise OutputError(
            mark("{file} cannot be written: close it in other programs, or give --out a folder that you may write"),
            file=error.filename or path,
        ) from None
    except OSError as error:
        raise OutputError(
            mark("{file} cannot be written ({problem}): make room or give --out another folder"),
            file=error.filename or path,
            problem=error.strerror or type(error).__name__,
        ) from None
