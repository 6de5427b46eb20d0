"""From a campaign's lists to its audience: read → clean → measure → segment."""

import numpy as np
import pyarrow as pa

from dmgen.audience.audience import Audience
from dmgen.audience.cells.vector import TEXT, Positions
from dmgen.audience.choose.segment import NO_SEGMENT, assign_segments, check_scheme, check_segments
from dmgen.audience.clean.customers import Customers, check_customers, read_customers
from dmgen.audience.clean.orders import Orders, check_orders, decimals, read_orders
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
from dmgen.audience.measure.recommend import recommend
from dmgen.audience.measure.totals import SCHEMES, customer_totals, measure_columns
from dmgen.audience.read.columns import Column, check_rules, mapping
from dmgen.audience.read.sheet import InputFile
from dmgen.audience.read.sources import open_list
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, ColumnType
from dmgen.model.recipient import Outcome


def load_audience(campaign: Campaign, *, analysed: bool = False) -> Audience:
    """The audience of a campaign, with its figures if they are asked for.

    Raises ListError for its lists, CampaignError for its rules.
    """
    check_scheme(campaign)
    out_of_stock, gone = _out_of_stock(campaign)
    customers, orders, catalogue = _read(campaign)
    rows = len(customers.lines)
    customers.columns.update(_measures(campaign, customers, orders))
    offered = recommend(goods_of(orders, catalogue), catalogue, gone, campaign.choice.cross_sell, rows)
    customers.columns.update(offered.columns)
    check_segments(campaign, {name: column.type for name, column in customers.columns.items()})
    segments = _segments(campaign, customers)
    groups = [(name, name) for name in SCHEMES[campaign.scheme]]
    return Audience(
        customers,
        orders,
        {"product": latest_products(orders, catalogue, rows), **offered.records},
        [*(part.file for part in (customers, orders, catalogue) if part), *out_of_stock],
        segments,
        offered.remarks,
        analyse(campaign, customers, orders, offered, segments, groups) if analysed else None,
    )


def _read(campaign: Campaign) -> tuple[Customers, Orders | None, Catalogue | None]:
    """The lists; every header is checked before any list is read."""
    lists, shop = campaign.lists, campaign.shop
    if lists.customers is None:
        raise CampaignError(
            mark('{file}: there is no list of customers. Write customers = "…" under [lists].'),
            file=campaign.folder / "campaign.toml",
        )
    customers = open_list(lists.customers)
    orders = open_list(lists.orders) if lists.orders else None
    products = open_list(lists.products) if lists.products else None
    check_rules(shop, customers, orders, products)
    customers_map = mapping(customers, shop)
    orders_map = mapping(orders, shop) if orders else None
    products_map = mapping(products, shop, cleaned_lines) if products else None
    check_customers(customers_map, campaign)
    if orders_map:
        check_orders(orders_map, shop)
    if products_map:
        check_products(products_map)
    found = read_customers(customers_map, campaign)
    return (
        found,
        read_orders(orders_map, campaign, found.ids) if orders_map else None,
        read_products(products_map, shop) if products_map else None,
    )


def _out_of_stock(campaign: Campaign) -> tuple[list[InputFile], frozenset[str]]:
    """The list of products that are not to be offered, if there is one, and their skus."""
    if campaign.lists.out_of_stock is None:
        return [], frozenset()
    mapped = mapping(open_list(campaign.lists.out_of_stock), campaign.shop)
    check_products(mapped)
    file, skus = read_skus(mapped)
    return [file], skus


def _measures(campaign: Campaign, customers: Customers, orders: Orders | None) -> dict[str, Column]:
    rows = len(customers.lines)
    if orders is None:
        return {"group": Column(ColumnType.TEXT, pa.repeat(pa.scalar("", TEXT), rows))}
    totals = customer_totals(orders.purchases, campaign.as_of)
    return measure_columns(totals, campaign.scheme, rows, decimals(campaign.shop))


def _segments(campaign: Campaign, customers: Customers) -> dict[str, Positions]:
    """The open customers of each segment; those that no segment takes get their outcome."""
    rows = np.flatnonzero(customers.outcomes.open)
    chosen = assign_segments(campaign, customers.columns, rows)
    left = rows[chosen == NO_SEGMENT]
    customers.outcomes.settle(left, Outcome.NO_SEGMENT, "segment", "no_segment")
    of_row = np.full(len(customers.lines), NO_SEGMENT, np.int16)
    of_row[rows] = chosen
    ids = pa.array(["", *(segment.id for segment in campaign.segments)], TEXT)
    customers.columns["segment"] = Column(ColumnType.TEXT, ids.take(pa.array(of_row + 1)))
    return {segment.id: rows[chosen == index] for index, segment in enumerate(campaign.segments)}
