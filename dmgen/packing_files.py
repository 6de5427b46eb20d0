"""The files that a warehouse packs from, made of a job's finished tables: `warehouse/` in the job folder."""

import csv
import shutil
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from dmgen.audience import read_batch
from dmgen.errors import DmgenError, OutputError, PreflightError
from dmgen.fulfil import MANIFEST, PARCELS, WAREHOUSE, read_table, write_table
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Campaign, Shop
from dmgen.model.parcel import ParcelOutcome
from dmgen.paperwork import paper_face, paper_kit
from dmgen.press import PressKit, PrintFile
from dmgen.produce import Kit
from dmgen.timings import timed
from dmgen.warehouse import (
    CHARACTER_COLUMNS,
    FORMS,
    LEFT_COLUMNS,
    ORDERS,
    SYSTEMS,
    Lost,
    PackingList,
    PackLine,
    System,
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
from dmgen.workshop import Workshop

WORKBOOK, CARRIER, LEFT, CHARACTERS = "manifest.xlsx", "carrier.csv", "carrier-left.csv", "characters.csv"
_PAGES = 50  # drawn step by step
_NOT_TEXT = (b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0")  # xlsx, parquet, xls


@timed(mark("write packing files"))
def write_packing_files(campaign: Campaign, workshop: Workshop[Kit], folder: Path) -> list[DmgenError]:
    """Write the warehouse's files below `folder`, where manifest.csv and parcels.csv are; returns what to look at.

    They are in the language of the shop, whoever runs dmgen. Raises PreflightError where the two tables do not name
    the same pieces.
    """
    language, out = language_of(campaign.shop), folder / WAREHOUSE
    parcels = _parcels(campaign, folder)
    waves = by_wave(parcels)
    counts = [count_wave(wave, packed) for wave, packed in waves.items()]
    shutil.rmtree(out, ignore_errors=True)  # of a run that broke off
    out.mkdir()
    jobs: list[_Job] = [_Workbook(folder, counts, language)]
    if campaign.lists.shipments:
        pieces = {parcel.shipment_id: parcel.piece_id for parcel in parcels}
        jobs.append(_CarrierFile(out, campaign.lists.shipments, pieces, campaign.shop))
    jobs += [_SystemFiles(out, system, parcels, campaign.parcels.skus, language) for system in SYSTEMS]
    jobs += _lists(out, f"{campaign.id}　{campaign.drop}", parcels, language)
    return [*_written(jobs, workshop, out), *_without_orders(parcels)]


def write_pile_files(
    campaign: Campaign, name: str, parcels: Sequence[PackLine], workshop: Workshop[Kit], folder: Path
) -> list[DmgenError]:
    """Write what the warehouse needs of a pile of several shops' letters: packing lists, and the carrier's file.

    `campaign` is the first one: its language, and its list of shipments. Returns what to look at.
    """
    out, listed = folder / WAREHOUSE, campaign.lists.shipments
    out.mkdir()
    jobs: list[_Job] = _lists(out, f"{name}　{campaign.drop}", parcels, language_of(campaign.shop))
    pieces = {parcel.shipment_id: parcel.piece_id for parcel in parcels}
    if listed and len(pieces) == len(parcels):  # an id that two shops use says nothing in the carrier's file
        jobs.append(_CarrierFile(out, listed, pieces))
    return _written(jobs, workshop, out)


def _lists(out: Path, title: str, parcels: Sequence[PackLine], language: str) -> "list[_Job]":
    """A packing list a wave, numbered as the waves follow one another."""
    return [
        _List(out / f"packing-{number:02d}.pdf", title, packed, count_wave(wave, packed), language)
        for number, (wave, packed) in enumerate(by_wave(parcels).items(), 1)
    ]


def _written(jobs: "Sequence[_Job]", workshop: Workshop[Kit], out: Path) -> list[DmgenError]:
    """Write the files; returns what to look at."""
    lost, remarks = list[Lost](), list[DmgenError]()
    for written in workshop.each(_write, jobs):
        lost += written.lost
        remarks += written.remarks
    return [*remarks, *_character_report(lost, out)]


def _character_report(lost: Sequence[Lost], out: Path) -> Iterator[DmgenError]:
    if lost:
        write_table(out / CHARACTERS, CHARACTER_COLUMNS, lost)
        message = mark(
            "{count} cells of the warehouse's files hold characters that their encoding or font has not; what was "
            "written instead is in {file}"
        )
        yield OutputError(message, count=len(lost), file=f"{WAREHOUSE}/{CHARACTERS}")


def _without_orders(parcels: Sequence[PackLine]) -> Iterator[DmgenError]:
    if count := sum(bool(parcel.piece_id and not parcel.orders) for parcel in parcels):
        message = mark(
            "{count} parcels with a letter have no order number: they are in the packing lists, but not in the "
            "picking texts and order lines"
        )
        yield OutputError(message, count=count)


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


class _Written(NamedTuple):
    """What some files lost, and what a person should look at."""

    lost: Sequence[Lost] = ()
    remarks: Sequence[DmgenError] = ()


class _SystemFiles(NamedTuple):
    """Picking texts and order lines for one system."""

    out: Path
    system: System
    parcels: Sequence[PackLine]
    skus: Mapping[str, str]
    language: str

    def write(self, _: PressKit) -> _Written:
        system, speaker = self.system, Speaker(self.language)
        picking, lines = (self.out / f"{kind}-{system.name}.csv" for kind in ("picking", "sku-lines"))
        lost = write_csv(picking, system.encoding, system.picking, picking_rows(self.parcels, speaker))
        return _Written(lost + write_csv(lines, system.encoding, system.lines, sku_rows(self.parcels, self.skus)))


class _Workbook(NamedTuple):
    """The tables of the job and its waves in numbers, for people."""

    folder: Path
    counts: Sequence[WaveCount]
    language: str

    def write(self, _: PressKit) -> _Written:
        speaker = Speaker(self.language)
        tables = ((mark("letters"), self.folder / MANIFEST), (mark("parcels"), self.folder / PARCELS))
        sheets = [table_sheet(name, _header(table), read_table(table), speaker) for name, table in tables]
        sheets.append(waves_sheet(mark("waves"), self.counts, speaker))
        write_workbook(self.folder / WAREHOUSE / WORKBOOK, sheets)
        return _Written()


def _header(table: Path) -> list[str]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


class _CarrierFile(NamedTuple):
    """The carrier's own file with its pieces, where the list of shipments is one; `pieces` by shipment, "" for none.

    For one `shop` none is made of a list that has others' parcels, too: its rows are not to be seen in the shop's job,
    and two shops may use one shipment id.
    """

    out: Path
    shipments: Path
    pieces: Mapping[str, str]
    shop: Shop | None = None

    def write(self, _: PressKit) -> _Written:
        data = self.shipments.read_bytes()
        pieces = {shipment: piece for shipment, piece in self.pieces.items() if piece}
        filled = None if data.startswith(_NOT_TEXT) else fill_in(data, pieces, self.pieces)
        if not filled:
            return _Written()
        if self.shop and any(shop not in ("", self.shop.id) for shop, _ in read_batch(self.shipments, [self.shop])):
            message = mark(
                "{file} holds other shops' parcels, too, so no piece is filled in for {carrier} in the job of {shop}"
            )
            told = OutputError(message, file=self.shipments, carrier=filled.carrier, shop=self.shop.id)
            return _Written(remarks=[told])
        if not filled.data:
            message = mark(
                "{file} is a file of {carrier}, but no one of its columns holds every shipment, so no piece is filled "
                "in for the carrier"
            )
            return _Written(remarks=[OutputError(message, file=self.shipments, carrier=filled.carrier)])
        (self.out / CARRIER).write_bytes(filled.data)
        if not filled.left:
            return _Written()
        write_table(self.out / LEFT, LEFT_COLUMNS, filled.left)
        message = mark(
            "{count} rows of the file for {carrier} have no free field for the piece; they are listed in {file}"
        )
        values = {"count": len(filled.left), "carrier": filled.carrier, "file": f"{WAREHOUSE}/{LEFT}"}
        return _Written(remarks=[OutputError(message, **values)])


class _List(NamedTuple):
    """The packing list of a wave; a wave's name is no file name."""

    file: Path
    title: str
    parcels: Sequence[PackLine]
    numbers: WaveCount
    language: str

    def write(self, press: PressKit) -> _Written:
        setting = PackingList(paper_face(), Speaker(self.language), self.title, self.file.name)
        pages = setting.pages(self.parcels, self.numbers)
        with self.file.open("wb") as out:
            printed = PrintFile(out, paper_kit(press.title, press.made_on, press.producer, FORMS))
            while some := list(islice(pages, _PAGES)):
                printed.add(some)
            printed.close()
        return _Written(setting.lost)


_Job = _SystemFiles | _Workbook | _CarrierFile | _List


def _write(kit: Kit, job: _Job) -> _Written:
    """Write the files of one job. Raises OSError where they cannot be written."""
    return job.write(kit.press)
