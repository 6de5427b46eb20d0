"""The whole job: same input, same bytes; numbers for ever; who gets a letter, and what becomes of a job."""

import sqlite3

import pytest

from tests.jobs import CUSTOMER, Desk, Job, people, rows


@pytest.fixture
def desk(tmp_path):
    return Desk.at(tmp_path)


def small(desk: Desk, count: int = 5) -> None:
    """The hello campaign with a list of `count` customers."""
    desk.write("assets/lists/customers.csv", people(count))


def test_a_drop_run_again_gives_the_same_bytes_whatever_the_workers(desk):
    """Same lists, campaign and ledger: same PDFs and manifest, or a reprint would not be one."""
    desk.configure("layouts/spring-thanks/campaign.toml", print={"batch": 20})
    jobs = [desk.run("spring-thanks", "--workers", str(n), out=f"job{n}") for n in (1, 2, 3)]
    assert len(jobs[0].printed) > 15
    assert jobs[0].digests() == jobs[1].digests() == jobs[2].digests()


def test_a_fresh_ledger_and_another_drop_give_other_numbers(desk):
    """Numbers come from the ledger, never from a seed or a key."""
    small(desk)
    first = desk.run("hello", out="a")
    later = desk.run("hello", "--drop", "2026-05-01", out="b")
    desk.ledger.unlink()
    fresh = desk.run("hello", out="c")
    codes = [{row["code"] for row in job.codes} for job in (first, later, fresh)]
    pieces = [{row["piece_id"] for row in job.manifest} for job in (first, later, fresh)]
    assert {len(c) for c in codes} == {15}
    assert len(set.union(*codes)) == 45
    assert len(set.union(*pieces)) == 15


def test_only_what_shows_them_changes_with_the_numbers(desk):
    """The rest of a manifest is the lists'."""
    small(desk)
    first = desk.run("hello", out="a")
    desk.ledger.unlink()
    fresh = desk.run("hello", out="b")
    numbers = ("piece_id", "coupon_code", "lottery_number", "url")
    kept = [[{k: v for k, v in row.items() if k not in numbers} for row in job.manifest] for job in (first, fresh)]
    assert kept[0] == kept[1]
    assert (first.folder / "rejections.csv").read_bytes() == (fresh.folder / "rejections.csv").read_bytes()


def test_a_customer_who_joins_gets_new_numbers_and_the_others_keep_theirs(desk):
    small(desk, 3)
    before = desk.run("hello", out="a").issued()
    small(desk, 4)
    after = desk.run("hello", out="b").issued()
    assert {k: after[k] for k in before} == before
    assert len(after) == 4


def test_limit_prints_the_first_in_print_order_and_names_the_rest(desk):
    whole = desk.run("spring-thanks", out="whole")
    part = desk.run("spring-thanks", "--limit", "100", out="part")
    assert [row["customer_id"] for row in part.manifest] == [row["customer_id"] for row in whole.manifest[:100]]
    assert part.counts["outcomes"]["over_limit"] == len(whole.manifest) - 100
    assert sum(part.counts["outcomes"].values()) == part.counts["customers"] == whole.counts["customers"]
    left = {row["customer_id"] for row in part.rejections if row["outcome"] == "over_limit"}
    assert left == {row["customer_id"] for row in whole.manifest[100:]}
    assert part.counts["groups"] == whole.counts["groups"]


@pytest.mark.parametrize("limit", ["0", "1"])
def test_a_limit_of_none_and_of_one(desk, limit):
    small(desk)
    job = desk.run("hello", "--limit", limit)
    assert len(job.manifest) == len(job.printed) == int(limit)
    assert job.counts["outcomes"]["over_limit"] == 5 - int(limit)


def test_nobody_to_print_is_a_valid_empty_job(desk):
    """Exit 0: a nightly run may find nobody."""
    desk.edit("layouts/spring-thanks/campaign.toml", 'when = "lapsed"', 'when = "purchases > 9999"')
    for group in ("first_time", "yochiyochi", "kotsukotsu", "ryuko", "yuryo"):
        desk.edit("layouts/spring-thanks/campaign.toml", f'group = "{group}"', 'when = "purchases > 9999"')
    job = desk.run("spring-thanks")
    assert job.manifest == job.codes == job.printed == []
    assert (job.folder / "print").is_dir()
    assert job.counts["outcomes"]["no_segment"] > 300
    assert job.counts["pieces"] == 0


def test_orders_are_not_needed_by_a_campaign_without_a_scheme(desk):
    small(desk)
    job = desk.run("hello")
    assert len(job.manifest) == 5
    assert job.counts["orders"] == {}
    assert rows(job.folder / "groups.csv") == []


def test_a_segment_of_three_tickets_has_three_numbers(desk):
    """Tickets by segment: all in codes.csv, the first of them in the manifest."""
    small(desk)
    desk.edit("layouts/hello/campaign.toml", "tickets = 1", "tickets = 3")
    desk.edit("layouts/hello/hello.toml", "box = [22, 246, 44, 12]", "box = [22, 246, 44, 26]")
    job = desk.run("hello")
    assert len({row["code"] for row in job.codes if row["kind"] == "ticket"}) == 15
    for row, text in job.texts():
        tickets = [c["code"] for c in job.codes if c["piece_id"] == row["piece_id"] and c["kind"] == "ticket"]
        assert len(set(tickets)) == 3
        assert tickets[0] == row["lottery_number"]
        assert all(ticket in text for ticket in tickets)


def test_a_shared_code_is_everybodys_in_one_drop_and_nobodys_in_the_next(desk):
    small(desk)
    desk.edit("layouts/hello/campaign.toml", 'valid   = "30 days"', 'valid   = "30 days"\ncodes = "shared"')
    drops = [desk.run("hello", "--drop", day, out=day) for day in ("2026-05-01", "2026-06-01", "2026-05-01")]
    codes = [{row["coupon_code"] for row in job.manifest} for job in drops]
    assert [len(c) for c in codes] == [1, 1, 1]
    assert codes[0] == codes[2] != codes[1]


def test_pool_codes_are_given_out_once_until_there_are_no_more(desk):
    """Two people with the same code of the shop's own pool would be refused at the till."""
    small(desk)
    pool = [f"AOBA{n:04d}" for n in range(12)]
    desk.write("layouts/hello/codes.csv", "code\n" + "\n".join(pool) + "\n")
    desk.edit("layouts/hello/campaign.toml", 'valid   = "30 days"', 'valid   = "30 days"\ncodes = "pool:codes.csv"')
    first = [row["coupon_code"] for row in desk.run("hello", out="a").manifest]
    second = [row["coupon_code"] for row in desk.run("hello", "--drop", "2026-05-01", out="b").manifest]
    assert first + second == pool[:10]
    assert [row["coupon_code"] for row in desk.run("hello", out="a").manifest] == first
    third = desk.invoke("run", "layouts/hello", "--drop", "2026-06-01", "--out", "c", "--lang", "en")
    assert third.exit_code == 1
    assert "codes.csv" in third.stderr
    assert "exhausted" in third.stderr
    assert not (desk.root / "c").exists()


def test_changed_terms_of_an_issued_code_are_refused(desk):
    """A letter that is out promises 300 yen; the same code must not promise 500."""
    small(desk)
    desk.run("hello", out="a")
    desk.edit("layouts/hello/campaign.toml", "amount  = 300", "amount  = 500")
    again = desk.invoke("run", "layouts/hello", "--out", "b", "--lang", "en")
    assert again.exit_code == 4
    assert "--drop" in again.stderr
    assert not (desk.root / "b").exists()
    assert desk.invoke("run", "layouts/hello", "--out", "b", "--drop", "2026-05-01").exit_code == 0


def test_check_issues_and_prints_nothing(desk):
    """`check` says the same as `run` but leaves no trace."""
    checked = desk.invoke("check", "layouts/spring-thanks", "--json")
    assert checked.exit_code == 0
    assert not desk.ledger.exists()
    assert {path.name for path in desk.root.iterdir()} == {"assets", "layouts"}
    desk.run("spring-thanks")
    before = desk.ledger.read_bytes()
    assert desk.invoke("check", "layouts/spring-thanks").exit_code == 0
    assert desk.ledger.read_bytes() == before


def second_page(desk: Desk, slot: str) -> None:
    """Give hello a second page for customers with points; of four, the last two have some."""
    none, some = people(4).splitlines()[1:3], people(4).splitlines()[3:]
    lines = [f"points,{CUSTOMER}", *(f"0,{row}" for row in none), *(f"9,{row}" for row in some)]
    desk.write("assets/lists/customers.csv", "\n".join(lines) + "\n")
    desk.edit("layouts/shop.toml", "[about]", '[columns]\npoints = { from = "points", type = "int" }\n\n[about]')
    layout = desk.root / "layouts" / "hello" / "hello.toml"
    page = f'\n[[pages]]\nwhen = "points > 5"\n[pages.slots]\nagain = {slot}\n'
    layout.write_text(layout.read_text("utf-8") + page, "utf-8")


def test_a_page_that_only_some_people_get_is_counted_for_them(desk):
    second_page(desk, '{ kind = "text", words = "stop", style = "small", box = [22, 20, 166, 8] }')
    job = desk.run("hello")
    assert [int(row["last_page"]) - int(row["first_page"]) + 1 for row in job.manifest] == [1, 1, 2, 2]


def test_a_page_that_only_some_people_get_is_fitted_for_them(desk):
    """What composing would find too late must be found before numbers are issued."""
    second_page(desk, '{ kind = "lottery", style = "code", box = [22, 20, 9, 8] }')
    job = desk.run("hello")
    assert [row["customer_id"] for row in job.manifest] == ["00001", "00002"]
    assert [(row["reason"], row["field"]) for row in job.rejections] == [("overset", "again")] * 2


def test_pool_codes_are_fitted_as_wide_as_the_widest(desk):
    """The longest code is not the widest one."""
    small(desk, 2)
    desk.write("layouts/hello/codes.csv", "I" * 16 + "\n" + "W" * 16 + "\n")
    desk.edit("layouts/hello/campaign.toml", 'valid   = "30 days"', 'valid   = "30 days"\ncodes = "pool:codes.csv"')
    desk.edit("layouts/hello/hello.toml", 'font = "mono", size = "15pt"', 'font = "mincho", size = "24pt"')
    desk.edit(
        "layouts/hello/hello.toml",
        'style = "code", box = [22, 246, 44, 12]',
        'style = "small", box = [22, 246, 44, 12]',
    )
    assert {row["reason"] for row in desk.run("hello").rejections} == {"overset"}


def tables(desk: Desk) -> dict[str, list[tuple]]:
    with sqlite3.connect(desk.ledger) as ledger:
        return {name: sorted(ledger.execute(f"SELECT * FROM {name}")) for name in ("pieces", "codes", "terms")}


def test_restored_manifests_make_a_ledger_that_prints_the_same(desk):
    """The ledger was lost; the job folders are there."""
    desk.edit("layouts/hello/campaign.toml", "tickets = 1", "tickets = 2")
    first = desk.run("spring-thanks", out="a")
    other = desk.run("hello", out="b")
    known = tables(desk)
    desk.ledger.unlink()
    restored = desk.invoke("ledger", "restore", "a", "b")
    assert restored.exit_code == 0, restored.output
    assert tables(desk) == known
    assert Job(desk.run("spring-thanks", out="a2").folder).digests() == first.digests()
    assert Job(desk.run("hello", out="b2").folder).digests() == other.digests()
    again = desk.invoke("ledger", "restore", "a", "--lang", "en")
    assert (again.exit_code, "written back 0 of" in again.stdout) == (0, True)


def test_names_that_a_spreadsheet_would_run_come_back_from_the_manifest(desk):
    """The apostrophe that guards them is taken off when they are read back."""
    desk.write("assets/lists/customers.csv", people(2).replace("00001", "=1+1"))
    job = desk.run("hello")
    assert job.manifest[0]["customer_id"] == "'=1+1"
    known = tables(desk)
    desk.ledger.unlink()
    assert desk.invoke("ledger", "restore", "job").exit_code == 0
    assert tables(desk) == known


def test_letters_read_well_without_a_list_of_products(tmp_path):
    """The same layouts serve a shop that has none: words, pictures and rules about products are simply empty."""
    desk = Desk.at(tmp_path)
    desk.edit("layouts/spring-thanks/campaign.toml", 'products  = "../../assets/lists/products.csv"\n', "")
    desk.edit("layouts/spring-thanks/base.toml", '28.5], when = "product" }', '28.5], when = "product.photo" }')
    with_products = len(Desk.at(tmp_path / "other").run("spring-thanks").manifest)
    assert len(desk.run("spring-thanks").manifest) == with_products
