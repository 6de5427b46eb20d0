"""The finished jobs of a batch, which the pile is made from: as they were written, piece by piece."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmgen.afterwards import read_ticket
from dmgen.errors import PreflightError
from dmgen.fulfil import MANIFEST, explained, read_table, sha256
from dmgen.messages import mark
from dmgen.model.campaign import Campaign
from dmgen.summary import Summary


@dataclass(frozen=True)
class Source:
    """A released job: its folder, job.json, and by shipment id the row of its manifest."""

    campaign: Campaign
    job: str
    folder: Path
    ticket: dict[str, Any]
    pieces: dict[str, dict[str, str]]


def read_source(summary: Summary) -> Source:
    """The job of a run. Raises PreflightError where it is not released, or its files are not as they were written."""
    folder, campaign = summary.folder, summary.campaign
    if not summary.released or folder is None:
        raise PreflightError(
            mark("job {job} ({campaign}) is not released, so no pile is made. Type: dmgen verify {job}."),
            job=summary.job_id,
            campaign=campaign.id,
        )
    ticket = read_ticket(folder)
    if (ticket["job"], ticket["shop"], ticket["campaign"]) != (summary.job_id, campaign.shop.id, campaign.id):
        raise _changed(folder)
    pieces = {row["shipment_id"]: row for row in read_table(folder / MANIFEST)}
    source = Source(campaign, summary.job_id, folder, ticket, pieces)
    require_unchanged(source)
    if len(pieces) != ticket["pieces"]:
        raise _changed(folder / MANIFEST)
    return source


def require_unchanged(source: Source) -> None:
    """Raises PreflightError unless the manifest and every print file are those that the job was released with."""
    printed = [str(entry["file"]) for entry in source.ticket["print"]]
    for name in (MANIFEST, *printed):
        file = source.folder / name
        with explained(file):
            if not file.is_file() or sha256(file) != source.ticket["files"].get(name):
                raise _changed(file)


def _changed(file: Path) -> PreflightError:
    return PreflightError(
        mark("{file} is not as it was written by this run: no pile is made. Type the same command again."), file=file
    )
