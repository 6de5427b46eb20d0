"""A pool file gives each of its codes once, in its order, and a bad line is named."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmgen.errors import CampaignError
from dmgen.offers.pool import Pool, read_pool


def pool_file(folder: Path, content: str | bytes) -> Path:
    path = folder / "codes.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        "A-1\nB-2\nC 3\n",
        "A-1\r\nB-2\r\n\r\n  \r\nC 3",
        "\ufeffA-1\nB-2\nC 3\n",
        "\ufeffcode\nA-1\nB-2\nC 3\n",
        '"A-1"\n"B-2"\n"C 3"\n',
        "name,Code\n春,A-1\n夏,B-2\n,\n,C 3\n",
        "\n\ncoupon_code\n A-1 \nB-2\nC 3\n",
    ],
)
def test_codes_are_read_in_their_order(tmp_path: Path, content: str) -> None:
    assert read_pool(pool_file(tmp_path, content)) == ["A-1", "B-2", "C 3"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("A\nB\n\nA\n", r"codes\.csv, line 4: the code A stands in line 1"),
        ("A\n" + "B" * 33 + "\n", r"codes\.csv, line 2: .*at most 32"),
        ("A\nＢ\n", r"codes\.csv, line 2: "),
        ("クーポン\nA\n", r"codes\.csv, line 1: "),
        ("A\nB\x07\n", r"codes\.csv, line 2: "),
        ('A\n"B\nC"\n', r"codes\.csv, line 3: "),
        ("A,1\nB,2\n", r"codes\.csv, line 1: .*2 columns"),
        ("code\nあ\n".encode("cp932"), r"codes\.csv, line 2: .*UTF-8"),
        ("A\n" + "B" * 200_000 + "\n", r"codes\.csv, line 2: "),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(CampaignError, match=message):
        read_pool(pool_file(tmp_path, content))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CampaignError, match=r"codes\.csv: .*campaign\.toml"):
        read_pool(tmp_path / "codes.csv")


def test_an_exhausted_pool_says_how_many_codes_are_missing() -> None:
    pool = Pool(Path("codes.csv"), ["A", "B"])
    assert pool.draw(5) == ["A", "B"]
    assert pool.draw(0) == []
    with pytest.raises(CampaignError, match=r"codes\.csv: .*exhausted, at least 3 more"):
        pool.draw(3)


@given(st.lists(st.integers(1, 1500), max_size=8))
def test_every_code_is_handed_out_once_and_in_order(needs: list[int]) -> None:
    codes = [f"C{number}" for number in range(2500)]
    pool = Pool(Path("codes.csv"), codes)
    drawn: list[str] = []
    try:
        for need in needs:
            drawn += pool.draw(need)
    except CampaignError:
        assert drawn == codes
    assert drawn == codes[: len(drawn)]


def test_a_pool_is_read_once_and_again_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run asks four times, and each gets a list of its own; codes added in between are seen."""
    read = []
    reader = csv.reader
    monkeypatch.setattr(csv, "reader", lambda *args: read.append(1) or reader(*args))
    path = pool_file(tmp_path, b"ONCE-1\nONCE-2\n")
    first = read_pool(path)
    first.clear()
    assert read_pool(path) == ["ONCE-1", "ONCE-2"]
    assert len(read) == 1
    pool_file(tmp_path, b"ONCE-1\nONCE-3\n")
    assert read_pool(path) == ["ONCE-1", "ONCE-3"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text() | st.binary())
def test_any_file_is_read_or_refused(tmp_path: Path, content: str | bytes) -> None:
    path = pool_file(tmp_path, content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    try:
        codes = read_pool(path)
    except CampaignError:
        return
    assert len(set(codes)) == len(codes)
    assert all(code.isascii() and code.isprintable() and 0 < len(code) <= 32 for code in codes)
