"""Rules about every object of the file, wherever it hangs: filters, actions, and the limits of PDF 1.6 (appendix C)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Object, Stream

from dmgen.messages import mark
from dmgen.preflight.file import PdfFile
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.reading import array, entries, get, label, name, names

ARRAY, DICTIONARY, NAME = 8191, 4095, 127
_DEPTH = 60
_ACTIONS = (
    "GoTo", "GoToR", "GoToE", "Launch", "Thread", "URI", "Sound", "Movie", "Hide", "Named", "SubmitForm", "ResetForm",
    "ImportData", "JavaScript", "SetOCGState", "Rendition", "Trans", "GoTo3DView",
)  # fmt: skip
# An object is looked into only if it names one of these or is long enough to break a limit.
_SUSPECT = re.compile(rb"/(?:LZW|LZWDecode|F|FFilter|A|AA|OpenAction|JS|JavaScript|EF|PS)(?![^\s/<>\[\]()])")
_LONG_NAME = re.compile(rb"/[^\s/<>\[\]()]{128}")


@dataclass(frozen=True)
class Node:
    """A dictionary, stream or array, in an object or directly in another."""

    file: PdfFile
    at: str
    object: Object
    entries: dict[str, Any]


def nodes(file: PdfFile) -> Iterator[Node]:
    """Every object that could break one of these rules, with what is nested directly in it."""
    for found in file.pdf.objects:
        if isinstance(found, Stream):
            written = found.stream_dict.unparse(resolved=True)
        elif isinstance(found, Dictionary | Array):
            written = found.unparse(resolved=True)
        else:
            continue
        if len(written) > ARRAY or _SUSPECT.search(written) or _LONG_NAME.search(written):
            yield from _nested(file, found)


def _nested(file: PdfFile, top: Object) -> Iterator[Node]:
    at = label(top, name(get(top, "/Type")) or name(get(top, "/S")) or "object")
    waiting: list[tuple[Object, int]] = [(top, 0)]
    while waiting:
        found, depth = waiting.pop()
        own = entries(found)
        yield Node(file, at, found, own)
        inner = own.values() if own else array(found)
        if depth < _DEPTH:
            waiting += [(part, depth + 1) for part in inner if _is_direct(part)]


def _is_direct(part: object) -> bool:
    return isinstance(part, Dictionary | Array) and not part.is_indirect


def lzw(node: Node) -> Faults:
    """No LZW."""
    if isinstance(node.object, Stream) and {"LZWDecode", "LZW"} & set(names(node.entries.get("/Filter"))):
        yield Fault(node.at, mark("LZW compression"), mark("export again with ZIP (Flate) or JPEG compression"))


def external_stream(node: Node) -> Faults:
    """No external streams."""
    if isinstance(node.object, Stream) and not {"/F", "/FFilter"}.isdisjoint(node.entries):
        yield Fault(node.at, mark("a stream whose data lies in another file"), mark("embed everything in the file"))


def actions(node: Node) -> Faults:
    """No JavaScript, actions, AA."""
    script = not {"/JS", "/JavaScript"}.isdisjoint(node.entries)
    kinds = [name(get(node.entries.get(entry), "/S")) for entry in ("/A", "/OpenAction")]
    kinds = [kind for kind in kinds if kind in _ACTIONS] or ["/AA"] * ("/AA" in node.entries)
    if script or name(node.entries.get("/S")) == "JavaScript":
        yield Fault(node.at, mark("JavaScript"), mark("remove scripts from the document"))
    elif kinds:
        yield Fault(kinds[0], mark("an action"), mark("remove links, buttons and opening actions"))


def attached(node: Node) -> Faults:
    """No embedded files."""
    if isinstance(node.entries.get("/EF"), Dictionary):
        yield Fault(node.at, mark("an embedded file"), mark("remove the attachments"))


def limits(node: Node) -> Faults:
    """PDF 1.6 limits: array ≤ 8191, dictionary ≤ 4095, name ≤ 127."""
    remedy = mark("write smaller structures; RIPs need not read larger ones")
    if isinstance(node.object, Array) and len(node.object) > ARRAY:
        message, found = mark("an array of {found} elements (limit 8191)"), len(node.object)
    elif len(node.entries) > DICTIONARY:
        message, found = mark("a dictionary of {found} entries (limit 4095)"), len(node.entries)
    elif (found := _longest_name(node)) > NAME:
        message = mark("a name of {found} bytes (limit 127)")
    else:
        return
    yield Fault(node.at, message, remedy, {"found": found})


def _longest_name(node: Node) -> int:
    values = node.entries.values() if node.entries else array(node.object)
    written = [entry[1:] for entry in node.entries] + [name(value) for value in values]
    return max((len(text.encode("utf-8", "surrogateescape")) for text in written), default=0)
