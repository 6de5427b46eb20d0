"""The text of a list file whatever its encoding: blocks of whole lines, in UTF-8.

Lines are what CR, LF and CRLF end; in UTF-8 and cp932 no other character holds these bytes, so that each
line can be decoded by itself. Bytes of no encoding become lone surrogates, which no readable row holds.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dmgen.errors import ListError
from dmgen.messages import mark

_BLOCK = 4 << 20  # bytes
_LONGEST_LINE = 64 << 20
_SAMPLE = 1 << 18
_UTF8_BOM = b"\xef\xbb\xbf"
_BOMS = {_UTF8_BOM: "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UTF32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_NAMES = {"utf-8": "UTF-8", "cp932": "cp932", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_WIDE = re.compile("[\u0800-\uffff\U00010000-\U0010ffff]")  # three bytes or more in UTF-8
# cp932: kana, symbols and the kanji of level 1 (and NEC's and IBM's own); level 2 and half-width kana.
_USUAL = re.compile(rb"[\x81-\x98\xed\xee\xfa-\xfc][\x40-\xfc]|([\x99-\x9f\xe0-\xec\xef-\xf9][\x40-\xfc]|[\xa1-\xdf])")
_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
_WESTERN = re.compile(rb"(?<![\x80-\xff])[\xc0-\xff](?![\x80-\xff])|(?<=[A-Za-z ])[\x91-\x97](?![\x80-\xff])")
_NOT_WESTERN = re.compile(rb"[\x81-\x84\x86-\x90]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """What a file is written in. `others`: lines in the other of UTF-8 and cp932; `mixed`: not every line is `name`."""

    name: str
    mixed: bool = False
    others: int = 0

    @property
    def title(self) -> str:
        """Its name for people."""
        return _NAMES[self.name]


@dataclass(slots=True)
class _Count:
    """Lines: all, and those that are not ASCII by what they can be read as."""

    lines: int = 0
    utf8: int = 0
    cp932: int = 0
    neither: int = 0
    first_bad: int = 0
    sample: bytes = b""


def detect(path: Path, head: bytes) -> tuple[Encoding, str]:
    """The file's encoding and its sha256. Raises ListError where it is none that dmgen reads."""
    if head.startswith(_UTF32):
        raise _other_encoding(path, "UTF-32")
    name = next((name for bom, name in _BOMS.items() if head.startswith(bom)), None) or _lost_bom(head)
    sha256, whole = _digest(path)
    if name in ("utf-16-le", "utf-16-be"):
        return Encoding(name), sha256
    if b"\x1b$" in head or b"\x1b(J" in head:
        raise _other_encoding(path, "ISO-2022-JP")
    return (Encoding("utf-8") if whole else _judge(path, _count(path))), sha256


def _lost_bom(head: bytes) -> str | None:
    """UTF-16 without its mark: ASCII characters have a zero byte, always on one side (U+3000 has it on the other)."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > len(head) // 16 and others <= zeros // 4:
            return name
    return None


def _digest(path: Path) -> tuple[str, bool]:
    """The file's sha256, and whether all of it is UTF-8."""
    sha256, decoder, whole = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), True
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            sha256.update(block)
            whole = whole and _decodes(decoder, block)
    return sha256.hexdigest(), whole and _decodes(decoder, b"", final=True)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _count(path: Path) -> _Count:
    count = _Count()
    lines = (line for block in _raw_blocks(path) for line in block.splitlines())  # of bytes: at CR, LF, CRLF
    for count.lines, line in enumerate(lines, 1):
        if line.isascii():
            continue
        if _is(line, "utf-8"):
            count.utf8 += 1
            continue
        count.sample += line + b"\n" if len(count.sample) < _SAMPLE else b""
        count.first_bad = count.first_bad or count.lines
        if _is(line, "cp932"):
            count.cp932 += 1
        else:
            count.neither += 1
    return count


def _is(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _judge(path: Path, count: _Count) -> Encoding:
    """UTF-8 or cp932, whichever most lines are. Raises ListError for a third encoding.

    Where hardly a line is anything but ASCII, each of those is judged by itself.
    """
    others = count.cp932 + count.neither
    hardly = others * 100 < count.lines or others == 1 < count.lines - 1
    if count.utf8 < others and not hardly:
        if _western(count.sample):
            raise _other_encoding(path, "Windows-1252")
        if not _usual(count.sample) and _is(count.sample, "euc_jp"):
            raise _other_encoding(path, "EUC-JP")
    if count.neither * 2 > count.lines:
        raise ListError(
            mark("{file}, line {line}: bytes that are neither UTF-8 nor cp932 (Shift_JIS). Export it again as UTF-8."),
            file=path,
            line=count.first_bad,
        )
    if count.utf8 >= count.cp932 or (hardly and not _looks_cp932(count.sample)):
        return Encoding("utf-8", mixed=True, others=_cp932_lines(path) if count.cp932 else 0)
    return Encoding("cp932", mixed=True, others=count.utf8)


def _cp932_lines(path: Path) -> int:
    lines = (line for block in _raw_blocks(path) for line in block.splitlines())
    return sum(not _is(line, "utf-8") and _is(line, "cp932") and _looks_cp932(line) for line in lines)


def _other_encoding(path: Path, name: str) -> ListError:
    return ListError(mark("{file}: the text is {encoding}. Save it as CSV UTF-8."), file=path, encoding=name)


def _western(sample: bytes) -> bool:
    """Accented letters stand alone among ASCII; kana and kanji have bytes that no letter has."""
    runs = _HIGH_RUNS.findall(sample)
    return len(_WESTERN.findall(sample)) > 0.9 * len(runs) and not _NOT_WESTERN.search(sample)


def _usual(sample: bytes) -> bool:
    """Whether this is Japanese as people write it in cp932, and not other bytes that happen to decode."""
    odd = [bool(match) for match in _USUAL.findall(sample)]
    return sum(odd) * 2 <= len(odd)


def _looks_cp932(line: bytes) -> bool:
    """Whether a line of a UTF-8 file is cp932, and not UTF-8 with damage that cp932 would turn into nonsense."""
    text = line.decode("utf-8", "replace")
    damage = text.count("\ufffd")
    whole = len(_WIDE.findall(text)) - damage
    return 3 * whole <= damage and _usual(line) and not _western(line)


def blocks(path: Path, encoding: Encoding) -> Iterator[bytes]:
    """The file's text in UTF-8, each block ending where a line ends; damage is a lone surrogate (as WTF-8)."""
    if encoding.name.startswith("utf-16"):
        yield from _whole_lines(path, _from_utf16(path, encoding.name))
        return
    for number, block in enumerate(_raw_blocks(path)):
        if number == 0:
            block = block.removeprefix(_UTF8_BOM)  # noqa: PLW2901
        yield _by_line(block, encoding.name) if encoding.mixed else block


def _raw_blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from _whole_lines(path, iter(lambda: file.read(_BLOCK), b""))


def _whole_lines(path: Path, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, cut after line ends; CRLF is not cut in two. Raises ListError for endless lines."""
    rest = b""
    for part in parts:
        rest += part
        end = rest.rfind(b"\n") + 1 or rest.rfind(b"\r", 0, -1) + 1
        if end:
            yield rest[:end]
            rest = rest[end:]
        elif len(rest) > _LONGEST_LINE:
            raise ListError(mark("{file}: no line ends within 64 MB. This is no list; export it again."), file=path)
    if rest:
        yield rest


def _from_utf16(path: Path, name: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(name)("surrogatepass")
    first = True
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            text = decoder.decode(block)
            yield (text.removeprefix("\ufeff") if first else text).encode("utf-8", "surrogatepass")
            first = False
    if decoder.getstate()[0]:
        yield "\udc80".encode("utf-8", "surrogatepass")  # half a character at the end


def _by_line(block: bytes, name: str) -> bytes:
    lines = block.splitlines(keepends=True)
    decode = _utf8_line if name == "utf-8" else _cp932_line
    return b"".join(line if line.isascii() else decode(line).encode("utf-8", "surrogatepass") for line in lines)


def _utf8_line(line: bytes) -> str:
    if _is(line, "utf-8"):
        return line.decode("utf-8")
    cp932 = _is(line, "cp932") and _looks_cp932(line)
    return line.decode("cp932") if cp932 else line.decode("utf-8", "surrogateescape")


def _cp932_line(line: bytes) -> str:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    # Half-width kana may pass for two-byte characters of UTF-8; for longer ones hardly.
    return text if _WIDE.search(text) else line.decode("cp932", "surrogateescape")
