"""What a print file says of itself: pages, boxes, inks, fonts, the condition that its colours are for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Object, Pdf, PdfError, Stream

from dmgen.errors import OutputError
from dmgen.messages import mark
from dmgen.pdf import PLATES, Inks, PageBoxes, PageInks, Space, is_embedded, page_boxes, read_space

_NO_SPOTS = {*PLATES.values(), "None", "All"}
_ROUNDED = 1  # decimals of a millimetre: boxes are written in points


@dataclass(frozen=True)
class PressFile:
    """Facts of a PDF. `sizes` are the trims, each with its media box (mm: width, height), of all pages.

    `inks` are those of each page, `size` is in bytes; `spots` are the names of its spot inks. `condition` and `profile`
    are those of its output intent; "" for none.
    """

    pages: int
    inks: tuple[Inks, ...]
    size: int
    sizes: tuple[tuple[tuple[float, float], tuple[float, float]], ...]
    spots: tuple[str, ...]
    fonts_embedded: bool
    condition: str
    profile: str


def read_press_file(path: Path, images: dict[bytes, Inks]) -> PressFile:
    """The facts of a print file; `images` that other files have, too, are decoded once.

    Raises OutputError for one that cannot be read.
    """
    try:
        with Pdf.open(path) as pdf:
            pages = [page.obj for page in pdf.pages]
            found = _Found()
            for resources in _each_once(pages):
                found.look(resources)
            reader = PageInks(images)
            inks = tuple(map(reader.of, pages))
            sizes = sorted({_size(page_boxes(page)) for page in pages})
            spots, size = tuple(sorted(found.spots)), path.stat().st_size
            return PressFile(len(pages), inks, size, tuple(sizes), spots, found.embedded, *_intent(pdf))
    except (PdfError, ValueError, OSError) as error:
        raise OutputError(
            mark("{file} cannot be read ({problem}): put the job's own file back"),
            file=path,
            problem=type(error).__name__,
        ) from None


def _each_once(pages: Sequence[Object]) -> Iterator[Object]:
    """The resources of pages, those that several share once."""
    seen: set[tuple[int, int]] = set()
    for page in pages:
        resources = page.get("/Resources")
        if not isinstance(resources, Dictionary):
            continue
        if resources.is_indirect:
            if resources.objgen in seen:
                continue
            seen.add(resources.objgen)
        yield resources


def _size(boxes: PageBoxes) -> tuple[tuple[float, float], tuple[float, float]]:
    trim, media = (boxes.millimetres(box) for box in (boxes.trim or boxes.media, boxes.media))
    return _rounded(trim), _rounded(media)


def _rounded(size: tuple[float, float]) -> tuple[float, float]:
    return round(size[0], _ROUNDED), round(size[1], _ROUNDED)


def _intent(pdf: Pdf) -> tuple[str, str]:
    """Condition and profile of the output intent."""
    intents = pdf.Root.get("/OutputIntents")
    if not isinstance(intents, Array) or not len(intents):
        return "", ""
    condition = str(intents[0].get("/OutputConditionIdentifier", ""))
    return condition, str(intents[0].get("/Info", "")) if "/DestOutputProfile" in intents[0] else ""


class _Found:
    """Spot inks and fonts that resources name, and those of everything that they draw."""

    def __init__(self) -> None:
        self.spots: set[str] = set()
        self.embedded = True
        self._seen: set[tuple[int, int]] = set()

    def look(self, resources: Any) -> None:
        """Take up what these resources name."""
        for space in _entries(resources, "/ColorSpace"):
            self._space(space, resources)
        for shading in _entries(resources, "/Shading"):
            self._space(shading.get("/ColorSpace"), resources)
        for font in _entries(resources, "/Font"):
            self.embedded &= is_embedded(font)
        for drawn in (*_entries(resources, "/XObject"), *_entries(resources, "/Pattern")):
            if not drawn.is_indirect or drawn.objgen not in self._seen:
                self._seen.add(drawn.objgen)
                self._drawn(drawn, resources)

    def _drawn(self, drawn: Object, resources: Object) -> None:
        self._space(drawn.get("/ColorSpace"), resources)
        shading = drawn.get("/Shading")
        if isinstance(shading, Dictionary | Stream):
            self._space(shading.get("/ColorSpace"), resources)
        if "/Resources" in drawn:
            self.look(drawn.Resources)

    def _space(self, written: Object | None, resources: Object) -> None:
        space: Space = read_space(written, resources)
        self.spots |= {ink for one in space.all() for ink in one.colorants} - _NO_SPOTS


def _entries(resources: Any, kind: str) -> list[Any]:
    found = resources.get(kind) if isinstance(resources, Dictionary) else None
    return [value for _, value in found.items()] if isinstance(found, Dictionary) else []
