"""Characters are drawn as themselves or reported missing, and extract as what they are."""

from collections.abc import Callable
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.fonts import FontLibrary, MissingGlyphError, chain_of, load_face, load_fonts
from dmgen.model.contents import Line, MixedText, Run
from dmgen.model.layout import K100
from tests.conftest import Printed, extracted, page, press_kit, print_pages
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


def test_what_has_no_id_left_stands_in_a_second_face_of_the_font(
    make_font: MakeFont, monkeypatch: pytest.MonkeyPatch, free_ids: Callable[..., object]
) -> None:
    """IPAmj Mincho has more characters and forms than a PDF font has ids: every one of them prints all the same."""
    monkeypatch.setattr("dmgen.fonts.face._free_ids", free_ids)
    sequences = [(0x8FBA, 0xE0100, None), (0x8FBA, 0xE0101, "B")]
    path = make_font(cmap={0x8FBA: "C", 0x20000: "A"}, sequences=sequences, advances={"B": 700})
    library = load_fonts(["own"], {"own": path})
    assert set(library) == {"own", "own+"}
    text = "辺\U000e0101辺\U000e0100辺\U00020000"
    chars, ends, glyphs = chain_of(library, ["own"]).measure(text)
    assert [glyph.font for glyph in glyphs] == ["own+", "own+", "own", "own"]
    assert ends == [0, 700, 1200, 1700, 2200]
    drawn = [library[glyph.font].glyphs[glyph.id] for glyph in glyphs]
    assert drawn == [2, 3, 3, 1]
    runs = tuple(Run(glyph.font, glyph.id) for glyph in glyphs)
    item = MixedText("own", 4.0, 1.0, K100, 10.0, 20.0, 6.0, [Line(0.0, 0.0, chars, runs)])
    assert extracted(print_pages(press_kit(library), [page(item)])) == text


# Marks

JOINED = (
    "か\u309aき\u309aく\u309aけ\u309aこ\u309aカ\u309aキ\u309aク\u309aケ\u309aコ\u309aセ\u309aツ\u309aト\u309aㇷ\u309a"
)


@pytest.mark.parametrize("font", ["mincho", "gothic"])
def test_kana_with_a_mark_are_one_glyph_and_extract_as_two_characters(
    font: str, fonts: FontLibrary, printed: Printed, text
) -> None:
    """JIS X 0213 has them, Unicode has no character for them: two glyphs side by side would be か ゜."""
    ids, ends = fonts[font].measure(JOINED)
    assert (len(ids), ends[-1]) == (14, 14_000)
    assert len({fonts[font].glyphs[char] for char in ids}) == 14
    assert not {fonts[font].glyphs[char] for char in ids} & {fonts[font].glyphs[char] for char in JOINED[::2]}
    assert extracted(printed(page(text(JOINED, font=font)))) == JOINED


@pytest.mark.parametrize(
    ("written", "drawn"),
    [("か\u3099", "が"), ("ハ\u309a", "パ"), ("e\u0301", "é"), ("Pa\u0301l", "Pál"), ("e\u0302\u0301", "ế")],
)
def test_marks_join_the_character_before_them(fonts: FontLibrary, written: str, drawn: str) -> None:
    face = next(face for face in fonts.values() if all(face.find(char) for char in drawn))
    assert face.measure(written) == face.measure(drawn)


def test_no_kanji_is_composed(fonts: FontLibrary) -> None:
    """NFC makes 神 (U+FA19) the plain 神: another form of the name."""
    assert fonts["mincho"].measure("\ufa19か\u3099")[0] == "\ufa19が"


@pytest.mark.parametrize("pair", ["m\u0303", "ま\u3099", "山\u3099", "\u3099", "あ\u0301", "a\u20dd"])
@pytest.mark.parametrize("font", ["mincho", "gothic", "mono"])
def test_a_mark_that_no_glyph_joins_is_missing(fonts: FontLibrary, font: str, pair: str) -> None:
    """The fonts have these marks as glyphs of their own, to be placed: drawn in a row they would stand beside."""
    with pytest.raises(MissingGlyphError):
        fonts[font].measure(pair)


def test_private_planes_are_nobodys(make_font: MakeFont) -> None:
    face = load_face("own", make_font(cmap={0x41: "A", 0xF0000: "B"}))
    assert face.find("\U000f0000") is None


def test_a_file_that_was_changed_is_read_again(make_font: MakeFont) -> None:
    """Faces are kept for the papers of a job; what a shop puts in a file's place is another font."""
    path = make_font(cmap={0x41: "A"}, advances={"A": 500})
    assert load_face("own", path) is load_face("own", path)
    assert make_font(cmap={0x41: "A"}, advances={"A": 900}) == path
    assert load_face("own", path).advances["A"] == 900
