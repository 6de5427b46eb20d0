"""`dmgen run A B C --shipments FILE`: every campaign its own job, then one pile of them all."""

import platform
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import dmgen
from dmgen.afterwards import ledger_to_look_at, open_ledger
from dmgen.campaign import Overrides
from dmgen.errors import DmgenError, ExitCode
from dmgen.fulfil import PILE_TABLE, SPECIMENS, WAREHOUSE, PileFolder, sha256
from dmgen.gate import cleared, refuse_final
from dmgen.ledger import Event, Ledger, What
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Campaign
from dmgen.pipeline import begun, make
from dmgen.planning.plan import Plan, Progress
from dmgen.summary import Summary, account
from dmgen.together.batch import load_batch
from dmgen.together.checked import check_pile
from dmgen.together.pile import PileFile, make_pile, pile_name, write_for_warehouse
from dmgen.together.planned import Together, planned_together
from dmgen.together.sources import Source, read_source
from dmgen.together.specimens import join_specimens
from dmgen.workorder import printing


@dataclass(frozen=True)
class Joint:
    """Several campaigns over one batch, in numbers: the parcels by what lies in them, and the pile where one is made.

    `parcels` counts pieces by "shop campaign" and empty parcels by "empty.REASON"; they add up to the parcels read.
    """

    summaries: tuple[Summary, ...]
    parcels: dict[str, int]
    waves: dict[str, int]
    remarks: tuple[DmgenError, ...]
    folder: Path | None = None
    files: int = 0


class InterruptedRunError(DmgenError):
    """Somebody ended the run after some of its jobs were released."""

    exit_code = ExitCode.INTERRUPTED


def check_together(folders: Sequence[Path], overrides: Overrides, workers: int | None, progress: Progress) -> Joint:
    """Everything but issuing and printing: what lies in each parcel, over all campaigns."""
    campaigns = load_batch(folders, overrides)
    with planned_together(campaigns, ledger_to_look_at, workers, progress) as together:
        for plan in together.plans:
            cleared(plan, ledger_to_look_at(plan.campaign))
        return _joint(together, [account(plan) for plan in together.plans])


def run_together(
    folders: Sequence[Path],
    overrides: Overrides,
    out: Path | None,
    workers: int | None,
    progress: Progress,
    speaker: Speaker,
) -> Joint:
    """Every campaign planned, then each printed as its own job, then one pile in packing order from all of them.

    Raises PreflightError where a job does not read back well, or the pile is not what it should be: no pile appears
    then. Jobs that were released stay; the same command again makes them anew with the same numbers.
    """
    campaigns = load_batch(folders, overrides)
    with _held(campaigns) as ledgers:
        for campaign, ledger in zip(campaigns, ledgers, strict=True):
            refuse_final(ledger, campaign)
        jobs = [ledger.job_id(campaign.key) for campaign, ledger in zip(campaigns, ledgers, strict=True)]
        folder = PileFolder(out or Path("output") / f"{campaigns[0].drop}-{pile_name(jobs)}", _made_of(campaigns))
        by_key = dict(zip((campaign.key for campaign in campaigns), ledgers, strict=True))
        planning = planned_together(campaigns, lambda campaign: by_key[campaign.key], workers, progress)
        with folder.begun(), planning as together:
            for plan, ledger in zip(together.plans, ledgers, strict=True):
                cleared(plan, ledger)
            summaries = _jobs(together.plans, ledgers, progress, speaker)
            with _told(summaries):
                return _pile(together, summaries, ledgers, folder, progress)


@contextmanager
def _held(campaigns: Sequence[Campaign]) -> Iterator[list[Ledger]]:
    """The ledger of each campaign, every shop held once, however many campaigns it has."""
    with ExitStack() as stack:
        ledgers: dict[str, Ledger] = {}
        for campaign in campaigns:
            if campaign.shop.id not in ledgers:
                ledger = ledgers[campaign.shop.id] = open_ledger(campaign.shop)
                stack.enter_context(ledger.hold(campaign.shop.id))
        yield [ledgers[campaign.shop.id] for campaign in campaigns]


def _jobs(plans: Sequence[Plan], ledgers: Sequence[Ledger], progress: Progress, speaker: Speaker) -> list[Summary]:
    """Each campaign's own job, in the order typed."""
    summaries: list[Summary] = []
    for plan, ledger in zip(plans, ledgers, strict=True):
        with _told(summaries, plan.campaign), begun(plan.campaign, ledger) as folder:
            summaries.append(make(plan, ledger, folder, progress, speaker))
    return summaries


@contextmanager
def _told(done: Sequence[Summary], campaign: Campaign | None = None) -> Iterator[None]:
    """Say plainly what stands where a batch ends half-way: jobs that are released, and that there is no pile."""
    jobs = ", ".join(f"{summary.campaign.id} {summary.job_id}" for summary in done) or "-"
    try:
        yield
    except DmgenError as error:
        if campaign is None:
            message = mark("{problem} No pile was made. These jobs are released, and stay as they are: {jobs}.")
            raise type(error)(message, problem=error, jobs=jobs) from None
        message = mark(
            "{campaign}: {problem} No pile was made. Released before that: {jobs}. When this is mended, type the same "
            "command again: every letter keeps its numbers."
        )
        raise type(error)(message, campaign=campaign.id, problem=error, jobs=jobs) from None
    except KeyboardInterrupt:
        if not done:
            raise
        message = mark(
            "interrupted: no pile was made. Released before that: {jobs}. Type the same command again to complete: "
            "every letter keeps its numbers."
        )
        raise InterruptedRunError(message, jobs=jobs) from None


def _pile(
    together: Together,
    summaries: Sequence[Summary],
    ledgers: Sequence[Ledger],
    folder: PileFolder,
    progress: Progress,
) -> Joint:
    sources = [read_source(summary) for summary in summaries]
    files = make_pile(together, sources, folder, progress)
    check_pile(together, sources, files, folder, progress)
    joint = _joint(together, summaries)
    remarks = (*joint.remarks, *write_for_warehouse(together, sources, files, folder))
    specimens = join_specimens(sources, folder)
    told = {"pile": pile_name([source.job for source in sources]), "folder": str(folder.path.resolve())}
    for source, ledger in zip(sources, ledgers, strict=True):
        ledger.note(source.campaign.shop.id, [Event(source.job, "", What.PILED, told)])
    folder.release(_ticket(joint, together, sources, files, folder) | {"specimens": specimens})
    return replace(joint, remarks=remarks, folder=folder.path, files=len(files))


def _joint(together: Together, summaries: Sequence[Summary]) -> Joint:
    campaigns = [plan.campaign for plan in together.plans]
    parcels = Counter(
        f"empty.{place.reason}"
        if place.campaign is None
        else f"{campaigns[place.campaign].shop.id} {campaigns[place.campaign].id}"
        for place in together.places
    )
    waves = Counter(place.parcel.wave for place in together.places)
    return Joint(tuple(summaries), dict(sorted(parcels.items())), dict(waves), tuple(together.remarks))


def _made_of(campaigns: Sequence[Campaign]) -> list[str]:
    return [f"{campaign.shop.id}/{campaign.id}/{campaign.drop}" for campaign in campaigns]


def _ticket(
    joint: Joint, together: Together, sources: Sequence[Source], files: Sequence[PileFile], folder: PileFolder
) -> dict[str, Any]:
    """What pile.json says."""
    first = together.plans[0].campaign
    used = [{s.layout for s in one.campaign.segments if one.segments[s.id]} for one in joint.summaries]
    prints = [one.file for one in files]
    shown = [SPECIMENS] if (folder.partial / SPECIMENS).exists() else []
    papers = sorted(f"{WAREHOUSE}/{path.name}" for path in (folder.partial / WAREHOUSE).iterdir())
    return {
        "pile": pile_name([source.job for source in sources]),
        "drop": first.drop.isoformat(),
        "jobs": [
            {
                "job": source.job,
                "shop": source.campaign.shop.id,
                "campaign": source.campaign.id,
                "pieces": source.ticket["pieces"],
                "files": source.ticket["files"],
            }
            for source in sources
        ],
        "settings": {
            "standard": first.printing.standard.value,
            "condition": first.printing.condition,
            "gaps": together.rules.gaps.value,
            "delivery": together.rules.delivery.value,
        },
        "counts": {"parcels": len(together.places), "by": joint.parcels},
        "waves": [_wave(wave, count, files) for wave, count in joint.waves.items()],
        "print": [_print(one, folder) for one in files],
        "printing": printing([(plan.campaign, names) for plan, names in zip(together.plans, used, strict=True)]),
        "files": {name: sha256(folder.partial / name) for name in (PILE_TABLE, *prints, *papers, *shown)},
        "versions": {"dmgen": dmgen.__version__, "python": platform.python_version()},
    }


def _print(one: PileFile, folder: PileFolder) -> dict[str, Any]:
    pages = sum(len(item.leaf.pages) for item in one.items)
    pieces = sum(bool(item.piece_id) for item in one.items)
    size = (folder.partial / one.file).stat().st_size
    return {"file": one.file, "wave": one.wave, "pieces": pieces, "pages": pages, "bytes": size}


def _wave(wave: str, parcels: int, files: Sequence[PileFile]) -> dict[str, Any]:
    own = [one for one in files if one.wave == wave]
    items = [item for one in own for item in one.items]
    pieces = sum(bool(item.piece_id) for item in items)
    slips = sum(bool(item.place) and not item.piece_id for item in items)
    return {"wave": wave, "parcels": parcels, "pieces": pieces, "slips": slips, "files": [one.file for one in own]}
