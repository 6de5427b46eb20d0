"""Links are opaque, and lead to the shop."""

import pytest

from dmgen.errors import CampaignError
from dmgen.offers.link import draw, url


def test_tokens_are_twelve_letters_and_digits() -> None:
    tokens = draw(20_000)
    assert all(len(token) == 12 and token.isascii() and token.isalnum() for token in tokens)
    assert len(set(tokens)) == 20_000
    assert len(set("".join(tokens))) == 62


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://aobado.example.jp/c/", "https://aobado.example.jp/c/TOKEN"),
        ("https://aobado.example.jp/?c=", "https://aobado.example.jp/?c=TOKEN"),
        ("https://aobado.example.jp", "https://aobado.example.jp/TOKEN"),
        ("http://aobado.example.jp/c", "http://aobado.example.jp/c/TOKEN"),
    ],
)
def test_the_token_follows_the_address(base: str, address: str) -> None:
    assert url(base, "TOKEN") == address


@pytest.mark.parametrize("base", ["https://青葉堂.jp/c/", "aobado.example.jp", "ftp://aobado.example.jp/", ""])
def test_other_addresses_are_refused(base: str) -> None:
    with pytest.raises(CampaignError, match=r"shop\.toml: links"):
        url(base, "TOKEN")
