"""A layout file and those it extends, merged into one master."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dmgen.campaign.artwork import find_artwork
from dmgen.campaign.colors import found_color
from dmgen.campaign.files import layout_file
from dmgen.campaign.problems import RefusalError, check, did_you_mean, listed, problem
from dmgen.campaign.schema_layout import LayoutTable, PagesTable, PageTable, SlotTable, StyleTable
from dmgen.campaign.shop import SHIPPED_FONTS
from dmgen.campaign.slots import Placed, Sheet, SlotMaker
from dmgen.campaign.window import check_window
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.layout import Color, Direction, Fit, Layout, Page, Style
from dmgen.model.posting import MailRules
from dmgen.toml import Keys, TomlFile, read_toml

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

    styles: dict[str, Style]
    page: dict[str, Any] = field(default_factory=dict)
    folds_in: TomlFile | None = None
    artwork: tuple[TomlFile, str] | None = None
    words: dict[str, str] = field(default_factory=dict)
    origins: dict[str, tuple[Path, int]] = field(default_factory=dict)
    colors: dict[str, Color] = field(default_factory=dict)
    slots: dict[str, Placed] = field(default_factory=dict)
    pages: list[tuple[TomlFile, PagesTable]] = field(default_factory=list)


def load_layout(name: str, path: Path, shop: Shop, mail: MailRules | None = None) -> Layout:
    """The layout in the file at `path`, everything it extends merged in. Raises CampaignError.

    `mail` says how it is posted, which the mark of paid postage shows.
    """
    chain = _chain(path)
    draft = _Draft(styles={key: _with_fallback(style, (), shop) for key, style in _BUILT_IN_STYLES.items()})
    draft.colors = shop.colors | {key: color for _, table in chain for key, color in table.colors.items()}
    for file, table in chain:
        _add(draft, file, table, shop)
    sheet = _sheet(draft)
    pages = _pages(draft, SlotMaker(sheet, draft.words, draft.styles, draft.colors, mail))
    if draft.page.get("window"):
        check_window(draft.page["window"], draft.slots.values())
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
        colors=draft.colors,
        window=draft.page.get("window"),
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
        draft.styles[key] = _style(file, ("style", key), style, shop, draft.colors)
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


def _style(file: TomlFile, keys: Keys, table: StyleTable, shop: Shop, colors: dict[str, Color]) -> Style:
    fonts = list(dict.fromkeys((*SHIPPED_FONTS, *shop.fonts)))
    for font in table.font:
        if font not in fonts:
            message = mark("no such font{near}; allowed: {fonts} (more under [fonts] in {shop})")
            refusal = RefusalError(message, near=did_you_mean(font, fonts), fonts=listed(fonts), shop=shop.file.name)
            raise problem(file, (*keys, "font"), refusal)
    if table.numerals is not None and table.direction is not Direction.VERTICAL:
        message = mark('numerals are for direction = "vertical"')
        raise problem(file, (*keys, "numerals"), RefusalError(message))
    _check_floor(file, keys, table)
    style = Style(
        font=table.font[0],
        size=table.size,
        leading=table.leading or table.size * _LINE_SPACING,
        fit=table.fit,
        align=table.align,
        color=found_color(file, (*keys, "color"), table.color, colors),
        tracking=table.tracking,
        middle=table.middle,
        direction=table.direction,
        numerals=table.numerals,
        floor=table.floor,
        hang=table.hang,
    )
    return _with_fallback(style, table.font[1:], shop)


def _with_fallback(style: Style, own: Sequence[str], shop: Shop) -> Style:
    """The style with the fonts that stand in for its own: those it names, the shop's, then the shipped ones."""
    shipped = SHIPPED_FONTS if style.font != "mono" else ("gothic", "mincho")
    keys = dict.fromkeys((*own, *shop.fallback, *shipped))
    return replace(style, fallback=tuple(key for key in keys if key != style.font))


def _check_floor(file: TomlFile, keys: Keys, table: StyleTable) -> None:
    if table.floor is None:
        return
    if table.fit is Fit.ERROR:
        message = mark(
            'type comes down to a floor only with fit = "shrink" or fit = "condense"; write one of them, too'
        )
        raise problem(file, (*keys, "floor"), RefusalError(message))
    if table.floor > table.size:
        message = mark("the floor is the smallest size, so it cannot be above the size itself")
        raise problem(file, (*keys, "floor"), RefusalError(message))


def _sheet(draft: _Draft) -> Sheet:
    page = PageTable.model_construct(None, **draft.page)
    width, height = sorted(page.size, reverse=True) if page.landscape else page.size
    for fold in page.folds:
        if draft.folds_in is not None and fold >= height:
            message = mark("folds are mm from the top, each below {height:g}")
            raise problem(draft.folds_in, ("page", "folds"), RefusalError(message, height=height))
    return Sheet(width, height, page.bleed, page.sides, tuple(sorted(page.folds)))


def _pages(draft: _Draft, maker: SlotMaker) -> tuple[Page, ...]:
    first = maker.page(list(draft.slots.values()))
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
        placed = [Placed(file, ("pages", number, "slots", name), name, slot) for name, slot in page.slots.items()]
        keys = ("pages", number, "artwork")
        artwork = find_artwork(file, keys, page.artwork, maker.sheet) if page.artwork else None
        pages.append(Page(maker.page(placed), page.when, artwork))
    return tuple(pages)
