"""What is pointed out on the address side of posted letters, and that the line that is proposed mends it."""

import io
import re

import pikepdf
import pytest

from dmgen.campaign import load_campaign
from dmgen.errors import CampaignError
from dmgen.planning.address_side import address_remarks, says_card
from dmgen.resources import Format
from tests.jobs import Desk

HAGAKI, CAMPAIGN = "layouts/hagaki/card.toml", "layouts/hagaki/campaign.toml"
PRESSED, WINDOW = "layouts/pressed-card/card.toml", "layouts/window-letter/letter.toml"
CARD = 'card    = { kind = "text", words = "card", style = "card", box = [44.3, 5, 47.7, 4] }'
MARK = 'mark    = { kind = "postage_mark", style = "mark", box = [7, 7, 21, 21] }'
POSTAL = 'postal  = { kind = "postal_boxes", style = "digits", frames = true, box = [44.3, 12, 47.7, 8] }'
BARCODE = 'barcode = { kind = "japanpost", size = "9pt", box = [22, 68.8, 76, 7.4] }'
PAYMENT = 'payment     = "betsuno"'


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk.at(tmp_path)


def _remarks(desk: Desk, name: str = "hagaki") -> list[str]:
    campaign = load_campaign(desk.root / "layouts" / name)
    return [str(remark) for remark in address_remarks(campaign, set(campaign.layouts))]


def _box(remark: str) -> str:
    found = re.search(r"box = (\[[^]]*\])", remark)
    assert found, remark
    return found[1]


@pytest.mark.parametrize("name", [one.starter.name for one in Format])
def test_the_samples_have_nothing_to_point_out(desk, name):
    assert _remarks(desk, name) == []


def test_layouts_without_letters_are_not_looked_at(desk):
    desk.edit(HAGAKI, MARK, "")
    assert list(address_remarks(load_campaign(desk.root / "layouts" / "hagaki"), set())) == []


# 郵便はがき


def test_a_card_that_does_not_say_so_is_charged_as_a_letter(desk):
    desk.edit(HAGAKI, '"郵便はがき"', '"お便り"')
    [remark] = _remarks(desk)
    assert "110 yen instead of 85" in remark
    desk.edit(HAGAKI, '"お便り"', '"Post card"')
    assert _remarks(desk) == []


def test_the_words_must_stand_on_the_address_side(desk):
    desk.edit(HAGAKI, CARD, "")
    desk.edit(HAGAKI, 'number  = { kind = "text", words = "number"', 'number  = { kind = "text", words = "card"')
    assert len(_remarks(desk)) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [(PAYMENT, f'{PAYMENT}\nclass = "teikei"'), (PAYMENT, f'{PAYMENT}\nprinted = ["card"]')],
)
def test_a_letter_of_a_card_s_size_or_a_paper_with_the_words_needs_none(desk, old, new):
    desk.edit(HAGAKI, CARD, "")
    assert len(_remarks(desk)) == 1
    desk.edit(CAMPAIGN, old, new)
    assert _remarks(desk) == []


def test_artwork_may_say_it(desk):
    """dmgen cannot read artwork: it asks, and [mail] printed answers."""
    desk.edit(HAGAKI, CARD, "")
    campaign = load_campaign(desk.root / "layouts" / "hagaki")
    layout = campaign.layouts["card"]
    assert says_card(layout, campaign.mail) is False
    desk.write("layouts/hagaki/art.pdf", "")
    (desk.root / "layouts/hagaki/art.pdf").write_bytes(_blank())
    desk.edit(HAGAKI, "sides = 2", 'sides = 2\nartwork = "art.pdf"')
    [remark] = _remarks(desk)
    assert 'printed = ["card"]' in remark
    desk.edit(CAMPAIGN, PAYMENT, f'{PAYMENT}\nprinted = ["card"]')
    assert _remarks(desk) == []


def _blank() -> bytes:
    file = pikepdf.new()
    mm = 72 / 25.4
    page = file.add_blank_page(page_size=(106 * mm, 154 * mm))
    page.trimbox = [3 * mm, 3 * mm, 103 * mm, 151 * mm]
    page.bleedbox = [0, 0, 106 * mm, 154 * mm]
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def test_what_is_larger_than_a_card_needs_no_words(desk):
    desk.edit(HAGAKI, '"郵便はがき"', '"お便り"')
    desk.edit(HAGAKI, 'size  = "hagaki"', "size  = [108, 160]")
    assert not [remark for remark in _remarks(desk) if "charged" in remark]


# The mark


def test_a_card_without_a_mark(desk):
    desk.edit(HAGAKI, MARK, "")
    [remark] = _remarks(desk)
    assert "stamped by hand" in remark
    slot = remark.partition("add paid = ")[2].partition(" }")[0] + " }"
    desk.edit(HAGAKI, "[[pages]]", f"paid = {slot}\n[[pages]]")
    assert _remarks(desk) == []


def test_the_mark_that_is_proposed_for_a_landscape_card_stands_in_its_corner(desk):
    desk.edit(PRESSED, 'paid    = { kind = "postage_mark", style = "paid", box = [118, 7, 22, 22] }', "")
    [remark] = _remarks(desk, "pressed-card")
    assert _box(remark) == "[119, 7, 22, 22]"


def test_artwork_or_paper_may_have_the_mark(desk):
    desk.edit(HAGAKI, MARK, "")
    desk.edit(CAMPAIGN, PAYMENT, f'{PAYMENT}\nprinted = ["mark"]')
    assert _remarks(desk) == []


def test_a_mark_drawn_by_hand_is_told_from_none(desk):
    desk.edit(HAGAKI, MARK, 'mark = { kind = "text", words = "hand", style = "mark", box = [7, 7, 21, 21] }')
    desk.edit(HAGAKI, "[words]", '[words]\nhand = """\n料金 別納\n郵便\n"""')
    [remark] = _remarks(desk)
    assert "drawn by hand" in remark


def test_a_mark_on_the_other_side(desk):
    desk.edit(HAGAKI, MARK, "")
    desk.edit(HAGAKI, "sprig   =", "# sprig =")
    desk.edit(HAGAKI, "title   = { kind", 'mark = { kind = "postage_mark", box = [7, 95, 21, 21] }\ntitle   = { kind')
    with pytest.raises(CampaignError, match="top left"):
        _remarks(desk)
    desk.edit(HAGAKI, "box = [7, 95, 21, 21]", "box = [1, 47, 21, 21]")
    said = _remarks(desk)
    assert any("belongs on the side with the address" in remark for remark in said)
    assert any("3 mm between text and the trimmed edge" in remark for remark in said)


def test_lines_for_a_slack_that_no_discount_gives(desk):
    desk.edit(CAMPAIGN, PAYMENT, f"{PAYMENT}\nslack = 3")
    [remark] = _remarks(desk)
    assert 'discounts = ["sorted"]' in remark
    desk.edit(CAMPAIGN, "slack = 3", 'slack = 3\ndiscounts = ["sorted"]')
    assert _remarks(desk) == []


# The customer barcode


def test_a_discount_for_barcodes_that_no_layout_has(desk):
    desk.edit(PRESSED, BARCODE, "")
    desk.edit("layouts/pressed-card/campaign.toml", PAYMENT, f'{PAYMENT}\ndiscounts = ["barcode"]')
    [remark] = _remarks(desk, "pressed-card")
    slot = remark.partition("barcode = ")[2].partition(" }")[0] + " }"
    desk.edit(PRESSED, "sender  = { kind", f"barcode = {slot}\nsender  = {{ kind")
    assert _remarks(desk, "pressed-card") == []


@pytest.mark.parametrize(("box", "fine"), [("[22, 68.8, 76, 7.4]", True), ("[22, 29, 76, 7.4]", False)])
def test_a_barcode_follows_the_name(desk, box, fine):
    desk.edit(PRESSED, "[22, 68.8, 76, 7.4]", box)
    assert (_remarks(desk, "pressed-card") == []) is fine


def test_a_barcode_with_something_between_it_and_the_name(desk):
    desk.edit(PRESSED, "box = [24, 37, 104, 31]", "box = [24, 37, 104, 26]")
    assert _remarks(desk, "pressed-card") == []
    desk.edit(
        PRESSED, BARCODE, BARCODE + '\nx = { kind = "text", words = "kind", style = "caption", box = [24, 64, 40, 4] }'
    )
    [remark] = _remarks(desk, "pressed-card")
    assert "directly below the name" in remark


def test_stamps_and_barcode_share_no_place_unless_postage_is_paid_otherwise(desk):
    """p. 13: only 料金別納 and 料金後納 let the bars stand in the room of the postmark."""
    campaign = "layouts/pressed-card/campaign.toml"
    text = (desk.root / campaign).read_text("utf-8")
    desk.configure(campaign, mail=None)
    desk.edit(PRESSED, 'paid    = { kind = "postage_mark", style = "paid", box = [118, 7, 22, 22] }', "")
    assert _remarks(desk, "pressed-card") == []
    desk.edit(PRESSED, "box = [24, 37, 104, 31]", "box = [24, 12, 104, 14]")
    desk.edit(PRESSED, "[22, 68.8, 76, 7.4]", "[22, 26.5, 76, 7.4]")
    [remark] = _remarks(desk, "pressed-card")
    assert "postmark" in remark
    desk.write(campaign, text)
    assert not [one for one in _remarks(desk, "pressed-card") if "postmark" in one]


# Boxes of the postal code


@pytest.mark.parametrize(
    ("box", "fine"),
    [("[45.8, 13.5, 47.7, 8]", True), ("[42.8, 10.5, 47.7, 8]", True), ("[45.9, 12, 47.7, 8]", False),
     ("[44.3, 13.6, 47.7, 8]", False), ("[44.3, 10.4, 47.7, 8]", False)],
)  # fmt: skip
def test_boxes_within_the_tolerance(desk, box, fine):
    desk.edit(HAGAKI, POSTAL, POSTAL.replace("[44.3, 12, 47.7, 8]", box))
    said = _remarks(desk)
    assert (said == []) is fine
    if said:
        assert _box(said[0]) == "[44.3, 12, 47.7, 8]"


def test_boxes_of_an_envelope(desk):
    """The layout is the envelope of 120 × 235 mm itself; 定形外 has them 18 mm from top and right."""
    desk.edit(HAGAKI, 'size  = "hagaki"', "size  = [120, 235]")
    [remark] = _remarks(desk)
    assert _box(remark) == "[64.3, 12, 47.7, 8]"
    desk.edit(HAGAKI, "[120, 235]", "[240, 332]")
    [remark] = _remarks(desk)
    assert _box(remark) == "[174.3, 18, 47.7, 8]"


def test_boxes_on_a_landscape_card(desk):
    desk.edit(PRESSED, BARCODE, POSTAL.replace('"digits"', '"caption"').replace("[44.3, 12,", "[54, 26,"))
    assert any("portrait" in remark for remark in _remarks(desk, "pressed-card"))


def test_boxes_in_an_ink_that_the_machines_see(desk):
    desk.edit(HAGAKI, POSTAL, POSTAL.replace("frames = true", "frames = true, color = [0, 80, 80, 5]"))
    [remark] = _remarks(desk)
    assert "vermilion" in remark


def test_parcels_and_other_countries_are_not_the_post_s(desk):
    assert _remarks(desk, "parcel-insert") == _remarks(desk, "hello-en") == []
