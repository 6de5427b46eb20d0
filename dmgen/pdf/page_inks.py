"""The inks that a page prints with, whatever it draws with: text, lines, forms, patterns, shadings, images.

Counted is what is painted, each thing by itself: what lies on top hides what is below, also where it is see-through.
Blend modes other than Normal, and colours other than black alone that overprint, may add to what is below: they are
told apart (`Inks.sure`). Black alone that overprints is not added to what is below.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Stream

from dmgen.pdf.boxes import inherited
from dmgen.pdf.image_inks import image_digest, image_inks
from dmgen.pdf.inks import NO_INKS, UNSURE, Inks, inks_of, together, unsure_of
from dmgen.pdf.instructions import Instruction, instructions, page_instructions
from dmgen.pdf.shading_inks import shading_inks
from dmgen.pdf.spaces import Space, named_space, read_space
from dmgen.pdf.values import entry, name_text, subtype_of

_DEPTH = 24  # of forms within forms
_KEPT = 10_000  # pages that differ in what they are painted with
_DEVICE = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}
_FILLS, _STROKES = {"f", "F", "f*", "B", "B*", "b", "b*"}, {"S", "s", "B", "B*", "b", "b*"}
_SHOWS = {"Tj", "TJ", "'", '"'}
_TEXT_FILLS, _TEXT_STROKES = {"0", "2", "4", "6"}, {"1", "2", "5", "6"}
_GRAY = Space("DeviceGray", 1)
_BLACK = inks_of(_GRAY, (0.0,))


class _State(NamedTuple):
    """The graphics state as far as it decides over inks; `font` is the name of a Type 3 font."""

    fill: Inks = _BLACK
    stroke: Inks = _BLACK
    fill_space: Space = _GRAY
    stroke_space: Space = _GRAY
    fill_over: bool = False
    stroke_over: bool = False
    blends: bool = False
    mode: str = "0"
    font: str = ""


class _Change(NamedTuple):
    """What an /ExtGState sets; None: nothing."""

    stroke_over: bool | None
    fill_over: bool | None
    blends: bool | None


class PageInks:
    """Reads pages of one file; what several share is read once. `decoded`: images that several files share."""

    def __init__(self, decoded: dict[bytes, Inks] | None = None) -> None:
        self._decoded = {} if decoded is None else decoded
        self._scopes: dict[tuple[int, int], _Scope] = {}
        self._forms: dict[tuple[tuple[int, int], tuple[int, int], _State], Inks] = {}
        self._pages: dict[tuple[tuple[int, int], tuple[Instruction, ...]], Inks] = {}
        self._images: dict[tuple[int, int], Inks] = {}

    def of(self, page: Object) -> Inks:
        """The inks of a page. Raises PdfError for content that cannot be read."""
        scope, told = self._scope(inherited(page, "/Resources")), page_instructions(page)
        if not scope.shared:
            return _Content(scope, _State(), 0).read(told)
        key = scope.key, told
        if key not in self._pages:
            if len(self._pages) >= _KEPT:
                self._pages.clear()
            self._pages[key] = _Content(scope, _State(), 0).read(told)
        return self._pages[key]

    def form(self, form: Object, outer: "_Scope", state: _State, depth: int) -> Inks:
        """The inks of a form, a tiling pattern or a glyph that is drawn in this state."""
        if depth > _DEPTH:
            return UNSURE
        own = form.get("/Resources")
        scope = outer if own is None else self._scope(own)
        key = form.objgen, scope.key, state
        if not form.is_indirect:
            return _Content(scope, state, depth).read(instructions(form))
        if key not in self._forms:
            self._forms[key] = UNSURE  # of one that draws itself
            self._forms[key] = _Content(scope, state, depth).read(instructions(form))
        return self._forms[key]

    def image(self, image: Object, resources: Object | None) -> Inks:
        """The inks of an image, which is read once."""
        key = image.objgen
        if key not in self._images:
            written = _looked_up(image.get("/ColorSpace"), resources)
            space = read_space(written, resources)
            digest = image_digest(image, space)
            found = self._decoded.get(digest) or image_inks(image, space, written)
            self._images[key] = found
            if digest:
                self._decoded[digest] = found
        return self._images[key]

    def _scope(self, resources: Object | None) -> "_Scope":
        if resources is None or not resources.is_indirect:
            return _Scope(self, resources)
        if resources.objgen not in self._scopes:
            self._scopes[resources.objgen] = _Scope(self, resources)
        return self._scopes[resources.objgen]


class _Scope:
    """Resources in force, each read once."""

    def __init__(self, pages: PageInks, resources: Object | None) -> None:
        self.pages, self.resources = pages, resources
        self.shared = resources is not None and resources.is_indirect
        self.key = resources.objgen if resources is not None else (0, 0)
        self._colours: dict[tuple[Space, Sequence[str]], Inks] = {}
        self._spaces: dict[str, Space] = {}
        self._changes: dict[str, _Change] = {}
        self._drawn: dict[str, Object | None] = {}
        self._fonts: dict[str, bool] = {}

    def space(self, name: str) -> Space:
        if name not in self._spaces:
            self._spaces[name] = named_space(name, self.resources)
        return self._spaces[name]

    def colour(self, space: Space, operands: tuple[str, ...]) -> Inks:
        key = space, operands
        if key not in self._colours:
            values = [float(operand or 0) for operand in operands]
            self._colours[key] = unsure_of(space) if space.family == "Indexed" else inks_of(space.painted(), values)
        return self._colours[key]

    def named(self, category: str, name: str) -> Object | None:
        entries = self.resources.get(category) if isinstance(self.resources, Dictionary) else None
        thing = entry(entries, name) if isinstance(entries, Dictionary) else None
        return thing if isinstance(thing, Dictionary | Stream) else None

    def drawn(self, name: str) -> Object | None:
        if name not in self._drawn:
            self._drawn[name] = self.named("/XObject", name)
        return self._drawn[name]

    def is_drawn(self, name: str) -> bool:
        """Whether a font is of Type 3."""
        if name not in self._fonts:
            font = self.named("/Font", name)
            self._fonts[name] = font is not None and subtype_of(font) == "Type3"
        return self._fonts[name]

    def change(self, name: str) -> _Change:
        if name not in self._changes:
            self._changes[name] = _change(self.named("/ExtGState", name))
        return self._changes[name]


def _change(state: Object | None) -> _Change:
    def flag(key: str) -> bool | None:
        return bool(state[key]) if state is not None and key in state else None

    stroke, fill = flag("/OP"), flag("/op")
    written = state.get("/BM") if state is not None else None
    first = written[0] if isinstance(written, Array) and len(written) else written
    blends = name_text(first) not in ("/Normal", "/Compatible") if isinstance(first, Name) else None
    return _Change(stroke, stroke if fill is None else fill, blends)


class _Content:
    """One content stream that is drawn in one state."""

    def __init__(self, scope: _Scope, state: _State, depth: int) -> None:
        self._scope, self._state, self._depth = scope, state, depth
        self._saved: list[_State] = []
        self._found: set[Inks] = set()

    def read(self, told: tuple[Instruction, ...]) -> Inks:
        """Go through it. Raises PdfError."""
        for operator, operands in told:
            self._operator(operator, operands)
        return together(frozenset(self._found))

    def _operator(self, operator: str, operands: tuple[str, ...]) -> None:
        if operator in _SHOWS:
            self._show()
        elif operator == "q":
            self._saved.append(self._state)
        elif operator == "Q":
            self._state = self._saved.pop() if self._saved else self._state
        elif operator in _FILLS or operator in _STROKES:
            self._paint(fills=operator in _FILLS, strokes=operator in _STROKES)
        elif operator == "EI":
            self._inline(*operands)
        elif operands:
            self._told(operator, operands)

    def _told(self, operator: str, operands: tuple[str, ...]) -> None:
        scope, name = self._scope, operands[-1]
        if operator.lower() in _DEVICE:
            space = scope.space(_DEVICE[operator.lower()])
            self._choose(operator, space, scope.colour(space, operands))
        elif operator in ("cs", "CS"):
            space = scope.space(name)
            self._choose(operator, space, inks_of(space.painted(), _first(space)))
        elif operator in ("sc", "SC", "scn", "SCN"):
            space = self._state.fill_space if operator.islower() else self._state.stroke_space
            patterned = name.startswith("/")
            self._choose(
                operator, space, self._pattern(space, operands) if patterned else scope.colour(space, operands)
            )
        elif operator == "Do":
            self._draw(name)
        elif operator == "gs":
            self._change(scope.change(name))
        elif operator == "sh":
            self._shade(scope.named("/Shading", name))
        elif operator == "Tr":
            self._state = self._state._replace(mode=name)
        elif operator == "Tf":
            self._state = self._state._replace(font=operands[0] if scope.is_drawn(operands[0]) else "")

    def _choose(self, operator: str, space: Space, inks: Inks) -> None:
        if operator.islower():
            self._state = self._state._replace(fill=inks, fill_space=space)
        else:
            self._state = self._state._replace(stroke=inks, stroke_space=space)

    def _change(self, change: _Change) -> None:
        state = self._state
        self._state = state._replace(
            stroke_over=state.stroke_over if change.stroke_over is None else change.stroke_over,
            fill_over=state.fill_over if change.fill_over is None else change.fill_over,
            blends=state.blends if change.blends is None else change.blends,
        )

    def _add(self, inks: Inks, *, over: bool = False) -> None:
        """Paint: not sure where something may add to what is below."""
        adds = (over and not inks.is_black) or (self._state.blends and inks.names)
        self._found.add(inks._replace(sure=False) if adds else inks)

    def _paint(self, *, fills: bool, strokes: bool) -> None:
        if fills:
            self._add(self._state.fill, over=self._state.fill_over)
        if strokes:
            self._add(self._state.stroke, over=self._state.stroke_over)

    def _show(self) -> None:
        state = self._state
        font = self._scope.named("/Font", state.font) if state.font else None
        if font is None:
            self._paint(fills=state.mode in _TEXT_FILLS, strokes=state.mode in _TEXT_STROKES)
            return
        glyphs, own = font.get("/CharProcs"), font.get("/Resources")
        scope = self._scope if own is None else _Scope(self._scope.pages, own)
        for _, glyph in sorted(glyphs.items()) if isinstance(glyphs, Dictionary) else ():
            self._add(self._scope.pages.form(glyph, scope, state._replace(font=""), self._depth + 1))

    def _pattern(self, space: Space, operands: tuple[str, ...]) -> Inks:
        pattern = self._scope.named("/Pattern", operands[-1])
        if isinstance(pattern, Stream):
            base = self._scope.colour(space, operands[:-1]) if len(operands) > 1 else _BLACK
            state = _State(base, base, blends=self._state.blends)
            return self._scope.pages.form(pattern, self._scope, state, self._depth + 1)
        shading = pattern.get("/Shading") if pattern is not None else None
        return self._shading(shading)

    def _shading(self, shading: Any) -> Inks:
        if not isinstance(shading, Dictionary | Stream):
            return NO_INKS
        return shading_inks(shading, read_space(shading.get("/ColorSpace"), self._scope.resources))

    def _shade(self, shading: Object | None) -> None:
        self._add(self._shading(shading), over=self._state.fill_over)

    def _draw(self, name: str) -> None:
        thing = self._scope.drawn(name)
        subtype = subtype_of(thing) if thing is not None else ""
        if thing is not None and subtype == "Form":
            self._add(self._scope.pages.form(thing, self._scope, self._state, self._depth + 1))
        elif thing is not None and subtype == "Image":
            self._add(self._image(thing), over=self._state.fill_over)

    def _image(self, image: Object) -> Inks:
        """Of a mask the colour it is painted with; of others their own."""
        return (
            self._state.fill
            if image.get("/ImageMask", False)
            else self._scope.pages.image(image, self._scope.resources)
        )

    def _inline(self, space: str) -> None:
        """An image within the content, which is not decoded; "": a mask."""
        inks = self._state.fill if not space else unsure_of(self._scope.space(space))
        self._add(inks, over=self._state.fill_over)


def _looked_up(written: Object | None, resources: Object | None) -> Object | None:
    """A colour space as it is defined, not as it is named."""
    spaces = resources.get("/ColorSpace") if isinstance(resources, Dictionary) else None
    if isinstance(written, Name) and isinstance(spaces, Dictionary):
        return entry(spaces, name_text(written)) or written
    return written


def _first(space: Space) -> tuple[float, ...]:
    """The colour that a space begins with (8.6.3 ff.): black, or full ink."""
    painted = space.painted()
    if painted.family in ("Separation", "DeviceN"):
        return (1.0,) * painted.components
    return (0.0, 0.0, 0.0, 1.0) if painted.components == 4 else (0.0,) * painted.components
