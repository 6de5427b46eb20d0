"""The mark of paid postage: what [mail] makes it say, and the sizes and places that the post allows."""

import pytest

from dmgen.model.layout import MarkShape, PostageMarkSlot

MAIL = 'payment = "betsuno"\npost_office = "銀座"\n'
CARD = '[page]\nsize = "hagaki"'
LANDSCAPE = "[page]\nsize = [148, 100]"
FOLDED = "[page]\nsize = [148, 200]\nfolds = [100]"
LETTER = "[page]\nfolds = [99, 198]"
ENVELOPE = "[page]\nsize = [120, 235]"
BOX = "box = [7, 7, 22, 22]"


@pytest.fixture
def slot(desk):
    """The mark of a layout whose page `head` describes, posted as `mail` says."""

    def make(keys: str = BOX, head: str = CARD, mail: str | None = MAIL, more: str = "") -> PostageMarkSlot:
        table = f"[mail]\n{mail}" if mail is not None else ""
        desk.write("campaign.toml", f'format = 1\nid = "one"\n[audience]\nlayout = "letter"\n{table}')
        words = '\n[words]\nhello = "こんにちは"\n'
        desk.write("letter.toml", f'{head}{words}[slots]\npaid = {{ kind = "postage_mark", {keys} }}\n{more}')
        [page] = desk.load().layouts["letter"].pages
        return next(slot for slot in page.slots if isinstance(slot, PostageMarkSlot))

    return make


@pytest.mark.parametrize(
    ("mail", "paid", "lines"),
    [
        (MAIL, ("料金別納", "郵　便"), (0, 1)),
        (MAIL.replace("betsuno", "konou"), ("料金後納", "郵　便"), (0, 1)),
        (f'{MAIL}slack = 3\ndiscounts = ["sorted"]', ("料金別納", "郵　便"), (0, 2)),
        (f'{MAIL}slack = 7\ndiscounts = ["sorted"]', ("料金別納", "郵　便"), (1, 2)),
        (f'{MAIL}class = "yumail"', ("料金別納", "ゆうメール"), (0, 1)),
    ],
)
def test_it_says_what_the_campaign_says(slot, mail, paid, lines):
    """Payment and slack have one source, so mark and delivery note cannot differ."""
    made = slot(mail=mail)
    assert (made.shape, made.post_office, made.paid, made.lines) == (MarkShape.CIRCLE, "銀座局", paid, lines)
    assert 1 <= made.gap <= 2


@pytest.mark.parametrize(
    ("written", "shown"),
    [("銀座", "銀座局"), ("銀座局", "銀座局"), ("銀座郵便局", "銀座局"), ("新東京支店", "新東京支店")],
)
def test_the_post_office_is_named_as_the_post_names_it(slot, written, shown):
    assert slot(mail=MAIL.replace("銀座", written)).post_office == shown


def test_the_post_office_comes_from_the_shop_where_the_campaign_leaves_it_out(slot, desk):
    shop = (desk.folder / "../shop.toml").read_text("utf-8")
    desk.write("../shop.toml", shop + '\n[mail]\npayment = "konou"\npost_office = "仙台青葉"\n')
    made = slot(mail="")
    assert (made.post_office, made.paid[0]) == ("仙台青葉局", "料金後納")


def test_without_mail_or_post_office_it_is_refused(slot, refused):
    refused(lambda: slot(mail=None), ("letter.toml, line 6", "slots.paid.kind", "[mail]", "post_office"))
    message = refused(lambda: slot(mail='payment = "konou"'), ("slots.paid.kind", "post_office = false"))
    assert "銀座" in message
    assert slot(f"{BOX}, post_office = false", mail='payment = "konou"').post_office == ""


@pytest.mark.parametrize("keys", ["slack = 3", 'payment = "konou"', 'office = "銀座"'])
def test_it_says_nothing_of_its_own(slot, refused, keys):
    refused(lambda: slot(f"{BOX}, {keys}"), ("unknown key", "advert"))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("box = [7, 7, 19.9, 19.9]", "20 to 30 mm"),
        ("box = [3, 7, 30.1, 30.1]", "20 to 30 mm"),
        ('shape = "square", box = [3, 7, 20, 30.1]', "20 to 30 mm"),
        ("box = [7, 7, 20, 22]", 'shape = "square"'),
    ],
)
def test_other_sizes_are_refused(slot, refused, keys, said):
    refused(lambda: slot(keys), ("slots.paid.box", said))


@pytest.mark.parametrize(
    "keys", ["box = [5, 5, 20, 20]", "box = [5, 5, 30, 30]", 'shape = "square", box = [4, 9, 20, 30]']
)
def test_sizes_that_the_post_allows(slot, keys):
    assert slot(keys)


@pytest.mark.parametrize(
    ("head", "good", "bad", "said"),
    [
        (CARD, (7, 7), (71, 7), "top left: within [0, 0, 35, 70]"),
        (CARD, (13, 48), (14, 48), "top left"),
        (CARD, (7, 48), (7, 49), "top left"),
        (LANDSCAPE, (119, 7), (7, 7), "top right: within [78, 0, 70, 35]"),
        (LANDSCAPE, (78, 13), (77, 13), "top right"),
        (FOLDED, (119, 7), (119, 107.5), "top right: within [78, 100, 70, 35]"),
        (ENVELOPE, (7, 7), (90, 7), "top left"),
    ],
)
def test_it_stands_in_its_corner_of_the_posted_piece(slot, refused, head, good, bad, said):
    """Of the panel that it is on: beyond a fold is another side of the piece, with a corner of its own."""
    assert slot(f"box = [{good[0]}, {good[1]}, 22, 22]", head)
    if bad == (119, 107.5):
        bad = (7, 107.5)
    refused(lambda: slot(f"box = [{bad[0]}, {bad[1]}, 22, 22]", head), ("slots.paid.box", said))


def test_a_letter_in_an_envelope_has_it_on_the_envelope(slot, refused):
    mail = MAIL + 'envelope = "naga3"'
    refused(lambda: slot("box = [181, 7, 22, 22]", LETTER, mail), ("slots.paid.box", "envelope"))
    assert slot(BOX, ENVELOPE, mail), "the layout is the envelope itself"


@pytest.mark.parametrize(
    "other",
    [
        'x = { kind = "text", words = "hello", box = [20, 20, 30, 5] }',
        'x = { kind = "panel", fill = [0, 0, 0, 0], box = [7, 7, 22, 22] }',
        'x = { kind = "panel", stroke = [0, 0, 0, 100], box = [5, 18, 40, 20] }',
    ],
)
def test_nothing_stands_on_it(slot, refused, other):
    refused(lambda: slot(more=other), ("slots.paid.box", "x stands on the mark"))


def test_the_lower_half_may_be_an_advertisement_s(slot, refused):
    """「表示の下部2分の1以内」."""
    below = 'x = {{ kind = "text", words = "hello", box = [10, {top}, 16, 5] }}'
    made = slot(f"{BOX}, advert = true", more=below.format(top=18))
    assert (made.advert, made.paid) == (True, ("料金別納郵便",))
    refused(lambda: slot(f"{BOX}, advert = true", more=below.format(top=17.9)), ("x stands on the mark",))


def test_a_field_may_lie_under_the_whole_of_it(slot, desk):
    under = '[slots]\nfield = { kind = "panel", fill = [10, 0, 18, 0], box = [-3, -3, 106, 60] }\n'
    words = '\n[words]\nhello = "こんにちは"\n'
    slot()
    desk.write("letter.toml", f'{CARD}{words}{under}paid = {{ kind = "postage_mark", {BOX} }}\n')
    assert desk.load().layouts["letter"]
