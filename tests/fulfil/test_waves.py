"""Piles of letters for parcels: in packing order, no file of two waves, the Nth sheet for the Nth parcel."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dmgen.fulfil import BatchPlan, plan_waves
from dmgen.model.campaign import Campaign, Channel, Lists, Segment, Shop
from dmgen.model.parcel import Gap, Packing, Parcel, ParcelOutcome, ParcelRules
from dmgen.model.production import Lot, LotKind

SEGMENTS = (Segment("thanks", "", "note"), Segment("welcome", "", "note"))
CAMPAIGN = Campaign(
    "insert", Path(), Shop("aobado", "青葉堂", Path("shop.toml")), date(2026, 4, 10), date(2026, 4, 10),
    Channel.INSERT_NOTE, Lists(shipments=Path("shipments.csv")), "none", SEGMENTS, {}, {},
)  # fmt: skip


@st.composite
def days(draw: st.DrawFn) -> list[Packing]:
    """The parcels of a day, wave after wave; some get nothing, the pieces are of any segment."""
    filled = draw(st.lists(st.lists(st.sampled_from(["", "thanks", "welcome"]), min_size=1, max_size=12), max_size=4))
    packings: list[Packing] = []
    for number, wave in enumerate(filled):
        for position, segment in enumerate(wave, 1):
            place = len(packings) + 1
            parcel = Parcel(f"S{place}", (f"O{place}",), f"午前{number}", str(position), place)
            piece = (ParcelOutcome.PIECE, "", 100 + place, segment) if segment else (ParcelOutcome.EMPTY, "gift")
            packings.append(Packing(parcel, *piece))
    return packings


def _sheets(plan: BatchPlan) -> list[str]:
    """What lies in the file, in packing order, by the plan alone: positions of pieces, or the parcels of slips."""
    waiting = [list(section.positions) for section in plan.sections]
    pieces = [str(waiting[section].pop(0)) for section in plan.order]
    assert not any(waiting)
    lying: list[str] = []
    sheets = list(plan.sheets)
    for place in range(len(pieces) + 1):
        while sheets and sheets[0].before == place:
            sheet = sheets.pop(0)
            lying.append(str(sheet.cells["shipment_id"]) if sheet.kind == "slip" else sheet.kind)
        lying += pieces[place : place + 1]
    assert not sheets
    return lying


@given(day=days(), size=st.integers(1, 6))
def test_the_nth_sheet_belongs_to_the_nth_parcel(day: list[Packing], size: int) -> None:
    plans = list(plan_waves(replace(CAMPAIGN, batch_size=size), day))
    lying: list[str] = []
    for plan in plans:
        first, *own = _sheets(plan)
        assert first == "separator"
        assert 0 < len(own) <= size
        assert plan.sheets[0].cells["parcels"] == len(own)
        assert plan.sheets[0].cells["pieces"] == plan.pieces == sum(sheet.isdigit() for sheet in own)
        assert {one.parcel.wave for one in day[len(lying) : len(lying) + len(own)]} == {plan.lot and plan.lot.name}
        lying += own
    assert lying == [str(one.piece) if one.piece else one.parcel.shipment_id for one in day]


@given(day=days(), size=st.integers(1, 6))
def test_without_slips_only_pieces_lie_in_the_pile(day: list[Packing], size: int) -> None:
    campaign = replace(CAMPAIGN, batch_size=size, parcels=ParcelRules(gaps=Gap.SKIP))
    plans = list(plan_waves(campaign, day))
    lying = [sheet for plan in plans for sheet in _sheets(plan)]
    assert [sheet for sheet in lying if sheet != "separator"] == [str(one.piece) for one in day if one.piece]
    assert all(plan.pieces for plan in plans)


@given(day=days(), size=st.integers(1, 6))
def test_sequences_go_on_from_file_to_file(day: list[Packing], size: int) -> None:
    plans = list(plan_waves(replace(CAMPAIGN, batch_size=size), day))
    assert [plan.number for plan in plans] == list(range(1, len(plans) + 1))
    assert len({plan.file for plan in plans}) == len(plans)
    for before, after in pairwise(plans):
        assert after.first_sequence == before.first_sequence + before.pieces


def test_a_wave_s_name_is_no_part_of_a_file_s(tmp_path: Path) -> None:
    parcel = Parcel("S1", (), "../../午前", "1", 1)
    (plan,) = plan_waves(CAMPAIGN, [Packing(parcel, ParcelOutcome.PIECE, "", 0, "thanks")])
    assert plan.file == "print/insert-2026-04-10-w01-001.pdf"
    assert plan.lot == Lot(LotKind.WAVE, "../../午前")
