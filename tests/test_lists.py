"""`dmgen lists`: who may be reached by another channel, and nobody else."""

import csv
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.jobs import Desk, rows

HEAD = "customer_id,name,postal_code,prefecture,city,street,dm_opt_out,email,phone,email_allowed,sms_allowed"
MAIL = '\n[contact_lists]\nnews = { channel = "email" }\n'


def row(key: str, *, no: str = "0", post: str = "100-0001", mail: str = "", phone: str = "", ok: str = "1,1") -> str:
    return f"{key},客 {key},{post},東京都,千代田区千代田,1-1,{no},{mail},{phone},{ok}"


@pytest.fixture
def desk(tmp_path):
    return Desk.at(tmp_path)


def lists(desk: Desk, text: str, *people: str, head: str = HEAD) -> dict:
    """`dmgen lists` of these people, which must succeed; by list what --json says."""
    written(desk, text, *people, head=head)
    result = desk.invoke("lists", "layouts/hello", "--out", "out", "--json")
    assert result.exit_code == 0, result.output
    return {one["id"]: one for one in json.loads(result.stdout)["lists"]}


def written(desk: Desk, text: str, *people: str, head: str = HEAD) -> None:
    desk.write("assets/lists/customers.csv", "\n".join((head, *people)) + "\n")
    path = desk.root / "layouts" / "hello" / "campaign.toml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def column(desk: Desk, name: str, of: str) -> list[str]:
    return [line[of] for line in rows(desk.root / "out" / f"{name}.csv")]


def test_only_who_agreed_to_email_gets_one(desk):
    made = lists(
        desk, MAIL, row("A", mail="A@Example.com"), row("B", mail="b@example.com", ok="0,1"),
        row("C", mail="c@example.com", ok=",1"), row("D", mail="d@example.com", ok="perhaps,1"), row("E"),
    )  # fmt: skip
    assert column(desk, "news", "email") == ["A@Example.com"]
    assert (made["news"]["people"], made["news"]["left_out"]) == (1, {"no_address": 1, "no_consent": 3})


def test_who_wants_no_letters_is_reached_by_no_other_way(desk):
    """Nor who may not want any, nor whose row cannot be used, nor by an address that they share."""
    made = lists(
        desk, MAIL, row("A", mail="a@x.jp", no="1"), row("B", mail="b@x.jp", no="?"), row("C", mail="c@x.jp", post=""),
        row("D", mail="A@x.jp"), row("E", mail="e@x.jp"),
    )  # fmt: skip
    assert column(desk, "news", "customer_id") == ["E"]
    assert made["news"]["left_out"] == {"suppressed": 1, "review": 1, "rejected": 1, "no_consent": 1}


def test_who_gets_no_letter_for_other_reasons_may_be_reached(desk):
    """No segment, over a limit: nothing that they said."""
    desk.edit(
        "layouts/hello/campaign.toml",
        'offer = "hello", tickets',
        'when = "customer_id == \'A\'", offer = "hello", tickets',
    )
    lists(desk, MAIL, row("A", mail="a@x.jp"), row("B", mail="b@x.jp"))
    assert column(desk, "news", "customer_id") == ["A", "B"]
    assert column(desk, "news", "segment") == ["everyone", ""]


def test_an_address_stands_once_in_a_list(desk):
    made = lists(desk, MAIL, row("A", mail="a@x.jp"), row("B", mail="Ａ@x.jp"), row("C", mail="c@x.jp"))
    assert column(desk, "news", "customer_id") == ["A", "C"]
    assert made["news"]["left_out"] == {"address_twice": 1}


def test_a_list_that_does_not_say_who_agreed_is_refused(desk):
    head = HEAD.replace(",email_allowed,sms_allowed", "")
    written(desk, MAIL, "A,客 A,100-0001,東京都,千代田区千代田,1-1,0,a@x.jp,", head=head)
    refused = desk.invoke("lists", "layouts/hello", "--out", "out", "--lang", "en")
    assert refused.exit_code == 3
    for said in ("customers.csv", "[contact_lists] news", "email_allowed", "shop.toml", 'opt_out = "none recorded"'):
        assert said in refused.stderr
    assert not (desk.root / "out").exists()


def test_a_shop_that_records_nothing_says_so_and_is_told(desk):
    desk.edit("layouts/hello/campaign.toml", "[lists]", '[lists]\nopt_out = "none recorded"')
    head = "customer_id,name,postal_code,prefecture,city,street,email"
    written(desk, MAIL, "A,客 A,100-0001,東京都,千代田区千代田,1-1,a@x.jp", head=head)
    result = desk.invoke("lists", "layouts/hello", "--out", "out", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert column(desk, "news", "email") == ["a@x.jp"]
    assert "who agreed" in result.stderr


def test_a_text_message_goes_to_mobile_phones_only(desk):
    made = lists(
        desk, '\n[contact_lists]\nsms = { channel = "sms" }\n', row("A", phone="090-1234-5678"),
        row("B", phone="03-1234-5670"), row("C", phone="+81 80 1234 5679"), row("D", phone="070-1234-5678", ok="1,0"),
    )  # fmt: skip
    assert column(desk, "sms", "phone") == ["09012345678", "08012345679"]
    assert made["sms"]["left_out"] == {"no_consent": 1, "not_mobile": 1}


def test_advertising_gets_hashes_and_nothing_else(desk):
    """SHA-256 of the normalised address and of the number with its country, counted here by hand."""
    lists(
        desk, '\n[contact_lists]\nads = { channel = "ads" }\n', row("A", mail=" A@Example.com", phone="090-1234-5678"),
        row("B", mail="b@x.jp", phone="03-1234-5670", ok="1,0"), row("C", mail="c@x.jp", ok="0,0"),
    )  # fmt: skip

    def sha(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    assert rows(desk.root / "out" / "ads.csv") == [
        {"email": sha("a@example.com"), "phone": sha("+819012345678"), "phone_digits": sha("819012345678")},
        {"email": sha("b@x.jp"), "phone": "", "phone_digits": ""},
    ]


def test_calls_are_made_where_a_letter_brought_no_order(desk):
    """A letter without an answer after a fortnight; it says why: the last letter, the last order."""
    desk.edit("layouts/hello/campaign.toml", "[lists]", '[lists]\ncontacts = "contacts.csv"\norders = "orders.csv"')
    desk.write(
        "layouts/hello/contacts.csv",
        "customer,channel,sent_at\nA,letter,2026-03-01\nB,letter,2026-03-01\nC,letter,2026-04-01\n",
    )
    desk.write(
        "layouts/hello/orders.csv",
        "order_id,customer_id,ordered_on,amount,status\n1,A,2026-01-05,500,completed\n2,B,2026-03-05,500,completed\n",
    )
    rule = "letter_days >= 14 and not ordered_since_letter"
    lists(
        desk, f'\n[contact_lists]\ncalls = {{ channel = "call", when = "{rule}" }}\n',
        *(row(key, phone=f"03-1234-567{n}") for n, key in enumerate("ABCD")),
    )  # fmt: skip
    [call] = rows(desk.root / "out" / "calls.csv")
    assert call == {
        "phone": "0312345670", "name": "客 A", "customer_id": "A", "segment": "everyone",
        "last_letter": "2026-03-01", "last_order": "2026-01-05", "last_call": "",
    }  # fmt: skip


def test_who_refused_calls_is_not_called(desk):
    head = HEAD.replace("sms_allowed", "call_allowed")
    text = '\n[contact_lists]\ncalls = { channel = "call" }\n'
    made = lists(desk, text, row("A", phone="0312345670"), row("B", phone="0312345671", ok="1,0"), head=head)
    assert column(desk, "calls", "customer_id") == ["A"]
    assert made["calls"]["left_out"] == {"no_consent": 1}


def test_a_list_of_segments_and_a_rule_takes_whom_both_take(desk):
    desk.edit(
        "layouts/hello/campaign.toml",
        'offer = "hello", tickets',
        'when = "customer_id != \'C\'", offer = "hello", tickets',
    )
    text = '\n[contact_lists]\nnews = { channel = "email", segments = ["everyone"], when = "customer_id != \'A\'" }\n'
    lists(desk, text, *(row(key, mail=f"{key}@x.jp") for key in "ABC"))
    assert column(desk, "news", "customer_id") == ["B"]


def test_no_cell_of_a_list_is_a_formula(desk):
    lists(desk, MAIL, row("=1+1", mail="=cmd@x.jp"))
    text = (desk.root / "out" / "news.csv").read_bytes().decode("utf-8")
    assert text.startswith("\ufeffemail,")
    [cells] = list(csv.reader(text.splitlines()[1:]))
    assert all(not cell.startswith("=") for cell in cells)
    assert "'=cmd@x.jp" in cells


def test_a_list_without_addresses_names_the_column(desk):
    head = HEAD.replace(",phone,", ",extension,")
    written(desk, '\n[contact_lists]\nsms = { channel = "sms" }\n', row("A"), head=head)
    refused = desk.invoke("lists", "layouts/hello", "--lang", "en")
    assert (refused.exit_code, "needs the column phone" in refused.stderr) == (3, True)


def test_a_campaign_without_lists_says_how_to_write_one(desk):
    refused = desk.invoke("lists", "layouts/hello", "--lang", "en")
    assert (refused.exit_code, "[contact_lists]" in refused.stderr, "letter_days >= 14" in refused.stderr) == (
        1,
        True,
        True,
    )


def test_a_rule_of_a_list_is_checked_like_a_segments(desk):
    written(
        desk,
        '\n[contact_lists]\ncalls = { channel = "call", when = "letter_dayz > 3" }\n',
        row("A", phone="0312345670"),
    )
    for command in ("lists", "check"):
        refused = desk.invoke(command, "layouts/hello", "--lang", "en")
        assert (refused.exit_code, "[contact_lists] calls" in refused.stderr, "letter_dayz" in refused.stderr) == (
            1,
            True,
            True,
        )


def test_lists_issue_nothing_and_lie_beside_the_jobs(desk):
    written(desk, MAIL, row("A", mail="a@x.jp"))
    done = desk.invoke("lists", "layouts/hello", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == str(Path("output", "hello", "lists-2026-04-05"))
    assert [path.name for path in (desk.root / "output" / "hello" / "lists-2026-04-05").iterdir()] == ["news.csv"]
    assert not desk.ledger.exists()


PERSON = st.tuples(
    st.sampled_from(["0", "1", "?", ""]), st.sampled_from(["a@x.jp", "A@X.JP", "b@x.jp", "", "nonsense"]),
    st.sampled_from(["1", "0", "", "perhaps"]), st.sampled_from(["100-0001", ""]),
)  # fmt: skip


@given(st.lists(PERSON, max_size=8))
def test_no_objection_is_ever_overheard(tmp_path_factory, people) -> None:
    """Whatever the list: nobody who said no, in any of their rows, and everybody taken is written or left out."""
    desk = Desk.at(tmp_path_factory.mktemp("lists"))
    made = lists(
        desk, MAIL,
        *(row(f"P{n}", no=no, mail=mail, ok=f"{ok},1", post=post) for n, (no, mail, ok, post) in enumerate(people)),
    )["news"]  # fmt: skip
    found = {address.lower() for address in column(desk, "news", "email")}
    for no, mail, ok, _ in people:
        assert not (mail.lower() in found and (no in ("1", "?") or ok == "0"))
    assert all(any(mail.lower() == address and ok == "1" for _, mail, ok, _ in people) for address in found)
    assert made["people"] + sum(made["left_out"].values()) == len(people)
