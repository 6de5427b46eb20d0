"""A page of another file as a Form XObject: its objects as bytes, renumbered where they are written.

Streams are copied as they are. Recoded is only what PDF/X forbids (LZW), and content that names what is left behind.
"""

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from dmgen.pdf import Content, PageUses, filters, name_text, name_token
from dmgen.press.operators import Used
from dmgen.press.trim_content import left_out, page_content, trimmed_content

_LEVEL = 6
_CHUNK = 1 << 16
# Of the program that made it, of the document's structure, of layers (which are settled before), or written anew.
_LEFT_BEHIND = {"/PieceInfo", "/LastModified", "/Metadata", "/StructParent", "/StructParents", "/OC", "/Length"}
_NOT_A_PART = ("/Page", "/Pages", "/Catalog")
_CATEGORIES = ("/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/Properties", "/Shading", "/XObject")
_DEFAULTS = {"/DefaultGray", "/DefaultRGB", "/DefaultCMYK"}

NOT_AS_IT_SHOULD_BE = (
    *(pikepdf.PdfError, TypeError, ValueError, KeyError, IndexError, AttributeError),
    *(NotImplementedError, ArithmeticError, RecursionError),
)
"""What pikepdf raises for objects of another type than the standard wants, which no list of checks would exhaust."""

Part = bytes | int  # bytes as they stand, or the index of an object that is referred to


@dataclass(frozen=True)
class GraftedObject:
    """An object's value; its stream, if it has one, is so many bytes of the graft's file from `start`."""

    parts: tuple[Part, ...]
    start: int = 0
    length: int | None = None


@dataclass(frozen=True)
class Graft:
    """A form and all that it refers to, the form first; the streams are in a file of the job's own.

    `digest` is the same for the same page only: what PDF/VT calls the form by (GTS_XID).
    """

    objects: tuple[GraftedObject, ...]
    file: Path
    digest: str
    used: Used = field(default_factory=Used)  # none of the job's own fonts and pictures

    def bodies(self, first: int, hints: bytes = b"") -> Iterator[tuple[int, bytes]]:
        """(object number, body) of every object; the form is number `first` and gets the hints, others follow it."""
        with self.file.open("rb") as streams:
            for number, thing in enumerate(self.objects, first):
                body = b"".join(part if isinstance(part, bytes) else b"%d 0 R" % (first + part) for part in thing.parts)
                if thing.length is not None:
                    streams.seek(thing.start)
                    body += b"stream\n%b\nendstream" % streams.read(thing.length)
                yield number, body if number > first else b"<<" + hints + body.removeprefix(b"<<")


class DamagedStreamError(Exception):
    """A stream that cannot be decoded to its end, by its object number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def graft(page: Object, found: PageUses, entries: bytes, target: Path, *, keep_group: bool) -> Graft:
    """Copy a page and what it uses as a form with these `entries`, its streams into the file `target`.

    With `keep_group` it is a transparency group as the page was. Raises DamagedStreamError, and pikepdf.PdfError for
    what cannot be read.
    """
    with target.open("wb") as out, pikepdf.explicit_conversion():
        grafter = _Grafter(found.contents, out)
        grafter.page(page, found.contents[0], entries, keep_group)
        objects = tuple(grafter.objects())
    return Graft(objects, target, hashlib.sha256(repr(objects).encode() + target.read_bytes()).hexdigest())


class _Grafter:
    def __init__(self, contents: list[Content], out: BinaryIO) -> None:
        self._out = out
        self._queue: list[Object | None] = [None]  # by index; the form comes first and is no object of the page's file
        self._indices: dict[tuple[int, int], int] = {}
        self._streams = {content.stream.objgen: content for content in contents[1:]}
        self._owners: defaultdict[tuple[int, int], list[Content]] = defaultdict(list)
        for content in contents[1:]:
            self._owners[content.owner.objgen].append(content)
        self._form: GraftedObject

    def page(self, page: Object, content: Content, entries: bytes, keep_group: bool) -> None:
        """Make the form."""
        parts = [b"<</Type/XObject/Subtype/Form", entries, b"/Resources<<", *self._resources([content]), b">>"]
        if keep_group and isinstance(group := page.get("/Group"), Dictionary):
            # A page's group is isolated whatever it says (11.4.7), a form's only if it says so.
            parts += [b"/Group<</I true", *self._entries(group, {"/I"}), b">>"]
        data = zlib.compress(page_content(page, content), _LEVEL)
        self._form = self._stored([*parts, b"/Filter/FlateDecode"], data)

    def objects(self) -> Iterator[GraftedObject]:
        """The form, and every object that something refers to, in the order of the first reference."""
        yield self._form
        done = 1
        while done < len(self._queue):
            thing = self._queue[done]
            done += 1
            yield self._stream(thing) if isinstance(thing, Stream) else GraftedObject(_joined(self._direct(thing)))

    def _value(self, value: Object | None) -> Iterator[Part]:
        if value is None or not value.is_indirect:
            yield from self._direct(value)
            return
        if isinstance(value, Dictionary) and value.get("/Type") in _NOT_A_PART:
            yield b" null"
            return
        index = self._indices.get(value.objgen)
        if index is None:
            index = self._indices[value.objgen] = len(self._queue)
            self._queue.append(value)
        yield b" "
        yield index

    def _direct(self, value: Object | None) -> Iterator[Part]:
        if value is None:
            yield b" null"
        elif isinstance(value, Dictionary):
            yield b"<<"
            yield from self._entries(value)
            yield b">>"
        elif isinstance(value, Array):
            yield b"["
            for item in value:
                yield from self._value(item)
            yield b"]"
        elif isinstance(value, Name):
            yield name_token(name_text(value))
        else:
            yield b" " + value.unparse(resolved=True)

    def _entries(self, things: Object, without: Set[str] = frozenset()) -> Iterator[Part]:
        """The entries of a dictionary or stream; what has content that was read gets the resources that it names."""
        owned = self._owners.get(things.objgen) if things.is_indirect else None
        for key, item in sorted(things.items()):
            if key not in without and not (owned and key == "/Resources"):
                yield name_token(key)
                yield from self._value(item)
        if owned:
            yield b"/Resources<<"
            yield from self._resources(owned)
            yield b">>"

    def _resources(self, contents: list[Content]) -> Iterator[Part]:
        """Of the resources in force those that are named: other pages' may be among them."""
        resources = contents[0].resources
        if not isinstance(resources, Dictionary):
            return
        for category in _CATEGORIES:
            things = resources.get(category, Dictionary())
            names = {name for content in contents for name in content.names[category] - left_out(content, category)}
            names |= _DEFAULTS if category == "/ColorSpace" else set()
            kept = [(key, thing) for key, thing in sorted(things.items()) if key in names]
            if kept:
                yield name_token(category) + b"<<"
                for key, thing in kept:
                    yield name_token(key)
                    yield from self._value(thing)
                yield b">>"

    def _stream(self, stream: Stream) -> GraftedObject:
        coded = filters(stream)
        content = self._streams.get(stream.objgen)
        data = trimmed_content(content) if content else None
        if data is None and "LZWDecode" in coded:  # no PDF/X has it
            data = _decoded(stream)
        if data is not None:
            parts = self._entries(stream, {*_LEFT_BEHIND, "/Filter", "/DecodeParms"})
            return self._stored([b"<<", *parts, b"/Filter/FlateDecode"], zlib.compress(data, _LEVEL))
        raw = stream.read_raw_bytes()
        if coded[:1] == ("FlateDecode",) and not _ends_well(raw):
            raise DamagedStreamError(stream.objgen[0])
        return self._stored([b"<<", *self._entries(stream, _LEFT_BEHIND)], raw)

    def _stored(self, parts: list[Part], data: bytes) -> GraftedObject:
        """An object with a stream, of which `parts` begin the dictionary."""
        start = self._out.tell()
        self._out.write(data)
        return GraftedObject(_joined([*parts, b"/Length %d>>" % len(data)]), start, len(data))


def _joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The same with bytes that follow each other in one piece."""
    out: list[Part] = []
    literal: list[bytes] = []
    for part in parts:
        if isinstance(part, bytes):
            literal.append(part)
        else:
            out += (b"".join(literal), part)
            literal = []
    return (*out, b"".join(literal))


def _decoded(stream: Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        raise DamagedStreamError(stream.objgen[0]) from None


def _ends_well(raw: bytes) -> bool:
    """Whether deflated data (RFC 1950) are complete and their checksum is right."""
    inflater = zlib.decompressobj()
    try:
        for start in range(0, len(raw), _CHUNK):
            inflater.decompress(raw[start : start + _CHUNK])
    except zlib.error:
        return False
    return inflater.eof
