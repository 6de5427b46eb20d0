"""What content streams put on a page, with the state of the moment: the things that the rules of the house look at."""

from dataclasses import dataclass

from dmgen.preflight.file import PdfFile
from dmgen.preflight.pagetree import Page
from dmgen.preflight.spaces import Space

_BLACK = 0.999


@dataclass(frozen=True)
class Colour:
    """A current colour: its space and values from 0 to 1."""

    space: Space
    values: tuple[float, ...]

    @property
    def ink(self) -> float:
        """The coverage of all inks together, 1.0 being one solid; 0 where that is unknown, and for marks (All)."""
        inks, values = self.space.inks, self.values
        if inks.colorants == ("All",):
            return 0.0
        if inks.family == "DeviceGray":
            return 1 - values[0] if values else 1.0
        return sum(values) if inks.family in ("DeviceCMYK", "Separation", "DeviceN") else 0.0

    @property
    def is_black(self) -> bool:
        """Whether it is 100 % black and nothing else."""
        inks, values = self.space.inks, self.values
        if inks.family == "DeviceGray":
            return bool(values) and values[0] <= 1 - _BLACK
        if inks.family == "DeviceCMYK":
            return len(values) == 4 and sum(values[:3]) == 0 and values[3] >= _BLACK
        return inks.family == "Separation" and inks.colorants == ("Black",) and bool(values) and values[0] >= _BLACK

    @property
    def is_rich_black(self) -> bool:
        """Whether other inks stand under a black that carries the form, or it is the colour of register marks."""
        values = self.values
        if self.space.inks.colorants == ("All",):
            return True
        return self.space.inks.family == "DeviceCMYK" and len(values) == 4 and values[3] >= 0.85 and sum(values[:3]) > 0


@dataclass(frozen=True)
class Painted:
    """An area, line or text in a colour."""

    at: str
    colour: Colour


@dataclass(frozen=True)
class ShownText:
    """A run of text that is seen: from `start` to `end` on its baseline in points, `size` as it comes out."""

    at: str
    page: Page
    colour: Colour | None
    overprint: bool
    size: float
    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True)
class Stroked:
    """A line; `width` in points as it comes out."""

    at: str
    width: float


@dataclass(frozen=True)
class Placed:
    """An image on the page; resolution in pixels an inch, the lesser of the two directions."""

    at: str
    resolution: float
    bits: int


@dataclass(frozen=True)
class Blended:
    """Transparency that a page really uses."""

    at: str
    page: Page


@dataclass(frozen=True)
class Flaw:
    """What a content stream does that is no PDF: told as it was found."""

    file: PdfFile
    at: str
    kind: str
    values: dict[str, object]
