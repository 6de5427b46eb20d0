"""Follows what a page draws: its content, forms, patterns, soft masks and Type 3 glyphs, each once, however nested."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from dmgen.pdf.boxes import inherited
from dmgen.pdf.fonts import font_use
from dmgen.pdf.spaces import Space, named_space, read_space
from dmgen.pdf.uses import (
    AnnotationUse,
    ColorUse,
    GroupUse,
    ImageUse,
    IntentUse,
    LayerUse,
    Path,
    ShadingUse,
    StateUse,
    Step,
    Use,
    XObjectUse,
)
from dmgen.pdf.values import entry, filters, name_text, subtype_of, whole

_DEVICE = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}
_SHOWING = ("Tj", "TJ", "'", '"')
_WATCHED = "g G rg RG k K cs CS sc SC scn SCN sh gs Do Tf Tj TJ ' \" q Q ri BI ID EI BDC DP"
_PRINT, _HIDDEN, _NO_VIEW = 4, 2, 32  # annotation flags (12.5.3)


@dataclass(eq=False)
class Content:
    """A content stream that was read: who owns it, the resources in force, and which of them it names.

    The owner of a glyph's stream is its Type 3 font, that of any other stream the page, form or pattern itself.

    `shown` are the names of the fonts that show text, here or in a form that takes its font over. `depth` counts
    the `q` that are left open at the end, `closed` the `Q` that close nothing.
    """

    path: Path
    stream: Object
    owner: Object
    resources: Object | None
    names: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    shown: set[str] = field(default_factory=set)
    shows_inherited_font: bool = False
    depth: int = 0
    closed: int = 0

    def resource(self, category: str, name: str) -> Object | None:
        """The dictionary or stream that a resource name stands for."""
        entries = self.resources.get(category) if isinstance(self.resources, Dictionary) else None
        thing = entry(entries, name) if isinstance(entries, Dictionary) else None
        return thing if isinstance(thing, Dictionary | Stream) else None


@dataclass
class PageUses:
    """All that a page uses, and its content streams, the page's own first."""

    uses: list[Use] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)


def walk_page(page: Object) -> PageUses:
    """What a page dictionary uses. Raises pikepdf.PdfError for content that cannot be read."""
    walker = _Walker()
    walker.page(page)
    return walker.found


class _Walker:
    def __init__(self) -> None:
        self.found = PageUses()
        self._seen: set[object] = set()
        self._read: dict[tuple[int, int], Content] = {}

    def page(self, page: Object) -> None:
        self._group(page, ())
        self._content(page, page, inherited(page, "/Resources"), ())
        annotations = page.get("/Annots")
        for annotation in annotations if isinstance(annotations, Array) else ():
            if isinstance(annotation, Dictionary):
                self._annotation(annotation)

    def add(self, use: Use) -> None:
        self.found.uses.append(use)

    def _is_new(self, thing: Object, path: Path) -> bool:
        """Whether an object has not been met; one without a number is known by where it was met."""
        key = thing.objgen if isinstance(thing, Object) and thing.is_indirect else path
        new = key not in self._seen
        self._seen.add(key)
        return new

    def _annotation(self, annotation: Object) -> None:
        flags = whole(annotation, "/F")
        subtype = subtype_of(annotation)
        printed = bool(flags & _PRINT) and not flags & (_HIDDEN | _NO_VIEW) and "/AP" in annotation
        self.add(AnnotationUse((Step("annotation", "", annotation.objgen[0]),), annotation, subtype, printed))

    def _group(self, owner: Object, path: Path) -> None:
        group = owner.get("/Group")
        if isinstance(group, Dictionary) and group.get("/S") == "/Transparency":
            resources = owner.get("/Resources")
            self.add(GroupUse(path, group, read_space(group["/CS"], resources) if "/CS" in group else None))

    def _content(self, stream: Object, owner: Object, resources: Object | None, path: Path) -> Content:
        """Read one content stream and everything it names."""
        content = Content(path, stream, owner, resources)
        self.found.contents.append(content)
        if stream.is_indirect:
            self._read[stream.objgen] = content
        _Reader(self, content).read(stream)
        return content

    def form(self, form: Object, outer: Object | None, path: Path) -> Content:
        """A form, a tiling pattern or a soft mask's form, once; without resources it has those around it (8.10.1)."""
        known = self._read.get(form.objgen) if form.is_indirect else None
        if known is not None:
            return known
        self._group(form, path)
        return self._content(form, form, form.get("/Resources", outer), path)

    def xobject(self, xobject: Object, resources: Object | None, path: Path) -> Content | None:
        subtype = subtype_of(xobject)
        if self._is_new(xobject, path):
            self.add(XObjectUse(path, xobject, subtype))
            self._layer(xobject, path)
            if subtype == "Image":
                self._image(xobject, resources, path)
        return self.form(xobject, resources, path) if subtype == "Form" else None

    def _layer(self, thing: Object, path: Path) -> None:
        layer = thing.get("/OC")
        if isinstance(layer, Dictionary):
            self.add(LayerUse(path, layer))

    def _image(self, image: Object, resources: Object | None, path: Path) -> None:
        space = read_space(image["/ColorSpace"], resources) if "/ColorSpace" in image else None
        size = (whole(image, "/Width"), whole(image, "/Height"), whole(image, "/BitsPerComponent"))
        self.add(ImageUse(path, image, space, *size, filters(image)))
        for key, kind in (("/SMask", "soft mask"), ("/Mask", "mask")):
            mask = image.get(key)
            if isinstance(mask, Stream):
                self._image(mask, resources, (*path, Step(kind, "", mask.objgen[0])))

    def layer(self, layer: Object, path: Path) -> None:
        if self._is_new(layer, path) and layer.get("/Type") in ("/OCG", "/OCMD"):
            self.add(LayerUse(path, layer))

    def font(self, font: Object, resources: Object | None, path: Path) -> None:
        if not self._is_new(font, path):
            return
        self.add(font_use(font, path))
        glyphs = font.get("/CharProcs")
        if isinstance(glyphs, Dictionary):
            for _, glyph in sorted(glyphs.items()):
                self._content(glyph, font, font.get("/Resources", resources), path)

    def state(self, state: Object, resources: Object | None, path: Path) -> None:
        if not self._is_new(state, path):
            return
        self.add(StateUse(path, state))
        mask, font = state.get("/SMask"), state.get("/Font")
        if isinstance(mask, Dictionary) and isinstance(mask.get("/G"), Stream):
            form = mask["/G"]
            self.form(form, resources, (*path, Step("soft mask", "", form.objgen[0])))
        if isinstance(font, Array) and len(font) and isinstance(font[0], Dictionary):
            self.font(font[0], resources, (*path, Step("font", "", font[0].objgen[0])))

    def pattern(self, pattern: Object, resources: Object | None, path: Path) -> None:
        if not self._is_new(pattern, path):
            return
        if isinstance(pattern, Stream):
            self.form(pattern, resources, path)
            return
        if isinstance(pattern.get("/Shading"), Dictionary | Stream):
            self.shading(pattern["/Shading"], resources, path)
        if isinstance(pattern.get("/ExtGState"), Dictionary):
            state = pattern["/ExtGState"]
            self.state(state, resources, (*path, Step("state", "", state.objgen[0])))

    def shading(self, shading: Object, resources: Object | None, path: Path) -> None:
        if self._is_new(shading, path):
            self.add(ShadingUse(path, read_space(shading.get("/ColorSpace"), resources)))


class _Reader:
    """Reads the operators of one content stream."""

    def __init__(self, walker: _Walker, content: Content) -> None:
        self._walker = walker
        self._content = content
        self._path = content.path
        self._colors: set[tuple[str, Space]] = set()
        self._spaces: dict[str, Space] = {}
        self._font: str | None = None
        self._saved: list[str | None] = []

    def read(self, stream: Object) -> None:
        source: Any = pikepdf.Page(stream) if stream.get("/Type") == "/Page" else stream
        for instruction in pikepdf.parse_content_stream(source, operators=_WATCHED):
            self._operator(str(instruction.operator), list(instruction.operands))
        self._content.depth = len(self._saved)

    def _operator(self, operator: str, operands: list[Any]) -> None:
        if operator == "q":
            self._saved.append(self._font)
        elif operator == "Q":
            self._restore()
        elif operator.lower() in _DEVICE:
            self._color(operator, _DEVICE[operator.lower()])
        elif operator in _SHOWING:
            self._show()
        elif operator == "INLINE IMAGE":
            self._inline_image(operands[0])
        elif operands and isinstance(operands[-1], Name):
            self._named(operator, name_text(operands[-1]))
        elif operator == "Tf" and operands and isinstance(operands[0], Name):
            self._choose_font(name_text(operands[0]))

    def _restore(self) -> None:
        if self._saved:
            self._font = self._saved.pop()
        else:
            self._content.closed += 1

    def _named(self, operator: str, name: str) -> None:
        resources, walker = self._content.resources, self._walker
        if operator in ("cs", "CS"):
            self._content.names["/ColorSpace"].add(name)
            self._color(operator, name)
        elif operator in ("scn", "SCN"):
            for thing, path in self._resource("/Pattern", name, "pattern"):
                walker.pattern(thing, resources, path)
        elif operator == "sh":
            for thing, path in self._resource("/Shading", name, "shading"):
                walker.shading(thing, resources, path)
        elif operator == "gs":
            for thing, path in self._resource("/ExtGState", name, "state"):
                walker.state(thing, resources, path)
        elif operator == "Do":
            self._paint(name)
        elif operator == "ri":
            walker.add(IntentUse(self._path, name[1:]))
        elif operator in ("BDC", "DP"):
            for thing, path in self._resource("/Properties", name, "layer"):
                walker.layer(thing, path)

    def _resource(self, category: str, name: str, kind: str) -> Iterator[tuple[Object, Path]]:
        """The resource of a name, the first time that this content uses it."""
        used = self._content.names[category]
        if name in used:
            return
        used.add(name)
        thing = self._content.resource(category, name)
        if thing is not None:
            yield thing, (*self._path, Step(kind, name, thing.objgen[0]))

    def _color(self, operator: str, name: str) -> None:
        space = self._spaces.get(name)
        if space is None:
            space = self._spaces[name] = named_space(name, self._content.resources)
        if (operator, space) not in self._colors:
            self._colors.add((operator, space))
            self._walker.add(ColorUse(self._path, operator, space))

    def _choose_font(self, name: str) -> None:
        self._content.names["/Font"].add(name)
        self._font = name

    def _show(self) -> None:
        name = self._font
        if name is None:
            self._content.shows_inherited_font = True
        elif name not in self._content.shown:
            self._content.shown.add(name)
            font = self._content.resource("/Font", name)
            if font is not None:
                path = (*self._path, Step("font", name, font.objgen[0]))
                self._walker.font(font, self._content.resources, path)

    def _paint(self, name: str) -> None:
        self._content.names["/XObject"].add(name)
        xobject = self._content.resource("/XObject", name)
        if not isinstance(xobject, Stream):
            return
        kind = {"Form": "form", "Image": "image"}.get(subtype_of(xobject), "object")
        path = (*self._path, Step(kind, name, xobject.objgen[0]))
        form = self._walker.xobject(xobject, self._content.resources, path)
        if form is not None and form.shows_inherited_font:
            self._show()

    def _inline_image(self, image: Any) -> None:
        written = image.obj.get("/ColorSpace", image.obj.get("/CS"))
        space = None if written is None else read_space(written, self._content.resources)
        if isinstance(written, Name):
            self._content.names["/ColorSpace"].add(name_text(written))
        path = (*self._path, Step("inline image", "", 0))
        size = (int(image.width), int(image.height), int(image.bits_per_component))
        self._walker.add(ImageUse(path, image, space, *size, tuple(name[1:] for name in image.filters)))
