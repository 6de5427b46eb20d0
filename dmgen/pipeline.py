"""The whole job, top to bottom: plan → issue → produce → read back → release."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dmgen.afterwards import ledger_to_look_at, open_ledger, past
from dmgen.campaign import Overrides
from dmgen.fulfil import SPECIMENS, JobFolder
from dmgen.gate import cleared, leave_out_spent, refuse_final
from dmgen.issue import issue, plan_shells
from dmgen.job_ticket import Printed, job_key
from dmgen.ledger import Ledger
from dmgen.messages import Speaker
from dmgen.model.campaign import Campaign
from dmgen.model.production import NOT_READ_BACK
from dmgen.planning.dated import load_dated
from dmgen.planning.plan import Plan, Progress, planned
from dmgen.posting_files import handed_in
from dmgen.produce import print_shell, produce
from dmgen.proofing.proof import Proof, print_proof, print_setup, print_specimens
from dmgen.proofing.specimens import of_customer, worst_cases
from dmgen.release import finish, job_record, release
from dmgen.summary import Summary, account
from dmgen.verify import read_back, refusal


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
    campaign = load_dated(request.folder, request.overrides)
    with planned(campaign, past(campaign), request.workers, request.limit, progress) as plan:
        ledger = ledger_to_look_at(campaign)
        leave_out_spent(plan, ledger)
        cleared(plan, ledger)
        handed_in(plan)
        return account(plan)


def proof(
    request: Request, progress: Progress, speaker: Speaker, customer: str | None = None, *, fictional: bool = False
) -> Proof:
    """The letters worth a look before printing, one customer's, or invented people's; nothing is issued."""
    campaign = load_dated(request.folder, request.overrides)
    file = request.out or Path("output") / campaign.id / f"{'setup' if fictional else 'proof'}-{campaign.drop}.pdf"
    with planned(campaign, past(campaign), request.workers, request.limit, progress) as plan:
        if fictional:
            return print_setup(plan, file)
        return print_proof(plan, of_customer(plan, customer) if customer else worst_cases(plan), file, speaker)


def run(request: Request, progress: Progress, speaker: Speaker) -> Summary:
    """The whole job: letters, manifest and lists in a job folder that appears when all of it is there.

    Raises PreflightError where it does not read back well: the folder then says what is wrong, and is not released.
    """
    campaign = load_dated(request.folder, request.overrides)
    ledger = open_ledger(campaign.shop)
    with ledger.hold(campaign.shop.id):
        refuse_final(ledger, campaign)
        history = ledger.history(campaign.key)
        with (
            begun(campaign, ledger, request.out) as folder,
            planned(campaign, history, request.workers, request.limit, progress) as plan,
        ):
            leave_out_spent(plan, ledger)
            cleared(plan, ledger)
            return make(plan, ledger, folder, progress, speaker)


@contextmanager
def begun(campaign: Campaign, ledger: Ledger, out: Path | None = None) -> Iterator[JobFolder]:
    """The folder of a drop's next job; what an unfinished run has written is taken away again."""
    job_id = ledger.job_id(campaign.key)
    folder = JobFolder(out or Path("output") / campaign.id / f"{campaign.drop}-{job_id}")
    folder.prepare(job_key(campaign))
    try:
        yield folder
    except BaseException:
        folder.discard()
        raise


def make(
    plan: Plan, ledger: Ledger, folder: JobFolder, progress: Progress, speaker: Speaker, part_of: str | None = None
) -> Summary:
    """Issue, print and read back what is planned and cleared; `ledger` is held. Raises PreflightError as `run` does.

    `part_of` is the job whose parcels this one completes: then the plan of them all is its own, and stays as it is.
    """
    campaign = plan.campaign
    job_id = ledger.job_id(campaign.key)
    posting, numbered = handed_in(plan), issue(plan, ledger, folder)
    results = produce(plan.workshop, numbered.prints, progress)
    shells = list(plan.workshop.each(print_shell, plan_shells(plan, folder)))
    specimens = print_specimens(plan, folder.partial / SPECIMENS)
    job = finish(plan, folder, job_id, Printed(results, shells, numbered.seal, specimens), posting, speaker)
    verdict = NOT_READ_BACK
    if campaign.read_back:
        verdict = read_back(job.ticket, folder.partial, plan.workshop, progress)
    summary = release(job, folder, verdict)
    parcels = [one.parcel for one in job.parcels] if plan.packings and not part_of else None
    ledger.record(job_record(summary, part_of), parcels)
    if verdict.findings:
        raise refusal(verdict, folder.path)
    return summary
