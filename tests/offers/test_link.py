"""Links are opaque, and lead to the shop."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.errors import CampaignError
from dmgen.model.campaign import Segment
from dmgen.model.web import LinkRule
from dmgen.offers.link import draw, prefix, tagged, unused, url
from tests.offers.test_orders import campaign


def segment(**values) -> Segment:
    return Segment("vip", "優良客", "vip", **values)


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


def with_links(**rules: LinkRule):
    plain = campaign()
    return replace(plain, shop=replace(plain.shop, links="https://go.jp/c/"), links=rules)


def test_a_link_without_a_table_is_short() -> None:
    assert prefix(with_links(), segment(), "coupon") == "https://go.jp/c/"
    assert prefix(campaign(), segment(), "coupon") == ""


def test_a_direct_link_is_the_address_with_the_token_at_its_end() -> None:
    """It names segment and offer, an offer's tiers as the offer; it needs no short domain."""
    utm = {"source": "letter", "content": "{segment}", "term": "{offer}"}
    printed = with_links(x=LinkRule("x", "https://aobado.example.jp/shop?a=1", utm, direct=True))
    assert prefix(printed, segment(offer="thanks"), "x") == (
        "https://aobado.example.jp/shop?a=1&utm_source=letter&utm_content=vip&utm_term=thanks&dm="
    )
    assert prefix(printed, segment(), "x").endswith("?a=1&utm_source=letter&utm_content=vip&dm=")
    bare = with_links(x=LinkRule("x", "https://aobado.example.jp", direct=True))
    assert prefix(bare, segment(), "x") == "https://aobado.example.jp/?dm="


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=4), st.sampled_from(["", "#", "#x?y=1"]))
def test_parameters_come_back_as_they_were_written(added: list[tuple[str, str]], fragment: str) -> None:
    """Another decoder reads every name and value back; what is sent is plain ASCII without blanks."""
    address = tagged("https://x.jp/a?b=1" + fragment, added)
    assert address.isascii() and not set(address) & set(' "<>\\{}|^`\n\t')
    parts = urlsplit(address)
    assert parse_qsl(parts.query, keep_blank_values=True) == [("b", "1"), *added]
    assert parts.fragment == fragment.removeprefix("#")


def test_a_table_that_no_layout_uses_is_a_remark() -> None:
    (remark,) = unused(with_links(coupon=LinkRule("coupon"), shpo=LinkRule("shpo")), {"coupon"})
    assert "[links.shpo]" in str(remark) and "campaign.toml" in str(remark)
