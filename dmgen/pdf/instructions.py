"""Content streams as operators of colour and painting with their operands: what is written, and nothing else of it."""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Name, Object, Stream

from dmgen.pdf.values import name_text

Instruction = tuple[str, tuple[str, ...]]
"""An operator, and its operands as text: names with their slash, anything but names and numbers as ""."""

_WATCHED = "q Q gs g G rg RG k K cs CS sc SC scn SCN sh Do f F f* B B* b b* S s Tf Tr Tj TJ ' \" BI ID EI"
_WANTED = frozenset(_WATCHED.split())
_SHOWS = ("Tj", "'")
_STRING = re.compile(rb"\((?:[^()\\]+|\\.)*+\)", re.DOTALL)
_RECTANGLES = re.compile(rb"\n(?:\d++ \d++ \d++ \d++ re\n)++")
_OTHER = b"()<>%[]{}#"
_OPERAND = frozenset("/0123456789+-.")


def page_instructions(page: Object) -> tuple[Instruction, ...]:
    """The watched instructions of a page's content, those that repeat the one before left out. Raises PdfError.

    Pages as dmgen writes them (strings in parentheses, numbers, plain names) are split fast: they are many.
    """
    content = page.get("/Contents")
    text = _plain(content.read_bytes()) if isinstance(content, Stream) else None
    if text is not None:
        return tuple(split(text))
    return tuple(_parsed(pikepdf.Page(page))) if content is not None else ()


def instructions(stream: Object) -> tuple[Instruction, ...]:
    """The watched instructions of a form, a pattern or a glyph. Raises PdfError."""
    return tuple(_parsed(stream))


def _plain(content: bytes) -> str | None:
    """A content stream without strings and rectangles; None where it holds what would have to be parsed."""
    bare = _RECTANGLES.sub(b" ", _STRING.sub(b" ", content))
    is_plain = len(bare) == len(bare.translate(None, _OTHER)) and b"BI" not in bare
    return bare.decode("latin-1") if is_plain else None


def split(text: str) -> Iterator[Instruction]:
    """The watched instructions of a content stream of numbers, plain names and operators only."""
    tokens = text.split()
    start, before = 0, ""
    for place, token in enumerate(tokens):
        if token[0] not in _OPERAND:
            if token in _WANTED and not (token == before and start == place and token in _SHOWS):
                yield token, tuple(tokens[start:place])
                before = token
            start = place + 1


def _parsed(source: Any) -> Iterator[Instruction]:
    for instruction in pikepdf.parse_content_stream(source, _WATCHED):
        operator, operands = str(instruction.operator), instruction.operands
        yield ("EI", (_inline(operands[0]),)) if operator == "INLINE IMAGE" else (operator, tuple(map(_text, operands)))


def _inline(image: Any) -> str:
    """The colour space of an image within the content; "" of a mask."""
    own = image.obj
    written = own.get("/ColorSpace", own.get("/CS"))
    if own.get("/ImageMask", own.get("/IM", False)):
        return ""
    return name_text(written) if isinstance(written, Name) else "/unknown"


def _text(operand: object) -> str:
    if isinstance(operand, Name):
        return name_text(operand)
    return "" if isinstance(operand, Object) else str(operand)
