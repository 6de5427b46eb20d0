"""The mark of paid postage as it is drawn, measured in the pixels of the page it is printed on."""

from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from dmgen.errors import CampaignError
from dmgen.fonts import FontLibrary
from dmgen.layout import Compiler, Master, Materials, build_master, places
from dmgen.model.layout import Box, Layout, MarkShape, Page, PostageMarkSlot, Style
from dmgen.model.printing import PrintSettings
from dmgen.model.production import NO_NUMBERS
from dmgen.model.rule import Rule
from dmgen.press import Names, PressKit, build_form, read_intent
from tests.conftest import print_pages

PIXELS = 20  # a mm
WIDTH, HEIGHT = 60.0, 50.0
STYLE = Style("gothic", 6 * 25.4 / 72, 6 * 25.4 / 72, fallback=("mincho",))
OFFICE = "仙台青葉局"


def _slot(
    size: float = 22.0, lines: tuple[int, int] = (0, 1), *, shape: MarkShape = MarkShape.CIRCLE, advert: bool = False,
    office: str = OFFICE, height: float | None = None, when: str = "",
) -> PostageMarkSlot:  # fmt: skip
    paid = ("料金別納郵便",) if advert else ("料金別納", "郵　便")
    box = Box(7, 8, size, size if height is None else height)
    rule = Rule.parse(when) if when else None
    return PostageMarkSlot(
        name="paid", box=box, shape=shape, post_office=office, paid=paid, lines=lines, gap=1.5, advert=advert,
        style=STYLE, when=rule,
    )  # fmt: skip


def _master(fonts: FontLibrary, slot: PostageMarkSlot, *, black_only: bool = False) -> Master:
    layout = Layout("x", Path("x.toml"), WIDTH, HEIGHT, 0.0, 1, (), (Page((slot,)),), {})
    materials = Materials(fonts, {}, {}, frozenset({"points"}), "JP", black_only=black_only)
    return build_master(layout, Compiler(layout, materials, {}, "0."), {})


def _printed(fonts: FontLibrary, slot: PostageMarkSlot) -> bytes:
    master = _master(fonts, slot)
    names = Names({key: key.encode() for key in fonts}, {form: b"S" + form.encode() for form in master.forms}, {})
    forms = {form: build_form(items, names, WIDTH, HEIGHT, 0) for form, items in master.forms.items()}
    kit = PressKit(fonts, forms, {}, names, "x", date(2026, 1, 1), "t", read_intent(PrintSettings()))
    return print_pages(kit, master.set_piece({}, NO_NUMBERS, 1))


def _ink(data: bytes) -> np.ndarray:
    """Where a page is dark, row by row."""
    with pypdfium2.PdfDocument(data) as document:
        picture = document[0].render(scale=PIXELS * 25.4 / 72).to_pil().convert("L")
    return np.asarray(picture) < 128


def _runs(flags: np.ndarray) -> list[tuple[float, float]]:
    """Beginning and end (mm) of the stretches that are true."""
    edges = np.flatnonzero(np.diff(flags, prepend=False, append=False))
    return [(begin / PIXELS, end / PIXELS) for begin, end in edges.reshape(-1, 2)]


def _lines(ink: np.ndarray, slot: PostageMarkSlot) -> list[tuple[float, float]]:
    """Top and foot (mm from the mark's top) of the rows that are dark from side to side within the frame."""
    box, radius = slot.box, slot.box.height / 2
    found = np.zeros(len(ink), bool)
    for row in range(len(ink)):
        y = (row + 0.5) / PIXELS - box.top
        if not 1.0 < y < box.height - 1.0:
            continue
        half = np.sqrt(radius**2 - (y - radius) ** 2) if slot.shape is MarkShape.CIRCLE else box.width / 2
        middle, inside = box.left + box.width / 2, half - 0.6
        found[row] = ink[row, round((middle - inside) * PIXELS) : round((middle + inside) * PIXELS)].all()
    return [(top - box.top, foot - box.top) for top, foot in _runs(found)]


ALL = [
    (shape, advert, lines, size)
    for shape, advert, lines, size in product(MarkShape, (False, True), ((0, 1), (0, 2), (1, 2)), (20.0, 25.5, 30.0))
]


@pytest.mark.parametrize(("shape", "advert", "lines", "size"), ALL)
def test_what_is_printed_has_the_size_the_place_and_the_lines(fonts, shape, advert, lines, size):
    """Diameter, corner and number of lines are what a post office clerk looks at."""
    slot = _slot(size, lines, shape=shape, advert=advert)
    ink = _ink(_printed(fonts, slot))
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    for found, (start, length) in ((rows, (8, size)), (columns, (7, size))):
        assert found[0] / PIXELS == pytest.approx(start, abs=0.06)
        assert (found[-1] + 1) / PIXELS == pytest.approx(start + length, abs=0.06)
    seen = _lines(ink, slot)
    below_half = [top for top, _ in seen if top > size / 2 - 0.3]
    assert len(seen) - len(below_half) == sum(lines)
    assert len(below_half) == advert, "the lower half begins with a line"
    if lines[1] == 2:
        first, second = seen[lines[0]], seen[lines[0] + 1]
        assert 1 <= second[0] - first[1] <= 2
        assert 1 <= second[0] - first[0] <= 2
    if advert:
        free = ink[round((8 + size / 2 + 0.3) * PIXELS) : round((8 + size * 0.9) * PIXELS), :]
        middle = slice(round((7 + size / 2 - 3) * PIXELS), round((7 + size / 2 + 3) * PIXELS))
        assert not free[:, middle].any()


@pytest.mark.parametrize(("shape", "advert", "lines", "size"), ALL)
def test_its_words_touch_neither_lines_nor_frame(fonts, shape, advert, lines, size):
    """Drawn without its words, the frame and the lines are the same pixels: what is more stands 0.2 mm off them."""
    slot = _slot(size, lines, shape=shape, advert=advert)
    whole = _ink(_printed(fonts, slot))
    master = _master(fonts, slot)
    [form] = master.forms
    frame = master.forms[form][: 1 + len(_lines(whole, slot))]
    master.forms[form][:] = frame
    names = Names({key: key.encode() for key in fonts}, {form: b"S0"}, {})
    kit = PressKit(
        fonts, {form: build_form(frame, names, WIDTH, HEIGHT, 0)}, {}, names, "x", date(2026, 1, 1), "t",
        read_intent(PrintSettings()),
    )  # fmt: skip
    bare = _ink(print_pages(kit, master.set_piece({}, NO_NUMBERS, 1)))
    words = whole & ~bare
    assert words.any()
    reach = round(0.2 * PIXELS)
    near = np.zeros_like(bare)
    for down, across in product(range(-reach, reach + 1), repeat=2):
        near |= np.roll(bare, (down, across), (0, 1))
    assert not (words & near).any()


def test_the_words_can_be_read_in_the_file(fonts):
    with pypdfium2.PdfDocument(_printed(fonts, _slot(lines=(0, 2)))) as document:
        text = "".join(document[0].get_textpage().get_text_range().split())
    assert text == f"{OFFICE}料金別納郵便"


def test_the_read_back_looks_for_its_words(fonts):
    [page] = places(_master(fonts, _slot())).pages
    [place] = page.slots
    assert place.kind == "postage_mark"
    assert [[part.text for part in phrase] for phrase in place.phrases] == [[OFFICE], ["料金別納"], ["郵　便"]]


@pytest.mark.parametrize(("when", "looked_for"), [("", False), ("points", True)])
def test_a_mark_that_is_on_the_paper_already_is_not_looked_for_on_letters(fonts, when, looked_for):
    [page] = places(_master(fonts, _slot(when=when), black_only=True)).pages
    assert bool(page.slots) is looked_for


def test_a_long_name_is_condensed_and_one_that_is_too_long_is_refused(fonts):
    assert _printed(fonts, _slot(30, office="さいたま新都心中央局"))
    with pytest.raises(CampaignError, match="さいたま新都心中央第二分室局 does not fit the mark: make it larger"):
        _master(fonts, _slot(20, office="さいたま新都心中央第二分室局"))


def test_a_name_without_glyphs_is_refused(fonts):
    with pytest.raises(CampaignError, match="another font"):
        _master(fonts, _slot(office="\U00030000局"))


def test_without_a_post_office_the_lines_stay(fonts):
    slot = _slot(lines=(0, 2), office="")
    ink = _ink(_printed(fonts, slot))
    assert len(_lines(ink, slot)) == 2
