"""Letters in the order of the post are cut where districts end; nothing is lost, printed twice, or moved."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.fulfil import Letter, SortedLot, bundles, plan_sorted
from dmgen.fulfil.sorted_batches import cuts
from dmgen.model.campaign import Campaign, Channel, Lists, Segment, Shop
from dmgen.model.production import Lot, LotKind

SEGMENTS = (Segment("vip", "", "letter"), Segment("new", "", "letter"), Segment("card", "", "card"))
CAMPAIGN = Campaign(
    "spring", Path(), Shop("aobado", "青葉堂", Path("shop.toml")), date(2026, 4, 10), date(2026, 4, 5), Channel.MAIL,
    Lists(), "none", SEGMENTS, {}, {},
)  # fmt: skip
runs = st.lists(st.integers(1, 30), max_size=12)


def districts(lengths: list[int]) -> list[str]:
    return [f"{100 + number}" for number, length in enumerate(lengths) for _ in range(length)]


@given(lengths=runs, most=st.integers(1, 20))
def test_files_end_where_districts_end(lengths: list[int], most: int) -> None:
    lying = districts(lengths)
    found = cuts(lying, most)
    assert found[0] == 0 and found[-1] == len(lying)
    files = [lying[start:end] for start, end in pairwise(found)]
    assert [one for file in files for one in file] == lying
    assert all(0 < len(file) <= most for file in files)
    for end in found[1:-1]:
        if lying[end - 1] == lying[end]:  # cut within a district: it alone fills the file, and more
            assert lying.count(lying[end]) > most
    for file in files:  # a district that a file could hold lies in one
        for district in set(file):
            assert file.count(district) == lying.count(district) or lying.count(district) > most


@given(lengths=runs, most=st.integers(1, 20))
def test_no_file_could_have_held_the_next_one_s_first_district(lengths: list[int], most: int) -> None:
    """Otherwise a printer gets more files than there need be."""
    lying = districts(lengths)
    files = [lying[start:end] for start, end in pairwise(cuts(lying, most))]
    for one, following in pairwise(files):
        assert len(one) + lying.count(following[0]) > most


@pytest.mark.parametrize(
    ("lengths", "most", "wanted"),
    [
        ([], 5, [0]),
        ([3], 5, [0, 3]),
        ([5], 5, [0, 5]),
        ([2, 3, 1], 5, [0, 5, 6]),
        ([3, 6, 1], 5, [0, 3, 8, 10]),  # one that fills more than a file begins its own
        ([3, 10, 2], 5, [0, 3, 8, 13, 15]),
    ],
)
def test_the_cuts_of_some_piles(lengths: list[int], most: int, wanted: list[int]) -> None:
    assert cuts(districts(lengths), most) == wanted


@st.composite
def piles(draw: st.DrawFn) -> list[SortedLot]:
    """Two lots, of letters and of cards; the letters of two segments as the post's order mixes them."""
    lots = []
    for name, segments in (("post-210x297", SEGMENTS[:2]), ("post-100x148", SEGMENTS[2:])):
        lying = districts(draw(st.lists(st.integers(1, 8), max_size=8)))
        names = [draw(st.sampled_from([one.id for one in segments])) for _ in lying]
        letters = [
            Letter(name, 50 * len(lots) + place, where)
            for place, (name, where) in enumerate(zip(names, lying, strict=True))
        ]
        lots.append(SortedLot(name, segments, letters))
    return lots


@given(lots=piles(), most=st.integers(1, 12))
def test_batches_hold_every_letter_once_in_its_order(lots: list[SortedLot], most: int) -> None:
    plans = list(plan_sorted(replace(CAMPAIGN, batch_size=most), lots))
    covered = []
    for plan in plans:
        waiting = [iter(section.positions) for section in plan.sections]
        covered += [(plan.sections[place].segment.id, next(waiting[place])) for place in plan.order]
        assert not any(list(one) for one in waiting)
        assert 0 < plan.pieces <= most
        assert plan.lot and plan.lot.kind is LotKind.POST
        assert f"-{plan.lot.name}-" in plan.file
    assert covered == [(one.segment, one.position) for lot in lots for one in lot.letters]
    assert [plan.number for plan in plans] == list(range(1, len(plans) + 1))
    assert len({plan.file for plan in plans}) == len(plans)
    for before, after in pairwise(plans):
        assert after.first_sequence == before.first_sequence + before.pieces


def test_files_are_named_after_campaign_drop_and_lot() -> None:
    letters = [Letter("vip", place, str(place // 2)) for place in range(4)]
    plans = list(plan_sorted(replace(CAMPAIGN, batch_size=2), [SortedLot("post", SEGMENTS[:2], letters)]))
    assert [plan.file for plan in plans] == [
        "print/spring-2026-04-10-post-001.pdf",
        "print/spring-2026-04-10-post-002.pdf",
    ]
    assert {plan.lot for plan in plans} == {Lot(LotKind.POST, "post")}


@given(lengths=runs, most=st.integers(1, 20))
def test_bundles_add_up_to_the_letters(lengths: list[int], most: int) -> None:
    lying = districts(lengths)
    manifest = [
        {"postal_code": f"{where}-0001", "file": f"{number}.pdf", "sequence": str(start + place + 1),
         "first_page": str(2 * place + 1), "last_page": str(2 * place + 2)}
        for number, (start, end) in enumerate(pairwise(cuts(lying, most)))
        for place, where in enumerate(lying[start:end])
    ]  # fmt: skip
    made = list(bundles(manifest, {f"{where}-0001": where for where in lying}))
    assert sum(one.letters for one in made) == len(lying)
    assert [number for one in made for number in range(one.first_sequence, one.last_sequence + 1)] == [
        int(row["sequence"]) for row in manifest
    ]
    for one in made:
        own = [row for row in manifest if one.first_sequence <= int(row["sequence"]) <= one.last_sequence]
        assert {row["file"] for row in own} == {one.file}
        assert {row["postal_code"][:3] for row in own} == {one.district}
        assert len(own) == one.letters
        assert (own[0]["first_page"], own[-1]["last_page"]) == (str(one.first_page), str(one.last_page))
    assert len({(one.district, one.file) for one in made}) == len(made)
