"""Colours by name: looked up where they are used, and one definition a spot ink in a whole campaign."""

from collections.abc import Iterable, Mapping

from dmgen.campaign.lengths import COLORS
from dmgen.campaign.problems import RefusalError, did_you_mean, problem
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.layout import Color, Layout, Spot
from dmgen.toml import Keys, TomlFile


def found_color(file: TomlFile, keys: Keys, written: Color | str, colors: Mapping[str, Color]) -> Color:
    """The colour that is written, or that the written name of [colors] stands for. Raises CampaignError."""
    if not isinstance(written, str):
        return written
    if written not in colors:
        known = [*COLORS, *colors]
        message = mark(
            "no such colour{near}; allowed: {known}, a name of [colors], "
            "or [cyan, magenta, yellow, black] in percent, 0 to 100 each"
        )
        names = ", ".join(f'"{name}"' for name in known)
        refusal = RefusalError(message, near=did_you_mean(written, known), known=names)
        raise problem(file, keys, refusal)
    return colors[written]


def check_inks(layouts: Iterable[Layout]) -> None:
    """PDF/X: one definition a spot name. Raises CampaignError for inks of one name, or nearly, that differ."""
    seen: dict[str, tuple[Spot, Layout]] = {}
    for layout in layouts:
        for ink in layout.colors.values():
            if not isinstance(ink, Spot):
                continue
            first, other = seen.setdefault("".join(ink.name.split()).casefold(), (ink, layout))
            if first != ink:
                raise CampaignError(
                    mark(
                        "{file}: [colors]: the spot ink {ink} is also written as {first} (in {other}): "
                        "one ink has one name and one cmyk everywhere; write it once, in shop.toml"
                    ),
                    file=layout.file,
                    ink=_written(ink),
                    first=_written(first),
                    other=other.file,
                )


def _written(ink: Spot) -> str:
    return f"{ink.name} [{', '.join(f'{part * 100:g}' for part in ink.cmyk)}]"
