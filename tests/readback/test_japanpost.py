"""The reader of the customer barcode, against the published bars of the manual's examples."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from dmgen.model.layout import Box
from dmgen.readback.japanpost import bars_of, decoded
from dmgen.readback.pages import Pixels, opened

MM = 72 / 25.4
# 郵便番号・バーコードマニュアル, examples: the 20 codes and the bars.
PUBLISHED = {
    "2 6 3 0 0 2 3 3 - 3 0 - 8 - 4 0 3 CC4 CC4 CC4":
        "1313232131214414413231231241431214441423141412314431243243243214131",
    "0 1 4 0 1 1 3 6 0 - 1 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4":
        "1314411412314411411431232114441411443243243243243243243243243211131",
    "1 1 0 0 0 1 6 5 - 6 - 3 - 1 0 CC4 CC4 CC4 CC4 CC4":
        "1311411414414414411432114141432141431241411414443243243243243241131",
    "4 0 7 0 0 3 3 4 0 0 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4":
        "1312314421314414431231212314414443243243243243243243243243243241431",
    "5 9 0 0 0 1 6 4 - 6 - 1 9 CC4 CC4 CC4 CC4 CC4 CC4 CC4":
        "1314141114414414411432112341432141411441143243243243243243243234231",
    "3 1 7 0 0 5 5 6 - 7 - 1 4 - 2 CC4 CC4 CC4 CC4 CC4":
        "1331211421314414414114132141421341411412341413243243243243243232431",
    "0 6 4 0 8 0 4 2 9 - 1 5 2 4 - 2 3 - 2 -":
        "1314432112314423114412313241141411414113212341413231241413241431231",
}  # fmt: skip
LEFT, TOP, HEIGHT = 10.0, 10.0, 100.0
_THIRDS = {"1": (0, 3), "2": (0, 2), "3": (1, 3), "4": (1, 2)}  # from the top


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[..., Pixels]:
    """Bars of a point size as the read-back sees them, at the smallest scale that it uses."""

    def draw(bars: str, size: float = 10.0, cover: tuple[float, float] = (0, 0)) -> Pixels:
        out = BytesIO()
        canvas = Canvas(out, pagesize=(120 * MM, HEIGHT * MM))
        long, pitch, width = 0.35 * size, 0.118 * size, 0.058 * size  # mm: just below the nominal ones
        for place, bar in enumerate(bars):
            top, bottom = (long * third / 3 for third in _THIRDS[bar])
            x, y = LEFT + place * pitch, HEIGHT - TOP - bottom
            canvas.rect(x * MM, y * MM, width * MM, (bottom - top) * MM, stroke=0, fill=1)
        canvas.setFillGray(1)
        canvas.rect((LEFT + cover[0]) * MM, (HEIGHT - TOP - 9) * MM, (cover[1] - cover[0]) * MM, 9 * MM, 0, 1)
        canvas.save()
        file = tmp_path / "bars.pdf"
        file.write_bytes(out.getvalue())
        with opened(file) as printed, printed.page(1, HEIGHT, 0.0) as page:
            return page.pixels(Box(LEFT - 2, TOP - 2, 100, 9), 4 / 0.30)

    return draw


@pytest.mark.parametrize("codes", PUBLISHED)
def test_published_bars_are_the_published_codes(codes):
    assert " ".join(decoded(PUBLISHED[codes])) == codes


@pytest.mark.parametrize("size", [8.0, 9.0, 10.0, 11.5])
@pytest.mark.parametrize("codes", list(PUBLISHED)[:3])
def test_bars_are_read_from_the_page(codes, size, drawn):
    assert bars_of(drawn(PUBLISHED[codes], size)) == PUBLISHED[codes]


def test_every_changed_bar_is_noticed():
    """The check digit catches what the table of bars does not."""
    bars = PUBLISHED[next(iter(PUBLISHED))]
    for place, bar in enumerate(bars):
        for other in set("1234") - {bar}:
            assert decoded(bars[:place] + other + bars[place + 1 :]) == ()


@pytest.mark.parametrize("bars", ["", "13", "1331", "5" * 67])
def test_what_is_no_barcode_says_nothing(bars):
    assert decoded(bars) == ()


def test_covered_bars_are_no_bars(drawn):
    bars = PUBLISHED[next(iter(PUBLISHED))]
    assert bars_of(drawn(bars, cover=(20, 23))) == ""
    assert bars_of(drawn(bars, cover=(0, 95))) == ""
