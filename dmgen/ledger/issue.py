"""Issuing numbers: what a drop has is found again, what it lacks is drawn and stored."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from dmgen.errors import LedgerError
from dmgen.ledger.lotteries import keep_secrets
from dmgen.ledger.tables import (
    CHUNK,
    EVERYBODY,
    among,
    assignments,
    codes,
    drop_columns,
    in_chunks,
    insert_rows,
    of_drop,
    pieces,
)
from dmgen.ledger.terms import keep_marker, keep_terms
from dmgen.messages import mark
from dmgen.model.history import Arm
from dmgen.model.lottery import Secrets
from dmgen.model.offer import CodeKind, CodeOrder, DropKey
from dmgen.model.random_text import UNAMBIGUOUS, random_strings

PIECE_ID_LENGTH = 12
_FRUITLESS = 1000  # draws in a row without one unused number, after which there are none

_Slot = tuple[str, int]  # piece, n-th code of the name
_Known = dict[tuple[str, str], dict[_Slot, str]]  # (kind, name) → slot → code


class Issued(NamedTuple):
    """`piece_ids` runs parallel to the recipients, `codes[i]` to the owners of the i-th order."""

    piece_ids: list[str]
    codes: list[list[str]]


class Issuing:
    """The transaction in which a drop's numbers are issued; `Ledger.issuing` begins and ends it."""

    def __init__(self, connection: Connection, key: DropKey) -> None:
        self._connection = connection
        self._key = key
        # Unused numbers that an order drew beyond its need.
        self._spare: defaultdict[tuple[str, str, Callable[[int], list[str]]], list[str]] = defaultdict(list)

    def issue(self, recipients: Sequence[str], orders: Sequence[CodeOrder]) -> Issued:
        """The numbers of these recipients in this drop: those they have, otherwise new ones.

        Raises LedgerError where the terms of a code changed since it was issued, or where no unused
        number can be found.
        """
        if len(set(recipients)) < len(recipients):
            raise ValueError("a recipient occurs twice")
        for order in orders:
            keep_terms(self._connection, self._key, order.kind, order.name, order.terms)
        shares = [_share(order.owners) for order in orders]
        issued = Issued([], [[""] * len(order.owners) for order in orders])
        for number, chunk in enumerate(in_chunks(recipients)):
            piece_ids, known = self._pieces(chunk)
            issued.piece_ids.extend(piece_ids)
            for order, share, result in zip(orders, shares, issued.codes, strict=True):
                places = share[number]
                slots = _slots(piece_ids, [order.owners[place] - number * CHUNK for place in places])
                found = self._codes(order, slots, known.get((order.kind, order.name), {}))
                for place, code in zip(places, found, strict=True):
                    result[place] = code
        return issued

    def assign(self, arms: Mapping[str, Arm]) -> None:
        """Remember the part of each of these recipients in the drop's trial; a part recorded earlier is replaced."""
        drop = drop_columns(self._key)
        for chunk in in_chunks(arms):
            mine = of_drop(assignments, self._key) & among(self._connection, assignments.c.recipient, chunk)
            self._connection.execute(delete(assignments).where(mine))
            insert_rows(self._connection, assignments, [(*drop, recipient, *arms[recipient]) for recipient in chunk])

    def keep_marker(self, marker: int) -> None:
        """Remember the AR marker of the drop's letters. Raises LedgerError where some were printed with another."""
        keep_marker(self._connection, self._key, marker)

    def shared(self, name: str, terms: str, draw: Callable[[int], list[str]]) -> str:
        """The one coupon code that everybody in this drop gets. Raises LedgerError as `issue` does."""
        order = CodeOrder(CodeKind.COUPON, name, terms, [0], draw)
        return self.issue([EVERYBODY], [order]).codes[0][0]

    def secrets(self, new: Secrets) -> Secrets:
        """The secrets of this drop's lottery: those it has, otherwise `new` ones, which are stored."""
        return keep_secrets(self._connection, self._key, new)

    def _pieces(self, recipients: list[str]) -> tuple[list[str], _Known]:
        """The pieces of these recipients, and the codes of those that were there before."""
        query = select(pieces.c.recipient, pieces.c.piece_id)
        query = query.where(of_drop(pieces, self._key), among(self._connection, pieces.c.recipient, recipients))
        ids: dict[str, str] = dict(self._connection.execute(query).all())
        known = self._known(list(ids.values()))
        new = [recipient for recipient in recipients if recipient not in ids]
        ids.update(zip(new, new_piece_ids(len(new)), strict=True))
        drop = drop_columns(self._key)
        insert_rows(self._connection, pieces, [(ids[recipient], *drop, recipient) for recipient in new])
        return [ids[recipient] for recipient in recipients], known

    def _known(self, piece_ids: list[str]) -> _Known:
        known: _Known = defaultdict(dict)
        if piece_ids:
            c = codes.c
            query = select(c.piece_id, c.kind, c.name, c.n, c.code).where(
                among(self._connection, c.piece_id, piece_ids)
            )
            for piece_id, kind, name, n, code in self._connection.execute(query).all():
                known[kind, name][piece_id, n] = code
        return known

    def _codes(self, order: CodeOrder, slots: list[_Slot], known: dict[_Slot, str]) -> list[str]:
        """The codes in these slots; the known ones and, newly stored, the rest."""
        new = [slot for slot in slots if slot not in known]
        drawn = dict(zip(new, self._unused(order, len(new)), strict=True))
        rows = [(piece_id, order.kind.value, order.name, n, order.scope, code) for (piece_id, n), code in drawn.items()]
        insert_rows(self._connection, codes, rows)
        return [known[slot] if slot in known else drawn[slot] for slot in slots]

    def _unused(self, order: CodeOrder, count: int) -> list[str]:
        """`count` candidates of the order that the ledger has never seen."""
        spare = self._spare[order.kind, order.scope, order.draw]
        fruitless = 0
        while len(spare) < count:
            drawn = dict.fromkeys(order.draw(count - len(spare)))
            unused = drawn.keys() - self._taken(order, list(drawn)) - set(spare)
            fruitless = 0 if unused else fruitless + 1
            if fruitless == _FRUITLESS:
                raise self._no_more(order)
            spare += [code for code in drawn if code in unused]
        used = spare[:count]
        del spare[:count]
        return used

    def _taken(self, order: CodeOrder, candidates: list[str]) -> set[str]:
        query = select(codes.c.code).where(codes.c.kind == order.kind.value, codes.c.scope == order.scope)
        return {
            code
            for chunk in in_chunks(candidates)
            for code in self._connection.scalars(query.where(among(self._connection, codes.c.code, chunk)))
        }

    def _no_more(self, order: CodeOrder) -> LedgerError:
        return LedgerError(
            mark(
                "{shop}, {campaign}: no unused number for {kind} {name} could be found in the drop of {drop}. "
                "Give lottery numbers more digits ([lottery] digits), or a pool more codes."
            ),
            shop=self._key.shop,
            campaign=self._key.campaign,
            kind=order.kind.value,
            name=order.name,
            drop=self._key.drop,
        )


def new_piece_ids(count: int) -> list[str]:
    """Random ids; the table's key is the last word on their being new (59 bits)."""
    return random_strings(count, PIECE_ID_LENGTH, UNAMBIGUOUS)


def _share(owners: Sequence[int]) -> defaultdict[int, list[int]]:
    """The places in `owners` by the chunk of recipients that they belong to."""
    share: defaultdict[int, list[int]] = defaultdict(list)
    for place, owner in enumerate(owners):
        share[owner // CHUNK].append(place)
    return share


def _slots(piece_ids: list[str], owners: list[int]) -> list[_Slot]:
    """Piece and running number for each owner; one who occurs again gets the next number."""
    seen: dict[int, int] = {}
    slots = []
    for owner in owners:
        seen[owner] = n = seen.get(owner, -1) + 1
        slots.append((piece_ids[owner], n))
    return slots
