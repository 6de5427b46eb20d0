"""List files, known by their content; what is not understood is refused by name."""

from pathlib import Path

from dmgen.audience.read.csvfile import open_csv
from dmgen.audience.read.foreign import PARQUET, ZIP, refuse_false_name, refuse_foreign
from dmgen.audience.read.parquetfile import open_parquet
from dmgen.audience.read.sheet import Source, unreadable
from dmgen.audience.read.workbook import SUFFIXES, open_workbook
from dmgen.errors import ListError
from dmgen.messages import mark

_PARQUET_NAMES = (".parquet", ".pq", ".parq")


def open_list(path: Path, *, headed: bool = True) -> Source:
    """The list at `path`, known by its content. Raises ListError, also where its name says another kind.

    Only separated text may be without a header (not `headed`).
    """
    head = _head(path)
    if not headed and (head.startswith((PARQUET, ZIP)) or path.suffix.lower() in (*_PARQUET_NAMES, *SUFFIXES)):
        message = mark(
            "{file}: [shipments] names columns by number, which is for CSV without a header. Save the list as CSV, or "
            "write headers in [shipments]."
        )
        raise ListError(message, file=path)
    if head.startswith(PARQUET) or path.suffix.lower() in _PARQUET_NAMES:
        refuse_false_name(path, "parquet", _PARQUET_NAMES)
        return open_parquet(path)
    if head.startswith(ZIP) or path.suffix.lower() in SUFFIXES:
        return open_workbook(path, head)
    refuse_foreign(path, head)
    return open_csv(path, head, headed=headed)


def _head(path: Path) -> bytes:
    if not path.exists():
        raise ListError(
            mark("{file}: there is no such file. Correct [lists] in campaign.toml or the option."), file=path
        )
    if path.is_dir():
        raise ListError(mark("{file}: this is a folder; name the list file inside it."), file=path)
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise unreadable(path, error) from error
