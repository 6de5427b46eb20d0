"""The seven boxes of a postal code (郵便番号・バーコードマニュアル p.5: 郵便番号記入枠)."""

from dataclasses import dataclass

from dmgen.fonts import Face
from dmgen.layout.piece import PieceValues
from dmgen.model.contents import Item, Line, Stamp, Text
from dmgen.model.layout import Box, Cmyk, PanelSlot, Style

WIDTH, HEIGHT = 47.7, 8.0  # mm, all boxes within their lines; on a card 12 mm from the top and 8 mm from the right
BOX = 5.7
_LEFTS = (0.0, 7.0, 14.0, 21.6, 28.4, 35.2, 42.0)
_FIRST = 3  # boxes before the hyphen
_BOLD, _FINE = 0.5, 0.3  # lines of the first three boxes and the hyphen; of the last four


def frames(box: Box, color: Cmyk) -> list[PanelSlot]:
    """The boxes and the hyphen; their sizes are measured to the inside of the lines."""
    panels = [
        _frame(box.left + left, box.top, _BOLD if place < _FIRST else _FINE, color) for place, left in enumerate(_LEFTS)
    ]
    left = box.left + _LEFTS[_FIRST - 1] + BOX + _BOLD
    right = box.left + _LEFTS[_FIRST] - _FINE
    hyphen = Box(left, box.top + HEIGHT / 2 - _BOLD / 2, right - left, _BOLD)
    return [*panels, PanelSlot(name="", box=hyphen, fill=color)]


def _frame(left: float, top: float, line: float, color: Cmyk) -> PanelSlot:
    around = Box(left - line / 2, top - line / 2, BOX + line, HEIGHT + line)
    return PanelSlot(name="", box=around, stroke=color, line=line)


@dataclass(frozen=True)
class PostalBoxesPlan:
    """The digits of the postal code in the middle of their boxes, over the frames where the sheet has none."""

    face: Face
    style: Style
    box: Box
    frames: tuple[Stamp, ...]

    def place(self, piece: PieceValues) -> list[Item]:
        """Seven digits. Raises MissingGlyphError."""
        face, style, box = self.face, self.style, self.box
        lines = []
        for digit, left in zip(piece.text("postal_code").replace("-", ""), _LEFTS, strict=True):
            ids, ends = face.measure(digit)
            lines.append(Line(left + (BOX - ends[-1] * style.size / 1000) / 2, 0.0, ids))
        baseline = box.top + (HEIGHT + face.cap_height * style.size / 1000) / 2
        return [*self.frames, Text(style.font, style.size, 1.0, style.color, box.left, baseline, 0.0, lines)]
