"""Codes are black on white: what else would show in their boxes is refused before anything is printed."""

import pytest

CODE = 'kind = "qr", link = "coupon", box = [100, 100, 30, 30]'
INSIDE, ROUND, BESIDE = "[110, 110, 5, 5]", "[99, 99, 32, 32]", "[130, 100, 20, 30]"


@pytest.fixture
def page(desk):
    """A layout of these slots, in order; each is (name, what is written)."""

    def make(*slots: tuple[str, str], pages: str = ""):
        lines = [f"{name} = {{ {written} }}" for name, written in slots]
        head = '[words]\nhello = "1"\n'
        return desk.layout(f"{head}[slots]\n" + "\n".join(lines) + pages)

    return make


@pytest.mark.parametrize(
    "other",
    ['kind = "text", words = "hello"', 'kind = "address"', 'kind = "coupon", words = "hello"', 'kind = "lottery"',
     'kind = "image", file = "product.photo"', 'kind = "qr", words = "hello"', 'kind = "code128", words = "hello"',
     'kind = "japanpost"'],
)  # fmt: skip
def test_nothing_else_stands_in_a_code_s_box(page, refused, other):
    refused(lambda: page(("x", CODE), ("other", f"{other}, box = {INSIDE}")), ("slots.x.box", "other stands on it"))
    refused(lambda: page(("other", f"{other}, box = {INSIDE}"), ("x", CODE)), ("stands on it",))
    assert page(("x", CODE), ("other", f"{other}, box = {BESIDE}"))


@pytest.mark.parametrize(
    ("panel", "fits"),
    [
        (f"box = {ROUND}", True),
        (f'fill = "white", box = {ROUND}', True),
        (f'fill = "black", box = {ROUND}', False),
        (f"fill = [0, 0, 5, 0], box = {INSIDE}", False),
        (f'stroke = "black", line = 1, box = {ROUND}', True),
        ('stroke = "black", line = 1, box = [99.6, 99.6, 30.8, 30.8]', False),
        (f'stroke = "black", box = {INSIDE}', False),
        (f'stroke = "black", radius = 8, box = {ROUND}', False),
        (f'fill = "black", box = {BESIDE}', True),
    ],
)
def test_panels_under_a_code_are_white_or_around_it(page, refused, panel, fits):
    slots = ("ground", f'kind = "panel", {panel}'), ("x", CODE)
    if fits:
        assert page(*slots)
    else:
        refused(lambda: page(*slots), ("slots.x.box", "ground shows under it"))


@pytest.mark.parametrize(
    ("fill", "fits"),
    [('fill = "white"', True), ('fill = "black"', False), ('stroke = "black"', False), ("line = 1", True)],
)
def test_shapes_under_a_code_are_white(page, refused, fill, fits):
    slots = ("shape", f'kind = "path", path = "M 0 0 L 1 1 Z", view = [1, 1], {fill}, box = {ROUND}'), ("x", CODE)
    if fits:
        assert page(*slots)
    else:
        refused(lambda: page(*slots), ("slots.x.box", "shape shows under it"))


def test_a_white_panel_must_not_cover_the_code(page, refused):
    """Later slots are drawn over earlier ones, and what depends on the piece after what does not."""
    ground = f'kind = "panel", fill = "white", box = {ROUND}'
    refused(lambda: page(("x", CODE), ("ground", ground)), ("ground would cover it",))
    refused(lambda: page(("ground", ground + ', when = "offer"'), ("x", CODE)), ("ground would cover it",))
    assert page(("ground", ground + ', when = "offer"'), ("x", CODE + ', when = "offer"'))


@pytest.mark.parametrize(
    ("one", "two", "fits"),
    [("offer", "not offer", True), ("not (points > 3)", "points > 3", True), ("offer", "tickets", False)],
)
def test_slots_that_never_show_together_may_share_a_place(page, refused, one, two, fits):
    other = f'kind = "text", words = "hello", box = {INSIDE}, when = \'{two}\''
    slots = ("x", CODE + f", when = '{one}'"), ("other", other)
    if fits:
        assert page(*slots)
    else:
        refused(lambda: page(*slots), ("other stands on it",))


def test_pages_are_looked_at_one_by_one(page, refused):
    text = f'kind = "text", words = "hello", box = {INSIDE}'
    assert page(("x", CODE), pages=f"\n[[pages]]\nslots = {{ other = {{ {text} }} }}\n")
    both = f"\n[[pages]]\n[pages.slots]\nx = {{ {CODE} }}\nother = {{ {text} }}\n"
    refused(lambda: page(("y", CODE), pages=both), ("pages[1].slots.x.box", "other stands on it"))
