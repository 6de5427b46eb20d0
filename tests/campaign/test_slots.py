"""Every kind of slot with its keys and defaults, and where boxes may stand."""

import pytest

from dmgen.model.layout import (
    K100,
    AddressSlot,
    Box,
    CouponSlot,
    Direction,
    ImageSlot,
    LotterySlot,
    Numerals,
    PanelSlot,
    PathSlot,
    PostalBoxesSlot,
    QrSlot,
    SymbolSlot,
    TextSlot,
)

BOX = "box = [20, 20, 50, 10]"
POINT = 25.4 / 72
WHITE = (0, 0, 0, 0)


@pytest.fixture
def slot(desk):
    def make(text: str):
        ((only,),) = (page.slots for page in desk.slot(f"{{ {text} }}").pages)
        return only

    return make


def test_text_defaults_to_body(slot):
    text = slot(f'kind = "text", words = "hello", {BOX}, when = "points > 3 and not vip"')
    assert isinstance(text, TextSlot)
    assert (text.name, text.box, text.words) == ("x", Box(20, 20, 50, 10), "hello")
    assert text.when.names == {"points", "vip"}
    assert (text.style.font, text.style.size) == ("mincho", pytest.approx(10.5 * POINT))
    assert text.style.leading == pytest.approx(18 * POINT)


def test_address_has_its_name_in_the_same_style_unless_said(slot):
    address = slot(f'kind = "address", style = "small", {BOX}')
    assert isinstance(address, AddressSlot)
    assert address.name_style == address.style
    assert (address.style.font, address.style.leading) == ("gothic", pytest.approx(10 * POINT))
    assert slot(f'kind = "address", name_style = "title", {BOX}').name_style.size == pytest.approx(14 * POINT)


def test_image_from_a_file_or_a_column(desk, slot):
    path = desk.write("art/photo.jpg", "")
    desk.write("product.png", "")
    picture = slot(f'kind = "image", file = "art/photo.jpg", {BOX}')
    assert isinstance(picture, ImageSlot) and (picture.file, picture.column) == (path, "")
    assert slot(f'kind = "image", file = "product.photo", {BOX}').column == "product.photo"
    assert slot(f'kind = "image", file = "product.png", {BOX}').file == desk.folder / "product.png"


def test_coupon_and_lottery_have_their_numbers_in_the_code_style(slot):
    coupon = slot(f'kind = "coupon", words = "hello", {BOX}')
    assert isinstance(coupon, CouponSlot)
    assert (coupon.style.font, coupon.code_style.font) == ("mincho", "mono")
    lottery = slot(f'kind = "lottery", {BOX}')
    assert isinstance(lottery, LotterySlot)
    assert (lottery.words, lottery.style.font, lottery.words_style.font) == (None, "mono", "gothic")
    assert slot(f'kind = "lottery", words = "hello", words_style = "title", {BOX}').words == "hello"


def test_qr_of_a_link_or_of_words(slot, refused):
    qr = slot(f'kind = "qr", link = "coupon", color = "black", {BOX}')
    assert isinstance(qr, QrSlot) and qr.link == "coupon"
    words = slot(f'kind = "qr", words = "hello", {BOX}')
    assert isinstance(words, SymbolSlot) and (words.kind, words.words, words.style) == ("qr", "hello", None)
    for keys in ("", 'link = "coupon", words = "hello", '):
        refused(lambda keys=keys: slot(f'kind = "qr", {keys}{BOX}'), ("slots.x", 'either link = "coupon" or words'))


@pytest.mark.parametrize("color", ['"white"', "[100, 0, 0, 100]", "[0, 0, 0, 90]"])
def test_a_code_has_no_color(slot, refused, color):
    refused(lambda: slot(f'kind = "qr", link = "coupon", color = {color}, {BOX}'), ("slots.x.color", "black only"))


def test_codes_of_words(slot, refused):
    for kind in ("code128", "ean13"):
        bars = slot(f'kind = "{kind}", words = "hello", style = "small", {BOX}')
        assert isinstance(bars, SymbolSlot) and (bars.kind, bars.style.font) == (kind, "gothic")
        assert slot(f'kind = "{kind}", words = "hello", {BOX}').style is None
    assert slot(f'kind = "datamatrix", words = "hello", {BOX}').kind == "datamatrix"
    refused(lambda: slot(f'kind = "datamatrix", words = "hello", style = "small", {BOX}'), ("slots.x.style", "unknown"))
    refused(lambda: slot(f'kind = "code128", words = "helo", {BOX}'), ("slots.x.words", "hello"))


def test_the_customer_barcode_has_a_size_in_points(slot, refused):
    assert slot(f'kind = "japanpost", {BOX}').size == pytest.approx(9)
    for size in (8, 11.5):
        assert slot(f'kind = "japanpost", size = "{size}pt", {BOX}').size == pytest.approx(size)
    for size in ('"7.9pt"', '"12pt"', "9"):
        refused(lambda size=size: slot(f'kind = "japanpost", size = {size}, {BOX}'), ("slots.x.size", "8 to 11.5 pt"))


def test_panel(slot):
    plain = slot(f'kind = "panel", {BOX}')
    assert isinstance(plain, PanelSlot)
    assert (plain.fill, plain.stroke, plain.line, plain.radius, plain.dash) == (None, None, 0.1, 0, ())
    keys = 'fill = "white", stroke = "black", line = "1pt", radius = 2, dash = [1, "1cm"]'
    panel = slot(f'kind = "panel", {keys}, {BOX}')
    assert (panel.fill, panel.stroke, panel.radius, panel.dash) == (WHITE, K100, 2, (1, 10))
    assert panel.line == pytest.approx(POINT)


@pytest.mark.parametrize("data", ["M 0 0 L 10 0 Z", "M0,0L10-5H3V.5C1 2 3 4 5 6Z M1e1 2 3 4", "M0 0 1 1"])
def test_path_data_is_passed_on(slot, data):
    path = slot(f'kind = "path", path = "{data}", view = [10, 20.5], fill = "black", {BOX}')
    assert isinstance(path, PathSlot)
    assert (path.path, path.view, path.fill, path.stroke, path.line) == (data, (10, 20.5), K100, None, 0.1)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "L 0 0",
        "m 0 0 l 1 1",
        "M 0 0 L 1",
        "M 0 0 Q 1 1 2 2",
        "M 0 0 Z 1",
        "M",
        "M 0 0 L x",
        "1 2",
        "M 0 0 C 1 2 3 4 5",
    ],
)
def test_other_path_data_is_refused(slot, refused, data):
    call = lambda: slot(f'kind = "path", path = "{data}", view = [10, 10], {BOX}')  # noqa: E731
    refused(call, ("slots.x.path", "absolute M L H V C Z"))


@pytest.mark.parametrize("view", ["[10]", "[0, 10]", '"10 10"'])
def test_a_view_is_a_width_and_a_height(slot, refused, view):
    refused(lambda: slot(f'kind = "path", path = "M 0 0 Z", view = {view}, {BOX}'), ("slots.x.view",))


KINDS = {
    "text": 'words = "hello"',
    "address": "",
    "coupon": 'words = "hello"',
    "lottery": "",
    "qr": 'link = "coupon"',
    "code128": 'words = "hello"',
    "ean13": 'words = "hello"',
    "datamatrix": 'words = "hello"',
    "japanpost": "",
    "image": 'file = "product.photo"',
    "panel": "",
    "path": 'path = "M 0 0 Z", view = [1, 1]',
}
BLEEDS = ("image", "panel", "path")


def _at(kind: str, box: str) -> str:
    return ", ".join(filter(None, (f'kind = "{kind}"', KINDS[kind], f"box = {box}")))


@pytest.mark.parametrize("kind", KINDS)
def test_any_slot_may_fill_the_trim_and_none_leaves_the_bleed(slot, refused, kind):
    assert slot(_at(kind, "[0, 0, 210, 297]")).box == Box(0, 0, 210, 297)
    for box in ("[-3.1, 0, 9, 9]", "[0, -3.1, 9, 9]", "[204.2, 0, 9, 9]", "[0, 291.2, 9, 9]"):
        refused(lambda box=box: slot(_at(kind, box)), ("slots.x.box", "210 × 297"))


@pytest.mark.parametrize("kind", KINDS)
def test_only_artwork_reaches_into_the_bleed(slot, refused, kind):
    box = '[-3, "-3mm", 216, 303]'
    if kind in BLEEDS:
        assert slot(_at(kind, box)).box == Box(-3, -3, 216, 303)
    else:
        refused(lambda: slot(_at(kind, box)), ("slots.x.box", "leaves the sheet"))


def test_only_codes_keep_clear_of_folds(desk, refused):
    head = "[page]\nfolds = [99]"
    assert desk.slot(f"{{ {_at('text', '[20, 90, 50, 20]')} }}", head)
    for kind in ("qr", "code128", "ean13", "datamatrix", "japanpost"):
        assert desk.slot(f"{{ {_at(kind, '[20, 99, 50, 20]')} }}", head)
        across = f"{{ {_at(kind, '[20, 98, 50, 20]')} }}"
        refused(lambda across=across: desk.slot(across, head), ("slots.x.box", "folds", "99 mm"))


def test_slots_of_further_pages_are_checked_too(desk, refused):
    text = '[[pages]]\nslots = { x = { kind = "panel", box = [0, 0, 1, 1] } }\n[[pages]]\n[pages.slots]\n'
    call = lambda: desk.layout(text + "y = { " + _at("qr", "[200, 0, 20, 20]") + " }\n")  # noqa: E731
    refused(call, ("letter.toml, line 5: pages[2].slots.y.box", "leaves the sheet"))


def test_postal_boxes(slot):
    boxes = slot('kind = "postal_boxes", style = "code", box = [44.3, 12, 47.7, 8]')
    assert isinstance(boxes, PostalBoxesSlot)
    assert (boxes.style.font, boxes.frames, boxes.color) == ("mono", False, (0, 0.8, 0.8, 0))
    drawn = slot('kind = "postal_boxes", frames = true, color = [0, 50, 50, 0], box = [44.3, 12, 47.7, 8]')
    assert (drawn.frames, drawn.color) == (True, (0, 0.5, 0.5, 0))


COLUMNS = '[style]\nv = { font = "mincho", size = 4, direction = "vertical", numerals = "upright" }\n'


def test_a_vertical_style(desk):
    text = desk.slot(f'{{ kind = "text", words = "hello", style = "v", {BOX} }}', COLUMNS).pages[0].slots[0]
    assert (text.style.direction, text.style.numerals) == (Direction.VERTICAL, Numerals.UPRIGHT)
    plain = desk.slot(f'{{ kind = "text", words = "hello", {BOX} }}').pages[0].slots[0]
    assert (plain.style.direction, plain.style.numerals) == (Direction.HORIZONTAL, None)


@pytest.mark.parametrize(
    ("slot", "head", "texts"),
    [
        ('kind = "coupon", words = "hello", style = "v"', COLUMNS, ("slots.x.style", '"v"', "kinds text, address")),
        ('kind = "postal_boxes", style = "v"', COLUMNS, ("slots.x.style", "take another style here")),
        ('kind = "address", style = "v", name_style = "body"', COLUMNS, ("slots.x.name_style", "same direction")),
        ('kind = "text", words = "hello"', COLUMNS.replace('direction = "vertical", ', ""), ("style.v.numerals",)),
        ('kind = "text", words = "hello"', COLUMNS.replace("vertical", "down"), ('"horizontal", "vertical"',)),
        ('kind = "text", words = "hello"', COLUMNS.replace("upright", "I"), ('"upright", "tate-chu-yoko"',)),
    ],
)  # fmt: skip
def test_refused_vertical_styles(desk, refused, slot, head, texts):
    refused(lambda: desk.slot(f"{{ {slot}, {BOX} }}", head), texts)
