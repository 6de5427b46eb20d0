"""The files that a warehouse packs from, made of a job's finished tables: `warehouse/` in the job folder."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dmgen.errors import DmgenError, OutputError, PreflightError
from dmgen.fonts import Face, load_fonts
from dmgen.fulfil import MANIFEST, PARCELS, WAREHOUSE, read_table, write_table
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Campaign
from dmgen.model.parcel import ParcelOutcome
from dmgen.model.printing import PrintSettings
from dmgen.press import Names, PressKit, PrintFile, build_form, read_intent
from dmgen.timings import timed
from dmgen.warehouse import (
    CHARACTER_COLUMNS,
    FONT,
    FORMS,
    HEIGHT,
    LEFT_COLUMNS,
    ORDERS,
    SYSTEMS,
    WIDTH,
    Lost,
    PackingList,
    PackLine,
    WaveCount,
    by_wave,
    count_wave,
    fill_in,
    picking_rows,
    sku_rows,
    table_sheet,
    waves_sheet,
    write_csv,
    write_workbook,
)
from dmgen.web import language_of

WORKBOOK, CARRIER, LEFT, CHARACTERS = "manifest.xlsx", "carrier.csv", "carrier-left.csv", "characters.csv"
_NOT_TEXT = (b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0")  # xlsx, parquet, xls


@timed(mark("write packing files"))
def write_packing_files(campaign: Campaign, press: PressKit, folder: Path) -> list[DmgenError]:
    """Write the warehouse's files below `folder`, where manifest.csv and parcels.csv are; returns what to look at.

    They are in the language of the shop, whoever runs dmgen. Raises PreflightError where the two tables do not name
    the same pieces.
    """
    speaker = Speaker(language_of(campaign.shop))
    parcels = _parcels(campaign, folder)
    waves = by_wave(parcels)
    counts = [count_wave(wave, packed) for wave, packed in waves.items()]
    out = folder / WAREHOUSE
    out.mkdir()
    lost = _for_systems(campaign, parcels, out, speaker)
    lost += _packing_lists(campaign, press, list(waves.values()), counts, out, speaker)
    remarks = _for_carrier(campaign, parcels, out)
    _workbook(folder, counts, out, speaker)
    if lost:
        write_table(out / CHARACTERS, CHARACTER_COLUMNS, lost)
        message = mark(
            "{count} cells of the warehouse's files hold characters that their encoding or font has not; what was "
            "written instead is in {file}"
        )
        remarks.append(OutputError(message, count=len(lost), file=f"{WAREHOUSE}/{CHARACTERS}"))
    if nameless := sum(bool(parcel.piece_id and not parcel.orders) for parcel in parcels):
        message = mark(
            "{count} parcels with a letter have no order number: they are in the packing lists, but not in the "
            "picking texts and order lines"
        )
        remarks.append(OutputError(message, count=nameless))
    return remarks


def _parcels(campaign: Campaign, folder: Path) -> list[PackLine]:
    """The parcels with the segments of their pieces."""
    segments = {segment.id: segment for segment in campaign.segments}
    pieces = {row["piece_id"]: segments[row["segment"]] for row in read_table(folder / MANIFEST)}
    parcels = []
    for row in read_table(folder / PARCELS):
        segment = pieces.pop(row["piece_id"], None) if row["piece_id"] else None
        outcome = ParcelOutcome(row["outcome"])
        if (segment is None) is not (outcome is ParcelOutcome.EMPTY):
            raise _mismatch()
        parcels.append(
            PackLine(
                place=int(row["place"]),
                wave=row["wave"],
                position=row["position"],
                shipment_id=row["shipment_id"],
                orders=tuple(filter(None, row["order_ids"].split(ORDERS))),
                key=row["match_key"],
                outcome=outcome,
                reason=row["reason"],
                piece_id=row["piece_id"],
                segment=segment.name if segment else "",
                label=segment.label if segment else "",
            )
        )
    if pieces:
        raise _mismatch()
    return parcels


def _mismatch() -> PreflightError:
    return PreflightError(
        mark("manifest.csv and parcels.csv do not name the same letters: nothing is released; please report this fault")
    )


def _for_systems(campaign: Campaign, parcels: Sequence[PackLine], out: Path, speaker: Speaker) -> list[Lost]:
    lost = []
    for system in SYSTEMS:
        picking, lines = out / f"picking-{system.name}.csv", out / f"sku-lines-{system.name}.csv"
        lost += write_csv(picking, system.encoding, system.picking, picking_rows(parcels, speaker))
        lost += write_csv(lines, system.encoding, system.lines, sku_rows(parcels, campaign.parcels.skus))
    return lost


def _workbook(folder: Path, counts: Sequence[WaveCount], out: Path, speaker: Speaker) -> None:
    tables = ((mark("letters"), MANIFEST), (mark("parcels"), PARCELS))
    sheets = [table_sheet(name, _header(folder / table), read_table(folder / table), speaker) for name, table in tables]
    write_workbook(out / WORKBOOK, [*sheets, waves_sheet(mark("waves"), counts, speaker)])


def _header(table: Path) -> list[str]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def _for_carrier(campaign: Campaign, parcels: Sequence[PackLine], out: Path) -> list[DmgenError]:
    """The carrier's own file with its pieces, where the list of shipments is one; returns what to look at."""
    listed = campaign.lists.shipments
    data = listed.read_bytes() if listed else b""
    if data.startswith(_NOT_TEXT):
        return []
    pieces = {parcel.shipment_id: parcel.piece_id for parcel in parcels if parcel.piece_id}
    filled = fill_in(data, pieces, [parcel.shipment_id for parcel in parcels])
    if not filled:
        return []
    if not filled.data:
        message = mark(
            "{file} is a file of {carrier}, but no one of its columns holds every shipment, so no piece is filled in "
            "for the carrier"
        )
        return [OutputError(message, file=listed, carrier=filled.carrier)]
    (out / CARRIER).write_bytes(filled.data)
    if not filled.left:
        return []
    write_table(out / LEFT, LEFT_COLUMNS, filled.left)
    message = mark("{count} rows of the file for {carrier} have no free field for the piece; they are listed in {file}")
    return [OutputError(message, count=len(filled.left), carrier=filled.carrier, file=f"{WAREHOUSE}/{LEFT}")]


def _packing_lists(
    campaign: Campaign,
    press: PressKit,
    waves: Sequence[Sequence[PackLine]],
    counts: Sequence[WaveCount],
    out: Path,
    speaker: Speaker,
) -> list[Lost]:
    """A packing list a wave, numbered as the waves follow one another: a wave's name is no file name."""
    face = load_fonts({FONT}, {})[FONT]
    kit = _kit(press, face)
    lost = []
    for number, (parcels, count) in enumerate(zip(waves, counts, strict=True), 1):
        name = f"packing-{number:02d}.pdf"
        setting = PackingList(face, speaker, f"{campaign.id}　{campaign.drop}", name)
        with (out / name).open("wb") as file:
            printed = PrintFile(file, kit)
            for page in setting.pages(parcels, count):
                printed.add([page])
            printed.close()
        lost += setting.lost
    return lost


def _kit(press: PressKit, face: Face) -> PressKit:
    """What the lists are drawn with: one font, their rules, and the shipped condition: no press prints them."""
    names = Names({FONT: b"F0"}, {form: b"S%d" % number for number, form in enumerate(FORMS)}, {})
    forms = {form: build_form(items, names, WIDTH, HEIGHT, 0) for form, items in FORMS.items()}
    intent = read_intent(PrintSettings())
    return replace(press, fonts={FONT: face}, forms=dict(forms), pictures={}, names=names, intent=intent)
