"""People who get no letter whatever their own row says: suppression lists, and mail that came back."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.keys import email_keys, phone_keys
from dmgen.audience.cells.matching import address_keys, name_keys
from dmgen.audience.cells.vector import TEXT, Mask, Positions, is_empty, mask
from dmgen.audience.clean.addresses import complete_addresses
from dmgen.audience.clean.alike import one_slip
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import Column
from dmgen.audience.read.entries import ADDRESS, Entries, read_entries, refuse_nobody
from dmgen.audience.read.sheet import InputFile
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, ColumnType, Shop
from dmgen.model.recipient import Outcome

_ANYHOW = ("customer_id", "email", "phone", *ADDRESS)
_RETURNED_BY = ("customer_id", *ADDRESS)


class Listed:
    """The customers as lists name them; every key is made once, and only if a list asks for it."""

    def __init__(self, columns: dict[str, Column]) -> None:
        self._columns = columns

    @cached_property
    def ids(self) -> pa.Array:
        """Customer ids."""
        return self._columns["customer_id"].cells

    @cached_property
    def emails(self) -> pa.Array:
        """Keys of e-mail addresses."""
        return email_keys(self._cells("email"))

    @cached_property
    def phones(self) -> pa.Array:
        """Keys of phone numbers."""
        return phone_keys(self._cells("phone"))

    @cached_property
    def names(self) -> pa.Array:
        """Keys of names."""
        return name_keys(self._columns["name"].cells)

    @property
    def postal_codes(self) -> pa.Array:
        """Postal codes in one form."""
        return self._columns["postal_code"].cells

    def __len__(self) -> int:
        return len(self.ids)

    def homes(self, rows: Positions) -> pd.DataFrame:
        """Where these customers live, and what they are called: row, postal, house, room, name."""
        at = pa.array(rows)
        keys = address_keys(self._columns["address"].cells.take(at))
        postal, names = self.postal_codes.take(at), self.names.take(at)
        return _homes(rows, postal, keys.house, keys.room, names).rename(columns={"at": "row"})

    def _cells(self, name: str) -> pa.Array:
        return self._columns[name].cells if name in self._columns else pa.repeat(pa.scalar("", TEXT), len(self))


@dataclass(frozen=True, slots=True)
class _Sought:
    """What the entries of a list are found by: keys, empty where the list has none."""

    entries: Entries
    ids: pa.Array
    emails: pa.Array
    phones: pa.Array
    homes: pd.DataFrame


class Named(NamedTuple):
    """Rows that suppression lists name, rows with almost a name and an address of theirs, and the lists."""

    rows: Mask
    nearly: Mask
    files: list[InputFile]


def suppress_listed(campaign: Campaign, columns: dict[str, Column], outcomes: Outcomes) -> Named:
    """Suppress whom a suppression list names by id, e-mail address, phone, or address (and name, if it gives names).

    Raises ListError for a list that cannot be trusted.
    """
    customers = Listed(columns)
    found = Named(np.zeros(len(customers), np.bool_), np.zeros(len(customers), np.bool_), [])
    for path in campaign.lists.suppress:
        sought = _sought(read_entries(path, campaign.shop, customers.ids, _ANYHOW), campaign.shop)
        refuse_nobody(sought.entries, _findable(sought))
        sure, unsure = _at_home(sought, customers)
        sure |= _among(customers.ids, sought.ids)
        for keys, wanted in (("emails", sought.emails), ("phones", sought.phones)):
            if len(wanted):
                sure |= _among(getattr(customers, keys), wanted)
        _settle(sure, "suppression_list", path, outcomes)
        np.logical_or(found.rows, sure, out=found.rows)
        np.logical_or(found.nearly, unsure, out=found.nearly)
        found.files.append(_counted(sought.entries.file, sure))
    return found


def suppress_returned(
    campaign: Campaign, columns: dict[str, Column], persons: Positions, outcomes: Outcomes
) -> list[InputFile]:
    """Suppress whose mail came back, by id or address, unless they have moved since: the list has another address.

    Rows of one person (`persons`) at the address of such a row are suppressed with it. Raises ListError for a list
    that cannot be trusted.
    """
    path = campaign.lists.returned
    if path is None:
        return []
    customers = Listed(columns)
    sought = _sought(read_entries(path, campaign.shop, customers.ids, _RETURNED_BY), campaign.shop)
    refuse_nobody(sought.entries, _findable(sought))
    ids = sought.entries.cells("customer_id")
    by_id = ~is_empty(ids)
    back, _ = _at_home(replace(sought, homes=sought.homes[~by_id[sought.homes["at"]]]), customers)
    back |= _not_moved(sought, ids, customers)
    back |= _same_home(customers, persons, back)
    _settle(back, "returned_mail", path, outcomes)
    return [_counted(sought.entries.file, back)]


def suppress_withdrawn(withdrawn: Collection[str], columns: dict[str, Column], outcomes: Outcomes) -> Mask:
    """Suppress customers who said no after an earlier run; returns their rows, whatever else is wrong with these."""
    ids = columns["customer_id"].cells
    found = _among(ids, pa.array(sorted(withdrawn), TEXT))
    outcomes.settle_where(found, Outcome.SUPPRESSED, "clean", "withdrawn_late", "customer_id", ids)
    return found


def _sought(entries: Entries, shop: Shop) -> _Sought:
    columns = {name: Column(ColumnType.TEXT, cells) for name, cells in entries.columns.items()}
    columns.setdefault("postal_code", Column(ColumnType.TEXT, entries.cells("postal_code")))
    if set(ADDRESS) & set(columns):
        complete_addresses(columns, shop.country)
    else:
        columns["address"] = Column(ColumnType.TEXT, entries.cells("address"))
    keys = address_keys(columns["address"].cells)
    names = name_keys(entries.cells("name"))
    homes = _homes(np.arange(len(names)), columns["postal_code"].cells, keys.house, keys.room, names)
    return _Sought(
        entries,
        _given(entries.cells("customer_id")),
        _given(email_keys(entries.cells("email"))),
        _given(phone_keys(entries.cells("phone"))),
        homes[homes["house"] != ""],
    )


def _homes(at: Positions, postal: pa.Array, house: pa.Array, room: pa.Array, name: pa.Array) -> pd.DataFrame:
    texts = {"postal": postal, "house": house, "room": room, "name": name}
    return pd.DataFrame({"at": at} | {key: np.asarray(cells, object) for key, cells in texts.items()})


def _given(keys: pa.Array) -> pa.Array:
    return keys.filter(pa.array(~is_empty(keys)))


def _among(keys: pa.Array, wanted: pa.Array) -> Mask:
    return mask(pc.is_in(keys, value_set=wanted)) if len(wanted) else np.zeros(len(keys), np.bool_)


def _findable(sought: _Sought) -> Mask:
    entries = sought.entries
    found = ~is_empty(entries.cells("customer_id"))
    found |= ~is_empty(email_keys(entries.cells("email"))) | ~is_empty(phone_keys(entries.cells("phone")))
    found[sought.homes["at"].to_numpy(np.int64)] = True
    return found


def _at_home(sought: _Sought, customers: Listed) -> tuple[Mask, Mask]:
    """Who lives at an address of the list: certainly meant, or perhaps, because the name is almost the entry's."""
    sure, unsure = np.zeros(len(customers), np.bool_), np.zeros(len(customers), np.bool_)
    homes = sought.homes
    if homes.empty:
        return sure, unsure
    coded = homes["postal"] != ""
    near = _among(customers.postal_codes, pa.array(homes["postal"][coded].unique(), TEXT))
    here = customers.homes(np.flatnonzero(near) if coded.all() else np.arange(len(customers)))
    met = pd.concat(
        [
            homes[coded].merge(here, on=["postal", "house"]),
            homes[~coded].drop(columns="postal").merge(here, on="house"),
        ]
    )
    met = met[(met["room_x"] == met["room_y"]) | (met["room_x"] == "") | (met["room_y"] == "")]
    called = (met["name_x"] == "") | (met["name_x"] == met["name_y"])
    sure[met["row"][called].to_numpy(np.int64)] = True
    others = met[~called]
    slip = one_slip(others["name_x"].to_numpy(object), others["name_y"].to_numpy(object))
    unsure[others["row"].to_numpy(np.int64)[slip]] = True
    return sure, unsure & ~sure


def _not_moved(sought: _Sought, ids: pa.Array, customers: Listed) -> Mask:
    """The customers whose id the list names, but for those who live elsewhere by now."""
    entry = np.asarray(pc.index_in(customers.ids, value_set=ids).fill_null(-1), np.int64)
    listed = (entry >= 0) & ~is_empty(customers.ids)
    rows = np.flatnonzero(listed)
    now = customers.homes(rows).set_index("row")
    then = sought.homes.set_index("at").reindex(entry[rows]).set_axis(rows)
    known = then["house"].notna()
    elsewhere = (now["house"] != then["house"]) | ((then["postal"] != "") & (now["postal"] != then["postal"]))
    other_room = (now["room"] != then["room"]) & (now["room"] != "") & (then["room"] != "")
    listed[rows[(known & (elsewhere | other_room)).to_numpy(np.bool_)]] = False
    return listed


def _same_home(customers: Listed, persons: Positions, back: Mask) -> Mask:
    """Further rows of the persons whose mail came back, at the same address."""
    concerned = np.isin(persons, persons[back])
    homes = customers.homes(np.flatnonzero(concerned))
    homes["person"], homes["back"] = persons[homes["row"]], back[homes["row"]]
    homes["back"] = homes.groupby(["person", "postal", "house"])["back"].transform("any")
    found = np.zeros(len(customers), np.bool_)
    found[homes["row"][homes["back"]].to_numpy(np.int64)] = True
    return found


def _settle(rows: Mask, reason: str, path: Path, outcomes: Outcomes) -> None:
    at = np.flatnonzero(rows & outcomes.open)
    outcomes.settle(at, Outcome.SUPPRESSED, "clean", reason, "", [path.name] * len(at))


def _counted(file: InputFile, found: Mask) -> InputFile:
    said = ListError(
        mark("{file}: {entries} entries, and {found} rows of the customers list that they mean"),
        file=file.path.name,
        entries=file.rows,
        found=int(found.sum()),
    )
    return replace(file, remarks=(*file.remarks, said))
