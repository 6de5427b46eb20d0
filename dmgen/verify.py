"""Reads a finished job back, and lets it be sent only when every piece is its own person's."""

import csv
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dmgen.afterwards import open_ledger, read_ticket, shop_at
from dmgen.campaign.files import is_file
from dmgen.errors import CampaignError, LedgerError, PreflightError
from dmgen.fulfil import TICKET, explained, sha256
from dmgen.messages import mark
from dmgen.model.printing import Standard
from dmgen.model.production import JobState, Verdict
from dmgen.preflight import Severity
from dmgen.prepress import check_file
from dmgen.readback import Books, Finding, read_stretch
from dmgen.timings import timed
from dmgen.workshop import Workshop

if TYPE_CHECKING:
    from dmgen.planning.plan import Progress

FAILED = "read_back_failed"
_MOST_KEPT = 1000  # findings in job.json
_NAMED = 5  # of them in the message
_WORTH_WORKERS = 2000  # pieces: below, starting processes takes longer than reading


@dataclass(frozen=True)
class Report:
    """What became of a job that was read back; `state` is the ledger's, none where no ledger knows the job."""

    job: str
    folder: Path
    pieces: int
    verdict: Verdict
    state: JobState | None


@timed(mark("read back"))
def read_back(
    ticket: Mapping[str, Any], folder: Path, workshop: Workshop[Any], progress: "Progress", sample: int | None = None
) -> Verdict:
    """Compare every page below `folder` with its piece's row; with `sample`, those of so many pieces.

    Raises LedgerError for a job.json that dmgen has not written.
    """
    try:
        books, files = Books.of(folder, ticket), _print_files(ticket, folder)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise LedgerError(
            mark("{file}: cannot be read as it was written ({problem}): verify an untouched copy of the job"),
            file=folder / TICKET,
            problem=type(error).__name__,
        ) from None
    total = min(sample or books.counts["pieces"], books.counts["pieces"])
    done, found = 0, list[Finding]()
    progress("read back", 0, total)
    try:
        for pieces, findings in workshop.each(read_stretch, books.stretches(sample)):
            found += findings
            done += pieces
            progress("read back", done, total)
        books.balance()
        for findings in workshop.each(press_ready, files):
            found += findings
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        found.append(Finding("file_unreadable", Path(getattr(error, "filename", None) or "manifest.csv").name))
    found = sorted({*found, *books.findings}, key=lambda finding: (finding.sequence or 0, finding))
    first = tuple(finding.as_json() for finding in found[:_MOST_KEPT])
    return Verdict(FAILED if found else "", done, sample, len(found), first)


def readers(pieces: int) -> int:
    """The processes worth starting to read so many pieces."""
    return 1 if pieces < _WORTH_WORKERS else os.cpu_count() or 1


class ToPrint(NamedTuple):
    """A file that goes to the press, by its name below a folder."""

    folder: Path
    name: str
    standard: Standard


def _print_files(ticket: Mapping[str, Any], folder: Path) -> list[ToPrint]:
    """The files for the press: letters, and pre-printed paper."""
    standard = Standard(ticket["settings"]["standard"])
    entries = [*ticket["print"], *ticket["shells"]]
    return [ToPrint(folder, e["file"], standard) for e in entries if (folder / e["file"]).is_file()]


def press_ready(_: object, job: ToPrint) -> list[Finding]:
    """What the preflight calls an error in a file, as a worker finds it."""
    report = check_file(job.folder / job.name, job.standard)
    wrong = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    return [Finding("preflight", job.name, page=f.page or 0, field=f"{f.rule} {f.at}".strip()) for f in wrong]


def verify(job: str, shop: Path | None, sample: int | None, workers: int | None, progress: "Progress") -> Report:
    """Read a job back that its folder or id names, and write down in the folder and the ledger what came of it.

    Raises LedgerError for what is no job, OutputError where job.json cannot be written.
    """
    folder = Path(job)
    if not is_file(folder / TICKET):
        folder = Path(open_ledger(shop_at(shop)).job(job).folder)
    ticket = read_ticket(folder)
    if "layouts" not in ticket:
        raise LedgerError(
            mark("{folder} was printed by an older dmgen, which did not say where things stand: print it again"),
            folder=folder,
        )
    count = ticket["pieces"]
    with Workshop(None, workers or readers(min(sample or count, count))) as workshop:
        verdict = read_back(ticket, folder, workshop, progress, sample)
    verdict = _with_tables(verdict, folder, ticket)
    _write_down(folder, verdict)
    return Report(ticket["job"], folder, count, verdict, _tell_ledger(ticket, shop, verdict))


def _with_tables(verdict: Verdict, folder: Path, ticket: Mapping[str, Any]) -> Verdict:
    """The verdict, and whether the lists beside the letters are still those that were written."""
    printed = {entry["file"] for entry in ticket["print"]}
    changed = [
        Finding("checksum" if (folder / name).is_file() else "file_missing", name).as_json()
        for name, digest in ticket["files"].items()
        if name not in printed and not ((folder / name).is_file() and sha256(folder / name) == digest)
    ]
    if not changed:
        return verdict
    findings = (*changed, *verdict.findings)[:_MOST_KEPT]
    return Verdict(FAILED, verdict.pieces, verdict.sample, verdict.count + len(changed), findings)


def _write_down(folder: Path, verdict: Verdict) -> None:
    path = folder / TICKET
    ticket = json.loads(path.read_text("utf-8")) | verdict.as_json()
    with explained(folder):
        beside = path.with_suffix(".json.new")
        beside.write_text(json.dumps(ticket, ensure_ascii=False, indent=2) + "\n", "utf-8")
        beside.replace(path)


def _tell_ledger(ticket: Mapping[str, Any], place: Path | None, verdict: Verdict) -> JobState | None:
    """The job's state in its shop's ledger; none where there is no such shop here, or its ledger has no such job."""
    try:
        shop = shop_at(place)
        if shop.id != ticket["shop"]:
            return None
        ledger = open_ledger(shop)
        with ledger.hold(shop.id):
            known = {job.id for job in ledger.jobs(shop.id)}
            return ledger.judge(ticket["job"], released=verdict.released).state if ticket["job"] in known else None
    except CampaignError:
        if place:
            raise
        return None


def refusal(verdict: Verdict, folder: Path) -> PreflightError:
    """Why a run ends with a job that is not released: the first pieces by id, sequence, file and page."""
    return PreflightError(
        mark(
            "the job does not read back as it should and is not released ({count} findings): {named}. "
            "The folder stays for a look; run again, or see everything with: dmgen verify {folder}"
        ),
        count=verdict.count,
        named="; ".join(map(_named, verdict.findings[:_NAMED])),
        folder=folder,
    )


def _named(finding: Mapping[str, Any]) -> str:
    words = [finding["what"]]
    words += [str(finding[key]) for key in ("piece_id", "file") if key in finding]
    words += [f"{key} {finding[key]}" for key in ("sequence", "page", "slot", "field") if key in finding]
    return " ".join(words)
