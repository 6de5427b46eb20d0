"""What a slot must show of its piece, against what stands there."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise, product
from typing import Any
from urllib.parse import quote

from dmgen.model.campaign import NO_BARCODE
from dmgen.model.offer import CodeSource
from dmgen.model.places import Part, Phrase, SlotPlace
from dmgen.model.rule import Rule, evaluate
from dmgen.readback.kanji import flattened
from dmgen.readback.offers import offered
from dmgen.readback.pages import squeezed
from dmgen.readback.rows import Piece

Problem = tuple[str, str]  # what, field
_ENCODED = {"url": "", "path": "/"}  # what stays as it is in an address
_HUNDREDS = re.compile(
    "[百千][一二三四五六七八九十]*(?:[丁番号線のノ]|地割)"
)  # 百二十番: digits that do not stand there
_HONORIFICS = ("様", "御中", "")
_OF_PARCEL = ("shipment_id", "wave", "position")  # columns of the manifest by the same name


@dataclass(frozen=True)
class Expected:
    """What a piece's own row and numbers say."""

    piece: Piece
    offer: dict[str, Any] | None
    country: str
    segment: str  # as campaign.toml says it, whichever of its variants this is
    commitment: str = ""  # of the job's seal
    lists_no_barcode: bool = False

    @cached_property
    def columns(self) -> dict[str, str]:
        """The names that words may use, as they are shown."""
        row, piece = self.piece.row, self.piece
        ours = self.offer is None or self.offer["codes"] != CodeSource.POOL
        code = piece.coupon
        return {
            **{name: self._shown(row[name]) for name in ("customer_id", "name", "postal_code", "address")},
            "piece_id": row["piece_id"],
            "sequence": str(piece.sequence),
            "coupon_code": code,
            "coupon": f"{code[:4]}-{code[4:8]}-{code[8:]}" if code and ours else code,
            "ticket_numbers": ("、" if self.country == "JP" else ", ").join(self.tickets),
            "link": next(iter(piece.links.values()), ""),
            "lottery.commitment": self.commitment,
            **{name: self._shown(value) for name, value in self._parcel()},
        }

    def _parcel(self) -> Iterator[tuple[str, str]]:
        """What words may say of the parcel that a piece goes into."""
        row = self.piece.row
        for name, column in (("orders", "order_ids"), ("key", "match_key"), *((name, name) for name in _OF_PARCEL)):
            yield f"parcel.{name}", row.get(column, "")
        yield "parcel.order", row.get("order_ids", "").partition(";")[0]
        for name in ("place", "tracking"):
            yield f"parcel.{name}", self.piece.parcel.get(name, "")

    @property
    def tickets(self) -> list[str]:
        """The lottery numbers as they are shown."""
        words = "{}組 {}番" if self.country == "JP" else "Group {} No. {}"
        parted = (number.partition("-") for number in self.piece.tickets)
        return [words.format(int(group), number) if number else group for group, _, number in parted]

    def _shown(self, text: str) -> str:
        """A cell as it is printed where no font has a character of it: its base, or 〓."""
        for warned in self.piece.warned:
            if warned.reason == "missing_glyph":
                missing = "".join(chr(int(point.removeprefix("U+"), 16)) for point in warned.value.split())
                is_sequence = len(missing) == 2 and unicodedata.name(missing[1], "").startswith("VARIATION SELECTOR")
                text = text.replace(missing, missing[0] if is_sequence else "〓")
        return text

    @property
    def marker(self) -> str:
        """The id of its AR marker, empty where it has none."""
        return self.piece.row.get("ar_id", "")

    @property
    def has_barcode(self) -> bool | None:
        """Whether the customer barcode is there, by warnings.csv; None where the job does not tell."""
        if not self.lists_no_barcode:
            return None
        return not any(warned.reason.startswith(NO_BARCODE) for warned in self.piece.warned)

    def is_overset(self, slot: str) -> bool:
        """Whether a slot's text runs out of its box at the foot."""
        return any(warned.reason == "overset" and warned.field == slot for warned in self.piece.warned)

    def holds(self, rule: str) -> bool | None:
        """Whether a `when` is true for this piece; None where the job folder does not tell."""
        if not rule:
            return True
        parsed = _rule(rule)
        try:
            return bool(evaluate(parsed, self._cell))
        except (LookupError, TypeError, ValueError, ArithmeticError):
            return None

    def _cell(self, name: str) -> Any:
        record, _, attribute = name.partition(".")
        if record == "offer":
            value: Any = (self.offer or {}).get(attribute, "") if attribute else self.offer
            return date.fromisoformat(value) if attribute in ("starts", "expires") and value else value
        piece = self.piece
        cells = {"tickets": len(piece.tickets), "sequence": piece.sequence, "segment": self.segment}
        if place := piece.parcel.get("place"):
            cells["parcel.place"] = int(place)
        return cells[name] if name in cells else self.columns[name]

    def phrase(self, phrase: Phrase) -> list[str]:
        """What a phrase may read like, squeezed; more than one only where the row leaves it open."""
        return ["".join(parts) for parts in product(*(self._part(part) for part in phrase))]

    def _part(self, part: Part) -> tuple[str, ...]:
        if not part.column:
            return (squeezed(part.text),)
        if part.column in ("family_name", "given_name"):
            return self._name_part(part.column)
        if part.column.startswith("offer."):
            return (squeezed(self._shown(offered(self.offer, part.column, part.format))),)
        if part.column == "sequence" and part.format:
            return (squeezed(part.format % self.piece.sequence),)
        if part.format in _ENCODED:
            return (quote(self.columns[part.column], safe=_ENCODED[part.format]),)
        value = squeezed(self.columns[part.column])
        return tuple(value + after for after in _HONORIFICS) if part.format == "sama" and value else (value,)

    def _name_part(self, column: str) -> tuple[str, ...]:
        """The part up to the first blank comes first; a list may have cut the name elsewhere."""
        name = self.columns["name"]
        whole, first = squeezed(name), squeezed(name.replace("　", " ").partition(" ")[0])
        if column == "family_name":
            return tuple(dict.fromkeys([first, *(whole[:end] for end in range(len(whole), 0, -1))]))
        return tuple(dict.fromkeys([whole[len(first) :], *(whole[start:] for start in range(len(whole) + 1))]))


@lru_cache(maxsize=256)
def _rule(text: str) -> Rule:
    return Rule.parse(text)


def text_problem(slot: SlotPlace, text: str, expected: Expected) -> Problem | None:
    """The first thing in a slot's text that is not this piece's."""
    match slot.kind:
        case "address":
            return _address(slot, text, expected)
        case "postal_boxes":
            digits = _digits(expected.columns["postal_code"])
            return None if digits == text or (slot.crowded and digits in text) else ("text_differs", "postal_code")
        case "coupon":
            problem = _number(slot, text, squeezed(expected.columns["coupon"]), "coupon_code")
            return problem or (_words(slot, text, expected) if expected.columns["coupon"] else None)
        case "lottery":
            return _number(slot, text, squeezed("".join(expected.tickets)), "lottery_number")
        case _:
            return _words(slot, text, expected)


def _number(slot: SlotPlace, text: str, number: str, field: str) -> Problem | None:
    """Numbers stand under the words of their slot; without a number there are no words either."""
    if not number:
        return ("text_unexpected", field) if text and not slot.crowded else None
    if slot.vertical:
        text, number = flattened(text), flattened(number)
    found = number in text if slot.crowded else text.endswith(number)
    return None if found else ("text_differs", field)


def _words(slot: SlotPlace, text: str, expected: Expected) -> Problem | None:
    text = flattened(text) if slot.vertical else text
    for phrase in slot.phrases:
        wanted = expected.phrase(phrase)
        if slot.vertical:
            wanted = [flattened(one) for one in wanted]
        if slot.exact and not slot.crowded and not slot.vertical:
            if text not in wanted:
                return "text_differs", _first_column(phrase)
        elif not any(one in text for one in wanted):
            return "text_differs", _first_column(phrase)
    return None


def payload_problem(slot: SlotPlace, payload: str, expected: Expected) -> Problem | None:
    """Whether a code's payload is this piece's."""
    if slot.kind == "japanpost":
        return _customer_barcode(payload.split(), expected)
    if slot.kind == "ar":
        return None if payload == expected.marker else ("symbol_differs", "ar_id")
    if slot.link:
        return None if payload == expected.piece.links.get(slot.link) else ("symbol_differs", "link")
    text = squeezed(payload)
    for phrase in slot.phrases:
        wanted = expected.phrase(phrase)
        if slot.kind == "ean13":  # the thirteenth is the check digit, which words may leave to the symbol
            wanted += [text for one in wanted if len(one) == len(text) - 1 and text.startswith(one)]
        if text not in wanted if slot.exact else not any(one in text for one in wanted):
            return "symbol_differs", _first_column(phrase)
    return None


def _customer_barcode(codes: list[str], expected: Expected) -> Problem | None:
    """Postal code, then numbers that the address shows in this order (what is extracted of it, the printing decided).

    A letter is two codes: CC1 to CC3 and a digit.
    """
    if "".join(codes[:7]) != _digits(expected.columns["postal_code"]):
        return "symbol_differs", "postal_code"
    address = expected.columns["address"]
    if _HUNDREDS.search(address):
        return None
    pairs = pairwise(codes[6:])
    numbers = [code for before, code in pairs if code.isdecimal() and before not in ("CC1", "CC2", "CC3")]
    there = iter(flattened(address))
    return None if all(digit in there for digit in numbers) else ("symbol_differs", "address")


def _digits(postal_code: str) -> str:
    return "".join(char for char in flattened(postal_code) if char.isdecimal())


def _first_column(phrase: Phrase) -> str:
    return next((part.column for part in phrase if part.column), "")


def _address(slot: SlotPlace, text: str, expected: Expected) -> Problem | None:
    values = [(name, squeezed(expected.columns[name])) for name in ("postal_code", "address", "name")]
    if slot.vertical:  # the postal code stands in boxes of its own
        text = flattened(text)
        return next((("text_differs", name) for name, value in values[1:] if flattened(value) not in text), None)
    if expected.country == "JP":
        whole = "〒" + "".join(value for _, value in values)
        if text in [whole + after for after in _HONORIFICS] or (slot.crowded and whole in text):
            return None
        missing = (name for name, value in values if value not in text)
        return ("text_differs", name) if (name := next(missing, "")) else ("text_unexpected", "")
    return next(_western(slot, text, expected), None)


def _western(slot: SlotPlace, text: str, expected: Expected) -> Iterator[Problem]:
    """The parts of an address stand in another order than in the list, the commas elsewhere."""
    columns = expected.columns
    chunks = [squeezed(chunk) for chunk in columns["address"].split(",")]
    name, postal = squeezed(columns["name"]), squeezed(columns["postal_code"])
    for field, wanted in (("name", [name]), ("postal_code", [postal]), ("address", chunks)):
        if any(one not in text for one in wanted):
            yield "text_differs", field
    if not slot.crowded and sorted(text.replace(",", "")) != sorted((name + postal + "".join(chunks)).replace(",", "")):
        yield "text_unexpected", ""
