"""What a symbol says is ASCII: addresses are percent-encoded, nothing is written in a guessed charset."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.symbols.payload import PayloadError, payload_bytes


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("https://x.example/c/abc?a=1&b=2#top", "https://x.example/c/abc?a=1&b=2#top"),
        ("https://x.example/名前?n=青葉 花子", "https://x.example/%E5%90%8D%E5%89%8D?n=%E9%9D%92%E8%91%89%20%E8%8A%B1%E5%AD%90"),
        ("https://x.example/%E5%90%8D", "https://x.example/%E5%90%8D"),
        ("https://x.example/?off=100%", "https://x.example/?off=100%25"),
        ('HTTP://x.example:8080/a"<b>\n', "HTTP://x.example:8080/a%22%3Cb%3E%0A"),
        ("MEMBER-0001", "MEMBER-0001"),
        ("tel:0120-000-000", "tel:0120-000-000"),
    ],
)  # fmt: skip
def test_payloads(text: str, payload: str) -> None:
    assert payload_bytes(text) == payload.encode("ascii")


@pytest.mark.parametrize("text", ["青葉", "é", "https://青葉.example/", "https:///c", "https://a b/", "ftp://x/青"])
def test_what_is_no_address_and_not_ascii_is_refused(text: str) -> None:
    with pytest.raises(PayloadError) as caught:
        payload_bytes(text)
    assert (caught.value.reason, caught.value.value) == ("payload_not_ascii", text)


@given(path=st.text(st.characters(exclude_categories=["Cs"])))
def test_an_address_says_the_same_once_decoded(path: str) -> None:
    encoded = payload_bytes("https://x.example/" + path).decode("ascii")
    assert set(encoded) <= set(map(chr, range(0x21, 0x7F)))
    assert unquote(encoded, errors="strict") == unquote("https://x.example/" + path)
    assert urlsplit(encoded).hostname == "x.example"
