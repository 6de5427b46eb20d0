"""`dmgen history`: everything that the ledger knows of one piece."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dmgen.afterwards import open_ledger
from dmgen.errors import LedgerError
from dmgen.ledger import Story
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.production import JobState
from dmgen.tasks.scan_codes import bare, readings


class Happening(NamedTuple):
    """A thing that happened to a piece, on a day or at a moment of the shop's time; `told` is what else is known.

    `what` is a value of ledger.What, or job, matched, void, used, no_letters, sent, purged.
    """

    at: date | datetime
    what: str
    told: dict[str, str]


@dataclass(frozen=True, slots=True)
class History:
    """A piece's story and, in the order of time, what happened to it."""

    story: Story
    happened: tuple[Happening, ...]

    def as_json(self) -> dict[str, Any]:
        """All of it, for other programs."""
        story = self.story
        return {
            "piece_id": story.piece_id,
            "shop": story.key.shop,
            "campaign": story.key.campaign,
            "drop": str(story.key.drop),
            "customer_id": None if story.is_nobodys else story.recipient,
            "jobs": [
                {"job": job.id, "state": job.state.value, "sent_on": str(job.sent_on) if job.sent_on else None}
                | {"part_of": job.part_of, "folder": job.folder}
                | {"purged_on": str(job.purged_on) if job.purged_on else None}
                for job in story.jobs
            ],
            "parcels": [
                {"job": job, "wave": one.wave, "position": one.position, "shipment_id": one.shipment_id}
                | {"order_ids": list(one.orders), "tracking": one.tracking, "outcome": one.outcome.value}
                for job, one in story.parcels.items()
            ],
            "codes": [
                {"kind": one.place.kind.value, "name": one.place.name, "code": one.code}
                | {"fates": {fate.value: {"day": str(told.day), "why": told.why} for fate, told in one.fates.items()}}
                for one in story.codes
            ],
            "matched": [
                {"job": one.job, "shipment_id": one.shipment_id, "station": one.station, "at": one.at.isoformat()}
                for one in story.matches
            ],
            "happened": [{"at": one.at.isoformat(), "what": one.what, **one.told} for one in self.happened],
        }


def piece_history(shop: Shop, piece: str) -> History:
    """What is known of a piece, its id as it is printed or scanned. Raises LedgerError for one of another shop."""
    ledger = open_ledger(shop)
    found = (
        ledger.story(shop.id, one) for reading in readings(piece) for one in dict.fromkeys([reading, bare(reading)])
    )
    story = next(filter(None, found), None)
    if story is None:
        raise LedgerError(
            mark(
                "the shop {shop} has no piece of this id. Type the piece id: it is in the match symbol of the letter "
                "and in manifest.csv (piece_id). What a coupon code is worth tells: dmgen offers check CODE"
            ),
            shop=shop.id,
        )
    zone = ZoneInfo(shop.time_zone)
    return History(story, tuple(sorted(_happened(story, zone), key=lambda one: _moment(one, zone))))


def _happened(story: Story, zone: ZoneInfo) -> Iterator[Happening]:
    for job in story.jobs:
        yield Happening(job.created_on, "job", {"job": job.id})
        if job.state is JobState.SENT and job.sent_on:
            yield Happening(job.sent_on, "sent", {"job": job.id})
        if job.purged_on:
            yield Happening(job.purged_on, "purged", {"job": job.id})
    for event in story.events:
        yield Happening(
            (event.at or datetime.now(UTC)).astimezone(zone), event.what.value, {"job": event.job, **event.told}
        )
    for match in story.matches:
        told = {"job": match.job, "shipment": match.shipment_id, "station": match.station}
        yield Happening(match.at.astimezone(zone), "matched", told)
    for code in story.codes:
        for fate, told_of in code.fates.items():
            told = {"kind": code.place.kind.value, "code": code.code, "why": told_of.why}
            yield Happening(told_of.day, fate.value, {name: said for name, said in told.items() if said})
    if story.withdrawn:
        yield Happening(story.withdrawn.day, "no_letters", {"customer": story.recipient, "why": story.withdrawn.why})


def _moment(one: Happening, zone: ZoneInfo) -> datetime:
    """A job is made before anything else of its day; other things whose hour is not known stand at its end."""
    if isinstance(one.at, datetime):
        return one.at
    return datetime.combine(one.at, time.min if one.what == "job" else time.max, zone)
