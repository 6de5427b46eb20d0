"""The print file: pages are written as they are composed; fonts, forms and page tree follow (ISO 32000-1, 7.5)."""

import hashlib
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import BinaryIO

from dmgen.fonts import FontLibrary
from dmgen.model.contents import PageContents
from dmgen.press.forms import Form
from dmgen.press.graft import Graft
from dmgen.press.operators import PT, Names, Used, draw, number
from dmgen.press.pictures import PictureFile
from dmgen.press.typefaces import font_objects

_LEVEL = 6
_PAGE_LEVEL = 1  # pages: half the time of 6 for an eighth more bytes
_OBJECTS_A_STREAM = 100
_KIDS = 32  # a balanced tree: arrays stay far under the limit of 8191
_FONT_OBJECTS = 6


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


class PrintFile:
    """One PDF file in the making. `add` writes pages, `close` what the pages share; `digest` is the file's sha256."""

    def __init__(self, out: BinaryIO, kit: PressKit) -> None:
        self._out = out
        self._kit = kit
        self._hash = hashlib.sha256()
        self._position = 0
        self._xref = bytearray(struct.pack(">BIH", 0, 0, 65535))
        self._packed: list[tuple[int, bytes]] = []
        self._used = Used()
        self._leaves: list[tuple[int, list[int]]] = []
        self.pages = 0
        self._resources = self._number()
        self._emit(b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")

    @property
    def digest(self) -> str:
        """The sha256 of what was written so far."""
        return self._hash.hexdigest()

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._position

    def add(self, pages: Sequence[PageContents]) -> None:
        """Write pages, best some hundreds at a time: all are drawn, then all deflated, then all written."""
        names, used = self._kit.names, self._used
        placed = [(page.items, (page.bleed * PT, (page.height + page.bleed) * PT)) for page in pages]
        drawn = draw(placed, names, used)
        packed = [zlib.compress(content, _PAGE_LEVEL) for content in drawn]
        for page, content in zip(pages, packed, strict=True):
            self._page(page, content)

    def _page(self, page: PageContents, content: bytes) -> None:
        contents = self._number()
        self._object(contents, b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(content), content))
        if not self._leaves or len(self._leaves[-1][1]) == _KIDS:
            self._leaves.append((self._number(), []))
        parent, kids = self._leaves[-1]
        number_ = self._number()
        kids.append(number_)
        self.pages += 1
        self._pack(
            number_,
            b"<</Type/Page/Parent %d 0 R%b/Resources %d 0 R/Contents %d 0 R>>"
            % (parent, _boxes(page.width, page.height, page.bleed), self._resources, contents),
        )

    def close(self) -> None:
        """Write what the pages share, the page tree and the cross-reference stream."""
        fonts, xobjects = self._shared()
        self._pack(self._resources, b"<</Font<<%b>>/XObject<<%b>>>>" % (fonts, xobjects))
        root = self._page_tree()
        catalog, info = self._number(), self._number()
        self._pack(catalog, b"<</Type/Catalog/Pages %d 0 R>>" % root)
        made = f"D:{self._kit.made_on:%Y%m%d}000000Z".encode()
        self._pack(
            info,
            b"<</Title%b/Producer%b/CreationDate(%b)/ModDate(%b)/Trapped/False>>"
            % (_string(self._kit.title), _string(self._kit.producer), made, made),
        )
        self._flush()
        self._cross_references(catalog, info)

    def _number(self) -> int:
        """The next object number."""
        self._xref += bytes(7)
        return len(self._xref) // 7 - 1

    def _emit(self, data: bytes) -> None:
        self._out.write(data)
        self._hash.update(data)
        self._position += len(data)

    def _object(self, number_: int, body: bytes) -> None:
        struct.pack_into(">BIH", self._xref, 7 * number_, 1, self._position, 0)
        self._emit(b"%d 0 obj\n%b\nendobj\n" % (number_, body))

    def _pack(self, number_: int, body: bytes) -> None:
        """Put an object without a stream into an object stream (7.5.7)."""
        self._packed.append((number_, body))
        if len(self._packed) == _OBJECTS_A_STREAM:
            self._flush()

    def _flush(self) -> None:
        if not self._packed:
            return
        stream = self._number()
        offset, index, bodies = 0, [], []
        for place, (number_, body) in enumerate(self._packed):
            struct.pack_into(">BIH", self._xref, 7 * number_, 2, stream, place)
            index.append(b"%d %d" % (number_, offset))
            bodies.append(body)
            offset += len(body) + 1
        head = b" ".join(index) + b"\n"
        data = zlib.compress(head + b"\n".join(bodies), _LEVEL)
        self._object(
            stream,
            b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n%b\nendstream"
            % (len(index), len(head), len(data), data),
        )
        self._packed.clear()

    def _shared(self) -> tuple[bytes, bytes]:
        """Write the forms, pictures and fonts that were used; returns the resource entries."""
        names, kit, used = self._kit.names, self._kit, self._used
        for form in sorted(used.forms):
            used.add(kit.forms[form].used)
        fonts = {font: self._font(font) for font in sorted(used.strings)}
        pictures = {key: self._picture(kit.pictures[key]) for key in sorted(used.pictures)}
        forms = {form: self._stamped(kit.forms[form], fonts, pictures) for form in sorted(used.forms)}
        xobjects = _entries(names.forms, forms) + _entries(names.pictures, pictures)
        return _entries(names.fonts, fonts), xobjects

    def _font(self, key: str) -> int:
        first = self._number()
        for _ in range(_FONT_OBJECTS - 1):
            self._number()
        for number_, body in font_objects(self._kit.fonts[key], self._used.characters(key), first):
            if body.endswith(b"endstream"):
                self._object(number_, body)
            else:
                self._pack(number_, body)
        return first

    def _picture(self, picture: PictureFile) -> int:
        number_ = self._number()
        self._object(number_, b"<<%b>>stream\n%b\nendstream" % (picture.entries, picture.file.read_bytes()))
        return number_

    def _stamped(self, form: Form | Graft, fonts: dict[str, int], pictures: dict[str, int]) -> int:
        if isinstance(form, Form):
            return self._form(form, fonts, pictures)
        numbers = [self._number() for _ in form.objects]
        for number_, body in form.bodies(numbers[0]):
            (self._object if body.endswith(b"endstream") else self._pack)(number_, body)
        return numbers[0]

    def _form(self, form: Form, fonts: dict[str, int], pictures: dict[str, int]) -> int:
        names, used = self._kit.names, form.used
        own_fonts = _entries(names.fonts, {key: fonts[key] for key in sorted(used.strings)})
        own_pictures = _entries(names.pictures, {key: pictures[key] for key in sorted(used.pictures)})
        number_ = self._number()
        self._object(
            number_,
            b"<</Type/XObject/Subtype/Form/BBox[%b]/Resources<</Font<<%b>>/XObject<<%b>>>>"
            b"/Filter/FlateDecode/Length %d>>stream\n%b\nendstream"
            % (form.box.encode(), own_fonts, own_pictures, len(form.content), form.content),
        )
        return number_

    def _page_tree(self) -> int:
        """Write the inner nodes; returns the root's number."""
        level = [(number_, kids, len(kids)) for number_, kids in self._leaves]
        if not level:
            level = [(self._number(), [], 0)]
        while len(level) > 1:
            groups = [level[i : i + _KIDS] for i in range(0, len(level), _KIDS)]
            parents = [
                (self._number(), [node[0] for node in group], sum(node[2] for node in group)) for group in groups
            ]
            for parent, group in zip(parents, groups, strict=True):
                for node in group:
                    self._pack(node[0], _node(node[1], node[2], parent[0]))
            level = parents
        root, kids, count = level[0]
        self._pack(root, _node(kids, count, None))
        return root

    def _cross_references(self, catalog: int, info: int) -> None:
        number_, start = self._number(), self._position
        struct.pack_into(">BIH", self._xref, 7 * number_, 1, start, 0)
        count = len(self._xref) // 7
        table = zlib.compress(bytes(self._xref), _LEVEL)
        identity = self._hash.hexdigest()[:32].encode()
        self._emit(
            b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]"
            b"/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
            % (number_, count, catalog, info, identity, identity, len(table), table, start)
        )


@lru_cache(maxsize=16)
def _boxes(width: float, height: float, bleed: float) -> bytes:
    """MediaBox and BleedBox with the bleed, TrimBox without (14.11.2)."""
    full = f"0 0 {number((width + 2 * bleed) * PT)} {number((height + 2 * bleed) * PT)}"
    trim = " ".join(map(number, (bleed * PT, bleed * PT, (width + bleed) * PT, (height + bleed) * PT)))
    return f"/MediaBox[{full}]/BleedBox[{full}]/TrimBox[{trim}]".encode()


def _node(kids: Sequence[int], count: int, parent: int | None) -> bytes:
    up = b"" if parent is None else b"/Parent %d 0 R" % parent
    return b"<</Type/Pages%b/Kids[%b]/Count %d>>" % (up, b" ".join(b"%d 0 R" % kid for kid in kids), count)


def _entries(names: dict[str, bytes], numbers: dict[str, int]) -> bytes:
    return b"".join(b"/%b %d 0 R" % (names[key], value) for key, value in numbers.items())


def _string(text: str) -> bytes:
    """A text string (7.9.2.2): UTF-16 with a byte order mark, as hex."""
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"
