"""Files that are no list: each refused in one line that says what it is and what to do."""

import re
from pathlib import Path

from dmgen.errors import ListError
from dmgen.messages import mark

PARQUET = b"PAR1"
ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PACKED = (
    b"\x1f\x8b",
    b"BZh91AY&SY",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!\x1a",
    b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18",
)
_KINDS = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"SQLite format 3": "SQLite",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"RIFF": "WebP",
    b"ARROW1": "Arrow",
    b"\x7fELF": "program",
    b"MZ\x90": "program",
    b"BEGIN:VCARD": "vCard",
    b"BEGIN:VCALENDAR": "iCalendar",
}
_JSON = re.compile(rb"\s*(\[\s*)?[\[{]\s*[\"{\[\]}]")
_MARKUP = re.compile(rb"\s*<[?!a-z]", re.IGNORECASE)


def refuse_foreign(path: Path, head: bytes) -> None:
    """Refuse, by name, what can be no list: judged by the file's first bytes. Raises ListError."""
    if head.startswith(_OLE):
        raise _ole(path)
    if head.startswith(_PACKED):
        raise ListError(
            mark("{file}: this is a compressed file. Unpack it and name the list that is inside."), file=path
        )
    kind = next((kind for signature, kind in _KINDS.items() if head.startswith(signature)), None)
    plain = _unmarked(head)
    if not plain.strip(b"\x00 \t\r\n\x1a"):
        raise ListError(mark("{file}: the file is empty. Export the list again."), file=path)
    if kind is None and _JSON.match(plain):
        kind = "JSON"
    if kind:
        raise ListError(
            mark("{file}: this is {kind}, not a list. Export the list as CSV UTF-8, xlsx or parquet."),
            file=path,
            kind=kind,
        )
    if _MARKUP.match(plain):
        raise _markup(path, plain)


def refuse_false_name(path: Path, kind: str, suffixes: tuple[str, ...]) -> None:
    """Refuse a workbook or parquet file under another kind's name. Raises ListError.

    It could be read, but a name that lies is mostly the wrong file.
    """
    if path.suffix.lower() not in suffixes:
        raise ListError(
            mark("{file}: this is {kind}, whatever its name says. Rename it to {stem}{suffix}, or export it as CSV."),
            file=path,
            kind=kind,
            stem=path.stem,
            suffix=suffixes[0],
        )


def _unmarked(head: bytes) -> bytes:
    """The first characters as ASCII, whatever the encoding."""
    bom = next((bom for bom in _BOMS if head.startswith(bom)), b"")
    head = head.removeprefix(bom)
    return head.replace(b"\x00", b"") if len(bom) == 2 or b"\x00" in head[:4] else head


def _ole(path: Path) -> ListError:
    """An OLE 2 file is an old Excel workbook, or a new one behind a password ([MS-OFFCRYPTO] 1.3.2)."""
    with path.open("rb") as file:
        whole = file.read(1 << 24)
    if "EncryptedPackage".encode("utf-16-le") in whole:
        return ListError(
            mark(
                "{file}: this workbook is protected by a password. "
                "In Excel: File, Info, Protect Workbook, Encrypt with Password: delete it and save."
            ),
            file=path,
        )
    return ListError(
        mark("{file}: this is an Excel workbook of the old kind (.xls). In Excel: Save as, Excel workbook (.xlsx)."),
        file=path,
    )


def _markup(path: Path, head: bytes) -> ListError:
    if b"<?xml" in head[:100].lower() and b"<html" not in head.lower() and b"<table" not in head.lower():
        return ListError(
            mark("{file}: this is XML. Open it in Excel and save it as CSV UTF-8, or export it as CSV."), file=path
        )
    return ListError(
        mark("{file}: this is HTML, whatever its name says. Open it in Excel and save it as CSV UTF-8."), file=path
    )
