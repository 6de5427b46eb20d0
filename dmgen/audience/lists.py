"""A campaign's lists, opened, their headers checked, and then read and cleaned."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from dmgen.audience.choose.contacts import Contacts, check_contacts, read_contacts
from dmgen.audience.clean.customers import Customers, check_customers, read_customers
from dmgen.audience.clean.derive import buyers_as_customers, names_people, with_ids
from dmgen.audience.clean.orders import Orders, check_orders, read_orders
from dmgen.audience.clean.packed import NONE_PACKED, Wanted, of_person
from dmgen.audience.clean.products import Catalogue, check_products, cleaned_lines, read_products, read_skus
from dmgen.audience.clean.shipments import Shipments, open_shipments, read_shipments
from dmgen.audience.read.columns import Mapping, check_rules, mapping
from dmgen.audience.read.preset import Kind
from dmgen.audience.read.sheet import InputFile
from dmgen.audience.read.sources import open_list
from dmgen.errors import CampaignError, DmgenError, ListError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Shop
from dmgen.timings import timed


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a campaign. `derived`: customers are the buyers of the orders list. `gone`: skus out of stock."""

    customers: Customers
    orders: Orders | None
    catalogue: Catalogue | None
    contacts: Contacts | None
    gone: frozenset[str]
    stock: InputFile | None
    shipments: Shipments | None
    derived: bool

    @property
    def files(self) -> list[InputFile]:
        """The files that were read; a list that customers were made from is one file."""
        parts = [None if self.derived else self.customers, self.orders, self.catalogue, self.contacts, self.shipments]
        return [*(part.file for part in parts if part), *self.customers.lists, *([self.stock] if self.stock else [])]

    @property
    def remarks(self) -> tuple[DmgenError, ...]:
        """What is said of customers that were made from orders; other files say it themselves."""
        return self.customers.file.remarks if self.derived else ()


def read_lists(campaign: Campaign, withdrawn: Collection[str] = ()) -> Lists:
    """The lists; every header is checked before any list is read. Raises ListError, CampaignError.

    `withdrawn` are ids of customers who said no after an earlier run.
    """
    lists, shop = campaign.lists, campaign.shop
    derived = lists.orders is not None and (lists.customers is None or _same(lists.customers, lists.orders))
    with timed(mark("open the lists")):
        customers = open_list(lists.customers) if lists.customers and not derived else None
        orders, products, contacts, stock = (
            open_list(path) if path else None
            for path in (lists.orders, lists.products, lists.contacts, lists.out_of_stock)
        )
    check_rules(shop, customers, orders, products, contacts)
    orders_map = mapping(orders, shop, Kind.ORDERS) if orders else None
    if customers:
        customers_map = _with_ids(mapping(customers, shop, Kind.CUSTOMERS), orders_map, shop)
    else:
        customers_map, orders_map = buyers_as_customers(_with_people(orders_map, campaign), shop)
    products_map = mapping(products, shop, clean=cleaned_lines) if products else None
    contacts_map = mapping(contacts, shop) if contacts else None
    stock_map = mapping(stock, shop) if stock else None
    shipments_map = open_shipments(lists.shipments, shop) if lists.shipments else None
    check_customers(customers_map, campaign)
    if orders_map:
        check_orders(orders_map, shop)
    for goods in filter(None, (products_map, stock_map)):
        check_products(goods)
    if contacts_map:
        check_contacts(contacts_map, shop)
    with timed(mark("read shipments")):
        shipments = read_shipments(shipments_map, shop) if shipments_map else None
    with timed(mark("read customers")):
        found = read_customers(customers_map, campaign, withdrawn)
    with timed(mark("read orders")):
        wanted = Wanted(shipments.orders, of_person(found.ids, found.outcomes)) if shipments else NONE_PACKED
        bought = read_orders(orders_map, campaign, found.ids, found.columns, wanted) if orders_map else None
    with timed(mark("read products")):
        catalogue = read_products(products_map, shop) if products_map else None
        file, gone = read_skus(stock_map) if stock_map else (None, frozenset())
    return Lists(
        customers=found,
        orders=bought,
        catalogue=catalogue,
        contacts=read_contacts(contacts_map, campaign, found.ids) if contacts_map else None,
        gone=gone,
        stock=file,
        shipments=shipments,
        derived=derived,
    )


def product_names(campaign: Campaign) -> dict[str, str]:
    """The names of the products lookup by sku; none where the campaign has no lookup. Raises ListError."""
    if not campaign.lists.products:
        return {}
    mapped = mapping(open_list(campaign.lists.products), campaign.shop, clean=cleaned_lines)
    check_products(mapped)
    return {sku: str(record.name) for sku, record in read_products(mapped, campaign.shop).records.items()}


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
