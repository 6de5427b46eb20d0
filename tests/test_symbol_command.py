"""`dmgen symbol`: codes explained and drawn, in the size in which they are printed."""

import json
import re
from pathlib import Path

import cv2
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from typer.testing import CliRunner

from dmgen.cli import app
from dmgen.symbols import customer_barcode
from tests.symbols.test_japanpost import EXAMPLES, bars_of_picture

POINTS = 72 / 25.4


def symbol(*args: str | Path, code: int = 0):
    language = () if "--lang" in args else ("--lang", "en")
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["symbol", *map(str, args), *language])
    assert result.exit_code == code, result.output
    return result


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["source"])
def test_the_customer_barcode_as_json(example):
    said = symbol("japanpost", "--postal", example["postal_code"], "--address", example["address"], "--json").stdout
    found = json.loads(said)
    assert (found["number"], found["codes"]) == (example["number"], example["codes"])
    assert found["check"] == example["check"]
    if example["bars"]:
        assert found["bars"] == example["bars"]
    assert set(found) == {"number", "codes", "check", "bars"}


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("qr", "https://x.example/青葉"), "https://x.example/%E9%9D%92%E8%91%89"),
        (("code128", "ABC", "12345"), "ABC 12345"),
        (("ean13", "490123456789"), "4901234567894"),
        (("datamatrix", "A1-23"), "A1-23"),
    ],
)
def test_a_drawn_code_is_read_by_another_decoder(tmp_path, args, text):
    path = tmp_path / "code.pdf"
    found = json.loads(symbol(*args, "-o", path, "--json").stdout)
    with pypdfium2.PdfDocument(path) as document:
        assert [size / POINTS for size in document[0].get_size()] == pytest.approx(
            [found["width_mm"], found["height_mm"]], abs=0.01
        )
        [code] = zxingcpp.read_barcodes(document[0].render(scale=300 / 72).to_pil())
    assert code.text == found["payload"] == text
    assert len(found["modules"]) == found["rows"]
    assert {len(row) for row in found["modules"]} == {found["columns"]}


def test_a_drawn_marker_is_found_by_another_detector(tmp_path):
    path = tmp_path / "marker.pdf"
    found = json.loads(symbol("ar", "017", "-o", path, "--json").stdout)
    assert (found["payload"], found["columns"], found["module_mm"], found["width_mm"]) == ("17", 8, 3.75, 41.25)
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36h12))
    with pypdfium2.PdfDocument(path) as document:
        corners, ids, _ = detector.detectMarkers(document[0].render(scale=200 / 72, grayscale=True).to_numpy())
    assert ids.ravel().tolist() == [17]
    assert corners[0][0][0] * 25.4 / 200 == pytest.approx([5.625, 5.625], abs=0.3)


def test_a_drawing_is_black_alone(tmp_path):
    symbol("qr", "abc", "-o", tmp_path / "code.pdf")
    with pikepdf.open(tmp_path / "code.pdf") as pdf:
        colors = [
            (operands, str(op)) for operands, op in pikepdf.parse_content_stream(pdf.pages[0]) if str(op) in "kKrgRGgG"
        ]
        assert [([float(value) for value in operands], op) for operands, op in colors] == [([0, 0, 0, 1], "k")]


def _path(svg: str) -> tuple[list[float], list[tuple[float, ...]]]:
    """Left, top and the two scales of a drawing's path, and its rectangles."""
    placed = re.search(r"translate\(([\d.]+) ([\d.]+)\) scale\(([\d.]+) ([\d.]+)\)", svg)
    assert placed
    rectangles = re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\3z", svg)
    return [float(value) for value in placed.groups()], [tuple(map(float, found)) for found in rectangles]


@pytest.mark.parametrize("size", [8, 9, 11.5])
def test_an_svg_is_in_millimetres_and_keeps_the_blank(tmp_path, size):
    path = tmp_path / "code.svg"
    symbol("japanpost", "--postal", "263-0023", "--address", "3丁目30-8", "--size", str(size), "-o", path)
    svg = path.read_text("utf-8")
    sheet = re.search(r'width="([\d.]+)mm" height="([\d.]+)mm" viewBox="0 0 \1 \2"', svg)
    assert sheet
    (left, top, across, down), bars = _path(svg)
    assert len(bars) == 67
    assert (left, top) == (2, 2)
    assert across * 133 + 4 == pytest.approx(float(sheet[1]), abs=0.001)
    assert down * 3 + 4 == pytest.approx(float(sheet[2]), abs=0.001)
    assert across == pytest.approx(0.059 * size, abs=1e-5)
    states = {(0, 3): "1", (0, 2): "2", (1, 2): "3", (1, 1): "4"}
    said = "".join(states[int(y), int(height)] for _, y, _, height in bars)
    assert said == customer_barcode("263-0023", "3丁目30-8").bars


def test_a_drawn_customer_barcode(tmp_path):
    path = tmp_path / "code.pdf"
    symbol("japanpost", "--postal", "100-0013", "--address", "1丁目3番2号", "-o", path)
    with pypdfium2.PdfDocument(path) as document:
        bars = bars_of_picture(document[0].render(scale=600 / 72).to_pil())
    assert bars == customer_barcode("100-0013", "1丁目3番2号").bars


def test_an_explanation_in_words():
    said = symbol("japanpost", "--postal", "263-0023", "--address", "3丁目30-8　郵便ビル403号").stdout
    assert "3-30-8-403" in said
    assert "1313232131214414413231231241431214441423141412314431243243243214131" in said
    assert "74.6 × 7.2 mm" in said
    assert "https://x.example/%E9%9D%92" in symbol("qr", "https://x.example/青").stdout
    assert "大きさ" in symbol("ean13", "490123456789", "--lang", "ja").stdout


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("qr",), 2, "dmgen symbol qr"),
        (("qrcode", "x"), 2, "japanpost"),
        (("qr", "x", "--postal", "100-0001"), 2, "dmgen symbol qr"),
        (("japanpost", "x"), 2, "--postal 100-0001"),
        (("japanpost", "--postal", "100-0001", "--size", "12"), 2, "8 to 11.5 pt"),
        (("qr", "x", "-o", "code.png"), 2, ".pdf or .svg"),
        (("qr", "x", "-o", "none/code.svg"), 5, "none/code.svg"),
        (("qr", "青葉"), 1, "ASCII"),
        (("ar", "250"), 2, "0 to 249"),
        (("ar", "-1"), 2, ""),
        (("ar", "１７"), 2, "dmgen symbol ar 17"),
        (("ar",), 2, "dmgen symbol ar"),
        (("qr", "x" * 3000), 1, "too long"),
        (("ean13", "123"), 1, "12 digits"),
        (("ean13", "4901234567890"), 1, "check digit"),
        (("japanpost", "--postal", "100-0000", "--address", "1"), 1, "ends in 00"),
        (("japanpost", "--postal", "1000", "--address", "1"), 1, "not a postal code"),
    ],
)
def test_what_cannot_be_a_code_is_said(args, code, said):
    result = symbol(*args, code=code)
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
