"""The order of the post: letters against bundles.csv, whose districts must be whole, apart, and fit their codes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dmgen.readback.finding import Finding
from dmgen.readback.rows import Piece, rows_of
from dmgen.readback.ticket import PrintedAs

BUNDLES = "post/bundles.csv"
_OTHERS, _DIGITS = "others", 7
_NEEDED = {"district", "letters", "first_sequence", "last_sequence", "file", "first_page", "last_page"}
_Row = dict[str, str]


@dataclass
class Bundles:
    """The bundles of a job while its letters are gone through; `findings` grows with all that does not agree.

    Where districts lie is not asked here, only what any such list must keep to: a letter's code begins with the number
    of its district, no longer number in the list would fit it better, and the numbers rise: no district is met twice.
    Others come last, and only where a post office `listed` its districts.
    """

    folder: Path
    prints: Mapping[str, PrintedAs]
    findings: list[Finding]
    listed: bool = False
    _districts: set[str] = field(default_factory=set)
    _last: dict[str, str] = field(default_factory=dict)  # by lot

    def pieces(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        """The pieces of the manifest, each looked at beside its bundle."""
        table = list(self._read())
        self._districts = {row["district"] for row in table}
        bundles = iter(table)
        row: _Row = {}
        left, before = 0, ""
        for piece in pieces:
            if not left:
                row = next(bundles, {})
                left, before = int(row.get("letters", 0)), ""
                self._begins(row, piece)
            code = "".join(char for char in piece.row["postal_code"] if char.isdecimal())
            for what, name in self._unlikely(row, piece, code, before):
                self._add(what, piece, name)
            left, before = max(0, left - 1), code
            if not left:
                self._same(row, piece, last_sequence=piece.sequence, last_page=piece.last_page)
            yield piece
        if left or next(bundles, None):
            self.findings.append(Finding("count", BUNDLES, field="letters"))

    def _read(self) -> Iterator[_Row]:
        for number, row in enumerate(rows_of(self.folder / BUNDLES), 1):
            numbers = [row.get(name, "") for name in _NEEDED - {"district", "file"}]
            if row.keys() >= _NEEDED and all(one.isascii() and one.isdecimal() and int(one) for one in numbers):
                yield row
            else:
                self.findings.append(Finding("row_unreadable", BUNDLES, sequence=number))

    def _begins(self, row: _Row, piece: Piece) -> None:
        """Districts rise from bundle to bundle of a lot; one that fills a file goes on in the next."""
        self._same(row, piece, first_sequence=piece.sequence, first_page=piece.first_page)
        printed, district = self.prints.get(piece.file), row.get("district", "")
        lot = printed.post if printed else ""
        if district < self._last.get(lot, ""):
            self._add("bundle_order", piece, "district")
        self._last[lot] = district

    def _same(self, row: _Row, piece: Piece, **wanted: int) -> None:
        for name, value in wanted.items():
            if row.get(name) != str(value):
                self._add("bundle_differs", piece, name)

    def _unlikely(self, row: _Row, piece: Piece, code: str, before: str) -> Iterator[tuple[str, str]]:
        district = row.get("district", "")
        known = "" if district == _OTHERS and (self.listed or len(code) != _DIGITS) else district
        if row.get("file") != piece.file:
            yield "bundle_differs", "file"
        longer = any(code[:end] in self._districts for end in range(len(known) + 1, len(code) + 1))
        if not district or not code.startswith(known) or longer:
            yield "bundle_differs", "district"
        if code < before:
            yield "bundle_order", "postal_code"

    def _add(self, what: str, piece: Piece, name: str) -> None:
        self.findings.append(Finding(what, piece.file, piece.row["piece_id"], piece.sequence, field=name))
