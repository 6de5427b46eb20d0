"""The letters of a job that are worth a look before it is printed: the worst cases, and every branch of its words."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dmgen.errors import ListError
from dmgen.layout import Branch, Branches, PieceValues
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Segment
from dmgen.model.production import Numbers, Row
from dmgen.planning.plan import Plan
from dmgen.proofing.samples import sample_numbers
from dmgen.reasons import reason_words


class Why(NamedTuple):
    """Why a letter was chosen, in words with values that the reader's language fills in."""

    message: str
    value: str = ""


@dataclass(frozen=True)
class Specimen:
    """A letter to look at."""

    segment: str
    row: Row
    numbers: Numbers
    why: tuple[Why, ...]

    def reasons(self, speaker: Speaker) -> str:
        """Why it was chosen, in words."""
        return "、".join(dict.fromkeys(speaker.say(reason.message, value=reason.value) for reason in self.why))


def worst_cases(plan: Plan) -> list[Specimen]:
    """Of each segment: the longest name and address, the rarest character, and letters that take every branch."""
    rarity = Counter(
        char for segment in plan.campaign.segments for row in _rows(plan, segment.id) for char in _who(row)
    )
    chosen: list[Specimen] = []
    for segment in plan.campaign.segments:
        found: defaultdict[int, list[Why]] = defaultdict(list)
        for place, why in (*_extremes(plan, segment, rarity), *_branches(plan, segment)):
            found[place].append(why)
        chosen += [_specimen(plan, segment, place, tuple(why)) for place, why in sorted(found.items())]
    return chosen


def _extremes(plan: Plan, segment: Segment, rarity: Mapping[str, int]) -> Iterator[tuple[int, Why]]:
    """Places of the rows that are hardest to set, each with its reason."""
    if segment.fallback:  # it names nobody
        return
    names, addresses, rarest = [], [], []
    for row in _rows(plan, segment.id):
        names.append(len(str(row["name"])))
        addresses.append(len(str(row["address"])))
        rarest.append(min((rarity[char], -ord(char)) for char in _who(row)))
    if not names:
        return
    yield names.index(max(names)), Why(mark("longest name"))
    yield addresses.index(max(addresses)), Why(mark("longest address"))
    code = -min(rarest)[1]
    yield rarest.index(min(rarest)), Why(mark("rarest character: {value}"), f"{chr(code)} (U+{code:04X})")


def _branches(plan: Plan, segment: Segment) -> Iterator[tuple[int, Why]]:
    """The first letter, and of each choice that goes both ways in this segment the first letter that goes each way."""
    master = plan.kit.masters[segment.id]
    branches = Branches(master)
    first: dict[Branch, int] = {}
    for place, row in enumerate(_rows(plan, segment.id)):
        (numbers,) = plan.placeholders.of_rows(segment.id, [row])
        for branch in branches.taken(PieceValues(master.values(row, numbers, place + 1), [], numbers)):
            first.setdefault(branch, place)
        if not place:
            yield 0, Why(mark("first letter"))
    for (name, way), place in first.items():
        if (name, not way) in first:
            yield place, Why(mark("with {value}") if way else mark("without {value}"), name)


def _specimen(plan: Plan, segment: Segment, place: int, why: tuple[Why, ...]) -> Specimen:
    position = plan.audience.open_positions(segment.id)[place : place + 1]
    (row,) = plan.audience.rows(position, plan.columns_of(plan.kit.masters[segment.id]))
    return Specimen(segment.id, row, sample_numbers(plan, segment, row, place), why)


def of_customer(plan: Plan, customer_id: str) -> list[Specimen]:
    """The letter of one customer. Raises ListError for one who gets none, saying why."""
    for segment in plan.campaign.segments:
        for place, row in enumerate(_rows(plan, segment.id)):
            if row["customer_id"] == customer_id:
                numbers = sample_numbers(plan, segment, row, place)
                return [Specimen(segment.id, row, numbers, (Why(mark("customer {value}"), customer_id),))]
    for rejection in plan.audience.rejections():
        if rejection.source == "customers" and rejection.customer_id == customer_id:
            raise ListError(
                mark("customer {customer} gets no letter: {outcome} ({reason})"),
                customer=customer_id,
                outcome=rejection.outcome.value,
                reason=ListError(reason_words(rejection.reason)),
            )
    raise ListError(mark("there is no customer {customer} in the list"), customer=customer_id)


def _who(row: Row) -> str:
    return f"{row['name']}{row['address']}"


def _rows(plan: Plan, segment: str) -> Iterator[Row]:
    """The rows of a segment's letters, some thousands at a time."""
    positions = plan.audience.open_positions(segment)
    columns = plan.columns_of(plan.kit.masters[segment])
    return plan.audience.stream(positions, columns)
