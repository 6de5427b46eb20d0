"""campaign.toml: dates, defaults, overrides, segments and offers."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dmgen.campaign import Overrides, load_campaign
from dmgen.model.campaign import Channel
from dmgen.model.offer import CodeSource
from dmgen.model.scheme import NO_SCHEME

TODAY = date(2026, 9, 30)
SLOT = '[slots]\nx = { kind = "panel", box = [0, 0, 1, 1] }\n'
LEAST = 'format = 1\nid = "least"\n[audience]\nlayout = "letter"\n'


@pytest.fixture
def least(desk):
    def load(more: str = "", head: str = "", overrides: Overrides = Overrides()):  # noqa: B008
        desk.write("letter.toml", SLOT)
        desk.write("campaign.toml", head + LEAST + more)
        return desk.load(overrides, TODAY)

    return load


def test_the_least_campaign_is_one_letter_to_everybody(least):
    campaign = least()
    (everybody,) = campaign.segments
    assert (everybody.id, everybody.label, everybody.layout) == ("all", "全員", "letter")
    assert (everybody.when, everybody.group, everybody.offer, everybody.tickets) == (None, None, None, None)
    assert (campaign.channel, campaign.scheme, campaign.offers) == (Channel.MAIL, NO_SCHEME, {})
    assert (campaign.lottery.form.digits, campaign.batch_size) == (8, 2000)
    assert (campaign.lists.customers, campaign.lists.orders, campaign.lists.products) == (None, None, None)


def test_everybody_may_have_an_offer(least):
    assert least('offer = "x"\n[offers.x]\nlabel = "a"\namount = 1\nvalid = "1 day"\n').segments[0].offer == "x"


def test_without_segments_a_layout_is_needed(desk, refused):
    desk.write("campaign.toml", 'format = 1\nid = "x"\n')
    refused(desk.load, ("campaign.toml", "no segments", 'layout = "letter"'))


def test_dates_from_today_to_the_command_line(least):
    campaign = least()
    assert (campaign.as_of, campaign.drop) == (TODAY, TODAY)
    campaign = least(head="as_of = 2026-04-05\n")
    assert (campaign.as_of, campaign.drop) == (date(2026, 4, 5), date(2026, 4, 5))
    campaign = least(head="drop = 2026-04-10\n")
    assert (campaign.as_of, campaign.drop) == (TODAY, date(2026, 4, 10))
    head = "as_of = 2026-04-05\ndrop = 2026-04-10\n"
    campaign = least(head=head, overrides=Overrides(as_of=date(2026, 1, 1)))
    assert (campaign.as_of, campaign.drop) == (date(2026, 1, 1), date(2026, 4, 10))
    campaign = least(head=head, overrides=Overrides(drop=date(2026, 1, 2)))
    assert (campaign.as_of, campaign.drop) == (date(2026, 4, 5), date(2026, 1, 2))


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_today_is_that_of_the_shop(desk, zone):
    desk.change("../shop.toml", "Asia/Tokyo", zone)
    desk.layout(SLOT)
    before = datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
    as_of = desk.load().as_of
    assert before <= as_of <= datetime.now(UTC).astimezone(ZoneInfo(zone)).date()


def test_lists_of_the_command_line_win_and_need_not_be_there(least):
    lists = '[lists]\ncustomers = "c.csv"\norders = "o.csv"\nproducts = "p.csv"\n'
    found = least(lists, overrides=Overrides(customers=Path("other.csv"))).lists
    assert (found.customers, found.orders.name, found.products.name) == (Path("other.csv"), "o.csv", "p.csv")
    assert least(lists, overrides=Overrides(orders=Path("x.csv"))).lists.orders == Path("x.csv")


def test_lists_written_with_backslashes_in_single_quotes(desk, least):
    assert least("[lists]\ncustomers = '..\\c.csv'\n").lists.customers == (desk.folder / "../c.csv").resolve()


OFFER = '[offers.x]\nlabel = "a"\namount = 1\n'


@pytest.mark.parametrize(
    ("valid", "expires"),
    [
        ('"30 days"', date(2026, 10, 30)),
        ('"1 day"', date(2026, 10, 1)),
        ('"0 days"', TODAY),
        ("2026-12-31", date(2026, 12, 31)),
        ('"2026-12-31"', date(2026, 12, 31)),
        ("2026-09-30", TODAY),
    ],
)
def test_offers_end(least, valid, expires):
    offer = least(f"{OFFER}valid = {valid}\n").offers["x"]
    assert (offer.id, offer.expires, offer.minimum, offer.codes) == ("x", expires, 0, CodeSource.SINGLE)


def test_days_count_from_the_drop_even_at_the_end_of_time(least):
    def expires(drop: date) -> date:
        return least(f'{OFFER}valid = "30 days"\n', overrides=Overrides(drop=drop)).offers["x"].expires

    assert expires(date(2026, 1, 1)) == date(2026, 1, 31)
    assert expires(date(9999, 12, 31)) == date.max


def test_codes_shared_or_from_a_pool(desk, least):
    pool = desk.write("pool.csv", "")
    assert least(f'{OFFER}valid = "1 day"\ncodes = "shared"\n').offers["x"].codes is CodeSource.SHARED
    offer = least(f'{OFFER}valid = "1 day"\ncodes = "pool:pool.csv"\n').offers["x"]
    assert (offer.codes, offer.pool) == (CodeSource.POOL, pool)


def test_tickets_are_none_without_a_lottery_and_one_with_it(least):
    assert least().lottery.tickets == 0
    assert least("[lottery]\n").lottery.tickets == 1
    campaign = least("[lottery]\ntickets = 5\ndigits = 12\n")
    assert (campaign.segments[0].tickets, campaign.lottery.tickets) == (None, 5)
    assert campaign.lottery.form.digits == 12


def test_a_segment_has_its_own_tickets_and_its_id_for_a_label(desk):
    desk.change("campaign.toml", "tickets = 3", "tickets = 0")
    desk.change("campaign.toml", 'label = "優良客", ', "")
    vip = desk.load().segments[2]
    assert (vip.tickets, vip.label) == (0, "vip")


def test_print_and_release(least):
    assert least("[print]\nbatch = 20000\n[release]\nread_back = false\n").batch_size == 20000


def test_a_folder_that_is_no_campaign(desk, refused):
    for folder in (desk.root / "nowhere", desk.root, desk.folder / "campaign.toml"):
        call = lambda folder=folder: load_campaign(folder)  # noqa: E731
        refused(call, (str(folder), "campaign.toml", "dmgen new NAME"))


def test_a_campaign_without_a_shop(desk, refused):
    (desk.root / "layouts" / "shop.toml").unlink()
    refused(desk.load, ("shop.toml", "dmgen new NAME"))
