"""Other people's headers → our columns, as shop.toml's [columns] says."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.codes import padded, prefecture_names, unquoted
from dmgen.audience.cells.text import cleaned, joined
from dmgen.audience.cells.values import native, text_of, typed, unclear
from dmgen.audience.cells.vector import TEXT
from dmgen.audience.read.preset import Kind, Preset, preset_of, rules_of
from dmgen.audience.read.sheet import Sheet, Source, refuse_repeated
from dmgen.errors import CampaignError, DmgenError, ListError
from dmgen.messages import mark
from dmgen.model.campaign import ColumnRule, ColumnType, Shop
from dmgen.model.points import GOAL_COLUMNS

ADDRESS_PARTS = ("prefecture", "city", "town", "street", "building")
CONSENT = frozenset({"dm_opt_out", "dm_allowed", "email_opt_out", "email_allowed", "sms_opt_out", "sms_allowed"})
# What says whether somebody may be written to; of a person's several rows, all of them count.
CONSENT_COLUMNS = CONSENT | {"note", "tags", "member_status"}
CUSTOMER_TEXT = CONSENT_COLUMNS | {
    *("customer_id", "name", "name_kana", "postal_code", *ADDRESS_PARTS, "address", "email", "phone"),
    *("company", "department", "country", "mall"),
}
CUSTOMER_COLUMNS = CUSTOMER_TEXT | {"registered_on"}
CUSTOMER_TYPES = {
    **dict.fromkeys(("registered_on", "points_as_of", "points_expire_on"), ColumnType.DATE),
    **dict.fromkeys(("points", "points_expiring", "to_next_rank"), ColumnType.INT),
    **dict.fromkeys(("rank", "next_rank"), ColumnType.TEXT),
}
ORDER_COLUMNS = frozenset(
    {"order_id", "customer_id", "ordered_on", "ordered_at", "amount", "items", "status", "sku", "product"}
)
CONTACT_COLUMNS = frozenset({"customer", "channel", "sent_at", "sent_on", "opened_at", "clicked_at"})
# What an order may say besides: of its lines, of itself.
LINE_COLUMNS = ("sku", "product", "quantity", "price")
ORDER_DETAILS = ("discount", "code", "media", "subscription", "delivered_on", "mall")
OF_ORDERS = ORDER_COLUMNS.union(LINE_COLUMNS, ORDER_DETAILS, ("refunded", "cancelled_at", "line_type"))
_CODES = frozenset({"customer_id", "order_id", "postal_code", "phone", "sku", "shipment_id", "order_ids", "tracking"})
_BETWEEN = {"postal_code": "-", "phone": "-"}  # other parts are joined with a blank
_POSTAL_PARTS = (3, 4)  # digits
_NONE_RECORDED = "none recorded"
PRODUCT_COLUMNS = frozenset({"margin"})  # of a piece there, of a customer as computed
COMPUTED = frozenset(
    {
        "purchases",
        "spent",
        "tenure_days",
        "recency_days",
        "average_basket",
        "average_interval_days",
        "next_purchase_on",
        "spent_per_month",
        *("first_sku", "last_sku", "first_product", "last_product"),
        "favourite_category",
        "birthday_month",
        "months_to_birthday",
        "discounted_purchases",
        "regular_purchases",
        "regular_repeats",
        "subscription_count",
        "first_media",
        "delivered_on",
        "first_order",
        "last_order",
        "group",
        "lapsed",
        *("emails_sent", "emails_unopened", "last_email", "last_call"),
        *("letters_sent", "last_letter", "letter_days", "ordered_since_letter"),
        "segment",
        "family_name",
        "given_name",
        "line",
        "fingerprint",
        "seed",
        "address_b",
        "parcel",
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
        "lottery",
        "link",
        "shop",
        "outcome",
        "drop",
        "as_of",
        *GOAL_COLUMNS,
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
    """How the headers of one list make its columns: `rules` are shop.toml's before the preset's.

    `own` are the columns that shop.toml makes: only of those a cell of the wrong type is a fault.
    """

    source: Source
    rules: dict[str, ColumnRule]
    clean: Callable[[pa.Array], pa.Array]
    preset: Preset | None = None
    own: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns there are: the file's own and those that rules make."""
        moved = COMPUTED & {source for rule in self.rules.values() for source in rule.sources}
        if self.preset and self.preset.known:
            moved |= COMPUTED - OF_ORDERS
        return tuple(dict.fromkeys([*(name for name in self.source.header if name not in moved), *self.rules]))

    def headers(self, names: Iterable[str]) -> set[str]:
        """The headers that these columns are made of."""
        return {source for name in names for source in (self.rules[name].sources if name in self.rules else (name,))}

    def read(self, names: Collection[str]) -> Sheet:
        """The sheet with the headers that these columns need."""
        sheet = self.source.read(self.headers(names))
        return replace(sheet, file=replace(sheet.file, remarks=(*sheet.file.remarks, *self._said())))

    def parts(self, sheet: Sheet, name: str) -> list[pa.Array]:
        """The cleaned text of the headers that make a column."""
        rule = self.rules.get(name)
        parts = [self.clean(text_of(sheet.columns[source])) for source in (rule.sources if rule else (name,))]
        if name in _CODES:
            parts = [unquoted(part) for part in parts]
        if name == "postal_code" and len(parts) == len(_POSTAL_PARTS):
            parts = [padded(part, digits) for part, digits in zip(parts, _POSTAL_PARTS, strict=True)]
        if name == "prefecture":
            parts = [prefecture_names(part) for part in parts]
        return parts

    def text(self, sheet: Sheet, name: str) -> pa.Array:
        """A column as cleaned text."""
        parts = self.parts(sheet, name)
        if not parts:
            return pa.repeat(pa.scalar(self.rules[name].default or "", TEXT), len(sheet.lines))
        return self._default(name, joined(parts, _BETWEEN.get(name, " ")))

    def raw(self, sheet: Sheet, name: str) -> pa.Array:
        """A column in the type that the file has, where one header makes it and no default fills it."""
        rule = self.rules.get(name)
        source = rule.sources[0] if rule and len(rule.sources) == 1 else name
        plain = source in sheet.columns and not (rule and (len(rule.sources) != 1 or rule.default is not None))
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
        return Column(kind, values, unclear(cells, values) if rule and rule.type and name in self.own else None)

    def _default(self, name: str, cells: pa.Array) -> pa.Array:
        rule = self.rules.get(name)
        if rule is None or rule.default is None:
            return cells
        return pc.if_else(pc.equal(cells, ""), pa.scalar(rule.default, cells.type), cells)

    def _said(self) -> list[DmgenError]:
        """How the list was understood, where nobody said it."""
        guessed = [rule for name, rule in self.rules.items() if name not in self.own]
        if self.preset is None or not (self.preset.known or guessed):
            return []
        if self.preset.known:
            message = mark("{file}: read as an export of {source}")
            return [ListError(message, file=self.source.path.name, source=self.preset.source)]
        columns = ", ".join(f"{rule.name} = {' + '.join(rule.sources)}" for rule in guessed)
        return [ListError(mark("{file}: understood as {columns}"), file=self.source.path.name, columns=columns)]


def mapping(
    source: Source, shop: Shop, kind: Kind | None = None, clean: Callable[[pa.Array], pa.Array] = cleaned
) -> Mapping:
    """How `source` is read: by shop.toml's rules as far as the list has all their headers, else by a preset.

    Raises ListError, or CampaignError for a source that there is not.
    """
    own = {rule.name: rule for rule in shop.columns if set(rule.sources) <= set(source.header)}
    if kind is None:
        refuse_repeated(source)
        return Mapping(source, own, clean, own=frozenset(own))
    preset = preset_of(source, kind, shop)
    refuse_repeated(source, preset.repeated)
    return Mapping(source, rules_of(preset, source.header) | own, clean, preset, frozenset(own))


def check_rules(
    shop: Shop,
    customers: Source | None,
    orders: Source | None,
    products: Source | None,
    contacts: Source | None = None,
) -> None:
    """Refuse rules that no list can follow. Raises CampaignError.

    A rule for a kind of list that this campaign leaves out cannot be judged and is left alone,
    unless some of its headers are there and others are not.
    """
    lists = [source for source in (customers, orders, products, contacts) if source]
    for rule in shop.columns:
        if rule.name in COMPUTED - OF_ORDERS - PRODUCT_COLUMNS:
            raise CampaignError(
                mark("{file}: [columns] {column} is a name that dmgen computes itself. Choose another name."),
                file=shop.file,
                column=rule.name,
            )
        if rule.name in CONSENT and rule.sources == (_NONE_RECORDED,):
            raise CampaignError(
                mark(
                    '{file}: [columns] {column} = "none recorded" belongs into the campaign, where it is said anew '
                    'each time: write opt_out = "none recorded" in campaign.toml under [lists], and remove it here.'
                ),
                file=shop.file,
                column=rule.name,
            )
        wanted = set(rule.sources)
        if any(wanted <= set(source.header) for source in lists):
            continue
        if _must_apply(rule.name, orders, products, contacts) or any(wanted & set(source.header) for source in lists):
            raise _no_such_header(shop, rule, lists)


def _must_apply(name: str, orders: Source | None, products: Source | None, contacts: Source | None) -> bool:
    if name in CUSTOMER_COLUMNS:
        return True
    if name in ORDER_COLUMNS - {"sku"}:
        return orders is not None
    if name in CONTACT_COLUMNS:
        return contacts is not None
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
