"""Papers as pages: strips one below the other, title and banner above, footer and number below."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dmgen.fonts import Face
from dmgen.messages import Speaker, mark
from dmgen.model.contents import Item, PageContents
from dmgen.model.layout import K100, Align
from dmgen.papers.document import Document, Pictures, Table
from dmgen.papers.setter import Place, Setter
from dmgen.papers.strips import Drawn, Shown, Sizes, Strip, Stripper
from dmgen.papers.style import ACROSS, ASCENT, BOTTOM, FINE, GREY, HAIR, HEIGHT, LEFT, RED, TOP, WHITE, WIDTH, Scale

_SCALES = tuple(
    Scale(*factors)
    for factors in ((1.0, 1.0), (0.95, 0.9), (0.9, 0.8), (0.85, 0.7), (0.8, 0.6), (0.75, 0.5), (0.75, 0.4), (0.75, 0.3))
)
_MOST_TITLE = 4  # lines
_BANNER = 13.0
_RUNNING = 9.0  # from the second page on: the title again, small
_FOOT = 2.4
_MOST_LOST = 6


@dataclass(frozen=True)
class Paper:
    """Pages, the shapes that they stamp, the pictures by name, and the characters that the face has not."""

    pages: list[PageContents]
    forms: dict[str, list[Item]]
    pictures: dict[str, Shown]
    lost: list[str]


def set_paper(document: Document, face: Face, sizes: Sizes) -> Paper:
    """A document as pages of A4; `sizes` are those of its pictures (mm)."""
    if not document.one_page:
        return _Setting(document, face, sizes, _SCALES[0]).paper()
    for scale in _SCALES:
        setting = _Setting(document, face, sizes, scale)
        if len(setting.pages) == 1:
            return setting.paper()
    return _Setting(_cut(document, face, sizes), face, sizes, _SCALES[-1]).paper()


def _cut(document: Document, face: Face, sizes: Sizes) -> Document:
    """A document whose tables, the longest first, are as short as one page needs, then without its pictures.

    As it was, if that is not enough.
    """
    speaker, blocks = Speaker(document.language), list(document.blocks)

    def fits() -> bool:
        return len(_Setting(replace(document, blocks=tuple(blocks)), face, sizes, _SCALES[-1]).pages) == 1

    tables = {place: block for place, block in enumerate(blocks) if isinstance(block, Table)}
    for place, table in sorted(tables.items(), key=lambda pair: -len(pair[1].rows)):
        blocks[place] = _shortened(table, 1, speaker)
        if fits():
            kept, beyond = 1, len(table.rows)
            while beyond - kept > 1:
                middle = (kept + beyond) // 2
                blocks[place] = _shortened(table, middle, speaker)
                kept, beyond = (middle, beyond) if fits() else (kept, middle)
            blocks[place] = _shortened(table, kept, speaker)
            return replace(document, blocks=tuple(blocks))
    blocks = [block for block in blocks if not isinstance(block, Pictures)]
    return replace(document, blocks=tuple(blocks)) if fits() else document


def _shortened(table: Table, kept: int, speaker: Speaker) -> Table:
    """The first rows, and a line for what is beyond them."""
    beyond = table.rows[kept:]
    if len(beyond) < 2:
        return table
    cells = [
        _total([row[place] for row in beyond]) if column.adds else "" for place, column in enumerate(table.columns)
    ]
    words = next((place for place, column in enumerate(table.columns) if not column.adds), 0)
    cells[words] = speaker.say(mark("and {count} more rows"), count=len(beyond))
    return table._replace(rows=[*table.rows[:kept], cells])


def _total(cells: Sequence[str]) -> str:
    return f"{sum(int(cell.replace(',', '') or 0) for cell in cells):,}"


class _Setting:
    """One attempt to set a document, in one scale."""

    def __init__(self, document: Document, face: Face, sizes: Sizes, scale: Scale) -> None:
        self._document, self._scale = document, scale
        self._setter = Setter(face)
        self._stripper = Stripper(self._setter, scale, sizes)
        self._top = TOP + (_BANNER + 4 if document.banner else 0)
        self._title = self._titled()
        strips = [strip for block in document.blocks for strip in self._stripper.strips(block)]
        first, later = self._top + self._title.height, self._top + _RUNNING
        self.pages = list(_paged(strips, lambda page: HEIGHT - BOTTOM - (later if page else first)))

    def paper(self) -> Paper:
        """The pages with all that stands on each."""
        pages = []
        for page, strips in enumerate(self.pages):
            head = self._title if not page else self._running()
            items = [*self._banner(), *_moved(head.items, self._top)]
            at = self._top + head.height
            for offset, strip in strips:
                items += _moved(strip.items, at + offset)
            pages.append(items)
        lost = list(dict.fromkeys(cluster for cluster, _ in self._setter.lost))
        pages = [[*items, *self._footer(number, len(pages), lost)] for number, items in enumerate(pages, 1)]
        contents = [PageContents(WIDTH, HEIGHT, 0, list(items)) for items in pages]
        return Paper(contents, self._stripper.shapes.forms, self._stripper.shown, lost)

    def _titled(self) -> Strip:
        """Title and subtitle over a rule."""
        scale, items, at = self._scale, list[Drawn](), 0.0
        lines = ((self._document.title, scale.title, K100), (self._document.subtitle, scale.subtitle, GREY))
        for text, size, color in lines:
            if text:
                broken = self._setter.at_most(_MOST_TITLE, self._setter.lines(text, ACROSS, size))
                place = Place(0, at + ASCENT * size)
                items.append(self._setter.block(broken, place, size, 1.4 * size, color=color))
                at += len(broken) * 1.4 * size
        at += 1.5 * scale.unit
        items.append(self._stripper.shapes.rule(0, at, ACROSS, 2 * FINE))
        return Strip(at + 6 * scale.unit, items)

    def _running(self) -> Strip:
        items: list[Drawn] = [*self._setter.line(self._document.title, Place(0, 2.6), ACROSS, 2.8, color=GREY)]
        return Strip(_RUNNING, [*items, self._stripper.shapes.rule(0, 4.6, ACROSS, HAIR, GREY)])

    def _banner(self) -> list[Drawn]:
        """White on red over the whole measure."""
        if not self._document.banner:
            return []
        panel = self._stripper.shapes.panel(LEFT, TOP, ACROSS, _BANNER, RED)
        size, place = 8.0, Place(LEFT + 4, TOP + (_BANNER - 8.0) / 2 + ASCENT * 8.0)
        text = self._document.banner
        return [panel, *self._setter.line(text, place, ACROSS - 8, size, align=Align.CENTER, color=WHITE)]

    def _footer(self, number: int, of: int, lost: Sequence[str]) -> list[Drawn]:
        base, top = HEIGHT - 9.0, HEIGHT - 13.2
        page = self._setter.line(f"{number}/{of}", Place(LEFT, base), ACROSS, _FOOT, align=Align.RIGHT, color=GREY)
        words = [self._document.footer] if self._document.footer else []
        if lost:
            words.append(self._missing(lost))
        text = self._setter.line("　".join(words), Place(LEFT, base), ACROSS - 20, _FOOT, color=GREY)
        return [self._stripper.shapes.rule(LEFT, top, ACROSS, HAIR, GREY), *text, *page]

    def _missing(self, lost: Sequence[str]) -> str:
        points = [" ".join(f"U+{ord(char):04X}" for char in cluster) for cluster in lost]
        listed = ", ".join(points[:_MOST_LOST]) + ("…" if len(points) > _MOST_LOST else "")
        say = Speaker(self._document.language).say
        message = mark("{count} characters are not in this paper's font and shown by others: {characters}")
        return say(message, count=len(lost), characters=listed)


def _paged(strips: Sequence[Strip], room: Callable[[int], float]) -> list[list[tuple[float, Strip]]]:
    """The strips of each page with their distances from its top; what is joined stays together where it can."""
    pages: list[list[tuple[float, Strip]]] = [[]]
    at, waiting = 0.0, list[Strip]()
    for strip in strips:
        waiting.append(strip)
        if strip.joined:
            continue
        height = _height(waiting, at)
        if at and at + height > room(len(pages) - 1):
            pages.append([])
            at = 0.0
        for one in waiting:
            at = _placed(one, at, pages, room)
        waiting = []
    for one in waiting:
        at = _placed(one, at, pages, room)
    return pages


def _height(strips: Sequence[Strip], at: float) -> float:
    spaces = sum(strip.before for strip in strips[0 if at else 1 :])
    return spaces + sum(strip.height for strip in strips)


def _placed(strip: Strip, at: float, pages: list[list[tuple[float, Strip]]], room: Callable[[int], float]) -> float:
    """Place one strip, on a new page where it must; returns where the next one may begin."""
    before = strip.before if at else 0.0
    if at and at + before + strip.height > room(len(pages) - 1):
        pages.append([])
        at = before = 0.0
    if not at and strip.head:
        pages[-1].append((0.0, strip.head))
        at = strip.head.height
    pages[-1].append((at + before, strip))
    return at + before + strip.height


def _moved(items: Sequence[Drawn], top: float) -> list[Drawn]:
    return [item._replace(x=item.x + LEFT, y=item.y + top) for item in items]
