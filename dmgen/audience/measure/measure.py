"""Everything that is measured of the customers, in one sequence: totals, habits, goods, scheme."""

import pyarrow as pa

from dmgen.audience.cells.vector import TEXT
from dmgen.audience.clean.customers import Customers
from dmgen.audience.clean.orders import Orders, decimals
from dmgen.audience.clean.products import Catalogue
from dmgen.audience.measure.birthdays import birthdays
from dmgen.audience.measure.bought import bought
from dmgen.audience.measure.favourites import goods_columns
from dmgen.audience.measure.habits import habits
from dmgen.audience.measure.scheme import scheme_columns
from dmgen.audience.measure.spread import Spread
from dmgen.audience.measure.totals import totals
from dmgen.audience.read.columns import Column
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, ColumnType
from dmgen.timings import timed


@timed(mark("measure customers"))
def measure(
    campaign: Campaign,
    customers: Customers,
    orders: Orders | None,
    catalogue: Catalogue | None,
    trials: frozenset[str],
) -> dict[str, Column]:
    """The measured columns of the customers list, one cell a customer; `trials` are the skus of trial products.

    Raises CampaignError for the scheme.

    Every customer counts who bought, also one who gets no letter: a group does not hang on who said no.
    """
    rows = len(customers.lines)
    found = birthdays(customers.columns, campaign.drop, campaign.shop.time_zone)
    if orders is None:
        return found | {"group": Column(ColumnType.TEXT, pa.repeat(pa.scalar("", TEXT), rows))}
    options = campaign.scheme.options
    made = bought(orders.purchases, merge=options.get("same_day_orders") == "merge")
    spread = Spread(made.buyers, rows, decimals(campaign.shop))
    to_as_of = options.get("tenure") == "first_to_as_of"
    found |= totals(made, orders.purchases, campaign.as_of, to_as_of, spread)
    found |= habits(made, orders, trials, spread)
    found |= goods_columns(made, orders, catalogue, spread)
    return found | scheme_columns(campaign.scheme, {**customers.columns, **found}, spread)
