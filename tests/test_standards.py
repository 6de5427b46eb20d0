"""A shop's campaign comes out in the standard that was asked for, with warnings that a person can act on."""

import json
import shutil
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from dmgen.model.printing import SHIPPED_PROFILE, Standard
from tests.jobs import ROOT, Desk

SHOP = "layouts/shop.toml"
HELLO, SPRING = "layouts/hello/campaign.toml", "layouts/spring-thanks/campaign.toml"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


def _said(desk: Desk, *args: str) -> list[str]:
    result = desk.invoke(*args, "--json")
    assert result.exit_code == 0, result.output
    warnings: list[str] = json.loads(result.stdout)["remarks"]
    return warnings


@pytest.mark.parametrize("standard", Standard)
def test_a_campaign_is_printed_in_each_standard(desk: Desk, standard: Standard) -> None:
    job = desk.run("spring-thanks", "--standard", standard, "--limit", "12")
    assert job.ticket["settings"]["standard"] == standard
    assert job.ticket["settings"]["condition"] == "FOGRA39"
    assert [entry["file"] for entry in job.ticket["inputs"] if entry["file"].endswith(".icc")] == ["FOGRA39L.icc"]
    version = {Standard.X1A_2001: "PDF/X-1:2001", Standard.X1A_2003: "PDF/X-1a:2003"}.get(standard, "PDF/X-4")
    for path in job.printed:
        with pikepdf.open(path) as pdf:
            assert pdf.check_pdf_syntax() == []
            assert str(pdf.docinfo.GTS_PDFXVersion) == version
            assert ("/DPartRoot" in pdf.Root) == (standard is Standard.VT1)


def test_an_unknown_standard_is_a_usage_error(desk: Desk) -> None:
    result = desk.invoke("run", "layouts/hello", "--standard", "PDF/A")
    assert result.exit_code == 2
    assert "PDF/X-1a:2001" in result.output


def test_document_parts_are_the_manifests_rows(desk: Desk) -> None:
    desk.configure(SPRING, print={"standard": "PDF/VT-1", "postal_code": True, "batch": 2})
    job = desk.run("spring-thanks", "--limit", "9")
    told = {}
    for file in job.printed:
        with pikepdf.open(file) as pdf:
            places = {one.obj.objgen: number for number, one in enumerate(pdf.pages, 1)}
            group = pdf.Root.DPartRoot.DPartRootNode.DParts[0][0]
            for leaf in group.DParts[0]:
                first = places[leaf.Start.objgen]
                last = places[leaf.End.objgen] if "/End" in leaf else first
                dpm = leaf.DPM
                told[str(dpm.PieceID)] = (
                    f"print/{file.name}", str(first), str(last), str(dpm.Segment), str(dpm.Batch), str(dpm.Sequence),
                    str(dpm.PostalCode),
                )  # fmt: skip
    keys = ("file", "first_page", "last_page", "segment", "batch", "sequence", "postal_code")
    assert told == {row["piece_id"]: tuple(row[key] for key in keys) for row in job.manifest}
    assert len(told) == 9


@pytest.mark.parametrize("standard", ["PDF/VT-1", "PDF/X-1a:2001"])
def test_the_same_bytes_from_any_number_of_workers(desk: Desk, standard: str) -> None:
    desk.configure(SPRING, print={"batch": 3})
    jobs = [
        desk.run("spring-thanks", "--standard", standard, "--workers", workers, out=f"job{workers}")
        for workers in ("1", "3")
    ]
    assert jobs[0].digests() == jobs[1].digests()


def test_another_condition_than_the_printers_is_told(desk: Desk) -> None:
    desk.configure(SHOP, printer={"condition": "JC200103"})
    [warning] = _said(desk, "check", "layouts/hello", "--lang", "en")
    assert "FOGRA39" in warning and "JC200103" in warning and "campaign.toml" in warning
    assert "JC200103" in desk.invoke("run", "layouts/hello", "--lang", "ja", "--out", "job").stderr
    assert "JC200103" in json.loads((desk.root / "job" / "job.json").read_text("utf-8"))["remarks"][0]
    shutil.copy(SHIPPED_PROFILE, desk.root / "layouts" / "hello" / "press.icc")
    desk.configure(HELLO, print={"profile": "press.icc", "condition": "JC200103"})
    assert _said(desk, "check", "layouts/hello") == []


def test_pictures_that_are_converted_without_the_printers_profile_are_told(desk: Desk) -> None:
    for campaign in (HELLO, SPRING):
        desk.configure(campaign, print={"standard": "PDF/X-1a:2001", "condition": "JC200103"})
    assert _said(desk, "check", "layouts/hello") == [], "there are no pictures in it"
    [warning] = _said(desk, "check", "layouts/spring-thanks", "--lang", "en")
    assert "converted for FOGRA39" in warning and "no profile of JC200103" in warning


def _photo(desk: Desk, width: int, mode: str = "RGB") -> None:
    """The picture of every product; its box is 38 × 28.5 mm."""
    for path in (desk.root / "assets" / "lists" / "photos").iterdir():
        image = Image.effect_noise((width, width * 3 // 4), 50).convert(mode)
        image.save(path, "PNG" if mode == "1" else "JPEG")


def test_the_samples_have_pixels_enough(desk: Desk) -> None:
    assert _said(desk, "check", "layouts/spring-thanks") == []


def test_a_picture_under_300_dpi_is_told_once_a_slot(desk: Desk) -> None:
    _photo(desk, 400)
    warnings = _said(desk, "check", "layouts/spring-thanks", "--lang", "en")
    assert len(warnings) == len(set(warnings)) > 1
    assert all(
        "slot photo" in said and "267 dpi" in said and "needs 300: use one of 449 × 337" in said for said in warnings
    )


def test_a_picture_under_150_dpi_is_refused(desk: Desk) -> None:
    _photo(desk, 220)
    result = desk.invoke("run", "layouts/spring-thanks", "--lang", "en", "--out", "job")
    assert result.exit_code == 1
    assert ".jpg has 147 dpi as it is printed" in result.output and "slot photo" in result.output
    assert not (desk.root / "job").exists()


def test_a_picture_that_no_letter_shows_is_not_judged(desk: Desk) -> None:
    """Only what is printed: a segment's own slots and its own people's products."""
    _photo(desk, 100)
    for path in (desk.root / "layouts" / "spring-thanks").glob("*.toml"):
        lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("photo ")]
        path.write_text("\n".join(lines), "utf-8")
    assert _said(desk, "check", "layouts/spring-thanks") == []


def test_line_art_needs_more_pixels_and_stays_one_bit(desk: Desk) -> None:
    _photo(desk, 640, "1")
    warnings = _said(desk, "check", "layouts/spring-thanks", "--lang", "en")
    assert warnings and all("needs 1200" in said for said in warnings)
    with pikepdf.open(desk.run("spring-thanks").printed[0]) as pdf:
        images = [
            thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"
        ]
        assert images and {(int(image.BitsPerComponent), str(image.ColorSpace)) for image in images} == {
            (1, "/DeviceGray")
        }


def test_a_fixed_picture_is_judged_in_its_box(desk: Desk) -> None:
    shutil.copy(ROOT / "assets" / "lists" / "photos" / "T-101.jpg", desk.root / "layouts" / "hello" / "t.jpg")
    path = desk.root / "layouts" / "hello" / "hello.toml"
    text = path.read_text("utf-8")

    def check(width: float) -> tuple[int, str]:
        slot = f'\n[slots.tea]\nkind = "image"\nfile = "t.jpg"\nbox = [20, 150, {width}, {width}]\n'
        path.write_text(text + slot, "utf-8")
        result = desk.invoke("check", "layouts/hello", "--lang", "en")
        return result.exit_code, result.output

    assert check(50)[0] == 0 and "dpi" not in check(50)[1]
    assert check(80)[0] == 0 and "slot tea" in check(80)[1] and "203 dpi" in check(80)[1]
    code, said = check(120)
    assert code == 1 and "slot tea" in said and "135 dpi" in said


def test_a_spot_ink_goes_through_to_the_file(desk: Desk) -> None:
    desk.configure(SHOP, colors={"gold": {"spot": "PANTONE 871 C", "cmyk": [20, 25, 60, 25]}})
    desk.edit(
        "layouts/spring-thanks/base.toml", "stroke = [15, 90, 80, 5], line = 0.35", 'stroke = "gold", line = 0.35'
    )
    desk.edit(
        "layouts/spring-thanks/base.toml", "middle = true, color = [15, 90, 80, 5]", 'middle = true, color = "gold"'
    )
    for path in desk.run("spring-thanks", "--limit", "5").printed:
        with pikepdf.open(path) as pdf:
            inks = [t for t in pdf.objects if isinstance(t, pikepdf.Array) and len(t) and t[0] == "/Separation"]
            assert [str(ink[1]) for ink in inks] == ["/PANTONE 871 C"]


# Pre-printed paper

BLACK_ONLY = {"variables": "black only", "batch": 2}


def _page_image(path: Path, number: int = 0) -> Image.Image:
    with pypdfium2.PdfDocument(path) as document:
        return document[number].render(scale=1.5).to_pil().convert("RGB")


def test_pre_printed_paper_and_black_letters_make_the_whole_letter(desk: Desk) -> None:
    whole = desk.run("hello", out="whole")
    desk.configure(HELLO, print=BLACK_ONLY)
    job = desk.run("hello", out="parts")
    [shell] = [path for path in job.printed if "-shell-" in path.name]
    assert shell.name == f"hello-{job.ticket['drop']}-shell-everyone.pdf"
    letters = [path for path in job.printed if path != shell]
    assert job.ticket["shells"] == [
        {"file": f"print/{shell.name}", "segment": "everyone", "pages": 1, "bytes": shell.stat().st_size}
    ]
    assert {f"print/{path.name}" for path in job.printed} <= job.ticket["files"].keys()
    assert sum(entry["pieces"] for entry in job.ticket["print"]) == len(whole.manifest)
    pressed = ImageChops.multiply(_page_image(shell), _page_image(letters[0]))
    together = _page_image(whole.printed[0])
    pixels = ImageChops.difference(pressed, together).convert("L").histogram()
    assert sum(pixels[100:]) == 0, "only anti-aliased edges that lie on each other differ"
    assert sum(pixels[41:]) < 50
    assert all(row["postal_code"] in text for row, text in job.texts())


def test_black_letters_hold_black_ink_and_their_whole_codes(desk: Desk) -> None:
    """Two printings never lie exactly on each other: no symbol may need both."""
    import zxingcpp

    desk.configure(HELLO, print=BLACK_ONLY)
    job = desk.run("hello")
    letters = [path for path in job.printed if "-shell-" not in path.name]
    with pikepdf.open(letters[0]) as pdf:
        streams = [pdf.pages[0], *(form for form in pdf.pages[0].Resources.XObject.values())]
        colors = {
            tuple(float(value) for value in operands)
            for stream in streams
            for operands, operator in pikepdf.parse_content_stream(stream)
            if str(operator) in ("k", "K")
        }
        assert colors == {(0, 0, 0, 1)}
    with pypdfium2.PdfDocument(letters[0]) as document:
        [code] = zxingcpp.read_barcodes(document[0].render(scale=4).to_pil().convert("L"))
    assert code.text.startswith("https://")


def test_paper_of_a_segment_that_gets_no_letters_is_not_printed(desk: Desk) -> None:
    desk.configure(HELLO, print=BLACK_ONLY)
    assert desk.run("hello", "--limit", "0").printed == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('size = "14pt", leading = "18pt",', 'size = "14pt", leading = "18pt", color = [0, 100, 100, 0],'),
        ('size = "14pt", leading = "18pt",', 'size = "14pt", leading = "18pt", color = "white",'),
        ('words = "name", style = "name"', 'words = "name", style = "red"'),
    ],
)
def test_what_varies_in_another_ink_is_refused(desk: Desk, old: str, new: str) -> None:
    desk.configure(HELLO, print=BLACK_ONLY)
    path = "layouts/hello/hello.toml"
    desk.edit(path, "[style]\n", '[colors]\nred = { spot = "Red", cmyk = [0, 90, 80, 0] }\n[style]\n')
    desk.edit(path, "body    = { font", 'red = { font = "mincho", size = "14pt", color = "red" }\nbody    = { font')
    desk.edit(path, old, new)
    result = desk.invoke("check", "layouts/hello", "--lang", "en")
    assert result.exit_code == 1
    assert "slot name" in result.output and "black only" in result.output


def test_a_picture_that_varies_is_refused_on_pre_printed_paper(desk: Desk) -> None:
    desk.configure(SPRING, print=BLACK_ONLY)
    result = desk.invoke("check", "layouts/spring-thanks", "--lang", "en")
    assert result.exit_code == 1
    assert "slot photo" in result.output and "black only" in result.output
