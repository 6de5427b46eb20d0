"""AR markers in a layout: what phones would not find, or what would show nothing, is refused."""

from collections.abc import Callable

import pytest
from PIL import Image

from dmgen.campaign.markers import small_markers
from dmgen.model.layout import ArSlot, Box
from tests.campaign.conftest import Desk

QR = 'qr = { kind = "qr", link = "ar", box = [150, 205, 30, 30] }'
AR = '[links.ar]\nto = "ar"\n[ar]\nmarker = 17\ncontent = "leaf.png"\nplace = [20, 40, 80, 45]\n'


@pytest.fixture
def letter(desk: Desk) -> Callable[..., ArSlot]:
    """The marker of a layout with one, as the one letter of a campaign with [ar]."""

    def load(slot: str, more: str = QR, head: str = "", campaign: str = AR) -> ArSlot:
        Image.new("RGB", (16, 9)).save(desk.folder / "leaf.png")
        if "pages = " not in (desk.folder / "../shop.toml").read_text("utf-8"):
            desk.change("../shop.toml", "links    =", 'pages = "https://aobado.example.jp/dm/"\nlinks    =')
        desk.write("letter.toml", f'{head}\n[words]\nhello = "こんにちは"\n[slots]\nx = {slot}\n{more}\n')
        desk.write("campaign.toml", f'format = 1\nid = "one"\n[audience]\nlayout = "letter"\n{campaign}')
        slots = desk.load().layouts["letter"].pages[0].slots
        return next(found for found in slots if isinstance(found, ArSlot))

    return load


def test_a_marker_fills_its_box_but_for_its_quiet_zone(letter) -> None:
    marker = letter('{ kind = "ar", box = [20, 20, 44, 55] }')
    assert marker.size == pytest.approx(32)
    assert marker.area == Box(26, 31.5, 32, 32)


def test_a_size_is_centred_in_its_box(letter) -> None:
    marker = letter('{ kind = "ar", box = [20, 20, 60, 60], size = 30 }')
    assert marker.area == Box(35, 35, 30, 30)
    assert letter('{ kind = "ar", box = [20, 20, 60, 60], size = "1in" }').size == pytest.approx(25.4)


@pytest.mark.parametrize(
    ("slot", "texts"),
    [
        ('{ kind = "ar", box = [20, 20, 34, 34] }', ("slots.x.box = [20, 20, 34, 34]", "24.7 mm", "at least 25")),
        ('{ kind = "ar", box = [20, 20, 60, 60], size = 24 }', ("slots.x.size = 24", "24.0 mm", "better 30")),
        ('{ kind = "ar", box = [20, 20, 40, 40], size = 30 }', ("slots.x.size = 30", "41.2 × 41.2 mm", "29.1 mm")),
        ('{ kind = "ar", box = [20, 20, 44, 44], color = [0, 100, 0, 0] }', ("slots.x.color", "black only")),
        ('{ kind = "ar", box = [180, 20, 44, 44] }', ("slots.x.box", "leaves the sheet")),
        ('{ kind = "ar", box = [20, 20, 44, 44], link = "ar" }', ("slots.x.link", "unknown key")),
    ],
)
def test_small_coloured_and_misplaced_markers_are_refused(letter, refused, slot: str, texts: tuple[str, ...]) -> None:
    refused(lambda: letter(slot), ("letter.toml, line", *texts))


def test_the_smallest_marker_is_25_mm(letter) -> None:
    assert letter('{ kind = "ar", box = [20, 20, 34.375, 34.375] }').size == pytest.approx(25)


@pytest.mark.parametrize("top", [56, 60, 98])
def test_neither_marker_nor_quiet_zone_lies_on_a_fold(letter, refused, top: int) -> None:
    """A white fold line of 0.2 mm costs two thirds of the frames."""
    slot = f'{{ kind = "ar", box = [20, {top}, 44, 44] }}'
    refused(lambda: letter(slot, head="[page]\nfolds = [99, 198]"), ("slots.x.box", "fold", "99 mm"))


def test_a_marker_may_touch_a_fold(letter) -> None:
    assert letter('{ kind = "ar", box = [20, 55, 44, 44] }', head="[page]\nfolds = [99, 198]")


@pytest.mark.parametrize(
    ("other", "text"),
    [
        ('{ kind = "text", words = "hello", box = [20, 60, 44, 10] }', "y stands on it"),
        ('{ kind = "panel", box = [10, 10, 100, 100], fill = [0, 0, 20, 0] }', "y shows under it"),
        ('{ kind = "panel", box = [10, 10, 100, 100], fill = "white" }', "y would cover it"),
    ],
)
def test_a_marker_stands_black_on_white_alone(letter, refused, other: str, text: str) -> None:
    refused(lambda: letter('{ kind = "ar", box = [20, 20, 44, 44] }', f"{QR}\ny = {other}"), ("slots.x.box", text))


def test_a_page_has_one_marker(letter, refused) -> None:
    more = f'{QR}\ny = {{ kind = "ar", box = [20, 120, 44, 44] }}'
    refused(lambda: letter('{ kind = "ar", box = [20, 20, 44, 44] }', more), ("slots.y.kind", "one marker", "x"))


@pytest.mark.parametrize(
    ("more", "campaign", "texts"),
    [
        (QR, "", ("slot x", "[ar]", 'content = "film.mp4"')),
        ("", AR, ("slot x", '[links.ar] to = "ar"', 'kind = "qr"')),
        (QR.replace('"ar"', '"coupon"'), AR, ("slot x", '[links.ar] to = "ar"')),
        (QR, AR.replace('to = "ar"', 'to = "coupon"'), ("slot x", '[links.ar] to = "ar"')),
        (QR.replace(" }", ', when = "offer" }'), AR, ("slot x", "in every letter that has the marker")),
    ],
)
def test_a_marker_shows_something_and_stands_beside_its_qr_code(letter, refused, more, campaign, texts) -> None:
    refused(lambda: letter('{ kind = "ar", box = [20, 20, 44, 44] }', more, campaign=campaign), ("letter.toml", *texts))


def test_the_qr_code_may_have_the_marker_s_own_rule_or_lead_to_a_page_of_the_shop(letter) -> None:
    marker = '{ kind = "ar", box = [20, 20, 44, 44], when = "offer" }'
    assert letter(marker, QR.replace(" }", ', when = "offer" }'))
    assert letter(marker, QR, campaign=AR.replace('to = "ar"', 'to = "https://x.example/ar/"'))


def test_a_marker_under_30_mm_is_worth_a_look(desk: Desk, letter) -> None:
    letter('{ kind = "ar", box = [20, 20, 40, 40] }')
    [remark] = small_markers(desk.load().layouts.values())
    assert "slot x" in str(remark) and "29.1 mm" in str(remark)
    letter('{ kind = "ar", box = [20, 20, 41.25, 41.25] }')
    assert not list(small_markers(desk.load().layouts.values()))
