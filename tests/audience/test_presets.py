"""Shops' own exports go in as they are: right names, addresses and amounts, every order counted once."""

import random
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.audience.lists import read_lists
from dmgen.audience.read.columns import mapping
from dmgen.audience.read.preset import Kind, sources
from dmgen.audience.read.sources import open_list
from dmgen.campaign.shop import load_shop
from dmgen.errors import CampaignError, ListError
from dmgen.model.audience import Duplicates
from dmgen.model.campaign import Campaign, ColumnRule, Status

from .conftest import ORDERS, build, people, person
from .exports import (
    ECCUBE_CUSTOMERS,
    ECCUBE_ORDERS,
    LOGILESS,
    NEXTENGINE_37,
    NEXTENGINE_61,
    SAGAWA_EHIDEN3,
    SHOPIFY_CUSTOMERS,
    SHOPIFY_CUSTOMERS_SHORT,
    SHOPIFY_ORDERS,
    YAMATO_B2,
    YUPURI_R,
    export,
)


def rows_of(audience: Audience, *names: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in audience.rows(range(audience.customers_read), names)]


def of_source(campaign: Campaign, source: str, **statuses: Status) -> Campaign:
    return replace(campaign, shop=replace(campaign.shop, source=source, statuses=statuses))


def said(audience: Audience) -> str:
    return "\n".join(str(remark) for remark in audience.remarks)


def shopify_customer(**cells: str) -> dict[str, str]:
    return {
        "Customer ID": "'6543210987654", "First Name": "太郎", "Last Name": "山田", "Email": "S1@example.com",
        "Accepts Email Marketing": "no", "Default Address Address1": "梅田1-2-3",
        "Default Address City": "大阪市北区", "Default Address Province Code": "JP-27",
        "Default Address Country Code": "JP", "Default Address Zip": "'530-0001", "Phone": "'+819000000001",
    } | cells  # fmt: skip


def shopify_order(name: str, **cells: str) -> dict[str, str]:
    return {
        "Name": name, "Email": "s1@example.com", "Financial Status": "paid", "Currency": "JPY", "Total": "4200.00",
        "Discount Code": "SPRING", "Discount Amount": "100.00", "Created at": "2024-04-01 23:30:00 +0900",
        "Lineitem quantity": "2", "Lineitem name": "梅干し", "Lineitem price": "1500.00", "Lineitem sku": "U1",
        "Billing Name": "山田 太郎", "Billing Address1": "梅田1-2-3", "Billing City": "大阪市北区",
        "Billing Zip": "'530-0001", "Billing Province": "JP-27", "Billing Country": "JP",
        "Refunded Amount": "0.00", "Accepts Marketing": "yes",
    } | cells  # fmt: skip


def further(name: str, **cells: str) -> dict[str, str]:
    return {"Name": name, "Email": "s1@example.com", "Created at": "2024-04-01 23:30:00 +0900"} | cells


def test_shopify_customers_and_orders(tmp_path: Path) -> None:
    customers = export(
        SHOPIFY_CUSTOMERS,
        shopify_customer(),
        shopify_customer(
            **{"Customer ID": "'6543210987655", "First Name": "", "Last Name": "鈴木商店", "Email": "s2@example.com",
               "Default Address Zip": "'1000001", "Default Address Province Code": "JP-13", "Phone": "'+81312345678",
               "Default Address City": "千代田区", "Default Address Address1": "千代田1-1"}
        ),
    )  # fmt: skip
    orders = export(
        SHOPIFY_ORDERS,
        shopify_order("#1001"),
        further(
            "#1001",
            **{"Lineitem quantity": "1", "Lineitem name": "茶", "Lineitem price": "1200", "Lineitem sku": "T1"},
        ),
        shopify_order(
            "#1002", **{"Financial Status": "partially_refunded", "Refunded Amount": "200.00", "Total": "1000"}
        ),
        shopify_order("#1003", **{"Financial Status": "refunded"}),
        shopify_order("#1004", **{"Cancelled at": "2024-04-03 10:00:00 +0900"}),
        shopify_order("#1005", **{"Financial Status": "pending"}),
        shopify_order("#1006", Email="", Phone="03-1234-5678", Total="800"),
        shopify_order("#1007", Email="nobody@example.com"),
    )  # fmt: skip
    campaign = build(tmp_path, customers, orders, no_opt_out_recorded=True)
    audience = load_audience(campaign)
    assert rows_of(audience, "customer_id", "name", "family_name", "postal_code", "address", "purchases", "spent") == [
        ("6543210987654", "山田 太郎", "山田", "530-0001", "大阪府大阪市北区梅田1-2-3", 2, 4200 + 800),
        ("6543210987655", "鈴木商店", "鈴木商店", "100-0001", "東京都千代田区千代田1-1", 1, 800),
    ]
    assert rows_of(audience, "first_order")[0] == (date(2024, 4, 1),)
    assert audience.order_counts == {
        "read": 8, "item_line": 1, "status:refunded": 1, "status:cancelled": 1, "status:pending": 1,
        "unlisted_customer": 1, "counted": 3,
    }  # fmt: skip
    assert "customers.csv: read as an export of shopify" in said(audience)
    assert "orders.csv: read as an export of shopify" in said(audience)
    found = read_lists(campaign).orders
    assert found is not None
    assert found.items.order.tolist() == [0, 0, 1, 2]
    assert found.items.cells["sku"].to_pylist() == ["U1", "T1", "U1", "U1"]
    assert found.items.cells["quantity"].to_pylist() == [2, 1, 2, 2]
    assert found.items.cells["price"].to_pylist() == [1500, 1200, 1500, 1500]
    assert {name: cells.to_pylist() for name, cells in found.details.items()} == {
        "discount": [100] * 3, "code": ["SPRING"] * 3, "delivered_on": [None] * 3,
    }  # fmt: skip


def test_shopify_with_the_shorter_names_and_phone_twice(tmp_path: Path) -> None:
    short = {
        name.removeprefix("Default Address "): cell
        for name, cell in shopify_customer().items()
    }  # fmt: skip
    customers = export(SHOPIFY_CUSTOMERS_SHORT, short)
    audience = load_audience(build(tmp_path, customers, no_opt_out_recorded=True))
    assert rows_of(audience, "name", "address", "phone") == [
        ("山田 太郎", "大阪府大阪市北区梅田1-2-3", "+819000000001")
    ]


def test_consent_to_e_mail_is_none_to_post(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="dm_opt_out"):
        load_audience(build(tmp_path, export(SHOPIFY_CUSTOMERS, shopify_customer())))


def test_an_address_of_two_customers_is_nobodys_order(tmp_path: Path) -> None:
    """Two customers share an e-mail address: no guess whose order it is, and no phone decides."""
    customers = export(
        SHOPIFY_CUSTOMERS,
        shopify_customer(),
        shopify_customer(**{"Customer ID": "2", "First Name": "花子", "Phone": ""}),
    )
    orders = export(SHOPIFY_ORDERS, shopify_order("#1", Phone="09000000001"))
    audience = load_audience(build(tmp_path, customers, orders, no_opt_out_recorded=True))
    assert audience.order_counts == {"read": 1, "ambiguous_customer": 1, "counted": 0}


def test_orders_of_one_persons_two_addresses_count_together(tmp_path: Path) -> None:
    """The same person under two ids: the e-mail address of the row that is left out still finds its orders."""
    twice = shopify_customer(**{"Customer ID": "2", "Email": "second@example.com"})
    customers = export(SHOPIFY_CUSTOMERS, shopify_customer(), twice)
    orders = export(SHOPIFY_ORDERS, shopify_order("#1"), shopify_order("#2", Email="second@example.com"))
    audience = load_audience(build(tmp_path, customers, orders, no_opt_out_recorded=True, duplicates=Duplicates.PERSON))
    assert sorted(str(row[0]) for row in rows_of(audience, "purchases")) == ["0", "2"]
    assert audience.order_counts == {"read": 2, "counted": 2}


def eccube_order(key: str, kind: str = "商品", **cells: str) -> dict[str, str]:
    return {
        "注文ID": key, "会員ID": "7", "お名前(姓)": "髙橋", "お名前(名)": "一郎", "お名前(セイ)": "タカハシ",
        "お名前(メイ)": "イチロウ", "郵便番号": "0600042", "都道府県(名称)": "北海道", "住所1": "札幌市中央区",
        "住所2": "大通西1-2-3", "メールアドレス": "e7@example.com", "TEL": "0111234567", "値引き": "300",
        "送料": "500", "合計": "4200", "支払合計": "4000", "対応状況(名称)": "発送済み",
        "受注日": "2024-05-01 09:00:00", "商品名": "梅干し", "商品コード": "U1", "価格": "1500", "個数": "2",
        "明細区分(名称)": kind, "発送日": "2024-05-03 00:00:00", "配送先_郵便番号": "1500001",
    } | cells  # fmt: skip


def eccube_orders(encoding: str = "cp932") -> bytes:
    return export(
        ECCUBE_ORDERS,
        eccube_order("1"),
        eccube_order("1", 商品名="茶", 商品コード="T1", 価格="1200", 個数="1"),
        eccube_order("1", "送料", 商品名="送料", 商品コード="", 価格="500", 個数="1"),
        eccube_order("2", **{"対応状況(名称)": "注文取消し"}),
        eccube_order("3", **{"対応状況(名称)": "入金済み", "支払合計": "800"}),
        eccube_order("4", 会員ID="", 支払合計="700"),
        encoding=encoding,
    )


def eccube_customers(**cells: str) -> bytes:
    row = {
        "会員ID": "7", "お名前(姓)": "髙橋", "お名前(名)": "一郎", "お名前(セイ)": "タカハシ",
        "お名前(メイ)": "イチロウ", "郵便番号": "0600042", "都道府県(ID)": "1", "都道府県(名称)": "北海道",
        "住所1": "札幌市中央区", "住所2": "大通西1-2-3", "メールアドレス": "E7@example.com", "TEL": "0111234567",
        "誕生日": "1980-01-02 00:00:00", "会員ステータス(名称)": "本会員", "登録日": "2020-01-01 10:00:00",
    } | cells  # fmt: skip
    return export(ECCUBE_CUSTOMERS, row, encoding="cp932")


def test_eccube_customers_and_orders(tmp_path: Path) -> None:
    campaign = build(tmp_path, eccube_customers(), eccube_orders(), no_opt_out_recorded=True)
    audience = load_audience(campaign)
    names = ("customer_id", "name", "name_kana", "postal_code", "address", "birthday", "registered_on", "spent")
    assert rows_of(audience, *names) == [
        ("7", "髙橋 一郎", "タカハシ イチロウ", "060-0042", "北海道札幌市中央区大通西1-2-3",
         date(1980, 1, 2), date(2020, 1, 1), 4000 + 800 + 700),
    ]  # fmt: skip
    # A guest's order (no 会員ID) finds its customer by e-mail address.
    assert audience.order_counts == {"read": 6, "item_line": 2, "status:注文取消し": 1, "counted": 3}
    found = read_lists(campaign).orders
    assert found is not None
    assert found.items.cells["sku"].to_pylist() == ["U1", "T1", "U1", "U1"]  # postage is no product
    assert found.details["discount"].to_pylist() == [300, 300, 300]
    assert found.details["delivered_on"].to_pylist() == [date(2024, 5, 3)] * 3


def test_who_has_left_a_shop_gets_nothing(tmp_path: Path) -> None:
    audience = load_audience(
        build(tmp_path, eccube_customers(**{"会員ステータス(名称)": "退会"}), no_opt_out_recorded=True)
    )
    assert [(bad.outcome.value, bad.reason) for bad in audience.rejections()] == [("suppressed", "withdrawn")]


def nextengine_order(key: str, **cells: str) -> dict[str, str]:
    return {
        "店舗伝票番号": key, "受注日": "2024/05/01 9:00:00", "受注郵便番号": "0600042",
        "受注住所１": "北海道札幌市中央区大通西1-2-3", "受注住所２": "大通ビル3階", "受注名": "髙橋 一郎",
        "受注名カナ": "タカハシ イチロウ", "受注電話番号": "011-123-4567", "受注メールアドレス": "n@example.com",
        "発送郵便番号": "1500001", "発送先住所１": "東京都渋谷区神宮前1-1", "発送先名": "別人 花子",
        "合計金額": "3200", "商品名": "茶", "商品コード": "T1", "商品価格": "1200", "受注数量": "1",
        "出荷済フラグ": "1",
    } | cells  # fmt: skip


@pytest.mark.parametrize("header", [NEXTENGINE_37, NEXTENGINE_61])
def test_nextengine_orders_alone(tmp_path: Path, header: list[str]) -> None:
    assert len(header) in (37, 61)
    orders = export(
        header,
        nextengine_order("N1"),
        nextengine_order("N1", 商品名="梅干し", 商品コード="U1", 商品価格="2000"),
        nextengine_order("N2", 受注日="2024/06/01 9:00:00", 受注郵便番号="0600807")
        | {"受注住所１": "札幌市北区北7条西1"},  # no keyword: Python folds its width
        nextengine_order("N3", 出荷済フラグ="0"),
        nextengine_order("N4", 受注メールアドレス="", 受注名="佐藤 花", 出荷済フラグ=""),
        encoding="cp932",
    )
    audience = load_audience(build(tmp_path, None, orders, no_opt_out_recorded=True))
    assert rows_of(audience, "line", "name", "postal_code", "address", "purchases", "spent") == [
        (4, "髙橋 一郎", "060-0807", "札幌市北区北7条西1 大通ビル3階", 2, 6400),
        (6, "佐藤 花", "060-0042", "北海道札幌市中央区大通西1-2-3 大通ビル3階", 1, 3200),
    ]
    assert audience.order_counts == {"read": 5, "item_line": 1, "status:0": 1, "counted": 3}
    assert "2 are made of its buyers: 0 by customer id, 1 by e-mail address, 1 by name and address" in said(audience)
    assert len(audience.inputs) == 1


def test_conflicting_lines_of_one_order_reject_all_of_them(tmp_path: Path) -> None:
    orders = export(
        ECCUBE_ORDERS, eccube_order("1"), eccube_order("1", 支払合計="9999"), eccube_order("2"), encoding="cp932"
    )
    audience = load_audience(build(tmp_path, eccube_customers(), orders, no_opt_out_recorded=True))
    assert audience.order_counts == {"read": 3, "rejected": 2, "counted": 1}
    bad = [(row.line, row.reason, row.field, row.value) for row in audience.rejections() if row.source == "orders"]
    assert bad == [(2, "order_lines_differ", "amount", "4000"), (3, "order_lines_differ", "amount", "9999")]


def test_a_list_without_items_still_has_no_order_twice(tmp_path: Path) -> None:
    rows = ["1,A1,2026-01-01,100,1,completed"] * 2
    audience = load_audience(build(tmp_path, people(person()), "\n".join((ORDERS, *rows))))
    assert audience.order_counts == {"read": 2, "rejected": 1, "counted": 1}


LINE = st.tuples(st.sampled_from(["U1", "T1", "K1"]), st.integers(1, 9), st.integers(0, 3000))
LINES = st.lists(LINE, min_size=1, max_size=4)
ITEM_ORDERS = st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 700), st.sampled_from("ABC"), LINES), max_size=12)


@settings(max_examples=60, deadline=None)
@given(ITEM_ORDERS, st.booleans(), st.randoms(use_true_random=False))
def test_lines_in_any_order_give_the_same_totals(orders: list, first_only: bool, chance: random.Random) -> None:
    """An order's values count once, written on each of its lines or on one, wherever the lines stand."""
    rows = []
    for number, (amount, days, who, lines) in enumerate(orders):
        for place, (sku, quantity, price) in enumerate(lines):
            day = date.fromordinal(date(2024, 1, 1).toordinal() + days)
            whole = f"{day},{who},{amount},completed" if place == 0 or not first_only else ",,,"
            rows.append(f"o{number},{whole},{sku},{quantity},{price}")
    chance.shuffle(rows)
    text = "\n".join(("order_id,ordered_on,customer_id,amount,status,sku,quantity,price", *rows)) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        campaign = build(Path(folder), people(*(person(who) for who in "ABC")), text, scheme="cpm")
        audience, found = load_audience(campaign), read_lists(campaign).orders
    assert found is not None
    spent, bought = dict.fromkeys("ABC", 0), dict.fromkeys("ABC", 0)
    sold: dict[str, int] = {}
    for amount, _, who, lines in orders:
        if amount:
            spent[who] += amount
            bought[who] += 1
            for sku, quantity, price in lines:
                sold[sku] = sold.get(sku, 0) + quantity * price
    assert dict(rows_of(audience, "customer_id", "spent")) == spent
    assert dict(rows_of(audience, "customer_id", "purchases")) == bought
    counts = audience.order_counts
    assert sum(counts.values()) == 2 * counts["read"] == 2 * len(rows)
    assert counts["counted"] == sum(bought.values())
    items = zip(*(found.items.cells[name].to_pylist() for name in ("sku", "quantity", "price")), strict=True)
    totals: dict[str, int] = {}
    for sku, quantity, price in items:
        totals[sku] = totals.get(sku, 0) + quantity * price
    assert totals == sold


def test_a_word_that_no_list_knows_is_said_and_does_not_count(tmp_path: Path) -> None:
    rows = ["1,A1,2026-01-01,100,1,出荷ＯＫ", "2,A1,2026-01-01,100,1,発送済み", "3,A1,2026-01-01,100,1,キャンセル"]
    campaign = build(tmp_path, people(person()), "\n".join((ORDERS, *rows)))
    audience = load_audience(campaign)
    assert audience.order_counts == {"read": 3, "status:出荷ｏｋ": 1, "status:キャンセル": 1, "counted": 1}
    assert "[statuses]" in said(audience)
    assert "キャンセル" not in said(audience)
    told = load_audience(of_source(campaign, "", 出荷OK=Status.COMPLETED))
    assert told.order_counts["counted"] == 2
    assert "[statuses]" not in said(told)


def test_the_shop_may_name_every_column_of_its_orders(tmp_path: Path) -> None:
    """Also one that is computed for customers: delivered_on."""
    orders = f"{ORDERS},届いた日\n1,A1,2026-01-01,100,1,completed,2026-01-03\n"
    campaign = build(tmp_path, people(person()), orders, columns=[ColumnRule("delivered_on", ("届いた日",))])
    assert load_audience(campaign).order_counts["counted"] == 1
    found = read_lists(campaign).orders
    assert found is not None
    assert found.details["delivered_on"].to_pylist() == [date(2026, 1, 3)]


def test_columns_of_the_shop_win_over_the_preset_one_by_one(tmp_path: Path) -> None:
    customers = export([*ECCUBE_CUSTOMERS, "宛名", "DM"], {
        "会員ID": "7", "お名前(姓)": "髙橋", "お名前(名)": "一郎", "郵便番号": "0600042", "都道府県(名称)": "北海道",
        "住所1": "札幌市", "住所2": "1-2", "宛名": "髙橋商店 御中", "DM": "0",
    })  # fmt: skip
    columns = [ColumnRule("name", ("宛名",)), ColumnRule("dm_opt_out", ("DM",))]
    audience = load_audience(build(tmp_path, customers, columns=columns))
    assert rows_of(audience, "name", "address") == [("髙橋商店 御中", "北海道札幌市1-2")]


def test_a_source_is_named_in_shop_toml_or_refused(tmp_path: Path) -> None:
    campaign = build(tmp_path, eccube_customers(), no_opt_out_recorded=True)
    assert load_audience(of_source(campaign, "eccube4")).customers_read == 1
    with pytest.raises(CampaignError, match=r"no source magento.*eccube4, generic, nextengine, rakuten, shopify"):
        load_audience(of_source(campaign, "magento"))
    with pytest.raises(ListError, match=r"not an export of shopify.*lacks First Name, Last Name"):
        load_audience(of_source(campaign, "shopify"))


def test_orders_and_customers_are_not_mistaken_for_each_other(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="list of orders, as eccube4 exports it"):
        load_audience(build(tmp_path, eccube_orders(), no_opt_out_recorded=True))
    with pytest.raises(ListError, match="list of customers, as eccube4 exports it"):
        load_audience(build(tmp_path, people(person()), eccube_customers()))


@pytest.mark.parametrize("kind", Kind)
def test_every_column_of_a_preset_can_be_read(tmp_path: Path, kind: Kind) -> None:
    """No header is misspelt beyond recognition: every preset takes part of its own whole header row."""
    wholes = {
        Kind.CUSTOMERS: [SHOPIFY_CUSTOMERS, SHOPIFY_CUSTOMERS_SHORT, ECCUBE_CUSTOMERS],
        Kind.ORDERS: [SHOPIFY_ORDERS, ECCUBE_ORDERS, NEXTENGINE_37, NEXTENGINE_61],
        Kind.SHIPMENTS: [[*NEXTENGINE_37, "出荷予定日"], LOGILESS, YAMATO_B2, SAGAWA_EHIDEN3, YUPURI_R],
    }[kind]
    for place, header in enumerate(wholes):
        file = tmp_path / f"{kind}{place}.csv"
        file.write_bytes(export(header))
        mapped = mapping(open_list(file), build(tmp_path, None).shop, kind)
        assert mapped.preset is not None
        absent = set(mapped.preset.columns) - set(mapped.rules)
        assert absent <= {"points", "code", "media", "discount"}, (header[0], absent)
    assert set(sources()) == {"shopify", "eccube4", "nextengine", "rakuten", "woocommerce", "generic"}


def test_woocommerce_customers_and_orders(tmp_path: Path) -> None:
    customers = (
        "customer_id,billing_first_name,billing_last_name,billing_postcode,billing_state,billing_city,"
        "billing_address_1,billing_address_2,billing_country,billing_email,billing_phone\n"
        "12,太郎,山田,150-0001,JP13,渋谷区,神宮前1-1,,JP,w@example.com,0312345678\n"
    )
    orders = (
        "order_id,date,status,order_total,customer_id,billing_last_name,billing_postcode,item_sku,item_name,"
        "item_quantity,coupon_code\n"
        "1,2026-01-01 10:00:00,processing,3000,12,山田,150-0001,U1,梅干し,1,SPRING\n"
        "1,2026-01-01 10:00:00,processing,3000,12,山田,150-0001,T1,茶,2,SPRING\n"
        "2,2026-01-02 10:00:00,on-hold,500,12,山田,150-0001,T1,茶,1,\n"
    )
    audience = load_audience(build(tmp_path, customers, orders, no_opt_out_recorded=True))
    assert rows_of(audience, "customer_id", "name", "address", "spent") == [
        ("12", "山田 太郎", "東京都渋谷区神宮前1-1", 3000)
    ]
    assert audience.order_counts == {"read": 3, "item_line": 1, "status:on-hold": 1, "counted": 1}


def test_rakuten_of_today(tmp_path: Path) -> None:
    orders = (
        "注文番号,ステータス,注文日時,合計金額,注文者姓,注文者名,注文者郵便番号1,注文者郵便番号2,注文者住所都道府県,"
        "注文者住所郡市区,注文者住所それ以降の住所,注文者メールアドレス,商品番号,商品名,単価,個数\n"
        "1,500,2026-01-01 10:00:00,3000,山田,太郎,60,42,北海道,札幌市中央区,大通西1-1,r@example.com,U1,梅,3000,1\n"
        "2,900,2026-01-02 10:00:00,3000,山田,太郎,060,0042,北海道,札幌市中央区,大通西1-1,r@example.com,U1,梅,3000,1\n"
    )
    audience = load_audience(build(tmp_path, None, orders, no_opt_out_recorded=True))
    assert rows_of(audience, "name", "postal_code", "spent", "mall") == [("山田 太郎", "060-0042", 3000, "rakuten")]
    assert [bad.reason for bad in audience.rejections()] == ["mall"]


def test_a_shop_says_what_its_status_words_mean(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(
        'format = 1\nid = "a"\nsender = "b"\nsource = "generic"\n[statuses]\n"出荷OK" = "completed"\n', "utf-8"
    )
    shop = load_shop(tmp_path / "shop.toml")
    assert (shop.source, shop.statuses) == ("generic", {"出荷OK": Status.COMPLETED})
    (tmp_path / "shop.toml").write_text('format = 1\nid = "a"\nsender = "b"\n[statuses]\nx = "y"\n', "utf-8")
    with pytest.raises(CampaignError, match="completed"):
        load_shop(tmp_path / "shop.toml")
