"""[shipments] and [parcels]: a layout of the shop's own is taken as it is meant, or refused where it is written."""

import pytest

from dmgen.errors import CampaignError
from dmgen.model.campaign import ColumnRule
from tests.campaign.conftest import Desk


def append(desk: Desk, name: str, text: str) -> None:
    desk.write(name, (desk.folder / name).read_text("utf-8") + text)


def test_headers_and_numbers_are_columns(desk: Desk) -> None:
    append(desk, "../shop.toml", '[shipments]\nshipment_id = "出荷番号"\norder_ids = { from = ["注文1", "注文2"] }\n')
    assert desk.load().shop.shipments == (
        ColumnRule("shipment_id", ("出荷番号",)), ColumnRule("order_ids", ("注文1", "注文2")),
    )  # fmt: skip


def test_numbers_are_columns_of_a_file_without_header(desk: Desk) -> None:
    append(desk, "../shop.toml", "[shipments]\nshipment_id = 1\norder_ids = [54, 55]\nship_on = { from = 2 }\n")
    assert desk.load().shop.shipments == (
        ColumnRule("shipment_id", ("1",)), ColumnRule("order_ids", ("54", "55")), ColumnRule("ship_on", ("2",)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "texts"),
    [
        ("shipment = 1", ("shipments.shipment", "unknown key", "did you mean shipment_id", "order_ids, customer_id")),
        ("shipment_id = 0", ("shipments.shipment_id = 0", "the number of a column, from 1")),
        ("shipment_id = -3", ("shipments.shipment_id = -3", "from 1")),
        ("shipment_id = 1.5", ("shipments.shipment_id = 1.5", "from 1")),
        ("shipment_id = true", ("shipments.shipment_id = true", "from 1")),
        ('shipment_id = ""', ("shipments.shipment_id", "write some text")),
        ("shipment_id = []", ("shipments.shipment_id", "at least one entry")),
        ('shipment_id = 1\norder_ids = "注文番号"', ('shipments.order_ids = "注文番号"', "write the number")),
        ('shipment_id = [1, "注文番号"]\ntracking = 2', ("shipments.shipment_id", "write the number")),
        ("shipment_id = { from = 1, typo = 2 }", ("shipments.shipment_id.typo", "unknown key")),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, refused, written: str, texts: tuple[str, ...]) -> None:
    append(desk, "../shop.toml", f"[shipments]\n{written}\n")
    refused(desk.load, ("shop.toml, line", *texts))


DAY = 'shipments = "day.csv"\n'


def parcel_campaign(desk: Desk, text: str, lists: str = DAY, channel: str = "insert_note") -> None:
    """The desk's campaign as one whose letters go into parcels, with `text` at its end."""
    written = (desk.folder / "campaign.toml").read_text("utf-8")
    written = written.replace('channel = "mail" ', f'channel = "{channel}" ').replace("[lists]\n", f"[lists]\n{lists}")
    desk.write("campaign.toml", written + text)


@pytest.mark.parametrize(
    ("lists", "text", "texts"),
    [
        (DAY + 'seeds = "seeds.csv"\n', "", ("lists.seeds", "decoys have no parcel")),
        (DAY, '[print]\nvariables = "black only"\n', ("print.variables", "slip sheets")),
        ("", '[parcels]\nfallback = { layout = "base", offer = "thank" }\n', ("fallback.offer", "no such offer")),
        ("", '[parcels.skus]\nnobody = "INS-1"\n', ("parcels.skus.nobody", "no such segment")),
        ("", '[parcels]\ncarrier = "yamatoo"\n', ("parcels.carrier", '"yamato", "sagawa"')),
        ("", '[parcels]\ngaps = "none"\n', ("parcels.gaps", '"slip", "skip"')),
    ],
)
def test_what_no_parcel_can_take_is_refused(desk: Desk, refused, lists: str, text: str, texts: tuple[str, ...]) -> None:
    parcel_campaign(desk, text, lists)
    refused(desk.load, ("campaign.toml, line", *texts))


def test_a_letter_that_is_posted_goes_into_no_parcel(desk: Desk, refused) -> None:
    parcel_campaign(desk, "", channel="mail")
    refused(desk.load, ("campaign.toml, line", "channel", "insert_note, insert_open"))


def test_a_campaign_that_says_no_channel_is_told_which_it_could_have(desk: Desk) -> None:
    written = (desk.folder / "campaign.toml").read_text("utf-8")
    lines = [line for line in written.splitlines(keepends=True) if not line.startswith("channel")]
    desk.write("campaign.toml", "".join(lines).replace("[lists]\n", f"[lists]\n{DAY}"))
    with pytest.raises(CampaignError, match='channel = "insert_note"'):
        desk.load()


def test_the_piece_for_nobody_known_is_the_last_segment(desk: Desk) -> None:
    parcel_campaign(desk, '[parcels]\nfallback = { layout = "base" }\nskus = { fallback = "INS-9" }\n')
    campaign = desk.load()
    assert (campaign.segments[-1].id, campaign.segments[-1].fallback) == ("fallback", True)
    assert (campaign.in_parcels, campaign.parcels.fallback) == (True, "fallback")
    assert campaign.parcels.skus == {"fallback": "INS-9"}
