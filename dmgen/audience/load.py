"""From a campaign's lists to its audience: read → clean → measure → segment."""

import numpy as np
import pyarrow as pa

from dmgen.audience.audience import Audience
from dmgen.audience.cells.vector import TEXT, Positions
from dmgen.audience.choose.contacts import Contacts, check_contacts, read_contacts
from dmgen.audience.choose.narrow import check_priority, split_variants
from dmgen.audience.choose.segment import NO_SEGMENT, assign_segments, check_scheme, check_segments
from dmgen.audience.choose.touches import Letters, contact_columns, latest_letters, letters_sent, too_recent
from dmgen.audience.clean.customers import Customers, check_customers, read_customers
from dmgen.audience.clean.orders import Orders, check_orders, decimals, read_orders
from dmgen.audience.clean.products import Catalogue, check_products, cleaned_lines, latest_products, read_products
from dmgen.audience.measure.totals import customer_totals, measure_columns
from dmgen.audience.read.columns import Column, check_rules, mapping
from dmgen.audience.read.sources import open_list
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, ColumnType
from dmgen.model.history import NO_HISTORY, History
from dmgen.model.recipient import Outcome


def load_audience(campaign: Campaign, history: History = NO_HISTORY) -> Audience:
    """The audience of a campaign. Raises ListError for its lists, CampaignError for its rules.

    `history` is what the shop's ledger remembers.
    """
    check_scheme(campaign)
    customers, orders, catalogue, contacts = _read(campaign)
    customers.columns.update(_measures(campaign, customers, orders))
    letters = letters_sent(history, contacts, customers.ids)
    rows = len(customers.lines)
    customers.columns.update(contact_columns(customers.columns, contacts, letters, campaign.as_of, rows))
    types = {name: column.type for name, column in customers.columns.items()}
    check_segments(campaign, types)
    check_priority(campaign, types)
    segments = _segments(campaign, customers, letters, history)
    return Audience(
        customers,
        orders,
        contacts,
        latest_products(orders, catalogue, rows),
        _product_columns(orders, catalogue),
        [part.file for part in (customers, orders, catalogue, contacts) if part],
        segments,
    )


def _read(campaign: Campaign) -> tuple[Customers, Orders | None, Catalogue | None, Contacts | None]:
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
    contacts = open_list(lists.contacts) if lists.contacts else None
    check_rules(shop, customers, orders, products, contacts)
    customers_map = mapping(customers, shop)
    orders_map = mapping(orders, shop) if orders else None
    products_map = mapping(products, shop, cleaned_lines) if products else None
    contacts_map = mapping(contacts, shop) if contacts else None
    check_customers(customers_map, campaign)
    if orders_map:
        check_orders(orders_map, shop)
    if products_map:
        check_products(products_map)
    if contacts_map:
        check_contacts(contacts_map, shop)
    found = read_customers(customers_map, campaign)
    return (
        found,
        read_orders(orders_map, campaign, found.ids) if orders_map else None,
        read_products(products_map, shop) if products_map else None,
        read_contacts(contacts_map, campaign, found.ids) if contacts_map else None,
    )


def _measures(campaign: Campaign, customers: Customers, orders: Orders | None) -> dict[str, Column]:
    rows = len(customers.lines)
    if orders is None:
        return {"group": Column(ColumnType.TEXT, pa.repeat(pa.scalar("", TEXT), rows))}
    totals = customer_totals(orders.purchases, campaign.as_of)
    return measure_columns(totals, campaign.scheme, rows, decimals(campaign.shop))


def _segments(campaign: Campaign, customers: Customers, letters: Letters, history: History) -> dict[str, Positions]:
    """The open customers of each segment or variant; those that none takes, or that had letters enough, are settled.

    The column `segment` says the segment as written, also of those who had letters enough.
    """
    outcomes, count = customers.outcomes, len(customers.lines)
    rows = np.flatnonzero(outcomes.open)
    chosen = assign_segments(campaign, customers.columns, rows)
    outcomes.settle(rows[chosen == NO_SEGMENT], Outcome.NO_SEGMENT, "segment", "no_segment")
    of_row = np.full(count, NO_SEGMENT, np.int16)
    of_row[rows] = chosen
    names = pa.array(["", *(segment.name for segment in campaign.segments)], TEXT)
    customers.columns["segment"] = Column(ColumnType.TEXT, names.take(pa.array(of_row + 1)))
    near, full = too_recent(letters, campaign.choice.contact, campaign.drop, count)
    last = latest_letters(letters, count)
    outcomes.settle_where(near, Outcome.OVER_LIMIT, "select", "recent_letter", "last_letter", last)
    outcomes.settle_where(full, Outcome.OVER_LIMIT, "select", "letter_cap", "last_letter", last)
    left = outcomes.open[rows]
    split = split_variants(campaign, customers.columns, rows[left], chosen[left], history)
    return {segment.id: rows[left][split == index] for index, segment in enumerate(campaign.segments)}


def _product_columns(orders: Orders | None, catalogue: Catalogue | None) -> tuple[str, ...]:
    own = catalogue.columns if catalogue else ()
    named = orders is not None and "product" in orders.goods
    return tuple(dict.fromkeys((*own, "name") if named else own))
