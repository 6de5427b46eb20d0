"""Picking texts and order lines: every order of a parcel is told once, every piece is ordered once."""

from hypothesis import given
from hypothesis import strategies as st

from dmgen.messages import Speaker
from dmgen.model.parcel import ParcelOutcome, ParcelRules
from dmgen.warehouse import PackLine, picking_rows, sku_rows
from tests.warehouse.conftest import parcel
from tests.warehouse.test_characters import read


def test_every_order_of_a_parcel_has_its_text_and_only_the_first_a_line(warehouse):
    parcels = [
        parcel(1, "S1", order_ids="A-1;A-2", match_key="A1"),
        parcel(2, "S2", order_ids="B-1", reason="no_parcel"),
        parcel(3, "S3", "fallback", order_ids="C-1", match_key="C1", outcome="fallback"),
    ]
    folder, remarks = warehouse(parcels, rules=ParcelRules(skus={"thanks": "INS-001"}))
    assert remarks == []
    assert read(folder / "picking-nextengine.csv", "cp932") == [
        ["店舗伝票番号", "ピッキング指示内容"],
        ["A-1", "同梱DM：お礼 A1"],
        ["A-2", "同梱DM：お礼 A1"],
        ["C-1", "同梱DM：はじめての方 C1"],
    ]
    assert read(folder / "sku-lines-nextengine.csv", "cp932") == [
        ["店舗伝票番号", "商品名", "商品コード", "商品価格", "受注数量"],
        ["A-1", "お礼", "INS-001", "0", "1"],
        ["C-1", "はじめての方", "DM-fallback", "0", "1"],
    ]
    assert (
        read(folder / "picking-logiless.csv", "utf-8-sig")[1:] == read(folder / "picking-nextengine.csv", "cp932")[1:]
    )
    assert (
        read(folder / "sku-lines-logiless.csv", "utf-8-sig")[1:]
        == read(folder / "sku-lines-nextengine.csv", "cp932")[1:]
    )


def test_a_shop_abroad_reads_english(warehouse):
    folder, _ = warehouse([parcel(1, "S1", match_key="K")], country="US")
    assert read(folder / "picking-logiless.csv", "utf-8-sig")[1][1] == "letter for the parcel: お礼 K"


def test_a_parcel_without_an_order_is_named(warehouse):
    folder, remarks = warehouse([parcel(1, "S1", order_ids="", match_key="S1"), parcel(2, "S2")])
    assert [(remark.message.split(" ", 1)[1], remark.values["count"]) for remark in remarks] == [
        (
            "parcels with a letter have no order number: they are in the packing lists, but not in the picking texts "
            "and order lines",
            1,
        )
    ]
    assert len(read(folder / "sku-lines-nextengine.csv", "cp932")) == 2


def test_nothing_that_a_spreadsheet_would_run(warehouse):
    folder, _ = warehouse([parcel(1, "S1", order_ids="=cmd|'/C calc'!A0;@x", match_key="+1")])
    cells = [
        c for f in folder.glob("*-*.csv") for row in read(f, "cp932" if "next" in f.name else "utf-8-sig") for c in row
    ]
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]


ORDERS = st.lists(st.sampled_from("abcdef"), max_size=3, unique=True)


@given(st.lists(st.tuples(ORDERS, st.booleans())))
def test_orders_are_told_once_and_pieces_ordered_once(parcels):
    lines = [
        PackLine(
            n, "A", str(n), f"S{n}", tuple(orders), f"k{n}", ParcelOutcome.PIECE, "", f"P{n}" if has else "", "s", "S"
        )
        for n, (orders, has) in enumerate(parcels)
    ]
    picked = list(picking_rows(lines, Speaker("ja")))
    with_piece = [line for line in lines if line.piece_id]
    assert sorted(order for order, _ in picked) == sorted({order for line in with_piece for order in line.orders})
    for line in with_piece:
        assert all(f" {line.key}" in text for order, text in picked if order in line.orders)
    assert len(list(sku_rows(lines, {}))) == sum(bool(line.orders) for line in with_piece)
