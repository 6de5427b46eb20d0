"""Whose piece goes into which parcel: one a parcel, one a customer, and a reason for each parcel without."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from dmgen.audience.cells.matching import name_key
from dmgen.audience.cells.vector import TEXT, Positions
from dmgen.audience.clean.buyers import by_id
from dmgen.audience.clean.customers import Customers
from dmgen.audience.clean.identity import Ids
from dmgen.audience.clean.packed import Nobody, PackedOrders
from dmgen.audience.clean.shipments import Shipment, Shipments
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import Column
from dmgen.messages import mark
from dmgen.model.campaign import ColumnType
from dmgen.model.parcel import FIRST_PARCEL, OTHER_CAMPAIGN, PARCEL, PARCEL_CELLS, Packing, ParcelOutcome, parcel_record
from dmgen.model.production import Cell, Record, Row
from dmgen.model.recipient import Outcome, fingerprint
from dmgen.timings import timed

_NONE = -1


@dataclass(frozen=True, slots=True)
class Pile:
    """The parcels of a campaign in packing order, and whose piece each is for.

    `customer` is a row of the customers list a parcel (-1: nobody knows), `reasons` why nothing of theirs goes in as
    far as parcels and orders say ("": the customer's own outcome does). `parcel` is of each customer the place, from 0,
    of the one parcel that their piece goes into (-1: none). Pieces for nobody known, of the segment `fallback`, have
    the positions from `first` on; `nobodys` are the places of their parcels.
    """

    shipments: Shipments
    customer: Positions
    reasons: tuple[str, ...]
    parcel: Positions
    fallback: str
    nobodys: Positions
    left_out: dict[int, str] = field(default_factory=dict)
    columns: tuple[str, ...] = PARCEL_CELLS

    @property
    def first(self) -> int:
        """The position of the first piece for nobody known."""
        return len(self.parcel)

    def is_nobodys(self, position: int) -> bool:
        """Whether a position is that of a piece for nobody known."""
        return position >= self.first

    def open_pieces(self, segment: str) -> Positions:
        """The pieces for nobody known, in packing order, if they are of this segment and not left out."""
        if segment != self.fallback:
            return np.zeros(0, np.int64)
        kept = [self.first + n for n in range(len(self.nobodys)) if self.first + n not in self.left_out]
        return np.array(kept, np.int64)

    def leave_out(self, positions: Positions, reason: str) -> None:
        """Give pieces for nobody known up, for a reason."""
        self.left_out.update(dict.fromkeys(positions.tolist(), reason))

    def of(self, positions: Positions) -> list[Cell]:
        """The record `parcel` of these pieces; an empty one of customers who have no parcel."""
        return [self._record(int(position)) for position in positions]

    def _record(self, position: int) -> Record:
        place = self._place(position)
        return parcel_record(self.shipments.parcels[place].parcel) if place >= 0 else Record({})

    def _place(self, position: int) -> int:
        return int(self.nobodys[position - self.first] if self.is_nobodys(position) else self.parcel[position])

    def row(self, position: int, names: Collection[str], columns: Mapping[str, Column]) -> Row:
        """The cells of a piece for nobody known: nothing in the `columns` of customers, no records but the parcel."""
        own = self._own(position)
        return {name: own[name] if name in own else _nothing(columns.get(name)) for name in names}

    def _own(self, position: int) -> Row:
        parcel = self.shipments.parcels[self._place(position)].parcel
        customer_id = f"parcel:{parcel.shipment_id}"
        return {
            "customer_id": customer_id,
            "name": "",
            "postal_code": "",
            "address": "",
            "fingerprint": fingerprint(customer_id, "", "", ""),
            "segment": self.fallback,
            "line": parcel.line,
            "seed": 0,
            PARCEL: self._record(position),
        }

    def in_order(self, rows: Positions) -> Positions:
        """Customers in the order in which their parcels are packed."""
        return rows[np.argsort(self.parcel[rows], kind="stable")]

    def packing(self, outcomes: Outcomes, segment_of: Sequence[str]) -> Iterator[Packing]:
        """Every parcel with what goes in as the outcomes stand; `segment_of` is of each customer the segment's id."""
        settled = outcomes.reasons(self.customer)
        pieces = {place: self.first + n for n, place in enumerate(self.nobodys.tolist())}
        for place, (one, customer, reason) in enumerate(
            zip(self.shipments.parcels, self.customer.tolist(), self.reasons, strict=True)
        ):
            piece = pieces.get(place)
            if piece is not None:
                why = self.left_out.get(piece, "")
                yield (
                    Packing(one.parcel, ParcelOutcome.EMPTY, why)
                    if why
                    else Packing(one.parcel, ParcelOutcome.FALLBACK, reason, piece, self.fallback)
                )
            elif reason or settled[place]:
                yield Packing(one.parcel, ParcelOutcome.EMPTY, reason or settled[place])
            elif self.parcel[customer] != place:
                yield Packing(one.parcel, ParcelOutcome.EMPTY, FIRST_PARCEL)
            else:
                yield Packing(one.parcel, ParcelOutcome.PIECE, "", customer, segment_of[customer])


def _nothing(column: Column | None) -> Cell:
    """What stands in a column, or in a record, of nobody."""
    if column is None:
        return Record({})
    return "" if column.type is ColumnType.TEXT else None


@timed(mark("match parcels"))
def match_parcels(
    shipments: Shipments,
    customers: Customers,
    people: Ids,
    packed: PackedOrders,
    fallback: str,
    taken: Set[str] = frozenset(),
) -> Pile:
    """Find each parcel's customer, and settle the customers who are in none.

    By customer id, and by the buyers of its orders, which must all be the same person: `people` are the rows that
    may stand for each id. Parcels that are `taken` have a piece of a campaign that went first. Customers without a
    parcel, or whose parcels take no piece of theirs, get their outcome.
    """
    parcels = shipments.parcels
    named = _named(shipments, people)
    found = [_find(one, own, packed) for one, own in zip(parcels, named, strict=True)]
    customer = np.array([row for row, _ in found], np.int64).reshape(-1)
    reasons = [reason for _, reason in found]
    for place in _others_receive(parcels, customer, reasons, customers):
        reasons[place] = "other_receiver"
    reasons = [
        OTHER_CAMPAIGN if one.parcel.shipment_id in taken else why for one, why in zip(parcels, reasons, strict=True)
    ]
    nobodys = [place for place, why in enumerate(reasons) if why == "unknown_customer" and fallback]
    parcel = np.full(len(customers.lines), _NONE)
    taking = np.flatnonzero([not reason for reason in reasons]) if reasons else np.zeros(0, np.int64)
    parcel[customer[taking[::-1]]] = taking[::-1]  # of repeated indices the last assignment stays: the first parcel
    _settle_others(parcels, named, reasons, packed, parcel, customers.outcomes)
    told = replace(shipments, parcels=_with_ids(parcels, customer, customers))
    return Pile(told, customer, tuple(reasons), parcel, fallback, np.array(nobodys, np.int64))


def _with_ids(parcels: Sequence[Shipment], customer: Positions, customers: Customers) -> tuple[Shipment, ...]:
    """The parcels with the ids of their customers, where only the orders tell them."""
    rows = pa.array(customer, mask=customer < 0)
    ids = customers.columns["customer_id"].cells.take(rows).to_pylist()
    return tuple(
        one._replace(parcel=replace(one.parcel, customer_id=name)) if name and not one.parcel.customer_id else one
        for one, name in zip(parcels, ids, strict=True)
    )


def _named(shipments: Shipments, people: Ids) -> list[int]:
    """By parcel the row of the customer whom it names (or Nobody)."""
    ids = pa.array([one.parcel.customer_id for one in shipments.parcels], TEXT)
    rows, conflicting = by_id(ids, people)
    known = np.where(conflicting, int(Nobody.AMBIGUOUS), np.where(rows < 0, int(Nobody.UNLISTED), rows)).tolist()
    return [row if one.parcel.customer_id else Nobody.SILENT for one, row in zip(shipments.parcels, known, strict=True)]


def _find(one: Shipment, named: int, packed: PackedOrders) -> tuple[int, str]:
    """The row of a parcel's customer (-1: nobody knows), and why no piece of theirs goes in ("": nothing is known)."""
    orders = one.parcel.orders
    going = [order for order in orders if order not in packed.cancelled]
    row, why = _whose(going or orders, named, packed)
    if one.reason not in ("", "gift", "replacement"):
        return row, one.reason
    if orders and not going:
        return row, "order_cancelled"
    return row, one.reason or why


def _whose(orders: Sequence[str], named: int, packed: PackedOrders) -> tuple[int, str]:
    """The row of the one customer who bought all of these orders and is `named`, or -1 and the reason."""
    whose = {packed.customer.get(order, Nobody.SILENT) for order in orders} | {named}
    rows = {row for row in whose if row >= 0}
    if len(rows) > 1:
        return _NONE, "mixed_customers"
    if Nobody.AMBIGUOUS in whose:
        return _NONE, "ambiguous_customer"
    # An order of which nobody knows whose it is may be anybody's, unless the list itself says who gets the parcel.
    untold = named == Nobody.SILENT and any(
        packed.customer.get(order, Nobody.SILENT) == Nobody.SILENT for order in orders
    )
    if named == Nobody.UNLISTED or not rows or untold:
        return _NONE, "unknown_customer"
    if Nobody.UNLISTED in whose:
        return _NONE, "mixed_customers"
    return rows.pop(), ""


def _others_receive(
    parcels: Sequence[Shipment], customer: Positions, reasons: Sequence[str], customers: Customers
) -> Iterator[int]:
    """The places of parcels that go to somebody else than their customer, however the names are written."""
    places = [place for place, one in enumerate(parcels) if one.receiver and not reasons[place]]
    rows = pa.array(customer[places] if places else np.zeros(0, np.int64))
    columns = [customers.columns[name].cells for name in ("name", "name_kana") if name in customers.columns]
    names = zip(*(cells.take(rows).to_pylist() for cells in columns), strict=True)
    for place, known in zip(places, names, strict=True):
        if name_key(parcels[place].receiver) not in {name_key(name) for name in known if name}:
            yield place


def _settle_others(
    parcels: Sequence[Shipment],
    named: Sequence[int],
    reasons: Sequence[str],
    packed: PackedOrders,
    parcel: Positions,
    outcomes: Outcomes,
) -> None:
    """Give the customers who are in no parcel their outcome, with the reason of the parcel that is theirs."""
    why: dict[int, int] = {}
    for place, (one, own) in enumerate(zip(parcels, named, strict=True)):
        if reasons[place]:
            for row in {own, *(packed.customer.get(order, _NONE) for order in one.parcel.orders)}:
                if row >= 0 and parcel[row] == _NONE:
                    why.setdefault(row, place)
    by_reason: dict[str, list[int]] = {}
    for row in sorted(why):
        if outcomes.open[row]:
            by_reason.setdefault(reasons[why[row]], []).append(row)
    for reason, rows in by_reason.items():
        ids = [parcels[why[row]].parcel.shipment_id for row in rows]
        outcomes.settle(np.array(rows), Outcome.NO_PARCEL, "parcels", reason, "shipment_id", ids)
    outcomes.settle_where(parcel == _NONE, Outcome.NO_PARCEL, "parcels", NO_PARCEL)


NO_PARCEL = "no_parcel"
"""The reason of those to whom nothing is shipped; there are too many of them to be listed."""
