"""A sheet that is no piece, against what the tables say of it: its own words and code, and nothing else at all."""

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import ExitStack

from pypdfium2 import PdfiumError

from dmgen.model.characters import GETA
from dmgen.model.layout import Box
from dmgen.model.places import LayoutPlaces, Phrase, SlotPlace
from dmgen.readback.finding import Finding
from dmgen.readback.pages import PrintedFile, PrintedPage, box_problems, squeezed
from dmgen.readback.rows import SheetRow
from dmgen.readback.symbols import SYMBOLS, is_empty, read_symbol

_CUT = "…"  # what stands where a text that is too long was cut off
_INVISIBLE = ("Mn", "Me", "Cf", "Zs", "Cc")  # marks and selectors, which go with the character before; blanks
_BAR, _CELL = 0.25, 0.30  # mm: narrower bars and cells are not printed
_BARS_A_CHARACTER, _BARS_MORE = 11, 55  # of Code 128, with start, check, stop and quiet zones
_CELLS_A_CHARACTER = 20  # of Data Matrix at most, with its error correction


def sheet_findings(printed: PrintedFile, sheet: SheetRow, layout: LayoutPlaces | None) -> Iterator[Finding]:
    """All that is not as it should be on the pages of a sheet."""
    if layout is None:
        yield Finding("no_such_layout", sheet.file, page=sheet.first_page, field=sheet.row["kind"])
        return
    numbers = range(sheet.first_page, sheet.last_page + 1)
    if len(numbers) != layout.sides:
        yield Finding("page_count", sheet.file, page=sheet.first_page)
        return
    for number in numbers:
        if not 1 <= number <= len(printed):
            yield Finding("page_missing", sheet.file, page=number)
            return
    with ExitStack() as stack:
        try:
            pages = [stack.enter_context(printed.page(number, layout.height, layout.bleed)) for number in numbers]
        except PdfiumError:
            yield Finding("page_unreadable", sheet.file, page=sheet.first_page)
            return
        for number, page in zip(numbers, pages, strict=True):
            for name in box_problems(page, layout):
                yield Finding("box_differs", sheet.file, page=number, field=name)
            is_front = number == sheet.first_page
            for slot, what in _page(page, layout, sheet.cells) if is_front else _back(page, layout):
                yield Finding(what, sheet.file, page=number, slot=slot)


def _back(page: PrintedPage, layout: LayoutPlaces) -> Iterator[tuple[str, str]]:
    if page.text_within(_whole(layout), vertical=False):
        yield "", "sheet_more"


def _page(page: PrintedPage, layout: LayoutPlaces, cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(slot, what) of the front. Whatever stands outside of the slots would be somebody's, and so is found, too."""
    length = 0
    for slot in layout.pages[0].slots:
        if slot.kind in SYMBOLS:
            if problem := _code(page, slot, cells.get("code", "")):
                yield slot.name, problem
            continue
        text = page.text_within(slot.box, vertical=False)
        length += len(text)
        if not any(shows(text, _said(phrase, cells)) for phrase in slot.phrases):
            yield slot.name, "sheet_text"
    if len(page.text_within(_whole(layout), vertical=False)) != length:
        yield "", "sheet_more"


def _whole(layout: LayoutPlaces) -> Box:
    return Box(0, 0, layout.width, layout.height).grown(layout.bleed)


def _said(phrase: Phrase, cells: Mapping[str, str]) -> str:
    return squeezed("".join(cells.get(part.column.removeprefix("sheet."), "") if part.column else part.text
                            for part in phrase))  # fmt: skip


def shows(text: str, wanted: str) -> bool:
    """Whether a squeezed text is what it should be: 〓 stands for a character that no font has, "…" for an end cut off.

    Neither can make one thing of another: a 〓 is no character, and "…" is the end of what was read.
    """
    cut = text.endswith(_CUT) and not wanted.endswith(_CUT)
    body, at = text.removesuffix(_CUT) if cut else text, 0
    for character in wanted:
        if body[at : at + 1] in (character, GETA):
            at += 1
        elif unicodedata.category(character) not in _INVISIBLE:
            return cut and 0 < at == len(body)
    return at == len(body)


def _code(page: PrintedPage, slot: SlotPlace, payload: str) -> str:
    """What is wrong with a code; one whose payload may not fit need not be there."""
    read = read_symbol(page, slot)
    if read is None:
        return "" if _may_lack(slot, payload) and is_empty(page, slot) else "sheet_code"
    return "" if read.payload == payload and read.whole else "sheet_code"


def _may_lack(slot: SlotPlace, payload: str) -> bool:
    """Whether a code of this payload could be too fine to print, or none at all; the text beside it says the same."""
    if not payload or not payload.isascii():
        return True
    if slot.kind == "code128":
        return (len(payload) * _BARS_A_CHARACTER + _BARS_MORE) * _BAR > slot.box.width
    cells = min(slot.box.width, slot.box.height) / _CELL - 2
    return len(payload) * _CELLS_A_CHARACTER > cells * cells
