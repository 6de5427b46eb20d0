"""Pieces and sheets as the parcels that they go into follow one another: parcels.csv against the other tables."""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from dmgen.model.parcel import ParcelOutcome
from dmgen.readback.finding import Finding
from dmgen.readback.rows import PARCELS, SHEETS, Leaf, Piece, SheetRow, digest, occurring_twice, rows_of
from dmgen.readback.ticket import Piled, PrintedAs, Wave

SEPARATOR, SLIP = "separator", "slip"
_NEEDED = {
    *("place", "wave", "position", "shipment_id", "order_ids", "customer_id", "outcome", "reason", "piece_id"),
    *("match_key", "tracking", "file", "page"),
}
_SHEET_NEEDED = {"kind", "wave", "position", "shipment_id", "file", "first_page", "last_page", "payload"}
_SAME = ("piece_id", "shipment_id", "wave", "position", "order_ids", "match_key", "customer_id", "file")
_KEY = 6  # characters of a match key
_WITHOUT_CUSTOMER = "parcel:"  # a fallback piece is its parcel's
_Row = dict[str, str]


@dataclass
class Pile:
    """The parcels of a job while they are gone through; `findings` grows with every row that does not agree."""

    folder: Path
    piled: Piled
    prints: Mapping[str, PrintedAs]
    findings: list[Finding]
    _outcomes: Counter[str] = field(default_factory=Counter)
    _waves: dict[str, Wave] = field(default_factory=dict)
    _seen: "array[int]" = field(default_factory=lambda: array("Q"))
    _files: set[str] = field(default_factory=set)
    _place: int = 0
    _wave: str | None = None

    def leaves(self, pieces: Iterator[Piece]) -> Iterator[Leaf]:
        """Pieces and sheets in packing order: a separator a file, then what each parcel has in it.

        A parcel's piece is the manifest's next one: rows that are missing or out of order are named from there on.
        """
        sheets = iter(self._sheets())
        slips = Counter(row["file"] for row in rows_of(self.folder / SHEETS) if row.get("kind") == SLIP)
        for number, parcel in enumerate(rows_of(self.folder / PARCELS), 1):
            if not self._readable(parcel, number):
                continue
            if parcel["file"] and parcel["file"] not in self._files:
                self._files.add(parcel["file"])
                if sheet := next(sheets, None):
                    yield self._separator(sheet, parcel, slips)
            leaf: Leaf | None = None
            if parcel["piece_id"]:
                leaf = next(pieces, None)
            elif parcel["file"]:
                leaf = next(sheets, None)
            if leaf:
                yield self._packed(leaf, parcel)
            elif parcel["file"]:
                self.findings.append(Finding("parcel_differs", PARCELS, sequence=number, field="file"))
        for piece in pieces:
            self._differs(piece, "shipment_id")
            yield piece
        for sheet in sheets:
            self._differs(sheet, "shipment_id")
            yield sheet
        self._balance()

    def _sheets(self) -> Iterator[SheetRow]:
        for number, row in enumerate(rows_of(self.folder / SHEETS), 1):
            try:
                pages = int(row["first_page"]), int(row["last_page"])
            except (KeyError, ValueError):
                pages = 0, 0
            if row.keys() >= _SHEET_NEEDED and all(pages):
                yield SheetRow(row, number, *pages)
            else:
                self.findings.append(Finding("row_unreadable", SHEETS, sequence=number))

    def _readable(self, parcel: _Row, number: int) -> bool:
        """Whether a row of parcels.csv can be read; it is then counted, and compared with the row before."""
        if not (parcel.keys() >= _NEEDED and parcel["place"].isdecimal() and parcel["place"].isascii()):
            self.findings.append(Finding("row_unreadable", PARCELS, sequence=number))
            return False
        place, wave = int(parcel["place"]), parcel["wave"]
        if place <= self._place or (wave != self._wave and wave in self._waves):
            self.findings.append(Finding("parcel_order", PARCELS, sequence=number, field="place"))
        self._place, self._wave = place, wave
        self._seen.append(digest(parcel["shipment_id"]))
        for name in self._unlikely(parcel):
            self.findings.append(Finding("parcel_differs", PARCELS, parcel["piece_id"], number, field=name))
        self._count(parcel)
        return True

    def _unlikely(self, parcel: _Row) -> Iterator[str]:
        """The columns of a row that do not go with its outcome, its file, or what job.json says."""
        outcome, has_piece, file = parcel["outcome"], bool(parcel["piece_id"]), parcel["file"]
        empty = outcome == ParcelOutcome.EMPTY
        if outcome not in list(ParcelOutcome) or empty == has_piece:
            yield "outcome"
        if empty and not parcel["reason"]:
            yield "reason"
        if not _key_fits(parcel):
            yield "match_key"
        if bool(file) != (has_piece or self.piled.slips):
            yield "file"
        if file and (file not in self.prints or self.prints[file].wave != parcel["wave"]):
            yield "wave"

    def _count(self, parcel: _Row) -> None:
        self._outcomes[f"{parcel['outcome']}.{parcel['reason']}".rstrip(".")] += 1
        has_piece, file = bool(parcel["piece_id"]), parcel["file"]
        told = self._waves.get(parcel["wave"], Wave(parcel["wave"], 0, 0, 0, ()))
        self._waves[told.name] = Wave(
            told.name,
            told.parcels + 1,
            told.pieces + has_piece,
            told.slips + bool(file and not has_piece),
            told.files if not file or file in told.files else (*told.files, file),
        )

    def _packed(self, leaf: Leaf, parcel: _Row) -> Leaf:
        """The leaf with its parcel, after a look at whether it is this parcel's."""
        if isinstance(leaf, Piece):
            return self._piece(leaf, parcel)
        row = leaf.row
        wanted = {name: parcel[name] for name in ("wave", "position", "shipment_id", "file")}
        self._compare(leaf, {"kind": SLIP, **wanted, "first_page": parcel["page"], "payload": row["shipment_id"]}, row)
        told = {"wave", "position", "place", "shipment_id"}
        cells = {name: parcel[name] for name in told}
        return leaf._replace(cells={**cells, "key": parcel["match_key"], "code": parcel["shipment_id"]})

    def _piece(self, piece: Piece, parcel: _Row) -> Piece:
        row = piece.row
        self._compare(piece, {name: parcel[name] for name in _SAME} | {"first_page": parcel["page"]}, row)
        is_fallback = bool(self.piled.fallback) and row["segment"] == self.piled.fallback
        nobody = row["customer_id"] == _WITHOUT_CUSTOMER + parcel["shipment_id"]
        if not is_fallback == nobody == (parcel["outcome"] == ParcelOutcome.FALLBACK):
            self._differs(piece, "outcome")
        return piece._replace(parcel=parcel)

    def _separator(self, sheet: SheetRow, parcel: _Row, slips: Counter[str]) -> SheetRow:
        """The first sheet of a print file, with what it must say of that file."""
        file, wave, payload = parcel["file"], parcel["wave"], sheet.row["payload"]
        wanted = {"kind": SEPARATOR, "wave": wave, "position": "", "shipment_id": "", "file": file}
        self._compare(sheet, wanted, sheet.row)
        if payload.replace(":", "-") != PurePosixPath(file).stem:
            self._differs(sheet, "payload")
        part, parts = self.piled.part(wave, file)
        pieces = self.prints[file].pieces if file in self.prints else 0
        cells = {"wave": wave, "part": part, "parts": parts, "code": payload}
        counts = {"parcels": pieces + slips[file], "pieces": pieces, "slips": slips[file]}
        return sheet._replace(cells=cells | {name: str(count) for name, count in counts.items()})

    def _compare(self, leaf: Leaf, wanted: Mapping[str, str], row: Mapping[str, str]) -> None:
        for name, value in wanted.items():
            if row.get(name) != value:
                self._differs(leaf, name)

    def _differs(self, leaf: Leaf, name: str) -> None:
        if isinstance(leaf, Piece):
            self.findings.append(Finding("parcel_differs", leaf.file, leaf.row["piece_id"], leaf.sequence, field=name))
        else:
            self.findings.append(Finding("sheet_differs", leaf.file, page=leaf.first_page, field=name))

    def _balance(self) -> None:
        """After the last parcel: a parcel that is there twice, counts that do not add up."""
        if twice := occurring_twice(self._seen):
            for number, parcel in enumerate(rows_of(self.folder / PARCELS), 1):
                if digest(parcel.get("shipment_id", "")) in twice:
                    self.findings.append(Finding("twice", PARCELS, sequence=number, field="shipment_id"))
        if self._outcomes != self.piled.counts:
            self.findings.append(Finding("count", PARCELS, field="parcels"))
        if tuple(self._waves.values()) != self.piled.waves:
            self.findings.append(Finding("count", PARCELS, field="waves"))
        self.findings += [Finding("count", file, field="pages") for file in sorted(self.prints.keys() - self._files)]


def _key_fits(parcel: _Row) -> bool:
    """Whether the match key is the end of the first order's number, or of the shipment's: letters and digits alone.

    Numbers are joined by ";", which may also stand in one.
    """
    numbers = parcel["order_ids"] or parcel["shipment_id"]
    firsts = (numbers[:end] for end in (*(at for at, char in enumerate(numbers) if char == ";"), len(numbers)))
    return any("".join(filter(str.isalnum, first))[-_KEY:] == parcel["match_key"] for first in firsts)
