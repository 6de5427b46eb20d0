"""Customers without ids, or without a list: ids made from who the rows, or the orders, say the person is."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.keys import email_keys, phone_keys
from dmgen.audience.cells.values import dates, text_of
from dmgen.audience.cells.vector import Positions, is_empty, patch
from dmgen.audience.clean.lines import Grouped, grouped
from dmgen.audience.clean.person_keys import (
    blank,
    column_keys,
    first_of,
    hashed,
    linked,
    marked,
    pair,
    plain_text,
    spread,
    there,
)
from dmgen.audience.read.columns import ADDRESS_PARTS, CONSENT_COLUMNS, CUSTOMER_COLUMNS, OF_ORDERS, Mapping
from dmgen.audience.read.sheet import Sheet, Source
from dmgen.errors import DmgenError, ListError
from dmgen.messages import mark
from dmgen.model.campaign import Shop

_ID = "customer_id"
_PLACE = ("postal_code", *ADDRESS_PARTS, "address")
_DAYS = ("ordered_on", "ordered_at")
_WAYS = ("id", "email", "name", "phone")  # by what a person is known: the first that a row has
_LINKED = len(_WAYS)  # an order of a person whom another order made known


def names_people(mapped: Mapping) -> bool:
    """Whether a list says who its people are and where they live."""
    return "name" in mapped.names and "postal_code" in mapped.names


def with_ids(customers: Mapping, shop: Shop) -> Mapping:
    """A list of customers that has no ids, with ids made from e-mail address and name, or name and address."""
    return _mapping(_WithIds(customers.source, _Rows(customers, shop)), customers)


def buyers_as_customers(orders: Mapping, shop: Shop) -> tuple[Mapping, Mapping]:
    """The buyers of a list of orders as a list of customers, and the orders with the ids of these customers.

    One customer a person: of one id, else one e-mail address, else one name and address, else one phone; an order
    that lacks the first of these is the person's with whom alone the next is seen. The address is that of the
    latest order; what says no to mail counts from all of them.
    """
    people = _Buyers(orders, shop)
    named = [name for name in orders.names if _of_person(orders, name)]
    customers = _People(people, orders.source, tuple(sorted(orders.headers(named) - {_ID})), orders.headers(
        name for name in named if name in CONSENT_COLUMNS))  # fmt: skip
    rules = {name: orders.rules[name] for name in named if name in orders.rules}
    return replace(orders, source=customers, rules=rules, preset=None), _mapping(
        _WithIds(orders.source, people), orders
    )


def _of_person(orders: Mapping, name: str) -> bool:
    return name != _ID and (name in CUSTOMER_COLUMNS or (name in orders.rules and name not in OF_ORDERS))


def _mapping(source: Source, mapped: Mapping) -> Mapping:
    return replace(mapped, source=source, rules={k: rule for k, rule in mapped.rules.items() if k != _ID})


@dataclass(frozen=True, slots=True)
class _Known:
    """Who each row of a list is: its id, "" where nobody can tell; what is said of it."""

    ids: pa.Array
    lines: Grouped
    remarks: tuple[DmgenError, ...]


class _Rows:
    """The people of a list that has a row for each."""

    def __init__(self, mapped: Mapping, shop: Shop) -> None:
        self.mapped = mapped
        self.shop = shop

    @cached_property
    def known(self) -> _Known:
        """Who the rows are, found when it is first asked for."""
        mapped = self.mapped
        sheet = mapped.source.read(mapped.headers(there(mapped, ("name", "email", "phone", *_PLACE))))
        rows = np.arange(len(sheet.lines))
        name, place = plain_text(mapped, sheet, ("name",)), plain_text(mapped, sheet, _PLACE)
        email, phone = column_keys(mapped, sheet, "email", email_keys), column_keys(mapped, sheet, "phone", phone_keys)
        keys, ways = first_of(
            {"email": pair(email, name), "name": pair(name, place), "phone": phone},
        )
        frame = pd.DataFrame({"key": keys.to_pandas(), "place": place.to_pandas()})
        moved = (frame.groupby("key")["place"].transform("nunique") > 1).to_numpy()
        keys = pc.if_else(pa.array(moved), pair(keys, place), keys)
        message = mark(
            "{file}: it has no customer ids, so {count} rows get one of their own: {email} by e-mail address and name, "
            "{name} by name and address, {phone} by phone. Who changes these becomes a new customer."
        )
        count = {way: int((ways == index).sum()) for index, way in enumerate(("email", "name", "phone"))}
        said = ListError(message, file=mapped.source.path.name, count=sum(count.values()), **count)
        return _Known(hashed(keys, self.shop), Grouped(rows, rows, True), (said,))


class _Buyers:
    """The people of a list of orders."""

    def __init__(self, mapped: Mapping, shop: Shop) -> None:
        self.mapped = mapped
        self.shop = shop

    @cached_property
    def known(self) -> _Known:
        """Who the buyers are, found when it is first asked for; `lines.head` is the row of the latest order of each."""
        mapped = self.mapped
        wanted = ("order_id", "amount", *_DAYS, _ID, "name", "email", "phone", *_PLACE)
        sheet = mapped.source.read(mapped.headers(there(mapped, wanted)))
        orders = self._orders(sheet)
        ids, ways = self._ids(sheet, orders)
        of_order = grouped(ids, ~is_empty(ids))
        latest = self._latest(sheet, orders, of_order)
        person = np.append(of_order.order, -1)[orders.order]
        lines = Grouped(person, latest, len(latest) == int((person >= 0).sum()))
        way = np.full(len(latest), _LINKED)
        np.minimum.at(way, of_order.order[of_order.order >= 0], ways[of_order.order >= 0])
        message = mark(
            "{file}: there is no list of customers, so {count} are made of its buyers: {id} by customer id, "
            "{email} by e-mail address, {name} by name and address, {phone} by phone."
        )
        count = {name: int((way == index).sum()) for index, name in enumerate(_WAYS)}
        said = ListError(message, file=mapped.source.path.name, count=len(latest), **count)
        return _Known(spread(ids, orders.order), lines, (said,))

    def _orders(self, sheet: Sheet) -> Grouped:
        order_id = self.mapped.text(sheet, "order_id")
        usable = ~is_empty(order_id)
        usable[list(sheet.damaged)] = False
        return grouped(order_id, usable, ~is_empty(text_of(self.mapped.raw(sheet, "amount"))))

    def _ids(self, sheet: Sheet, orders: Grouped) -> tuple[pa.Array, Positions]:
        """Of each order the id of its buyer, and by what the buyer is known."""
        mapped = self.mapped
        whole = pa.array(orders.head)

        def once(cells: pa.Array) -> pa.Array:
            return orders.once(cells)[0]

        ids = once(mapped.text(sheet, _ID)) if _ID in mapped.names else blank(len(whole))
        ways = np.where(is_empty(ids), _LINKED, 0)
        person = {
            "email": once(column_keys(mapped, sheet, "email", email_keys)),
            "name": pair(*(plain_text(mapped, sheet, names).take(whole) for names in (("name",), _PLACE))),
            "phone": once(column_keys(mapped, sheet, "phone", phone_keys)),
        }
        for index, (way, keys) in enumerate(person.items(), 1):
            ids = linked(ids, keys)
            new = is_empty(ids) & ~is_empty(keys)
            ways[new] = index
            ids = patch(ids, new, hashed(marked(way, keys.filter(pa.array(new))), self.shop))
        return ids, ways

    def _latest(self, sheet: Sheet, orders: Grouped, of_order: Grouped) -> Positions:
        """The row of each person's latest order, by day, then by line; one without an address only at need."""
        mapped = self.mapped
        day = next((name for name in _DAYS if name in mapped.names), None)
        days = np.zeros(len(orders.head), np.int64)
        if day:
            read = dates(orders.once(mapped.raw(sheet, day))[0], self.shop.time_zone)
            days = np.asarray(pc.fill_null(pc.cast(read, pa.int32()), 0), np.int64)
        placed = ~is_empty(mapped.text(sheet, "postal_code").take(pa.array(orders.head)))
        ranked = np.lexsort((orders.head, days, placed))
        ranked = ranked[of_order.order[ranked] >= 0]
        latest = np.zeros(len(of_order.head), np.int64)
        latest[of_order.order[ranked]] = orders.head[ranked]  # the last assignment stays
        return latest


@dataclass(frozen=True, slots=True)
class _WithIds:
    """A list with the column customer_id that is made."""

    under: Source
    people: _Rows | _Buyers
    repeated: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return self.under.path

    @property
    def header(self) -> tuple[str, ...]:
        return (_ID, *(name for name in self.under.header if name != _ID))

    def read(self, names: Collection[str]) -> Sheet:
        sheet = self.under.read(set(names) - {_ID})
        if isinstance(self.people, _Rows):
            sheet = replace(sheet, file=replace(sheet.file, remarks=(*sheet.file.remarks, *self.people.known.remarks)))
        return replace(sheet, columns=sheet.columns | {_ID: self.people.known.ids}) if _ID in names else sheet


@dataclass(frozen=True, slots=True)
class _People:
    """The buyers of a list of orders, a row each, in the order of the lines they are taken from."""

    people: _Buyers
    under: Source
    columns: tuple[str, ...]
    consent: set[str]
    repeated: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return self.under.path

    @property
    def header(self) -> tuple[str, ...]:
        return (_ID, *self.columns)

    def read(self, names: Collection[str]) -> Sheet:
        known = self.people.known
        sheet = self.under.read(set(names) - {_ID})
        by_line = pa.array(np.argsort(known.lines.head, kind="stable"))
        rows = pa.array(known.lines.head).take(by_line)
        columns = {
            name: known.lines.together(text_of(cells)).take(by_line) if name in self.consent else cells.take(rows)
            for name, cells in sheet.columns.items()
        }
        file = replace(sheet.file, rows=len(rows), remarks=(*sheet.file.remarks, *known.remarks))
        return Sheet(columns | {_ID: known.ids.take(rows)}, sheet.lines[np.asarray(rows)], {}, file)
