"""Codes of prefectures, and the zeros and apostrophes of exports."""

import pyarrow as pa
import pytest

from dmgen.audience.cells.codes import PREFECTURES, padded, prefecture_names, unquoted
from dmgen.audience.cells.vector import TEXT


@pytest.mark.parametrize(
    ("code", "name"),
    [("JP-01", "北海道"), ("JP-13", "東京都"), ("JP-27", "大阪府"), ("JP47", "沖縄県"), ("JP-26", "京都府"),
     ("JP-48", "JP-48"), ("JP-00", "JP-00"), ("US-IL", "US-IL"), ("東京都", "東京都"), ("13", "13"), ("", "")],
)  # fmt: skip
def test_prefectures_have_codes(code: str, name: str) -> None:
    """ISO 3166-2:JP; what is no such code stays as it is."""
    assert prefecture_names(pa.array([code], TEXT)).to_pylist() == [name]


def test_there_are_47_prefectures() -> None:
    assert len(set(PREFECTURES)) == 47


def test_zeros_come_back_to_numbers_only() -> None:
    cells = pa.array(["42", "0042", "4", "", "1-2", "a", "12345"], TEXT)
    assert padded(cells, 4).to_pylist() == ["0042", "0042", "0004", "", "1-2", "a", "12345"]


def test_one_apostrophe_is_taken_off() -> None:
    cells = pa.array(["'0600042", "0600042", "'+81", "", "O'Brien", "''1"], TEXT)
    assert unquoted(cells).to_pylist() == ["0600042", "0600042", "+81", "", "O'Brien", "'1"]
