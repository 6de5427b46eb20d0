"""Papers hold all that is asked of them, within their margins, nothing over anything else."""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.fonts import Face, FontLibrary
from dmgen.model.contents import Stamp, Text
from dmgen.model.layout import Align, Box
from dmgen.papers import Column, Document, Facts, Note, Paper, Picture, Pictures, Table, set_paper
from dmgen.papers.setter import Setter
from dmgen.papers.style import HEIGHT, LEFT, WIDTH

PICTURES = {
    (Path("a.pdf"), page): (105.0 if page % 2 else 297.0, 148.0 if page % 2 else 210.0) for page in range(1, 41)
}
NUMBERS = [Column("何", 3), Column("通数", 2, Align.RIGHT, adds=True), Column("単価", 2, Align.RIGHT)]
WORDS = st.text(st.sampled_from("花屋、。「」（）ー ABCdef123,.々𠮷é\t\n‥…"), max_size=120)
MONEY = st.integers(0, 10**12).map("{:,}".format)


@pytest.fixture(scope="module")
def face(fonts: FontLibrary) -> Face:
    return fonts["gothic"]


def boxes(face: Face, items: list) -> list[tuple[Box, str]]:
    """Where each line of text stands, and what it says."""
    found = []
    for text in items:
        for number, line in enumerate(text.lines if isinstance(text, Text) else ()):
            width = sum(face.advances[char] for char in line.text) / 1000 * text.size * text.condense
            base = text.y + number * text.leading
            if line.text.strip():
                box = Box(text.x + line.offset, base - 0.88 * text.size, width, text.size)
                found.append((box, line.text))
    return found


def said(face: Face, paper: Paper) -> list[str]:
    """The text of each page, characters only."""
    return ["".join(text for _, text in boxes(face, page.items)) for page in paper.pages]


def table(rows: int) -> Table:
    return Table(NUMBERS, [(f"行{n:04d}行", f"{n:,}", "9.5") for n in range(1, rows + 1)], ("合計", "全部", ""), "表")


def check(face: Face, paper: Paper) -> None:
    for page in paper.pages:
        lines = boxes(face, page.items)
        for box, text in lines:
            over = box.height if text[-1] in "、。」）" else 0.01  # their right half is blank
            assert box.left >= LEFT - 0.01
            assert box.left + box.width <= WIDTH - LEFT + over, text
            assert box.top >= 10
            assert box.top + box.height <= HEIGHT - 8
        for (one, first), (other, second) in combinations(lines, 2):
            assert not one.meets(other), (first, second)
        tops = [item.y for item in page.items if isinstance(item, Stamp)]
        assert max(tops) < HEIGHT - 13


@st.composite
def documents(draw: st.DrawFn) -> Document:
    facts = st.builds(
        Facts, st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=7), st.integers(1, 3), WORDS, st.booleans()
    )
    rows = st.lists(st.tuples(WORDS, MONEY, MONEY), max_size=60)
    tables = st.builds(
        lambda rows, heading, dense: Table(NUMBERS, rows, ("", "1", ""), heading, dense), rows, WORDS, st.booleans()
    )
    notes = st.builds(Note, WORDS, WORDS, st.booleans())
    shown = st.lists(st.builds(Picture, st.just(Path("a.pdf")), st.integers(1, 40), WORDS), min_size=1, max_size=12)
    pictures = st.builds(Pictures, shown, st.integers(1, 4), st.sampled_from([30.0, 70.0, 400.0]))
    blocks = draw(st.lists(st.one_of(facts, tables, notes, pictures), max_size=5))
    return Document("題" + draw(WORDS), draw(WORDS), blocks, draw(WORDS), draw(WORDS), draw(st.booleans()))


@settings(max_examples=60, deadline=None)
@given(documents())
def test_nothing_leaves_its_page_or_lies_over_anything_else(fonts: FontLibrary, document):
    check(fonts["gothic"], set_paper(document, fonts["gothic"], PICTURES))


@settings(max_examples=40, deadline=None)
@given(documents())
def test_all_words_are_there(fonts: FontLibrary, document):
    """Every cell of every table and fact, every paragraph: broken into lines perhaps, but whole."""
    if document.one_page:
        document = Document(document.title, document.subtitle, document.blocks)
    face = fonts["gothic"]
    pages = "".join(said(face, set_paper(document, face, PICTURES)))

    def shown(text: str) -> set[str]:
        return {face.find(char) or "〓" for char in text if not char.isspace()}

    for block in document.blocks:
        if isinstance(block, Facts | Table):
            texts = [text for row in block.rows for text in row]
        else:
            texts = [block.text] if isinstance(block, Note) else []
        assert all(shown(text) <= set(pages) for text in texts)


def test_a_long_table_repeats_its_header_and_keeps_its_sums_with_the_last_row(face):
    for rows in range(30, 75):
        paper = set_paper(Document("題", "", [table(rows)], footer="下"), face, {})
        check(face, paper)
        pages = said(face, paper)
        assert all("通数単価" in page for page in pages)
        assert "".join(pages).count("行") == 2 * rows
        assert pages[-1].count("合計全部") == 1
        assert f"行{rows:04d}行" in pages[-1]
        assert [f"{n}/{len(pages)}" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)


def test_a_row_higher_than_a_page_goes_on_on_the_next(face):
    words = "".join(f"{n:04d}番、" for n in range(3000))
    paper = set_paper(Document("題", "", [Table(NUMBERS, [(words, "1", "2")]), Facts([("長", words)])]), face, {})
    check(face, paper)
    assert len(paper.pages) > 5
    assert "".join(said(face, paper)).count("番") == 2 * 3000


def test_one_page_shrinks_type_before_it_leaves_anything_out(face):
    rows = 38
    free = set_paper(Document("題", "", [table(rows)]), face, {})
    tight = set_paper(Document("題", "", [table(rows)], one_page=True), face, {})
    assert (len(free.pages), len(tight.pages)) == (2, 1)
    [page] = said(face, tight)
    assert page.count("行") == 2 * rows
    assert min(item.size for item in tight.pages[0].items if isinstance(item, Text)) >= 1.9


def test_rows_beyond_one_page_are_counted_and_added_up(face):
    paper = set_paper(Document("題", "", [table(5), table(400)], one_page=True), face, {})
    check(face, paper)
    [page] = said(face, paper)
    kept = page.count("行") - 1 - 10  # the words of the line itself; the short table stays whole
    assert kept % 2 == 0
    kept //= 2
    assert 20 < kept < 60
    assert f"ほか{400 - kept}行" in page
    assert f"{sum(range(kept + 1, 401)):,}" in page
    assert page.count("合計全部") == 2


def test_pictures_are_made_smaller_for_one_page_and_keep_their_shape(face):
    pictures = [Picture(Path("a.pdf"), page, f"頁{page}") for page in range(1, 25)]
    for one_page in (False, True):
        paper = set_paper(Document("題", "", [Pictures(pictures)], one_page=one_page), face, PICTURES)
        check(face, paper)
        assert (len(paper.pages) == 1) is one_page
        assert len(paper.pictures) == 24
        for shown in paper.pictures.values():
            width, height = PICTURES[shown.picture.file, shown.picture.page]
            assert shown.width / shown.height == pytest.approx(width / height)


def test_the_banner_stands_large_on_every_page(face):
    paper = set_paper(Document("題", "", [table(100)], banner="UNRELEASED / 未リリース"), face, {})
    for page in paper.pages:
        [banner] = [item for item in page.items if isinstance(item, Text) and "未リリース" in item.lines[0].text]
        assert banner.size >= 7


def test_what_the_font_lacks_is_replaced_counted_and_said(face):
    paper = set_paper(Document("題", "", [Note("山\u0e01田\u0e02\u0e01")]), face, {})
    assert paper.lost == ["\u0e01", "\u0e02"]
    [page] = said(face, paper)
    assert "山〓田〓〓" in page
    assert "2種" in page
    assert "U+0E01,U+0E02" in page.replace(" ", "")


def test_a_heading_stays_with_what_follows(face):
    for rows in range(28, 45):
        pages = said(face, set_paper(Document("題", "", [table(rows), Note("本文。", "見出し")]), face, {}))
        assert sum("見出し" in page for page in pages) == 1
        assert all("本文" in page for page in pages if "見出し" in page)


def test_who_signs_is_not_torn_from_when(face):
    """A certificate's last lines (day, name, signature) are on one page, wherever the lists above them end."""
    signed = Facts([("日付印", "　"), ("氏名欄", "　"), ("署名欄", "　")], heading="確認者欄")
    for rows in range(28, 45):
        pages = said(face, set_paper(Document("題", "", [table(rows), signed]), face, {}))
        assert [sum(label in page for label in ("日付印", "氏名欄", "署名欄", "確認者欄")) for page in pages][-1] == 4


def test_no_line_begins_with_what_may_not_begin_one(face):
    paper = set_paper(Document("題", "", [Note("あ" * 53 + "。" + "い" * 52 + "」" + "う" * 60)]), face, {})
    lines = [text for _, text in boxes(face, paper.pages[0].items)]
    assert not [text for text in lines if text[0] in "。」"]


@pytest.mark.parametrize("over", range(1, 9))
def test_no_last_line_is_left_with_a_few_characters(face, over):
    """「…お渡しし／ます。」 looks torn off; the line before it has room to give."""
    setter, width = Setter(face), 100.0
    room = int(width / 3)  # characters of 3 mm
    text = "花" * (room + over - 1) + "。"
    lines = setter.lines(text, width, 3.0)
    assert "".join(lines) == text
    assert len(lines) == 2
    assert len(lines[1]) >= 6
