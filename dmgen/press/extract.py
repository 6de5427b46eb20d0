"""Pages of pieces taken out of a print file that dmgen wrote: nothing is composed, nothing is packed anew."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from dmgen.errors import PreflightError
from dmgen.messages import mark
from dmgen.press.dparts import LONGEST_ARRAY
from dmgen.press.pagetree import KIDS

_FIRST_WITH_OBJECT_STREAMS = "1.5"


class Pages(NamedTuple):
    """The pages of a piece in a print file, first and last, from 1."""

    piece_id: str
    first: int
    last: int


class Taken(NamedTuple):
    """A piece in the new file; `contents` are the sha256 of its pages' content streams as they are stored."""

    piece_id: str
    first: int
    last: int
    contents: tuple[str, ...]


def extract(source: Path, wanted: Sequence[Pages], target: Path) -> list[Taken]:
    """Write the pages of these pieces to `target`, in the source's order; the same input gives the same bytes.

    Streams are copied as they are stored, what pages share once; document information, XMP, output intent and header
    stay (of the file's two ids the second tells the copies apart: ISO 32000-1, 14.4). Of the parts of a PDF/VT-1 file
    those of the pieces are left. Raises PreflightError where the source has other pages than `wanted` says.
    """
    ordered = sorted(wanted, key=lambda piece: piece.first)
    with opened(source) as pdf:
        pages = [_page_objects(pdf, piece, source) for piece in ordered]
        contents = [tuple(map(stored_digest, own)) for own in pages]
        if "/DPartRoot" in pdf.Root:
            _prune_parts(pdf, ordered, pages, source)
        pdf.Root.Pages = page_tree(pdf, [page for own in pages for page in own])
        save_as_stored(pdf, target)
    taken = list(_placed(ordered, contents))
    _compare(target, taken)
    return taken


def save_as_stored(pdf: Pdf, target: Path) -> None:
    """Write a file with the header that it had, its streams as they are stored; the same input gives the same bytes."""
    streams = pdf.pdf_version >= _FIRST_WITH_OBJECT_STREAMS
    pdf.save(
        target,
        force_version=pdf.pdf_version,
        fix_metadata_version=False,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate if streams else pikepdf.ObjectStreamMode.disable,
        deterministic_id=True,
    )


def opened(file: Path) -> Pdf:
    """A print file that dmgen wrote. Raises PreflightError for one that cannot be read."""
    try:
        return Pdf.open(file, attempt_recovery=False)
    except pikepdf.PdfError:
        raise _foreign(file) from None


def _foreign(file: Path) -> PreflightError:
    return PreflightError(
        mark("{file}: its pages are not those that manifest.csv says. Nothing is written. Type: dmgen verify JOB"),
        file=file,
    )


def _page_objects(pdf: Pdf, piece: Pages, source: Path) -> list[Object]:
    if not 1 <= piece.first <= piece.last <= len(pdf.pages):
        raise _foreign(source)
    return [pdf.pages[number - 1].obj for number in range(piece.first, piece.last + 1)]


def stored_digest(page: Object) -> str:
    """The digest of a page's content as it is stored."""
    contents = page.Contents
    digest = hashlib.sha256()
    for stream in contents if isinstance(contents, Array) else (contents,):
        digest.update(stream.read_raw_bytes())
    return digest.hexdigest()


def page_tree(pdf: Pdf, pages: Sequence[Object]) -> Object:
    """A balanced page tree (7.7.3) of these pages, as short-armed as that of a print file."""
    level: list[tuple[Object, int]] = [(page, 1) for page in pages]
    while True:
        above: list[tuple[Object, int]] = []
        for start in range(0, len(level), KIDS):
            kids = level[start : start + KIDS]
            count = sum(number for _, number in kids)
            node = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([kid for kid, _ in kids]), Count=count))
            for kid, _ in kids:
                kid.Parent = node
            above.append((node, count))
        if len(above) == 1:
            return above[0][0]
        level = above


def _prune_parts(pdf: Pdf, pieces: Sequence[Pages], pages: Sequence[list[Object]], source: Path) -> None:
    """Leave the parts of these pieces, each of which is exactly its pages and says whose it is."""
    kept = set()
    for piece, own in zip(pieces, pages, strict=True):
        leaf = own[0].get("/DPart", Dictionary())
        told = str(leaf.get("/DPM", Dictionary()).get("/PieceID", ""))
        ends = [leaf.get(key, own[0]).objgen for key in ("/Start", "/End")]
        if told != piece.piece_id or ends != [own[0].objgen, own[-1].objgen]:
            raise _foreign(source)
        kept.add(leaf.objgen)
    if not _prune(pdf.Root.DPartRoot.DPartRootNode, kept):
        raise _foreign(source)


def _prune(node: Object, kept: set[tuple[int, int]]) -> bool:
    """Whether anything that is kept is below a node; what is not is taken out."""
    if "/DParts" not in node:
        return node.objgen in kept
    left = [part for parts in node.DParts for part in parts if _prune(part, kept)]
    arrays = (left[start : start + LONGEST_ARRAY] for start in range(0, len(left), LONGEST_ARRAY))
    node.DParts = Array([Array(some) for some in arrays])
    return bool(left)


def _placed(pieces: Sequence[Pages], contents: Sequence[tuple[str, ...]]) -> Iterator[Taken]:
    page = 1
    for piece, digests in zip(pieces, contents, strict=True):
        yield Taken(piece.piece_id, page, page + len(digests) - 1, digests)
        page += len(digests)


def _compare(target: Path, taken: Sequence[Taken]) -> None:
    """Reopen what was written: the same contents, page by page."""
    with opened(target) as pdf:
        written = [stored_digest(page.obj) for page in pdf.pages]
    if written != [digest for piece in taken for digest in piece.contents]:
        raise _foreign(target)
