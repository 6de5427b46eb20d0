"""Which inks text may be printed in."""

from pathlib import Path

from dmgen.errors import CampaignError
from dmgen.layout.typeset import smallest_size
from dmgen.messages import mark
from dmgen.model.layout import AnySlot, Cmyk, Color, ImageSlot, Spot, Style

_POINT = 25.4 / 72
_STYLES = ("style", "name_style", "code_style", "words_style")
LEAST_RICH = 12 * _POINT  # four inks never lie exactly on each other: under 12 pt letters get coloured edges
_NEARLY_BLACK = 0.8
_ROUNDING = 1e-6
_MOST_INK = 3.0  # of four: bureaus stop at 300 to 350 %


def _is_rich_black(color: Cmyk) -> bool:
    """Whether a colour is a black, or next to one, of several inks."""
    colored = sum(color[:3])
    return colored > 0 and (color[3] >= _NEARLY_BLACK or colored + color[3] >= _MOST_INK)


def check_black_only(file: Path, slot: AnySlot) -> None:
    """Raise CampaignError for a slot that varies and would need other inks than black on pre-printed paper."""
    inks = [getattr(slot, key, None) for key in ("color", "fill", "stroke")]
    inks += [style.color for key in _STYLES if isinstance(style := getattr(slot, key, None), Style)]
    if not isinstance(slot, ImageSlot) and all(ink is None or _is_black_ink(ink) for ink in inks):
        return
    raise CampaignError(
        mark(
            '{file}: slot {slot}: variables = "black only" prints what varies in black ink alone: '
            "give it the color [0, 0, 0, 100], or let it be the same in every letter (no picture, no when)"
        ),
        file=file,
        slot=slot.name,
    )


def _is_black_ink(color: Color) -> bool:
    return not isinstance(color, Spot) and color[:3] == (0, 0, 0) and color[3] > 0


def check_black(file: Path, slot: AnySlot) -> None:
    """Raise CampaignError for text in a black of several inks that is, or may be set, under 12 pt."""
    for key in _STYLES:
        style = getattr(slot, key, None)
        if not isinstance(style, Style) or isinstance(style.color, Spot) or not _is_rich_black(style.color):
            continue
        if smallest_size(style) < LEAST_RICH - _ROUNDING:
            raise CampaignError(
                mark(
                    "{file}: slot {slot}: {key} sets text of {size:.1f} pt in black of several inks, {color}: "
                    "below 12 pt print it in black alone, color = [0, 0, 0, 100]"
                ),
                file=file,
                slot=slot.name,
                key=key,
                size=smallest_size(style) / _POINT,
                color=[round(part * 100) for part in style.color],
            )
