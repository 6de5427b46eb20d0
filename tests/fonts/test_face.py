"""Characters are drawn as themselves or reported missing, and extract as what they are."""

from collections.abc import Callable
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.fonts import FontLibrary, MissingGlyphError, load_face
from tests.conftest import Printed, extracted, page
from tests.fonts.conftest import MakeFont

LOOK_ALIKE = "～〜田⽥長⻑⾧生⽣二⼆神﨑髙﨑福塚德"
RARE = ("𠮷野家", "葛\U000e0100城と葛城", "辻\U000e0100さん", "𩸽𠀋")


@pytest.mark.parametrize("font", ["mincho", "gothic"])
@pytest.mark.parametrize("words", [LOOK_ALIKE, *RARE, "100-0001 拝啓　春 (a\\b)", "¥1,000 — ‘a’ “b” …"])
def test_text_extracts_as_it_was_drawn(words: str, font: str, printed: Printed, text) -> None:
    """FOP extracts 長 as ⻑; one glyph of Noto serves several characters, so ids of glyphs cannot tell them apart."""
    assert extracted(printed(page(text(words, font=font)))) == words


def test_an_ordinary_character_is_its_own_id(fonts: FontLibrary) -> None:
    ids, ends = fonts["mincho"].measure("青葉 A")
    assert ids == "青葉 A"
    assert ends[:3] == [0, 1000, 2000]
    assert len(ends) == len(ids) + 1


MIXED = st.text(st.sampled_from("青葉堂の春、。 Wavy1-ｱ𠮷𩸽ﾞ—"), max_size=90)


@given(words=MIXED, font=st.sampled_from(["mincho", "gothic"]))
@settings(max_examples=300, deadline=None)
def test_widths_add_up_character_by_character(fonts: FontLibrary, words: str, font: str) -> None:
    face = fonts[font]
    ids, ends = face.measure(words)
    assert len(ids) == len(words)
    assert ends == list(accumulate((face.advances[char] for char in ids), initial=0))


def test_a_rare_character_is_one_id_that_no_character_has(fonts: FontLibrary) -> None:
    face = fonts["mincho"]
    for cluster, char in face.clusters.items():
        assert len(char) == 1
        assert not face.plain.fullmatch(cluster)
        assert not face.plain.fullmatch(char)
        assert not "\ud800" <= char <= "\udfff"
    assert len(set(face.clusters.values())) == len(face.clusters)


@pytest.mark.parametrize("font", ["mincho", "gothic", "mono"])
def test_ids_of_rare_characters_cannot_be_typed(fonts: FontLibrary, font: str) -> None:
    """U+0704 is the id of 𠮷: as a customer's own character it is missing, not somebody else's kanji."""
    face = fonts[font]
    for typed in ["\u0704", *list(face.clusters.values())[::97]]:
        for name in (typed, f"山田{typed}" if font != "mono" else f"a{typed}"):
            with pytest.raises(MissingGlyphError) as caught:
                face.measure(name)
            assert caught.value.code_points == f"U+{ord(typed):04X}"


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("山田\ue000", "U+E000"),
        ("👍", "U+1F44D"),
        ("山\U000e01ef", "U+5C71 U+E01EF"),
        ("\U000e0100", "U+E0100"),
        ("葛\U000e0100\U000e0100", "U+E0100"),
        ("a\x1fb", "U+001F"),
        ("a\nb", "U+000A"),
        ("\ud842", "U+D842"),
        ("กี", "U+0E01"),
    ],
)
def test_a_missing_glyph_is_named_by_its_code_points(fonts: FontLibrary, name: str, missing: str) -> None:
    with pytest.raises(MissingGlyphError) as caught:
        fonts["mincho"].measure(name)
    assert caught.value.code_points == missing


@pytest.mark.parametrize("font", ["mincho", "gothic", "mono"])
def test_no_character_is_drawn_as_notdef(fonts: FontLibrary, font: str) -> None:
    assert 0 not in fonts[font].glyphs.values()


def test_private_characters_are_nobodys_even_where_the_font_has_them(make_font: MakeFont) -> None:
    """外字 differ from machine to machine: what the sender saw is not what the font draws."""
    face = load_face("own", make_font(cmap={0x41: "A", 0xE000: "B"}))
    with pytest.raises(MissingGlyphError):
        face.measure("\ue000")


def test_advances_are_in_thousandths_of_any_em(make_font: MakeFont) -> None:
    face = load_face("own", make_font(units=2048, cmap={0x41: "A"}, advances={"A": 1024}))
    assert face.measure("AA") == ("AA", [0, 500, 1000])


def test_a_font_with_more_rare_characters_than_free_ids_loses_only_the_last(
    make_font: MakeFont, monkeypatch: pytest.MonkeyPatch, free_ids: Callable[..., object]
) -> None:
    """IPAmj Mincho comes near: the font is usable, and what has no id is missing."""
    monkeypatch.setattr("dmgen.fonts.face._free_ids", free_ids)
    face = load_face("own", make_font(cmap={0x41: "A", 0x20000: "B", 0x20001: "C"}))
    assert face.measure("A\U00020000")[0] == "A\u0600"
    with pytest.raises(MissingGlyphError) as caught:
        face.measure("\U00020001")
    assert caught.value.code_points == "U+20001"
