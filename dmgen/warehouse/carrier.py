"""The carrier's own file with the piece of each parcel filled in; every other byte stays what it was."""

import codecs
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_CELLS = {  # by separator: a cell as written, and what follows it
    separator: re.compile(rf'("(?:[^"]|"")*"(?=[{separator}\r\n]|\Z)|[^{separator}\r\n]*)({separator}|\r\n|\r|\n|\Z)')
    for separator in ",\t"
}
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
    ends: list[str]  # what follows each: a separator, or a line's end


def fill_in(data: bytes, pieces: Mapping[str, str], shipments: Collection[str]) -> Filled | None:
    """A carrier's file with the piece of each shipment; None for a file that is none of the known ones.

    `pieces` are piece ids by shipment id, `shipments` all shipments of the job. The column of the shipment ids is the
    one that holds every one of them, found by its cells, so that it is right whatever it is called.
    """
    encoding, text, mark_ = _decoded(data)
    rows = list(_rows(text))
    if not rows:
        return None
    known = _known(rows, encoding)
    if not known:
        return None
    carrier, columns, body = known
    key = _key_column(body, encoding, {_folded(shipment) for shipment in shipments})
    if key is None:
        return Filled(carrier.name, b"", 0, [])
    wanted = {_folded(shipment): (shipment, piece) for shipment, piece in pieces.items()}
    filled, left = 0, []
    for number, row in enumerate(body, 1):
        found = wanted.get(_plain(row.cells[key], encoding)) if key < len(row.cells) else None
        if not found:
            continue
        shipment, piece = found
        if why := _fill(row, piece, carrier, columns):
            left.append(Left(number, shipment, piece, why))
        else:
            filled += 1
    whole = "".join(cell + end for row in rows for cell, end in zip(row.cells, row.ends, strict=True))
    return Filled(carrier.name, mark_ + whole.encode(encoding or "latin-1"), filled, left)


def _decoded(data: bytes) -> tuple[str, str, bytes]:
    """The file's text, byte by byte where that is possible: separators are the same bytes in UTF-8 and cp932.

    Returns "" as the encoding of such a text.
    """
    for mark_, encoding in _UTF16.items():
        if data.startswith(mark_):
            return encoding, data.removeprefix(mark_).decode(encoding, "surrogatepass"), mark_
    mark_ = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return "", data.removeprefix(mark_).decode("latin-1"), mark_


def _rows(text: str) -> Iterator[_Row]:
    """The rows with all that stands between their cells, separated by tabs where the first line has no comma."""
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    separator = "\t" if "\t" in first and "," not in first else ","
    cells, ends = list[str](), list[str]()
    for cell, end in _CELLS[separator].findall(text):
        cells.append(cell)
        ends.append(end)
        if end == separator:
            continue
        if end or len(cells) > 1 or cell:
            yield _Row(cells, ends)
        cells, ends = [], []


def _known(rows: Sequence[_Row], encoding: str) -> tuple[Carrier, dict[str, int], Sequence[_Row]] | None:
    """Whose file this is, the columns of its holes, and the rows below the header."""
    header = [_plain(cell, encoding).partition("\n")[0].partition("\r")[0] for cell in rows[0].cells]
    places = {name: place for place, name in reversed(list(enumerate(header)))}
    for carrier in CARRIERS:
        if all(_folded(name) in places for name in carrier.signature):
            return carrier, {h: places[_folded(h)] for h in _headers(carrier) if _folded(h) in places}, rows[1:]
    widths = {len(row.cells) for row in rows}
    for carrier in CARRIERS:
        if carrier.positions and len(widths) == 1 and widths <= set(carrier.widths):
            return carrier, {name: place - 1 for name, place in carrier.positions.items()}, rows
    return None


def _headers(carrier: Carrier) -> Iterator[str]:
    return (hole.header for place in carrier.places for hole in place)


def _key_column(body: Sequence[_Row], encoding: str, shipments: set[str]) -> int | None:
    """The column that holds every shipment; the first of several."""

    def said(rows: Sequence[_Row], place: int) -> set[str]:
        return {_plain(row.cells[place], encoding) for row in rows if place < len(row.cells)}

    looked_at = body[:_LOOKED_AT]
    for place in range(max((len(row.cells) for row in looked_at), default=0)):
        if not said(looked_at, place).isdisjoint(shipments) and shipments <= said(body, place):
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


def _plain(cell: str, encoding: str) -> str:
    """What a cell says: without its quotes, width and blanks around it left aside."""
    if cell.startswith('"') and cell.endswith('"') and len(cell) > 1:
        cell = cell[1:-1].replace('""', '"')
    return _folded(cell if encoding else _text(cell.encode("latin-1")))


def _text(cell: bytes) -> str:
    if cell.isascii():
        return cell.decode("ascii")
    try:
        return cell.decode("utf-8")
    except UnicodeDecodeError:
        return cell.decode("cp932", "replace")


def _folded(text: str) -> str:
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()
