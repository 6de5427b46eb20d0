"""Every snippet of FORMATS.md loads and means what it says there."""

import re
from datetime import date
from pathlib import Path

import pytest

from dmgen.campaign import load_shop
from dmgen.model.campaign import Channel, ColumnRule, ColumnType
from dmgen.model.layout import CouponSlot, Fit, ImageSlot, LotterySlot, QrSlot, TextSlot
from dmgen.model.offer import CodeSource, DropKey


def test_the_shop_of_the_reference(desk):
    shop = load_shop(desk.root / "layouts" / "shop.toml")
    assert (shop.id, shop.sender, shop.stop_contact) == ("aobado", "青葉堂オンラインストア", "0120-000-000")
    assert (shop.language, shop.country, shop.time_zone) == ("ja", "JP", "Asia/Tokyo")
    assert (shop.ledger, shop.links) == ("ledger.sqlite", "https://aobado.example.jp/c/")
    assert shop.columns == (
        ColumnRule("name", ("姓", "名")),
        ColumnRule("points", ("ポイント残高",), ColumnType.INT),
    )


def test_the_campaign_of_the_reference(desk):
    campaign = desk.load()
    assert campaign.key == DropKey("aobado", "april-thanks", date(2026, 4, 10))
    assert (campaign.as_of, campaign.channel, campaign.scheme.name) == (date(2026, 4, 5), Channel.MAIL, "cpm")
    assert campaign.lists.customers == (desk.root / "lists" / "customers.csv").resolve()
    assert campaign.lists.products == (desk.root / "lists" / "products.csv").resolve()
    winback, first, vip, others = campaign.segments
    assert (winback.when.names, winback.group, winback.offer) == ({"lapsed"}, None, "thanks")
    assert (first.label, first.group, first.when, first.offer) == ("初回客", "first_time", None, None)
    assert [segment.tickets for segment in campaign.segments] == [None, None, 3, None]
    assert (vip.layout, others.when.text) == ("vip", "purchases >= 2")
    offer = campaign.offers["thanks"]
    assert (offer.label, offer.amount, offer.minimum) == ("500円引き", 500, 3000)
    assert (offer.expires, offer.codes, offer.pool) == (date(2026, 5, 10), CodeSource.SINGLE, None)
    assert list(campaign.layouts) == ["winback", "usage", "vip", "base"]
    assert (campaign.lottery.form.digits, campaign.batch_size) == (8, 2000)


def test_the_layout_of_the_reference(desk):
    layout = desk.load().layouts["base"]
    assert (layout.width, layout.height, layout.bleed, layout.sides) == (210, 297, 3, 1)
    assert layout.folds == (99, 198)
    (page,) = layout.pages
    slots = {slot.name: slot for slot in page.slots}
    assert list(slots) == ["address", "greeting", "body", "photo", "coupon", "qr", "kuji", "stop"]
    body, photo, coupon, kuji = slots["body"], slots["photo"], slots["coupon"], slots["kuji"]
    assert isinstance(body, TextSlot) and body.style.fit is Fit.CONDENSE
    assert body.style.leading == pytest.approx(18 * 25.4 / 72)
    assert isinstance(photo, ImageSlot) and (photo.file, photo.column) == (None, "product.photo")
    assert photo.when is not None and photo.when.text == "product"
    assert isinstance(coupon, CouponSlot) and coupon.style == body.style and coupon.code_style.font == "mono"
    assert isinstance(slots["qr"], QrSlot)
    assert isinstance(kuji, LotterySlot) and kuji.words is None
    assert kuji.style.leading == pytest.approx(1.6 * 14 * 25.4 / 72)


def test_words_know_the_line_where_their_text_begins(desk):
    origins = desk.load().layouts["base"].origins
    lines = (desk.folder / "base.toml").read_text(encoding="utf-8").split("\n")
    for key, text in {"greeting": "family_name", "body": "いつもご愛顧", "stop": "不要な方"}.items():
        path, line = origins[key]
        assert path == desk.folder / "base.toml"
        assert text in lines[line - 1]


def test_these_are_the_snippets_of_the_reference(desk):
    formats = Path(__file__).resolve().parents[2].parent / "shared" / "FORMATS.md"
    if not formats.exists():
        pytest.skip("needs ../shared")
    snippets = re.findall(r"```toml\n(.*?)```", formats.read_text(encoding="utf-8"), re.DOTALL)
    for name, snippet in zip(("../shop.toml", "campaign.toml", "base.toml"), snippets, strict=True):
        desk.write(name, snippet)
    assert [segment.id for segment in desk.load().segments] == ["winback", "first", "vip", "others"]
