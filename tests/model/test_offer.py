"""The terms of an offer tell two promises apart and nothing else."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dmgen.model.offer import CodeSource, Offer

OFFER = Offer("thanks", "500円引き", 500, 3000, date(2026, 5, 10))


@pytest.mark.parametrize(
    "change",
    [{"id": "vip"}, {"amount": 501}, {"minimum": 0}, {"expires": date(2026, 5, 11)}, {"codes": CodeSource.SHARED}],
)
def test_another_promise_has_other_terms(change: dict[str, object]) -> None:
    assert replace(OFFER, **change).terms != OFFER.terms  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"label": "五百円引き"}, {"pool": Path("codes.csv")}])
def test_other_words_or_another_place_are_the_same_promise(change: dict[str, object]) -> None:
    assert replace(OFFER, **change).terms == OFFER.terms  # type: ignore[arg-type]


def test_terms_are_the_same_in_every_version() -> None:
    """They stand in ledgers: a change here refuses every code that was ever issued."""
    assert OFFER.terms == "461e7acf8f2f0556"
