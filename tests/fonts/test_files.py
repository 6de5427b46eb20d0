"""A font file that cannot be embedded is refused in words, whatever is wrong with it."""

import random
from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont

from dmgen.errors import CampaignError
from dmgen.fonts import load_face, load_fonts
from dmgen.resources import asset
from tests.fonts.conftest import MakeFont


def _refused(path: Path) -> None:
    with pytest.raises(CampaignError, match=r"not a TrueType font .* give the path of a \.ttf file") as caught:
        load_face("own", path)
    assert str(path) in str(caught.value)


def test_postscript_outlines_are_refused(make_font: MakeFont) -> None:
    _refused(make_font(cmap={0x41: "A"}, cff=True))


def test_a_collection_is_refused(make_font: MakeFont, tmp_path: Path) -> None:
    collection = TTCollection()
    collection.fonts = [TTFont(make_font(cmap={0x41: "A"})), TTFont(make_font(cmap={0x42: "B"}))]
    collection.save(tmp_path / "two.ttc")
    _refused(tmp_path / "two.ttc")


def test_a_web_font_is_refused(make_font: MakeFont, tmp_path: Path) -> None:
    """fontTools reads WOFF, but what is embedded is read from the file as it is."""
    font = TTFont(make_font(cmap={0x41: "A"}))
    font.flavor = "woff"
    font.save(tmp_path / "own.woff")
    _refused(tmp_path / "own.woff")


def test_a_font_without_unicode_is_refused(make_font: MakeFont, tmp_path: Path) -> None:
    font = TTFont(make_font(cmap={0x41: "A"}))
    font["cmap"].tables = []
    font.save(tmp_path / "symbols.ttf")
    _refused(tmp_path / "symbols.ttf")


@pytest.mark.parametrize("content", [b"", b"garbage", b"\0\1\0\0" + b"\xff" * 64, b"OTTO", b"%PDF-1.6"])
def test_what_is_no_font_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.ttf"
    path.write_bytes(content)
    _refused(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    _refused(tmp_path / "nothing.ttf")


def test_a_damaged_font_is_refused_or_read_but_never_a_traceback(tmp_path: Path) -> None:
    sound = asset("fonts", "IBMPlexMono-Medium.ttf").read_bytes()
    chance, path, refused = random.Random(7), tmp_path / "own.ttf", 0
    for number in range(60):
        data = bytearray(sound)
        if number % 2:
            del data[chance.randrange(len(data)) :]
        else:
            place = chance.randrange(800)
            data[place : place + 4] = chance.randbytes(4)
        path.write_bytes(data)
        try:
            load_face("own", path)
        except CampaignError:
            refused += 1
    assert refused > 20


def test_a_shops_own_font_comes_before_a_shipped_one(make_font: MakeFont) -> None:
    library = load_fonts(["mincho", "mono"], {"mincho": make_font(cmap={0x41: "A"}), "unused": Path("nowhere.ttf")})
    assert (library["mincho"].name, library["mono"].name) == ("Own", "IBMPlexMono-Medium")
