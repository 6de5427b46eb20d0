"""What stands in a paper, in words of the reader's language: title, blocks, what every page says."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dmgen.model.layout import Align


class Facts(NamedTuple):
    """Pairs of a label and a value, in `columns` that are read downwards; `large`: figures to be seen at once."""

    rows: Sequence[tuple[str, str]]
    columns: int = 1
    heading: str = ""
    large: bool = False


class Column(NamedTuple):
    """A column of a table: its share of the width, how cells stand, and whether whole numbers in it add up."""

    head: str
    share: float
    align: Align = Align.LEFT
    adds: bool = False


class Table(NamedTuple):
    """Rows under a header that every page repeats, and a row of sums below. Cells are as many as columns.

    `dense`: a long list, its rows set closely. Where a document of one page has no room for all rows, the last line
    says how many are left out, and what the columns that add up come to in them.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    sums: Sequence[str] = ()
    heading: str = ""
    dense: bool = False


class Note(NamedTuple):
    """A paragraph, or several that newlines part; `small`: set as a remark."""

    text: str
    heading: str = ""
    small: bool = False


class Picture(NamedTuple):
    """A page of a PDF, counted from 1, shown within its trim, and the words below it."""

    file: Path
    page: int
    caption: str


class Pictures(NamedTuple):
    """Pages of other files, so many side by side and at most `height` (mm) high.

    In a document of one page they are made smaller before anything is left out, and more stand side by side.
    """

    pictures: Sequence[Picture]
    columns: int = 3
    height: float = 70.0
    heading: str = ""


Block = Facts | Table | Note | Pictures


@dataclass(frozen=True)
class Document:
    """A paper. `banner` and `footer` stand on every page, the banner large.

    `one_page`: type is made smaller, within limits, and rows beyond are summed up in a line. `language` is that of
    the words which the paper adds by itself ("ja" or "en").
    """

    title: str
    subtitle: str
    blocks: Sequence[Block]
    banner: str = ""
    footer: str = ""
    one_page: bool = False
    language: str = "ja"
