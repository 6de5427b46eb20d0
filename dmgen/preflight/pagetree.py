"""The page tree (ISO 32000-1, 7.7.3): walked once by its /Kids, since 200,000 pages must not be flattened."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pikepdf import Object

from dmgen.messages import mark
from dmgen.preflight.file import PdfFile
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.geometry import Boxes
from dmgen.preflight.reading import Key, array, entries, get, key, label, name

_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_FLAT = 1000


@dataclass(eq=False)
class Page:
    """A page: its place from 0, its own entries, and what it inherits."""

    file: PdfFile
    place: int
    object: Object
    parent: Object
    entries: dict[str, Any]
    inherited: dict[str, Any]

    at = "/Page"

    @cached_property
    def boxes(self) -> Boxes:
        """The page's boxes."""
        return Boxes(self.entries, self.inherited)

    def get(self, entry: str) -> Any:
        """An entry of the page, or the one it inherits."""
        return self.entries.get(entry, self.inherited.get(entry))


@dataclass
class TreeNode:
    """A node of the page tree after all of it was seen; `pages` is how many pages are below it."""

    file: PdfFile
    object: Object
    parent: Object | None
    pages: int = 0

    @property
    def at(self) -> str:
        """The node's name in findings."""
        return label(self.object, "/Pages")


@dataclass
class Stray:
    """What hangs in the page tree and does not belong there."""

    file: PdfFile
    object: object
    parent: Object | None
    twice: bool


@dataclass
class _Open:
    """A node whose kids are being walked."""

    node: TreeNode
    kids: Iterator[Any]
    inherited: dict[str, Any]


def walk(file: PdfFile) -> Iterator[Page | TreeNode | Stray]:
    """Every page in order; each node after its last page."""
    seen: set[Key] = set()
    stack: list[_Open] = []
    root = get(file.root, "/Pages")
    if not _is_node(root):
        yield Stray(file, root, None, twice=False)
        return
    seen.add(key(root))
    _enter(file, stack, root, None)
    place = 0
    while stack:
        here = stack[-1]
        kid = next(here.kids, None)
        if kid is None:
            stack.pop()
            if stack:
                stack[-1].node.pages += here.node.pages
            yield here.node
            continue
        number = key(kid)
        if number in seen or not number[0]:
            yield Stray(file, kid, here.node.object, twice=number[0] > 0)
        elif _is_node(kid):
            seen.add(number)
            _enter(file, stack, kid, here)
        elif own := entries(kid):
            seen.add(number)
            here.node.pages += 1
            yield Page(file, place, kid, here.node.object, own, here.inherited)
            place += 1
        else:
            yield Stray(file, kid, here.node.object, twice=False)


def _is_node(value: object) -> bool:
    return name(get(value, "/Type")) == "Pages" or bool(array(get(value, "/Kids")))


def _enter(file: PdfFile, stack: list[_Open], node: Object, above: _Open | None) -> None:
    own = {entry: get(node, entry) for entry in _INHERITED if get(node, entry) is not None}
    inherited = {**above.inherited, **own} if above else own
    kids = (kid if kid is not None else 0 for kid in array(get(node, "/Kids")))
    stack.append(_Open(TreeNode(file, node, above.node.object if above else None), kids, inherited))


def page_tree(stray: Stray) -> Faults:
    """Every kid is an indirect page or node, once."""
    message = mark("the page tree holds a page twice") if stray.twice else mark("the page tree holds what is no page")
    yield Fault(label(stray.object, "/Kids"), message, mark("export the file again"))


def page_count(node: TreeNode) -> Faults:
    """/Count is the number of pages below."""
    count = get(node.object, "/Count")
    if count != node.pages:
        yield Fault(
            node.at,
            mark("/Count says {count}, but {pages} pages are below"),
            mark("export the file again"),
            {"count": count, "pages": node.pages},
        )


def page_parent(thing: Page | TreeNode) -> Faults:
    """/Parent of a node is the node above it."""
    if thing.parent is not None and key(get(thing.object, "/Parent")) != key(thing.parent):
        yield Fault(thing.at, mark("/Parent is not the node above"), mark("export the file again"))


def balanced_tree(node: TreeNode) -> Faults:
    """PDF 1.6 limits, in practice: a balanced page tree, never one flat /Kids."""
    kids = len(array(get(node.object, "/Kids")))
    if kids > _FLAT:
        yield Fault(
            node.at,
            mark("a flat page tree: one /Kids of {kids} entries"),
            mark("write a balanced page tree; some RIPs read a flat one slowly or not at all"),
            {"kids": kids},
        )


def has_pages(file: PdfFile) -> Faults:
    """A file to print has pages."""
    if not file.pages:
        yield Fault("/Pages", mark("the file has no pages"), mark("export the file again"))
