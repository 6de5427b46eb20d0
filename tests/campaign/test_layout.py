"""Layouts: what `extends` merges and what it replaces, pages, styles and defaults."""

import pytest

from dmgen.model.layout import Align, Artwork, Fit, Page

POINT = 25.4 / 72


def _words(name: str, box: str = "[20, 20, 50, 10]") -> str:
    return f'{{ kind = "text", words = "{name}", box = {box} }}'


PARENT = f"""
[page]
size = "A5"
bleed = 2
folds = [70]
[words]
a = "parent a"
b = "parent b"
[style]
body = {{ font = "mincho", size = "9pt", leading = "20pt", align = "center" }}
mine = {{ font = "gothic", size = "8pt" }}
[slots]
first = {_words("a")}
second = {_words("b")}
third = {{ kind = "text", words = "a", style = "mine", box = [20, 80, 50, 10] }}
[[pages]]
when = "points > 0"
slots = {{ back = {_words("b")} }}
"""


@pytest.fixture
def child(desk):
    desk.write("parent.toml", PARENT)
    return lambda text, parent="parent": desk.layout(f'extends = "{parent}"\n{text}')


def _names(page: Page) -> list[str]:
    return [slot.name for slot in page.slots]


def test_an_empty_child_is_its_parent(desk, child):
    layout = child("")
    assert (layout.name, layout.file) == ("letter", desk.folder / "letter.toml")
    assert (layout.width, layout.height, layout.bleed, layout.folds) == (148, 210, 2, (70,))
    assert layout.words == {"a": "parent a", "b": "parent b"}
    assert [_names(page) for page in layout.pages] == [["first", "second", "third"], ["back"]]
    assert [page.when and page.when.text for page in layout.pages] == [None, "points > 0"]


def test_words_are_replaced_by_name_and_know_their_file(desk, child):
    layout = child('[words]\nb = "child b"\nc = "child c"\n')
    assert layout.words == {"a": "parent a", "b": "child b", "c": "child c"}
    assert layout.origins["a"][0] == desk.folder / "parent.toml"
    assert layout.origins["b"] == (desk.folder / "letter.toml", 3)


def test_page_keys_are_merged_one_by_one(child):
    layout = child("[page]\nbleed = 5\n")
    assert (layout.width, layout.bleed, layout.folds) == (148, 5, (70,))


def test_a_style_is_replaced_whole_and_inherited_slots_take_it(child):
    first, _, third = child('[style]\nbody = { font = "gothic", size = "10pt" }\n').pages[0].slots
    assert (first.style.font, first.style.align) == ("gothic", Align.LEFT)
    assert first.style.leading == pytest.approx(16 * POINT)
    assert (third.style.font, third.style.size) == ("gothic", pytest.approx(8 * POINT))


def test_a_slot_is_replaced_whole_in_its_place_and_new_ones_come_last(child):
    layout = child(f"[slots]\nnew = {_words('a')}\nsecond = {_words('a', '[1, 1, 9, 9]')}\n")
    page = layout.pages[0]
    assert _names(page) == ["first", "second", "third", "new"]
    assert (page.slots[1].words, page.slots[1].box.left) == ("a", 1)


def test_false_takes_an_inherited_slot_away(child):
    assert _names(child("[slots]\nsecond = false\n").pages[0]) == ["first", "third"]


def test_pages_replace_the_list_of_the_parent(child):
    layout = child(f"[[pages]]\nslots = {{ other = {_words('a')} }}\n")
    assert [_names(page) for page in layout.pages] == [["first", "second", "third"], ["other"]]


def test_an_empty_list_of_pages_takes_those_of_the_parent_away(child):
    assert [_names(page) for page in child("pages = []").pages] == [["first", "second", "third"]]


def test_extends_goes_through_a_chain_and_out_of_the_folder(desk, child):
    desk.write("../_shared/base.toml", PARENT)
    desk.write("middle.toml", 'extends = "../_shared/base"\n[words]\na = "middle a"\n')
    layout = child('[words]\nb = "child b"\n', parent="middle")
    assert layout.words == {"a": "middle a", "b": "child b"}
    assert layout.origins["a"][0].name == "middle.toml"


def test_pictures_stand_beside_the_file_that_names_them(desk):
    desk.write("../_shared/base.toml", '[slots]\nx = { kind = "image", file = "p.jpg", box = [0, 0, 9, 9] }\n')
    picture = desk.write("../_shared/p.jpg", "")
    (slot,) = desk.layout('extends = "..\\\\_shared\\\\base.toml"').pages[0].slots
    assert slot.file == picture.resolve()


def test_a_circle_is_refused(desk, child, refused):
    desk.write("parent.toml", 'extends = "letter"\n')
    refused(lambda: child(""), ("parent.toml", "extends", "letter.toml → parent.toml → letter.toml"))


def test_a_slip_in_the_parent_names_the_parent(desk, child, refused):
    text = PARENT.replace('words = "b"', 'words = "x"', 1)
    desk.write("parent.toml", text)
    line = text.split("\nsecond")[0].count("\n") + 2
    refused(lambda: child(""), (f"parent.toml, line {line}: slots.second.words", "it has: a, b"))


def test_a_child_that_shrinks_the_sheet_hears_of_the_slots_and_folds_left_outside(child, refused):
    refused(lambda: child("[page]\nsize = [60, 200]\n"), ("parent.toml", "slots.first.box", "60 × 200"))
    refused(lambda: child("[page]\nsize = [148, 60]\n"), ("parent.toml", "page.folds", "below 60"))


def test_without_slots_pages_begin_the_letter(desk):
    layout = desk.layout(f'[words]\na = "x"\n[[pages]]\nslots = {{ only = {_words("a")} }}\n')
    assert [_names(page) for page in layout.pages] == [["only"]]


@pytest.mark.parametrize("text", ["", '[words]\na = "x"', "pages = []"])
def test_a_layout_without_any_slot_is_refused(desk, refused, text):
    refused(lambda: desk.layout(text), ("letter.toml", "no slots", "[slots]"))


def test_landscape_and_sides(desk):
    layout = desk.slot('{ kind = "panel", box = [0, 0, 1, 1] }', '[page]\nsize = "A5"\nlandscape = true\nsides = 2')
    assert (layout.width, layout.height, layout.sides, layout.bleed) == (210, 148, 2, 3)


def test_the_sheet_is_a4_unless_said(desk):
    layout = desk.slot('{ kind = "panel", box = [0, 0, 1, 1] }')
    assert (layout.width, layout.height, layout.sides, layout.bleed, layout.folds) == (210, 297, 1, 3, ())


def test_every_key_of_a_style(desk):
    style = (
        'font = "brush", size = 4, leading = "1cm", fit = "shrink", align = "justify", '
        "color = [0, 100, 0, 0], tracking = 0.05, middle = true"
    )
    desk.write("../brush.ttf", "")
    desk.change("../shop.toml", "[columns] ", '[fonts]\nbrush = "brush.ttf"\n[columns] ')
    slot = '{ kind = "text", words = "hello", style = "big", box = [20, 20, 50, 10] }'
    (text,) = desk.slot(slot, f"[style]\nbig = {{ {style} }}").pages[0].slots
    big = text.style
    assert (big.font, big.size, big.leading, big.fit, big.align) == ("brush", 4, 10, Fit.SHRINK, Align.JUSTIFY)
    assert (big.color, big.tracking, big.middle) == ((0, 1, 0, 0), 0.05, True)


def test_a_broken_layout_that_no_segment_uses_is_not_read(desk):
    desk.write("draft.toml", "[[[")
    assert "draft" not in desk.load().layouts


ARTWORK = {"spring.pdf": ("spring.pdf", 1), "spring.pdf#2": ("spring.pdf", 2), "a#b.pdf": ("a#b.pdf", 1)}


@pytest.mark.parametrize("written", ARTWORK)
def test_artwork_is_a_page_of_a_file_beside_the_layout(desk, written):
    name, number = ARTWORK[written]
    desk.write(name, "")
    layout = desk.layout(f'[page]\nsize = [120, 80]\nbleed = 2\nartwork = "{written}"\n')
    assert layout.pages == (Page((), artwork=Artwork(desk.folder / name, number, 120.0, 80.0, 2.0)),)


def test_each_page_has_artwork_of_its_own_and_may_have_nothing_else(desk):
    desk.write("a.pdf", "")
    pages = f'[[pages]]\nartwork = "a.pdf#3"\n[[pages]]\nslots = {{ x = {_words("a")} }}\n'
    layout = desk.layout(f'[page]\nartwork = "a.pdf"\n[words]\na = "x"\n[slots]\nx = {_words("a")}\n{pages}')
    assert [(_names(page), page.artwork and page.artwork.page) for page in layout.pages] == [
        (["x"], 1),
        ([], 3),
        (["x"], None),
    ]


def test_artwork_is_inherited_from_where_it_stands_and_replaced(desk):
    desk.write("../_shared/old.pdf", "")
    desk.write("new.pdf", "")
    desk.write("../_shared/base.toml", '[page]\nbleed = 3\nartwork = "old.pdf"\n')
    extends = 'extends = "../_shared/base.toml"\n'
    inherited = desk.layout(f"{extends}[page]\nbleed = 5\n").pages[0].artwork
    assert (inherited.file.name, inherited.file.is_file(), inherited.bleed) == ("old.pdf", True, 5.0)
    assert desk.layout(f'{extends}[page]\nartwork = "new.pdf"\n').pages[0].artwork.file == desk.folder / "new.pdf"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('[page]\nartwork = "no.pdf"', ("line 2: page.artwork", "there is no file", "no.pdf")),
        ('[page]\nartwork = "a.pdf#0"', ("page.artwork", "pages count from 1")),
        ("[page]\nartwork = 2", ("page.artwork", "text in quotes")),
        ('[page]\nartwork = ""', ("page.artwork", "some text")),
        ("[page]\nartwork = 'a\\b.pdf\t'", ("page.artwork",)),
        ('[[pages]]\nartwork = "no.pdf"', ("line 2: pages[1].artwork", "there is no file")),
        ("[[pages]]\nwhen = 'points > 0'", ("pages[1]", "slots, artwork or both")),
    ],
)
def test_artwork_that_is_not_there_is_refused_where_it_is_named(desk, refused, text, parts):
    refused(lambda: desk.layout(text), parts)


def test_every_style_has_fonts_to_fall_back_on(desk):
    """Its own first, then the shop's, then the shipped ones; a letter in one font must not reject its rarer names."""
    desk.write("../kai.ttf", "")
    desk.change("../shop.toml", "[columns] ", '[fonts]\nkai = "kai.ttf"\nfallback = ["kai"]\n[columns] ')
    styles = {
        '"mincho"': ("mincho", ("kai", "gothic", "mono")),
        '"gothic"': ("gothic", ("kai", "mincho", "mono")),
        '"mono"': ("mono", ("kai", "gothic", "mincho")),
        '["mincho", "mono"]': ("mincho", ("mono", "kai", "gothic")),
        '["kai", "gothic"]': ("kai", ("gothic", "mincho", "mono")),
    }
    for font, expected in styles.items():
        slot = '{ kind = "text", words = "hello", style = "big", box = [20, 20, 20, 20] }'
        head = f"[style]\nbig = {{ font = {font}, size = 4, hang = true }}"
        (text,) = desk.slot(slot, head).pages[0].slots
        assert (text.style.font, text.style.fallback, text.style.hang) == (*expected, True)
    (text,) = desk.slot(slot.replace("big", "code"), head).pages[0].slots
    assert text.style.fallback == ("kai", "gothic", "mincho")
