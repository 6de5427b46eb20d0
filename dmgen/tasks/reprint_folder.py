"""JOB/reprints/NNN: pages taken out of a job's print files, with the tables that say what they are."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from dmgen.errors import PreflightError
from dmgen.fulfil import (
    CODE_COLUMNS,
    CODES,
    MANIFEST,
    PARCELS,
    REPRINTS,
    SHEET_COLUMNS,
    SHEETS,
    WARNINGS,
    explained,
    next_folder,
    read_table,
    sha256,
    write_table,
)
from dmgen.messages import mark
from dmgen.model.offer import CodeKind
from dmgen.model.parcel import PlannedParcel
from dmgen.model.production import Verdict
from dmgen.press import Pages, Taken, extract
from dmgen.tasks.released_job import ReleasedJob, require_unchanged
from dmgen.tasks.some_pieces import Rows
from dmgen.verify import read_back, readers
from dmgen.workshop import Workshop

if TYPE_CHECKING:
    from dmgen.planning.plan import Progress

TICKET = "reprint.json"
REPRINT = "reprint"
PUT_INTO = ("put_into_shipment", "put_into_wave", "put_into_position")  # where a piece goes now, as pull.csv says it


@dataclass(frozen=True)
class Reprint:
    """What is to be printed again: rows of the manifest in its order, and by piece how often that is now.

    `moved` are parcels by piece: those that go into another than they were printed for.
    """

    job: ReleasedJob
    number: int
    rows: Rows
    times: dict[str, int]
    moved: dict[str, PlannedParcel]
    reason: str

    @property
    def name(self) -> str:
        """The folder's name."""
        return f"{self.number:03d}"

    @property
    def folder(self) -> Path:
        """Where it appears when it is whole."""
        return self.job.folder / REPRINTS / self.name


@dataclass
class Written:
    """What was written so far: job.json's entries of print files, digests by file, rows of manifest and parcels."""

    prints: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    pieces: list[dict[str, Any]] = field(default_factory=list)
    rows: Rows = field(default_factory=list)
    parcels: Rows = field(default_factory=list)


def free_number(job: Path) -> int:
    """The number of a job's next reprint."""
    return int(next_folder(job, REPRINTS).name)


@contextmanager
def write_reprint(made: Reprint, progress: "Progress") -> Iterator[Written]:
    """Write a reprint beside its place and read it back; it appears when the block ends well.

    Raises PreflightError where it is not what it should be, LedgerError where a print file is not as it was written,
    OutputError where there is no room.
    """
    partial = made.folder.with_name(f".{made.name}.partial")
    try:
        with explained(made.folder):
            shutil.rmtree(partial, ignore_errors=True)
            (partial / "print").mkdir(parents=True)
            written = _write(made, partial)
        verdict = _read_back(made, written, partial, progress)
        with explained(made.folder):
            _describe(made, written, verdict, partial)
        yield written
        with explained(made.folder):
            partial.rename(made.folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write(made: Reprint, folder: Path) -> Written:
    written = Written()
    by_file = sorted(made.rows, key=lambda row: row["file"])
    placed: dict[str, dict[str, str]] = {}
    for source, rows in groupby(by_file, lambda row: row["file"]):
        placed |= _extract(made, folder, source, list(rows), written)
    written.rows = [row | placed[row["piece_id"]] | _marks(made, row["piece_id"]) for row in made.rows]
    order = {row["file"]: place for place, row in reversed(list(enumerate(written.rows)))}
    written.prints.sort(key=lambda entry: order[entry["file"]])
    _tables(made, folder, written)
    return written


def _extract(made: Reprint, folder: Path, source: str, rows: Rows, written: Written) -> dict[str, dict[str, str]]:
    """Take the pages of some pieces out of a print file; returns by piece where they stand now."""
    path = require_unchanged(made.job, source)
    name = f"print/{PurePosixPath(source).stem}-reprint-{made.name}.pdf"
    wanted = [Pages(row["piece_id"], int(row["first_page"]), int(row["last_page"])) for row in rows]
    taken = extract(path, wanted, folder / name)
    was = {piece.piece_id: piece for piece in wanted}
    written.pieces += [_evidence(made, source, name, was[piece.piece_id], piece) for piece in taken]
    written.files[name] = sha256(folder / name)
    pages, size = sum(len(piece.contents) for piece in taken), (folder / name).stat().st_size
    [entry] = [entry for entry in made.job.ticket["print"] if entry["file"] == source]
    told = {"file": name, "pieces": len(rows), "pages": pages, "bytes": size}
    if "segments" in entry:
        own = {row["segment"] for row in rows}
        told["segments"] = [segment for segment in entry["segments"] if segment in own]
    written.prints.append(entry | told)
    return {
        piece.piece_id: {"file": name, "first_page": str(piece.first), "last_page": str(piece.last)} for piece in taken
    }


def _evidence(made: Reprint, source: str, name: str, was: Pages, now: Taken) -> dict[str, Any]:
    """Which pages of the job these are, and the digests of the contents that both have."""
    return {
        "piece_id": now.piece_id,
        REPRINT: made.times[now.piece_id],
        "file": name,
        "first_page": now.first,
        "of_file": source,
        "of_first_page": was.first,
        "contents": list(now.contents),
    }


def _marks(made: Reprint, piece: str) -> dict[str, str]:
    parcel = made.moved.get(piece)
    place = (parcel.shipment_id, parcel.wave, parcel.position) if parcel else ("", "", "")
    return {REPRINT: str(made.times[piece]), **dict(zip(PUT_INTO, place, strict=True))}


def _tables(made: Reprint, folder: Path, written: Written) -> None:
    """The tables of a job, with the rows of these pieces alone; a reprint has no sheets but theirs."""
    rows, source = written.rows, made.job.folder
    tables = {MANIFEST: rows, CODES: _of(source / CODES, "piece_id", rows)}
    if WARNINGS in made.job.ticket["files"]:
        tables[WARNINGS] = _of(source / WARNINGS, "customer_id", rows)
    if PARCELS in made.job.ticket["files"]:
        places = {row["piece_id"]: {"file": row["file"], "page": row["first_page"]} for row in rows}
        tables[PARCELS] = [row | places[row["piece_id"]] for row in _of(source / PARCELS, "piece_id", rows)]
        tables[SHEETS] = []
    for name, found in tables.items():
        columns = list(found[0]) if found else _COLUMNS.get(name)
        if columns:
            write_table(folder / name, columns, (list(row.values()) for row in found))
            written.files[name] = sha256(folder / name)
    written.parcels = tables.get(PARCELS, [])


_COLUMNS = {CODES: CODE_COLUMNS, SHEETS: SHEET_COLUMNS}  # of tables that are there without a row, too


def _of(table: Path, key: str, rows: Rows) -> Rows:
    """The rows of a table that belong to these rows of the manifest."""
    meant = {row[key] for row in rows}
    return [row for row in read_table(table) if row[key] in meant]


def _read_back(made: Reprint, written: Written, folder: Path, progress: "Progress") -> Verdict:
    """Every page against its row, as a job of these pieces alone; the files against their standard."""
    source = made.job.ticket
    ticket = source | {
        "reprint": made.number,
        "counts": _counts(written) | {"parcels": Counter(row["outcome"] for row in written.parcels)},
        "print": written.prints,
        "shells": [],
        "waves": _waves(written),
        "files": written.files,
        "lottery": source.get("lottery") and source["lottery"] | {"tickets": _tickets(written, folder)},
    }
    with Workshop(None, readers(len(written.rows))) as workshop:
        verdict = read_back(ticket, folder, workshop, progress)
    if not verdict.released:
        first = verdict.findings[0]
        raise PreflightError(
            mark(
                "the reprint does not read back as it should, so nothing is written ({count} findings; the first: "
                "{what}, piece {piece}). Look at the job itself with: dmgen verify {job}"
            ),
            count=verdict.count,
            what=first["what"],
            piece=first.get("piece_id", "-"),
            job=made.job.record.id,
        )
    return verdict


def _waves(written: Written) -> list[dict[str, Any]]:
    """The waves of the pieces, as job.json says those of a job."""
    waves: dict[str, list[str]] = {}
    for row in written.parcels:
        waves.setdefault(row["wave"], []).append(row["file"])
    return [
        {"wave": wave, "parcels": len(files), "pieces": len(files), "slips": 0, "files": list(dict.fromkeys(files))}
        for wave, files in waves.items()
    ]


def _counts(written: Written) -> dict[str, int]:
    pages = sum(entry["pages"] for entry in written.prints)
    return {"pieces": len(written.rows), "files": len(written.prints), "pages": pages}


def _tickets(written: Written, folder: Path) -> int:
    """The lottery numbers that can win: those of decoys cannot."""
    own = {row["piece_id"] for row in written.rows if row.get("seed", "") in ("", "0")}
    codes = read_table(folder / CODES)
    return sum(row["kind"] == CodeKind.TICKET.value and row["piece_id"] in own for row in codes)


def _describe(made: Reprint, written: Written, verdict: Verdict, folder: Path) -> None:
    ticket = made.job.ticket
    told = {
        "format": 1,
        **{name: ticket[name] for name in ("job", "shop", "campaign", "drop")},
        "reprint": made.number,
        "reason": made.reason,
        "standard": ticket["settings"]["standard"],
        "counts": _counts(written),
        "read_back": verdict.as_json()["read_back"],
        "print": written.prints,
        "pieces": written.pieces,
        "files": written.files,
    }
    (folder / TICKET).write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")
