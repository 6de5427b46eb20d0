"""What the pages of a file can draw with: every resource of every page, each object once however often listed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Dictionary, Object, Stream

from dmgen.preflight.file import PdfFile
from dmgen.preflight.pagetree import Page
from dmgen.preflight.reading import DIRECT, Key, array, entries, get, key, label, name
from dmgen.preflight.spaces import SpaceUse, read_space


@dataclass(eq=False)
class Font:
    """A font and what the contents that were read show in it: character codes, as they are written."""

    file: PdfFile
    at: str
    object: Object
    page: int | None
    codes: set[int] = field(default_factory=set)
    shown: bool = False


@dataclass(frozen=True)
class Image:
    """An image or a mask."""

    file: PdfFile
    at: str
    entries: dict[str, Any]


@dataclass(frozen=True)
class Form:
    """A form, a tiling pattern, or a page where it stands for its own group."""

    file: PdfFile
    at: str
    entries: dict[str, Any]


@dataclass(frozen=True)
class GraphicsState:
    """A graphics state dictionary."""

    file: PdfFile
    at: str
    entries: dict[str, Any]


@dataclass(frozen=True)
class OtherXObject:
    """An external object that is neither image nor form."""

    file: PdfFile
    at: str
    subtype: str


Thing = Image | Form | GraphicsState | OtherXObject | SpaceUse


class Listing:
    """Visits resources; `fonts` holds the fonts, which are judged when it is known what they show."""

    def __init__(self, file: PdfFile) -> None:
        self._file = file
        self._seen: set[Key] = set()
        self.fonts: dict[object, Font] = {}
        self._page: int | None = None

    def page(self, page: Page) -> Iterator[Thing]:
        """What a page lists and no page before it did."""
        self._page = page.place + 1
        yield from self.resources(page.get("/Resources"))

    def resources(self, resources: object) -> Iterator[Thing]:
        """What a resource dictionary lists, and what that uses in turn."""
        waiting: list[object] = [resources]
        while waiting:
            found = waiting.pop()
            if not self._new(found):
                continue
            spaces = get(found, "/ColorSpace")
            for written, value in entries(spaces).items():
                yield from self._space(value, label(value, f"ColorSpace {written}"), spaces)
            for written, value in entries(get(found, "/ExtGState")).items():
                yield from self._state(value, f"ExtGState {written}", waiting)
            for written, value in entries(get(found, "/Shading")).items():
                yield from self._shading(value, f"Shading {written}", spaces)
            for written, value in entries(get(found, "/Pattern")).items():
                yield from self._pattern(value, f"Pattern {written}", spaces, waiting)
            for written, value in entries(get(found, "/XObject")).items():
                yield from self._xobject(value, written, spaces, waiting)
            for written, value in entries(get(found, "/Font")).items():
                self.font(value, written)
                waiting.append(get(value, "/Resources"))

    def font(self, value: object, written: str) -> Font | None:
        """The font that a resource names; None where it is none."""
        if not isinstance(value, Dictionary | Stream):
            return None
        known: object = key(value) if key(value) != DIRECT else value.unparse()
        if known not in self.fonts:
            base = name(get(value, "/BaseFont")) or written
            self.fonts[known] = Font(self._file, label(value, f"Font {base}"), value, self._page)
        return self.fonts[known]

    def _new(self, value: object) -> bool:
        """Whether an object has not been visited; direct objects are visited wherever they stand."""
        if not isinstance(value, Dictionary | Stream) or key(value) in self._seen:
            return False
        if key(value) != DIRECT:
            self._seen.add(key(value))
        return True

    def _space(self, written: object, at: str, spaces: object) -> Iterator[SpaceUse]:
        if key(written) != DIRECT:
            if key(written) in self._seen:
                return
            self._seen.add(key(written))
        for space in read_space(written, spaces).all():
            yield SpaceUse(self._file, at, space)

    def _group(self, owner: dict[str, Any], at: str) -> Iterator[Thing]:
        group = owner.get("/Group")
        if isinstance(group, Dictionary) and self._new(group) and get(group, "/CS") is not None:
            yield from self._space(get(group, "/CS"), f"{at} /CS", None)

    def _state(self, value: object, at: str, waiting: list[object]) -> Iterator[Thing]:
        if not self._new(value):
            return
        own = entries(value)
        yield GraphicsState(self._file, label(value, at), own)
        mask = get(own.get("/SMask"), "/G")
        yield from self._form(mask, f"{at} /SMask /G", waiting)
        fonts = array(own.get("/Font"))
        if fonts:
            self.font(fonts[0], "/Font")

    def _shading(self, value: object, at: str, spaces: object) -> Iterator[Thing]:
        if self._new(value):
            yield from self._space(get(value, "/ColorSpace"), label(value, at), spaces)

    def _pattern(self, value: object, at: str, spaces: object, waiting: list[object]) -> Iterator[Thing]:
        if isinstance(value, Stream):
            yield from self._form(value, at, waiting)
        elif self._new(value):
            yield from self._shading(get(value, "/Shading"), f"{at} /Shading", spaces)
            yield from self._state(get(value, "/ExtGState"), f"{at} /ExtGState", waiting)

    def _xobject(self, value: object, written: str, spaces: object, waiting: list[object]) -> Iterator[Thing]:
        subtype = name(get(value, "/Subtype"))
        if subtype == "Form":
            yield from self._form(value, f"Form {written}", waiting)
        elif subtype == "Image":
            yield from self._image(value, f"Image {written}", spaces)
        elif self._new(value):
            yield OtherXObject(self._file, label(value, f"XObject {written}"), subtype)

    def _form(self, value: object, at: str, waiting: list[object]) -> Iterator[Thing]:
        if not self._new(value):
            return
        own = entries(value)
        yield Form(self._file, label(value, at), own)
        yield from self._group(own, f"{label(value, at)} /Group")
        waiting.append(own.get("/Resources"))

    def _image(self, value: object, at: str, spaces: object) -> Iterator[Thing]:
        if not self._new(value):
            return
        own, at = entries(value), label(value, at)
        yield Image(self._file, at, own)
        if own.get("/ColorSpace") is not None:
            yield from self._space(own["/ColorSpace"], at, spaces)
        for mask in ("/SMask", "/Mask"):
            yield from self._image(own.get(mask), f"{at} {mask}", spaces) if isinstance(own.get(mask), Stream) else ()
