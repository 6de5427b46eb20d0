"""A pile's print file against the job files that its pages were taken from: stored content, and text by PDFium."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pikepdf
import pypdfium2

from dmgen.readback.finding import Finding


class Origin(NamedTuple):
    """A page of a pile's file and the page of a print file that it must be; `piece_id` is empty for a sheet."""

    page: int
    source: Path
    source_page: int
    piece_id: str = ""


class JoinedFile(NamedTuple):
    """A pile's file, with the origin of every page of it, in page order."""

    file: Path
    origins: tuple[Origin, ...]


def compare_joined(_: object, joined: JoinedFile) -> list[Finding]:
    """What of a pile's file is not as in the sources; a page that no origin is given for is one too many."""
    name = joined.file.name
    try:
        return [*_count(joined), *_contents(joined), *_texts(joined)]
    except (pikepdf.PdfError, pypdfium2.PdfiumError, OSError):
        return [Finding("file_unreadable", name)]


def _count(joined: JoinedFile) -> list[Finding]:
    with pikepdf.open(joined.file) as pdf:
        pages = len(pdf.pages)
    expected = [origin.page for origin in joined.origins]
    return [] if expected == list(range(1, pages + 1)) else [Finding("page_count", joined.file.name)]


def _by_source(joined: JoinedFile) -> dict[Path, list[Origin]]:
    found: defaultdict[Path, list[Origin]] = defaultdict(list)
    for origin in joined.origins:
        found[origin.source].append(origin)
    return found


def _contents(joined: JoinedFile) -> list[Finding]:
    """Pages whose content, as it is stored, is not the source's."""
    findings = []
    with pikepdf.open(joined.file) as pile:
        written = list(pile.pages)
        for path, origins in _by_source(joined).items():
            with pikepdf.open(path) as source:
                pages = list(source.pages)
                findings += [
                    _finding("content_differs", joined, origin)
                    for origin in origins
                    if not _has(written, origin.page)
                    or not _has(pages, origin.source_page)
                    or _stored(written[origin.page - 1]) != _stored(pages[origin.source_page - 1])
                ]
    return findings


def _stored(page: pikepdf.Page) -> bytes:
    contents = page.obj.Contents
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return b"".join(stream.read_raw_bytes() for stream in streams)


def _texts(joined: JoinedFile) -> list[Finding]:
    """Pages that another engine does not read the same text from as from the source's."""
    findings = []
    pile = pypdfium2.PdfDocument(joined.file)
    try:
        for path, origins in _by_source(joined).items():
            source = pypdfium2.PdfDocument(path)
            try:
                findings += [
                    _finding("text_of_other_page", joined, origin)
                    for origin in origins
                    if origin.page > len(pile)
                    or origin.source_page > len(source)
                    or _text(pile, origin.page) != _text(source, origin.source_page)
                ]
            finally:
                source.close()
    finally:
        pile.close()
    return findings


def _text(document: pypdfium2.PdfDocument, page: int) -> str:
    opened = document[page - 1]
    read = opened.get_textpage()
    text = str(read.get_text_range())
    read.close()
    opened.close()
    return text


def _has(pages: Sequence[object], number: int) -> bool:
    return 1 <= number <= len(pages)


def _finding(what: str, joined: JoinedFile, origin: Origin) -> Finding:
    return Finding(what, joined.file.name, origin.piece_id, page=origin.page)
