"""What stops a job before anything is issued: a drop that is final, the law, a pool that does not last."""

from collections import Counter
from pathlib import Path

from dmgen.errors import CampaignError, LedgerError
from dmgen.ledger import Ledger
from dmgen.messages import mark
from dmgen.model.campaign import Campaign
from dmgen.model.recipient import Outcome
from dmgen.offers.entitlement import Entitlement
from dmgen.offers.pool import read_pool
from dmgen.planning.difference import VOID_TODAY
from dmgen.planning.dues import tally
from dmgen.planning.lawful import require_lawful
from dmgen.planning.plan import Plan


def refuse_final(ledger: Ledger, campaign: Campaign) -> None:
    """Refuse a drop that was sent, drawn or purged: it is never printed again. Raises LedgerError."""
    ledger.purges.refuse_drop(campaign.key)
    if sent := ledger.sent_job(campaign.key):
        raise LedgerError(
            mark(
                "the drop of {drop} was sent on {on} (job {job}), so it is not printed again: "
                "for a new mailing give another day, --drop YYYY-MM-DD"
            ),
            drop=campaign.drop,
            on=sent.sent_on,
            job=sent.id,
        )
    if drawn := ledger.drawn(campaign.key):
        raise LedgerError(
            mark(
                "the lottery of the drop of {drop} was drawn on {on}, so it is not printed again: "
                "for a new mailing give another day, --drop YYYY-MM-DD"
            ),
            drop=campaign.drop,
            on=drawn.drawn_on,
        )


def cleared(plan: Plan, ledger: Ledger | None) -> None:
    """Let a plan pass that may be issued. Raises CampaignError for what the law or a pool of codes forbids."""
    require_lawful(plan.campaign, plan.law)
    _check_pools(plan, ledger)


def leave_out_spent(plan: Plan, ledger: Ledger | None) -> None:
    """Into parcels goes no piece whose numbers of this drop are void or that was taken out of the pile before.

    Its customer gets no second one: nothing goes in, and it is said why. Letters that are posted are refused instead.
    """
    if not (ledger and plan.packings):
        return
    pieces = [one.piece for one in plan.packings if one.piece is not None]
    who = [str(row["customer_id"]) for row in plan.audience.stream(pieces, ("customer_id",))]
    spent, numbered = ledger.spent(plan.campaign.key), ledger.pieces_of(plan.campaign.key, who)
    void = [piece for piece, customer in zip(pieces, who, strict=True) if numbered.get(customer) in spent]
    if void:
        plan.audience.settle(void, Outcome.NO_PARCEL, "parcels", VOID_TODAY)
        plan.packings = plan.audience.packing()


def _check_pools(plan: Plan, ledger: Ledger | None) -> None:
    """Refuse a job that needs more codes than its pools have left. Raises CampaignError.

    Needed are codes for recipients who have none of the offer in this drop yet, left are those of the file that the
    shop's ledger does not know (without a ledger: all).
    """
    for path, needed in _needed(plan, ledger).items():
        codes = read_pool(path)
        scope = plan.campaign.shop.id
        left = len(codes) - (ledger.taken_codes(scope, codes) if ledger else 0)
        if needed > left:
            raise CampaignError(
                mark(
                    "{file}: the pool of codes is exhausted: {needed:,} recipients need one, {left:,} of {codes:,} are "
                    "left. Add at least {missing:,} unused codes at the end of the file and run the same command again."
                ),
                file=path,
                needed=needed,
                left=left,
                codes=len(codes),
                missing=needed - left,
            )


def _needed(plan: Plan, ledger: Ledger | None) -> Counter[Path]:
    needed: Counter[Path] = Counter()
    for segment, entitled in plan.entitlements.items():
        if not _draws(entitled):
            continue
        for due, positions in tally(plan.audience, segment, entitled).items():
            if due.offer and due.offer.pool:
                who = (str(row["customer_id"]) for row in plan.audience.stream(positions, ("customer_id",)))
                have = ledger.holders(plan.campaign.key, due.offer.id, who) if ledger else 0
                needed[due.offer.pool] += len(positions) - have
    return needed


def _draws(entitled: Entitlement) -> bool:
    """Whether an offer, or a tier of it, hands out codes of a pool."""
    offer = entitled.offer
    return bool(offer and (offer.pool or any(tier.offer.pool for tier in offer.tiers)))
