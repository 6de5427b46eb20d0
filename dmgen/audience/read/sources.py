"""List files, known by their content; what is not understood is refused by name."""

from pathlib import Path

from dmgen.audience.read.csvfile import open_csv
from dmgen.audience.read.parquetfile import open_parquet
from dmgen.audience.read.sheet import BOM, Source, unreadable
from dmgen.errors import ListError
from dmgen.messages import mark

_PARQUET = b"PAR1"
_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # xlsx (zip), xls (OLE 2)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def open_list(path: Path) -> Source:
    """The list at `path`, known by its content (not its name). Raises ListError."""
    head = _head(path)
    if head.startswith(_PARQUET) or path.suffix.lower() == ".parquet":
        return open_parquet(path)
    _refuse_foreign(path, head)
    return open_csv(path)


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


def _refuse_foreign(path: Path, head: bytes) -> None:
    """Refuse, by name, what is neither CSV nor parquet."""
    if not head.removeprefix(BOM).strip():
        raise ListError(mark("{file}: the file is empty. Export the list again."), file=path)
    if head.startswith(_EXCEL):
        raise ListError(
            mark("{file}: this is an Excel workbook. In Excel: Save as, CSV UTF-8 (comma delimited)."), file=path
        )
    if head.startswith(_UTF16) or b"\0" in head[:4]:  # the latter has lost its byte order mark
        raise ListError(
            mark("{file}: this is UTF-16 (Excel's 'Unicode text'). Save it as CSV UTF-8 (comma delimited)."),
            file=path,
        )
    if head.removeprefix(BOM).lstrip().startswith(b"<"):
        raise ListError(
            mark("{file}: this is HTML, whatever its name says. Open it in Excel and save it as CSV UTF-8."),
            file=path,
        )
