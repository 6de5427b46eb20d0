"""The difference between a job and a newer list, top to bottom: compare → plan → print what is new → settle."""

from dataclasses import dataclass, replace
from pathlib import Path

from dmgen.afterwards import open_ledger
from dmgen.campaign import Overrides, campaign_of, load_campaign
from dmgen.completion.steps import (
    ADDED,
    Completed,
    cancel_unplanned,
    compared,
    difference_folder,
    narrow_to,
    refuse_other,
    settle,
    standing_job,
    unchanged,
)
from dmgen.gate import cleared, leave_out_spent, refuse_final
from dmgen.messages import Speaker
from dmgen.model.campaign import Shop
from dmgen.pipeline import begun, make
from dmgen.planning.plan import Progress, planned


@dataclass(frozen=True)
class Change:
    """A job to be brought up to a newer list of its parcels; `folder` is its campaign's, where it is not found."""

    shop: Shop
    job: str
    overrides: Overrides
    folder: Path | None = None
    workers: int | None = None


def complete(request: Change, progress: Progress, speaker: Speaker) -> Completed:
    """Bring a job that is not sent to a newer list of its parcels: only what is new is printed, nothing numbered twice.

    Raises LedgerError for a job that cannot be changed any more, PreflightError where what is printed does not read
    back well: the job's plan is then as it was.
    """
    ledger = open_ledger(request.shop)
    with ledger.hold(request.shop.id):
        job = standing_job(ledger, request.shop, request.job)
        lists = replace(request.overrides, drop=job.record.drop, as_of=job.as_of)
        campaign = load_campaign(request.folder or campaign_of(job.record, request.shop), lists)
        refuse_other(campaign, job)
        refuse_final(ledger, campaign)
        cancel_unplanned(ledger, job)
        with planned(campaign, ledger.history(campaign.key), request.workers, None, progress) as plan:
            leave_out_spent(plan, ledger)
            found = compared(plan, ledger, job)
            if found.plan == job.parcels:
                return unchanged(job, found)
            with difference_folder(job) as folder:
                part = ""
                if found.added:
                    narrow_to(plan, found, folder)
                    cleared(plan, ledger)
                    with begun(campaign, ledger, folder / ADDED) as added:
                        part = make(plan, ledger, added, progress, speaker, part_of=job.record.id).job_id
                return settle(plan, ledger, job, found, folder, part)
