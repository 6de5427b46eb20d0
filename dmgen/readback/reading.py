"""One stretch of pieces read back: the worker's part."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pikepdf
from pypdfium2 import PdfiumError

from dmgen.model.layout import Box
from dmgen.model.places import LayoutPlaces, PagePlaces, SlotPlace
from dmgen.readback.books import Stretch
from dmgen.readback.compare import Expected, Problem, payload_problem, text_problem
from dmgen.readback.finding import Finding
from dmgen.readback.fonts import font_findings
from dmgen.readback.pages import PrintedFile, PrintedPage, box_problems, opened
from dmgen.readback.rows import Piece
from dmgen.readback.sheets import sheet_findings
from dmgen.readback.symbols import SYMBOLS, is_empty, read_symbol

_BLANK = PagePlaces(())  # the back that is added where a piece has an odd number of sides


def read_stretch(kit: object, stretch: Stretch) -> tuple[int, list[Finding]]:
    """How many pieces were read, and all that is not as job.json and the pieces' own rows say."""
    return len(stretch.pieces), _findings(stretch)


def _findings(stretch: Stretch) -> list[Finding]:
    path, file = stretch.folder / stretch.file, stretch.file
    if not path.is_file():
        return [Finding("file_missing", file)] if stretch.whole else []
    findings: list[Finding] = []
    try:
        if stretch.whole:
            findings += _file_findings(path, stretch)
        with opened(path) as printed:
            if stretch.whole and len(printed) != stretch.printed.pages:
                findings.append(Finding("page_count", file))
            for piece in stretch.pieces:
                findings += _piece(printed, piece, stretch)
            for sheet in stretch.sheets:
                findings += sheet_findings(printed, sheet, stretch.master.sheets.get(sheet.row["kind"]))
    except (PdfiumError, pikepdf.PdfError, OSError):
        findings.append(Finding("file_unreadable", file))
    return findings


def _file_findings(path: Path, stretch: Stretch) -> Iterator[Finding]:
    with path.open("rb") as data:
        if hashlib.file_digest(data, "sha256").hexdigest() != stretch.printed.sha256:
            yield Finding("checksum", stretch.file)
    yield from font_findings(path, stretch.file)


def _piece(printed: PrintedFile, piece: Piece, stretch: Stretch) -> list[Finding]:
    """The findings of a piece. Where rules about cells that only the list has leave open which pages of its layout
    these are, the choice that agrees best counts.
    """
    row = piece.row
    layout = stretch.master.layouts.get(row["layout"])
    if layout is None:
        return [Finding("no_such_layout", stretch.file, row["piece_id"], piece.sequence, field=row["layout"])]
    master, segment = stretch.master, row["segment"]
    name = master.names.get(segment, segment)
    expected = Expected(piece, master.offer_of(piece), master.country, name, master.commitment, master.lists_no_barcode)
    numbers = _as_read(piece, layout.sides, turned=master.turned)
    best: list[Finding] | None = None
    with ExitStack() as stack:
        pages: dict[int, PrintedPage] = {}
        for number in numbers:
            if not 1 <= number <= len(printed):
                return [Finding("page_missing", stretch.file, row["piece_id"], piece.sequence, number)]
            try:
                pages[number] = stack.enter_context(printed.page(number, layout.height, layout.bleed))
            except PdfiumError:
                return [Finding("page_unreadable", stretch.file, row["piece_id"], piece.sequence, number)]
        for choice in _choices(layout, expected, len(numbers)):
            found = [
                Finding(what, stretch.file, row["piece_id"], piece.sequence, number, slot, field)
                for number, places in zip(numbers, choice, strict=True)
                for slot, (what, field) in _page(pages[number], places, layout, expected)
            ]
            best = found if best is None or len(found) < len(best) else best
            if not best:
                break
    return [Finding("page_count", stretch.file, row["piece_id"], piece.sequence)] if best is None else best


def _as_read(piece: Piece, sides: int, *, turned: bool) -> list[int]:
    """The pages of a piece as a reader turns them; in a turned file its last sheet comes first."""
    numbers = range(piece.first_page, piece.last_page + 1)
    starts = range(0, len(numbers), sides)
    return [page for start in (reversed(starts) if turned else starts) for page in numbers[start : start + sides]]


def _choices(layout: LayoutPlaces, expected: Expected, count: int) -> Iterator[tuple[PagePlaces, ...]]:
    """The pages of a layout that `count` printed pages can be."""
    holding = [(page, holds) for page in layout.pages if (holds := expected.holds(page.when)) is not False]
    sure = sum(holds is True for _, holds in holding)
    sizes = {count, count - 1} if layout.sides == 2 and count % 2 == 0 else {count}
    for size in sorted(sizes, reverse=True):
        for places in combinations(range(len(holding)), size) if size >= sure else ():
            if sum(holding[place][1] is True for place in places) == sure:
                yield (*(holding[place][0] for place in places), *[_BLANK] * (count - size))


def _page(
    page: PrintedPage, places: PagePlaces, layout: LayoutPlaces, expected: Expected
) -> Iterator[tuple[str, Problem]]:
    for name in box_problems(page, layout):
        yield "", ("box_differs", name)
    if places is _BLANK and page.text_in(Box(0, 0, layout.width, layout.height)):
        yield "", ("text_unexpected", "")
    for slot in places.slots:
        holds = expected.holds(slot.when)
        sure = holds is True or (slot.kind == "ar" and bool(expected.marker) and layout.has_one("ar"))
        if holds is not False and (problem := _slot(page, slot, layout, expected, sure=sure)):
            yield slot.name, problem


def _slot(
    page: PrintedPage, slot: SlotPlace, layout: LayoutPlaces, expected: Expected, *, sure: bool
) -> Problem | None:
    """What is wrong in a slot. One that need not be there (`sure` is false) is compared where something stands."""
    if slot.kind in SYMBOLS:
        return _symbol(page, slot, expected, sure=sure)
    if expected.is_overset(slot.name):
        box = slot.box
        slot = replace(slot, crowded=True, box=Box(box.left, box.top, box.width, layout.height - box.top))
    text = page.text_in(slot.box)
    if not sure and (slot.crowded or not text):
        return None
    problem = text_problem(slot, text, expected)
    if problem:  # characters of a neighbour that touch the box, or a line in several fonts: look closely
        problem = text_problem(slot, page.text_within(slot.box, vertical=slot.vertical), expected)
    return problem


def _symbol(page: PrintedPage, slot: SlotPlace, expected: Expected, *, sure: bool) -> Problem | None:
    read = read_symbol(page, slot)
    has_none = slot.kind == "japanpost" and not expected.has_barcode  # an address that cannot have one
    if read is None:
        free = has_none or not sure
        return None if free and (slot.crowded or is_empty(page, slot)) else ("symbol_unreadable", slot.link)
    if has_none and expected.has_barcode is False:
        return "symbol_unexpected", slot.link
    problem = payload_problem(slot, read.payload, expected)
    return problem or (None if read.whole else ("symbol_damaged", slot.link))
