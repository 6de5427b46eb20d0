"""`dmgen cost`: what a campaign would cost, a segment at a time, and what it must bring in; nothing is issued."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path

from dmgen.afterwards import ledger_to_look_at, past
from dmgen.campaign import Overrides
from dmgen.errors import DmgenError
from dmgen.gate import leave_out_spent
from dmgen.model.campaign import NO_BARCODE, Campaign, Segment
from dmgen.model.costs import Cost, Origin
from dmgen.model.parcel import Gap
from dmgen.planning.dated import load_dated
from dmgen.planning.plan import Plan, Progress, planned
from dmgen.post.effects import Effect, Further, effects, further
from dmgen.post.postage import Postage, Posting, postage
from dmgen.post.rates import Rates
from dmgen.posted import Look, Posted, is_posted, looked_at, posted, rates_of
from dmgen.tasks.cost_hints import hints, remarks
from dmgen.tasks.cost_returns import NOBODY, Readers, Returns, readers
from dmgen.tasks.cost_sums import HANDLING, PAPER, PRINT, Charge, Need, charges, shared_out


@dataclass(frozen=True, slots=True)
class Row:
    """A segment, the sheets that are no letters, or all (`segment` None in both): yen.

    `postage` is None where it is not known; the sum of all then holds the others'.
    """

    segment: Segment | None
    letters: int
    sheets: int
    print: int
    paper: int
    handling: int
    postage: int | None
    returns: Returns

    @property
    def total(self) -> int:
        """Yen."""
        return self.print + self.paper + self.handling + (self.postage or 0)

    @property
    def per_letter(self) -> Decimal | None:
        """Yen with two decimals; what is not rounded is `total`."""
        if not self.letters:
            return None
        return (Decimal(self.total) / self.letters).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class CostReport:
    """What a campaign would cost. `postage` and `rates` are None where nothing is posted, or the price is not known.

    `further` and `hints` are what would be cheaper, `remarks` what to look at; `no_barcode` counts letters by reason.
    """

    campaign: Campaign
    rows: tuple[Row, ...]
    all: Row
    charges: tuple[Charge, ...]
    posted: tuple[Posted, ...]
    postage: Postage | None
    rates: Rates | None
    effects: tuple[Effect, ...]
    further: tuple[Further, ...]
    hints: tuple[DmgenError, ...]
    remarks: tuple[DmgenError, ...]
    no_barcode: dict[str, int]

    @property
    def examples(self) -> list[Charge]:
        """What is paid for at example prices."""
        return [charge for charge in self.charges if charge.origin is Origin.EXAMPLE]


def cost(
    folder: Path, overrides: Overrides, progress: Progress, workers: int | None = None, limit: int | None = None
) -> CostReport:
    """What the campaign in `folder` would cost if it ran now; nothing is issued.

    Raises CampaignError and ListError as `dmgen check` does of files and lists.
    """
    campaign = load_dated(folder, overrides)
    with planned(campaign, past(campaign), workers, limit, progress) as plan:
        leave_out_spent(plan, ledger_to_look_at(campaign))
        return costed(plan)


def costed(plan: Plan) -> CostReport:
    """What a plan costs; to be asked before its outcomes are settled."""
    campaign = plan.campaign
    looks = looked_at(plan)
    handed_in = posted(plan, looks)
    needs = list(_needs(plan, handed_in, looks))
    charged = charges(needs, campaign.costs)
    rates = rates_of(campaign) if is_posted(campaign) else None
    postings = [one.posting for one in handed_in if one.posting]
    paid = postage(postings, handed_in[0].rules, rates) if rates and handed_in else None
    found = tuple(effects(postings, handed_in[0].rules, rates)) if rates and postings else ()
    posts = [0] * len(needs) if campaign.in_parcels else _postages(needs, handed_in, paid)
    rows, whole = _rows(plan, needs, charged, posts)
    return CostReport(
        campaign=campaign,
        rows=rows,
        all=whole,
        charges=tuple(charged),
        posted=tuple(handed_in),
        postage=paid,
        rates=rates,
        effects=found,
        hints=tuple(hints(handed_in, rates)) if rates else (),
        further=tuple(further(postings, handed_in[0].rules, rates)) if rates and postings else (),
        remarks=tuple(remarks(campaign, handed_in, whole.per_letter, whole.letters)),
        no_barcode=_no_barcode(plan),
    )


def _needs(plan: Plan, handed_in: Sequence[Posted], looks: Mapping[str, Look]) -> Iterator[Need]:
    campaign = plan.campaign
    rules = {part.segment: one.rules for one in handed_in for part in one.parts}
    for segment in campaign.segments:
        layout, seen = campaign.layouts[segment.layout], looks[segment.id]
        enveloped = segment.id in rules and rules[segment.id].envelope is not None
        yield Need(
            segment=segment.id,
            layout=layout.name,
            letters=seen.pieces,
            sides=seen.most,
            sheets=ceil(seen.most / layout.sides),
            shells=campaign.printing.black_only,
            folded=bool(layout.folds),
            enveloped=enveloped,
            inserted=enveloped or campaign.in_parcels,
        )
    between = _between(plan)
    if between:
        yield Need("", "", between, sides=1, sheets=1)


def _between(plan: Plan) -> int:
    """Sheets that are no letters: a slip for each parcel without one, and a separator for each wave."""
    kept = [one for one in plan.packings if one.piece is not None or plan.campaign.parcels.gaps is Gap.SLIP]
    return sum(one.piece is None for one in kept) + len({one.parcel.wave for one in kept})


def _postages(needs: Sequence[Need], handed_in: Sequence[Posted], paid: Postage | None) -> list[int | None]:
    """Each need's share of the postage, by what its letters cost with and without barcode; None: not known."""
    weights: defaultdict[str, Fraction] = defaultdict(Fraction)
    for one in handed_in:
        if paid and one.posting:
            coded, plain = _units(paid, one.posting)
            for part in one.parts:
                weights[part.segment] += coded * part.with_barcode + plain * (part.pieces - part.with_barcode)
    unknown = {part.segment for one in handed_in if not one.posting for part in one.parts}
    shares = shared_out(paid.total if paid else 0, [weights.get(need.segment, 0) for need in needs])
    return [
        share if (need.segment in weights and need.segment not in unknown) or not need.letters else None
        for need, share in zip(needs, shares, strict=True)
    ]


def _units(paid: Postage, posting: Posting) -> tuple[Fraction, Fraction]:
    """Yen for a letter of a posting, with and without barcode."""
    units = {line.barcode: Fraction(line.unit) for line in paid.lines if line.posting is posting}
    plain = units.get(False, Fraction(0))
    return units.get(True, plain), plain


def _rows(
    plan: Plan, needs: Sequence[Need], charged: Sequence[Charge], postages: Sequence[int | None]
) -> tuple[tuple[Row, ...], Row]:
    campaign = plan.campaign
    segments: dict[str, Segment] = {segment.id: segment for segment in campaign.segments}
    rows, everybody = [], NOBODY
    for place, (need, posts) in enumerate(zip(needs, postages, strict=True)):
        segment = segments.get(need.segment)
        own = readers(campaign, plan.audience, segment) if segment else NOBODY
        everybody += own
        parts = [_sum(charged, kinds, place) for kinds in (PRINT, PAPER, HANDLING)]
        letters = need.letters if segment else 0
        rows.append(_row(campaign, segment, letters, need.letters * need.sheets, parts, posts, own))
    parts = [sum(charge.yen for charge in charged if charge.cost in kinds) for kinds in (PRINT, PAPER, HANDLING)]
    known = [posts for posts in postages if posts is not None]
    profits = [row.returns.profit for row in rows if row.returns.profit is not None]
    posts = sum(known) if known else None
    letters, sheets = sum(row.letters for row in rows), sum(row.sheets for row in rows)
    whole = _row(campaign, None, letters, sheets, parts, posts, everybody)
    profit = sum(profits) if profits else None
    return tuple(rows), replace(whole, returns=replace(whole.returns, profit=profit))


def _sum(charged: Sequence[Charge], kinds: Sequence[Cost], place: int) -> int:
    return sum(charge.shares[place] for charge in charged if charge.cost in kinds)


def _row(
    campaign: Campaign,
    segment: Segment | None,
    letters: int,
    sheets: int,
    parts: Sequence[int],
    posts: int | None,
    own: Readers,
) -> Row:
    margin = campaign.costs.margin
    profit = own.profit(letters, margin)
    returns = Returns(sum(parts) + (posts or 0), letters, own.response, own.basket, margin, profit)
    printed, paper, handling = parts
    return Row(segment, letters, sheets, printed, paper, handling, posts, returns)


def _no_barcode(plan: Plan) -> dict[str, int]:
    """Open letters whose address has no customer barcode, by reason."""
    opened = {
        position for segment in plan.campaign.segments for position in plan.audience.open_positions(segment.id).tolist()
    }
    found = {
        (fault.position, fault.misfit.reason)
        for fault in plan.faults
        if fault.misfit.reason.startswith(NO_BARCODE) and fault.position in opened
    }
    return dict(sorted(Counter(reason for _, reason in found).items()))
