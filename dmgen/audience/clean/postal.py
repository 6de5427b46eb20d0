"""Postal codes against addresses: which codes exist, whose address contradicts them, where its town ends."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.places import Match, locate
from dmgen.audience.cells.postal import CODE, Doubt, postal_codes
from dmgen.audience.cells.vector import TEXT, Mask, each, mask, matches
from dmgen.audience.clean.directory import Directory, Entry, directory
from dmgen.model.campaign import Campaign
from dmgen.model.layout import JapanPostSlot

_AND = "\x1f"
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
    known = directory({code for code in pc.unique(codes.filter(pa.array(formed))).to_pylist()})
    compared = compare(codes, address, known)
    borne_out = (compared & Match.PREFECTURE) > 0
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
    begins = [entry.places[0].prefecture + entry.places[0].city if entry else "" for entry in entries]
    plain = mask(pc.is_valid(cut(address, pa.array(begins, TEXT).take(coded.indices))))
    there = np.array([entry is not None for entry in entries], np.bool_)[row_of]
    compared = np.where(there, np.int8(Match.PLACE | Match.PREFECTURE), np.int8(-1))
    odd = pa.array(there & ~plain)
    heads = pc.replace_substring_regex(address.filter(odd), "[0-9０-９].*$", "")
    pairs = pc.binary_join_element_wise(codes.filter(odd), heads, pa.scalar(_AND, TEXT))

    def match(pair: str) -> int:
        code, _, head = pair.partition(_AND)
        return int(locate(known.entries[code].places, head).match)

    compared[there & ~plain] = np.asarray(each(pairs, match, pa.int8()))
    return compared


def shows_street_part(campaign: Campaign) -> bool:
    """Whether some layout of the campaign needs the part of addresses after the town."""
    layouts = [campaign.layouts[segment.layout] for segment in campaign.segments if segment.layout in campaign.layouts]
    slots = [slot for layout in layouts for page in layout.pages for slot in page.slots]
    shown = any(isinstance(slot, JapanPostSlot) for slot in slots)
    return shown or any("address_b" in words for layout in layouts for words in layout.words.values())


def street_parts(codes: pa.Array, address: pa.Array, rows: Mask, known: Directory) -> pa.Array:
    """The part of addresses after the town (住所B), for `rows`; null where the code's data do not tell.

    An office with a code of its own has none (郵便番号・バーコードマニュアル, p. 22).
    """
    coded, entries, row_of = _entries(codes, known)
    towns = [_town(entry) for entry in entries]
    wholes = [_whole(entry) if town else "" for entry, town in zip(entries, towns, strict=True)]
    parts = cut(address, pa.array(wholes, TEXT).take(coded.indices))
    again = mask(pc.is_valid(cut(pc.fill_null(parts, ""), pa.array(towns, TEXT).take(coded.indices))))
    told = np.array([bool(town) for town in towns], np.bool_)[row_of]
    odd = rows & ~(told & mask(pc.is_valid(parts)) & ~again)
    odd &= np.array([entry is not None for entry in entries], np.bool_)[row_of]
    pairs = pc.binary_join_element_wise(codes.filter(pa.array(odd)), address.filter(pa.array(odd)), pa.scalar(_AND, TEXT))

    def part(pair: str) -> str | None:
        code, _, whole = pair.partition(_AND)
        entry = known.entries[code]
        if entry.office:
            return ""
        found = locate(entry.places, whole)
        return whole[found.town_end :].strip(" 　") if Match.TOWN in found.match else None

    parts = pc.if_else(pa.array(rows & told), parts, pa.scalar(None, TEXT))
    return pc.replace_with_mask(parts, pa.array(odd), each(pairs, part, TEXT)) if odd.any() else parts


def _town(entry: Entry | None) -> str:
    """The town of a code that has one place and no other reading."""
    if entry is None or entry.office or len(entry.places) > 1 or len(entry.places[0].towns) != 1:
        return ""
    town = entry.places[0].town
    return "" if "の次に" in town else town


def _whole(entry: Entry | None) -> str:
    place = entry.places[0] if entry else None
    return place.prefecture + place.city + place.town if place else ""


def _entries(codes: pa.Array, known: Directory) -> tuple[pa.Array, list[Entry | None], NDArray[np.int64]]:
    """The codes dictionary-encoded, the entry of each different one, and which one each row has."""
    coded = codes.dictionary_encode()
    entries = [known.entries.get(code) for code in coded.dictionary.to_pylist()]
    return coded, entries, np.asarray(coded.indices, np.int64)


def cut(cells: pa.Array, beginnings: pa.Array) -> pa.Array:
    """What follows each cell's own beginning; null where the cell does not begin so."""
    lengths = np.asarray(pc.utf8_length(beginnings))
    order = np.argsort(lengths, kind="stable")
    found = []
    for rows in np.split(order, np.flatnonzero(np.diff(lengths[order])) + 1):
        length = int(lengths[rows[0]]) if len(rows) else 0
        some = cells.take(pa.array(rows))
        equal = pc.equal(pc.utf8_slice_codeunits(some, 0, length), beginnings.take(pa.array(rows)))
        found.append(pc.if_else(equal, pc.utf8_slice_codeunits(some, length), pa.scalar(None, TEXT)))
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return pa.concat_arrays(found).take(pa.array(back))
