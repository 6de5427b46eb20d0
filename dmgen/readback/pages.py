"""Print files as another engine (PDFium) sees them: boxes, text in a rectangle, a rectangle as pixels."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium

from dmgen.model.layout import Box
from dmgen.model.places import LayoutPlaces

PT = 72 / 25.4  # points a millimetre
_TOLERANCE = 0.02  # points
_MOST_CHARACTERS = 1 << 16
_BROKEN_HYPHENS = str.maketrans({"\ufffe": "-", "\x02": "-", "\xad": "-"})  # PDFium's sign for one at a line's end

Pixels = npt.NDArray[np.uint8]


class Glyph(NamedTuple):
    """A character as it stands on the page: the middle and the baseline's start of it (points), a UTF-16 unit."""

    x: float
    y: float
    left: float
    baseline: float
    character: str


def squeezed(text: str) -> str:
    """Text without what typesetting may change: blanks and line ends."""
    return "".join(text.translate(_BROKEN_HYPHENS).split())


@contextmanager
def opened(path: Path) -> Iterator["PrintedFile"]:
    """A print file. Raises PdfiumError for what is none."""
    document = pypdfium2.PdfDocument(path)
    try:
        yield PrintedFile(document)
    finally:
        document.close()


class PrintedFile:
    """An open print file."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document
        self._text = ctypes.create_string_buffer(2 * _MOST_CHARACTERS)

    def __len__(self) -> int:
        return len(self._document)

    @contextmanager
    def page(self, number: int, height: float, bleed: float) -> Iterator["PrintedPage"]:
        """Page `number` (from 1) of a sheet of this trim height and bleed (mm). Raises PdfiumError."""
        page = self._document[number - 1]
        text = page.get_textpage()
        try:
            yield PrintedPage(page, text, self._text, height, bleed)
        finally:
            text.close()
            page.close()


class PrintedPage:
    """One page; boxes are in mm from the trim's top left."""

    def __init__(self, page: Any, text: Any, buffer: Any, height: float, bleed: float) -> None:
        self._page, self._text_page = page, text
        self._page_handle, self._text_handle = page.raw, text.raw
        self._buffer = buffer
        self._units = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        self._top, self._bleed = (height + bleed) * PT, bleed
        self._glyphs: list[Glyph] | None = None

    def boxes(self) -> dict[str, tuple[float, ...]]:
        """MediaBox, BleedBox and TrimBox as they are written (points), and a turn where there is one."""
        page = self._page
        media = page.get_mediabox()
        boxes = {"MediaBox": media, "BleedBox": page.get_bleedbox(), "TrimBox": page.get_trimbox()}
        turn = page.get_rotation()
        return boxes | {"Rotate": (turn,)} if turn else boxes

    def text_in(self, box: Box) -> str:
        """The characters that touch a box, in the order of the content, squeezed."""
        left, top = (box.left + self._bleed) * PT, self._top - box.top * PT
        right, bottom = left + box.width * PT, top - box.height * PT
        count = pdfium.FPDFText_GetBoundedText(
            self._text_handle, left, top, right, bottom, self._units, _MOST_CHARACTERS
        )
        return squeezed(self._buffer.raw[: 2 * count].decode("utf-16-le", "replace").rstrip("\0"))

    def text_within(self, box: Box, *, vertical: bool) -> str:
        """The characters whose middle lies in a box, as a reader goes: line by line, or column by column."""
        left, top = (box.left + self._bleed) * PT, self._top - box.top * PT
        right, bottom = left + box.width * PT, top - box.height * PT
        inside = [glyph for glyph in self._all() if left <= glyph.x <= right and bottom <= glyph.y <= top]
        across: Callable[[Glyph], float] = (lambda glyph: glyph.x) if vertical else (lambda glyph: glyph.baseline)
        along: Callable[[Glyph], float] = (lambda glyph: -glyph.y) if vertical else (lambda glyph: glyph.left)
        inside.sort(key=lambda glyph: -across(glyph))
        lines = _grouped(inside, [across(glyph) for glyph in inside])
        units = "".join(glyph.character for line in lines for glyph in sorted(line, key=along))
        return squeezed(units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))

    def _all(self) -> list[Glyph]:
        if self._glyphs is None:
            count = pdfium.FPDFText_CountChars(self._text_handle)
            self._glyphs = [glyph for index in range(count) if (glyph := self._glyph(index))]
        return self._glyphs

    def _glyph(self, index: int) -> Glyph | None:
        handle = self._text_handle
        x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
        if pdfium.FPDFText_IsGenerated(handle, index) == 1:
            return None
        pdfium.FPDFText_GetCharOrigin(handle, index, ctypes.byref(x), ctypes.byref(y))
        pdfium.FPDFText_GetLooseCharBox(handle, index, ctypes.byref(box))
        character = chr(pdfium.FPDFText_GetUnicode(handle, index))
        middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        return Glyph(*middle, x.value, y.value, character)

    def pixels(self, box: Box, scale: float) -> Pixels:
        """A box as grey pixels, `scale` of them a millimetre; white where nothing stands."""
        width, height = max(1, round(box.width * scale)), max(1, round(box.height * scale))
        pixels = np.full((height, width), 255, np.uint8)
        left, top = (box.left + self._bleed) * scale, (box.top + self._bleed) * scale
        matrix = pdfium.FS_MATRIX(scale / PT, 0, 0, scale / PT, -left, -top)
        clip = pdfium.FS_RECTF(0, 0, width, height)
        data = pixels.ctypes.data_as(ctypes.c_void_p)
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, data, width)
        pdfium.FPDF_RenderPageBitmapWithMatrix(bitmap, self._page_handle, ctypes.byref(matrix), ctypes.byref(clip), 0)
        pdfium.FPDFBitmap_Destroy(bitmap)
        return pixels


def box_problems(page: PrintedPage, layout: LayoutPlaces) -> Iterator[str]:
    """The boxes of a page that are not as its layout says, and a turn."""
    width, height, bleed = layout.width * PT, layout.height * PT, layout.bleed * PT
    full = (0.0, 0.0, width + 2 * bleed, height + 2 * bleed)
    wanted = {"MediaBox": full, "BleedBox": full, "TrimBox": (bleed, bleed, bleed + width, bleed + height)}
    for name, box in page.boxes().items():
        if any(abs(found - asked) > _TOLERANCE for found, asked in zip(box, wanted.get(name, (0.0,)), strict=True)):
            yield name


def _grouped(glyphs: list[Glyph], at: list[float]) -> list[list[Glyph]]:
    """Sorted glyphs in lines: a new one where the position jumps by more than a point."""
    lines = [0]
    for before, after in pairwise(at):
        lines.append(lines[-1] + (before - after > 1))
    paired = zip(lines, glyphs, strict=False)  # no glyphs: still one line
    return [[glyph for _, glyph in group] for _, group in groupby(paired, lambda pair: pair[0])]
