"""From a campaign's lists to its audience: read → clean → measure → segment."""

from collections.abc import Set
from functools import partial

from dmgen.audience.audience import Audience
from dmgen.audience.choose.narrow import check_priority
from dmgen.audience.choose.pile import match_parcels
from dmgen.audience.choose.segment import check_scheme, check_segments
from dmgen.audience.choose.segments import choose_segments
from dmgen.audience.choose.touches import contact_columns, letters_sent
from dmgen.audience.clean.malls import settle_malls
from dmgen.audience.clean.order_notes import settle_order_notes
from dmgen.audience.clean.packed import NO_PACKED_ORDERS, of_person
from dmgen.audience.clean.products import latest_products
from dmgen.audience.clean.seeds import read_seeds
from dmgen.audience.lists import read_lists
from dmgen.audience.measure.analysis import analyse
from dmgen.audience.measure.goods import goods_of
from dmgen.audience.measure.habits import trial_skus
from dmgen.audience.measure.measure import measure
from dmgen.audience.measure.points import points_columns
from dmgen.audience.measure.ranks import rank_columns
from dmgen.audience.measure.recommend import recommend
from dmgen.model.campaign import Campaign
from dmgen.model.history import NO_HISTORY, History


def load_audience(
    campaign: Campaign,
    history: History = NO_HISTORY,
    *,
    analysed: bool = False,
    taken: Set[str] = frozenset(),
) -> Audience:
    """The audience of a campaign. `history` is what the ledger remembers; `analysed`: its figures can be asked for.

    `taken` are the ids of parcels that have another campaign's piece.

    Raises ListError for its lists, CampaignError for its rules.
    """
    check_scheme(campaign)
    lists = read_lists(campaign, history.withdrawn)
    customers, orders, catalogue, contacts = lists.customers, lists.orders, lists.catalogue, lists.contacts
    columns, rows = customers.columns, len(customers.lines)
    if orders:
        settle_order_notes(orders.notes, customers.outcomes)
    malls = settle_malls(campaign, customers, orders.sellers if orders else None)
    pile = None
    if lists.shipments:
        people, packed = of_person(customers.ids, customers.outcomes), orders.packed if orders else NO_PACKED_ORDERS
        pile = match_parcels(lists.shipments, customers, people, packed, campaign.parcels.fallback, taken)
    trials = trial_skus(catalogue, str(campaign.scheme.options.get("trial_skus", "")))
    columns.update(measure(campaign, customers, orders, catalogue, trials))
    columns.update(points_columns(campaign, customers))
    columns.update(rank_columns(campaign, columns))
    offered = recommend(goods_of(orders, catalogue), catalogue, trials, lists.gone, campaign.choice.cross_sell, rows)
    columns.update(offered.columns)
    letters = letters_sent(history, contacts, customers.ids)
    columns.update(contact_columns(columns, contacts, letters, campaign.as_of, rows))
    types = {name: column.type for name, column in columns.items()}
    check_segments(campaign, types)
    check_priority(campaign, types)
    segments = choose_segments(campaign, customers, malls.restricted, letters, history)
    seeds = read_seeds(campaign, customers)
    return Audience(
        customers,
        orders,
        contacts,
        {"product": latest_products(orders, catalogue, rows), **offered.records},
        [*lists.files, *seeds.files],
        segments,
        seeds,
        [*lists.remarks, *malls.remarks, *offered.remarks],
        partial(analyse, campaign, customers, orders, offered, segments) if analysed else None,
        pile,
    )
