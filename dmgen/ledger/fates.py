"""What became of codes after they were issued: no longer good, or used; each once, from its first day on."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, and_, select

from dmgen.ledger.tables import among, codes, fates, in_chunks, insert_rows, of_drop, pieces
from dmgen.model.offer import CodeKind, DropKey


class Fate(StrEnum):
    """What became of a code. A code without a fate is good."""

    VOID = "void"
    USED = "used"


class CodePlace(NamedTuple):
    """Where the ledger keeps a code: the piece, the code's kind and name, and its number among those of the piece."""

    piece_id: str
    kind: CodeKind
    name: str
    n: int


class Told(NamedTuple):
    """Since when a code has its fate, and why (said of void ones only)."""

    day: date
    why: str


Fates = Mapping[Fate, Told]


class Changed(NamedTuple):
    """What became of the codes that were to get a fate; the three are all of them, each in one.

    `barred` are used ones that were to be void: they stay used alone. A void one that is used has both fates.
    """

    new: list[CodePlace]
    known: list[CodePlace]
    barred: list[CodePlace]


def give_fate(connection: Connection, fate: Fate, told: Mapping[CodePlace, Told]) -> Changed:
    """Give codes a fate. The first day is kept: one that has the fate already stays as it is.

    A used code cannot be made void, for its worth is spent. A void one that was used is recorded: a till took it.
    """
    before = fates_of(connection, told)
    changed = Changed([], [], [])
    for place in told:
        had = before.get(place, {})
        (changed.known if fate in had else changed.barred if Fate.USED in had else changed.new).append(place)
    rows = [
        (
            place.piece_id,
            place.kind.value,
            place.name,
            place.n,
            fate.value,
            told[place].day.isoformat(),
            told[place].why,
        )
        for place in changed.new
    ]
    for chunk in in_chunks(rows):
        insert_rows(connection, fates, chunk)
    return changed


def fates_of(connection: Connection, places: Iterable[CodePlace]) -> dict[CodePlace, Fates]:
    """The fates of these codes; those without one are left out."""
    asked = set(places)
    found: defaultdict[CodePlace, dict[Fate, Told]] = defaultdict(dict)
    for chunk in in_chunks({place.piece_id for place in asked}):
        for row in connection.execute(select(fates).where(among(connection, fates.c.piece_id, chunk))):
            place = CodePlace(row.piece_id, CodeKind(row.kind), row.name, row.n)
            if place in asked:
                found[place][Fate(row.fate)] = Told(date.fromisoformat(row.day), row.why)
    return dict(found)


def voided(connection: Connection, key: DropKey, kind: CodeKind) -> set[str]:
    """The codes of a kind in a drop that are no longer good."""
    # By way of the few that have a fate: joined at once, a database may look at every code that was ever issued.
    void = (fates.c.kind == kind.value) & (fates.c.fate == Fate.VOID.value)
    marked = connection.scalars(select(fates.c.piece_id).where(void).distinct()).all()
    same = [fates.c[name] == codes.c[name] for name in ("piece_id", "kind", "name", "n")]
    query = (
        select(codes.c.code)
        .join(fates, and_(*same))
        .join(pieces, pieces.c.piece_id == codes.c.piece_id)
        .where(of_drop(pieces, key), void)
    )
    return {
        code
        for some in in_chunks(marked)
        for code in connection.scalars(query.where(among(connection, codes.c.piece_id, some)))
    }


def codes_of_pieces(connection: Connection, shop: str, piece_ids: Collection[str]) -> dict[str, list[CodePlace]]:
    """What each of these pieces of a shop was issued of its own; those that the shop never printed are left out."""
    found: dict[str, list[CodePlace]] = {}
    for chunk in in_chunks(piece_ids):
        query = (
            select(pieces.c.piece_id, codes.c.kind, codes.c.name, codes.c.n)
            .join(codes, codes.c.piece_id == pieces.c.piece_id, isouter=True)
            .where(pieces.c.shop == shop, among(connection, pieces.c.piece_id, chunk))
            .order_by(pieces.c.piece_id, codes.c.kind, codes.c.name, codes.c.n)
        )
        for piece_id, kind, name, n in connection.execute(query):
            own = found.setdefault(piece_id, [])
            if kind is not None:
                own.append(CodePlace(piece_id, CodeKind(kind), name, n))
    return found
