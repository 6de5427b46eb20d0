"""What is handed to a cart: codes that mean the same, together; and the files that it takes."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from dmgen.messages import mark
from dmgen.model.cells import guard
from dmgen.model.offer import CodeSource, Offer

T = TypeVar("T")
Say = Callable[..., str]
"""`Speaker.say`: a marked message in the reader's language."""


AS_PRINTED = mark(
    "A code is compared with its hyphens, capitals or not, so it is registered as the letters show it. Do not add it "
    "without hyphens as well: each of the two could be used."
)


class Code(NamedTuple):
    """A code as it is printed and people type it (ABCD-EFGH-JKLM), and without hyphens."""

    printed: str
    plain: str


@dataclass(frozen=True, slots=True)
class Series:
    """Codes that mean the same: one offer (its dates are those of these codes) and one last day."""

    offer: Offer
    codes: tuple[Code, ...]

    @property
    def name(self) -> str:
        """The offer's id and last day: one name a series within a drop."""
        return f"{self.offer.id} {self.offer.expires}"

    @property
    def uses(self) -> int | None:
        """How often each code may be used: once, a shared one as often as people come with it."""
        return None if self.offer.codes is CodeSource.SHARED else 1


@dataclass(frozen=True, slots=True)
class Consignment:
    """What a cart is to know of one job: codes to take in, and codes to `withdraw`, with nothing of the recipients."""

    shop: str
    campaign: str
    drop: date
    zone: ZoneInfo
    series: tuple[Series, ...]
    withdraw: tuple[Series, ...]

    def title(self, series: Series) -> str:
        """What the shop's people see in the cart: label, campaign, drop, offer and last day; one a series."""
        return f"{series.offer.label} ({self.campaign} {self.drop} {series.name})"

    def starts(self, series: Series) -> datetime:
        """The first moment of a series: its first day's, else the drop's, at the shop."""
        return datetime.combine(series.offer.starts or self.drop, time(), self.zone)

    def ends(self, series: Series) -> datetime:
        """The last second of the last day, at the shop."""
        return datetime.combine(series.offer.expires, time(23, 59, 59), self.zone)


class CartFile(NamedTuple):
    """A file for a cart: its path in the folder, with `/`, and its text."""

    name: str
    text: str


Writer = Callable[[Consignment, Say], Iterator[CartFile]]
"""Writes what one kind of cart takes."""


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, bom: bool = False) -> str:
    """A CSV whose cells no spreadsheet runs; `bom`: with a byte order mark, for those that people open."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([[guard(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])
    return ("\ufeff" if bom else "") + out.getvalue()


def body(data: dict[str, Any]) -> str:
    """The JSON body of a request."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """`items` in parts of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))


def skus(consignment: Consignment) -> list[str]:
    """The products that any of the codes to take in is bound to."""
    return sorted({sku for series in consignment.series for sku in series.offer.products})
