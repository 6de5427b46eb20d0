"""The folder of a pile that several jobs make up: written beside its place, it appears by rename when all is right."""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dmgen.errors import OutputError
from dmgen.fulfil.folder import PRINT, PULLS, SPECIMENS, WAREHOUSE, explained
from dmgen.messages import mark

PILE_TICKET, PILE_TABLE = "pile.json", "pile.csv"
PILE_COLUMNS = (
    *("place", "wave", "position", "shipment_id", "shop", "campaign", "job", "piece_id", "match_key", "file", "page"),
    *("order_ids", "tracking"),
)
_OURS = {PILE_TICKET, PILE_TABLE, PRINT, WAREHOUSE, SPECIMENS, PULLS}
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}


class PileFolder:
    """Where a pile appears. `partial` is where it is made, `work` in it is what is not kept.

    `made_of` names the drops whose letters it holds: only a pile of the same ones is replaced.
    """

    def __init__(self, path: Path, made_of: Sequence[str]) -> None:
        self.path = path
        self.partial = path.with_name(f".{path.name}.partial")
        self.work = self.partial / "work"
        self._made_of = list(made_of)

    @contextmanager
    def begun(self) -> Iterator["PileFolder"]:
        """An empty `partial` to write in; whatever is left of it at the end is taken away.

        Raises OutputError where the folder holds anything but an earlier pile of the same drops.
        """
        with explained(self.path):
            names = {entry.name for entry in self.path.iterdir()} - _LITTER if self.path.is_dir() else set()
            if (names and (names - _OURS or self._earlier() != self._made_of)) or self.path.is_file():
                raise OutputError(
                    mark("{folder} is not empty and is no pile of these campaigns: give --out another folder"),
                    folder=self.path,
                )
            made = [folder for folder in self.partial.parents if not folder.exists()]
            shutil.rmtree(self.partial, ignore_errors=True)
            (self.partial / PRINT).mkdir(parents=True)
            self.work.mkdir()
        try:
            yield self
        finally:
            shutil.rmtree(self.partial, ignore_errors=True)
            for folder in made:
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()

    def _earlier(self) -> list[str] | None:
        try:
            found = json.loads((self.path / PILE_TICKET).read_text("utf-8"))["made_of"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if isinstance(found, list) else None

    def release(self, ticket: dict[str, Any]) -> None:
        """Write pile.json and let the pile appear, in the place of an earlier one."""
        told = {"format": 1, "made_of": self._made_of, **ticket}
        earlier = self.path.with_name(f".{self.path.name}.earlier")
        with explained(self.path):
            shutil.rmtree(self.work)
            (self.partial / PILE_TICKET).write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")
            shutil.rmtree(earlier, ignore_errors=True)
            if self.path.exists():
                self.path.rename(earlier)
            try:
                self.partial.rename(self.path)
            except OSError:
                if earlier.exists():
                    earlier.rename(self.path)
                raise
            shutil.rmtree(earlier, ignore_errors=True)
