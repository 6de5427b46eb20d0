"""The sums of `dmgen cost`: what is paid for, how often, and whose share is whose; whole yen that add up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from dmgen.model.costs import Cost, Costs, Origin

PRINT = (Cost.SETUP, Cost.SETUP_LAYOUT, Cost.SIDE, Cost.SHELL)
PAPER = (Cost.PAPER,)
HANDLING = (Cost.FOLD, Cost.ENVELOPE, Cost.INSERTING, Cost.PER_PIECE)


@dataclass(frozen=True, slots=True)
class Need:
    """What the letters of a segment take: sides and sheets of one letter, and what is done with each.

    `shells`: their sheets are printed beforehand. Sheets that are no letters (slips between parcels) have no layout;
    `letters` is then how many there are.
    """

    segment: str
    layout: str
    letters: int
    sides: int = 0
    sheets: int = 0
    shells: bool = False
    folded: bool = False
    enveloped: bool = False
    inserted: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """Something paid for: yen for one, how many, yen for all (halves up), and each need's share of these."""

    cost: Cost
    origin: Origin
    unit: Decimal
    quantity: int
    yen: int
    shares: tuple[int, ...]


def shared_out(total: int, weights: Sequence[Fraction | int]) -> tuple[int, ...]:
    """A total of whole yen in proportion to weights, by the largest remainders; earlier ones first among equals.

    The shares add up to the total. Without any weight the first bears all.
    """
    whole = sum(weights)
    if not whole:
        return tuple(total if place == 0 else 0 for place in range(len(weights)))
    exact = [Fraction(total) * weight / whole for weight in weights]
    shares = [share.numerator // share.denominator for share in exact]
    left = total - sum(shares)
    by_rest = sorted(range(len(exact)), key=lambda place: shares[place] - exact[place])
    for place in by_rest[:left]:
        shares[place] += 1
    return tuple(shares)


def letters_of(needs: Sequence[Need]) -> int:
    """Letters, without the sheets that are none."""
    return sum(need.letters for need in needs if need.layout)


def charges(needs: Sequence[Need], costs: Costs) -> list[Charge]:
    """What is paid for besides postage, in the order of `Cost`; nothing that no letter takes."""
    letters = letters_of(needs)
    found = []
    for cost in Cost:
        weights = _weights(cost, needs)
        quantity = int(sum(weights))
        if quantity:
            price = costs.prices[cost]
            unit = price.at(letters)
            if not unit and price.origin is Origin.EXAMPLE:
                continue
            yen = int((unit * quantity).quantize(Decimal(1), ROUND_HALF_UP))
            found.append(Charge(cost, price.origin, unit, quantity, yen, shared_out(yen, weights)))
    return found


def _weights(cost: Cost, needs: Sequence[Need]) -> list[Fraction]:
    """How many of a thing each need takes; of what is done once, its part by letters."""
    of_layout = Counter[str]()
    for need in needs:
        of_layout[need.layout] += need.letters
    letters = letters_of(needs)

    def of(need: Need) -> Fraction:
        match cost:
            case Cost.SETUP:
                return Fraction(need.letters, letters) if need.layout and letters else Fraction(0)
            case Cost.SETUP_LAYOUT:
                return Fraction(need.letters, of_layout[need.layout]) if need.layout and need.letters else Fraction(0)
            case Cost.SIDE:
                return Fraction(need.letters * need.sides)
            case Cost.SHELL:
                return Fraction(need.letters * need.sheets * need.shells)
            case Cost.PAPER:
                return Fraction(need.letters * need.sheets)
            case Cost.FOLD:
                return Fraction(need.letters * need.folded)
            case Cost.ENVELOPE:
                return Fraction(need.letters * need.enveloped)
            case Cost.INSERTING:
                return Fraction(need.letters * need.inserted)
            case Cost.PER_PIECE:
                return Fraction(need.letters * bool(need.layout))

    return [of(need) for need in needs]
