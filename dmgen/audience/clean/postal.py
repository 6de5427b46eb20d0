"""Postal codes against addresses: which codes exist, whose address contradicts them, where its town ends."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.places import SEVERAL, Match, locate
from dmgen.audience.cells.postal import CODE, Doubt, postal_codes
from dmgen.audience.cells.vector import TEXT, Mask, each, mask, matches
from dmgen.audience.clean.directory import Directory, Entry, directory
from dmgen.model.campaign import Campaign
from dmgen.model.layout import AddressSlot, JapanPostSlot, PostalBoxesSlot, Slot

_STREET_PART = re.compile("address_b")
# A column of the customer's; {{ shop.address }} is none.
_ADDRESS = re.compile(r"(?<![.\w])(?:address\w*|postal_code|prefecture|city|town|street|building)\b")
_AND, _NONE = "\x1f", "\x1e"  # cleaned cells hold no control characters
_UNTOLD, _OFFICE, _NUMBERED_TOWN = -1, -2, -3  # ends that are no place in an address
_NUMBERED = re.compile("[0-9]")
_PO_BOX_CODE, _PO_BOX = r"91$", "私書箱"  # such a code is a post office's; Japan Post's data has no list of them


@dataclass(frozen=True, slots=True)
class Postal:
    """The codes of a list (NNN-NNNN, others as written) and what its addresses say of them, row by row."""

    written: pa.Array
    codes: pa.Array
    repaired: Mask
    unknown: Mask
    contradicted: Mask
    directory: Directory


def read_postal(written: pa.Array, address: pa.Array) -> Postal:
    """Codes read, and those that a spreadsheet damaged repaired where the address bears them out."""
    codes, doubts = postal_codes(written)
    formed = matches(codes, CODE)
    known = directory(set(pc.unique(codes.filter(pa.array(formed))).to_pylist()))
    compared = compare(codes, address, known)
    borne_out = (compared >= 0) & ((compared & Match.PREFECTURE) > 0)
    for row in np.flatnonzero(doubts == Doubt.TOWN):
        entry = known.entries.get(codes[int(row)].as_py())
        borne_out[row] = entry is not None and Match.TOWN in locate(entry.places, address[int(row)].as_py()).match
    doubtful = doubts != Doubt.NONE
    formed &= ~doubtful | borne_out
    unknown = formed & (compared < 0) & ~(matches(codes, _PO_BOX_CODE) & matches(address, _PO_BOX))
    return Postal(
        written=written,
        codes=pc.if_else(pa.array(doubtful & ~borne_out), written, codes),
        repaired=doubtful & borne_out,
        unknown=unknown,
        contradicted=formed & (compared >= 0) & ((compared & Match.PLACE) == 0),
        directory=known,
    )


def compare(codes: pa.Array, address: pa.Array, known: Directory) -> NDArray[np.int8]:
    """The `Match` of each address with the places of its code, -1 for a code that is not known.

    Only addresses that do not begin as Japan Post writes the code's first place are read one by one, each different
    beginning once; no city has a digit in its name.
    """
    coded, entries, row_of = _entries(codes, known)
    there = np.array([entry is not None for entry in entries], np.bool_)[row_of]
    compared = np.where(there, np.int8(Match.PLACE | Match.PREFECTURE), np.int8(-1))
    plain = mask(pc.is_valid(_after_beginnings(address, coded.indices, [_beginnings(entry) for entry in entries])))
    odd = pa.array(there & ~plain)
    compared[there & ~plain] = _by_head(
        codes.filter(odd), address.filter(odd), lambda code, head: int(locate(known.entries[code].places, head).match)
    )
    return compared


def _by_head(codes: pa.Array, address: pa.Array, function: Callable[[str, str], int]) -> NDArray[np.int64]:
    """`function` of each code and its address up to the first digit, called once for each different pair."""
    heads = pc.replace_substring_regex(address, "[0-9０-９].*$", "")
    pairs = pc.binary_join_element_wise(codes, heads, pa.scalar(_AND, TEXT))
    return np.array(each(pairs, lambda pair: function(*pair.split(_AND, 1)), pa.int64()))


def _beginnings(entry: Entry | None, town: str = "") -> list[str]:
    return [begins + town for begins in entry.places[0].beginnings] if entry else []


def shows_street_part(campaign: Campaign) -> bool:
    """Whether some layout of the campaign needs the part of addresses after the town."""
    return _shows(campaign, (JapanPostSlot,), _STREET_PART)


def shows_address(campaign: Campaign) -> bool:
    """Whether some layout of the campaign shows an address, a postal code, or a part of them."""
    return _shows(campaign, (AddressSlot, JapanPostSlot, PostalBoxesSlot), _ADDRESS)


def _shows(campaign: Campaign, kinds: tuple[type[Slot], ...], named: re.Pattern[str]) -> bool:
    """Whether some layout has a slot of these kinds, or words that name such a column."""
    layouts = [campaign.layouts[segment.layout] for segment in campaign.segments if segment.layout in campaign.layouts]
    slots = [slot for layout in layouts for page in layout.pages for slot in page.slots]
    if any(isinstance(slot, kinds) for slot in slots):
        return True
    return any(named.search(words) for layout in layouts for words in layout.words.values())


def street_parts(codes: pa.Array, address: pa.Array, rows: Mask, known: Directory) -> pa.Array:
    """The part of addresses after the town (住所B), for `rows`; null where the code's data do not tell.

    An office with a code of its own has none (郵便番号・バーコードマニュアル, p. 22).
    """
    coded, entries, row_of = _entries(codes, known)
    towns = [_town(entry) for entry in entries]
    begins = [_beginnings(entry, town) if town else [] for entry, town in zip(entries, towns, strict=True)]
    parts = _after_beginnings(address, coded.indices, begins)
    again = cut(pc.fill_null(parts, ""), pa.array(towns, TEXT).take(coded.indices))
    known_code = np.array([entry is not None for entry in entries], np.bool_)[row_of]
    odd = rows & known_code & (mask(pc.is_null(parts)) | mask(pc.is_valid(again)))
    if not odd.any():
        return pc.if_else(pa.array(rows), parts, pa.scalar(None, TEXT))
    some = pa.array(odd)
    found = _parts_read(codes.filter(some), address.filter(some), known)
    return pc.if_else(pa.array(rows), pc.replace_with_mask(parts, some, found), pa.scalar(None, TEXT))


def _parts_read(codes: pa.Array, address: pa.Array, known: Directory) -> pa.Array:
    """The parts after the town of addresses that are not written as the data are."""

    def end(code: str, text: str) -> int:
        entry = known.entries[code]
        if entry.office:
            return _OFFICE
        found = locate(entry.places, text)
        return found.town_end if Match.TOWN in found.match else _UNTOLD

    def end_of_head(code: str, head: str) -> int:
        numbered = any(map(_NUMBERED.search, known.entries[code].towns))
        return _NUMBERED_TOWN if numbered else end(code, head)

    ends = _by_head(codes, address, end_of_head)
    for row in np.flatnonzero(ends == _NUMBERED_TOWN):
        ends[row] = end(codes[int(row)].as_py(), address[int(row)].as_py())
    parts = _by_length(np.maximum(ends, 0), lambda rows, end: pc.utf8_slice_codeunits(address.take(rows), end))
    parts = pc.utf8_trim_whitespace(parts)
    parts = pc.if_else(pa.array(ends == _OFFICE), pa.scalar("", TEXT), parts)
    return pc.if_else(pa.array(ends == _UNTOLD), pa.scalar(None, TEXT), parts)


def _town(entry: Entry | None) -> str:
    """The town of a code that has one place and no other reading."""
    if entry is None or entry.office or len(entry.places) > 1:
        return ""
    city, town = entry.places[0].city, entry.places[0].town
    return "" if city.endswith(town) or SEVERAL.search(town) else town


def _entries(codes: pa.Array, known: Directory) -> tuple[pa.Array, list[Entry | None], NDArray[np.int64]]:
    """The codes dictionary-encoded, the entry of each different one, and which one each row has."""
    coded = codes.dictionary_encode()
    entries = [known.entries.get(code) for code in coded.dictionary.to_pylist()]
    return coded, entries, np.asarray(coded.indices, np.int64)


def _after_beginnings(address: pa.Array, indices: pa.Array, begins: list[list[str]]) -> pa.Array:
    """What follows the first of its code's beginnings that an address has; null where it has none of them."""
    rest = pa.nulls(len(address), TEXT)
    for way in range(max(map(len, begins), default=0)):
        if not rest.null_count:
            break
        left = pc.is_null(rest)
        texts = pa.array([some[way] if way < len(some) else _NONE for some in begins], TEXT)
        rest = pc.replace_with_mask(rest, left, cut(address.filter(left), texts.take(indices.filter(left))))
    return rest


def cut(cells: pa.Array, beginnings: pa.Array) -> pa.Array:
    """What follows each cell's own beginning; null where the cell does not begin so."""

    def rest(rows: pa.Array, length: int) -> pa.Array:
        some = cells.take(rows)
        equal = pc.equal(pc.utf8_slice_codeunits(some, 0, length), beginnings.take(rows))
        return pc.if_else(equal, pc.utf8_slice_codeunits(some, length), pa.scalar(None, TEXT))

    return _by_length(np.asarray(pc.utf8_length(beginnings)), rest)


def _by_length(lengths: NDArray[np.integer[Any]], function: Callable[[pa.Array, int], pa.Array]) -> pa.Array:
    """`function` of all rows with the same length and that length, put together in the rows' order."""
    order = np.argsort(lengths, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(lengths[order])) + 1)
    found = [function(pa.array(rows), int(lengths[rows[0]])) for rows in groups if len(rows)]
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return pa.concat_arrays([pa.array([], TEXT), *found]).take(pa.array(back))
