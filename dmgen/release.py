"""Accounts for every row, writes the job's ticket, and lets the job appear."""

import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import dmgen
from dmgen.accounts import write_lists
from dmgen.errors import DmgenError, PreflightError
from dmgen.fulfil import (
    JobFolder,
    collate,
    explained,
    sha256,
)
from dmgen.layout import places
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Campaign, Segment
from dmgen.model.history import CONTROL
from dmgen.model.lottery import Seal
from dmgen.model.offer import Offer
from dmgen.model.production import NOT_READ_BACK, BatchResult, JobRecord, JobState, Verdict
from dmgen.model.recipient import MENDABLE, Outcome, Rejection
from dmgen.offers.entitlement import Entitlement
from dmgen.planning.faults import FIT
from dmgen.planning.lawful import LawReport
from dmgen.planning.plan import Plan
from dmgen.timings import timed

_MISFITS_KEPT = 1000
_MENDABLE_KEPT = 10
_LIBRARIES = (
    *("reportlab", "jinja2", "qrcode", "pandas", "typer", "fonttools", "uharfbuzz", "pikepdf", "sqlalchemy"),
    *("pypdfium2", "zxing-cpp"),
)


@dataclass(frozen=True)
class Summary:
    """A run in numbers; every count of customers is a number of rows of their list."""

    campaign: Campaign
    customers: int
    segments: dict[str, int]
    outcomes: dict[Outcome, int]
    reasons: dict[tuple[str, Outcome, str], int]  # (list, outcome, reason)
    orders: dict[str, int]
    contacts: dict[str, int]
    groups: dict[str, int]
    misfits: tuple[Rejection, ...]  # the first of the letters that cannot be set …
    misfit_count: int  # … of so many
    warnings: tuple[Rejection, ...]  # faults of letters that are printed all the same
    control: dict[str, int] = field(default_factory=dict)  # by segment as written: those held back to measure by
    to_mend: tuple[Rejection, ...] = ()  # the first of the rows that a person can mend …
    to_mend_count: int = 0  # … of so many
    seeds: int = 0  # of the letters, so many are decoys'; they are no customers
    law: LawReport = field(default_factory=LawReport)
    remarks: tuple[DmgenError, ...] = ()  # what a person should look at; nothing is held back for it
    folder: Path | None = None
    job_id: str = ""
    files: int = 0
    pages: int = 0
    released: bool = False

    @property
    def pieces(self) -> int:
        """Letters of the job."""
        return sum(self.segments.values())


def account(plan: Plan) -> Summary:
    """Settle who gets a piece. Raises PreflightError if the outcomes do not add up to the customers read."""
    campaign, audience = plan.campaign, plan.audience
    segments = {}
    seeds = sum(len(audience.open_seeds(segment.id)) for segment in campaign.segments)
    warnings = plan.warnings()
    for segment in campaign.segments:
        positions = audience.open_positions(segment.id)
        segments[segment.id] = len(positions)
        audience.settle(positions, Outcome.PRINTED, "select", "")
    audience.check_sum()
    reasons: Counter[tuple[str, Outcome, str]] = Counter()
    misfits: list[Rejection] = []
    misfit_count = 0
    for r in audience.rejections():
        reasons[r.source, r.outcome, r.reason] += 1
        misfit_count += r.stage == FIT
        if r.stage == FIT and len(misfits) < _MISFITS_KEPT:
            misfits.append(r)
    return Summary(
        campaign=campaign,
        customers=audience.customers_read,
        segments=segments,
        outcomes=audience.counts(),
        reasons=dict(reasons),
        orders=audience.order_counts,
        contacts=audience.contact_counts,
        control=dict(Counter(segment for _, segment, _ in audience.control())),
        groups=audience.group_counts(),
        misfits=tuple(misfits),
        misfit_count=misfit_count,
        warnings=tuple(warnings),
        to_mend=tuple(islice(audience.rejections_by_outcome(MENDABLE), _MENDABLE_KEPT)),
        to_mend_count=sum(number for (_, outcome, _), number in reasons.items() if outcome in MENDABLE),
        seeds=seeds,
        law=plan.law,
        remarks=tuple(plan.remarks),
    )


class Printed(NamedTuple):
    """What was made of a plan: files of letters, files of pre-printed paper, and the seal of the lottery."""

    results: list[BatchResult]
    shells: list[BatchResult]
    seal: Seal | None


@dataclass(frozen=True)
class Finished:
    """A job that is whole but not yet seen: its numbers, and what job.json will say."""

    summary: Summary
    ticket: dict[str, Any]


@timed(mark("write lists"))
def finish(plan: Plan, folder: JobFolder, job_id: str, printed: Printed, speaker: Speaker) -> Finished:
    """Write the lists beside the letters. Raises PreflightError if the numbers do not add up."""
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
        collate(folder.work, folder.partial, len(results))
        write_lists(plan.audience, summary.warnings, folder.partial, speaker)
    pages = sum(result.pages for result in results)
    summary = replace(summary, folder=folder.path, job_id=job_id, files=len(results), pages=pages)
    return Finished(summary, _ticket(summary, plan, printed))


def release(job: Finished, folder: JobFolder, verdict: Verdict) -> Summary:
    """Let the job appear, released or with the reason why not."""
    folder.release(job.ticket | verdict.as_json())
    return replace(job.summary, released=verdict.released)


def job_record(summary: Summary) -> JobRecord:
    """A job as the ledger remembers it."""
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
    )


def job_key(campaign: Campaign) -> dict[str, str]:
    """What makes a folder this job's."""
    return {"shop": campaign.shop.id, "campaign": campaign.id, "drop": campaign.drop.isoformat()}


def _campaign_files(campaign: Campaign) -> list[Path]:
    """The files that say what was printed: shop, campaign, scheme, every layout that words came from, artwork."""
    layouts = {file for layout in campaign.layouts.values() for file, _ in layout.origins.values()}
    layouts |= {layout.file for layout in campaign.layouts.values()}
    pages = [page for layout in campaign.layouts.values() for page in layout.pages]
    artworks = {page.artwork.file for page in pages if page.artwork}
    profile = [campaign.printing.profile] if campaign.printing.profile else []
    scheme = [campaign.scheme.file] if campaign.scheme.groups else []
    own = [campaign.shop.file, campaign.folder / "campaign.toml", *scheme]
    return [*own, *sorted(layouts), *sorted(artworks), *profile]


def _ticket(summary: Summary, plan: Plan, printed: Printed) -> dict[str, Any]:
    campaign, audience = summary.campaign, plan.audience
    results, shells = printed.results, printed.shells
    # Of a layout's masters one whose offer is the same for everybody goes first: its words may be on the paper already.
    varying = sorted(campaign.segments, key=lambda segment: plan.entitlements[segment.id].has_one_offer)
    masters = {segment.layout: plan.kit.masters[segment.id] for segment in varying}
    return {
        "format": 1,
        "job": summary.job_id,
        **job_key(campaign),
        **NOT_READ_BACK.as_json(),
        "settings": {
            "as_of": campaign.as_of.isoformat(),
            "channel": campaign.channel.value,
            "scheme": campaign.scheme.name,
            "scheme_options": dict(campaign.scheme.options),
            "batch": campaign.batch_size,
            "ticket_form": campaign.lottery.form._asdict(),
            "ar": plan.marker(summary.segments.values()),
            "country": campaign.shop.country,
            "standard": campaign.printing.standard.value,
            "condition": campaign.printing.condition,
            "policy": asdict(campaign.policies),
            "segments": [_segment(s, plan.entitlements[s.id]) for s in campaign.segments],
            "contact": asdict(campaign.choice.contact),
            "limits": asdict(campaign.choice.limits),
            "guard": asdict(campaign.choice.guard),
            "offers": [_offer(offer) for offer in campaign.offers.values()],
        },
        "lottery": printed.seal and printed.seal.as_json(),
        "counts": counts(summary),
        "law": summary.law.as_json(),
        "remarks": [str(remark) for remark in summary.remarks],
        "print": [
            {"file": r.file, "segment": r.segment, "pieces": r.pieces, "pages": r.pages, "bytes": r.size}
            for r in results
        ],
        "layouts": {name: places(master).as_json() for name, master in masters.items()},
        "shells": [{"file": r.file, "segment": r.segment, "pages": r.pages, "bytes": r.size} for r in shells],
        "inputs": [
            *({"file": path.name, "sha256": sha256(path)} for path in _campaign_files(campaign)),
            *({"file": file.path.name, "rows": file.rows, "sha256": file.sha256} for file in audience.inputs),
        ],
        "files": {result.file: result.sha256 for result in (*results, *shells)},
        "versions": {
            "dmgen": dmgen.__version__,
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
    }


def _segment(segment: Segment, entitled: Entitlement) -> dict[str, Any]:
    """A segment, or one variant of it, as job.json says it; `name` is its id as written, `offer` the whole one's id.

    `tickets` is a number, or a list of those that its pieces may have.
    """
    facts = ("id", "label", "layout", "offer", "tickets", "name", "variant", "control")
    possible = sorted({entitled.tickets, *(step.tickets for step in entitled.steps)})
    return {fact: getattr(segment, fact) for fact in facts} | {"tickets": possible if entitled.steps else possible[0]}


def _offer(offer: Offer) -> dict[str, Any]:
    """An offer, or a tier of one, with all its terms; what it does not have is null, 0 or empty.

    `expires` of an offer that holds in the birthday month is the last that any piece may have.
    """
    facts = ("id", "label", "amount", "percent", "points", "gift", "worth", "cap", "minimum", "maximum", "birthday")
    return {fact: getattr(offer, fact) for fact in facts} | {
        "benefit": offer.benefit.value,
        "value": offer.value,
        "products": list(offer.products),
        "starts": offer.starts.isoformat() if offer.starts else None,
        "expires": offer.expires.isoformat(),
        "codes": offer.codes.value,
        "terms": offer.terms,
        "tiers": [{"when": tier.when.text, "id": tier.offer.id} for tier in offer.tiers],
    }


def counts(summary: Summary) -> dict[str, Any]:
    """The numbers of a run as job.json and `--json` show them."""
    return {
        "customers": summary.customers,
        "outcomes": {outcome.value: number for outcome, number in summary.outcomes.items()},
        "reasons": {".".join(key): number for key, number in sorted(summary.reasons.items())},
        "warnings": dict(sorted(Counter(warning.reason for warning in summary.warnings).items())),
        "segments": summary.segments,
        "groups": summary.groups,
        "orders": summary.orders,
        "contacts": summary.contacts,
        "arms": arms(summary),
        "pieces": summary.pieces,
        "seeds": summary.seeds,
        "to_mend": summary.to_mend_count,
        "files": summary.files,
        "pages": summary.pages,
    }


def arms(summary: Summary) -> dict[str, dict[str, int]]:
    """By segment, as written, in which something is tried: letters of each variant ("letter": of the only one)."""
    found: dict[str, dict[str, int]] = {}
    for segment in summary.campaign.segments:
        if segment.variant or segment.control:
            found.setdefault(segment.name, {})[segment.variant or "letter"] = summary.segments[segment.id]
        if segment.control:
            found[segment.name][CONTROL] = summary.control.get(segment.name, 0)
    return found


def faults(rejections: Sequence[Rejection]) -> list[dict[str, Any]]:
    """Letters that cannot be set as they should be, as `--json` lists them; the first thousand."""
    return [
        {"line": r.line, "customer_id": r.customer_id, "field": r.field, "reason": r.reason, "value": r.value}
        for r in rejections[:_MISFITS_KEPT]
    ]
