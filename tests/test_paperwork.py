"""Papers as files: real text, embedded fonts, whole or not there, the same bytes every time."""

from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from dmgen.errors import OutputError
from dmgen.model.contents import Stamp
from dmgen.model.layout import Align
from dmgen.papers import Column, Document, Facts, Note, Picture, Pictures, Table, set_paper
from dmgen.paperwork import paper_face, write_paper
from dmgen.preflight import preflight_file

CREATED = datetime(2026, 4, 6, 12, 30, tzinfo=UTC)
ROWS = [(f"第{n}便", f"{n:,}") for n in range(1, 101)]
DOCUMENT = Document(
    "差出明細", "春のご案内",
    [
        Facts([("差出人", "株式会社青葉堂"), ("郵便局", "銀座")], 2, "差出"),
        Table([Column("便", 3), Column("通数", 1, Align.RIGHT)], ROWS, ("合計", "5,050")),
        Note("ご確認ください。\n数字は郵便局の用紙に書き写します。"),
    ],
    "UNRELEASED / 未リリース", "spring 2026-04-06",
)  # fmt: skip


def texts(file: Path) -> list[str]:
    with pypdfium2.PdfDocument(file) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def drawing(file: Path, *, trim: tuple[float, ...] = (20, 20, 320, 170), rotate: int = 0) -> Path:
    """A page with a dark square in the lower left corner of its trim, and red beyond it."""
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(340, 190)).obj
        left, bottom = trim[:2]
        marks = b"0 1 1 0 k 0 0 340 190 re f 0 0 0 0 k %d %d %d %d re f 0 0 0 1 k %d %d 75 75 re f" % (
            *(left, bottom, trim[2] - left, trim[3] - bottom), left, bottom,
        )  # fmt: skip
        page.Contents = pdf.make_stream(marks)
        page.TrimBox, page.Rotate = Array(list(trim)), rotate
        page.Resources = Dictionary()
        pdf.save(file)
    return file


def test_all_text_can_be_taken_out_again(tmp_path):
    pages = write_paper(DOCUMENT, tmp_path / "a.pdf", created=CREATED)
    read = texts(tmp_path / "a.pdf")
    assert pages == len(read) > 2
    assert all("UNRELEASED / 未リリース" in page and "spring 2026-04-06" in page for page in read)
    words = [word for row in ROWS for word in row]
    together = "\n".join(read)
    wanted = ["差出明細", "春のご案内", "差出人", "株式会社青葉堂", "銀座", "合計", "5,050", "書き写します。", *words]
    assert not [word for word in wanted if word not in together]


def test_it_is_a_sound_file_with_its_fonts_embedded(tmp_path):
    write_paper(DOCUMENT, tmp_path / "a.pdf", created=CREATED)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert not pdf.check_pdf_syntax()
        assert [round(float(side), 1) for side in pdf.pages[0].mediabox[2:]] == [595.3, 841.9]
        for page in pdf.pages:
            for font in page.resources.Font.values():
                assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
        assert str(pdf.docinfo[Name.Title]) == "差出明細"
        assert "20260406" in str(pdf.docinfo[Name.CreationDate])
    assert (tmp_path / "a.pdf").stat().st_size < 250_000
    assert not [found for found in preflight_file(tmp_path / "a.pdf").findings if found.severity.value == "error"]


def test_the_same_paper_is_the_same_file(tmp_path):
    shown = drawing(tmp_path / "shown.pdf")
    document = Document("題", "", [Pictures([Picture(shown, 1, "表")])])
    files = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    for file in files:
        write_paper(document, file, created=CREATED)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_where_a_picture_lies_changes_no_byte(tmp_path, monkeypatch):
    """Work orders of one job are the same file, whether the job was named by its id or by a relative folder."""
    drawing(tmp_path / "shown.pdf")
    monkeypatch.chdir(tmp_path)
    made = []
    for place in (Path("shown.pdf"), tmp_path / "shown.pdf"):
        rules = [Facts([("色", "赤")], heading="見出し", columns=columns) for columns in (1, 2, 3)]
        pictures = Pictures([Picture(place, 1, "表"), Picture(place, 1, "裏")])
        write_paper(Document("題", "", [*rules, pictures]), tmp_path / "a.pdf", created=CREATED)
        made.append((tmp_path / "a.pdf").read_bytes())
    assert made[0] == made[1]
    assert made[0].count(b"/Matrix") == 1  # the same page in the same size is drawn once


@pytest.mark.parametrize(("rotate", "corner"), [(0, (0, 1)), (90, (0, 0)), (180, (1, 0)), (270, (1, 1))])
def test_a_picture_is_the_trim_of_its_page_upright_and_to_scale(tmp_path, rotate, corner):
    """As it would be seen: turned as the page says, and nothing that lies beyond the trim."""
    shown = drawing(tmp_path / "shown.pdf", rotate=rotate)
    document = Document("題", "", [Pictures([Picture(shown, 1, "表")], 1, 60)])
    write_paper(document, tmp_path / "a.pdf", created=CREATED)
    size = (200.0, 100.0) if rotate in (0, 180) else (100.0, 200.0)
    paper = set_paper(document, paper_face(), {(shown, 1): size})
    [place] = [item for item in paper.pages[0].items if isinstance(item, Stamp) and item.form in paper.pictures]
    width, height = (120, 60) if rotate in (0, 180) else (30, 60)
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as pdf:
        image = pdf[0].render(scale=8 * 25.4 / 72).to_pil().convert("RGB")  # 8 pixels a millimetre

    def seen(x: float, y: float) -> tuple[int, ...]:
        return image.getpixel((round((place.x + x) * 8), round((place.y + y) * 8)))

    inset = min(width, height) / 10
    corners = {(x, y): seen((inset, width - inset)[x], (inset, height - inset)[y]) for x in (0, 1) for y in (0, 1)}
    assert [at for at, color in corners.items() if max(color) < 80] == [corner]
    assert [color for at, color in corners.items() if at != corner and min(color) < 250] == []
    around = [seen(-1, height / 2), seen(width + 1, height / 2), seen(width / 2, -1), seen(width / 2, height + 0.6)]
    assert min(min(color) for color in around) > 250, "the red that lies beyond the trim"
    with pikepdf.open(tmp_path / "a.pdf") as file:
        kinds = {str(one.get("/Subtype")) for one in file.objects if isinstance(one, pikepdf.Stream)}
    assert "/Image" not in kinds


def test_a_page_that_cannot_be_shown_is_refused_by_name_and_nothing_is_left(tmp_path):
    shown = drawing(tmp_path / "shown.pdf")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    for file, page in ((shown, 2), (shown, 0), (tmp_path / "none.pdf", 1), (tmp_path / "broken.pdf", 1)):
        document = Document("題", "", [Pictures([Picture(file, page, "表")])])
        with pytest.raises(OutputError) as refused:
            write_paper(document, tmp_path / "a.pdf", created=CREATED)
        assert refused.value.values == {"file": file, "page": page}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["broken.pdf", "shown.pdf"]


def test_a_paper_that_cannot_be_written_leaves_the_earlier_one(tmp_path, monkeypatch):
    file = tmp_path / "a.pdf"
    write_paper(DOCUMENT, file, created=CREATED)
    before = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dmgen.press.PrintFile.close", full)
    with pytest.raises(OutputError):
        write_paper(DOCUMENT, file, created=CREATED)
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.pdf"]
