"""Which rows of the customers list are one person, or one household: a partition of the rows.

Two rows are the same person where they have one id, or one name together with one address, e-mail address or phone.
A household, for shops that ask for it, is one family name in one dwelling.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.keys import email_keys, phone_keys
from dmgen.audience.cells.matching import name_keys
from dmgen.audience.cells.vector import Mask, Positions, is_empty, matches
from dmgen.audience.clean.alike import Likeness, Pairs, neighbours, similar_names, similar_places
from dmgen.audience.clean.dwellings import Dwellings, dwellings
from dmgen.audience.clean.groups import (
    NOBODY,
    Codes,
    Links,
    both,
    codes_of,
    components,
    links_of,
    pair_links,
    shared,
    variety,
)
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import Column
from dmgen.model.audience import Duplicates

_SHARED_BY_MANY = 5  # different names; an e-mail address or phone of so many is a shop's, a school's or made up
_READ_OTHERWISE = r"[０-９]|[〇一二三四五六七八九十百千](丁|番|号|地割|条|線|[のノ])"  # numbers not in plain figures
_PART = 2  # characters at a name's begin or end that nearly equal names have in common


@dataclass(frozen=True, slots=True)
class Persons:
    """Who is who, a number a row: one number in `person` is one person, one in `unit` gets one letter.

    A number is the first row that has it. `alike` are pairs of rows, of two units, that may be one person.
    """

    person: Positions
    unit: Positions
    alike: Pairs


@dataclass(frozen=True, slots=True)
class _Keys:
    """What the rows are compared by."""

    names: pa.Array
    readings: pa.Array
    name: Codes
    postal: Codes


def find_persons(columns: dict[str, Column], outcomes: Outcomes, mode: Duplicates) -> Persons:
    """The persons of a list, rejected and suppressed rows included.

    Where several people have one id, it says nothing. Damaged rows, whose cells may have moved, belong to a person
    by their id only.
    """
    whole = ~outcomes.found(stage="read")
    rows = len(whole)
    ids = links_of(codes_of(columns["customer_id"].cells, ~outcomes.found(reason="id_conflict")))
    if mode is Duplicates.EXACT:
        alone = components([ids], rows)
        return Persons(alone, alone, Pairs.none())
    keys = _keys(columns, whole)
    household = mode is Duplicates.HOUSEHOLD
    wanted = _neighbourly(columns, keys)
    if household:
        wanted |= shared(both(keys.postal, _families(columns, keys))) != NOBODY
    homes = dwellings(columns, keys.postal, wanted)
    links = [ids, *_contacts(columns, keys.name), links_of(homes.with_rooms(both(keys.name, homes.place)))]
    person = components(links, rows)
    alike = _alike(keys, homes, person)
    if not household:
        return Persons(person, person, alike)
    links += [*_households(columns, keys, homes), pair_links(*alike)]
    return Persons(person, components(links, rows), Pairs.none())


def _keys(columns: dict[str, Column], usable: Mask) -> _Keys:
    names = name_keys(columns["name"].cells)
    kana = name_keys(columns["name_kana"].cells) if "name_kana" in columns else pc.if_else(True, "", names)
    spelled = pc.match_substring_regex(names, "^[ァ-ヶー]+$")
    readings = pc.if_else(pc.and_(pa.array(is_empty(kana)), spelled), names, kana)
    return _Keys(names, readings, codes_of(names, usable), codes_of(columns["postal_code"].cells, usable))


def _contacts(columns: dict[str, Column], name: Codes) -> list[Links]:
    """Ties of rows with one name and one e-mail address, or one phone."""
    links = []
    for column, keys_of in (("email", email_keys), ("phone", phone_keys)):
        if column in columns:
            contact = shared(codes_of(keys_of(columns[column].cells), name != NOBODY))
            crowded = variety(contact, name) >= _SHARED_BY_MANY
            contact = np.where((contact != NOBODY) & ~crowded[contact], contact, NOBODY)
            links.append(links_of(both(contact, name)))
    return links


def _neighbourly(columns: dict[str, Column], keys: _Keys) -> Mask:
    """The rows whose address is worth reading: a similar name has the same postal code, and no other first number."""
    usable = keys.name != NOBODY
    parts = (
        pc.utf8_slice_codeunits(keys.names, 0, _PART),
        pc.utf8_slice_codeunits(keys.names, -_PART),
        keys.readings,
    )
    blocks = [shared(both(keys.postal, codes_of(part, usable))) for part in parts]
    at = np.flatnonzero(np.any([block != NOBODY for block in blocks], axis=0))
    addresses = columns["address"].cells.take(pa.array(at))
    number = codes_of(pc.replace_substring_regex(addresses, r"^[^0-9]*([0-9]*).*$", r"\1"), np.ones(len(at), np.bool_))
    number[matches(addresses, _READ_OTHERWISE)] = NOBODY
    wanted = np.zeros(len(usable), np.bool_)
    for block in blocks:
        here = block[at]
        unread = np.zeros(int(block.max(initial=0)) + 1, np.bool_)
        unread[here[(here != NOBODY) & (number == NOBODY)]] = True
        wanted[at] |= (here != NOBODY) & ((shared(both(here, number)) != NOBODY) | unread[here])
    return wanted


def _alike(keys: _Keys, homes: Dwellings, person: Positions) -> Pairs:
    """Neighbours who may be one person: one reading, or names that differ in one character and no reading says more."""
    pairs = neighbours(homes.place, person).where(homes.may_share_room)
    return similar_names(pairs, Likeness(keys.names, keys.readings))


def _households(columns: dict[str, Column], keys: _Keys, homes: Dwellings) -> list[Links]:
    """Ties of rows with one family name in one dwelling, and where the addresses are nearly equal."""
    family = _families(columns, keys)
    exact = homes.with_rooms(both(family, homes.place))
    block = both(family, both(keys.postal, homes.number))
    near = similar_places(neighbours(block, homes.place).where(homes.same_room), homes.houses)
    return [links_of(exact), pair_links(*near)]


def _families(columns: dict[str, Column], keys: _Keys) -> Codes:
    return codes_of(name_keys(columns["family_name"].cells), keys.name != NOBODY)
