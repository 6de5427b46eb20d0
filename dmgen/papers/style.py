"""Sizes of papers (mm), their greys, and the rules and frames that they are drawn with."""

from dmgen.model.contents import Item, Stamp
from dmgen.model.layout import K100, Box, Color, PanelSlot

WIDTH, HEIGHT = 210.0, 297.0  # A4
LEFT, TOP, BOTTOM = 18.0, 15.0, 17.0
ACROSS = WIDTH - 2 * LEFT

GREY: Color = (0.0, 0.0, 0.0, 0.62)
LIGHT: Color = (0.0, 0.0, 0.0, 0.25)
RED: Color = (0.0, 1.0, 0.95, 0.1)
WHITE: Color = (0.0, 0.0, 0.0, 0.0)
HAIR, FINE = 0.1, 0.35  # rules
ASCENT = 0.88  # of a Japanese em box


class Scale:
    """Sizes of type, and `unit`, a step of the grid: all of them smaller by one factor; `pictures` by their own."""

    def __init__(self, factor: float, pictures: float) -> None:
        self.pictures = pictures
        self.title, self.large = 6.8 * factor, 6.2 * factor
        self.heading, self.subtitle = 3.9 * factor, 3.5 * factor
        self.body, self.label = 3.2 * factor, 2.6 * factor
        self.unit = factor


class Shapes:
    """The rectangles of a paper, each kind drawn once a file and stamped where it stands."""

    def __init__(self) -> None:
        self.forms: dict[str, list[Item]] = {}

    def rule(self, left: float, top: float, width: float, line: float, color: Color = K100) -> Stamp:
        """A horizontal rule whose upper edge is `top`."""
        return self._stamp(left, top, width, line, fill=color)

    def panel(self, left: float, top: float, width: float, height: float, color: Color) -> Stamp:
        """A filled rectangle."""
        return self._stamp(left, top, width, height, fill=color)

    def frame(self, left: float, top: float, width: float, height: float) -> Stamp:
        """A thin frame."""
        return self._stamp(left, top, width, height, stroke=GREY)

    def _stamp(
        self, left: float, top: float, width: float, height: float, *, fill: Color | None = None,
        stroke: Color | None = None,
    ) -> Stamp:  # fmt: skip
        name = f"{width:.2f}x{height:.2f} {fill} {stroke}"
        slot = PanelSlot(name=name, box=Box(0, 0, width, height), fill=fill, stroke=stroke, line=HAIR)
        self.forms.setdefault(name, [slot])
        return Stamp(name, left, top)
