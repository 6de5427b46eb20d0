"""Document parts of a PDF/VT-1 file: job → group (segment and batch) → piece (ISO 16612-2; ISO 32000-2, 14.12)."""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from dmgen.model.production import Lot, LotKind
from dmgen.press.objects import Objects, text_string

LONGEST_ARRAY = 8191  # ISO 32000-1, annex C, for PDF 1.6: the reason why /DParts is an array of arrays
_CONTACT = b"/CIP4_Contact<</CIP4_Address<</CIP4_PostalCode%b>>>>"


class Group(NamedTuple):
    """The lot and the batch whose pieces a file holds; the lot of a file of a single segment is that segment."""

    lot: Lot
    batch: int

    @classmethod
    def of(cls, segment: str, batch: int = 0) -> "Group":
        """The group of a file of one segment."""
        return cls(Lot(LotKind.SEGMENT, segment), batch)


class Piece(NamedTuple):
    """What a part says of its piece; `pages` are those that it takes of the ones handed over with it.

    `segment` is told where it is not the whole file's; `sheet` names a sheet that is no piece, such as a separator.
    """

    pages: int
    piece_id: str
    sequence: int
    postal_code: str = ""
    segment: str = ""
    sheet: str = ""


class DocumentParts:
    """Writes a leaf a piece; of the leaves only their numbers are kept, in 4 bytes each.

    Metadata: our own keys on each leaf (PieceID, Segment, Wave, Post, Batch, Sequence, PostalCode; Sheet), and the
    customary CIP4_* ones beside them as strings: names, which ISO 21812 would want, are not allowed in PDF/VT-1.
    """

    def __init__(self, objects: Objects, job: str, creator: str, group: Group, *, postal_code: bool) -> None:
        self._objects = objects
        self._postal_code = postal_code
        self._root, self._job, self._group = objects.number(), objects.number(), objects.number()
        self._leaves = array("I")
        kind, name = group.lot.kind.value.capitalize().encode(), text_string(group.lot.name)
        self._same = b"/%b%b/Batch %d" % (kind, name, group.batch)
        self._job_metadata = (
            b"/JobID%b/CIP4_Root<</CIP4_Metadata<</CIP4_Conformance(base)/CIP4_Creator%b/CIP4_JobID%b>>>>"
            % (text_string(job), text_string(creator), text_string(job))
        )

    def begin(self) -> int:
        """The number of the next leaf, to which its pages point back."""
        number = self._objects.number()
        self._leaves.append(number)
        return number

    def end(self, leaf: int, first: int, last: int, piece: Piece) -> None:
        """Write the leaf of a piece from its first page to its last."""
        if piece.sheet:
            self._end_sheet(leaf, first, last, piece.sheet)
            return
        same = self._same + (b"/Segment%b" % text_string(piece.segment) if piece.segment else b"")
        name, postal_code = text_string(piece.piece_id), piece.postal_code if self._postal_code else ""
        end = b"/End %d 0 R" % last if last != first else b""
        code = b"/PostalCode%b" % text_string(postal_code) if postal_code else b""
        contact = _CONTACT % text_string(postal_code) if postal_code else b""
        self._objects.pack(
            leaf,
            b"<</Type/DPart/Parent %d 0 R/Start %d 0 R%b/DPM<</PieceID%b/Sequence %d%b%b"
            b"/CIP4_Root<</CIP4_Recipient<</CIP4_UniqueID%b%b>>>>>>>>"
            % (self._group, first, end, name, piece.sequence, code, same, name, contact),
        )

    def _end_sheet(self, leaf: int, first: int, last: int, kind: str) -> None:
        end = b"/End %d 0 R" % last if last != first else b""
        self._objects.pack(
            leaf,
            b"<</Type/DPart/Parent %d 0 R/Start %d 0 R%b/DPM<</Sheet%b%b>>>>"
            % (self._group, first, end, text_string(kind), self._same),
        )

    def close(self) -> int:
        """Write the nodes above the leaves; returns the number of the root dictionary."""
        pack = self._objects.pack
        leaves = b"".join(b"[%b]" % b" ".join(b"%d 0 R" % leaf for leaf in part) for part in _parts(self._leaves))
        pack(
            self._group,
            b"<</Type/DPart/Parent %d 0 R/DParts[%b]/DPM<<%b>>>>" % (self._job, leaves, self._same),
        )
        pack(
            self._job,
            b"<</Type/DPart/Parent %d 0 R/DParts[[%d 0 R]]/DPM<<%b>>>>" % (self._root, self._group, self._job_metadata),
        )
        pack(
            self._root,
            b"<</Type/DPartRoot/DPartRootNode %d 0 R/NodeNameList[/job/group/piece]/RecordLevel 2>>" % self._job,
        )
        return self._root


def _parts(leaves: "array[int]") -> Iterator["array[int]"]:
    for start in range(0, len(leaves), LONGEST_ARRAY):
        yield leaves[start : start + LONGEST_ARRAY]
