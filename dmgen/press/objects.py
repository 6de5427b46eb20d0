"""Indirect objects and the cross-references to them, written as they come (ISO 32000-1, 7.3.10 and 7.5)."""

import hashlib
import re
import struct
import zlib
from typing import BinaryIO

LEVEL = 6
_OBJECTS_A_STREAM = 100
_ENTRY = struct.Struct(">BIH")  # as in a cross-reference stream with /W[1 4 2] (7.5.8.3)
_FREE, _PLAIN, _PACKED = 0, 1, 2
_ENTRIES_A_WRITE = 4096
_PLAIN_TEXT = re.compile(r"[ !-'*-\[\]-~]*").fullmatch  # ASCII without ( ) and \


class Objects:
    """A PDF file as a row of objects. Memory grows by 7 bytes an object.

    Without `streams` there are neither object nor cross-reference streams, which PDF 1.5 brought.
    """

    def __init__(self, out: BinaryIO, version: str, *, streams: bool) -> None:
        self._out = out
        self._streams = streams
        self._hash = hashlib.sha256()
        self._xref = bytearray(_ENTRY.pack(_FREE, 0, 65535))
        self._waiting: list[tuple[int, bytes]] = []
        self.size = 0
        self._emit(b"%%PDF-%b\n%%\xe2\xe3\xcf\xd3\n" % version.encode())

    @property
    def digest(self) -> str:
        """The sha256 of what was written so far."""
        return self._hash.hexdigest()

    def number(self) -> int:
        """The next object number."""
        self._xref += bytes(7)
        return len(self._xref) // 7 - 1

    def write(self, number: int, body: bytes) -> None:
        """Write an object, with a stream or without."""
        _ENTRY.pack_into(self._xref, 7 * number, _PLAIN, self.size, 0)
        self._emit(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def pack(self, number: int, body: bytes) -> None:
        """Put an object without a stream into an object stream (7.5.7), where the file may have them."""
        if not self._streams:
            self.write(number, body)
            return
        self._waiting.append((number, body))
        if len(self._waiting) == _OBJECTS_A_STREAM:
            self._flush()

    def close(self, catalog: int, info: int) -> None:
        """Write the cross-references and the trailer."""
        self._flush()
        identity = self.digest[:32].encode()
        trailer = b"/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]" % (catalog, info, identity, identity)
        if self._streams:
            self._reference_stream(trailer)
        else:
            self._reference_table(trailer)

    def _emit(self, data: bytes) -> None:
        self._out.write(data)
        self._hash.update(data)
        self.size += len(data)

    def _flush(self) -> None:
        if not self._waiting:
            return
        stream = self.number()
        offset, index, bodies = 0, [], []
        for place, (number, body) in enumerate(self._waiting):
            _ENTRY.pack_into(self._xref, 7 * number, _PACKED, stream, place)
            index.append(b"%d %d" % (number, offset))
            bodies.append(body)
            offset += len(body) + 1
        head = b" ".join(index) + b"\n"
        entries = b"/Type/ObjStm/N %d/First %d" % (len(index), len(head))
        self.write(stream, stream_body(head + b"\n".join(bodies), entries))
        self._waiting.clear()

    def _reference_stream(self, trailer: bytes) -> None:
        number, start = self.number(), self.size
        _ENTRY.pack_into(self._xref, 7 * number, _PLAIN, start, 0)
        entries = b"/Type/XRef/Size %d/W[1 4 2]%b" % (len(self._xref) // 7, trailer)
        body = stream_body(bytes(self._xref), entries)
        self._emit(b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, body, start))

    def _reference_table(self, trailer: bytes) -> None:
        """Entries of 20 bytes each (7.5.4)."""
        count, start = len(self._xref) // 7, self.size
        self._emit(b"xref\n0 %d\n" % count)
        for first in range(0, len(self._xref), 7 * _ENTRIES_A_WRITE):
            entries = _ENTRY.iter_unpack(self._xref[first : first + 7 * _ENTRIES_A_WRITE])
            self._emit(
                b"".join(
                    b"%010d 00000 n \n" % offset if kind == _PLAIN else b"0000000000 65535 f \n"
                    for kind, offset, _ in entries
                )
            )
        self._emit(b"trailer\n<</Size %d%b>>\nstartxref\n%d\n%%%%EOF\n" % (count, trailer, start))


def stream_body(data: bytes, entries: bytes = b"") -> bytes:
    """The body of a stream object with these further entries, deflated."""
    packed = zlib.compress(data, LEVEL)
    return b"<<%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (entries, len(packed), packed)


def text_string(text: str) -> bytes:
    """A text string (7.9.2.2): as it is where it is plain ASCII, otherwise UTF-16 with a byte order mark, as hex."""
    if _PLAIN_TEXT(text):
        return b"(%b)" % text.encode()
    return b"<FEFF%b>" % text.encode("utf-16-be").hex().upper().encode()
