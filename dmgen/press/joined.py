"""A print file made of pages of others, in any order: content as it is stored, what pages share once a source."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Pdf

from dmgen.errors import PreflightError
from dmgen.messages import mark
from dmgen.press.dparts import LONGEST_ARRAY
from dmgen.press.extract import opened, page_tree, save_as_stored, stored_digest


class Leaf(NamedTuple):
    """A piece or sheet as it lies in a pile: its pages (from 1) in a print file, in the order in which they come.

    `sequence` is what a PDF/VT-1 file says of it: its place in the new file's job; a sheet that is no piece has none.
    """

    source: Path
    pages: tuple[int, ...]
    sequence: int = 0


def join(frame: Path, leaves: Sequence[Leaf], target: Path) -> list[str]:
    """Write these leaves to `target`; returns the sha256 of each page's content as it is stored.

    The header, document information, XMP and output intent are those of `frame`, a print file of the same kit whose
    own pages are left out unless they are leaves. Of a PDF/VT-1 file the parts are one a leaf, below the frame's group.
    Raises PreflightError where a file has not the pages that it should have, or a page is asked for twice.
    """
    with ExitStack() as files:
        pdf = files.enter_context(opened(frame))
        sources = {frame: list(pdf.pages)}
        for leaf in leaves:
            if leaf.source not in sources:
                sources[leaf.source] = list(files.enter_context(opened(leaf.source)).pages)
        _refuse_strange(leaves, {file: len(pages) for file, pages in sources.items()})
        parts = _Parts(pdf) if "/DPartRoot" in pdf.Root else None
        pages: list[Object] = []
        digests: list[str] = []
        for leaf in leaves:
            originals = [sources[leaf.source][number - 1].obj for number in leaf.pages]
            digests += map(stored_digest, originals)
            part = originals[0].get("/DPart", Dictionary())
            own = originals if leaf.source == frame else [_copied(pdf, original) for original in originals]
            if parts:
                parts.add(part, own, leaf)
            pages += own
        if parts:
            parts.close()
        pdf.Root.Pages = page_tree(pdf, pages)
        save_as_stored(pdf, target)
    return digests


def _refuse_strange(leaves: Sequence[Leaf], counts: dict[Path, int]) -> None:
    seen: set[tuple[Path, int]] = set()
    for leaf in leaves:
        for number in leaf.pages:
            if not 1 <= number <= counts[leaf.source] or (leaf.source, number) in seen:
                raise PreflightError(
                    mark("{file}: page {page} is not there, or is asked for twice: nothing is written"),
                    file=leaf.source,
                    page=number,
                )
            seen.add((leaf.source, number))


def _copied(pdf: Pdf, page: Object) -> Object:
    """A page with what it uses, which is copied once a source; what ties it to that file stays behind."""
    for tie in ("/Parent", "/DPart"):
        if tie in page:
            del page[tie]
    return pdf.copy_foreign(page)


class _Parts:
    """The document parts (ISO 16612-2) of the new file: the frame's job and group, and a leaf for each of ours."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        job = pdf.Root.DPartRoot.DPartRootNode
        self._group = job.DParts[0][0]
        self._leaves: list[Object] = []

    def add(self, part: Object, pages: Sequence[Object], leaf: Leaf) -> None:
        """A leaf that says what its part in the source said, with its place in this file's job."""
        told = Object.parse(part.DPM.unparse(resolved=True)) if "/DPM" in part else Dictionary()
        if leaf.sequence:
            told.Sequence = leaf.sequence
        for key in ("/Batch", "/Wave"):  # of the frame's group, not of the job it was copied from
            if key in self._group.DPM:
                told[key] = self._group.DPM[key]
        node = self._pdf.make_indirect(Dictionary(Type=Name.DPart, Parent=self._group, Start=pages[0], DPM=told))
        if len(pages) > 1:
            node.End = pages[-1]
        for page in pages:
            page.DPart = node
        self._leaves.append(node)

    def close(self) -> None:
        """Hang the leaves below the group."""
        rows = (self._leaves[start : start + LONGEST_ARRAY] for start in range(0, len(self._leaves), LONGEST_ARRAY))
        self._group.DParts = Array([Array(row) for row in rows])
