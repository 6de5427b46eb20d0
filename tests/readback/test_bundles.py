"""The fault drill of sorted jobs: a bundle list that would have letters tied into the wrong bundle turns the job red.

The checksums are made to fit again: what is compared is the content itself.
"""

import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.fulfil import BUNDLES, bundles
from dmgen.readback.bundles import Bundles
from dmgen.readback.finding import Finding
from dmgen.readback.rows import Piece
from dmgen.readback.ticket import PrintedAs
from tests.jobs import CUSTOMER, Desk, rows
from tests.readback.conftest import Copy

Row = dict[str, str]
CODES = ["010-0001", "010-0201", "010-0901", "100-0001", "100-0005", "540-0012", "900-0001", "064-0804", "194-0211"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk.at(tmp_path_factory.mktemp("bundles"))
    people = [f"{n:05d},客 {n},{CODES[n % 9]},東京都,千代田区千代田,{n}-1,0" for n in range(1, 28)]
    desk.write("assets/lists/customers.csv", "\n".join((CUSTOMER, *people)) + "\n")
    mail = {"envelope": "kaku2", "sort": "district"}
    desk.configure("layouts/hello/campaign.toml", mail=mail, print={"batch": 7})
    desk.run("hello")
    return desk


@pytest.fixture
def copy(desk: Desk, tmp_path: Path) -> Copy:
    shutil.copytree(desk.root / "job", tmp_path / "copy")
    return Copy(desk, tmp_path / "copy")


def set_to(place: int, **cells: str) -> Callable[[list[Row]], None]:
    return lambda table: table[place].update(cells)


def swapped(table: list[Row]) -> None:
    table[2], table[3] = table[3], table[2]


def one_more(table: list[Row]) -> None:
    table[1]["letters"] = str(int(table[1]["letters"]) + 1)


def one_less_at_the_end(table: list[Row]) -> None:
    table[-1]["letters"] = str(int(table[-1]["letters"]) - 1)


DAMAGE: list[tuple[str, Callable[[list[Row]], object], set[str]]] = [
    ("a bundle is missing", lambda table: table.pop(2), {"bundle_differs"}),
    ("the last one is missing", lambda table: table.pop(), {"bundle_differs"}),
    ("a bundle too many", lambda table: table.append(dict(table[-1])), {"count"}),
    ("two are exchanged", swapped, {"bundle_differs"}),
    ("a letter too many", one_more, {"bundle_differs"}),
    ("a letter too few", one_less_at_the_end, {"bundle_differs"}),
    ("another district", set_to(0, district="540"), {"bundle_differs"}),
    ("no district", set_to(0, district=""), {"bundle_differs"}),
    ("a district of the rest", set_to(0, district="others"), {"bundle_differs"}),
    ("the last district is of the rest", set_to(-1, district="others"), {"bundle_differs"}),
    ("another file", set_to(0, file="print/other.pdf"), {"bundle_differs"}),
    ("another page", set_to(3, first_page="9"), {"bundle_differs"}),
    ("another last page", set_to(3, last_page="99"), {"bundle_differs"}),
    ("another sequence", set_to(3, first_sequence="1"), {"bundle_differs"}),
    ("no number", set_to(3, letters="x"), {"row_unreadable"}),
    ("no letters", set_to(3, letters="0"), {"row_unreadable"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "change", "wanted"), DAMAGE, ids=[what for what, *_ in DAMAGE])
def test_a_damaged_list_of_bundles_is_found(copy: Copy, what: str, change, wanted: set[str]) -> None:
    copy.retable(BUNDLES, change)
    copy.cover_tracks()
    assert wanted <= {finding["what"] for finding in copy.findings()}


def test_a_job_without_its_list_is_not_released(copy: Copy) -> None:
    (copy.folder / BUNDLES).unlink()
    copy.reticket(lambda ticket: ticket["files"].pop(BUNDLES))
    assert {"what": "file_missing", "file": BUNDLES} in copy.findings()


def test_the_job_itself_is_as_it_should_be(copy: Copy) -> None:
    assert copy.verify()[1]["released"]
    made = [one["district"] for one in rows(copy.folder / BUNDLES)]
    assert made == ["010", "01002", "064", "100", "19402", "540", "900"]


pieces = st.lists(st.sampled_from(["010-0901", "010-0001", "010-0401", "100-0001", "540-0012"]), min_size=1)


@given(codes=pieces)
def test_only_the_order_of_the_post_passes(tmp_path_factory: pytest.TempPathFactory, codes: list[str]) -> None:
    """Any order in which districts fall, or codes fall within one, is found by the letters alone."""
    districts = {"010-0901": "010", "010-0001": "010", "010-0401": "01004", "100-0001": "100", "540-0012": "540"}
    folder = tmp_path_factory.mktemp("b")
    found: list[Finding] = []
    table = [
        {"postal_code": code, "file": "a.pdf", "sequence": str(n), "first_page": str(n), "last_page": str(n)}
        for n, code in enumerate(codes, 1)
    ]
    (folder / "post").mkdir()
    made = list(bundles(table, districts))
    lines = [",".join(made[0]._fields), *(",".join(map(str, one)) for one in made)]
    (folder / BUNDLES).write_text("\n".join(lines) + "\n", "utf-8")
    letters = [Piece(row | {"piece_id": row["sequence"]}, n, n, n) for n, row in enumerate(table, 1)]
    prints = {"a.pdf": PrintedAs(len(table), len(table), "", post="post")}
    assert list(Bundles(folder, prints, found).pieces(iter(letters))) == letters
    met = [one.district for one in made]
    falls = any(a > b for a, b in pairwise(codes) if districts[a] == districts[b])
    assert bool(found) == (met != sorted(met) or falls)
    assert {finding.what for finding in found} <= {"bundle_order"}
