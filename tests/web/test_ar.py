"""The folder of the AR page: what stands in it, in whose words, and which campaigns have none."""

import hashlib
import html
import json
import re
from pathlib import Path

import pytest

from dmgen.web.ar import _VENDOR, TOLERANCE
from tests.browser.ar.desk import AR, CAMPAIGN, FILM, LAYOUT, MARKED, SHOP, ar_desk
from tests.jobs import ROOT, Desk


@pytest.fixture
def desk(tmp_path) -> Desk:
    return ar_desk(tmp_path)


def built(desk: Desk, *args: str) -> Path:
    result = desk.invoke("ar", "build", "layouts/note", "--out", "ar", *args)
    assert result.exit_code == 0, result.output
    return desk.root / "ar"


def refused(desk: Desk, code: int = 1) -> str:
    result = desk.invoke("ar", "build", "layouts/note", "--out", "ar", "--lang", "en")
    assert result.exit_code == code, result.output
    assert not (desk.root / "ar").exists()
    return result.output


def test_the_folder_holds_the_page_and_all_it_needs(desk):
    folder = built(desk)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {".dmgen-site.json"}
    assert names == {
        "index.html",
        "campaign.json",
        "ar-detect.js",
        "content.mp4",
        "js-aruco2/cv.js",
        "js-aruco2/aruco.js",
        "js-aruco2/LICENSE.txt",
    }
    assert (folder / "content.mp4").read_bytes() == FILM.read_bytes()


def test_the_page_knows_marker_and_place_in_millimetres(desk):
    """The marker's black square, not its box with the blank around it: the content is measured from what is seen."""
    told = json.loads((built(desk) / "campaign.json").read_text("utf-8"))
    size = 42 * 8 / 11
    edge = (42 - size) / 2
    assert told["marker"] == {
        "dictionary": "ARUCO_MIP_36h12",
        "id": 17,
        "maxHammingDistance": 4,
        "box": [round(148 + edge, 3), round(120 + edge, 3), round(size, 3), round(size, 3)],
    }
    assert told["content"]["place"] == [22, 122, 112, 63]
    assert TOLERANCE == 4, "measured in facts/ar.md: more sees markers in QR codes"


def test_js_aruco2_is_unchanged_and_beside_its_licence():
    """js-aruco2 2.0.0 of npm; whoever brings a new version runs the browser's tests and writes new sums."""
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in _VENDOR.iterdir()}
    assert sums == {"cv.js": "1cb9e470388b32fb", "aruco.js": "5fbd6344b8152de3", "LICENSE.txt": "1a304e21bce4169c"}
    third = (ROOT / "THIRD_PARTY.md").read_text("utf-8")
    assert "js-aruco2 2.0.0" in third
    assert "dmgen/web/vendor/js-aruco2" in third


def test_nothing_in_the_folder_names_anybody_elses_host(desk):
    """Beside the vendored files' own comments: no address is there to be asked."""
    folder = built(desk)
    for name in ("index.html", "campaign.json", "ar-detect.js"):
        addresses = re.findall(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}[^\s\"'<]*", (folder / name).read_text("utf-8"))
        assert [address for address in addresses if address != "http://www.w3.org/2000/svg"] == [], name
    page = html.unescape((folder / "index.html").read_text("utf-8"))
    assert "default-src 'none'" in page
    assert not re.search(r"unsafe|\*", re.search(r'Security-Policy" content="([^"]*)"', page)[1])


def test_what_people_write_is_text_on_the_page(desk):
    desk.edit(CAMPAIGN, "新茶の便りを、お手紙の上で", "<script>alert(1)</script>")
    desk.edit(CAMPAIGN, "今年の茶畑から、短い映像をお届けします。", '\\"><img src=x>')
    page = (built(desk) / "index.html").read_text("utf-8")
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_speaks_the_shops_language(desk):
    assert "カメラで見る" in (built(desk) / "index.html").read_text("utf-8")
    desk.edit(SHOP, '"ja"', '"en"')
    desk.edit(
        CAMPAIGN, 'title   = "新茶の便りを、お手紙の上で"\ntext    = "今年の茶畑から、短い映像をお届けします。"\n', ""
    )
    page = (built(desk) / "index.html").read_text("utf-8")
    assert '<html lang="en">' in page
    assert "Use the camera" in page
    assert not re.search("[ぁ-ん]", page.replace("青葉堂オンラインストア", ""))


def test_the_same_campaign_makes_the_same_bytes(desk):
    folder = built(desk)
    first = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    built(desk)
    assert {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == first


def test_json_says_where_the_folder_belongs(desk):
    result = desk.invoke("ar", "build", "layouts/note", "--out", "ar", "--json")
    told = json.loads(result.stdout)
    assert told["url"] == "https://aobado.example.jp/dm/note/ar/"
    assert "campaign.json" in told["files"]


def test_a_campaign_without_ar_is_refused(desk):
    desk.edit(CAMPAIGN, AR, "")
    desk.edit(LAYOUT, MARKED, "")
    desk.edit(LAYOUT, 'link = "ar"', 'link = "coupon"')
    assert "there is no [ar]" in refused(desk)


def test_letters_without_the_marker_are_refused(desk):
    desk.edit(LAYOUT, MARKED, "")
    assert 'kind = "ar"' in refused(desk)


def test_letters_with_the_marker_at_different_places_are_refused(desk):
    """One page serves all letters of a campaign: what lies right over one would lie wrong over the other."""
    moved = 'extends = "letter"\n[slots]\nar = { kind = "ar", box = [148, 110, 42, 42] }\n'
    desk.write("layouts/note/other.toml", moved)
    desk.edit(
        CAMPAIGN,
        "segments = [{",
        'segments = [{ id = "some", label = "一部", when = "name == \'x\'", layout = "other" }, {',
    )
    told = refused(desk)
    assert "other.toml" in told
    assert "slot ar" in told


def test_a_folder_of_somebody_else_is_left_alone(desk):
    (desk.root / "ar").mkdir()
    (desk.root / "ar" / "mine.txt").write_text("mine", "utf-8")
    result = desk.invoke("ar", "build", "layouts/note", "--out", "ar")
    assert result.exit_code == 5
    assert [path.name for path in (desk.root / "ar").iterdir()] == ["mine.txt"]


def test_content_far_from_its_marker_is_remarked(desk):
    desk.edit(CAMPAIGN, "[22, 122, 112, 63]", "[0, 5, 60, 35]")
    result = desk.invoke("ar", "build", "layouts/note", "--out", "ar", "--json", "--lang", "en")
    assert "marker widths" in json.loads(result.stdout)["remarks"][0]
