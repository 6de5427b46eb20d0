"""Pages taken out of a print file: the same streams, sound trees of pages and parts, nothing of the other pieces."""

import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmgen.errors import PreflightError
from dmgen.fonts import FontLibrary
from dmgen.model.contents import Line, Text
from dmgen.model.layout import K100
from dmgen.model.printing import PrintSettings, Standard
from dmgen.press import Group, Pages, Piece, PressKit, PrintFile, extract
from tests.conftest import page, press_kit
from tests.press.test_dparts import _check_tree

Layout = list[int]  # pages by piece


@pytest.fixture(scope="module")
def kits(fonts: FontLibrary, text) -> dict[Standard, PressKit]:
    return {one: press_kit(fonts, {"base": [text("本文")]}, printing=PrintSettings(one)) for one in Standard}


def written(kit: PressKit, layout: Layout, target: Path) -> list[Pages]:
    """A file of pieces, each of whose pages shows piece and page; where each piece stands."""
    out = BytesIO()
    file = PrintFile(out, kit, Group.of("vip", 7))
    places, first = [], 1
    for number, count in enumerate(layout):
        pages = [
            page(Text("mono", 4.0, 1.0, K100, 10.0, 20.0, 6.0, [Line(0.0, 0.0, f"P{number}-{side}")]))
            for side in range(count)
        ]
        file.add(pages, [Piece(count, f"P{number}", number + 1)] if file.wants_pieces else ())
        places.append(Pages(f"P{number}", first, first + count - 1))
        first += count
    file.close()
    target.write_bytes(out.getvalue())
    return places


def texts(path: Path) -> list[str]:
    """What stands on the pages, as another engine reads it."""
    document = pypdfium2.PdfDocument(path)
    found = [one.get_textpage().get_text_range().strip() for one in document]
    document.close()
    return found


CHOICES = st.lists(st.integers(1, 4), min_size=1, max_size=90).flatmap(
    lambda layout: st.tuples(st.just(layout), st.sets(st.integers(0, len(layout) - 1), min_size=1))
)


@pytest.mark.parametrize("standard", [Standard.VT1, Standard.X4, Standard.X1A_2001])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choice=CHOICES)
def test_exactly_the_pieces_that_were_named(kits, tmp_path: Path, standard: Standard, choice) -> None:
    """Whatever the pieces and whichever are taken, in whatever order they are named."""
    layout, numbers = choice
    source, target = tmp_path / "source.pdf", tmp_path / "target.pdf"
    places = written(kits[standard], layout, source)
    wanted = [places[number] for number in sorted(numbers, reverse=True)]
    taken = extract(source, wanted, target)
    pages = [(number, side) for number in sorted(numbers) for side in range(layout[number])]
    assert texts(target) == [f"P{number}-{side}" for number, side in pages]
    assert [one.piece_id for one in taken] == [f"P{number}" for number in sorted(numbers)]
    assert [number for one in taken for number in range(one.first, one.last + 1)] == list(range(1, len(pages) + 1))
    with pikepdf.open(target) as new, pikepdf.open(source) as was:
        assert new.check_pdf_syntax() == []
        first = {place.piece_id: place.first - 1 for place in places}
        for here, (number, side) in zip(new.pages, pages, strict=True):
            there = was.pages[first[f"P{number}"] + side]
            assert here.obj.Contents.read_raw_bytes() == there.obj.Contents.read_raw_bytes()
        if standard is Standard.VT1:
            assert [str(leaf.DPM.PieceID) for leaf in _check_tree(new)] == [one.piece_id for one in taken]
    before = target.read_bytes()
    extract(source, wanted[::-1], target)
    assert target.read_bytes() == before


def test_nothing_of_the_others_is_left(kits, tmp_path: Path) -> None:
    """Their contents are other people's: they must not lie hidden in the file."""
    source, target = tmp_path / "source.pdf", tmp_path / "target.pdf"
    places = written(kits[Standard.VT1], [2] * 40, source)
    with pikepdf.open(source) as was:
        others = {one.obj.Contents.read_raw_bytes() for one in was.pages[:-2]}
    extract(source, places[-1:], target)
    with pikepdf.open(target) as new:
        streams = [thing for thing in new.objects if isinstance(thing, pikepdf.Stream)]
        assert not [one for one in streams if one.read_raw_bytes() in others]
        parts = [thing.DPM for thing in new.objects if isinstance(thing, pikepdf.Dictionary) and "/DPM" in thing]
        assert {str(part.PieceID) for part in parts if "/PieceID" in part} == {"P39"}


def test_long_lists_of_parts_are_cut(kits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PDF 1.6 knows arrays of 8191 entries at most."""
    source, target = tmp_path / "source.pdf", tmp_path / "target.pdf"
    places = written(kits[Standard.VT1], [1] * 30, source)
    monkeypatch.setattr(sys.modules["dmgen.press.extract"], "LONGEST_ARRAY", 7)
    extract(source, places[3:20], target)
    with pikepdf.open(target) as new:
        _check_tree(new)
        group = new.Root.DPartRoot.DPartRootNode.DParts[0][0]
        assert [len(part) for part in group.DParts] == [7, 7, 3]


@pytest.mark.parametrize(
    "wrong",
    [
        Pages("P1", 3, 3),  # half a piece
        Pages("P1", 2, 4),  # a page of the one before
        Pages("P2", 3, 4),  # another's
        Pages("P1", 0, 0),
        Pages("P9", 9, 12),
    ],
)
def test_other_pages_than_the_parts_say_are_refused(kits, tmp_path: Path, wrong: Pages) -> None:
    source = tmp_path / "source.pdf"
    written(kits[Standard.VT1], [2, 2, 2], source)
    with pytest.raises(PreflightError):
        extract(source, [wrong], tmp_path / "target.pdf")
    source.write_bytes(source.read_bytes()[:-600])
    with pytest.raises(PreflightError):
        extract(source, [Pages("P0", 1, 2)], tmp_path / "target.pdf")
