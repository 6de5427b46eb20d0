"""Follows the content streams of a page with the graphics state of the moment (ISO 32000-1, 8 and 9)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Object, PdfError, Stream, String

from dmgen.preflight.file import PdfFile
from dmgen.preflight.fontmetrics import Metrics
from dmgen.preflight.geometry import UNIT, height_scale, mean_scale, multiplied, width_scale
from dmgen.preflight.pagetree import Page
from dmgen.preflight.reading import DIRECT, Key, array, entries, get, key, label, name, names, number
from dmgen.preflight.resources import Font, Image, Listing
from dmgen.preflight.shown import Blended, Colour, Flaw, Painted, Placed, Stroked
from dmgen.preflight.spaces import DEVICE, Space, SpaceUse, read_space
from dmgen.preflight.state import State, blends, matrix, values
from dmgen.preflight.textruns import TextRuns

Emit = Callable[[object], None]
Handler = Callable[[str, list[Any]], None]
_DEPTH = 24  # of forms within forms
_SAVED = 28  # PDF 1.6 limits: q nesting
_STRING = 32767
_FORMS = 10_000  # drawn on one page; more than that is a trap, not a drawing
_KEPT = 2000  # instructions of a form that is kept parsed
_WATCHED = (
    "q Q cm w gs ri g G rg RG k K cs CS sc SC scn SCN f F f* B B* b b* S s Do BT Tf Tc Tw Tz TL Ts Tr Td TD T* Tm "
    "Tj TJ ' \" BI ID EI"
)
_SETS = {"g": "DeviceGray", "rg": "DeviceRGB", "k": "DeviceCMYK"}
_FILLS, _STROKES = {"f", "F", "f*", "B", "B*", "b", "b*"}, {"S", "s", "B", "B*", "b", "b*"}


class Reader:
    """Reads pages, and the forms in them once for each state in which they are drawn."""

    def __init__(self, file: PdfFile, listing: Listing, emit: Emit) -> None:
        self.file = file
        self.listing = listing
        self.emit = emit
        self._parsed: dict[Key, list[Any]] = {}
        self._metrics: dict[Font, Metrics] = {}
        self._drawn: set[tuple[Key, State, bool]] = set()
        self._forms = 0

    def page(self, page: Page) -> None:
        """Read the content of a page and of everything that it draws."""
        self._forms = 0
        source = pikepdf.Page(page.object)
        ContentStream(self, page, "contents", page.get("/Resources"), State(), 0).read(self.parsed(source, "contents"))

    def form(self, form: Object, at: str, page: Page, resources: object, state: State, depth: int) -> None:
        """Read a form, a pattern or a glyph, if it was not drawn with the same state before."""
        grouped = get(page.entries, "/Group") is not None
        drawn = (key(form), state, grouped)
        if depth > _DEPTH or self._forms > _FORMS or not isinstance(form, Stream) or drawn in self._drawn:
            return
        self._drawn.add(drawn)
        self._forms += 1
        own = get(form, "/Resources")
        inner = ContentStream(self, page, at, resources if own is None else own, state, depth)
        inner.read(self.parsed(form, at))

    def parsed(self, source: Any, at: str) -> list[Any]:
        """The instructions of a content stream."""
        number_ = key(source) if isinstance(source, Object) else DIRECT
        if number_ in self._parsed:
            return self._parsed[number_]
        try:
            found = list(pikepdf.parse_content_stream(source, _WATCHED))
        except (PdfError, RuntimeError, ValueError, TypeError) as error:
            self.emit(Flaw(self.file, at, "unreadable", {"problem": str(error)[:80]}))
            found = []
        if number_ != DIRECT and len(found) <= _KEPT:
            self._parsed[number_] = found
        return found

    def metrics(self, font: Font) -> Metrics:
        """A font's codes and declared widths, kept."""
        if font not in self._metrics:
            self._metrics[font] = Metrics(font.object)
        return self._metrics[font]


class ContentStream:
    """One content stream in one state."""

    def __init__(self, reader: Reader, page: Page, at: str, resources: object, state: State, depth: int) -> None:
        self.reader, self.page, self.at, self._depth = reader, page, at, depth
        self._resources = resources
        self._spaces = get(resources, "/ColorSpace")
        self.state = state
        self._saved: list[State] = []
        self._text = TextRuns(self)
        self._told: set[object] = set()

    def read(self, instructions: list[Any]) -> None:
        """Carry out every instruction; a wrong operand leaves the state as it was."""
        handlers = self._handlers()
        for instruction in instructions:
            operator = bytes(instruction.operator).decode("latin-1")
            operands = list(instruction.operands)
            if operator == "INLINE IMAGE":
                self._inline(operands[0])
            elif handler := handlers.get(operator):
                handler(operator, operands)
            self._limits(operands)
        if self._saved:
            self.flaw("unbalanced", count=len(self._saved))

    def flaw(self, kind: str, **said: object) -> None:
        """Tell of what is no PDF."""
        self.reader.emit(Flaw(self.reader.file, self.at, kind, said))

    def once(self, thing: object) -> None:
        """Tell of a thing once a stream."""
        if thing not in self._told:
            self._told.add(thing)
            self.reader.emit(thing)

    def _limits(self, operands: list[Any]) -> None:
        for operand in operands:
            if isinstance(operand, String) and len(bytes(operand)) > _STRING:
                self.flaw("string", size=len(bytes(operand)))

    def resource(self, category: str, written: object) -> Any:
        """What a name stands for; a name that stands for nothing is a flaw."""
        found = get(self._resources, category, f"/{name(written)}") if name(written) else None
        if found is None:
            self.flaw("missing", name=f"{category}/{name(written)}")
        return found

    # State

    def _save(self, _: str, __: list[Any]) -> None:
        self._saved.append(self.state)
        if len(self._saved) == _SAVED + 1:
            self.flaw("nested")

    def _restore(self, _: str, __: list[Any]) -> None:
        if self._saved:
            self.state = self._saved.pop()
        else:
            self.flaw("unbalanced", count=-1)

    def _concat(self, _: str, operands: list[Any]) -> None:
        if found := matrix(operands):
            self.state = replace(self.state, ctm=multiplied(found, self.state.ctm))

    def _set_width(self, _: str, operands: list[Any]) -> None:
        if numbers := values(operands, 1):
            self.state = replace(self.state, width=numbers[0])

    def _graphics_state(self, _: str, operands: list[Any]) -> None:
        found = self.resource("/ExtGState", operands[0] if operands else None)
        own, state = entries(found), self.state
        width = number(own.get("/LW"))
        stroke_over = own.get("/OP", state.stroke_over) is True
        fill_over = own.get("/op", own.get("/OP", state.fill_over)) is True
        self.state = replace(
            state, width=state.width if width is None else width, stroke_over=stroke_over, fill_over=fill_over
        )
        font = array(own.get("/Font"))
        if len(font) == 2 and isinstance(font[0], Dictionary):
            chosen = self.reader.listing.font(font[0], "/Font")
            self.state = replace(self.state, font=chosen, size=number(font[1]) or 0.0)
        if blends(own):
            self.once(Blended(self.at, self.page))
        mask = get(own.get("/SMask"), "/G")
        if mask is not None:
            self._draw(mask, label(mask, "/SMask /G"), State(ctm=self.state.ctm))

    def _intent(self, _: str, operands: list[Any]) -> None:
        if operands:
            self.reader.emit(Image(self.reader.file, f"{self.at} ri", {"/Intent": operands[0]}))

    # Colour

    def _device(self, operator: str, operands: list[Any]) -> None:
        family = _SETS[operator.lower()]
        found = values(operands, DEVICE[family])
        space = read_space(Name(f"/{family}"), self._spaces)
        self._choose(operator, space, found or (0.0,) * DEVICE[family])

    def _space(self, operator: str, operands: list[Any]) -> None:
        space = read_space(operands[0] if operands else None, self._spaces)
        first = 1.0 if space.family in ("Separation", "DeviceN") else 0.0
        values = [first] * min(space.channels, 32)
        if space.family == "DeviceCMYK":
            values[3] = 1.0
        self._choose(operator, space, tuple(values))

    def _set_values(self, operator: str, operands: list[Any]) -> None:
        is_fill = operator.islower()
        current = self.state.fill if is_fill else self.state.stroke
        if operands and isinstance(operands[-1], Name):
            self._pattern(operands[-1])
            operands = operands[:-1]
        found = tuple(value for value in map(number, operands) if value is not None)
        colour = Colour(current.space, found)
        self.state = replace(self.state, fill=colour) if is_fill else replace(self.state, stroke=colour)

    def _choose(self, operator: str, space: Space, values: tuple[float, ...]) -> None:
        colour = Colour(space, values)
        self.state = replace(self.state, fill=colour) if operator.islower() else replace(self.state, stroke=colour)
        key_ = (operator, space.family, space.colorants)
        if key_ not in self._told:
            self._told.add(key_)
            for part in space.all():
                self.reader.emit(SpaceUse(self.reader.file, f"{self.at} {operator}", part))

    def _pattern(self, written: Name) -> None:
        pattern = self.resource("/Pattern", written)
        if isinstance(pattern, Stream):
            fill = self.state.fill
            own = matrix(array(get(pattern, "/Matrix"))) or UNIT
            state = State(ctm=own, fill=Colour(fill.space.inks, ()), stroke=Colour(fill.space.inks, ()))
            self._draw(pattern, label(pattern, f"Pattern /{name(written)}"), state)

    def _handlers(self) -> dict[str, Handler]:
        text = self._text
        groups: list[tuple[str, Handler]] = [
            ("q", self._save), ("Q", self._restore), ("cm", self._concat), ("w", self._set_width),
            ("gs", self._graphics_state), ("ri", self._intent), ("g G rg RG k K", self._device),
            ("cs CS", self._space), ("sc SC scn SCN", self._set_values), ("f F f* B B* b b* S s", self._paint),
            ("Do", self._do), ("BT", text.begin), ("Tf", text.font), ("Tc Tw Tz TL Ts Tr", text.set),
            ("Td TD T*", text.move), ("Tm", text.place), ("Tj TJ ' \"", text.show),
        ]  # fmt: skip
        return {operator: handler for operators, handler in groups for operator in operators.split()}

    # Paths and objects

    def _paint(self, operator: str, _: list[Any]) -> None:
        state = self.state
        if operator in _FILLS:
            self.once(Painted(self.at, state.fill))
        if operator in _STROKES:
            self.once(Painted(self.at, state.stroke))
            self.once(Stroked(self.at, round(state.width * mean_scale(state.ctm), 3)))

    def _do(self, _: str, operands: list[Any]) -> None:
        written = operands[0] if operands else None
        found = self.resource("/XObject", written)
        subtype = name(get(found, "/Subtype"))
        at = label(found, f"{subtype} /{name(written)}")
        if get(found, "/SMask") is not None or name(get(found, "/Group", "/S")) == "Transparency":
            self.once(Blended(at, self.page))
        if subtype == "Image":
            mask = get(found, "/ImageMask") is True
            bits = 1 if mask else get(found, "/BitsPerComponent")
            self._placed(at, get(found, "/Width"), get(found, "/Height"), bits)
            if mask:
                self.once(Painted(self.at, self.state.fill))
        elif subtype == "Form":
            own = matrix(array(get(found, "/Matrix"))) or UNIT
            self._draw(found, at, replace(self.state, ctm=multiplied(own, self.state.ctm)))

    def _draw(self, form: Any, at: str, state: State) -> None:
        self.reader.form(form, at, self.page, self._resources, state, self._depth + 1)

    def _placed(self, at: str, width: object, height: object, bits: object) -> None:
        wide, high, ctm = number(width) or 0.0, number(height) or 0.0, self.state.ctm
        across, up = width_scale(ctm), height_scale(ctm)
        if wide > 1 and high > 1 and across > 0 and up > 0:  # a single pixel is a flat colour
            dpi = min(72 * wide / across, 72 * high / up)
            self.once(Placed(at, round(dpi, 1), int(number(bits) or 8)))

    def _inline(self, image: Any) -> None:
        own = entries(image.obj)
        at, file = f"{self.at} BI", self.reader.file
        full = {entry: own.get(entry, own.get(short)) for entry, short in _SHORT.items()}
        codings = [_INLINE_CODINGS.get(coding, coding) for coding in names(full["/Filter"])]
        if "LZWDecode" in codings:
            self.flaw("lzw")
        known = {entry: value for entry, value in full.items() if value is not None}
        self.reader.emit(Image(file, at, known))
        if full["/ColorSpace"] is not None:
            for space in read_space(full["/ColorSpace"], self._spaces).all():
                self.reader.emit(SpaceUse(file, at, space))
        bits = 1 if full["/ImageMask"] is True else full["/BitsPerComponent"]
        self._placed(at, full["/Width"], full["/Height"], bits)


_SHORT = {
    "/Width": "/W", "/Height": "/H", "/BitsPerComponent": "/BPC", "/ColorSpace": "/CS", "/Filter": "/F",
    "/ImageMask": "/IM", "/Intent": "/Intent",
}  # fmt: skip
_INLINE_CODINGS = {"LZW": "LZWDecode"}
