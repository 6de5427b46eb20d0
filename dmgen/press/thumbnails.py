"""Pages of other PDFs in another size, as they are: forms whose origin is the trim's top left corner."""

from contextlib import ExitStack
from pathlib import Path

from pikepdf import Object, Pdf

from dmgen.errors import OutputError
from dmgen.messages import mark
from dmgen.pdf import PageBoxes, Rectangle, is_transparent, page_boxes, walk_page
from dmgen.press.artwork_boxes import turned
from dmgen.press.graft import NOT_AS_IT_SHOULD_BE, DamagedStreamError, Graft, graft
from dmgen.press.operators import number

_UNREADABLE = (*NOT_AS_IT_SHOULD_BE, OSError, DamagedStreamError)


class Thumbnails:
    """Pages of files, which are opened once and closed with this; streams of grafts go into `folder`.

    Raises OutputError for a file or page that is not there or cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[Path, Pdf] = {}
        self._open, self._made = ExitStack(), 0

    def __enter__(self) -> "Thumbnails":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def size(self, file: Path, page: int) -> tuple[float, float]:
        """Width and height (mm) of the trim of a page, counted from 1; of the whole page where it says none."""
        try:
            _, boxes, trim = self._page(file, page)
            width, height = boxes.millimetres(trim)
            if min(width, height) <= 0:
                raise ValueError("an empty page")
        except _UNREADABLE:
            raise _unreadable(file, page) from None
        return width, height

    def graft(self, file: Path, page: int, width: float) -> Graft:
        """The trim of a page, `width` mm wide."""
        try:
            thing, boxes, trim = self._page(file, page)
            found = walk_page(thing)
            scale = width / boxes.millimetres(trim)[0]
            matrix = b" ".join(b"%.6f" % (value * scale) for value in turned(trim, boxes))
            entries = b"/BBox[%b]/Matrix[%b]" % (" ".join(map(number, trim)).encode(), matrix)
            self._made += 1
            target = self._folder / f"{self._made}.streams"
            return graft(thing, found, entries, target, keep_group=any(map(is_transparent, found.uses)))
        except _UNREADABLE:
            raise _unreadable(file, page) from None

    def _page(self, file: Path, page: int) -> tuple[Object, PageBoxes, Rectangle]:
        if file not in self._files:
            self._files[file] = self._open.enter_context(Pdf.open(file))
        pages = self._files[file].pages
        if not 1 <= page <= len(pages):
            raise IndexError(page)
        thing = pages[page - 1].obj
        boxes = page_boxes(thing)
        return thing, boxes, boxes.trim or boxes.crop or boxes.media


def _unreadable(file: Path, page: int) -> OutputError:
    return OutputError(mark("{file}: page {page} cannot be shown: it is not there, or damaged"), file=file, page=page)
