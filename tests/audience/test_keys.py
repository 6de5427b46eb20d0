"""Two ways of writing one phone number or e-mail address have one key; what is neither has none."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience.cells.keys import email_key, email_keys, phone_key, phone_keys
from dmgen.audience.cells.vector import TEXT


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("090-1234-0001", "09012340001"),
        ("09012340001", "09012340001"),
        ("０９０−１２３４ー０００１", "09012340001"),
        ("090 1234 0001", "09012340001"),
        ("090(1234)0001", "09012340001"),
        ("+819012340001", "09012340001"),
        ("'+81 90-1234-0001", "09012340001"),
        ("+81(0)90-1234-0001", "09012340001"),
        ("0081-90-1234-0001", "09012340001"),
        ("819012340001", "09012340001"),
        ("9012340001", "09012340001"),  # a spreadsheet dropped the zero
        ("9012340001.0", "09012340001"),
        ('="09012340001"', "09012340001"),
        ("携帯：090-1234-0001", "09012340001"),
        ("090-1234-0001（妻）", "09012340001"),
        ("112345678", "0112345678"),
        ("TEL 03-1234-0001", "0312340001"),
        ("+81 3 1234 0001", "0312340001"),
        ("0120-123-456", "0120123456"),
        ("+1 (415) 555-0100", "+14155550100"),
        ("+81 415 555 0100 99", "+8141555501" + "0099"),
        ("(415) 555-0100", "4155550100"),
        ("", ""),
        ("-", ""),
        ("なし", ""),
        ("0000000000", ""),
        ("090-0000-0000", ""),
        ("03-1111-1111", ""),
        ("999-9999-9999", ""),
        ("1234", ""),
        ("03-1234", ""),
        ("090-1234-0001 / 03-1234-0001", ""),
        ("090-12x4-0001", ""),
        ("1234567890123456", ""),
        ("²⁰¹²³⁴⁵⁶⁷⁸x", ""),
    ],
)
def test_a_phone_number_has_one_key_however_it_is_written(written: str, key: str) -> None:
    assert phone_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Hana@Example.COM", "hana@example.com"),
        ("ｈａｎａ＠example.com", "hana@example.com"),
        (" <hana@example.com> ", "hana@example.com"),
        ("mailto:hana@example.com", "hana@example.com"),
        ("'hana@example.com", "hana@example.com"),
        ("日本@例え.jp", "日本@例え.jp"),
        ("", ""),
        ("なし", ""),
        ("@example.com", ""),
        ("hana@", ""),
        ("a@b.jp c@d.jp", ""),
    ],
)
def test_an_email_address_has_one_key_however_it_is_written(written: str, key: str) -> None:
    assert email_key(written) == key


PHONE = st.text("0123456789０９-−ー +()'.x", max_size=16) | st.from_regex(
    r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}", fullmatch=True
)
EMAIL = st.text("aZ@. <>':mailto＠é\"", max_size=12) | st.emails()


@given(st.lists(PHONE, max_size=8), st.lists(EMAIL, max_size=8))
def test_whole_columns_have_the_keys_of_their_cells(phones: list[str], emails: list[str]) -> None:
    assert phone_keys(pa.array(phones, TEXT)).to_pylist() == [phone_key(cell) for cell in phones]
    assert email_keys(pa.array(emails, TEXT)).to_pylist() == [email_key(cell) for cell in emails]


@given(PHONE)
def test_a_key_is_its_own_key(phone: str) -> None:
    assert phone_key(phone_key(phone)) == phone_key(phone)
