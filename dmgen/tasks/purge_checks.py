"""What forbids a purge, and what to know before one: prizes, codes that hold, rules that look back, other copies."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dmgen.errors import DmgenError, LedgerError
from dmgen.fulfil import PILE_TICKET
from dmgen.ledger import Ledger
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.lottery import Reveal
from dmgen.model.production import JobRecord, JobState
from dmgen.tasks.purge_scope import Scope, raw_ticket

_CAMPAIGN_DEPTH = 3  # folders below shop.toml in which campaigns are looked for
_LONGEST = timedelta(days=2 * 366)  # from a drop to its draw, and from there to the last claim


def refuse_prizes(ledger: Ledger, scope: Scope, today: date) -> None:
    """Refuse a drop with prizes that people still may win or claim: nobody could be told. Raises LedgerError.

    Where the job's folder is lost, and with it what was promised, it is refused for as long as anything can be.
    """
    sent = next((one for one in scope.jobs if one.state is JobState.SENT and not one.part_of), None)
    ticket = raw_ticket(scope.folders[sent.id]) if sent and sent.id in scope.folders else None
    seal = (ticket or {}).get("lottery")
    if not (sent and scope.whole):
        return
    drawn = ledger.drawn(scope.key)
    if seal is None:
        if drawn is None and ledger.secrets(scope.key) and (sent.sent_on or sent.drop) + _LONGEST >= today:
            raise _undrawn(sent)
        return
    rules = seal["rules"]
    if drawn is None and any(prize["reveal"] == Reveal.DRAW.value for prize in rules["prizes"]):
        raise _undrawn(sent)
    days = [date.fromisoformat(rules["draw_on"]) if rules["draw_on"] else sent.drop]
    last = max(*days, *([drawn.drawn_on] if drawn else []), sent.drop) + timedelta(days=rules["claim_days"])
    if last >= today:
        raise LedgerError(
            mark(
                "prizes of the drop of {drop} can be claimed until {last}, and nobody could tell any more whose a "
                "ticket is. Type the same command again after that day."
            ),
            drop=scope.job.drop,
            last=last,
        )


def _undrawn(job: JobRecord) -> LedgerError:
    return LedgerError(
        mark(
            "the lottery of the drop of {drop} is not drawn, and afterwards nobody could be told that they won. Draw "
            'it first: dmgen draw CAMPAIGN --job {job} --public "…" --out FILE.json'
        ),
        drop=job.drop,
        job=job.id,
    )


def refuse_ready_in_piles(ledger: Ledger, scope: Scope) -> None:
    """Refuse piles that hold letters of a job that is still to be sent. Raises LedgerError."""
    for pile, other in _others(ledger, scope):
        if other.state is JobState.READY:
            raise LedgerError(
                mark(
                    "the pile {folder} holds letters of job {job}, too, which is ready. Send it or cancel it first: "
                    "dmgen sent {job} --on DAY, or dmgen cancel {job}"
                ),
                folder=pile,
                job=other.id,
            )


def _others(ledger: Ledger, scope: Scope) -> Iterator[tuple[Path, JobRecord]]:
    """Jobs of this ledger, not among those that go, that have letters in a pile that goes."""
    known, own = {one.id: one for one in ledger.jobs()}, {one.id for one in scope.jobs}
    for pile in scope.piles:
        for one in (raw_ticket(pile, PILE_TICKET) or {})["jobs"]:
            if one["job"] in known and one["job"] not in own and known[one["job"]].purged_on is None:
                yield pile, known[one["job"]]


def remarks(ledger: Ledger, shop: Shop, scope: Scope, today: date) -> Iterator[DmgenError]:
    """What somebody should know before nobody is named any more."""
    yield from _offers(scope, today)
    if scope.whole:
        yield from _contact(shop, scope, today)
    else:
        message = mark(
            "another job of the drop of {drop} stands: who has which number stays in the ledger until that is purged"
        )
        yield LedgerError(message, drop=scope.job.drop)
    for pile, other in _others(ledger, scope):
        message = mark("the pile {folder} goes, too, and with it the joint print files of job {job} ({campaign})")
        yield LedgerError(message, folder=pile, job=other.id, campaign=other.campaign)
    for name, folder in scope.missing.items():
        yield LedgerError(
            mark("{what} was in {folder} and is not there: it is taken to be gone"), what=name, folder=folder
        )


def _offers(scope: Scope, today: date) -> Iterator[DmgenError]:
    told: dict[str, dict[str, Any]] = {}
    for one in scope.jobs:
        ticket = raw_ticket(scope.folders[one.id]) if one.id in scope.folders else None
        if one.state is JobState.SENT and ticket:
            told |= {offer["id"]: offer for offer in ticket["settings"]["offers"]}
    for offer in told.values():
        if date.fromisoformat(offer["expires"]) >= today:
            message = mark(
                "the codes of {offer} ({label}) hold until {expires}: they still can be used and checked, but nobody "
                "can tell any more whose a code is"
            )
            yield LedgerError(message, offer=offer["id"], label=offer["label"], expires=offer["expires"])


def _contact(shop: Shop, scope: Scope, today: date) -> Iterator[DmgenError]:
    """The frequency rules no longer know of these letters."""
    sent = next((one for one in scope.jobs if one.state is JobState.SENT and one.sent_on), None)
    days = looks_back(shop, scope)
    if not (sent and sent.sent_on and days):
        return
    since = (today - sent.sent_on).days
    if since < days:
        message = mark(
            "[contact] of this shop looks back {days} days, and these letters were sent {since} days ago: whoever got "
            "one counts as not written to, and may get the next letter too early. Wait another {left} days if that "
            "matters"
        )
        yield LedgerError(message, days=days, since=since, left=days - since)


def looks_back(shop: Shop, scope: Scope) -> int:
    """The most days that [contact] looks back, of the purged jobs and of the campaigns near shop.toml; 0: none does."""
    rules = [
        ticket["settings"].get("contact") or {}
        for folder in scope.folders.values()
        if (ticket := raw_ticket(folder)) is not None
    ]
    near = shop.file.parent
    for depth in range(_CAMPAIGN_DEPTH + 1):
        rules += map(_rule, sorted(near.glob("*/" * depth + "campaign.toml")))
    return max(map(_days, rules), default=0)


def _rule(file: Path) -> Mapping[str, Any]:
    """[contact] of a campaign that may be unfinished: what cannot be read looks back no days."""
    try:
        found = tomllib.loads(file.read_text("utf-8")).get("contact", {})
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _days(rule: Mapping[str, Any]) -> int:
    window = rule.get("days", 365) if rule.get("letters") is not None else 0
    asked = (rule.get("minimum_days") or 0, window)
    return max((days for days in asked if isinstance(days, int)), default=0)
