"""[costs]: what a mailing costs besides postage, said by the campaign, else the shop, else by shipped examples."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal

from dmgen.campaign.problems import RefusalError, did_you_mean, listed, problem
from dmgen.campaign.schema_costs import CostsTable
from dmgen.messages import mark
from dmgen.model.campaign import Segment, Shop
from dmgen.model.costs import LAPSED, NO_GROUP, NO_SCHEME, Cost, Costs, Origin, Price, Step
from dmgen.model.scheme import Scheme
from dmgen.resources import costs_file
from dmgen.toml import Keys, TomlFile


def written_costs(table: CostsTable, origin: Origin) -> Costs:
    """What one file says of costs."""
    prices = {cost: steps for cost in Cost if (steps := getattr(table, cost.value)) is not None}
    return Costs(
        {cost: Price(tuple(Step(step.start, step.yen) for step in steps), origin) for cost, steps in prices.items()},
        table.margin or Decimal(0),
        table.response,
    )


def read_costs(
    file: TomlFile, table: CostsTable, shop: Shop, scheme: Scheme, segments: Mapping[Keys, Segment]
) -> Costs:
    """The costs of a campaign, each as the nearest file says it. Raises CampaignError."""
    known = _responding(scheme, segments)
    for key in table.response:
        if key not in known:
            message = mark("no segment and no group of the scheme is called so{near}; there are: {known}")
            refusal = RefusalError(message, near=did_you_mean(key, known), known=listed(known))
            raise problem(file, ("costs", "response", key), refusal)
    groups = {group.id: group.response for group in scheme.groups if group.response is not None}
    return written_costs(table, Origin.CAMPAIGN).over(shop.costs).over(Costs(response=groups)).over(_examples())


def _responding(scheme: Scheme, segments: Mapping[Keys, Segment]) -> list[str]:
    """What responses are said by: segments as written, groups of the scheme, and people beside them."""
    names = [segment.name for segment in segments.values()]
    return list(dict.fromkeys([*names, *scheme.group_ids, LAPSED, NO_GROUP, NO_SCHEME]))


def _examples() -> Costs:
    data = tomllib.loads(costs_file().read_text("utf-8"))
    shipped = written_costs(CostsTable.model_validate(data["costs"]), Origin.EXAMPLE)
    return Costs(shipped.prices, shipped.margin, shipped.response, data["dated"])
