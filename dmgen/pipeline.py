"""The whole job, top to bottom: plan → issue → produce → release."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dmgen.afterwards import open_ledger
from dmgen.campaign import Overrides, load_campaign
from dmgen.errors import LedgerError
from dmgen.fulfil import JobFolder
from dmgen.issue import issue, plan_shells
from dmgen.ledger import Ledger
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Campaign
from dmgen.model.production import BatchResult, JobRecord, JobState
from dmgen.plan import Plan, Progress, planned
from dmgen.produce import Print, print_batch, print_shell
from dmgen.release import Summary, account, job_key, release


@dataclass(frozen=True)
class Request:
    """What the user asked for; `limit` prints only the first pieces in print order."""

    folder: Path
    overrides: Overrides = field(default_factory=Overrides)
    out: Path | None = None
    workers: int | None = None
    limit: int | None = None


def check(request: Request, progress: Progress) -> Summary:
    """Everything but issuing and printing."""
    campaign = load_campaign(request.folder, request.overrides)
    with planned(campaign, request.workers, request.limit, progress) as plan:
        return account(plan)


def run(request: Request, progress: Progress, speaker: Speaker) -> Summary:
    """The whole job: letters, manifest and lists in a job folder that appears when all of it is right."""
    campaign = load_campaign(request.folder, request.overrides)
    ledger = open_ledger(campaign.shop)
    with ledger.hold(campaign.shop.id):
        _refuse_sent(ledger, campaign)
        job_id = ledger.job_id(campaign.key)
        folder = JobFolder(request.out or Path("output") / campaign.id / f"{campaign.drop}-{job_id}")
        folder.prepare(job_key(campaign))
        try:
            with planned(campaign, request.workers, request.limit, progress) as plan:
                batches = issue(plan, ledger, folder)
                results = produce(plan, batches, progress)
                shells = list(plan.workshop.each(print_shell, plan_shells(plan, folder)))
                summary = release(plan, folder, job_id, results, shells, speaker)
        except BaseException:
            folder.discard()
            raise
        ledger.record(_record(summary))
    return summary


def produce(plan: Plan, batches: list[Print], progress: Progress) -> list[BatchResult]:
    """Print every batch, in one process or several."""
    results: list[BatchResult] = []
    progress("print", 0, len(batches))
    for result in plan.workshop.each(print_batch, batches):
        results.append(result)
        progress("print", len(results), len(batches))
    return results


def _refuse_sent(ledger: Ledger, campaign: Campaign) -> None:
    sent = ledger.sent_job(campaign.key)
    if sent:
        raise LedgerError(
            mark(
                "the drop of {drop} was sent on {on} (job {job}), so it is not printed again: "
                "for a new mailing give another day, --drop YYYY-MM-DD"
            ),
            drop=campaign.drop,
            on=sent.sent_on,
            job=sent.id,
        )


def _record(summary: Summary) -> JobRecord:
    campaign = summary.campaign
    return JobRecord(
        id=summary.job_id,
        shop=campaign.shop.id,
        campaign=campaign.id,
        drop=campaign.drop,
        state=JobState.READY,
        folder=str(summary.folder.resolve()) if summary.folder else "",
        pieces=summary.pieces,
        created_on=datetime.now(UTC).date(),
    )
