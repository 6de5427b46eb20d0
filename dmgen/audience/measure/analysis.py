"""All figures of an audience, as `dmgen analyze` shows them."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.vector import TEXT, Positions
from dmgen.audience.clean.customers import Customers
from dmgen.audience.clean.orders import Orders, decimals
from dmgen.audience.measure.figures import Purchases, churn, cohorts, intervals, media, named_pairs, parts, repeats
from dmgen.audience.measure.recommend import Recommended
from dmgen.errors import DmgenError
from dmgen.messages import mark
from dmgen.model.analysis import Analysis, Churn, Flow, Step
from dmgen.model.campaign import Campaign
from dmgen.model.recipient import Outcome

_STATUS = "status:"
_MOST_STATUSES = 8
_NONE: dict[str, pd.Series] = {
    "customer": pd.Series(dtype="int64"), "day": pd.Series(dtype="int64"), "amount": pd.Series(dtype="int64")
}  # fmt: skip


def analyse(
    campaign: Campaign,
    customers: Customers,
    orders: Orders | None,
    offered: Recommended,
    segments: Mapping[str, Positions],
) -> Analysis:
    """The figures of an audience as it stands: who has no outcome yet is left for a letter.

    Every customer counts who bought, also one who gets no letter.
    """
    rows, columns = len(customers.lines), customers.columns
    merge = campaign.scheme.options.get("same_day_orders") == "merge"
    made = Purchases(orders.purchases if orders else pd.DataFrame(_NONE), rows, merge=merge)
    everybody = made.part("", "", np.ones(rows, np.bool_))
    groups = [(group.id, group.label) for group in campaign.scheme.groups]
    pairs = named_pairs(offered.pairs, offered.goods) if offered.pairs and offered.goods else ()
    return Analysis(
        shop=campaign.shop.sender,
        campaign=campaign.id,
        drop=campaign.drop,
        as_of=campaign.as_of,
        decimals=decimals(campaign.shop),
        scheme=campaign.scheme.name,
        customers=_customers(customers),
        orders=_orders(orders) if orders else None,
        segments=parts(made, _segments(customers, segments), [(s.id, s.label) for s in campaign.segments]),
        everybody=everybody,
        groups=parts(made, columns["group"].cells, groups) if groups else (),
        repeats=repeats(made),
        cohorts=cohorts(made, campaign.as_of),
        intervals=intervals(made),
        media=media(made, columns["first_media"].cells) if "first_media" in columns else (),
        pairs=pairs,
        churn=_churn(orders, campaign.as_of) if orders and "subscription" in orders.details else None,
        left_out=tuple(_left_out(campaign, orders, columns)),
    )


def _segments(customers: Customers, segments: Mapping[str, Positions]) -> pa.Array:
    """The segment of every customer who is left for a letter."""
    of_row, open_rows = np.zeros(len(customers.lines), np.int16), customers.outcomes.open
    for number, positions in enumerate(segments.values(), 1):
        of_row[positions] = number
    return pa.array(["", *segments], TEXT).take(pa.array(np.where(open_rows, of_row, 0)))


def _churn(orders: Orders, as_of: date) -> Churn | None:
    return churn(orders.purchases, np.asarray(pc.fill_null(orders.details["subscription"], 0), np.int64), as_of)


def _customers(customers: Customers) -> Flow:
    report = customers.outcomes.report("customers", customers.lines, customers.columns["customer_id"].cells)
    counts, order = report.tally(), list(Outcome)
    steps = [
        Step(outcome.value, reason, rows)
        for (outcome, reason), rows in sorted(counts.items(), key=lambda item: (order.index(item[0][0]), -item[1]))
    ]
    left = int(customers.outcomes.open.sum())
    return Flow(len(customers.lines), tuple(steps), left, customers.file.blank)


def _orders(orders: Orders) -> Flow:
    """Rejected rows by their reason; of the list's own status words the frequent ones, the others together."""
    fates = {fate: rows for fate, rows in orders.counts.items() if fate not in ("read", "counted", Outcome.REJECTED)}
    words = sorted((fate for fate in fates if fate.startswith(_STATUS)), key=lambda fate: -fates[fate])
    rejected = sorted(orders.rejected.tally().items(), key=lambda item: -item[1])
    steps = [Step(Outcome.REJECTED.value, reason, rows) for (_, reason), rows in rejected]
    steps += [Step(fate, "", fates[fate]) for fate in words[:_MOST_STATUSES]]
    if rest := sum(fates[fate] for fate in words[_MOST_STATUSES:]):
        steps.append(Step("other_status", "", rest))
    steps += [Step(fate, "", rows) for fate, rows in fates.items() if not fate.startswith(_STATUS)]
    return Flow(orders.counts["read"], tuple(steps), orders.counts["counted"], orders.file.blank)


def _left_out(campaign: Campaign, orders: Orders | None, columns: Mapping[str, object]) -> list[DmgenError]:
    """Why some figures are missing."""
    if orders is None:
        return [DmgenError(mark('no purchases: there is no list of orders; write orders = "…" under [lists]'))]
    told = []
    if not campaign.scheme.groups:
        told.append(DmgenError(mark('no groups: write scheme = "cpm" or another under [audience]')))
    if "cross_sell" not in columns:
        told.append(DmgenError(mark("no pairs of products: the list of orders has neither sku nor product")))
    if "first_media" not in columns:
        told.append(DmgenError(mark("no LTV by media code: the list of orders has no column media")))
    if "subscription" not in orders.details:
        told.append(
            DmgenError(mark("no churn: the list of orders has no column subscription (the number of a delivery)"))
        )
    return told
