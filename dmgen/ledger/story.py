"""All that the ledger knows of one piece."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from dmgen.ledger.events import Event, events_of
from dmgen.ledger.fates import CodePlace, Fates, Told, fates_of
from dmgen.ledger.jobs import listed
from dmgen.ledger.matches import Match, match_of
from dmgen.ledger.parcels import planned_parcel
from dmgen.ledger.purge import STAND_IN
from dmgen.ledger.tables import codes, matches, of_drop, parcels, pieces, withdrawn
from dmgen.ledger.tables import jobs as jobs_table
from dmgen.model.offer import CodeKind, DropKey
from dmgen.model.parcel import PlannedParcel
from dmgen.model.production import JobRecord


class IssuedCode(NamedTuple):
    """A code of a piece's own, with what became of it (nothing: it is good)."""

    place: CodePlace
    code: str
    fates: Fates


class Story(NamedTuple):
    """A piece: whose, of which jobs of its drop, in which parcels, with which codes, and what happened to it.

    `parcels` are by job, as they are planned now. `withdrawn` is since when its customer wants no letters.
    """

    piece_id: str
    key: DropKey
    recipient: str
    jobs: list[JobRecord]
    parcels: dict[str, PlannedParcel]
    codes: list[IssuedCode]
    events: list[Event]
    matches: list[Match]
    withdrawn: Told | None

    @property
    def is_nobodys(self) -> bool:
        """Whether its job was purged, so that nobody knows any more whose it is."""
        return self.recipient.startswith(STAND_IN)


def story(connection: Connection, shop: str, piece_id: str) -> Story | None:
    """What is known of a piece of a shop; None where the shop never numbered it."""
    piece = connection.execute(select(pieces).where(pieces.c.piece_id == piece_id, pieces.c.shop == shop)).first()
    if piece is None:
        return None
    key = DropKey(shop, piece.campaign, date.fromisoformat(piece.drop_on))
    planned = connection.execute(select(parcels).where(parcels.c.piece_id == piece_id))
    known = listed(connection, of_drop(jobs_table, key))
    scanned = select(matches).where(matches.c.piece_id == piece_id, matches.c.job.in_([job.id for job in known]))
    return Story(
        piece_id,
        key,
        piece.recipient,
        known,
        {row.job: planned_parcel(row) for row in planned},
        _codes(connection, piece_id),
        events_of(connection, shop, [piece_id]),
        [match_of(row) for row in connection.execute(scanned)],
        _withdrawn(connection, shop, piece.recipient),
    )


def _codes(connection: Connection, piece_id: str) -> list[IssuedCode]:
    c = codes.c
    query = select(codes).where(c.piece_id == piece_id).order_by(c.kind, c.name, c.n)
    issued = {CodePlace(piece_id, CodeKind(row.kind), row.name, row.n): row.code for row in connection.execute(query)}
    fates = fates_of(connection, issued)
    return [IssuedCode(place, code, fates.get(place, {})) for place, code in issued.items()]


def _withdrawn(connection: Connection, shop: str, recipient: str) -> Told | None:
    mine = (withdrawn.c.shop == shop) & (withdrawn.c.recipient == recipient)
    row = connection.execute(select(withdrawn).where(mine)).first()
    return Told(date.fromisoformat(row.day), row.why) if row else None
