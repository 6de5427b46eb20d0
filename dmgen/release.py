"""Writes the lists beside the letters, and lets the job appear."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from dmgen.accounts import write_lists
from dmgen.errors import PreflightError
from dmgen.fulfil import (
    JobFolder,
    collate,
    explained,
)
from dmgen.job_ticket import Printed, job_ticket
from dmgen.messages import Speaker, mark
from dmgen.model.production import JobRecord, JobState, Verdict
from dmgen.packed import Packed, packed_parcels, waves, write_parcels
from dmgen.packing_files import write_packing_files
from dmgen.planning.plan import Plan
from dmgen.posting_files import HandedIn, write_posting_files
from dmgen.summary import Summary, account
from dmgen.timings import timed


@dataclass(frozen=True)
class Finished:
    """A job that is whole but not yet seen: its numbers, and what job.json will say."""

    summary: Summary
    ticket: dict[str, Any]
    parcels: list[Packed] = field(default_factory=list)


@timed(mark("write lists"))
def finish(
    plan: Plan, folder: JobFolder, job_id: str, printed: Printed, posting: HandedIn | None, speaker: Speaker
) -> Finished:
    """Write the lists beside the letters, and what these are posted with.

    Raises PreflightError if the numbers do not add up.
    """
    summary = account(plan)
    results = printed.results
    pieces = sum(result.pieces for result in results)
    if pieces != summary.pieces:
        raise PreflightError(
            mark("{printed} letters were printed for {planned} people: nothing is released; please report this fault"),
            printed=pieces,
            planned=summary.pieces,
        )
    with explained(folder.path):
        packed: list[Packed] = []
        collate(folder.work, folder.partial, len(results), sheets=plan.campaign.in_parcels)
        if plan.campaign.in_parcels:
            packed = packed_parcels(plan.packings, folder.partial)
            write_parcels(packed, folder.partial)
            remarks = write_packing_files(plan.campaign, plan.workshop, folder.partial)
            summary = replace(summary, remarks=(*summary.remarks, *remarks))
        post = write_posting_files(plan.campaign, posting, folder.partial) if posting else None
        write_lists(plan.audience, summary.warnings, folder.partial, speaker)
    pages = sum(result.pages for result in results)
    summary = replace(summary, folder=folder.path, job_id=job_id, files=len(results), pages=pages)
    return Finished(summary, job_ticket(summary, plan, printed, waves(packed)) | {"post": post}, packed)


def release(job: Finished, folder: JobFolder, verdict: Verdict) -> Summary:
    """Let the job appear, released or with the reason why not."""
    folder.release(job.ticket | verdict.as_json())
    return replace(job.summary, released=verdict.released)


def job_record(summary: Summary, part_of: str | None = None) -> JobRecord:
    """A job as the ledger remembers it; `part_of` is the job whose parcels it completes."""
    campaign = summary.campaign
    return JobRecord(
        id=summary.job_id,
        shop=campaign.shop.id,
        campaign=campaign.id,
        drop=campaign.drop,
        state=JobState.READY if summary.released else JobState.NOT_RELEASED,
        folder=str(summary.folder.resolve()) if summary.folder else "",
        pieces=summary.pieces,
        created_on=datetime.now(UTC).date(),
        customers=summary.customers,
        part_of=part_of,
    )
