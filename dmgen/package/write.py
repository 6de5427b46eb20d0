"""A package written beside its place under another name, forced to the disk, then renamed: whole, or not there."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dmgen.errors import OutputError
from dmgen.messages import mark
from dmgen.package.archive import SUFFIX, archive, entry
from dmgen.package.done import Done, silent
from dmgen.package.ticket import SUMS, TICKET, PackageFile, in_order, write_sums

_CHUNK = 1 << 20
_SPARE = 1 << 20  # bytes for names and directories


class ChangedFileError(Exception):
    """A file is not the one whose sha256 was given; `path` is it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class Staging:
    """Where a package is made: `partial` beside its `place`; files that are made for it lie in `work`."""

    place: Path
    partial: Path

    @property
    def work(self) -> Path:
        """A folder for what is made for the package."""
        return self.partial / "work"

    @property
    def result(self) -> Path:
        """The package, until it appears."""
        return self.partial / "package"

    @property
    def is_archive(self) -> bool:
        """Whether the package is one file."""
        return is_archive(self.place)


def is_archive(place: Path) -> bool:
    """Whether a package of this name is a zip."""
    return place.suffix.lower() == SUFFIX


@contextmanager
def begun(place: Path) -> Iterator[Staging]:
    """An empty place to make a package in; whatever is left of it at the end is taken away."""
    place = place.absolute()
    staging = Staging(place, place.with_name(f".{place.name}.partial"))
    made = [folder for folder in staging.partial.parents if not folder.exists()]
    try:
        if staging.partial.is_file() or staging.partial.is_symlink():
            staging.partial.unlink()
        elif staging.partial.exists():
            shutil.rmtree(staging.partial)
        staging.work.mkdir(parents=True)
        yield staging
    finally:
        shutil.rmtree(staging.partial, ignore_errors=True)
        with suppress(OSError):  # not empty: the package is there
            for folder in made:
                folder.rmdir()


def require_room(place: Path, size: int) -> None:
    """Raises OutputError where the disk has no room for a package of so many bytes."""
    near = next(folder for folder in place.absolute().parents if folder.is_dir())
    free = shutil.disk_usage(near).free
    if free < size + _SPARE:
        raise OutputError(
            mark("{file} needs {needed} MB, and {free} MB are free: make room or give --out a place on another disk"),
            file=place,
            needed=f"{(size + _SPARE) / 1e6:,.0f}",
            free=f"{free / 1e6:,.0f}",
        )


def write(
    staging: Staging,
    ticket: bytes,
    files: Sequence[PackageFile],
    password: bytes | None = None,
    done: Done = silent,
) -> None:
    """Write `files`, package.json (`ticket`) and SHA256SUMS as a folder or an archive.

    Raises ChangedFileError for a file that has not its sha256, OSError where it cannot be written.
    """
    own = {TICKET: ticket, SUMS: write_sums(ticket, files)}
    if staging.is_archive:
        _write_archive(staging.result, own, _told(files, done), password)
    else:
        _write_folder(staging.result, own, _told(files, done))


def appear(staging: Staging) -> None:
    """Let a package that is whole appear in its place. Raises OSError."""
    staging.result.rename(staging.place)
    _sync(staging.place.parent)


def _told(files: Sequence[PackageFile], done: Done) -> Iterator[PackageFile]:
    """Files as they stand in a package; each is told when the next is asked for."""
    for number, file in enumerate(in_order(files), 1):
        yield file
        done(number, len(files))


def _write_folder(folder: Path, own: dict[str, bytes], files: Iterable[PackageFile]) -> None:
    folder.mkdir()
    folders = {folder}
    for file in files:
        path = folder.joinpath(*file.name.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        folders |= {parent for parent in path.parents if folder in parent.parents}
        with path.open("xb") as out:
            _copy(file, out)
            _flush(out)
    for name, data in own.items():
        with (folder / name).open("xb") as out:
            out.write(data)
            _flush(out)
    for each in folders:
        _sync(each)


def _write_archive(path: Path, own: dict[str, bytes], files: Iterable[PackageFile], password: bytes | None) -> None:
    with path.open("xb") as out:
        with archive(out, password) as made:
            for name, data in own.items():
                with made.open(entry(name, len(data), password), "w") as into:
                    into.write(data)
            for file in files:
                with made.open(entry(file.name, file.size, password), "w") as into:
                    _copy(file, into)
        _flush(out)


def _copy(file: PackageFile, out: IO[bytes]) -> None:
    read = hashlib.sha256()
    with file.path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            read.update(chunk)
            out.write(chunk)
    if read.hexdigest() != file.sha256:
        raise ChangedFileError(file.path)


def _flush(out: IO[bytes]) -> None:
    out.flush()
    os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    """Force a folder's names to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
