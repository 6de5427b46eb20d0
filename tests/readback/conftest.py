"""A real small job, and the hands of somebody who damages it."""

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest

from dmgen.fulfil import MANIFEST
from tests.jobs import Desk, Job, people

PIECES = 6


@dataclass(frozen=True)
class Copy:
    """A job folder of its own, to be damaged."""

    desk: Desk
    folder: Path

    @property
    def job(self) -> Job:
        return Job(self.folder)

    @property
    def pdf(self) -> Path:
        return self.job.printed[0]

    @contextmanager
    def pages(self) -> Iterator[pikepdf.Pdf]:
        """The print file, opened to be changed."""
        with pikepdf.open(self.pdf, allow_overwriting_input=True) as pdf:
            yield pdf
            pdf.save(self.pdf)

    def redraw(self, page: int, change: Callable[[bytes], bytes]) -> None:
        """Change the operators of a page (from 0), which must make a difference."""
        with self.pages() as pdf:
            stream = pdf.pages[page].Contents
            before = stream.read_bytes()
            after = change(before)
            assert after != before
            stream.write(after)

    def retable(self, name: str, change: Callable[[list[dict[str, str]]], None]) -> None:
        """Change the rows of a table."""
        path = self.folder / name
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns, rows = reader.fieldnames, list(reader)
        change(rows)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)

    def reticket(self, change: Callable[[dict], None]) -> None:
        """Change job.json."""
        path = self.folder / "job.json"
        ticket = json.loads(path.read_text("utf-8"))
        change(ticket)
        path.write_text(json.dumps(ticket), "utf-8")

    def cover_tracks(self) -> None:
        """Make every checksum that of the file as it is now."""

        def change(ticket: dict) -> None:
            for name in ticket["files"]:
                ticket["files"][name] = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()

        self.reticket(change)

    def verify(self, *args: str) -> tuple[int, dict]:
        """Exit code and the JSON of `dmgen verify`."""
        result = self.desk.invoke("verify", self.folder, "--json", *args)
        assert result.exit_code in (0, 6), result.output
        return result.exit_code, json.loads(result.stdout)

    def findings(self) -> list[dict]:
        """What `dmgen verify` finds in a job that must not be released."""
        code, report = self.verify()
        assert (code, report["released"]) == (6, False), report
        assert json.loads((self.folder / "job.json").read_text("utf-8"))["released"] is False
        return report["read_back"]["first"]

    def piece(self, number: int) -> str:
        """The id of a piece (from 0)."""
        return self.job.manifest[number]["piece_id"]


@pytest.fixture(scope="session")
def printed_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with one finished job of six letters."""
    desk = Desk.at(tmp_path_factory.mktemp("readback"))
    desk.write("assets/lists/customers.csv", people(PIECES))
    desk.run("hello")
    assert len(Job(desk.root / "job").manifest) == PIECES
    return desk


@pytest.fixture
def copy(printed_desk: Desk, tmp_path: Path) -> Copy:
    """The finished job, to be damaged."""
    folder = tmp_path / "copy"
    shutil.copytree(printed_desk.root / "job", folder)
    assert (folder / MANIFEST).exists()
    return Copy(printed_desk, folder)
