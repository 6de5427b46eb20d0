"""The carrier's own file with the piece of each parcel filled in; every other byte stays what it was."""

import codecs
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

_CELLS = {  # by separator: a cell as written, and what follows it
    separator: re.compile(rf'("(?:[^"]|"")*"(?=[{separator}\r\n]|\Z)|[^{separator}\r\n]*)({separator}|\r\n|\r|\n|\Z)')
    for separator in ",\t"
}
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_LOOKED_AT = 100  # rows: enough to tell which columns may hold the shipments
_TITLE = "DM"  # of a search key

LEFT_COLUMNS = ("row", "shipment_id", "piece_id", "why")


class Hole(NamedTuple):
    """A cell that may take a piece: its header, how many bytes it holds (0: not known), a fixed text or the piece."""

    header: str
    most: int
    text: str = ""


@dataclass(frozen=True)
class Carrier:
    """The file of one carrier's software: the headers that it is known by, and where a piece goes.

    The first place whose cells are all empty is taken. `widths` are those of files without a header, whose cells are
    where `header` says (from 1).
    """

    name: str
    signature: tuple[str, ...]
    places: tuple[tuple[Hole, ...], ...]
    widths: tuple[int, ...] = ()
    positions: Mapping[str, int] | None = None


_KEYS = range(1, 5)
_EDITS = [f"編集{number:02d}" for number in range(1, 11)]
_FREE = [
    f"フリー項目{number:02d}".translate(str.maketrans("0123456789", "０１２３４５６７８９")) for number in range(1, 11)
]
CARRIERS = (
    Carrier(
        "B2クラウド",
        ("お届け先名", "検索キータイトル1", "検索キー1"),
        (
            *((Hole(f"検索キータイトル{n}", 20, _TITLE), Hole(f"検索キー{n}", 20)) for n in _KEYS),
            (Hole("お客様管理番号", 50),),
        ),
        (95, 96, 97),
        {"お客様管理番号": 1}
        | {f"検索キータイトル{n}": 73 + 2 * n for n in _KEYS}
        | {f"検索キー{n}": 74 + 2 * n for n in _KEYS},
    ),
    Carrier(
        "e飛伝III",
        ("お届け先名称1", "お客様管理番号", "編集01"),
        ((Hole("お客様管理番号", 16),), *((Hole(name, 0),) for name in _EDITS)),
        (74,),
        {"お客様管理番号": 10} | {name: 65 + n for n, name in enumerate(_EDITS)},
    ),
    Carrier(
        "ゆうプリR",
        ("お届け先 名称１", "お客様側管理番号", "フリー項目０１"),
        tuple((Hole(name, 0),) for name in _FREE),
        (118,),
        {name: 76 + n for n, name in enumerate(_FREE)},
    ),
)


class Left(NamedTuple):
    """A row (from 1, the header not counted) whose parcel has a piece that has no room in it."""

    row: int
    shipment_id: str
    piece_id: str
    why: str


class Filled(NamedTuple):
    """A carrier's file with pieces in it: whose file it is, its bytes, how many rows hold one, and those that do not.

    `data` is empty where no column holds every shipment, so that nothing could be filled in.
    """

    carrier: str
    data: bytes
    filled: int
    left: list[Left]


class _Row(NamedTuple):
    cells: list[str]  # as written, with their quotes
    end: str  # of its line


@dataclass(frozen=True)
class _File:
    """The rows of a file as written, each with its line's end, and what is between their cells.

    `encoding` is "" for text that is taken byte by byte.
    """

    rows: list[str]
    separator: str
    encoding: str

    def split(self, row: str) -> _Row:
        """The cells of a row."""
        line = row.rstrip("\r\n")
        if '"' not in line:
            return _Row(line.split(self.separator), row[len(line) :])
        inner = line[1:-1].split(f'"{self.separator}"')
        if line[0] == line[-1] == '"' and line.count('"') == 2 * len(inner):
            return _Row([f'"{cell}"' for cell in inner], row[len(line) :])
        cells = list[str]()
        for cell, end in _CELLS[self.separator].findall(row):
            cells.append(cell)
            if end != self.separator:
                return _Row(cells, end)
        return _Row(cells, "")

    def join(self, row: _Row) -> str:
        """A row as it is written."""
        return self.separator.join(row.cells) + row.end

    def says(self, cell: str) -> str:
        """What a cell says: its quotes, width and the blanks around it left aside."""
        if cell[:1] == '"' == cell[-1:] and len(cell) > 1:
            cell = cell[1:-1].replace('""', '"')
        return _folded(cell if self.encoding else _text(cell.encode("latin-1")))


def fill_in(data: bytes, pieces: Mapping[str, str], shipments: Collection[str]) -> Filled | None:
    """A carrier's file with the piece of each shipment; None for a file that is none of the known ones.

    `pieces` are piece ids by shipment id, `shipments` all shipments of the job. The column of the shipment ids is the
    one that holds every one of them, found by its cells, so that it is right whatever it is called.
    """
    mark, encoding, text = _decoded(data)
    separator = _separator(text)
    file = _File(list(_rows(text, separator)), separator, encoding)
    known = _known(file)
    if not known:
        return None
    carrier, columns, first = known
    key = _key_column(file, first, {_folded(shipment) for shipment in shipments})
    if key is None:
        return Filled(carrier.name, b"", 0, [])
    wanted = {_folded(shipment): (shipment, piece) for shipment, piece in pieces.items()}
    filled, left, number = 0, list[Left](), 0
    for place in range(first, len(file.rows)):
        row = file.split(file.rows[place])
        number += row.cells != [""]
        found = wanted.get(file.says(row.cells[key])) if key < len(row.cells) else None
        if not found:
            continue
        shipment, piece = found
        if why := _fill(row, piece, carrier, columns):
            left.append(Left(number, shipment, piece, why))
            continue
        filled += 1
        file.rows[place] = file.join(row)
    return Filled(carrier.name, mark + "".join(file.rows).encode(encoding or "latin-1"), filled, left)


def _decoded(data: bytes) -> tuple[bytes, str, str]:
    """The file's byte order mark, encoding and text; byte by byte where that is possible.

    In UTF-8 and cp932 what separates cells and rows is no part of another character.
    """
    for mark, encoding in _UTF16.items():
        if data.startswith(mark):
            return mark, encoding, data.removeprefix(mark).decode(encoding, "surrogatepass")
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return mark, "", data.removeprefix(mark).decode("latin-1")


def _separator(text: str) -> str:
    """A tab where the first line has tabs and no comma."""
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    return "\t" if "\t" in first and "," not in first else ","


def _rows(text: str, separator: str) -> Iterator[str]:
    """The rows as they are written; a quoted cell may hold line ends."""
    cell, at = _CELLS[separator], 0
    while at < len(text):
        found = _LINE.match(text, at)
        line = found[0] if found else ""
        quotes = line.count('"')
        if quotes and quotes != 2 * (line.count(f'"{separator}"') + 1):
            begun, end = at, separator
            while end == separator and (found := cell.match(text, at)):
                at, end = found.end(), found[2]
            line = text[begun:at]
        else:
            at += len(line)
        yield line


def _known(file: _File) -> tuple[Carrier, dict[str, int], int] | None:
    """Whose file this is, the columns of its holes, and which row is the first below the header."""
    cells = file.split(file.rows[0]).cells if file.rows else []
    header = [re.split(r"[\r\n]", file.says(cell), maxsplit=1)[0] for cell in cells]
    places = {name: place for place, name in reversed(list(enumerate(header)))}
    for carrier in CARRIERS:
        if all(_folded(name) in places for name in carrier.signature):
            return carrier, {h: places[_folded(h)] for h in _headers(carrier) if _folded(h) in places}, 1
    for carrier in CARRIERS:
        if carrier.positions and len(cells) in carrier.widths and _as_wide(file, len(cells)):
            return carrier, {name: place - 1 for name, place in carrier.positions.items()}, 0
    return None


def _as_wide(file: _File, width: int) -> bool:
    return all(len(file.split(row).cells) == width for row in file.rows if row.strip())


def _headers(carrier: Carrier) -> Iterator[str]:
    return (hole.header for place in carrier.places for hole in place)


def _key_column(file: _File, first: int, shipments: set[str]) -> int | None:
    """The column that holds every shipment; the first of several."""

    def said(rows: list[str], place: int) -> set[str]:
        found = (file.split(row).cells for row in rows)
        return {file.says(cells[place]) for cells in found if place < len(cells)}

    looked_at = file.rows[first : first + _LOOKED_AT]
    for place in range(max((len(file.split(row).cells) for row in looked_at), default=0)):
        if not said(looked_at, place).isdisjoint(shipments) and shipments <= said(file.rows[first:], place):
            return place
    return None


def _fill(row: _Row, piece: str, carrier: Carrier, columns: Mapping[str, int]) -> str:
    """Write the piece into the first free place; returns why not, or nothing."""
    why, width = "no_free_field", len(row.cells)
    for place in carrier.places:
        at = [columns.get(hole.header, width) for hole in place]
        if any(column >= width or row.cells[column].strip('" ') for column in at):
            continue
        texts = [hole.text or piece for hole in place]
        if any(0 < hole.most < len(text) for hole, text in zip(place, texts, strict=True)):
            why = "too_long"
            continue
        for column, text in zip(at, texts, strict=True):
            row.cells[column] = f'"{text}"' if row.cells[column].startswith('"') else text
        return ""
    return why


def _text(cell: bytes) -> str:
    if cell.isascii():
        return cell.decode("ascii")
    try:
        return cell.decode("utf-8")
    except UnicodeDecodeError:
        return cell.decode("cp932", "replace")


def _folded(text: str) -> str:
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()
