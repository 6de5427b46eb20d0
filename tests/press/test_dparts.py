"""The document parts of a PDF/VT-1 file: one leaf a piece, every page in exactly one of them, in order."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmgen.fonts import FontLibrary
from dmgen.model.contents import PageContents, Stamp
from dmgen.model.printing import PrintSettings, Standard
from dmgen.press import Group, Piece, PressKit, PrintFile
from tests.conftest import page, press_kit

VT = PrintSettings(Standard.VT1)
TOLD = PrintSettings(Standard.VT1, postal_code=True)
Pages = Callable[[int], list[PageContents]]


@pytest.fixture(scope="module")
def kit(fonts: FontLibrary, text) -> PressKit:
    return press_kit(fonts, {"base": [text("本文")]}, printing=VT)


def _written(kit: PressKit, pieces: list[Piece], step: int = 200) -> bytes:
    """A file of pieces whose pages are all alike, handed over some pieces at a time."""
    out = BytesIO()
    file = PrintFile(out, kit, Group.of("vip", 7))
    for start in range(0, len(pieces), step):
        some = pieces[start : start + step]
        file.add([page(Stamp("base", 0.0, 0.0))] * sum(piece.pages for piece in some), some)
    file.close()
    return out.getvalue()


def _leaves(node: pikepdf.Object, depth: int = 0) -> Iterator[tuple[int, pikepdf.Object]]:
    """Leaves with their depth; each node's parent is the one that lists it, arrays are of arrays and short."""
    assert ("/DParts" in node) != ("/Start" in node)
    if "/Start" in node:
        yield depth, node
        return
    assert len(node.DParts) <= 8191
    for part in node.DParts:
        assert 0 < len(part) <= 8191
        for kid in part:
            assert kid.is_indirect
            assert kid.Parent.objgen == node.objgen
            yield from _leaves(kid, depth + 1)


def _check_tree(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Every rule of the facts about the tree; returns the leaves."""
    assert pdf.check_pdf_syntax() == []
    root = pdf.Root.DPartRoot
    assert root.is_indirect and root.DPartRootNode.is_indirect
    assert root.DPartRootNode.Parent.objgen == root.objgen
    found = list(_leaves(root.DPartRootNode))
    levels = {depth + 1 for depth, _ in found}
    assert levels == {len(root.NodeNameList)}, "one name a level"
    assert all(re.fullmatch(r"/[A-Za-z_][\w.-]*", str(name)) for name in root.NodeNameList), "XML names"
    assert 0 <= int(root.RecordLevel) < len(root.NodeNameList)
    pages = [one.obj for one in pdf.pages]
    place = {one.objgen: number for number, one in enumerate(pages)}
    after = 0
    for _, leaf in found:
        first = place[leaf.Start.objgen]
        last = place[leaf.End.objgen] if "/End" in leaf else first
        assert first == after
        assert last >= first
        assert all(one.DPart.objgen == leaf.objgen for one in pages[first : last + 1])
        after = last + 1
    assert after == len(pages)
    return [leaf for _, leaf in found]


def _values(thing: object) -> Iterator[object]:
    if isinstance(thing, pikepdf.Dictionary):
        for key in thing:
            yield from _values(thing[key])
    elif isinstance(thing, pikepdf.Array):
        for item in thing:
            yield from _values(item)
    else:
        yield thing


@given(counts=st.lists(st.integers(1, 5), min_size=1, max_size=60), step=st.integers(1, 20))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_page_is_in_the_leaf_of_its_piece(kit: PressKit, counts: list[int], step: int) -> None:
    pieces = [Piece(count, f"P{number}", number) for number, count in enumerate(counts, 41)]
    with pikepdf.open(BytesIO(_written(kit, pieces, step))) as pdf:
        leaves = _check_tree(pdf)
        assert [str(leaf.DPM.PieceID) for leaf in leaves] == [piece.piece_id for piece in pieces]
        assert [("/End" in leaf) for leaf in leaves] == [piece.pages > 1 for piece in pieces]


def test_a_leaf_says_which_piece_it_is(kit: PressKit) -> None:
    with pikepdf.open(BytesIO(_written(kit, [Piece(2, "7K3M", 812, "263-0023")]))) as pdf:
        [leaf] = _check_tree(pdf)
        told = leaf.DPM
        assert (str(told.PieceID), str(told.Segment), int(told.Batch), int(told.Sequence)) == ("7K3M", "vip", 7, 812)
        assert str(told.CIP4_Root.CIP4_Recipient.CIP4_UniqueID) == "7K3M"
        assert "/PostalCode" not in told and "/CIP4_Contact" not in told.CIP4_Root.CIP4_Recipient
        group = leaf.Parent.DPM
        assert (str(group.Segment), int(group.Batch)) == ("vip", 7)
        job = leaf.Parent.Parent.DPM
        assert str(job.JobID) == str(job.CIP4_Root.CIP4_Metadata.CIP4_JobID) == "見本 (sample)"


def test_the_postal_code_is_told_only_where_the_campaign_says_so(fonts: FontLibrary, text) -> None:
    kit = press_kit(fonts, {"base": [text("本文")]}, printing=TOLD)
    pieces = [Piece(1, "A", 1, "263-0023"), Piece(1, "B", 2, ""), Piece(1, "C", 3, "SW1A (1)\\ 〒")]
    with pikepdf.open(BytesIO(_written(kit, pieces))) as pdf:
        first, second, third = (leaf.DPM for leaf in _check_tree(pdf))
        assert str(first.PostalCode) == "263-0023"
        assert str(first.CIP4_Root.CIP4_Recipient.CIP4_Contact.CIP4_Address.CIP4_PostalCode) == "263-0023"
        assert "/PostalCode" not in second
        assert str(third.PostalCode) == "SW1A (1)\\ 〒", "a list's cell is data"


def test_metadata_hold_neither_names_nor_streams(fonts: FontLibrary, text) -> None:
    kit = press_kit(fonts, {"base": [text("本文")]}, printing=TOLD)
    with pikepdf.open(BytesIO(_written(kit, [Piece(1, "A", 1, "263-0023")]))) as pdf:
        [leaf] = _check_tree(pdf)
        values = [value for node in (leaf, leaf.Parent, leaf.Parent.Parent) for value in _values(node.DPM)]
        assert len(values) > 10
        assert all(isinstance(value, int | str | pikepdf.String) for value in values)


def test_arrays_stay_under_the_limit(kit: PressKit) -> None:
    """8191 elements: ISO 32000-1, annex C."""
    pieces = [Piece(1, f"P{number}", number) for number in range(1, 8400)]
    with pikepdf.open(BytesIO(_written(kit, pieces))) as pdf:
        leaves = _check_tree(pdf)
        assert len(leaves) == 8399
        assert [len(part) for part in leaves[0].Parent.DParts] == [8191, 208]


@pytest.mark.parametrize("pieces", [[], [Piece(1, "A", 1)], [Piece(2, "A", 1), Piece(2, "B", 2)]])
def test_pages_that_are_nobodys_are_never_written(kit: PressKit, pieces: list[Piece]) -> None:
    with pytest.raises(ValueError, match="3 pages"):
        PrintFile(BytesIO(), kit).add([page()] * 3, pieces)


def test_other_standards_have_no_parts(kit: PressKit) -> None:
    for standard in set(Standard) - {Standard.VT1}:
        other = replace(kit, intent=replace(kit.intent, settings=PrintSettings(standard)))
        file = PrintFile(BytesIO(), other)
        assert not file.wants_pieces
        with pikepdf.open(BytesIO(_written(other, [Piece(1, "A", 1)]))) as pdf:
            assert "/DPartRoot" not in pdf.Root
            assert "/DPart" not in pdf.pages[0]
            assert "/GTS_Scope" not in pdf.pages[0].Resources.XObject.S0


def test_the_artwork_is_marked_as_the_same_on_every_page(kit: PressKit, fonts: FontLibrary, text) -> None:
    """The id is that of what is drawn: the same in every file of the job, another for other artwork."""
    ids = []
    for one in (kit, kit, press_kit(fonts, {"base": [text("別の本文")]}, printing=VT)):
        with pikepdf.open(BytesIO(_written(one, [Piece(1, "A", len(ids) + 1)]))) as pdf:
            form = pdf.pages[0].Resources.XObject.S0
            assert (form.GTS_Scope, form.GTS_Encapsulated) == ("/File", False)
            ids.append(str(form.GTS_XID))
    assert ids[0] == ids[1] != ids[2]


class _Sink:
    """Takes a file's bytes and keeps none of them."""

    def write(self, data: bytes) -> int:
        return len(data)


def test_memory_does_not_grow_with_the_pieces(kit: PressKit) -> None:
    """What is kept of a piece: three references of 7 bytes and its leaf's number."""
    import tracemalloc

    def peak(count: int) -> int:
        file = PrintFile(_Sink(), kit)  # type: ignore[arg-type]
        few = [page(Stamp("base", 0.0, 0.0))] * 500
        tracemalloc.start()
        for start in range(0, count, 500):
            file.add(few, [Piece(1, f"P{number:09d}", number) for number in range(start, start + 500)])
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return held

    assert peak(20_000) - peak(2_000) < 18_000 * 40


def test_the_same_pieces_give_the_same_bytes_however_they_are_handed_over(kit: PressKit) -> None:
    pieces = [Piece(1 + number % 2, f"P{number}", number) for number in range(1, 300)]
    digests = {hashlib.sha256(_written(kit, pieces, step)).hexdigest() for step in (1, 7, 300)}
    assert len(digests) == 1
