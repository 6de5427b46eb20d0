"""The print file: pages are written as they are composed; fonts, forms and page tree follow (ISO 32000-1, 7.5)."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import BinaryIO, TypeVar

from dmgen.fonts import FontLibrary
from dmgen.model.contents import PageContents
from dmgen.model.layout import Spot
from dmgen.model.printing import Standard
from dmgen.press.dparts import DocumentParts, Group, Piece
from dmgen.press.forms import Form
from dmgen.press.graft import Graft
from dmgen.press.objects import Objects
from dmgen.press.operators import PT, Names, Used, draw, number
from dmgen.press.pagetree import PageTree
from dmgen.press.pictures import PictureFile
from dmgen.press.standard import (
    PAGE_GROUP,
    SHARED_FORM,
    VERSIONS,
    Document,
    Intent,
    write_information,
    write_intent,
    write_metadata,
)
from dmgen.press.typefaces import font_objects

Key = TypeVar("Key")
_PAGE_LEVEL = 1  # pages: half the time of 6 for an eighth more bytes
_FONT_OBJECTS = 6
_NO_GROUP = Group.of("")
# Black text and symbols overprint, said outright: a RIP's own way with K100 misbehaves beside PDF/X-4 transparency.
_GRAPHICS_STATES = b"/ExtGState<</G0<</Type/ExtGState/OP false/op false>>/G1<</Type/ExtGState/OP true/op true/OPM 1>>>>"


@dataclass(frozen=True)
class PressKit:
    """What every file of a job draws from; picklable, made once by the parent."""

    fonts: FontLibrary
    forms: dict[str, Form | Graft]
    pictures: dict[str, PictureFile]
    names: Names
    title: str
    made_on: date
    producer: str
    intent: Intent

    @property
    def standard(self) -> Standard:
        """The standard of the job's files."""
        return self.intent.settings.standard


class PrintFile:
    """One PDF file in the making. `add` writes pages, `close` what the pages share; `digest` is the file's sha256.

    `group` is what a PDF/VT-1 file says of its pieces as a whole.
    """

    def __init__(self, out: BinaryIO, kit: PressKit, group: Group = _NO_GROUP) -> None:
        self._kit = kit
        x1a = kit.standard.is_x1a
        self._objects = Objects(out, VERSIONS[kit.standard], streams=not x1a)
        self._used = Used()
        self._tree = PageTree(self._objects)
        self._resources = self._objects.number()
        self._page_group = b"" if x1a else PAGE_GROUP
        self._parts: DocumentParts | None = None
        if kit.standard is Standard.VT1:
            told = kit.intent.settings.postal_code
            self._parts = DocumentParts(self._objects, kit.title, kit.producer, group, postal_code=told)
        self.pages = 0

    @property
    def digest(self) -> str:
        """The sha256 of what was written so far."""
        return self._objects.digest

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._objects.size

    @property
    def wants_pieces(self) -> bool:
        """Whether the standard says where each piece begins, so that `add` must be told."""
        return self._parts is not None

    def add(self, pages: Sequence[PageContents], pieces: Sequence[Piece] = ()) -> None:
        """Write pages, best some hundreds at a time: all are drawn, then all deflated, then all written.

        A file that `wants_pieces` is given those that the pages make up, in order.
        """
        names, used = self._kit.names, self._used
        placed = [(page.items, (page.bleed * PT, (page.height + page.bleed) * PT)) for page in pages]
        drawn = draw(placed, names, used)
        used.forget()
        packed = [zlib.compress(content, _PAGE_LEVEL) for content in drawn]
        if not self._parts:
            for page, content in zip(pages, packed, strict=True):
                self._page(page, content, b"")
            return
        self._add_pieces(self._parts, list(zip(pages, packed, strict=True)), pieces)

    def _add_pieces(
        self, parts: DocumentParts, drawn: list[tuple[PageContents, bytes]], pieces: Sequence[Piece]
    ) -> None:
        """PDF/VT: every page is in exactly one leaf, in page order, and points to it."""
        bounds = [0]
        for piece in pieces:
            bounds.append(bounds[-1] + piece.pages)
        if bounds[-1] != len(drawn):
            raise ValueError(f"{len(drawn)} pages, but pieces of {bounds[-1]}")
        for piece, (start, stop) in zip(pieces, pairwise(bounds), strict=True):
            leaf = parts.begin()
            part = b"/DPart %d 0 R" % leaf
            numbers = [self._page(page, content, part) for page, content in drawn[start:stop]]
            parts.end(leaf, numbers[0], numbers[-1], piece)

    def _page(self, page: PageContents, content: bytes, part: bytes) -> int:
        objects = self._objects
        contents, number_ = objects.number(), objects.number()
        objects.write(contents, b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(content), content))
        self.pages += 1
        objects.pack(
            number_,
            b"<</Type/Page/Parent %d 0 R%b%b%b/Resources %d 0 R/Contents %d 0 R>>"
            % (
                self._tree.add(number_),
                _boxes(page.width, page.height, page.bleed),
                self._page_group,
                part,
                self._resources,
                contents,
            ),
        )
        return number_

    def close(self) -> None:
        """Write what the pages share, the page tree, what the standard asks for, and the cross-references."""
        objects, kit = self._objects, self._kit
        objects.pack(self._resources, b"<<%b>>" % self._shared())
        document = Document(kit.title, kit.producer, kit.made_on, kit.standard)
        entries = b"/Pages %d 0 R/OutputIntents[%d 0 R]" % (self._tree.close(), write_intent(objects, kit.intent))
        if self._parts and self.pages:
            entries += b"/DPartRoot %d 0 R" % self._parts.close()
        if not kit.standard.is_x1a:
            entries += b"/Metadata %d 0 R" % write_metadata(objects, document)
        catalog, info = objects.number(), write_information(objects, document)
        objects.pack(catalog, b"<</Type/Catalog%b>>" % entries)
        objects.close(catalog, info)

    def _shared(self) -> bytes:
        """Write the forms, pictures, fonts and inks that were used; returns the resource entries."""
        kit, used = self._kit, self._used
        for form in sorted(used.forms):
            used.add(kit.forms[form].used)
        fonts = {font: self._font(font) for font in sorted(used.strings)}
        pictures = {key: self._picture(kit.pictures[key]) for key in sorted(used.pictures)}
        inks = {ink: self._ink(ink) for ink in sorted(used.inks)}
        forms = {form: self._stamped(kit.forms[form], fonts, pictures, inks) for form in sorted(used.forms)}
        xobjects = _entries(kit.names.forms, forms) + _entries(kit.names.pictures, pictures)
        return self._entries_of(fonts, xobjects, inks)

    def _entries_of(self, fonts: dict[str, int], xobjects: bytes, inks: dict[Spot, int]) -> bytes:
        names = self._kit.names
        spaces = b"/ColorSpace<<%b>>" % _entries(names.inks, inks) if inks else b""
        return b"/Font<<%b>>/XObject<<%b>>%b%b" % (_entries(names.fonts, fonts), xobjects, spaces, _GRAPHICS_STATES)

    def _font(self, key: str) -> int:
        first = self._numbers(_FONT_OBJECTS)
        self._write(font_objects(self._kit.fonts[key], self._used.characters(key), first))
        return first

    def _numbers(self, count: int) -> int:
        """The first of so many object numbers."""
        first, *_ = [self._objects.number() for _ in range(count)]
        return first

    def _write(self, bodies: Iterable[tuple[int, bytes]]) -> None:
        for number_, body in bodies:
            (self._objects.write if body.endswith(b"endstream") else self._objects.pack)(number_, body)

    def _picture(self, picture: PictureFile) -> int:
        number_ = self._objects.number()
        self._objects.write(number_, b"<<%b>>stream\n%b\nendstream" % (picture.entries, picture.file.read_bytes()))
        return number_

    def _stamped(
        self, form: Form | Graft, fonts: dict[str, int], pictures: dict[str, int], inks: dict[Spot, int]
    ) -> int:
        if isinstance(form, Form):
            return self._form(form, fonts, pictures, inks)
        first = self._numbers(len(form.objects))
        self._write(form.bodies(first, self._hints(form.digest)))
        return first

    def _hints(self, digest: str) -> bytes:
        """What PDF/VT says of a form that every page shares."""
        return SHARED_FORM % digest[:32].encode() if self._parts else b""

    def _ink(self, ink: Spot) -> int:
        """A Separation space (8.6.6.4): one definition a spot name in a file, its tints exponential in CMYK."""
        number_ = self._objects.number()
        full = " ".join(map(number, ink.cmyk)).encode()
        self._objects.pack(
            number_,
            b"[/Separation/%b/DeviceCMYK<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[%b]/N 1>>]"
            % (_name(ink.name), full),
        )
        return number_

    def _form(self, form: Form, fonts: dict[str, int], pictures: dict[str, int], inks: dict[Spot, int]) -> int:
        names, used = self._kit.names, form.used
        own_fonts = {key: fonts[key] for key in sorted(used.strings)}
        own_pictures = _entries(names.pictures, {key: pictures[key] for key in sorted(used.pictures)})
        own_inks = {ink: inks[ink] for ink in sorted(used.inks)}
        hints = self._hints(hashlib.sha256(form.content).hexdigest())
        number_ = self._objects.number()
        self._objects.write(
            number_,
            b"<</Type/XObject/Subtype/Form/BBox[%b]%b/Resources<<%b>>/Filter/FlateDecode/Length %d>>"
            b"stream\n%b\nendstream"
            % (
                form.box.encode(),
                hints,
                self._entries_of(own_fonts, own_pictures, own_inks),
                len(form.content),
                form.content,
            ),
        )
        return number_


@lru_cache(maxsize=16)
def _boxes(width: float, height: float, bleed: float) -> bytes:
    """MediaBox and BleedBox with the bleed, TrimBox without (14.11.2)."""
    full = f"0 0 {number((width + 2 * bleed) * PT)} {number((height + 2 * bleed) * PT)}"
    trim = " ".join(map(number, (bleed * PT, bleed * PT, (width + bleed) * PT, (height + bleed) * PT)))
    return f"/MediaBox[{full}]/BleedBox[{full}]/TrimBox[{trim}]".encode()


def _entries(names: Mapping[Key, bytes], numbers: Mapping[Key, int]) -> bytes:
    return b"".join(b"/%b %d 0 R" % (names[key], value) for key, value in numbers.items())


def _name(text: str) -> bytes:
    """A name object's characters (7.3.5)."""
    return b"".join(b"%c" % byte if chr(byte).isalnum() and byte < 128 else b"#%02X" % byte for byte in text.encode())
