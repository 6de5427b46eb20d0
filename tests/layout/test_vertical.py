"""Words in columns: how clusters stand, where columns end, and that nothing leaves its box."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.errors import CampaignError
from dmgen.fonts import Face, FontLibrary, MissingGlyphError, vertical_key
from dmgen.layout import SetError
from dmgen.layout.clusters import Posture
from dmgen.layout.vertical import ColumnSetter, length
from dmgen.model.contents import Columns, Stamp
from dmgen.model.layout import Align, Box, Direction, Fit, Numerals, Style, TextSlot
from tests.layout.conftest import MakeMaster, Set, set_piece

STYLE = Style("mincho", 4.0, 6.0, direction=Direction.VERTICAL)
BOX = Box(20, 20, 60, 40)
MakeSetter = Callable[..., ColumnSetter]


@pytest.fixture(scope="module")
def setter(fonts: FontLibrary) -> MakeSetter:
    def make(numerals: Numerals = Numerals.SIDE_BY_SIDE, long: float = 40.0, **style: object) -> ColumnSetter:
        own = replace(STYLE, **style)  # type: ignore[arg-type]
        return ColumnSetter.make(fonts, own, long, numerals)

    return make


def _without(face: Face, chars: str) -> Face:
    """A face that lacks some characters, as a shop's own often does."""
    glyphs = {char: glyph for char, glyph in face.glyphs.items() if char not in chars}
    return replace(face, glyphs=glyphs, plain=re.compile(f"(?:(?![{chars}]){face.plain.pattern[:-1]})*"))


def test_what_the_font_lacks_stands_in_from_the_next_one(fonts: FontLibrary) -> None:
    """A rare kanji of a name stands upright in the other font; a Latin letter no font has upright is turned."""
    library = fonts | {"mincho": _without(fonts["mincho"], "﨑")}
    own = replace(STYLE, fallback=("gothic", "mono"))
    setter = ColumnSetter.make(library, own, 40.0, Numerals.SIDE_BY_SIDE)
    (column,) = setter.columns(["山﨑ő12様"], setter.steps[0])
    shown = [(run.font, run.turned, run.text) for run in column]
    assert shown == [
        (vertical_key("mincho"), False, "山"),
        (vertical_key("gothic"), False, "﨑"),
        ("mono", True, "ő"),
        ("mincho", False, "12"),
        (vertical_key("mincho"), False, "様"),
    ]
    heights = [run.y for run in column]
    assert heights == sorted(heights)
    with pytest.raises(MissingGlyphError):
        setter.columns(["\U0002f800\u0e01"], setter.steps[0])


def _shown(setter: ColumnSetter, text: str) -> str:
    """Clusters between bars: digits that share an em in brackets, turned words in lower-case t<>."""
    out, turned = [], ""
    for cluster in (*setter.clusters(text), None):
        if cluster and cluster.posture is Posture.TURNED:
            turned += cluster.text
            continue
        out += [f"t<{turned}>"] if turned else []
        turned = ""
        if cluster and cluster.posture is not Posture.ROOM:
            out.append(f"[{cluster.text}]" if cluster.posture is Posture.ACROSS else cluster.text)
    return "|".join(out)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("5月12日", "5|月|[12]|日"),
        ("2026年", "2|0|2|6|年"),
        ("12345円", "t<12345>|円"),
        ("1,000円", "t<1,000>|円"),
        ("20%引き", "[20]|%|引|き"),
        ("A棟", "A|棟"),
        ("JR線A2口", "J|R|線|A|2|口"),
        ("Wi-Fiの館", "t<Wi-Fi>|の|館"),
        ("Aoba Store店", "t<Aoba Store>|店"),
        ("SPRING", "t<SPRING>"),
        ("(株)", "(|株|)"),
        ("é館", "t<é>|館"),
        ("三－八", "三|t<－>|八"),
    ],
)
def test_how_words_and_numbers_stand(setter: MakeSetter, text: str, shown: str) -> None:
    assert _shown(setter(), text) == shown


def test_numerals_as_the_style_says(setter: MakeSetter) -> None:
    assert _shown(setter(Numerals.UPRIGHT), "12月12345") == "1|2|月|1|2|3|4|5"
    assert _shown(setter(Numerals.KANJI), "3丁目30-8") == "三|丁|目|三|〇|t<－>|八"


def test_strokes_of_neighbouring_kanji_digits_are_kept_apart(setter: MakeSetter) -> None:
    """Set solid, 一二 in a column reads as 三."""
    kanji = setter(Numerals.KANJI)
    one, two = (length(kanji.clusters(text), kanji.steps[0]) for text in ("12", "45"))
    assert one == pytest.approx(two + 0.2 * 4.0)


def test_a_number_is_not_divided(setter: MakeSetter) -> None:
    kanji = setter(Numerals.KANJI, long=4.0 * 6)
    columns = kanji.broken(kanji.clusters("千代田区千代30-8"), kanji.steps[0].measure, kanji.steps[0])
    assert ["".join(cluster.text for cluster in column.clusters) for column in columns] == ["千代田区千代", "三〇－八"]


def test_punctuation_begins_no_column_and_may_reach_over_its_end_by_half(setter: MakeSetter) -> None:
    plain = setter(long=4.0 * 4.5)
    step = plain.steps[0]
    columns = plain.broken(plain.clusters("春の新茶。夏の新茶"), step.measure, step)
    assert ["".join(cluster.text for cluster in column.clusters) for column in columns] == ["春の新茶。", "夏の新茶"]
    assert columns[0].length == pytest.approx(4.0 * 4.5)


def test_a_blank_where_a_column_ends_is_dropped(setter: MakeSetter) -> None:
    plain = setter(long=16.0)
    columns = plain.broken(plain.clusters("青葉花子 青葉太郎"), plain.steps[0].measure, plain.steps[0])
    assert ["".join(cluster.text for cluster in column.clusters) for column in columns] == ["青葉花子", "青葉太郎"]


@given(
    text=st.text(st.sampled_from("青葉の春、。「」ー… Wavy12 5A-"), min_size=1, max_size=60),
    tracking=st.sampled_from([0.0, 0.1]),
    align=st.sampled_from(list(Align)),
)
@settings(max_examples=200, deadline=None)
def test_columns_hold_every_character_in_order_and_keep_to_their_length(
    setter: MakeSetter, text: str, tracking: float, align: Align
) -> None:
    own = setter(tracking=tracking, align=align)
    step = own.steps[0]
    columns = own.columns([text], step)
    shown = "".join(run.text for column in columns for run in column)
    assert shown.replace(" ", "") == text.replace(" ", "")
    for line in own.broken(own.clusters(text), step.measure, step):
        assert line.length <= own.length + 0.52 * step.size  # punctuation may reach over by its blank half
    for column in columns:
        assert all(-0.5 * step.size <= run.y <= own.length + step.size for run in column)
        heights = [run.y for run in column]
        assert heights == sorted(heights)


def test_alignment_moves_along_the_column(setter: MakeSetter) -> None:
    starts = {align: setter(align=align).columns(["春"], setter().steps[0])[0][0].y for align in Align}
    assert starts == {Align.LEFT: 0.0, Align.JUSTIFY: 0.0, Align.CENTER: 18.0, Align.RIGHT: 36.0}


def test_tracking_opens_every_gap_but_those_of_a_word(setter: MakeSetter) -> None:
    [runs] = setter(tracking=0.25).columns(["春の ab茶"], setter().steps[0])
    own = setter().columns(["春の ab茶"], setter().steps[0])[0]
    assert [run.text for run in runs] == ["春", "の", " ", "ab", "茶"]
    assert runs[-1].y - own[-1].y == pytest.approx(4 * 1.0)


# Slots


def _text(words: str = "body", box: Box = BOX, **style: object) -> TextSlot:
    return TextSlot(name="body", box=box, words=words, style=replace(STYLE, **style))  # type: ignore[arg-type]


def _columns(piece: Set) -> Columns:
    [item] = piece.items(Columns)
    return item


def _words(item: Columns) -> list[str]:
    return ["".join(run.text for run in column) for column in item.columns]


def test_paragraphs_stand_from_the_right_edge_to_the_left(make_master: MakeMaster) -> None:
    item = _columns(set_piece(make_master(_text(), words={"body": "{{ name }}様\n\n新茶の季節です。"})))
    assert _words(item) == ["青葉 花子様", "", "新茶の季節です。"]
    assert (item.x, item.y, item.leading) == (80 - 2.0, 20, 6.0)


def test_words_for_everybody_are_a_form(make_master: MakeMaster) -> None:
    piece = set_piece(make_master(_text(), words={"body": "新茶の季節です。"}))
    assert piece.pages[0].items == [Stamp("0.0", 0.0, 0.0)]
    assert _words(piece.master.forms["0.0"][0]) == ["新茶の季節です。"]  # type: ignore[arg-type]


def test_long_words_are_set_flat_then_smaller_then_refused(make_master: MakeMaster) -> None:
    master = make_master(_text(box=Box(20, 20, 10, 40), fit=Fit.CONDENSE), words={"body": "{{ name }}"})
    flat = _columns(set_piece(master, {"name": "春" * 24}))
    assert (flat.size, len(flat.columns)) == (4.0, 2)
    assert 0.8 <= flat.flat < 1.0
    small = _columns(set_piece(master, {"name": "春" * 40}))
    assert (small.size < 4.0, small.flat) == (True, 0.8)
    with pytest.raises(SetError, match="overset"):
        set_piece(master, {"name": "春" * 400})


def test_words_in_the_middle_of_their_box(make_master: MakeMaster) -> None:
    item = _columns(set_piece(make_master(_text(middle=True), words={"body": "{{ name }}"})))
    assert item.x == pytest.approx(50.0)


def test_fixed_words_that_do_not_fit_are_the_layouts_fault(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match=r"slot body: the words do not fit"):
        make_master(_text(box=Box(20, 20, 5, 20)), words={"body": "青葉花子" * 4})


def test_a_font_without_vertical_forms_is_refused(make_master: MakeMaster, fonts: FontLibrary) -> None:
    with pytest.MonkeyPatch.context() as patch:
        bare = replace(fonts[vertical_key("mincho")], has_forms=False)  # type: ignore[call-arg]
        patch.setitem(fonts, vertical_key("mincho"), bare)
        with pytest.raises(CampaignError, match=r"slot body: the font mincho has no forms for vertical writing"):
            make_master(_text(), words={"body": "春"})
