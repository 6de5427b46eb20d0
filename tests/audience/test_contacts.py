"""Contact history: who was written to, when and whether it was opened; each row counted, nothing guessed."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.errors import CampaignError, ListError
from dmgen.model.audience import Contact
from dmgen.model.campaign import Campaign, ColumnRule
from dmgen.model.history import NO_HISTORY, History, Mailing
from dmgen.model.recipient import Outcome

from .conftest import AS_OF, ORDERS, build, people, person, rules

CUSTOMERS = people(person("A"), person("B"), person("C"))
CONTACTS = "customer,channel,sent_at,opened_at,clicked_at"


def with_contacts(campaign: Campaign, *rows: str, header: str = CONTACTS) -> Campaign:
    """The campaign with a contacts list of these rows."""
    path = campaign.folder / "contacts.csv"
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return replace(campaign, lists=replace(campaign.lists, contacts=path))


def cells(audience: Audience, *names: str) -> list[tuple]:
    return [tuple(row.values()) for row in audience.rows([0, 1, 2], names)]


def settled(audience: Audience) -> None:
    """Everybody gets an outcome, and they add up."""
    for segment in audience._segments:
        audience.settle(audience.open_positions(segment), Outcome.PRINTED, "select", "")
    audience.check_sum()
    assert sum(audience.counts().values()) == audience.customers_read


def test_three_emails_without_an_opening_bring_the_letter(tmp_path: Path) -> None:
    """The trade's escalation rule is an ordinary rule: the last three in a row, an opening or a click begins anew."""
    campaign = with_contacts(
        build(tmp_path, CUSTOMERS, segments=rules("emails_unopened >= 3")),
        *(f"A,email,2026-0{month}-01,," for month in (3, 4, 5)),
        "B,email,2026-03-01,,", "B,email,2026-04-01,2026-06-01,", "B,email,2026-05-01,,", "B,email,2026-06-01,,",
        "C,email,2026-03-01,,", "C,email,2026-04-01,,", "C,email,2026-05-01,,2026-05-02",
    )  # fmt: skip
    audience = load_audience(campaign)
    assert cells(audience, "emails_sent", "emails_unopened") == [(3, 3), (4, 2), (3, 0)]
    assert audience.open_positions("s0").tolist() == [0]
    settled(audience)


def test_an_unopened_one_of_the_same_day_as_an_opened_one_does_not_count(tmp_path: Path) -> None:
    campaign = with_contacts(
        build(tmp_path, CUSTOMERS), "A,email,2026-03-01 09:00,2026-03-01 10:00,", "A,email,2026-03-01 18:00,,"
    )
    assert cells(load_audience(campaign), "emails_unopened", "last_email")[0] == (0, date(2026, 3, 1))


def test_letters_of_the_list_and_of_the_ledger_count_once_a_day(tmp_path: Path) -> None:
    campaign = with_contacts(
        build(tmp_path, CUSTOMERS), "A,DM,2026-09-01,,", "A,はがき,2026-09-10,,", "B,電話,2026-09-20,,"
    )
    history = History((Mailing(date(2026, 9, 1), ["A", "C", "gone"]), Mailing(date(2026, 8, 1), ["A"])))
    audience = load_audience(campaign, history)
    names = ("letters_sent", "last_letter", "letter_days", "last_call")
    assert cells(audience, *names) == [
        (3, date(2026, 9, 10), 20, None),
        (0, None, None, date(2026, 9, 20)),
        (1, date(2026, 9, 1), 29, None),
    ]


def test_an_order_on_the_day_of_the_letter_is_no_answer_to_it(tmp_path: Path) -> None:
    orders = "\n".join((ORDERS, "1,A,2026-09-01,300,1,completed", "2,B,2026-09-02,300,1,completed"))
    campaign = build(tmp_path, CUSTOMERS, orders, segments=rules("letter_days >= 14 and not ordered_since_letter"))
    history = History((Mailing(date(2026, 9, 1), ["A", "B"]),))
    audience = load_audience(campaign, history)
    assert cells(audience, "ordered_since_letter") == [(False,), (True,), (False,)]
    assert audience.open_positions("s0").tolist() == [0]


def test_without_orders_a_rule_about_them_is_refused(tmp_path: Path) -> None:
    """Nobody has ordered by a list that is not there: that would be a guess."""
    with pytest.raises(CampaignError, match="no column ordered_since_letter"):
        load_audience(build(tmp_path, CUSTOMERS, segments=rules("not ordered_since_letter")))
    with pytest.raises(CampaignError, match="no column emails_unopened"):
        load_audience(build(tmp_path, CUSTOMERS, segments=rules("emails_unopened >= 3")))


def test_every_row_is_counted_and_the_unclear_ones_are_named(tmp_path: Path) -> None:
    campaign = with_contacts(
        build(tmp_path, CUSTOMERS),
        "A,email,2026-03-01,,", ",email,2026-03-01,,", "A,pigeon,2026-03-01,,", "A,email,soon,,",
        "A,email,2026-03-01,maybe,", "Z,email,2026-03-01,,", "A,letter,2026-12-01,,", "A,email,2026-03-01,,,,,",
        "B,SMS,2026/3/1,,", "C,ＬＩＮＥ,2026-03-01,,",
    )  # fmt: skip
    audience = load_audience(campaign)
    assert audience.contact_counts == {
        "read": 10, "rejected": 5, "unlisted_customer": 1, "after_as_of": 1, "counted": 3,
    }  # fmt: skip
    assert sum(audience.contact_counts.values()) == 2 * audience.contact_counts["read"]
    told = [
        (r.line, r.customer_id, r.reason, r.field, r.value) for r in audience.rejections() if r.source == "contacts"
    ]
    assert [row[:4] for row in told] == [
        (3, "", "customer_id_missing", "customer"),
        (4, "A", "channel_unclear", "channel"),
        (5, "A", "date_unclear", "sent_at"),
        (6, "A", "date_unclear", "opened_at"),
        (9, "A", "ragged_row", ""),
    ]
    assert cells(audience, "emails_sent")[0] == (1,)
    settled(audience)


def test_contacts_of_an_id_of_two_people_are_nobodys(tmp_path: Path) -> None:
    twice = people(person("A"), person("A", name="鈴木 花子"), person("B"))
    audience = load_audience(with_contacts(build(tmp_path, twice), "A,email,2026-03-01,,"))
    assert audience.contact_counts == {"read": 1, "conflicting_customer": 1, "counted": 0}


def test_headers_of_another_system_are_named_in_columns(tmp_path: Path) -> None:
    columns = [
        ColumnRule("channel", ("手段",)), ColumnRule("sent_at", ("送信日時",)), ColumnRule("opened_at", ("開封日時",))
    ]  # fmt: skip
    campaign = build(tmp_path, CUSTOMERS, columns=columns)
    assert load_audience(campaign).contact_counts == {}, "a campaign without contacts has the same shop.toml"
    rows = "A,メルマガ,2026年3月1日,2026/03/02 10:00"
    audience = load_audience(with_contacts(campaign, rows, header="customer_id,手段,送信日時,開封日時"))
    assert cells(audience, "emails_sent", "emails_unopened")[0] == (1, 0)


@pytest.mark.parametrize("missing", ["customer", "channel", "sent_at"])
def test_a_list_without_a_needed_column_is_refused_by_name(tmp_path: Path, missing: str) -> None:
    header = CONTACTS.replace(missing, "x")
    with pytest.raises(ListError, match=missing):
        load_audience(with_contacts(build(tmp_path, CUSTOMERS), header=header))


def capped(campaign: Campaign, history: History = NO_HISTORY, **contact: int) -> dict[str, str]:
    """Who gets no letter, and why."""
    choice = replace(campaign.choice, contact=Contact(**contact))
    audience = load_audience(replace(campaign, choice=choice), history)
    told = {r.customer_id: r.reason for r in audience.rejections() if r.outcome is Outcome.OVER_LIMIT}
    settled(audience)
    return told


def test_days_between_two_letters(tmp_path: Path) -> None:
    """The drop is on 2026-09-30: a letter of exactly `minimum_days` before is old enough, one of a day less is not."""
    campaign = build(tmp_path, CUSTOMERS)
    history = History((Mailing(date(2026, 8, 31), ["A"]), Mailing(date(2026, 9, 1), ["B"])))
    assert capped(campaign, history, minimum_days=30) == {"B": "recent_letter"}
    assert capped(campaign, history, minimum_days=29) == {}
    assert capped(campaign, History((Mailing(date(2026, 10, 3), ["C"]),)), minimum_days=30) == {"C": "recent_letter"}


def test_letters_within_so_many_days(tmp_path: Path) -> None:
    campaign = with_contacts(build(tmp_path, CUSTOMERS), "A,letter,2026-07-01,,", "C,email,2026-07-01,,")
    history = History((Mailing(date(2026, 8, 1), ["A", "B", "C"]), Mailing(date(2025, 8, 1), ["B", "C"])))
    assert capped(campaign, history, letters=2) == {"A": "letter_cap"}
    assert capped(campaign, history, letters=2, days=500) == dict.fromkeys("ABC", "letter_cap")
    assert capped(campaign, history, letters=1, minimum_days=70) == {
        "A": "recent_letter", "B": "recent_letter", "C": "recent_letter",
    }  # fmt: skip


def test_the_drop_itself_never_counts(tmp_path: Path) -> None:
    """Not by the ledger, and not by a contacts list that has its letters already."""
    campaign = with_contacts(build(tmp_path, CUSTOMERS), "A,letter,2026-09-28,,", "B,letter,2026-09-27,,")
    history = History((Mailing(date(2026, 9, 28), ["A", "B"], own=True),))
    assert capped(campaign, history, minimum_days=30) == {"B": "recent_letter"}


EVENT = st.tuples(
    st.sampled_from("ABCZ"), st.sampled_from(["email", "letter", "call"]), st.integers(0, 20), st.booleans()
)


@given(st.lists(EVENT, max_size=25), st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 20)), max_size=8))
def test_measures_agree_with_a_second_count(tmp_path_factory: pytest.TempPathFactory, events, mailed) -> None:
    """Counted once more in plain Python, event by event."""
    start = AS_OF - timedelta(days=15)  # some lie after as_of
    day = {n: start + timedelta(days=n) for n in range(21)}
    rows = [f"{who},{channel},{day[n]},{day[n] if seen else ''}," for who, channel, n, seen in events]
    campaign = with_contacts(build(tmp_path_factory.mktemp("contacts"), CUSTOMERS), *rows)
    audience = load_audience(campaign, History(tuple(Mailing(day[n], [who]) for who, n in mailed)))
    letters = defaultdict(set)
    for who, channel, n, _ in events:
        if channel == "letter":
            letters[who].add(day[n])
    for who, n in mailed:
        letters[who].add(day[n])
    for row in audience.rows([0, 1, 2], audience.columns):
        who = row["customer_id"]
        emails = sorted((day[n], seen) for w, channel, n, seen in events if (w, channel) == (who, "email"))
        emails = [(on, seen) for on, seen in emails if on <= AS_OF]
        opened = max((on for on, seen in emails if seen), default=date.min)
        past = {on for on in letters[who] if on <= AS_OF}
        assert row["emails_sent"] == len(emails)
        assert row["emails_unopened"] == sum(on > opened for on, _ in emails)
        assert row["letters_sent"] == len(past)
        assert row["last_letter"] == max(past, default=None)
        assert row["letter_days"] == ((AS_OF - max(past)).days if past else None)
    counts = audience.contact_counts
    assert counts["read"] == sum(n for fate, n in counts.items() if fate != "read")
