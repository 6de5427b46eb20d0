"""Document parts of PDF/VT-1 (ISO 16612-2): a tree over the pages, each page in exactly one leaf."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pikepdf import Array, Dictionary, Name, Object, Stream

from dmgen.messages import mark
from dmgen.preflight.file import PdfFile
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.reading import Key, array, entries, get, key, name, text

_XML_NAME = re.compile(r"[^\W\d][\w.\-·]*")
_MEND = mark("write the document parts again: every page in one part, in page order")
_AT = "/DPart"


@dataclass(frozen=True)
class Part:
    """A node of the tree, `level` 0 at the root; leaves have `start` and `end`."""

    node: Object
    parent: Key
    level: int

    @property
    def kids(self) -> list[object]:
        """The parts below: an array of arrays, flat."""
        return [kid for row in array(get(self.node, "/DParts")) for kid in array(row)]


@dataclass
class PartTree:
    """All document parts of a file."""

    file: PdfFile

    @cached_property
    def parts(self) -> list[Part]:
        """Every part, in the order of the document; each once."""
        return list(_walk(self.file))


def _walk(file: PdfFile) -> Iterator[Part]:
    root = get(file.root, "/DPartRoot")
    seen: set[Key] = set()
    waiting = [Part(get(root, "/DPartRootNode"), key(root), 0)]
    while waiting:
        part = waiting.pop()
        if not isinstance(part.node, Dictionary) or key(part.node) in seen:
            continue
        seen.add(key(part.node))
        yield part
        kids = [kid for kid in part.kids if isinstance(kid, Dictionary)]
        waiting += [Part(kid, key(part.node), part.level + 1) for kid in reversed(kids)]


def part_root(tree: PartTree) -> Faults:
    """Catalog /DPartRoot (indirect) → /DPartRootNode (indirect)."""
    root = get(tree.file.root, "/DPartRoot")
    for at, found in (("/DPartRoot", root), ("/DPartRootNode", get(root, "/DPartRootNode"))):
        if not isinstance(found, Dictionary) or not found.is_indirect:
            yield Fault(at, mark("{at} is missing, or is not an object of its own"), _MEND, {"at": at})
            return


def part_tree(tree: PartTree) -> Faults:
    """Each DPart has /Parent and either /DParts (an array of arrays) or /Start (and /End)."""
    for part in tree.parts:
        if not part.node.is_indirect or key(get(part.node, "/Parent")) != part.parent:
            yield Fault(_AT, mark("/Parent of a document part is not the part above it"), _MEND)
        rows, start = get(part.node, "/DParts"), get(part.node, "/Start")
        if (rows is None) == (start is None):
            yield Fault(_AT, mark("a document part has neither parts nor pages, or both"), _MEND)
        elif rows is not None and not (array(rows) and all(isinstance(row, Array) for row in array(rows))):
            yield Fault(_AT, mark("/DParts is not an array of arrays"), _MEND)


def part_pages(tree: PartTree) -> Faults:
    """Every page in exactly one leaf, in page order; page /DPart points to its leaf."""
    expected, leaf = 0, None
    for part in tree.parts:
        start = get(part.node, "/Start")
        if start is None or part.kids:
            continue
        end = get(part.node, "/End")
        first = tree.file.numbers.get(key(start), -1)
        last = first if end is None else tree.file.numbers.get(key(end), -1)
        if first != expected or last < first:
            message = mark("page {page}: the document parts do not follow the order of the pages")
            yield Fault(_AT, message, _MEND, {"page": expected + 1})
            return
        leaf = key(part.node)
        for place in range(first, last + 1):
            if key(get(tree.file.pages[place], "/DPart")) != leaf:
                yield Fault(
                    "/Page /DPart", mark("page {page}: /DPart is not the page's own part"), _MEND, {"page": place + 1}
                )
        expected = last + 1
    if leaf is not None and expected != len(tree.file.pages):
        yield Fault(_AT, mark("from page {page} on, pages are in no document part"), _MEND, {"page": expected + 1})


def part_names(tree: PartTree) -> Faults:
    """NodeNameList: names, XML-valid, one a level; RecordLevel 0…levels−1."""
    root = get(tree.file.root, "/DPartRoot")
    levels = max((part.level for part in tree.parts), default=-1) + 1
    if not levels:
        return
    written = get(root, "/NodeNameList")
    listed = [name(element) for element in array(written)]
    if len(listed) != levels or not all(_XML_NAME.fullmatch(one) for one in listed):
        yield Fault(
            "/DPartRoot /NodeNameList",
            mark("/NodeNameList does not give each of the {levels} levels a name that XML allows"),
            _MEND,
            {"levels": levels},
        )
    record = get(root, "/RecordLevel")
    if not isinstance(record, int) or isinstance(record, bool) or not 0 <= record < levels:
        yield Fault("/DPartRoot /RecordLevel", mark("/RecordLevel is none of the levels"), _MEND)


def part_metadata(tree: PartTree) -> Faults:
    """DPM values: strings, numbers, booleans, arrays, dictionaries; no names, no streams."""
    for part in tree.parts:
        waiting: list[object] = [get(part.node, "/DPM")]
        looked = 0
        while waiting and looked < 10_000:
            value = waiting.pop()
            looked += 1
            if isinstance(value, Name | Stream):
                said = name(value) or text(value) or "stream"
                message = mark("the metadata of a part (/DPM) holds a name or a stream: {value}")
                yield Fault(f"{_AT} /DPM", message, mark("write metadata as strings and numbers"), {"value": said})
            else:
                waiting += entries(value).values() if isinstance(value, Dictionary) else array(value)
