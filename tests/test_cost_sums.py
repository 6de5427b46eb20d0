"""The sums of `dmgen cost`: whole yen that add up whatever the prices, and a break-even that pays for the letters."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from dmgen.model.costs import Cost, Costs, Origin, Price, Step
from dmgen.tasks.cost_returns import Returns
from dmgen.tasks.cost_sums import Need, charges, shared_out

PRICES = st.decimals(0, 50_000, places=2)
NEEDS = st.lists(
    st.builds(
        Need,
        segment=st.just("s"),
        layout=st.sampled_from(["", "a", "b"]),
        letters=st.integers(0, 300_000),
        sides=st.integers(1, 8),
        sheets=st.integers(1, 4),
        shells=st.booleans(),
        folded=st.booleans(),
        enveloped=st.booleans(),
        inserted=st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


def priced(**prices: Decimal) -> Costs:
    return Costs({Cost(key): Price((Step(0, yen),), Origin.SHOP) for key, yen in prices.items()}, Decimal("0.3"))


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_shares_add_up_and_none_is_a_yen_off(total: int, weights: list[int]) -> None:
    shares = shared_out(total, weights)
    assert sum(shares) == total
    if sum(weights):
        exact = [Fraction(total * weight, sum(weights)) for weight in weights]
        assert all(abs(share - fair) < 1 for share, fair in zip(shares, exact, strict=True))


def test_earlier_ones_come_first_among_equals() -> None:
    assert shared_out(5, [1, 1, 1]) == (2, 2, 1)


@given(NEEDS, st.fixed_dictionaries({cost.value: PRICES for cost in Cost}))
def test_charges_are_price_times_quantity_to_the_yen_and_add_up(needs: list[Need], prices: dict[str, Decimal]) -> None:
    for charge in charges(needs, priced(**prices)):
        assert sum(charge.shares) == charge.yen
        assert abs(charge.unit * charge.quantity - charge.yen) <= Decimal("0.5")
        assert all(share >= 0 for share in charge.shares)


@given(NEEDS)
def test_nobody_pays_for_what_their_letters_do_not_take(needs: list[Need]) -> None:
    for charge in charges(needs, priced(**{cost.value: Decimal(7) for cost in Cost})):
        for need, share in zip(needs, charge.shares, strict=True):
            takes = {
                Cost.SHELL: need.shells,
                Cost.FOLD: need.folded,
                Cost.ENVELOPE: need.enveloped,
                Cost.INSERTING: need.inserted,
            }.get(charge.cost, True)
            assert not share or (takes and need.letters)
            assert not share or need.layout or charge.cost not in (Cost.SETUP, Cost.SETUP_LAYOUT, Cost.PER_PIECE)


def test_a_layout_is_set_up_once_however_many_segments_print_it() -> None:
    needs = [Need("x", "same", 10), Need("y", "same", 30), Need("z", "other", 5), Need("none", "unused", 0)]
    (charge,) = charges(needs, priced(**dict.fromkeys(map(str, Cost), Decimal(0)) | {"setup_layout": Decimal(400)}))[
        1:2
    ]
    assert (charge.cost, charge.quantity, charge.yen) == (Cost.SETUP_LAYOUT, 2, 800)
    assert charge.shares == (100, 300, 400, 0)


def test_the_price_is_that_of_all_letters_together() -> None:
    steps = (Step(0, Decimal(12)), Step(100, Decimal(9)))
    costs = priced(**dict.fromkeys(map(str, Cost), Decimal(0)))
    costs = Costs({**costs.prices, Cost.SIDE: Price(steps, Origin.SHOP)}, costs.margin)
    needs = [Need("x", "a", 60, sides=1), Need("y", "a", 40, sides=1), Need("", "", 5, sides=1)]
    (side,) = (charge for charge in charges(needs, costs) if charge.cost is Cost.SIDE)
    assert (side.unit, side.quantity, side.shares) == (9, 105, (540, 360, 45))


RETURNS = st.builds(
    Returns,
    cost=st.integers(1, 10**8),
    letters=st.integers(1, 10**6),
    response=st.fractions(Fraction(1, 1000), 1),
    basket=st.fractions(1, 100_000),
    margin=st.decimals("0.01", 1, places=2),
    profit=st.none(),
)


@given(RETURNS)
def test_what_responders_must_bring_pays_for_the_letters_and_a_yen_less_does_not(returns: Returns) -> None:
    responders = returns.letters * (returns.response or 0)
    profit, sales = returns.profit_needed(returns.response), returns.revenue_needed(returns.response)
    assert profit is not None and sales is not None
    assert responders * profit >= returns.cost > responders * (profit - 1)
    margin = Fraction(returns.margin)
    assert responders * sales * margin >= returns.cost > responders * (sales - 1) * margin


@given(RETURNS)
def test_at_the_break_even_response_average_baskets_pay_for_the_letters_exactly(returns: Returns) -> None:
    assert returns.break_even is not None and returns.basket is not None
    assert returns.letters * returns.break_even * returns.basket * Fraction(returns.margin) == returns.cost


def test_nothing_is_reckoned_without_letters_or_baskets() -> None:
    nobody = Returns(0, 0, None, None, Decimal("0.3"), None)
    assert (nobody.profit_needed(Fraction(1, 10)), nobody.break_even, nobody.gain) == (None, None, None)
    assert nobody.at_rates == [None] * 4
