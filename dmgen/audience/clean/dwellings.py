"""Where the rows of a list live: house and room, read only where somebody else may live there."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.matching import address_keys
from dmgen.audience.cells.vector import TEXT, Mask, Positions
from dmgen.audience.clean.groups import NOBODY, Codes, both, codes_of, variety
from dmgen.audience.read.columns import Column

_NO_ROOM = 0


@dataclass(frozen=True, slots=True)
class Dwellings:
    """By row: `place` (postal code, town and house number), `number` (house number alone), room, and the house as text.

    `place` and `number` are NOBODY where there is none, or where nobody asked; an unknown room is _NO_ROOM.
    """

    place: Codes
    number: Codes
    room: Codes
    houses: pa.Array

    def with_rooms(self, groups: Codes) -> Codes:
        """`groups` of one place, parted by room. Who gives no room lives in the only one that others of it give."""
        known = groups != NOBODY
        rooms = np.where(self.room == _NO_ROOM, NOBODY, self.room)
        of_group = np.full(int(groups.max(initial=0)) + 1, _NO_ROOM)
        np.maximum.at(of_group, groups[known], self.room[known])
        only = variety(groups, rooms) == 1
        room = np.where(known & only[groups], of_group[groups], self.room)
        return both(groups, room)

    def may_share_room(self, one: Positions, other: Positions) -> Mask:
        """Whether nothing says that these rows live in two rooms."""
        first, second = self.room[one], self.room[other]
        return np.asarray((first == second) | (first == _NO_ROOM) | (second == _NO_ROOM))

    def same_room(self, one: Positions, other: Positions) -> Mask:
        """Whether these rows give the same room, or none."""
        return np.asarray(self.room[one] == self.room[other])


def dwellings(columns: dict[str, Column], postal: Codes, wanted: Mask) -> Dwellings:
    """Where the wanted rows live."""
    at = np.flatnonzero(wanted)
    keys = address_keys(columns["address"].cells.take(pa.array(at)))
    numbers = pc.replace_substring_regex(keys.house, r"^.*?([0-9]+(-[0-9]+)*)?$", r"\1")
    everywhere = np.ones(len(at), np.bool_)
    house = _spread(codes_of(keys.house, everywhere), at, len(wanted), NOBODY)
    number = _spread(codes_of(numbers, everywhere), at, len(wanted), NOBODY)
    room = _spread(codes_of(keys.room, everywhere) + 1, at, len(wanted), _NO_ROOM)
    place_of = np.zeros(len(wanted), np.int64)
    place_of[at] = np.arange(1, len(at) + 1)
    texts = pa.concat_arrays([pa.array([""], TEXT), keys.house]).take(pa.array(place_of))
    return Dwellings(both(postal, house), number, room, texts)


def _spread(values: Codes, at: Positions, rows: int, elsewhere: int) -> Codes:
    whole = np.full(rows, elsewhere, np.int64)
    whole[at] = values
    return whole
