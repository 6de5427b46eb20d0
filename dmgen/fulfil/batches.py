"""Cuts a job into print files: a segment's letters as listed, or a wave's in the order in which they are packed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from dmgen.model.campaign import Campaign, Segment
from dmgen.model.parcel import Delivery, Gap, Packing
from dmgen.model.production import Lot, LotKind, Sheet


class Section(NamedTuple):
    """Pieces of one segment within a batch: where they stand in the audience, in print order."""

    segment: Segment
    positions: Sequence[int]


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """The pieces of one print file.

    `order` names the section of each, in print order; empty where there is one section. `lot` is that of pieces of
    several segments. Of a wave: the sheets that are no pieces, and whether the file is turned for a press that stacks
    face up.
    """

    number: int
    file: str
    first_sequence: int
    sections: tuple[Section, ...]
    order: tuple[int, ...] = ()
    lot: Lot | None = None
    sheets: tuple[Sheet, ...] = ()
    turned: bool = False

    @property
    def pieces(self) -> int:
        """How many pieces the file has."""
        return sum(len(section.positions) for section in self.sections)


def shell_file(campaign: Campaign, segment: Segment) -> str:
    """The file of what is printed once for a segment, before its pieces."""
    return f"print/{campaign.id}-{campaign.drop}-shell-{segment.id}.pdf"


def plan_batches(campaign: Campaign, pieces: Mapping[str, Sequence[int]]) -> Iterator[BatchPlan]:
    """The batches of letters that are posted; `pieces` holds the positions of each segment's, in print order."""
    number, sequence = 0, 1
    for segment in campaign.segments:
        positions = pieces[segment.id]
        for part, start in enumerate(range(0, len(positions), campaign.batch_size), 1):
            section = Section(segment, positions[start : start + campaign.batch_size])
            number += 1
            name = f"print/{campaign.id}-{campaign.drop}-{segment.id}-{part:03d}.pdf"
            yield BatchPlan(number, name, sequence, (section,))
            sequence += len(section.positions)


def plan_waves(campaign: Campaign, packings: Sequence[Packing], series: str = "") -> Iterator[BatchPlan]:
    """The batches of letters that go into parcels, given in packing order: none holds parcels of two waves.

    A separator sheet comes first, and a slip sheet for each parcel without a piece where [parcels] asks for them: then
    the Nth sheet after the separator belongs to the Nth parcel of the batch. `series` tells files and separators of a
    job that completes another from that one's.
    """
    number, sequence = 0, 1
    for wave_number, (wave, in_wave) in enumerate(groupby(packings, lambda packing: packing.parcel.wave), 1):
        kept = [one for one in in_wave if one.piece is not None or campaign.parcels.gaps is Gap.SLIP]
        parts = [kept[start : start + campaign.batch_size] for start in range(0, len(kept), campaign.batch_size)]
        for part, parcels in enumerate(parts, 1):
            number += 1
            stem = f"{series}w{wave_number:02d}-{part:03d}"
            sections, order = sections_of(campaign.segments, _pieces(parcels))
            told = {"wave": wave, "part": part, "parts": len(parts)}
            code = f"{campaign.id}:{campaign.drop}:{stem}"
            yield BatchPlan(
                number,
                f"print/{campaign.id}-{campaign.drop}-{stem}.pdf",
                sequence,
                sections,
                order,
                Lot(LotKind.WAVE, wave),
                _sheets(parcels, told, code),
                campaign.parcels.delivery is Delivery.FACE_UP,
            )
            sequence += len(order)


def _pieces(parcels: Sequence[Packing]) -> list[tuple[str, int]]:
    return [(one.segment, one.piece) for one in parcels if one.piece is not None]


def sections_of(
    known: Sequence[Segment], pieces: Sequence[tuple[str, int]]
) -> tuple[tuple[Section, ...], tuple[int, ...]]:
    """Pieces (id of the segment, position) by segment, and the section of each as they are printed."""
    held = {name for name, _ in pieces}
    segments = [segment for segment in known if segment.id in held]
    place = {segment.id: number for number, segment in enumerate(segments)}
    positions: list[list[int]] = [[] for _ in segments]
    for name, position in pieces:
        positions[place[name]].append(position)
    sections = tuple(Section(*both) for both in zip(segments, positions, strict=True))
    return sections, tuple(place[name] for name, _ in pieces)


def _sheets(parcels: Sequence[Packing], told: dict[str, str | int], code: str) -> tuple[Sheet, ...]:
    """The separator, and the slips of parcels without a piece."""
    slips = sum(one.piece is None for one in parcels)
    counts = {"parcels": len(parcels), "pieces": len(parcels) - slips, "slips": slips}
    sheets = [Sheet("separator", 0, {"kind": "separator", **told, **counts, "code": code})]
    before = 0
    for one in parcels:
        if one.piece is None:
            sheets.append(Sheet("slip", before, {"kind": "slip", **told, **_slip(one)}))
        before += one.piece is not None
    return tuple(sheets)


def _slip(one: Packing) -> dict[str, str | int]:
    parcel = one.parcel
    return {
        "place": parcel.place,
        "position": parcel.position,
        "shipment_id": parcel.shipment_id,
        "key": parcel.key,
        "reason": one.reason,
        "code": parcel.shipment_id,
    }
