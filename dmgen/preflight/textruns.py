"""Text operators: where each run of text stands, how large it is, and what codes it shows (ISO 32000-1, 9.4)."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pikepdf import String

from dmgen.preflight.fontmetrics import Metrics
from dmgen.preflight.geometry import UNIT, Matrix, height_scale, moved, multiplied
from dmgen.preflight.reading import array, name, number
from dmgen.preflight.resources import Font
from dmgen.preflight.shown import Painted, ShownText
from dmgen.preflight.state import matrix, values

if TYPE_CHECKING:
    from dmgen.preflight.contents import ContentStream

_INVISIBLE = 3  # text rendering mode
_FILLED = (0, 2, 4, 6)
_ENTRIES = {"Tc": "spacing", "Tw": "words", "Tz": "stretch", "TL": "leading", "Ts": "rise", "Tr": "mode"}


class TextRuns:
    """The text object of a content stream."""

    def __init__(self, stream: "ContentStream") -> None:
        self._stream = stream
        self._line: Matrix = UNIT
        self._place: Matrix = UNIT

    def begin(self, _: str, __: list[Any]) -> None:
        """BT: a text object begins at the origin."""
        self._line = self._place = UNIT

    def font(self, _: str, operands: list[Any]) -> None:
        """Tf: font and size."""
        found = self._stream.resource("/Font", operands[0] if operands else None)
        font = self._stream.reader.listing.font(found, name(operands[0]) if operands else "")
        size = number(operands[1]) if len(operands) > 1 else None
        self._stream.state = replace(self._stream.state, font=font, size=size or 0.0)

    def set(self, operator: str, operands: list[Any]) -> None:
        """Tc, Tw, Tz, TL, Ts, Tr: one value of the text state."""
        if numbers := values(operands, 1):
            scale = 0.01 if operator == "Tz" else 1.0
            change: dict[str, Any] = {_ENTRIES[operator]: numbers[0] * scale}
            self._stream.state = replace(self._stream.state, **change)

    def move(self, operator: str, operands: list[Any]) -> None:
        """Td, TD, T*: to another line."""
        numbers = (0.0, -self._stream.state.leading) if operator == "T*" else values(operands, 2)
        if numbers:
            if operator == "TD":
                self._stream.state = replace(self._stream.state, leading=-numbers[1])
            self._line = self._place = multiplied((1, 0, 0, 1, numbers[0], numbers[1]), self._line)

    def place(self, _: str, operands: list[Any]) -> None:
        """Tm: to anywhere."""
        if found := matrix(operands):
            self._line = self._place = found

    def show(self, operator: str, operands: list[Any]) -> None:
        """Tj, TJ, ' and ": show text."""
        if operator == '"' and len(operands) == 3:
            words, spacing = number(operands[0]) or 0.0, number(operands[1]) or 0.0
            self._stream.state = replace(self._stream.state, words=words, spacing=spacing)
        if operator in ("'", '"'):
            self.move("T*", [])
        shown = array(operands[-1]) if operands and operator == "TJ" else operands[-1:]
        font = self._stream.state.font
        if font is None:
            self._stream.flaw("missing", name="/Font")
            return
        font.shown = font.shown or self._stream.state.mode != _INVISIBLE
        self._run(font, shown)

    def _run(self, font: Font, shown: list[Any]) -> None:
        state, metrics = self._stream.state, self._stream.reader.metrics(font)
        forward, count = 0.0, 0
        for part in shown:
            if isinstance(part, String):
                codes = metrics.codes(bytes(part))
                font.codes.update(codes if state.mode != _INVISIBLE else ())
                count += len(codes)
                forward += self._advance(metrics, codes)
            else:
                forward -= (number(part) or 0.0) / 1000 * state.size
        start = self._place
        step = (0.0, -forward) if metrics.vertical else (forward * state.stretch, 0.0)
        self._place = multiplied((1, 0, 0, 1, *step), start)
        if count and state.mode != _INVISIBLE:
            self._tell(start, self._place)

    def _advance(self, metrics: Metrics, codes: list[int]) -> float:
        """How far a string moves the pen, in text space before horizontal scaling."""
        state = self._stream.state
        wide = len(codes) * 1000.0 if metrics.vertical else sum(map(metrics.width, codes))
        blanks = 0 if metrics.composite else codes.count(32)
        return wide / 1000 * state.size + len(codes) * state.spacing + blanks * state.words

    def _tell(self, start: Matrix, end: Matrix) -> None:
        state = self._stream.state
        first, last = multiplied(start, state.ctm), multiplied(end, state.ctm)
        filled = state.mode in _FILLED
        colour = state.fill if filled else None
        text = ShownText(
            self._stream.at, self._stream.page, colour, state.fill_over, abs(state.size) * height_scale(first),
            moved(first, 0.0, state.rise), moved(last, 0.0, state.rise),
        )  # fmt: skip
        self._stream.reader.emit(text)
        if colour:
            self._stream.once(Painted(self._stream.at, colour))
