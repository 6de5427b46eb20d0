"""Other people's headers → our columns, as shop.toml's [columns] says."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.text import cleaned, joined
from dmgen.audience.cells.values import native, text_of, typed, unclear
from dmgen.audience.read.sheet import Sheet, Source
from dmgen.errors import CampaignError, ListError
from dmgen.messages import mark
from dmgen.model.campaign import ColumnRule, ColumnType, Shop

ADDRESS_PARTS = ("prefecture", "city", "town", "street", "building")
CUSTOMER_TEXT = frozenset(
    {"customer_id", "name", "name_kana", "postal_code", *ADDRESS_PARTS, "address", "email", "phone", "dm_opt_out"}
)
CUSTOMER_COLUMNS = CUSTOMER_TEXT | {"registered_on"}
ORDER_COLUMNS = frozenset(
    {"order_id", "customer_id", "ordered_on", "ordered_at", "amount", "items", "status", "sku", "product"}
)
PRODUCT_COLUMNS = frozenset({"margin"})  # of a piece there, of a customer as computed
COMPUTED = frozenset(
    {
        "purchases",
        "spent",
        "tenure_days",
        "recency_days",
        "average_basket",
        "first_order",
        "last_order",
        "group",
        "lapsed",
        "segment",
        "family_name",
        "given_name",
        "line",
        "fingerprint",
        "product",
        "cross_sell",
        "upsell",
        "trial_only",
        "margin",
        "offer",
        "tickets",
        "sequence",
        "piece_id",
        "coupon",
        "coupon_code",
        "ticket_numbers",
        "link",
        "shop",
        "outcome",
        "drop",
        "as_of",
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column ready for use: its type and its cells, null where they are empty or unclear.

    `unclear` has the text of those cells that could not be read as the type the shop asked for.
    """

    type: ColumnType
    cells: pa.Array
    unclear: pa.Array | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """How the headers of one list make its columns."""

    source: Source
    rules: dict[str, ColumnRule]
    clean: Callable[[pa.Array], pa.Array]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns there are: the file's own and those that rules make."""
        moved = {source for rule in self.rules.values() for source in rule.sources} & COMPUTED
        return tuple(dict.fromkeys([*(name for name in self.source.header if name not in moved), *self.rules]))

    def read(self, names: Collection[str]) -> Sheet:
        """The sheet with the headers that these columns need."""
        made = {source for name in names if name in self.rules for source in self.rules[name].sources}
        return self.source.read(made | {name for name in names if name not in self.rules})

    def parts(self, sheet: Sheet, name: str) -> list[pa.Array]:
        """The cleaned text of the headers that make a column."""
        rule = self.rules.get(name)
        return [self.clean(text_of(sheet.columns[source])) for source in (rule.sources if rule else (name,))]

    def text(self, sheet: Sheet, name: str) -> pa.Array:
        """A column as cleaned text."""
        return self._default(name, joined(self.parts(sheet, name), " "))

    def raw(self, sheet: Sheet, name: str) -> pa.Array:
        """A column in the type that the file has, where one header makes it and no default fills it."""
        rule = self.rules.get(name)
        source = rule.sources[0] if rule and len(rule.sources) == 1 else name
        plain = source in sheet.columns and not (rule and (len(rule.sources) > 1 or rule.default is not None))
        if plain and native(sheet.columns[source]) != ColumnType.TEXT:
            return sheet.columns[source]
        return self.text(sheet, name)

    def column(self, sheet: Sheet, name: str, zone: str, kind: ColumnType | None = None) -> Column:
        """A column in its type: the rule's, else `kind`, else the file's own."""
        rule = self.rules.get(name)
        cells = self.text(sheet, name) if kind == ColumnType.TEXT else self.raw(sheet, name)
        if kind != ColumnType.TEXT:
            kind = (rule and rule.type) or kind or native(cells)
        values = typed(cells, kind, zone)
        return Column(kind, values, unclear(cells, values) if rule and rule.type else None)

    def _default(self, name: str, cells: pa.Array) -> pa.Array:
        rule = self.rules.get(name)
        if rule is None or rule.default is None:
            return cells
        return pc.if_else(pc.equal(cells, ""), pa.scalar(rule.default, cells.type), cells)


def mapping(source: Source, shop: Shop, clean: Callable[[pa.Array], pa.Array] = cleaned) -> Mapping:
    """How `source` is read. A rule applies to a list that has all its headers."""
    rules = {rule.name: rule for rule in shop.columns if set(rule.sources) <= set(source.header)}
    return Mapping(source, rules, clean)


def check_rules(shop: Shop, customers: Source, orders: Source | None, products: Source | None) -> None:
    """Refuse rules that no list can follow. Raises CampaignError.

    A rule for a kind of list that this campaign leaves out cannot be judged and is left alone,
    unless some of its headers are there and others are not.
    """
    lists = [source for source in (customers, orders, products) if source]
    for rule in shop.columns:
        if rule.name in COMPUTED - ORDER_COLUMNS - PRODUCT_COLUMNS:
            raise CampaignError(
                mark("{file}: [columns] {column} is a name that dmgen computes itself. Choose another name."),
                file=shop.file,
                column=rule.name,
            )
        wanted = set(rule.sources)
        if any(wanted <= set(source.header) for source in lists):
            continue
        if _must_apply(rule.name, orders, products) or any(wanted & set(source.header) for source in lists):
            raise _no_such_header(shop, rule, lists)


def _must_apply(name: str, orders: Source | None, products: Source | None) -> bool:
    if name in CUSTOMER_COLUMNS:
        return True
    if name in ORDER_COLUMNS - {"sku"}:
        return orders is not None
    return orders is not None and products is not None


def _no_such_header(shop: Shop, rule: ColumnRule, lists: Sequence[Source]) -> CampaignError:
    found = {header for source in lists for header in source.header}
    absent = [source for source in rule.sources if source not in found] or list(rule.sources)
    return CampaignError(
        mark("{file}: [columns] {column} asks for {absent}, which no one list has. The lists have: {found}."),
        file=shop.file,
        column=rule.name,
        absent=", ".join(absent),
        found="; ".join(f"{source.path.name}: {', '.join(source.header)}" for source in lists),
    )


def check_columns(mapped: Mapping, shop: Shop, required: Iterable[str], allowed: frozenset[str]) -> None:
    """Refuse a list without its required columns, or with the name of a computed one. Raises ListError."""
    taken = [name for name in mapped.names if name in COMPUTED - allowed]
    if taken:
        raise ListError(
            mark(
                "{file}: the column {columns} has a name that dmgen computes itself. "
                'Rename it in {shop} under [columns], for example: list_{first} = "{first}"'
            ),
            file=mapped.source.path,
            columns=", ".join(taken),
            shop=shop.file,
            first=taken[0],
        )
    missing = [name for name in required if name not in mapped.names]
    if missing:
        raise ListError(
            mark(
                "{file}: the column {missing} is missing. The file has: {found}. "
                "Add it, or say in {shop} under [columns] which header it is."
            ),
            file=mapped.source.path,
            missing=", ".join(missing),
            found=", ".join(mapped.source.header),
            shop=shop.file,
        )
