"""From a campaign's lists to its audience: read → clean → measure → segment."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.audience import Audience
from dmgen.audience.cells.vector import TEXT, Mask, Positions
from dmgen.audience.choose.segment import NO_SEGMENT, assign_segments, check_scheme, check_segments
from dmgen.audience.clean.customers import Customers, check_customers, read_customers
from dmgen.audience.clean.derive import buyers_as_customers, names_people, with_ids
from dmgen.audience.clean.malls import settle_malls
from dmgen.audience.clean.orders import Orders, check_orders, read_orders
from dmgen.audience.clean.products import (
    Catalogue,
    check_products,
    cleaned_lines,
    latest_products,
    read_products,
    read_skus,
)
from dmgen.audience.measure.analysis import analyse
from dmgen.audience.measure.goods import goods_of
from dmgen.audience.measure.habits import trial_skus
from dmgen.audience.measure.measure import measure
from dmgen.audience.measure.recommend import recommend
from dmgen.audience.read.columns import Column, Mapping, check_rules, mapping
from dmgen.audience.read.preset import Kind
from dmgen.audience.read.sheet import InputFile
from dmgen.audience.read.sources import open_list
from dmgen.errors import CampaignError, ListError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, ColumnType, Shop
from dmgen.model.recipient import Outcome


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists of a campaign; `derived`: the customers are the buyers of the orders list."""

    customers: Customers
    orders: Orders | None
    catalogue: Catalogue | None
    derived: bool


def load_audience(campaign: Campaign, *, analysed: bool = False) -> Audience:
    """The audience of a campaign, with its figures if they are asked for.

    Raises ListError for its lists, CampaignError for its rules.
    """
    check_scheme(campaign)
    out_of_stock, gone = _out_of_stock(campaign)
    lists = _read(campaign)
    customers, orders, catalogue = lists.customers, lists.orders, lists.catalogue
    malls = settle_malls(campaign, customers, orders.sellers if orders else None)
    customers.columns.update(measure(campaign, customers, orders, catalogue))
    rows = len(customers.lines)
    trials = trial_skus(catalogue, str(campaign.scheme.options.get("trial_skus", "")))
    offered = recommend(goods_of(orders, catalogue), catalogue, trials, gone, campaign.choice.cross_sell, rows)
    customers.columns.update(offered.columns)
    check_segments(campaign, {name: column.type for name, column in customers.columns.items()})
    segments = _segments(campaign, customers, malls.restricted)
    files = [part.file for part in (customers, orders, catalogue) if part]
    return Audience(
        customers,
        orders,
        {"product": latest_products(orders, catalogue, rows), **offered.records},
        [*(files[1:] if lists.derived else files), *customers.lists, *out_of_stock],
        segments,
        [*(files[0].remarks if lists.derived else ()), *malls.remarks, *offered.remarks],
        analyse(campaign, customers, orders, offered, segments) if analysed else None,
    )


def _read(campaign: Campaign) -> _Lists:
    """The lists; every header is checked before any list is read."""
    lists, shop = campaign.lists, campaign.shop
    derived = lists.orders is not None and (lists.customers is None or _same(lists.customers, lists.orders))
    customers = open_list(lists.customers) if lists.customers and not derived else None
    orders = open_list(lists.orders) if lists.orders else None
    products = open_list(lists.products) if lists.products else None
    check_rules(shop, customers, orders, products)
    orders_map = mapping(orders, shop, Kind.ORDERS) if orders else None
    if customers:
        customers_map = _with_ids(mapping(customers, shop, Kind.CUSTOMERS), orders_map, shop)
    else:
        customers_map, orders_map = buyers_as_customers(_with_people(orders_map, campaign), shop)
    products_map = mapping(products, shop, clean=cleaned_lines) if products else None
    check_customers(customers_map, campaign)
    if orders_map:
        check_orders(orders_map, shop)
    if products_map:
        check_products(products_map)
    found = read_customers(customers_map, campaign)
    return _Lists(
        found,
        read_orders(orders_map, campaign, found.ids, found.columns) if orders_map else None,
        read_products(products_map, shop) if products_map else None,
        derived,
    )


def _out_of_stock(campaign: Campaign) -> tuple[list[InputFile], frozenset[str]]:
    """The list of products that are not to be offered, if there is one, and their skus."""
    if campaign.lists.out_of_stock is None:
        return [], frozenset()
    mapped = mapping(open_list(campaign.lists.out_of_stock), campaign.shop)
    check_products(mapped)
    file, skus = read_skus(mapped)
    return [file], skus


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _with_people(orders: Mapping | None, campaign: Campaign) -> Mapping:
    """Orders that say who bought. Raises ListError where they do not, CampaignError where there are none."""
    if orders is None:
        raise CampaignError(
            mark('{file}: there is no list of customers. Write customers = "…" under [lists].'),
            file=campaign.folder / "campaign.toml",
        )
    if names_people(orders):
        check_orders(orders, campaign.shop)
        return orders
    raise ListError(
        mark(
            "{file}: there is no list of customers, and these orders do not say who bought: name and postal_code are "
            'missing. Write customers = "…" under [lists] in campaign.toml, or say in {shop} under [columns] which '
            "headers they are. The file has: {found}."
        ),
        file=orders.source.path,
        shop=campaign.shop.file,
        found=", ".join(orders.source.header),
    )


def _with_ids(customers: Mapping, orders: Mapping | None, shop: Shop) -> Mapping:
    """Customers, with ids made where neither they nor the orders have any."""
    wanting = "customer_id" not in customers.names and names_people(customers)
    return with_ids(customers, shop) if wanting and not (orders and "customer_id" in orders.names) else customers


def _segments(campaign: Campaign, customers: Customers, restricted: Mask) -> dict[str, Positions]:
    """The open customers of each segment; those that no segment takes get their outcome.

    `restricted` ones, known from malls alone, are taken by segments marked mall_safe only.
    """
    rows = np.flatnonzero(customers.outcomes.open)
    chosen = assign_segments(campaign, customers.columns, rows)
    if restricted.any():
        chosen[restricted[rows]] = _mall_safe(campaign, customers, rows[restricted[rows]])
        left = restricted & customers.outcomes.open
        left[rows[chosen != NO_SEGMENT]] = False
        customers.outcomes.settle_where(left, Outcome.SUPPRESSED, "segment", "mall", "mall")
        rows, chosen = rows[~left[rows]], chosen[~left[rows]]
    left = rows[chosen == NO_SEGMENT]
    customers.outcomes.settle(left, Outcome.NO_SEGMENT, "segment", "no_segment")
    of_row = np.full(len(customers.lines), NO_SEGMENT, np.int16)
    of_row[rows] = chosen
    ids = pa.array(["", *(segment.id for segment in campaign.segments)], TEXT)
    customers.columns["segment"] = Column(ColumnType.TEXT, ids.take(pa.array(of_row + 1)))
    return {segment.id: rows[chosen == index] for index, segment in enumerate(campaign.segments)}


def _mall_safe(campaign: Campaign, customers: Customers, rows: Positions) -> NDArray[np.int16]:
    """The first segment marked mall_safe that takes each of the rows, else NO_SEGMENT."""
    safe = [index for index, segment in enumerate(campaign.segments) if segment.mall_safe]
    only = replace(campaign, segments=tuple(campaign.segments[index] for index in safe))
    return np.array([*safe, NO_SEGMENT], np.int16)[assign_segments(only, customers.columns, rows)]
