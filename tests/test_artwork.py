"""A designer's pages through a whole run: front and back, the same for any number of workers, named in job.json."""

import hashlib
import shutil
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import ImageChops

from tests.jobs import ROOT, Desk, people

SAMPLES = ROOT / "tests" / "press" / "artwork"
LAYOUT = """
[page]
size = [100, 80]
bleed = 3
sides = 2
artwork = "spring.pdf#1"
[words]
name = "{{ name }} 様"
[slots]
name = { kind = "text", words = "name", box = [40, 60, 55, 10] }
[[pages]]
artwork = "spring.pdf#2"
"""
CAMPAIGN = """
format = 1
id = "spring"
as_of = 2026-04-05
[lists]
customers = "people.csv"
[audience]
layout = "letter"
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    shutil.copytree(ROOT / "layouts", tmp_path / "layouts", ignore=shutil.ignore_patterns("ledger.sqlite*"))
    desk = Desk(tmp_path)
    desk.write("layouts/spring/letter.toml", LAYOUT)
    desk.write("layouts/spring/campaign.toml", CAMPAIGN)
    desk.write("layouts/spring/people.csv", people(12))
    shutil.copy(SAMPLES / "reportlab.pdf", tmp_path / "layouts" / "spring" / "spring.pdf")
    return desk


def test_artwork_is_under_every_letter_and_once_in_the_file(desk: Desk) -> None:
    job = desk.run("spring")
    (file,) = job.printed
    with pikepdf.open(file) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 24
        forms = {thing.objgen for page in pdf.pages for thing in page.Resources.XObject.values()}
        assert len(forms) == 2
        fonts = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream) and "/Length1" in thing]
        assert len(fonts) == 3  # ours, and one of each page of the designer's
    for number, (row, text) in enumerate(job.texts(), 1):
        assert row["name"] in text
        assert text.count("春のお知らせ") == 2, number
    for side in (0, 1):
        assert_only_the_name_differs(file, side)


def assert_only_the_name_differs(file: Path, side: int) -> None:
    images = []
    for path in (file, SAMPLES / "reportlab.pdf"):
        with pypdfium2.PdfDocument(path) as document:
            page = document[side]
            trim = page.get_trimbox()
            page.set_mediabox(*trim)
            page.set_cropbox(*trim)
            images.append(page.render(scale=2).to_pil().convert("L"))
    changed = ImageChops.difference(*images).point(lambda value: 255 * (value > 40)).getbbox()
    if side:
        assert changed is None
        return
    left, top, right, bottom = (value / 2 * 25.4 / 72 for value in changed)
    assert (left >= 39, top >= 59, right <= 96, bottom <= 71) == (True,) * 4


def test_the_bytes_do_not_depend_on_the_workers(desk: Desk) -> None:
    desk.edit("layouts/spring/campaign.toml", 'layout = "letter"', 'layout = "letter"\n[print]\nbatch = 5')
    one = desk.run("spring", "--workers", "1", out="one")
    two = desk.run("spring", "--workers", "2", out="two")
    assert len(one.printed) == 3
    assert one.digests() == two.digests()


def test_job_json_names_the_file_by_its_digest(desk: Desk) -> None:
    inputs = {entry["file"]: entry["sha256"] for entry in desk.run("spring").ticket["inputs"]}
    assert inputs["spring.pdf"] == hashlib.sha256((SAMPLES / "reportlab.pdf").read_bytes()).hexdigest()


@pytest.mark.parametrize("command", ["check", "run"])
def test_wrong_artwork_is_refused_before_anything_is_issued(desk: Desk, command: str) -> None:
    shutil.copy(SAMPLES / "cairo.pdf", desk.root / "layouts" / "spring" / "spring.pdf")
    desk.edit("layouts/spring/letter.toml", "spring.pdf#2", "spring.pdf#1")
    result = desk.invoke(command, "layouts/spring", "--lang", "ja")
    assert result.exit_code == 1
    assert "spring.pdf" in result.stderr
    assert "DeviceRGB" in result.stderr
    assert "(オブジェクト 7)" in result.stderr
    assert not list(desk.root.rglob("manifest.csv"))
