"""Numbers for every piece of a plan, in one transaction; the batches then wait on disk for the workers."""

import pickle
from collections.abc import Mapping
from pathlib import Path

from dmgen.fulfil import BatchPlan, JobFolder, explained, plan_batches, shell_file
from dmgen.ledger import Issuing, Ledger
from dmgen.messages import mark
from dmgen.model.campaign import Campaign
from dmgen.model.history import CONTROL, Arm
from dmgen.model.offer import CodeKind, CodeSource
from dmgen.model.production import Batch, Link, Numbers, Row
from dmgen.offers import coupon, link, lottery
from dmgen.offers.orders import code_orders
from dmgen.offers.pool import Pool, open_pools
from dmgen.plan import Plan, columns_of
from dmgen.produce import Print, Shell
from dmgen.timings import timed


@timed(mark("issue numbers"))
def issue(plan: Plan, ledger: Ledger, folder: JobFolder) -> list[Print]:
    """Give every piece its sequence, batch and numbers in one transaction; the batches wait on disk for workers."""
    campaign = plan.campaign
    prints, pools = [], open_pools(campaign)
    positions = {segment.id: plan.audience.open_positions(segment.id) for segment in campaign.segments}
    with ledger.issuing(campaign.key) as issuing, explained(folder.path):
        for batch_plan in plan_batches(campaign, plan.counts()):
            of_batch = positions[batch_plan.segment.id][batch_plan.start : batch_plan.stop]
            rows = plan.audience.rows(of_batch, columns_of(plan.kit.masters[batch_plan.segment.id]))
            batch = _issue_batch(batch_plan, rows, plan, issuing, pools)
            path = folder.work / f"{batch.number:06d}.batch"
            path.write_bytes(pickle.dumps(batch, pickle.HIGHEST_PROTOCOL))
            prints.append(Print(path, folder.partial))
        issuing.assign(_control(plan))
    return prints


def plan_shells(plan: Plan, folder: JobFolder) -> list[Shell]:
    """What is to be printed once for each segment that has letters, where their paper is pre-printed."""
    if not plan.campaign.printing.black_only:
        return []
    return [
        Shell(segment.id, shell_file(plan.campaign, segment), folder.partial)
        for segment, count in zip(plan.campaign.segments, plan.counts(), strict=True)
        if count
    ]


def _issue_batch(part: BatchPlan, rows: list[Row], plan: Plan, issuing: Issuing, pools: Mapping[Path, Pool]) -> Batch:
    campaign, segment, master = plan.campaign, part.segment, plan.kit.masters[part.segment.id]
    orders = code_orders(campaign, segment, master.links, len(rows), pools)
    issued = issuing.issue([str(row["customer_id"]) for row in rows], orders)
    offer = campaign.offers.get(segment.offer or "")
    coupons = [""] * len(rows)
    tickets: list[tuple[str, ...]] = [()] * len(rows)
    links: dict[str, list[Link]] = {}
    if offer and offer.codes is CodeSource.SHARED:
        coupons = [issuing.shared(offer.id, offer.terms, coupon.draw)] * len(rows)
    for order, codes in zip(orders, issued.codes, strict=True):
        match order.kind:
            case CodeKind.COUPON:
                coupons = codes
            case CodeKind.TICKET:
                each = segment.tickets
                tickets = [tuple(codes[i : i + each]) for i in range(0, len(codes), each)]
            case CodeKind.LINK:
                links[order.name] = [Link(token, link.url(campaign.shop.links, token)) for token in codes]
    numbers = [
        Numbers(
            piece,
            code,
            coupon.shown(code, offer),
            own,
            {name: column[i] for name, column in links.items()},
            lottery.all_shown(own, campaign.lottery.form, japanese=campaign.shop.country == "JP"),
        )
        for i, (piece, code, own) in enumerate(zip(issued.piece_ids, coupons, tickets, strict=True))
    ]
    if segment.name in _tried(campaign):
        arm, own = Arm(segment.name, segment.variant), [row for row in rows if not row.get("seed")]
        issuing.assign({str(row["customer_id"]): arm for row in own})
    return Batch(
        part.number, segment.id, segment.layout, part.file, part.first_sequence, offer, rows, numbers, segment.variant
    )


def _tried(campaign: Campaign) -> set[str]:
    """The segments, as written, in which something is tried: only of these it matters who has which part."""
    return {segment.name for segment in campaign.segments if segment.variant or segment.control}


def _control(plan: Plan) -> dict[str, Arm]:
    return {customer: Arm(segment, CONTROL) for customer, segment, _ in plan.audience.control()}
