"""[mail] and the paper: what campaign.toml says of posting is taken as it is meant, or refused where it is written."""

from pathlib import Path

import pytest

from dmgen.model.posting import ENVELOPES, Discount, Enclosure, Envelope, MailClass, MailRules, Payment, Sorting
from tests.campaign.conftest import Desk


def append(desk: Desk, name: str, text: str) -> None:
    desk.write(name, (desk.folder / name).read_text("utf-8") + text)


def mail(desk: Desk, text: str) -> MailRules | None:
    append(desk, "campaign.toml", f"[mail]\n{text}\n")
    return desk.load().mail


def test_without_mail_nothing_is_known(desk: Desk) -> None:
    assert desk.load().mail is None


def test_what_is_left_out_is_the_shops(desk: Desk) -> None:
    append(desk, "../shop.toml", '[mail]\npayment = "konou"\npost_office = "銀座"\n')
    assert mail(desk, 'envelope = "naga3"') == MailRules(Payment.KONOU, "銀座", ENVELOPES["naga3"])


def test_a_campaign_says_it_anew(desk: Desk) -> None:
    append(desk, "../shop.toml", '[mail]\npayment = "konou"\npost_office = "銀座"\n')
    written = (
        'payment = "betsuno"\npost_office = "芝"\nenvelope = { name = "窓封筒", size = [235, 120], weight = 6 }\n'
        'enclosures = [{ label = "小冊子", weight = 12.5, thickness = 0.4 }]\nclass = "teikei"\n'
        'discounts = ["sorted", "barcode"]\nslack = 3\nregional_office = true'
    )
    assert mail(desk, written) == MailRules(
        Payment.BETSUNO, "芝", Envelope("窓封筒", 120, 235, 6, 0.2), (Enclosure("小冊子", 12.5, 0.4),),
        MailClass.TEIKEI, (Discount.SORTED, Discount.BARCODE), 3, Sorting.DISTRICT, None, regional_office=True,
    )  # fmt: skip


def test_a_list_of_the_post_office_is_read_beside_the_campaign(desk: Desk) -> None:
    desk.write("offices.csv", "100\n")
    rules = mail(desk, 'discounts = ["sorted"]\nsort = "listed"\ndistricts = "offices.csv"')
    assert rules is not None
    assert (rules.sort, rules.districts) == (Sorting.LISTED, desk.folder / "offices.csv")


@pytest.mark.parametrize(
    ("written", "texts"),
    [
        ('envelope = "naga5"', ("mail.envelope", "naga3", "false for none")),
        ("envelope = true", ("mail.envelope", "naga3")),
        ('class = "letter"', ("mail.class", "hagaki", "teikei")),
        ('discounts = ["cheap"]', ("mail.discounts", "sorted", "barcode", "advertising", "local")),
        ("slack = 4", ("mail.slack", "0", "3", "7")),
        ('discounts = ["sorted"]\nsort = "none"', ("mail.sort", '"sorted" is for sorted letters')),
        ('sort = "listed"', ("mail.sort", "districts")),
        ('districts = "x.csv"', ("mail", 'sort = "listed"')),
        ('enclosures = [{ label = "x" }]', ("mail.enclosures", "weight")),
        ('enclosures = [{ label = "x", weight = 0 }]', ("weight", "0.1")),
        ('enclosures = [{ label = "x", weight = "12g" }]', ("mail.enclosures[1].weight", "a number without quotes")),
        ("enclosures = [{ weight = 12 }]", ("mail.enclosures[1].label is missing", "小冊子")),
        ('envelope = { name = "x", size = [120, 235] }', ("mail.envelope.weight is missing", "weight = 5.4")),
        ('envelope = { name = "x", weight = 5 }', ("mail.envelope.size is missing", "[120, 235]")),
        ('envelope = { name = "x", size = "120x235", weight = 5 }', ("mail.envelope.size =",)),
        ('envelope = { nam = "x", size = [120, 235], weight = 5 }', ("mail.envelope.nam", "did you mean name")),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, refused, written: str, texts: tuple[str, ...]) -> None:
    append(desk, "campaign.toml", f"[mail]\n{written}\n")
    refused(desk.load, ("campaign.toml", *texts))


def test_letters_in_parcels_are_not_posted(desk: Desk, refused) -> None:
    written = (
        (desk.folder / "campaign.toml").read_text("utf-8").replace('channel = "mail" ', 'channel = "insert_open" ')
    )
    desk.write("campaign.toml", written + "[mail]\n")
    refused(desk.load, ("campaign.toml", "mail", "not posted"))


@pytest.mark.parametrize(
    ("written", "gsm", "thickness"),
    [
        ('{ name = "上質紙", gsm = 80 }', 80, 0.1),
        ('{ name = "上質紙", ream = 90 }', 104.7, 0.131),
        ('{ name = "コート紙", ream = 110, thickness = 0.11 }', 128.0, 0.11),
    ],
)
def test_paper_is_weighed_by_area_or_by_ream(desk: Desk, written: str, gsm: float, thickness: float) -> None:
    """The 連量 of a paper is that of 1,000 sheets of 788 × 1091 mm."""
    text = (Path(desk.folder) / "campaign.toml").read_text("utf-8")
    line = f"paper = {written}\n"
    text = text.replace("[print]\n", f"[print]\n{line}") if "[print]" in text else f"{text}[print]\n{line}"
    desk.write("campaign.toml", text)
    paper = desk.load().printing.paper
    assert paper is not None
    assert (round(paper.gsm, 1), round(paper.thickness, 3)) == (gsm, thickness)
