"""shop.toml: the client whose campaigns stand in the folders around and below it."""

from pathlib import Path

from dmgen.campaign.costs import written_costs
from dmgen.campaign.files import SHOP_FILE, existing, is_file
from dmgen.campaign.points import read_ranks
from dmgen.campaign.problems import RefusalError, check, did_you_mean, listed, problem
from dmgen.campaign.schema_shop import ColumnTable, ShipmentsTable, ShopTable
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import ColumnRule, Printer, Shop, ShopMail
from dmgen.model.costs import Origin
from dmgen.model.parcel import SHIPMENT_COLUMNS
from dmgen.resources import cart_names
from dmgen.toml import TomlFile, read_toml

_OWN_WORDS = ("id", "sender", "stop_contact", "links", "language")
_FONT_SUFFIXES = (".ttf", ".otf")
SHIPPED_FONTS = ("mincho", "gothic", "mono")
_FALLBACK = "fallback"


def shop_file_above(start: Path) -> Path | None:
    """The shop.toml of `start` or of the nearest folder above it."""
    start = start.resolve()
    return next((file for folder in (start, *start.parents) if is_file(file := folder / SHOP_FILE)), None)


def find_shop(start: Path) -> Shop:
    """The shop whose shop.toml is in `start` or in the nearest folder above it. Raises CampaignError."""
    file = shop_file_above(start)
    if file is None:
        message = mark(
            "There is no shop.toml in {folder} nor in any folder above it; "
            "write one there, or start with: dmgen new NAME, which makes both"
        )
        raise CampaignError(message, folder=start.resolve())
    return load_shop(file)


def load_shop(file: Path) -> Shop:
    """The shop that `file` describes. Raises CampaignError."""
    toml = read_toml(file, format_required=True)
    table = check(ShopTable, toml)
    _check_about(toml, table)
    _check_cart(toml, table)
    return Shop(
        id=table.id,
        sender=table.sender,
        file=file,
        stop_contact=table.stop_contact,
        language=table.language or "",
        country=table.country,
        time_zone=table.time_zone,
        ledger=table.ledger,
        links=table.links,
        pages=table.pages,
        cart=table.cart or "",
        source=table.source or "",
        columns=tuple(_column(name, column) for name, column in table.columns.items()),
        statuses=table.statuses,
        about=table.about,
        colors=table.colors,
        printer=Printer(**{key: text or "" for key, text in dict(table.printer).items()}),
        mail=ShopMail(table.mail.payment, table.mail.post_office or ""),
        postage=existing(toml, ("postage",), table.postage) if table.postage else None,
        costs=written_costs(table.costs, Origin.SHOP),
        fonts={key: _font(toml, key, written) for key, written in table.fonts.items() if key != _FALLBACK},
        fallback=_fallback(toml, table),
        ranks=read_ranks(toml, table.ranks),
        shipments=_shipments(toml, table.shipments),
    )


def _check_cart(toml: TomlFile, table: ShopTable) -> None:
    known = cart_names()
    if table.cart is not None and table.cart not in known:
        message = mark("no such cart{near}; allowed: {carts}. For any other, leave the line out")
        refusal = RefusalError(message, near=did_you_mean(table.cart, known), carts=listed(known))
        raise problem(toml, ("cart",), refusal)


def _column(name: str, column: ColumnTable) -> ColumnRule:
    return ColumnRule(name, tuple(column.sources), column.type, column.default)


def _shipments(toml: TomlFile, table: ShipmentsTable) -> tuple[ColumnRule, ...]:
    """The columns of the shipments list: all of them by header, or all by number."""
    written = {name: column for name in SHIPMENT_COLUMNS if (column := getattr(table, name)) is not None}
    numbered = [all(source.isdecimal() for source in column.sources) for column in written.values()]
    if any(numbered) and not all(numbered):
        name = list(written)[numbered.index(False)]
        message = mark("a number elsewhere says that the file has no header: write the number of this column, too")
        raise problem(toml, ("shipments", name), RefusalError(message))
    return tuple(_column(name, column) for name, column in written.items())


def _check_about(toml: TomlFile, table: ShopTable) -> None:
    for name in table.about:
        if name in _OWN_WORDS:
            message = mark("the shop has {own} of its own; choose another name")
            raise problem(toml, ("about", name), RefusalError(message, own=listed(_OWN_WORDS)))


def _font(toml: TomlFile, key: str, written: str | tuple[str, ...]) -> Path:
    if not isinstance(written, str):
        message = mark('write the path of a .ttf file; a list of keys is only for: fallback = ["KEY", …]')
        raise problem(toml, ("fonts", key), RefusalError(message))
    path = existing(toml, ("fonts", key), written)
    if path.suffix.lower() not in _FONT_SUFFIXES:
        message = mark("a font is a .ttf file, or an .otf file with TrueType outlines")
        raise problem(toml, ("fonts", key), RefusalError(message))
    return path


def _fallback(toml: TomlFile, table: ShopTable) -> tuple[str, ...]:
    """The keys of `fallback` under [fonts]."""
    written = table.fonts.get(_FALLBACK, ())
    keys = (written,) if isinstance(written, str) else written
    known = list(dict.fromkeys((*SHIPPED_FONTS, *(key for key in table.fonts if key != _FALLBACK))))
    for key in keys:
        if key not in known:
            message = mark("no such font{near}; allowed: {fonts}")
            refusal = RefusalError(message, near=did_you_mean(key, known), fonts=listed(known))
            raise problem(toml, ("fonts", _FALLBACK), refusal)
    return keys
