"""What the tests of postage are given: things, postings, the shipped prices."""

from datetime import date
from pathlib import Path

from dmgen.model.layout import Layout
from dmgen.model.posting import ENVELOPES, Discount, MailRules, Paper, Sorting
from dmgen.post.classes import Classed, classed
from dmgen.post.item import Item
from dmgen.post.postage import Posting
from dmgen.post.rates import Rates, rates

DAY = date(2026, 12, 1)
SHIPPED = rates(DAY)
PAPER = Paper.of("上質紙", 104.7)
CARD_PAPER = Paper.of("上質紙", 209.4)
NAGA3 = ENVELOPES["naga3"]
CARD = Item(100.0, 148.0, 0.26, 3.1)
LETTER = Item(120.0, 235.0, 0.59, 11.93)
THICK = Item(120.0, 235.0, 6.5, 40.0)
LARGE = Item(229.0, 324.0, 4.0, 120.0)
SORTED, BARCODE, ADVERTISING, LOCAL = Discount


def layout(width: float = 210.0, height: float = 297.0, folds: tuple[float, ...] = ()) -> Layout:
    """A sheet without anything on it."""
    return Layout("letter", Path("letter.toml"), width, height, 3.0, 1, folds, (), {})


def asked(*discounts: Discount, sort: Sorting = Sorting.DISTRICT, slack: int = 0, regional: bool = False) -> MailRules:
    """[mail] with these discounts."""
    return MailRules(envelope=NAGA3, discounts=discounts, sort=sort, slack=slack, regional_office=regional)


def posting(
    item: Item, pieces: int, with_barcode: int | None = None, prices: Rates = SHIPPED, **districts: int
) -> Posting:
    """Pieces of one thing, all with a barcode unless it is said; a card if it is as small as one."""
    card = item.height <= 154
    found: Classed = classed(item, MailRules(envelope=None if card else NAGA3), prices, card=card)
    have = pieces if with_barcode is None else with_barcode
    return Posting(item, found, pieces, have, {key.strip("d"): count for key, count in districts.items()})
