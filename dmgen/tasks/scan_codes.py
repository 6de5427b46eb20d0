"""What a scanner types: codes as they are printed, and what it adds to them or makes of them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from dmgen.model.parcel import PlannedParcel

# ISO/IEC 15424: the symbology identifier that a scanner may send before the data, as "]d2" or "]C1".
_AIM = re.compile(r"^\][A-Z][0-9A-Z](?=.)")
# Code 39 and NW-7 (Codabar) as scanners send them with their start and stop characters.
_STARRED = re.compile(r"^\*(.+)\*$")
_CODABAR = re.compile(r"^[A-D]([0-9$:/.+-]+)[A-D]$")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ーｰ"), "-")  # what an input method makes of a hyphen between digits
_BETWEEN = re.compile(r"[\t,;、；]")
_LINE_ENDS = re.compile(rb"[\r\n]+")


def fold(text: str) -> str:
    """A code for comparing: half-width capitals without blanks and control characters."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "").upper()
    narrow = unicodedata.normalize("NFKC", text.translate(_DASHES)).upper()
    return "".join(c for c in narrow if not c.isspace() and unicodedata.category(c)[0] != "C")


def readings(text: str) -> list[str]:
    """What a scanned code may be, folded, the likeliest first; none for nothing."""
    whole = fold(text)
    found = [whole, _AIM.sub("", whole)]
    for frame in (_STARRED, _CODABAR):
        found += [match[1] for one in found if (match := frame.match(one))]
    return [one for one in dict.fromkeys(found) if one]


def bare(code: str) -> str:
    """Letters and digits alone: slips show numbers with hyphens, their barcodes have none."""
    return code if code.isalnum() else "".join(filter(str.isalnum, code))


def parts(line: str) -> list[str]:
    """The codes of a line, should it hold more than one."""
    return [part for part in map(str.strip, _BETWEEN.split(line)) if part]


def lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines of what arrives in pieces, whichever end of line the scanner sends; empty ones are left out."""
    rest = b""
    for chunk in chunks:
        *whole, rest = _LINE_ENDS.split(rest + chunk)
        yield from filter(None, map(_decoded, whole))
    if last := _decoded(rest):
        yield last


def _decoded(line: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return line.decode(encoding).strip()
        except UnicodeDecodeError:
            pass
    return line.decode("ascii", "ignore").strip()


class Codes:
    """The codes of a job's plan: which piece or parcel each stands for. One order can have several parcels."""

    def __init__(self, planned: Sequence[PlannedParcel]) -> None:
        self._planned = planned
        self._pieces: dict[str, str] = {}
        self._shipments: dict[str, str] = {}
        self._numbers: dict[str, list[str]] = {}
        self._bare: dict[str, list[str]] | None = None  # made when it is first asked for
        for one in planned:
            if one.piece_id:
                self._pieces[fold(one.piece_id)] = one.piece_id
            self._shipments.setdefault(fold(one.shipment_id), one.shipment_id)
            for code in (one.tracking, *one.orders):
                _add(self._numbers, fold(code), one.shipment_id)

    def piece(self, text: str) -> str:
        """The piece of a scanned code; "" none."""
        return next((self._pieces[one] for one in readings(text) if one in self._pieces), "")

    def parcels(self, text: str) -> list[str]:
        """The shipments that a scanned code may mean: one, where it is its own number or no other has it."""
        found = readings(text)
        for one in found:
            if one in self._shipments:
                return [self._shipments[one]]
        for one in found:
            if one in self._numbers:
                return self._numbers[one]
        bares = self._bares()
        return next((bares[code] for one in found if (code := bare(one)) in bares), [])

    def _bares(self) -> dict[str, list[str]]:
        if self._bare is None:
            self._bare = {}
            for one in self._planned:
                for code in (one.shipment_id, one.tracking, *one.orders):
                    _add(self._bare, bare(fold(code)), one.shipment_id)
        return self._bare


def _add(known: dict[str, list[str]], code: str, shipment: str) -> None:
    if code:
        shipments = known.setdefault(code, [])
        if shipment not in shipments:
            shipments.append(shipment)
