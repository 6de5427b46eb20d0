"""Postal codes in one form, addresses in one line, and those that no letter can be sent to."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.addresses import DIGIT, JAPANESE, SUSPECT, finding, is_abroad, is_area_abroad
from dmgen.audience.cells.places import PREFECTURES, SHORT
from dmgen.audience.cells.postal import CODE
from dmgen.audience.cells.text import damaged, joined
from dmgen.audience.cells.values import text_of
from dmgen.audience.cells.vector import TEXT, Mask, each, is_empty, mask, matches, mend
from dmgen.audience.clean.postal import Postal, cut, read_postal, shows_address, shows_street_part, street_parts
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import ADDRESS_PARTS, Column
from dmgen.errors import DmgenError, ListError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, ColumnType, Policy
from dmgen.model.recipient import Outcome
from dmgen.reasons import reason_words

_GENERIC_POSTAL_LENGTH = 12
_SHOWN = 5
_AND = "\x1f"
_ISO_PREFECTURE = {f"JP-{number:02d}": name for number, name in enumerate(PREFECTURES, 1)}
_STATED = "^(?:" + "|".join(PREFECTURES) + ")"


def complete_addresses(columns: dict[str, Column], country: str) -> Postal | None:
    """Give `columns` its address in one line and, in Japan, its postal codes in one form.

    Returns what the postal codes say of the addresses, None outside Japan: there codes stay as they are.
    """
    if country == "JP" and "prefecture" in columns:
        cells = columns["prefecture"].cells
        named = mend(cells, matches(cells, "^JP-[0-9]{2}$"), lambda cell: _ISO_PREFECTURE.get(cell, cell))
        columns["prefecture"] = Column(ColumnType.TEXT, named)
    columns["address"] = Column(ColumnType.TEXT, _address(columns, country))
    if country != "JP":
        return None
    postal = read_postal(columns["postal_code"].cells, columns["address"].cells)
    columns["postal_code"] = Column(ColumnType.TEXT, postal.codes)
    return postal


def _address(columns: dict[str, Column], country: str) -> pa.Array:
    """The address in one line: that of its parts, which letters print, where the list has a street."""
    given = columns["address"].cells if "address" in columns else None
    if given is None or "street" in columns:
        parts = _of_parts(columns, country)
        return parts if given is None else pc.if_else(pa.array(is_empty(parts)), given, parts)
    return _in_full(given, columns) if country == "JP" else given


def _of_parts(columns: dict[str, Column], country: str) -> pa.Array:
    """Japanese parts run on, a building stands off."""
    parts = [columns[name].cells for name in ADDRESS_PARTS if name in columns]
    if country != "JP":
        return joined(parts, ", ")
    building = [parts.pop()] if "building" in columns else []
    return joined([joined(parts, ""), *building], " ")


def _in_full(address: pa.Array, columns: dict[str, Column]) -> pa.Array:
    """An address whose prefecture, city, town or building stands in a column of its own, with what it leaves out."""
    empty = pa.array([""] * len(address), TEXT)
    heads = [columns[name].cells if name in columns else empty for name in ADDRESS_PARTS[:3]]
    whole = address
    for place in (2, 1, 0):
        left_out = ~mask(pc.is_valid(cut(whole, heads[place])))
        for larger in heads[:place]:  # an address that begins with a larger place leaves nothing out
            left_out &= is_empty(larger) | ~mask(pc.is_valid(cut(whole, larger)))
        left_out &= ~is_empty(address) & ~matches(whole, _STATED)
        whole = pc.if_else(pa.array(left_out), joined([heads[place], whole], ""), whole)
    if "building" not in columns:
        return whole
    pairs = pc.binary_join_element_wise(whole, columns["building"].cells, pa.scalar(_AND, TEXT))
    return mend(pairs, np.ones(len(pairs), np.bool_), _with_building)


def _with_building(pair: str) -> str:
    whole, _, building = pair.partition(_AND)
    return whole if building in whole else f"{whole} {building}"


def settle_addresses(
    columns: dict[str, Column], postal: Postal | None, campaign: Campaign, outcomes: Outcomes
) -> list[DmgenError]:
    """Reject the rows that no letter can be sent to, flag doubtful ones; returns what to say of the whole list.

    A note in a parcel that shows no address needs none: the parcel finds its way by its own label. Raises ListError
    where an address contradicts its postal code and [policy] says "stop".
    """

    if campaign.in_parcels and not shows_address(campaign):
        return []

    def reject(rows: Mask, reason: str, field: str, cells: pa.Array | None = None) -> None:
        outcomes.settle_where(rows, Outcome.REJECTED, "clean", reason, field, cells)

    address, code = columns["address"].cells, columns["postal_code"].cells
    written = postal.written if postal else code
    if postal:
        _settle_abroad(columns, outcomes)
    reject(is_empty(written), "postal_code_missing", "postal_code")
    reject(_bad_postal(code, postal), "postal_code_invalid", "postal_code", written)
    reject(is_empty(address), "address_missing", "address")
    for part in (*ADDRESS_PARTS, "address"):
        if part in columns:
            reject(damaged(columns[part].cells), "address_damaged", part, columns[part].cells)
    if postal is None:
        return []
    _settle_findings(columns, outcomes)
    return _settle_postal(columns, postal, campaign, outcomes)


def add_street_parts(columns: dict[str, Column], postal: Postal | None, campaign: Campaign, rows: Mask) -> None:
    """Give `columns` the part of addresses after the town, `address_b`, if a layout shows it."""
    if postal and shows_street_part(campaign):
        address = columns["address"].cells
        columns["address_b"] = Column(ColumnType.TEXT, street_parts(postal.codes, address, rows, postal.directory))


def _bad_postal(cells: pa.Array, postal: Postal | None) -> Mask:
    if postal:
        return ~matches(cells, CODE) | mask(pc.equal(cells, "000-0000"))
    return mask(pc.greater(pc.utf8_length(cells), _GENERIC_POSTAL_LENGTH))


def _settle_abroad(columns: dict[str, Column], outcomes: Outcomes) -> None:
    for name, test in (("country", is_abroad), ("prefecture", is_area_abroad)):
        if name in columns:
            cells = text_of(columns[name].cells)
            abroad = mask(each(cells, test, pa.bool_()))
            outcomes.settle_where(abroad, Outcome.REJECTED, "clean", "address_foreign", name, cells)


def _settle_findings(columns: dict[str, Column], outcomes: Outcomes) -> None:
    """Addresses that are none: only those are read one by one that have a mark of it."""
    address = columns["address"].cells
    street = columns["street"].cells if "street" in columns else None
    odd = outcomes.open & (matches(address, SUSPECT) | ~matches(address, DIGIT) | ~matches(address, JAPANESE))
    rows = np.flatnonzero(odd)
    chosen = pa.array(rows)
    streets = street.take(chosen).to_pylist() if street is not None else [""] * len(rows)
    found = [finding(*pair) for pair in zip(address.take(chosen).to_pylist(), streets, strict=True)]
    for kind in dict.fromkeys(found):
        if kind.reason:
            which = np.zeros(len(address), np.bool_)
            which[[row for row, one in zip(rows, found, strict=True) if one == kind]] = True
            if kind.sure:
                outcomes.settle_where(which, Outcome.REJECTED, "clean", kind.reason, "address", address)
            else:
                outcomes.flag_where(which, "clean", kind.reason, "address", address)


def _settle_postal(
    columns: dict[str, Column], postal: Postal, campaign: Campaign, outcomes: Outcomes
) -> list[DmgenError]:
    """Codes that do not exist, and those that the address contradicts, as [policy] says; repaired ones are noted."""
    policies, unknown = campaign.policies, postal.unknown
    count = int((unknown & outcomes.open).sum()) if policies.postal_code_unknown is Policy.REJECT else 0
    codes = columns["postal_code"].cells
    prefectures = columns["prefecture"].cells if "prefecture" in columns else codes
    for policy, reason, field, rows, cells in (
        (policies.postal_code_unknown, "postal_code_unknown", "postal_code", unknown, postal.written),
        (policies.postal_mismatch, "postal_mismatch", "postal_code", postal.contradicted, codes),
        (policies.postal_mismatch, "postal_mismatch", "prefecture", _two_prefectures(columns), prefectures),
    ):
        if policy is Policy.REJECT:
            outcomes.settle_where(rows, Outcome.REJECTED, "clean", reason, field, cells)
        elif policy is Policy.STOP and (rows & outcomes.open).any():
            raise _stopped(columns, rows & outcomes.open, reason)
        else:
            outcomes.flag_where(rows, "clean", reason, field, cells)
    outcomes.flag_where(postal.repaired, "clean", "postal_code_repaired", "postal_code", postal.written)
    return _remarks(postal, count)


def _two_prefectures(columns: dict[str, Column]) -> Mask:
    """Rows whose prefecture's cell is not the prefecture that the address begins with."""
    address = columns["address"].cells
    if "prefecture" not in columns:
        return np.zeros(len(address), np.bool_)
    begins = pc.utf8_slice_codeunits(address, 0, 4)
    pairs = pc.binary_join_element_wise(columns["prefecture"].cells, begins, pa.scalar(_AND, TEXT))
    return mask(each(pairs, _contradicts, pa.bool_()))


def _contradicts(pair: str) -> bool:
    cell, _, begins = pair.partition(_AND)
    cell = SHORT.get(cell, cell)
    return cell in PREFECTURES and any(begins.startswith(name) and name != cell for name in PREFECTURES)


def _stopped(columns: dict[str, Column], rows: Mask, reason: str) -> ListError:
    chosen = pa.array(np.flatnonzero(rows)[:_SHOWN])
    lines = columns["line"].cells.take(chosen).to_pylist()
    ids = columns["customer_id"].cells.take(chosen).to_pylist()
    codes = columns["postal_code"].cells.take(chosen).to_pylist()
    return ListError(
        mark(
            "the postal codes of {count} customers cannot be right ({why}), and [policy] says "
            '{reason} = "stop": {rows}. Nothing was issued. Mend these rows, or write "reject-piece" '
            '(no letter for them) or "warn" there'
        ),
        reason=reason,
        why=ListError(reason_words(reason)),
        count=int(rows.sum()),
        rows="; ".join(
            f"line {line}, customer {key}: {code}" for line, key, code in zip(lines, ids, codes, strict=True)
        ),
    )


def _remarks(postal: Postal, unknown: int) -> list[DmgenError]:
    if not postal.directory.month:
        message = mark(
            "postal codes were checked by their first three digits only, against prefectures. "
            'For cities and towns type: pip install "dmgen[postal]"'
        )
        return [ListError(message)] if len(postal.codes) else []
    if not unknown:
        return []
    message = mark(
        "{count} postal codes are not in Japan Post's data of {month}, and their customers get no letter. "
        'For newer data type: pip install -U "dmgen[postal]"'
    )
    return [ListError(message, count=unknown, month=postal.directory.month)]
