"""[points] of a campaign and [ranks] of a shop: in ascending order, no name twice."""

from collections.abc import Sequence

from dmgen.campaign.problems import RefusalError, problem
from dmgen.campaign.schema_campaign import PointsTable
from dmgen.campaign.schema_shop import RanksTable
from dmgen.messages import mark
from dmgen.model.points import Goal, Level, Points, Ranks
from dmgen.toml import Keys, TomlFile


def read_points(file: TomlFile, table: PointsTable) -> Points:
    """The campaign's points. Raises CampaignError for goals out of order."""
    goals = tuple(Goal(goal.points, goal.label) for goal in table.goals)
    _check_ascending(file, ("points", "goals"), "points", [goal.points for goal in goals])
    return Points(table.as_of, goals)


def read_ranks(file: TomlFile, table: RanksTable | None) -> Ranks | None:
    """The shop's ranks. Raises CampaignError for ranks out of order, or two of one name."""
    if table is None:
        return None
    levels = tuple(Level(level.name, level.start) for level in table.levels)
    _check_ascending(file, ("ranks", "levels"), "from", [level.start for level in levels])
    names = [level.name for level in levels]
    for place, name in enumerate(names):
        if name in names[:place]:
            message = mark("there is a rank of this name already; each has a name of its own")
            raise problem(file, ("ranks", "levels", place, "name"), RefusalError(message))
    return Ranks(table.by, levels)


def _check_ascending(file: TomlFile, keys: Keys, key: str, figures: Sequence[int]) -> None:
    for place, (figure, before) in enumerate(zip(figures[1:], figures, strict=False), 1):
        if figure <= before:
            message = mark("write them in ascending order, each above the one before it ({before})")
            raise problem(file, (*keys, place, key), RefusalError(message, before=before))
