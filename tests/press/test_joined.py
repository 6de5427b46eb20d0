"""Print files joined page by page: stored content and looks stay, what pages share is there once a source."""

from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmgen.errors import PreflightError
from dmgen.fonts import FontLibrary
from dmgen.model.contents import Stamp
from dmgen.model.printing import PrintSettings, Standard
from dmgen.model.production import Lot, LotKind
from dmgen.preflight import Severity, preflight_file
from dmgen.press import Group, Piece, PressKit, PrintFile
from dmgen.press.joined import Leaf, join
from tests.conftest import page, press_kit

SIDES = 2


GROUP = Group.of("s", 1)


def printed(path: Path, kit: PressKit, names: Sequence[str], text, group: Group = GROUP) -> Path:
    """A file of pieces of two pages each, which say whose they are."""
    with path.open("wb") as out:
        file = PrintFile(out, kit, group)
        pages = [page(Stamp("base", 0.0, 0.0), text(f"{name} {side}")) for name in names for side in ("表", "裏")]
        pieces = [Piece(SIDES, name, number) for number, name in enumerate(names, 1)]
        file.add(pages, pieces if file.wants_pieces else ())
        file.close()
    return path


@pytest.fixture(scope="module", params=list(Standard), ids=lambda standard: standard.name)
def sources(request, tmp_path_factory, fonts: FontLibrary, text) -> list[Path]:
    """A frame with sheets and two files of pieces, each with a base of its own."""
    folder, printing = tmp_path_factory.mktemp("joined"), PrintSettings(request.param)
    kits = [press_kit(fonts, {"base": [text(words)]}, printing=printing) for words in ("仕切り", "青葉堂", "霞屋")]
    names = (["sheet0", "sheet1"], [f"A{n}" for n in range(5)], [f"B{n}" for n in range(5)])
    stems = ("frame", "a", "b")
    return [
        printed(folder / f"{stem}.pdf", kit, own, text, Group(Lot(LotKind.WAVE, "W1"), 7) if stem == "frame" else GROUP)
        for stem, kit, own in zip(stems, kits, names, strict=True)
    ]


def contents(path: Path) -> list[bytes]:
    with pikepdf.open(path) as pdf:
        return [one.Contents.read_raw_bytes() for one in pdf.pages]


def texts(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    found = [one.get_textpage().get_text_range() for one in document]
    document.close()
    return found


def leaf(source: Path, number: int, sequence: int = 0) -> Leaf:
    return Leaf(source, (2 * number + 1, 2 * number + 2), sequence)


def mixed(sources: list[Path]) -> list[Leaf]:
    frame, a, b = sources
    return [leaf(frame, 0), leaf(a, 3, 1), leaf(b, 0, 2), leaf(frame, 1), leaf(b, 4, 3), leaf(a, 0, 4)]


def test_pages_are_the_sources_own_in_the_order_asked_for(sources, tmp_path):
    leaves, target = mixed(sources), tmp_path / "pile.pdf"
    digests = join(sources[0], leaves, target)
    assert contents(target) == [contents(one.source)[number - 1] for one in leaves for number in one.pages]
    assert texts(target) == [texts(one.source)[number - 1] for one in leaves for number in one.pages]
    assert len(digests) == len(set(digests)) == 12
    report = preflight_file(target, None)
    assert [f for f in report.findings if f.severity is Severity.ERROR] == []
    again = tmp_path / "again.pdf"
    join(sources[0], leaves, again)
    assert again.read_bytes() == target.read_bytes()


def test_what_pages_share_is_there_once_a_source(sources, tmp_path):
    frame, a, b = sources
    target = tmp_path / "pile.pdf"
    join(frame, [leaf(frame, 0), *(leaf(one, number) for number in range(5) for one in (a, b))], target)
    with pikepdf.open(target) as pdf:
        shared = {one.Resources.objgen for one in pdf.pages}
        forms = [o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Form"]
    assert len(shared) == 3
    assert len(forms) == 3


def test_a_vt_file_has_one_part_a_leaf_that_says_whose_it_is(sources, tmp_path):
    frame = sources[0]
    with pikepdf.open(frame) as pdf:
        if "/DPartRoot" not in pdf.Root:
            pytest.skip("only PDF/VT-1 has parts")
    target = tmp_path / "pile.pdf"
    join(frame, mixed(sources), target)
    with pikepdf.open(target) as pdf:
        [[job]] = [list(row) for row in pdf.Root.DPartRoot.DPartRootNode.DParts]
        leaves = [part for row in job.DParts for part in row]
        assert str(job.DPM.Wave) == "W1"
        assert [str(part.DPM.PieceID) for part in leaves] == ["sheet0", "A3", "B0", "sheet1", "B4", "A0"]
        assert [int(part.DPM.Sequence) for part in leaves] == [1, 1, 2, 2, 3, 4]
        assert {str(part.DPM.Wave) for part in leaves} == {"W1"}
        pages = [one.obj for one in pdf.pages]
        assert [(part.Start.objgen, part.End.objgen) for part in leaves] == [
            (pages[n].objgen, pages[n + 1].objgen) for n in range(0, 12, 2)
        ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False), count=st.integers(1, 12))
def test_any_order_of_any_pages_reads_the_same(sources, tmp_path, chance, count):
    everything = [leaf(source, n) for source in sources for n in range(2 if source == sources[0] else 5)]
    leaves = chance.sample(everything, count)
    target = tmp_path / "pile.pdf"
    join(sources[0], leaves, target)
    assert contents(target) == [contents(one.source)[number - 1] for one in leaves for number in one.pages]


def test_a_page_that_is_not_there_or_asked_for_twice_is_refused(sources, tmp_path):
    frame, a, _ = sources
    for leaves in ([leaf(a, 5)], [leaf(a, 0), leaf(a, 0)], [Leaf(a, (0,))]):
        with pytest.raises(PreflightError):
            join(frame, leaves, tmp_path / "pile.pdf")
    assert not (tmp_path / "pile.pdf").exists()


def test_many_pages_make_a_tree_with_short_arms(tmp_path, fonts: FontLibrary, text):
    """Page arrays stay far under the 8191 of PDF 1.6, whatever the size of the pile."""
    kit = press_kit(fonts, {"base": [text("本文")]})
    source = printed(tmp_path / "many.pdf", kit, [f"P{n}" for n in range(600)], text)
    frame = printed(tmp_path / "frame.pdf", kit, ["sheet"], text)
    join(frame, [leaf(source, n) for n in reversed(range(600))], tmp_path / "pile.pdf")
    report = preflight_file(tmp_path / "pile.pdf", None)
    assert report.pages == 1200
    assert [f for f in report.findings if f.severity is Severity.ERROR] == []
