"""A layout file and those it extends, merged into one master."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dmgen.campaign.artwork import find_artwork
from dmgen.campaign.files import layout_file
from dmgen.campaign.places import Keys
from dmgen.campaign.problems import RefusalError, check, did_you_mean, listed, problem
from dmgen.campaign.schema_layout import LayoutTable, PagesTable, PageTable, SlotTable, StyleTable
from dmgen.campaign.slots import Placed, Sheet, SlotMaker
from dmgen.campaign.toml_file import TomlFile, read_toml
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.layout import Layout, Page, Style

_SHIPPED_FONTS = ("mincho", "gothic", "mono")
_LINE_SPACING = 1.6
_POINT = 25.4 / 72
_BUILT_IN_STYLES = {
    "body": Style("mincho", 10.5 * _POINT, 18 * _POINT),
    "small": Style("gothic", 7 * _POINT, 10 * _POINT),
    "code": Style("mono", 15 * _POINT, 15 * _POINT * _LINE_SPACING),
    "title": Style("mincho", 14 * _POINT, 14 * _POINT * _LINE_SPACING),
}


@dataclass
class _Draft:
    """What a chain of layout files has said so far; later files replace by name."""

    page: dict[str, Any] = field(default_factory=dict)
    folds_in: TomlFile | None = None
    artwork: tuple[TomlFile, str] | None = None
    words: dict[str, str] = field(default_factory=dict)
    origins: dict[str, tuple[Path, int]] = field(default_factory=dict)
    styles: dict[str, Style] = field(default_factory=lambda: dict(_BUILT_IN_STYLES))
    slots: dict[str, Placed] = field(default_factory=dict)
    pages: list[tuple[TomlFile, PagesTable]] = field(default_factory=list)


def load_layout(name: str, path: Path, shop: Shop) -> Layout:
    """The layout in the file at `path`, everything it extends merged in. Raises CampaignError."""
    draft = _Draft()
    for file, table in _chain(path):
        _add(draft, file, table, shop)
    sheet = _sheet(draft)
    pages = _pages(draft, SlotMaker(sheet, draft.words, draft.styles))
    if not pages:
        message = mark(
            "{file}: the layout has no slots; add [slots] and a line such as "
            'greeting = {{ kind = "text", words = "greeting", box = [20, 80, 120, 10] }}'
        )
        raise CampaignError(message, file=path)
    return Layout(
        name=name,
        file=path,
        width=sheet.width,
        height=sheet.height,
        bleed=sheet.bleed,
        sides=sheet.sides,
        folds=sheet.folds,
        pages=pages,
        words=draft.words,
        origins=draft.origins,
    )


def _chain(path: Path) -> list[tuple[TomlFile, LayoutTable]]:
    """The file at `path` and those it extends, the farthest first."""
    chain: list[tuple[TomlFile, LayoutTable]] = []
    seen: list[Path] = []
    while True:
        file = read_toml(path, format_required=False)
        table = check(LayoutTable, file)
        chain.insert(0, (file, table))
        seen.append(path.resolve())
        if table.extends is None:
            return chain
        path = layout_file(file, ("extends",), table.extends)
        if path.resolve() in seen:
            names = " → ".join(file.name for file in (*seen, path))
            message = mark("these layouts extend each other in a circle: {names}; one must stand alone")
            raise problem(file, ("extends",), RefusalError(message, names=names))


def _add(draft: _Draft, file: TomlFile, table: LayoutTable, shop: Shop) -> None:
    written = table.page.model_fields_set
    draft.page.update({key: getattr(table.page, key) for key in written})
    draft.folds_in = file if "folds" in written else draft.folds_in
    draft.artwork = (file, table.page.artwork) if table.page.artwork else draft.artwork
    draft.words.update(table.words)
    draft.origins.update({key: (file.path, file.text_line(("words", key))) for key in table.words})
    for key, style in table.style.items():
        draft.styles[key] = _style(file, ("style", key), style, shop)
    _add_slots(draft, file, table.slots)
    if table.pages is not None:
        draft.pages = [(file, page) for page in table.pages]


def _add_slots(draft: _Draft, file: TomlFile, slots: dict[str, SlotTable | None]) -> None:
    inherited = tuple(draft.slots)
    for name, slot in slots.items():
        if slot is not None:
            draft.slots[name] = Placed(file, ("slots", name), name, slot)
        elif name in inherited:
            del draft.slots[name]
        else:
            message = mark("there is no inherited slot of this name to take away{near}; inherited: {inherited}")
            near = did_you_mean(name, inherited)
            refusal = RefusalError(message, near=near, inherited=listed(inherited))
            raise problem(file, ("slots", name), refusal)


def _style(file: TomlFile, keys: Keys, table: StyleTable, shop: Shop) -> Style:
    fonts = list(dict.fromkeys((*_SHIPPED_FONTS, *shop.fonts)))
    if table.font not in fonts:
        message = mark("no such font{near}; allowed: {fonts} (more under [fonts] in {shop})")
        refusal = RefusalError(message, near=did_you_mean(table.font, fonts), fonts=listed(fonts), shop=shop.file.name)
        raise problem(file, (*keys, "font"), refusal)
    return Style(
        font=table.font,
        size=table.size,
        leading=table.leading or table.size * _LINE_SPACING,
        fit=table.fit,
        align=table.align,
        color=table.color,
        tracking=table.tracking,
        middle=table.middle,
    )


def _sheet(draft: _Draft) -> Sheet:
    page = PageTable.model_construct(None, **draft.page)
    width, height = sorted(page.size, reverse=True) if page.landscape else page.size
    for fold in page.folds:
        if draft.folds_in is not None and fold >= height:
            message = mark("folds are mm from the top, each below {height:g}")
            raise problem(draft.folds_in, ("page", "folds"), RefusalError(message, height=height))
    return Sheet(width, height, page.bleed, page.sides, tuple(sorted(page.folds)))


def _pages(draft: _Draft, maker: SlotMaker) -> tuple[Page, ...]:
    first = tuple(maker.make(placed) for placed in draft.slots.values())
    pages = []
    if draft.artwork:
        file, written = draft.artwork
        pages = [Page(first, artwork=find_artwork(file, ("page", "artwork"), written, maker.sheet))]
    elif first:
        pages = [Page(first)]
    for number, (file, page) in enumerate(draft.pages):
        if not page.slots and not page.artwork:
            message = mark(
                "a page needs slots, artwork or both; for example: "
                'slots = {{ back = {{ kind = "text", words = "back", box = [20, 20, 170, 50] }} }}'
            )
            raise problem(file, ("pages", number), RefusalError(message))
        slots = (
            maker.make(Placed(file, ("pages", number, "slots", name), name, slot)) for name, slot in page.slots.items()
        )
        keys = ("pages", number, "artwork")
        artwork = find_artwork(file, keys, page.artwork, maker.sheet) if page.artwork else None
        pages.append(Page(tuple(slots), page.when, artwork))
    return tuple(pages)
