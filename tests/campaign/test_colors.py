"""Colours by name, in a layout, in those it extends and in the shop; one definition a spot ink."""

import pytest

from dmgen.model.layout import K100, PanelSlot, PathSlot, Spot, TextSlot

GOLD = Spot("PANTONE 871 C", (0.2, 0.25, 0.6, 0.25))
WRITTEN = '{ spot = "PANTONE 871 C", cmyk = [20, 25, 60, 25] }'
SHOP, BASE, VIP = "../shop.toml", "base.toml", "vip.toml"


def test_a_named_colour_may_stand_wherever_a_colour_may(desk):
    layout = desk.layout(
        f'[colors]\ngold = {WRITTEN}\nleaf = [78, 38, 78, 32]\n[words]\nhello = "x"\n'
        '[style]\nbody = { font = "mincho", size = "10pt", color = "gold" }\n[slots]\n'
        'a = { kind = "text", words = "hello", box = [0, 0, 50, 10] }\n'
        'b = { kind = "panel", box = [0, 0, 9, 9], fill = "gold", stroke = "leaf" }\n'
        'c = { kind = "path", box = [0, 0, 9, 9], view = [9, 9], path = "M0 0 Z", fill = "leaf", stroke = "black" }\n'
    )
    text, panel, path = layout.pages[0].slots
    assert isinstance(text, TextSlot) and isinstance(panel, PanelSlot) and isinstance(path, PathSlot)
    leaf = (0.78, 0.38, 0.78, 0.32)
    assert (text.style.color, panel.fill, panel.stroke) == (GOLD, GOLD, leaf)
    assert (path.fill, path.stroke) == (leaf, K100)


def test_the_shops_colours_are_every_layouts_and_a_later_file_replaces_by_name(desk):
    desk.change(SHOP, "[columns] ", f"[colors]\ngold = {WRITTEN}\nleaf = [10, 0, 10, 0]\n[columns] ")
    desk.change(BASE, 'size = "14pt" }', 'size = "14pt", color = "leaf" }')
    desk.change(VIP, "[words]", "[colors]\nleaf = [20, 0, 20, 0]\n[words]")
    layouts = desk.load().layouts
    assert layouts["usage"].colors == {"gold": GOLD, "leaf": (0.1, 0.0, 0.1, 0.0)}
    greeting = {slot.name: slot for slot in layouts["vip"].pages[0].slots}["greeting"]
    assert greeting.style.color == (0.2, 0.0, 0.2, 0.0), "also in the styles of the file that it extends"


@pytest.mark.parametrize(
    ("color", "texts"),
    [
        ('"gold"', ["colors.gold", "[20, 25, 60, 25]", "black"]),
        ("[0, 0, 0]", ["colors.gold", "percent"]),
        ('{ spot = "PANTONE 871 C" }', ["colors.gold", 'spot = "PANTONE 871 C", cmyk = ']),
        ('{ spot = "Gold", cmyk = [0, 0, 0, 0], tint = 50 }', ["colors.gold", "cmyk = "]),
        ("{ spot = 871, cmyk = [0, 0, 0, 0] }", ["colors.gold", "cmyk = "]),
        ('{ spot = "Gold", cmyk = [0, 0, 0, 101] }', ["colors.gold", "percent"]),
        ('{ spot = " ", cmyk = [0, 0, 0, 0] }', ["colors.gold", "the printer knows"]),
        ('{ spot = "Black", cmyk = [0, 0, 0, 0] }', ["colors.gold", "the printer knows", "yellow"]),
        (f'{{ spot = "{"金" * 43}", cmyk = [0, 0, 0, 0] }}', ["colors.gold", "the printer knows"]),
    ],
)
def test_what_is_no_colour_is_refused(desk, refused, color, texts):
    desk.change(VIP, "[words]", f"[colors]\ngold = {color}\n[words]")
    refused(desk.load, (VIP, *texts))


def test_a_name_that_nobody_wrote_is_refused_with_those_that_there_are(desk, refused):
    desk.change(BASE, "[words] ", f"[colors]\ngold = {WRITTEN}\n[words] ")
    desk.change(BASE, 'size = "14pt" }', 'size = "14pt", color = "golt" }')
    refused(desk.load, (BASE, "style.title.color", '"golt"', "did you mean gold?", '"black", "white", "gold"'))


def test_black_and_white_stay_what_they_are(desk, refused):
    desk.change(VIP, "[words]", "[colors]\nblack = [60, 40, 40, 100]\n[words]")
    refused(desk.load, (VIP, "black and white"))


@pytest.mark.parametrize(
    "other",
    ['{ spot = "PANTONE 871 C", cmyk = [20, 25, 60, 30] }', '{ spot = "Pantone 871C", cmyk = [20, 25, 60, 25] }'],
)
def test_an_ink_has_one_definition_in_all_layouts(desk, refused, other):
    desk.change(VIP, "[words]", f"[colors]\ngold = {WRITTEN}\n[words]")
    desk.change("winback.toml", "[words]", f"[colors]\nfoil = {WRITTEN}\n[words]")
    assert {layout.colors.get("gold") for layout in desk.load().layouts.values()} == {GOLD, None}
    desk.change("winback.toml", WRITTEN, other)
    message = refused(desk.load, ("[colors]", "PANTONE 871 C [20, 25, 60, 25]", "shop.toml"))
    assert "vip.toml" in message and "winback.toml" in message


def test_an_ink_has_one_definition_in_one_layout(desk, refused):
    desk.change(VIP, "[words]", f"[colors]\ngold = {WRITTEN}\nfoil = {WRITTEN.replace('25] }', '0] }')}\n[words]")
    refused(desk.load, (VIP, "one ink has one name"))
