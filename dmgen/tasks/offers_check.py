"""`dmgen offers check`: what a coupon code is worth that somebody reads out to the call centre."""

import csv
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from dmgen.afterwards import open_ledger, read_ticket
from dmgen.campaign.files import is_file
from dmgen.errors import UsageError
from dmgen.fulfil import CODES, TICKET
from dmgen.ledger import Fate, Fates, IssuedCoupon, Ledger
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.offer import CodeKind
from dmgen.offers import coupon
from dmgen.tasks.offers_fates import coupons_of, today_at


class State(StrEnum):
    """What a code is found to be: the first of these that is true of it, in the order VOID, USED, then the rest.

    So a void code is void though it was used or has expired, and a used one used though it has.
    """

    VALID = "valid"
    EARLY = "early"  # and sent; it does not hold yet
    ISSUED = "issued"  # and sent; until when it holds is not at hand
    EXPIRED = "expired"
    NOT_SENT = "not_sent"
    VOID = "void"
    USED = "used"
    UNKNOWN = "unknown"
    MISTYPED = "mistyped"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a code stands for; its terms are None where its job's folder is gone."""

    coupon: IssuedCoupon
    state: State
    sent_on: date | None
    label: str | None = None
    value: str | None = None
    amount: int | None = None
    minimum: int | None = None
    starts: date | None = None
    expires: date | None = None
    fates: Fates = field(default_factory=dict)
    purged_on: date | None = None  # from then on nobody knows whose it is


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a code as it was `typed` (in one form); `near` are issued codes that are one slip away."""

    typed: str
    state: State
    promise: Promise | None
    near: tuple[coupon.Slip, ...]

    def as_json(self) -> dict[str, Any]:
        """What is known, for other programs."""
        told = self.promise
        return {
            "code": self.typed,
            "state": self.state.value,
            "campaign": told and told.coupon.drop.campaign,
            "drop": told and told.coupon.drop.drop.isoformat(),
            "offer": told and told.coupon.offer,
            "label": told and told.label,
            "value": told and told.value,
            "amount": told and told.amount,
            "minimum": told and told.minimum,
            "starts": told.starts.isoformat() if told and told.starts else None,
            "expires": told.expires.isoformat() if told and told.expires else None,
            "sent_on": told.sent_on.isoformat() if told and told.sent_on else None,
            "purged_on": told.purged_on.isoformat() if told and told.purged_on else None,
            **_fates_json(told.fates if told else {}),
            "near": [slip._asdict() for slip in self.near],
        }


def _fates_json(fates: Fates) -> dict[str, str | None]:
    void, used = fates.get(Fate.VOID), fates.get(Fate.USED)
    return {
        "void_since": void.day.isoformat() if void else None,
        "void_why": void.why if void else None,
        "used_on": used.day.isoformat() if used else None,
    }


def check_code(shop: Shop, typed: str, today: date | None = None) -> Answer:
    """What is known of a code in the shop's ledger; `today` is the shop's own day unless given.

    Typed in any width and spacing. A sound code that was never issued is `unknown`, one that cannot be a code of
    ours is `mistyped`. Raises UsageError where nothing was typed, LedgerError where the ledger cannot be read.
    """
    code = coupon.normalise(typed)
    if not code:
        raise UsageError(mark("type the code as it is printed, for example: dmgen offers check ABCD-EFGH-JKLM"))
    ledger = open_ledger(shop)
    written = coupon.in_fours(code) if len(code) == coupon.LENGTH else code
    if found := coupons_of(ledger, shop.id, [typed]).get(typed):
        promise = _with_fates(ledger, _promise(ledger, found, today or today_at(shop)))
        return Answer(written, promise.state, promise, ())
    slips = {slip.code: slip for slip in coupon.slips(code)}
    near = ledger.coupons(shop.id, slips) if slips else []
    state = State.UNKNOWN if coupon.is_valid(code) else State.MISTYPED
    return Answer(written, state, None, tuple(slips[one.code] for one in near))


def _with_fates(ledger: Ledger, promise: Promise) -> Promise:
    fates = ledger.fates([promise.coupon.place]).get(promise.coupon.place, {})
    state = State.VOID if Fate.VOID in fates else State.USED if Fate.USED in fates else promise.state
    return replace(promise, state=state, fates=fates)


def _promise(ledger: Ledger, found: IssuedCoupon, today: date) -> Promise:
    """By the job of the drop that was sent, else by the latest that is to be read."""
    drop, sent = found.drop, ledger.sent_job(found.drop)
    jobs = [job for job in ledger.jobs(drop.shop) if (job.campaign, job.drop) == (drop.campaign, drop.drop)]
    sent_on, purged_on = (sent.sent_on, sent.purged_on) if sent else (None, None)
    for job in filter(None, (sent, *reversed(jobs))):
        if promise := _in_job(Path(job.folder), found, sent_on):
            state = _state(promise, today) if sent else State.NOT_SENT
            return replace(promise, state=state, purged_on=purged_on)
    return Promise(found, State.ISSUED if sent else State.NOT_SENT, sent_on, purged_on=purged_on)


def _state(promise: Promise, today: date) -> State:
    if promise.expires and promise.expires < today:
        return State.EXPIRED
    return State.EARLY if promise.starts and promise.starts > today else State.VALID


def _in_job(folder: Path, found: IssuedCoupon, sent_on: date | None) -> Promise | None:
    """What a job promised with a code; none where the job's folder, or the code's letter in it, is not there."""
    if not is_file(folder / TICKET):
        return None
    offers = read_ticket(folder, also_purged=True)["settings"]["offers"]
    terms = next((terms for terms in offers if terms["id"] == found.offer), None)
    if terms is None:
        return None
    starts = date.fromisoformat(terms["starts"]) if terms.get("starts") else None
    expires: date | None = date.fromisoformat(terms["expires"])
    if terms.get("birthday"):
        expires = _printed_until(folder, found)
        starts = expires and expires.replace(day=1)
    if expires is None:
        return None
    value = terms.get("value", str(terms["amount"]))
    return Promise(
        found, State.VALID, sent_on, terms["label"], value, terms["amount"], terms["minimum"], starts, expires
    )


def _printed_until(folder: Path, found: IssuedCoupon) -> date | None:
    """The last day that stands on a code's own letter, by its job's codes.csv; none where it is not in there.

    Only an offer in the month of a birthday has another one for each piece.
    """
    wanted = (found.place.piece_id, CodeKind.COUPON, found.offer)
    try:
        with (folder / CODES).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if (row["piece_id"], row["kind"], row["name"]) == wanted:
                    return date.fromisoformat(row["expires"])
    except (OSError, ValueError, KeyError, csv.Error):
        return None
    return None
