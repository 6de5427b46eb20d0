"""What a slot must show, decided from the piece's own row."""

import pytest

from dmgen.model.layout import Box
from dmgen.model.places import Part, SlotPlace
from dmgen.readback.compare import Expected, payload_problem, text_problem
from dmgen.readback.kanji import flattened
from dmgen.readback.rows import Piece, Warned

ROW = {
    "piece_id": "P1",
    "customer_id": "7/8 &",
    "name": "佐藤 花子",
    "postal_code": "263-0023",
    "address": "千葉市稲毛区緑町3丁目30-8 郵便ビル403号",
    "segment": "vip",
}
OFFER = {"id": "thanks", "label": "500円引き", "amount": 500, "minimum": 0, "expires": "2026-05-10", "codes": "single"}


def expected(country: str = "JP", offer: dict | None = OFFER, warned: tuple[Warned, ...] = (), **row: str) -> Expected:
    links = {"coupon": "https://a.example/x"}
    piece = Piece(ROW | row, 12, 1, 1, "ABCDEFGHJKLM", ("0001", "0002"), links, warned)
    return Expected(piece, offer, country, piece.row["segment"])


def slot(kind: str, *parts: Part, **values) -> SlotPlace:
    return SlotPlace("s", kind, Box(0, 0, 1, 1), phrases=(parts,) if parts else (), **values)


ADDRESS = "〒263-0023千葉市稲毛区緑町3丁目30-8郵便ビル403号佐藤花子"


@pytest.mark.parametrize("text", [ADDRESS, ADDRESS + "様", ADDRESS + "御中"])
def test_an_address_is_all_of_it_and_nothing_else(text):
    assert text_problem(slot("address"), text, expected()) is None
    assert text_problem(slot("address"), text + "鈴木一郎", expected()) == ("text_unexpected", "")
    assert text_problem(slot("address", crowded=True), text + "鈴木一郎", expected()) is None


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("name", "花子", "花江"),
        ("postal_code", "0023", "0024"),
        ("address", "403号", "404号"),
        ("name", "花", "花\ufe00"),
    ],
)
def test_the_field_that_differs_is_named(field, old, new):
    assert text_problem(slot("address"), ADDRESS.replace(old, new), expected()) == ("text_differs", field)


COLUMNS = "千葉市稲毛区緑町三丁目三〇－八郵便ビル四〇三号佐藤花子様"


def test_an_address_in_columns_has_its_numbers_in_kanji():
    """The postal code stands in boxes of its own there."""
    upright = slot("address", vertical=True)
    assert text_problem(upright, COLUMNS, expected()) is None
    assert text_problem(upright, COLUMNS.replace("三〇", "三一"), expected()) == ("text_differs", "address")
    assert text_problem(upright, COLUMNS.replace("花子", "花江"), expected()) == ("text_differs", "name")
    assert text_problem(slot("postal_boxes"), "2630023", expected()) is None
    assert text_problem(slot("postal_boxes"), "2630024", expected()) == ("text_differs", "postal_code")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3丁目30-8", "三丁目三〇－八"),
        ("12番", "十二番"),
        ("１０号", "一〇号"),
        ("20", "二十"),
        ("1ー2", "一－二"),
    ],
)
def test_numbers_in_kanji_and_in_digits_are_the_same(one, other):
    assert flattened(one) == flattened(other)


def test_different_numbers_stay_different():
    assert len({flattened(f"{n}番") for n in range(100)}) == 100
    assert flattened("3-08") != flattened("30-8")


def test_numbers_stand_at_the_end_of_their_slot():
    assert text_problem(slot("coupon"), "有効期限5月10日ABCD-EFGH-JKLM", expected()) is None
    assert text_problem(slot("coupon"), "ABCD-EFGH-JKLMN", expected()) == ("text_differs", "coupon_code")
    pool = OFFER | {"codes": "pool"}
    assert text_problem(slot("coupon"), "ABCD-EFGH-JKLM", expected(offer=pool)) is not None
    assert text_problem(slot("coupon"), "ABCDEFGHJKLM", expected(offer=pool)) is None
    assert text_problem(slot("lottery"), "番号00010002", expected()) is None
    assert text_problem(slot("lottery"), "番号00020001", expected()) == ("text_differs", "lottery_number")


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("offer", True),
        ("offer.amount >= 500", True),
        ('offer.expires < "2026-05-01"', False),
        ("tickets == 2 and sequence > 11", True),
        ('segment == "vip"', True),
        ("points > 5", None),
        ("tickets and points > 5", None),
        ("product.photo", None),
        ("", True),
    ],
)
def test_rules_hold_as_far_as_the_job_folder_tells(rule, holds):
    assert expected().holds(rule) is holds
    assert expected(offer=None).holds("offer") is False


def test_what_a_link_of_words_says_is_encoded():
    """A customer id with a slash is data, in the code as in the comparison."""
    place = slot("qr", Part("https://a.example/"), Part(column="customer_id", format="url"), exact=True)
    assert payload_problem(place, "https://a.example/7%2F8%20%26", expected()) is None
    assert payload_problem(place, "https://a.example/7/8%20%26", expected()) == ("symbol_differs", "customer_id")
    path = slot("qr", Part("https://a.example/"), Part(column="customer_id", format="path"), exact=True)
    assert payload_problem(path, "https://a.example/7/8%20%26", expected()) is None


def test_a_code_of_thirteen_digits_may_add_its_check_digit():
    place = slot("ean13", Part("49"), Part(column="customer_id"), exact=True)
    piece = expected(customer_id="0000000000")
    assert payload_problem(place, "4900000000003", piece) is None
    assert payload_problem(place, "4900000000103", piece) == ("symbol_differs", "customer_id")


CODES = "2 6 3 0 0 2 3 3 - 3 0 - 8 - 4 0 3 CC4 CC4 CC4"


def test_a_customer_barcode_is_of_this_address():
    place = slot("japanpost")
    assert payload_problem(place, CODES, expected()) is None
    assert payload_problem(place, CODES.replace("2 6", "2 7"), expected()) == ("symbol_differs", "postal_code")
    assert payload_problem(place, CODES.replace("4 0 3", "4 1 3"), expected()) == ("symbol_differs", "address")
    kanji = expected(address="緑町三丁目三十番八号 B棟403")
    assert payload_problem(place, CODES, kanji) is None
    letter = CODES.replace("8 - 4 0 3 CC4", "8 CC1 1 4 0 3")
    assert payload_problem(place, letter, kanji) is None, "CC1 1 is the B"


@pytest.mark.parametrize(
    ("name", "missing", "shown"),
    [("佐藤 葛\U000e0100子", "U+845B U+E0100", "佐藤葛子"), ("佐藤 \U00030000子", "U+30000", "佐藤〓子")],
)
def test_a_letter_with_a_character_that_no_font_has_reads_as_its_warning_says(name, missing, shown):
    """Only where the job lists the warning: anybody else's 〓 is a fault."""
    text = ADDRESS.replace("佐藤花子", shown)
    warned = (Warned("missing_glyph", "name", missing),)
    assert text_problem(slot("address"), text, expected(name=name, warned=warned)) is None
    assert text_problem(slot("address"), text, expected(name=name)) == ("text_differs", "name")
    assert expected(warned=(Warned("overset", "s", ""),)).is_overset("s")
