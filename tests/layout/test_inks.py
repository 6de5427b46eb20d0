"""Small text in black of several inks is refused before anything is printed."""

from pathlib import Path

import pytest

from dmgen.errors import CampaignError
from dmgen.layout.inks import check_black
from dmgen.model.layout import K100, AddressSlot, Box, Color, Fit, PanelSlot, Spot, Style, TextSlot
from tests.layout.conftest import MakeMaster

PT = 25.4 / 72
RICH: Color = (0.6, 0.4, 0.4, 1.0)
BOX = Box(10, 10, 100, 30)


def _style(size: float, color: Color, fit: Fit = Fit.ERROR) -> Style:
    return Style("mincho", size * PT, size * 1.5 * PT, fit=fit, color=color)


@pytest.mark.parametrize(
    "color",
    [RICH, (0.01, 0.0, 0.0, 1.0), (0.93, 0.88, 0.89, 0.80), (0.0, 0.0, 0.2, 0.8), (1.0, 1.0, 1.0, 0.0)],
)
def test_black_of_several_inks_needs_12_points(color: Color) -> None:
    def check(size: float) -> None:
        check_black(Path("a.toml"), TextSlot(name="greeting", box=BOX, words="x", style=_style(size, color)))

    check(12)
    with pytest.raises(CampaignError, match=r"a\.toml: slot greeting: style sets text of 11\.9 pt.*\[0, 0, 0, 100\]"):
        check(11.9)


@pytest.mark.parametrize(
    "color",
    [
        K100,
        (0.0, 0.0, 0.0, 0.85),
        (0.0, 0.0, 0.0, 0.0),
        (0.78, 0.38, 0.78, 0.32),
        (1.0, 0.7, 0.0, 0.5),
        Spot("Black 6", RICH),
    ],  # type: ignore[arg-type]
)
def test_colours_and_black_alone_may_be_small(color: Color) -> None:
    check_black(Path("a.toml"), TextSlot(name="a", box=BOX, words="x", style=_style(6, color)))


def test_what_shrinks_is_judged_at_its_smallest() -> None:
    check_black(Path("a.toml"), TextSlot(name="a", box=BOX, words="x", style=_style(24, RICH, Fit.SHRINK)))
    with pytest.raises(CampaignError, match=r"sets text of 10\.0 pt"):
        check_black(Path("a.toml"), TextSlot(name="a", box=BOX, words="x", style=_style(20, RICH, Fit.SHRINK)))


def test_every_style_of_a_slot_is_looked_at() -> None:
    slot = AddressSlot(name="to", box=BOX, style=_style(10, K100), name_style=_style(10, RICH))
    with pytest.raises(CampaignError, match="slot to: name_style"):
        check_black(Path("a.toml"), slot)


def test_a_layout_with_such_text_is_not_compiled(make_master: MakeMaster) -> None:
    panel = PanelSlot(name="p", box=BOX, fill=RICH)  # type: ignore[arg-type]
    text = TextSlot(name="greeting", box=BOX, words="x", style=_style(10, RICH))
    make_master(panel, words={"x": "あ"})
    with pytest.raises(CampaignError, match="slot greeting"):
        make_master(panel, text, words={"x": "あ"})
