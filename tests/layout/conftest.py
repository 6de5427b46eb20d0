"""Layouts of a few slots, made ready for a piece."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dmgen.fonts import FontLibrary
from dmgen.layout import NUMBER_NAMES, Compiler, Master, Materials, build_master
from dmgen.model.campaign import REJECT_ALL, Policies
from dmgen.model.contents import Code, Item, PageContents, Picture, Stamp, Text
from dmgen.model.layout import AnySlot, Layout, Page
from dmgen.model.production import Link, Numbers, Record, Row
from dmgen.symbols import QrSeries

ROW: Row = {
    "customer_id": "1001",
    "name": "青葉 花子",
    "postal_code": "100-0001",
    "address": "東京都千代田区千代田1-1 若葉ビル2階",
    "prefecture": "東京都",
    "city": "千代田区",
    "town": "千代田",
    "street": "1-1",
    "building": "若葉ビル2階",
    "points": 1200,
    "note": None,
    "product": Record({}),
    "joint_names": "",
}
LINK = "https://aobado.example.jp/c/"
NUMBERS = Numbers("P1", "ABCD2345EFGH", "ABCD 2345 EFGH", ("12345678",), {"coupon": Link("a" * 12, LINK + "a" * 12)})
NOTHING = Numbers("P1")


@dataclass(frozen=True)
class Set:
    """A set piece, and what stands in its text items and stamps."""

    master: Master
    pages: list[PageContents]

    def items(self, kind: type[Item], page: int = 0) -> list[Any]:
        return [item for item in self.pages[page].items if isinstance(item, kind)]

    def lines(self, page: int = 0) -> list[str]:
        return [line.text for item in self.items(Text, page) for line in item.lines]

    def stamped(self, page: int = 0) -> list[str]:
        """The lines of the stamped forms."""
        forms = [self.master.forms[stamp.form] for stamp in self.items(Stamp, page)]
        return [line.text for form in forms for item in form if isinstance(item, Text) for line in item.lines]


MakeMaster = Callable[..., Master]


@pytest.fixture(scope="session")
def series() -> QrSeries:
    return QrSeries.build(LINK, 12, "abcdefghijklmnopqrstuvwxyz")


@pytest.fixture
def make_master(fonts: FontLibrary, series: QrSeries) -> MakeMaster:
    """`make_master(slot, …, words={…})` compiles a layout of one page; `pages` replaces it by several."""

    def make(
        *slots: AnySlot,
        words: Mapping[str, str] | None = None,
        pages: tuple[Page, ...] = (),
        constants: Mapping[str, Any] | None = None,
        known: frozenset[str] | None = None,
        pictures: dict[str, tuple[int, int]] | None = None,
        sides: int = 1,
        country: str = "JP",
        links: bool = True,
        policies: Policies = REJECT_ALL,
    ) -> Master:
        file = Path("letter.toml")
        layout = Layout(
            "letter", file, 210.0, 297.0, 3.0, sides, (), pages or (Page(slots),), dict(words or {}),
            dict.fromkeys(words or {}, (file, 20)),
        )  # fmt: skip
        constants = {"shop": Record({"sender": "青葉堂"}), "offer": Record({"label": "500円引き"})} | dict(
            constants or {}
        )
        names = frozenset(ROW) | NUMBER_NAMES | frozenset({"shop", "shop.sender", "offer", "offer.label", "product.*"})
        names |= frozenset(constants) | frozenset({"product.photo"})
        materials = Materials(
            fonts,
            pictures or {},
            {"coupon": series} if links else {},
            names if known is None else known,
            country,
            policies,
        )
        return build_master(layout, Compiler(layout, materials, constants, "0."), constants)

    return make


def tickets(*numbers: str) -> Numbers:
    """A piece with these lottery numbers and nothing else."""
    return Numbers("P1", tickets=numbers)


def set_piece(master: Master, row: Mapping[str, Any] | None = None, numbers: Numbers = NUMBERS) -> Set:
    """The piece of a row with these cells changed."""
    return Set(master, master.set_piece({**ROW, **(row or {})}, numbers, 1))


__all__ = ["NOTHING", "NUMBERS", "Code", "MakeMaster", "Picture", "Set", "set_piece"]
