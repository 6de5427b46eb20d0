"""Batches cut each segment in print order; nothing is lost or printed twice."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dmgen.fulfil import plan_batches
from dmgen.model.campaign import Campaign, Channel, Lists, Segment, Shop

CAMPAIGN = Campaign(
    "spring", Path(), Shop("aobado", "青葉堂", Path("shop.toml")), date(2026, 4, 10), date(2026, 4, 5), Channel.MAIL,
    Lists(), "none", (), {}, {},
)  # fmt: skip


@given(counts=st.lists(st.integers(0, 50), max_size=5), size=st.integers(1, 20))
def test_batches_cover_every_piece_once(counts: list[int], size: int) -> None:
    segments = tuple(Segment(f"s{i}", "", "letter") for i in range(len(counts)))
    pieces = {f"s{i}": range(count) for i, count in enumerate(counts)}
    batches = list(plan_batches(replace(CAMPAIGN, segments=segments, batch_size=size), pieces))
    covered = [(part.segment.id, place) for batch in batches for part in batch.sections for place in part.positions]
    assert covered == [(f"s{i}", place) for i, count in enumerate(counts) for place in range(count)]
    assert [batch.number for batch in batches] == list(range(1, len(batches) + 1))
    assert all(0 < batch.pieces <= size for batch in batches)
    assert len({batch.file for batch in batches}) == len(batches)
    for before, after in pairwise(batches):
        assert after.first_sequence == before.first_sequence + before.pieces


def test_files_are_named_after_campaign_drop_and_segment() -> None:
    campaign = replace(CAMPAIGN, segments=(Segment("vip", "", "letter"),), batch_size=2)
    assert [batch.file for batch in plan_batches(campaign, {"vip": range(3)})] == [
        "print/spring-2026-04-10-vip-001.pdf",
        "print/spring-2026-04-10-vip-002.pdf",
    ]
