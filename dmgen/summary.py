"""A run in numbers: every row accounted for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from dmgen.errors import DmgenError
from dmgen.model.campaign import Campaign
from dmgen.model.history import CONTROL
from dmgen.model.parcel import Packing
from dmgen.model.recipient import MENDABLE, Outcome, Rejection
from dmgen.planning.faults import FIT
from dmgen.planning.lawful import LawReport
from dmgen.planning.plan import Plan

_MISFITS_KEPT = 1000
_MENDABLE_KEPT = 10


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
    parcels: dict[str, int] = field(default_factory=dict)  # what goes into so many: "piece", "empty.gift" …
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
    reasons = audience.tally()
    misfits = list(audience.rejections(FIT))
    return Summary(
        campaign=campaign,
        customers=audience.customers_read,
        segments=segments,
        outcomes=audience.counts(),
        reasons=reasons,
        orders=audience.order_counts,
        contacts=audience.contact_counts,
        control=dict(Counter(segment for _, segment, _ in audience.control())),
        groups=audience.group_counts(),
        misfits=tuple(misfits[:_MISFITS_KEPT]),
        misfit_count=len(misfits),
        warnings=tuple(warnings),
        to_mend=tuple(islice(audience.rejections_by_outcome(MENDABLE), _MENDABLE_KEPT)),
        to_mend_count=sum(number for (_, outcome, _), number in reasons.items() if outcome in MENDABLE),
        seeds=seeds,
        parcels=_parcels(plan.packings),
        law=plan.law,
        remarks=tuple(plan.remarks),
    )


def _parcels(packings: Sequence[Packing]) -> dict[str, int]:
    """How many parcels get a piece, the piece for nobody known, or nothing, by reason; together all of them."""
    return dict(sorted(Counter(f"{one.outcome}.{one.reason}".rstrip(".") for one in packings).items()))


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
        "parcels": summary.parcels,
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
