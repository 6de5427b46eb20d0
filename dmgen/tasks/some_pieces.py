"""Which pieces of a job are meant: by id, by their place in the pile, or by a file that a scanner left."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dmgen.errors import DmgenError, LedgerError, ListError, UsageError
from dmgen.fulfil import MANIFEST, read_table
from dmgen.ledger import Ledger
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.offers.coupon import normalise
from dmgen.tasks.code_file import PIECE_HEADINGS, CodeLine, read_codes
from dmgen.tasks.released_job import ReleasedJob
from dmgen.tasks.scan_codes import readings

TOLD = 20  # pieces or lines that a message names
_STRETCH = re.compile(r"(\d+)(?:-(\d+))?")
Rows = list[dict[str, str]]


class Meant(NamedTuple):
    """The manifest's rows of the pieces that are meant, in its order; `remarks`: what a file names beside them."""

    rows: Rows
    remarks: list[DmgenError]


@dataclass(frozen=True, slots=True)
class Named:
    """What the user named: ids of pieces, stretches of sequence numbers ("120-135, 140"), a file with a piece a line.

    Together they are meant, each piece once.
    """

    pieces: Sequence[str] = ()
    stretches: str = ""
    file: Path | None = None


def some_pieces(ledger: Ledger, shop: Shop, job: ReleasedJob, named: Named) -> Meant:
    """The pieces that are meant.

    Raises UsageError where nothing is named, or no such stretch; ListError for a file that cannot be read; LedgerError
    for pieces that are not of the job, saying of which they are. Lines of a file that name a job of another drop, as
    those of a pile do, are left out, and that is a remark.
    """
    typed = [CodeLine(0, text, None) for one in named.pieces for text in re.split(r"[\s,、;]+", one) if text]
    listed = read_codes(named.file, PIECE_HEADINGS, ZoneInfo(shop.time_zone)) if named.file else []
    others = _of_others(ledger, job, listed)
    lines = typed + [line for line in listed if line.job not in others]
    if listed and not (lines or named.stretches.strip()):
        raise ListError(
            mark("{file} names no piece of job {job}, only of {others}: name that job"),
            file=named.file,
            job=job.record.id,
            others=some(others),
        )
    if not (lines or named.stretches.strip()):
        raise UsageError(mark("name the pieces: --pieces ID…, --range 120-135 (sequence numbers) or a file of them"))
    asked = {line.code: {*readings(line.code), normalise(line.code)} for line in lines}
    places = set(_places(named.stretches, job.ticket["pieces"]))
    meant = {one for spelt in asked.values() for one in spelt}
    rows = [
        row
        for row in read_table(job.folder / MANIFEST)
        if row["piece_id"] in meant or (places and int(row["sequence"]) in places)
    ]
    found = {row["piece_id"] for row in rows}
    strange = [line for line in lines if found.isdisjoint(asked[line.code])]
    if strange:
        raise _strangers(ledger, job, named.file, {line: asked[line.code] for line in strange})
    return Meant(rows, _left_out(named.file, listed, others) if others else [])


def _left_out(file: Path | None, listed: Sequence[CodeLine], others: Sequence[str]) -> list[DmgenError]:
    message = mark("{file}: {count} lines are of other jobs and were left out here. Do the same with: {others}")
    count = sum(line.job in others for line in listed)
    return [ListError(message, file=file, count=count, others=some(others))]


def _of_others(ledger: Ledger, job: ReleasedJob, listed: Sequence[CodeLine]) -> list[str]:
    """The jobs of other drops that a packing table's list of a whole pile names beside its pieces."""
    record = job.record
    same = {one.id for one in ledger.jobs(record.shop) if (one.campaign, one.drop) == (record.campaign, record.drop)}
    return list(dict.fromkeys(line.job for line in listed if line.job and line.job not in same))


def some(things: Sequence[object]) -> str:
    """The first of many things, for a message."""
    return ", ".join(map(str, things[:TOLD])) + (", …" if len(things) > TOLD else "")


def _places(stretches: str, pieces: int) -> Iterator[int]:
    for part in filter(None, re.split(r"[\s,、;]+", unicodedata.normalize("NFKC", stretches))):
        found = _STRETCH.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= pieces:
            raise UsageError(
                mark("--range {written}: write sequence numbers of the job, 1 to {pieces}, for example 120-135,140"),
                written=part,
                pieces=pieces,
            )
        yield from range(first, last + 1)


def _strangers(
    ledger: Ledger, job: ReleasedJob, file: Path | None, strange: Mapping[CodeLine, Set[str]]
) -> LedgerError:
    """Why what is not in the manifest is refused: of another job, else nobody's. What a file holds is not told, for it
    may be anything.
    """
    drops = ledger.drops_of_pieces(job.record.shop, {one for spelt in strange.values() for one in spelt})
    known = {line: drops[one] for line, spelt in strange.items() for one in spelt if one in drops}
    unknown = [line for line in strange if line not in known]
    if unknown:
        where, values = _where(unknown, file)
        return LedgerError(
            mark("{where}: not the id of a piece of this shop ({count}). See a job's pieces in its manifest.csv."),
            where=LedgerError(where, **values),
            count=len(unknown),
        )
    key = known[next(iter(strange))]
    where, values = _where([line for line in strange if known[line] == key], file)
    same = [one for one in ledger.jobs(key.shop) if (one.campaign, one.drop) == (key.campaign, key.drop)]
    return LedgerError(
        mark("{where}: not of job {job}, but of the campaign {campaign}, drop {drop} (jobs: {jobs}). Name that job."),
        where=LedgerError(where, **values),
        job=job.record.id,
        campaign=key.campaign,
        drop=key.drop,
        jobs=some([f"{one.id} {one.state.value}" for one in same]) or "-",
    )


def _where(lines: list[CodeLine], file: Path | None) -> tuple[str, dict[str, object]]:
    typed = sorted(line.code for line in lines if not line.line)
    if typed or file is None:
        return mark("pieces {pieces}"), {"pieces": some(typed)}
    return mark("{file}, lines {lines}"), {"file": file, "lines": some(sorted(line.line for line in lines))}
