"""Numbers for every piece of a plan, in one transaction; the batches then wait on disk for the workers."""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from dmgen.errors import LedgerError
from dmgen.fulfil import BatchPlan, JobFolder, Section, explained, plan_batches, plan_sorted, plan_waves, shell_file
from dmgen.ledger import Issued, Issuing, Ledger
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Segment
from dmgen.model.history import CONTROL, Arm
from dmgen.model.lottery import Seal
from dmgen.model.offer import CodeKind, CodeOrder, CodeSource
from dmgen.model.production import Batch, Kind, Link, Numbers, Row
from dmgen.offers import coupon, link, lottery
from dmgen.offers.entitlement import Due
from dmgen.offers.orders import code_orders, owners_by_offer
from dmgen.offers.pool import Pool, open_pools
from dmgen.offers.seal import new_secrets, seal
from dmgen.planning.order import is_sorted, sorted_lots
from dmgen.planning.plan import Plan
from dmgen.produce import Print, Shell
from dmgen.timings import timed

_Issued = tuple[list[Row], list[Numbers]]


class Numbered(NamedTuple):
    """A job whose numbers are issued: its batches to be printed, and the seal of its lottery if it has one."""

    prints: list[Print]
    seal: Seal | None


@timed(mark("issue numbers"))
def issue(plan: Plan, ledger: Ledger, folder: JobFolder) -> Numbered:
    """Give every piece its sequence, batch and numbers in one transaction; the batches wait on disk for workers."""
    campaign = plan.campaign
    paths, pools = [], open_pools(campaign)
    void = {kind: ledger.voided(campaign.key, kind) for kind in CodeKind}
    tickets: list[str] = []
    with ledger.issuing(campaign.key) as issuing, explained(folder.path):
        for batch_plan in _batches(plan):
            batch = _issue_batch(batch_plan, plan, issuing, pools)
            _refuse_void(campaign, batch.numbers, void)
            path = folder.work / f"{batch.number:06d}.batch"
            path.write_bytes(pickle.dumps(batch, pickle.HIGHEST_PROTOCOL))
            paths.append(path)
            tickets += _tickets(batch) if campaign.lottery.is_ours else ()
        issuing.assign(_control(plan))
        sealed = _seal(campaign, issuing, tickets)
        if (marker := plan.marker(plan.counts())) is not None:
            issuing.keep_marker(marker)
    commitment = sealed.commitment if sealed else ""
    return Numbered([Print(path, folder.partial, commitment) for path in paths], sealed)


def _batches(plan: Plan) -> Iterator[BatchPlan]:
    """The print files of the job: a wave's, those of letters in the order of the post, or a segment's."""
    campaign, audience = plan.campaign, plan.audience
    if campaign.in_parcels:
        return plan_waves(campaign, plan.packings, plan.series)
    if is_sorted(campaign):
        return plan_sorted(campaign, sorted_lots(campaign, audience))
    return plan_batches(
        campaign, {segment.id: audience.open_positions(segment.id).tolist() for segment in campaign.segments}
    )


def _tickets(batch: Batch) -> Iterator[str]:
    """The numbers that can win. Those of decoys cannot: nobody but the shop itself would win with them."""
    for row, numbers in zip(batch.rows, batch.numbers, strict=True):
        if not row.get("seed"):
            yield from numbers.tickets


def _seal(campaign: Campaign, issuing: Issuing, tickets: Sequence[str]) -> Seal | None:
    """The seal of the lottery over the tickets of this job; none where nobody draws one here."""
    if not campaign.lottery.is_ours:
        return None
    return seal(campaign.key, campaign.lottery, issuing.secrets(new_secrets()), tickets)


def _refuse_void(campaign: Campaign, numbers: list[Numbers], void: Mapping[CodeKind, set[str]]) -> None:
    """No letter promises what is no longer good."""
    if not any(void.values()):
        return
    pieces = [
        piece.piece_id
        for piece in numbers
        if piece.coupon in void[CodeKind.COUPON]
        or not void[CodeKind.TICKET].isdisjoint(piece.tickets)
        or not void[CodeKind.LINK].isdisjoint(link.token for link in piece.links.values())
    ]
    if pieces:
        raise LedgerError(
            mark(
                "{campaign}: numbers of this drop ({drop}) were made void with dmgen offers void, and {count} letters "
                "would show them again; the first is piece {piece}. Leave these customers out of the list, or give "
                "the mailing a day of its own: --drop YYYY-MM-DD"
            ),
            campaign=campaign.id,
            drop=campaign.drop,
            count=len(pieces),
            piece=pieces[0],
        )


def plan_shells(plan: Plan, folder: JobFolder) -> list[Shell]:
    """What is to be printed once for each segment that has letters, where their paper is pre-printed."""
    if not plan.campaign.printing.black_only:
        return []
    return [
        Shell(segment.id, shell_file(plan.campaign, segment), folder.partial)
        for segment, count in zip(plan.campaign.segments, plan.counts(), strict=True)
        if count
    ]


def _issue_batch(part: BatchPlan, plan: Plan, issuing: Issuing, pools: Mapping[Path, Pool]) -> Batch:
    issued = [_issue_section(section, plan, issuing, pools) for section in part.sections]
    rows, numbers = issued[0] if len(issued) == 1 else _in_order(issued, part.order)
    kinds = tuple(Kind(one.id, one.layout, one.variant) for one, _ in part.sections)
    order = part.order if len(kinds) > 1 else ()
    return Batch(
        part.number, kinds, part.file, part.first_sequence, rows, numbers, order, part.lot, part.sheets, part.turned
    )


def _in_order(issued: Sequence[_Issued], order: Sequence[int]) -> _Issued:
    """Rows and numbers of several segments, as their pieces follow one another."""
    waiting = [iter(zip(rows, numbers, strict=True)) for rows, numbers in issued]
    both = [next(waiting[section]) for section in order]
    return [row for row, _ in both], [numbers for _, numbers in both]


def _issue_section(section: Section, plan: Plan, issuing: Issuing, pools: Mapping[Path, Pool]) -> _Issued:
    campaign, segment, master = plan.campaign, section.segment, plan.kit.masters[section.segment.id]
    rows = plan.audience.rows(section.positions, plan.columns_of(master))
    dues = plan.entitlements[segment.id].dues(rows)
    orders = code_orders(campaign, dues, master.links, pools)
    issued = issuing.issue([str(row["customer_id"]) for row in rows], orders)
    if segment.name in _tried(campaign):
        arm, own = Arm(segment.name, segment.variant), [row for row in rows if not row.get("seed")]
        issuing.assign({str(row["customer_id"]): arm for row in own})
    return rows, _numbers(campaign, segment, dues, issued, orders, _shared(dues, issuing))


def _shared(dues: Sequence[Due], issuing: Issuing) -> dict[str, str]:
    """By offer the one code of everybody who is due it."""
    offers = [offer for offer, _ in owners_by_offer(dues) if offer.codes is CodeSource.SHARED]
    return {offer.id: issuing.shared(offer.id, offer.terms, coupon.draw) for offer in offers}


def _numbers(
    campaign: Campaign,
    segment: Segment,
    dues: Sequence[Due],
    issued: Issued,
    orders: Sequence[CodeOrder],
    shared: Mapping[str, str],
) -> list[Numbers]:
    """What was issued, piece by piece."""
    coupons = [shared.get(due.offer.id, "") if due.offer else "" for due in dues]
    tickets: list[tuple[str, ...]] = [()] * len(dues)
    links: dict[str, list[Link]] = {}
    for order, codes in zip(orders, issued.codes, strict=True):
        match order.kind:
            case CodeKind.COUPON:
                for owner, code in zip(order.owners, codes, strict=True):
                    coupons[owner] = code
            case CodeKind.TICKET:
                drawn = iter(codes)
                tickets = [tuple(islice(drawn, due.tickets)) for due in dues]
            case CodeKind.LINK:
                before = link.prefix(campaign, segment, order.name)
                links[order.name] = [Link(token, before + token) for token in codes]
    form, japanese = campaign.lottery.form, campaign.shop.country == "JP"
    return [
        Numbers(
            piece,
            code,
            coupon.shown(code, due.offer),
            own,
            {name: column[i] for name, column in links.items()},
            lottery.all_shown(own, form, japanese=japanese),
            due.offer,
        )
        for i, (piece, code, own, due) in enumerate(zip(issued.piece_ids, coupons, tickets, dues, strict=True))
    ]


def _tried(campaign: Campaign) -> set[str]:
    """The segments, as written, in which something is tried: only of these it matters who has which part."""
    return {segment.name for segment in campaign.segments if segment.variant or segment.control}


def _control(plan: Plan) -> dict[str, Arm]:
    return {customer: Arm(segment, CONTROL) for customer, segment, _ in plan.audience.control()}
