"""A shop's desk in a test's own folder: campaigns that run there as users run them, and the jobs that come out."""

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from typer.testing import CliRunner

from dmgen.cli import app
from tests.tables import patched

ROOT = Path(__file__).resolve().parents[1]
CUSTOMER = "customer_id,name,postal_code,prefecture,city,street,dm_opt_out"


def shared(*parts: str) -> Path:
    """A path in the shared data beside the checkout; the test is skipped where there is none."""
    path = ROOT.parent.joinpath("shared", *parts)
    if not path.exists():
        pytest.skip("needs ../shared")
    return path


def people(count: int) -> str:
    """A list of so many customers, each with a name of its own."""
    rows = (f"{n:05d},客 {n},100-0001,東京都,千代田区千代田,{n}-1,0" for n in range(1, count + 1))
    return "\n".join((CUSTOMER, *rows)) + "\n"


def environment(**changes: str | None) -> dict[str, str]:
    """The environment of a command: nobody's ledger, locale and terminal but the test's own."""
    clean = {k: v for k, v in os.environ.items() if k not in ("DMGEN_LEDGER", "LC_ALL", "LC_MESSAGES", "PYTHONPATH")}
    clean |= {"LANG": "C.UTF-8", "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}
    return {k: v for k, v in (clean | changes).items() if v is not None}


@dataclass(frozen=True)
class Desk:
    """A shop folder with its campaigns and lists; its ledger is its own."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> "Desk":
        """A desk with the sample campaigns of the checkout."""
        shutil.copytree(ROOT / "assets" / "lists", root / "assets" / "lists")
        shutil.copytree(ROOT / "layouts", root / "layouts", ignore=shutil.ignore_patterns("ledger.sqlite*"))
        return cls(root)

    @property
    def ledger(self) -> Path:
        return self.root / "layouts" / "ledger.sqlite"

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that stands once in a file of the desk."""
        path = self.root / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (name, old, text.count(old))
        path.write_text(text.replace(old, new), "utf-8")

    def configure(self, name: str, **tables: Any) -> None:
        """Set keys of a TOML file of the desk, as `patched` does: configure(FILE, print={"batch": 3}, mail=None)."""
        path = self.root / name
        path.write_text(patched(path.read_text("utf-8"), tables), "utf-8")

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def invoke(self, *args: str | Path, **env: str | None) -> Any:
        """A command in this process."""
        runner = CliRunner(env={"DMGEN_LEDGER": None, "LANG": "C.UTF-8", "LC_ALL": None, "COLUMNS": "200", **env})
        with chdir(self.root):
            result = runner.invoke(app, [str(arg) for arg in args])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def run(self, campaign: str, *args: str | Path, out: str = "job") -> "Job":
        """`dmgen run` that must succeed."""
        result = self.invoke("run", f"layouts/{campaign}", "--out", out, *args)
        assert result.exit_code == 0, result.output
        return Job(self.root / out)

    def start(self, *args: str | Path, **env: str | None) -> "subprocess.Popen[bytes]":
        """A command in a process of its own (and a group of its own, so that signals can reach all of it)."""
        command = [sys.executable, "-m", "dmgen", *(str(arg) for arg in args)]
        path = {"PYTHONPATH": str(ROOT)}
        return subprocess.Popen(
            command, cwd=self.root, env=environment(**path, **env), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def command(self, *args: str | Path, **env: str | None) -> "Finished":
        """A command in a process of its own, to its end."""
        process = self.start(*args, **env)
        out, err = process.communicate(timeout=120)
        return Finished(process.returncode, out, err)


@dataclass(frozen=True)
class Finished:
    """What a command left behind."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def out(self) -> list[str]:
        return self.stdout.decode("utf-8").splitlines()

    @property
    def err(self) -> str:
        return self.stderr.decode("utf-8")


def squeezed(text: str) -> str:
    """A text without blanks and line ends, which a letter sets as it needs them."""
    return "".join(text.split())


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV of a job, as they stand there."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Job:
    """A finished job folder, read without any help from dmgen."""

    folder: Path

    @cached_property
    def manifest(self) -> list[dict[str, str]]:
        return rows(self.folder / "manifest.csv")

    @cached_property
    def codes(self) -> list[dict[str, str]]:
        return rows(self.folder / "codes.csv")

    @cached_property
    def rejections(self) -> list[dict[str, str]]:
        return rows(self.folder / "rejections.csv")

    @cached_property
    def ticket(self) -> dict:
        return json.loads((self.folder / "job.json").read_text("utf-8"))

    @property
    def counts(self) -> dict:
        return self.ticket["counts"]

    @property
    def printed(self) -> list[Path]:
        return sorted((self.folder / "print").glob("*.pdf"))

    def issued(self) -> dict[str, set[tuple[str, str, str]]]:
        """The numbers of each customer."""
        owners = {row["piece_id"]: row["customer_id"] for row in self.manifest}
        found: defaultdict[str, set[tuple[str, str, str]]] = defaultdict(set)
        for row in self.codes:
            found[owners[row["piece_id"]]].add((row["kind"], row["name"], row["code"]))
        return found

    def digests(self) -> dict[str, str]:
        """The sha256 of every file that must be the same when the drop is run again (job.json names the job)."""
        files = [*self.printed, *sorted(self.folder.glob("*.csv")), *self.folder.glob("specimens.pdf")]
        return {str(f.relative_to(self.folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}

    def texts(self) -> Iterator[tuple[dict[str, str], str]]:
        """Each manifest row with the text of its pages, as another library reads it."""
        by_file: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
        for row in self.manifest:
            by_file[row["file"]].append(row)
        for file, here in by_file.items():
            document = pypdfium2.PdfDocument(self.folder / file)
            for row in here:
                pages = range(int(row["first_page"]) - 1, int(row["last_page"]))
                texts = (document[page].get_textpage().get_text_range() for page in pages)
                yield row, "\n".join(texts)
            document.close()
