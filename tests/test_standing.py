"""Letters that tell points: what to look at is said before anything is printed, and nothing that is right."""

import json

import pytest

from tests.jobs import CUSTOMER, Desk

LETTER = 'extends = "../hello/hello.toml"\n[words]\nbody = """\n{body}\n"""\n'
CAMPAIGN = """format = 1
id = "points"
as_of = 2026-04-05
drop = 2026-04-10
[lists]
customers = "customers.csv"
[audience]
layout = "letter"
offer = "hello"
[offers.hello]
label = "300円引き"
amount = 300
minimum = 2000
valid = "30 days"
"""
HEADER = f"{CUSTOMER},points,points_as_of,points_expiring,points_expire_on"
DATED = "{% if points %}{{ points_as_of | jdate }}現在、{{ points | comma }}ポイント{% endif %}"


@pytest.fixture
def checked(tmp_path):
    """The remarks of `dmgen check` for words and rows of points."""
    desk = Desk.at(tmp_path)

    def check(body: str, *rows: str, points: str = "", header: str = HEADER) -> list[str]:
        cells = [f"{n},客 {n},100-0001,東京都,千代田区千代田,{n}-1,0,{row}" for n, row in enumerate(rows, 1)]
        desk.write("layouts/points/customers.csv", "\n".join((header, *cells)) + "\n")
        desk.write("layouts/points/letter.toml", LETTER.replace("{body}", body))
        desk.write("layouts/points/campaign.toml", CAMPAIGN + points)
        result = desk.invoke("check", "layouts/points", "--json", "--lang", "en")
        assert result.exit_code == 0, result.output
        return [remark for remark in json.loads(result.stdout)["remarks"] if "[words]" in remark or "points" in remark]

    return check


def test_a_dated_balance_of_these_weeks_needs_no_remark(checked) -> None:
    assert checked(DATED, "100,2026-04-01,,", ",,,", "0,2026-04-01,,") == []


def test_a_balance_without_its_day_is_remarked_with_the_words_to_add(checked) -> None:
    bare = "{% if points %}{{ points | comma }}ポイント{% endif %}"
    [said] = checked(bare, "100,2026-04-01,,")
    assert "body" in said and "（{{ points_as_of | jdate }}現在）" in said and "[points]" not in said
    [said] = checked(bare, "100", header=f"{CUSTOMER},points")
    assert "as_of = 2026-04-05 under [points]" in said and "（{{ points_as_of | jdate }}現在）" in said
    assert checked(bare.replace("ポイント", "ポイント（4月1日現在）"), "100", header=f"{CUSTOMER},points") == []


def test_balances_of_tomorrow_and_of_last_winter_are_remarked(checked) -> None:
    first, second = checked(DATED, "1,2026-04-10,,", "1,2026-04-11,,", "1,2026-02-09,,", "1,2026-02-08,,", "1,,,")[:2]
    assert "1 letters" in first and "after the drop of 2026-04-10" in first
    assert "1 letters" in second and "more than 60 days" in second
    [said] = checked(DATED, "5", "", points="[points]\nas_of = 2026-05-01\n", header=f"{CUSTOMER},points")
    assert "1 letters" in said and "after the drop" in said


def test_a_sentence_that_would_lack_a_word_is_remarked(checked) -> None:
    words = DATED + "\n{{ points_expiring }}ポイントが{{ points_expire_on | jdate }}に失効します。"
    said = checked(words, "100,2026-04-01,5,2026-05-01", "100,2026-04-01,,", "9,2026-04-01,5,2026-04-02")
    assert len(said) == 2
    assert "points_expiring, which is empty for 2 people" in said[0]
    assert "{% if points_expiring %} … {% endif %}" in said[0]
    whole = DATED + "\n{% if points_expiring %}{{ points_expiring }}ポイント{{ points_expire_on | jdate }}{% endif %}"
    assert checked(whole, "100,2026-04-01,5,2026-05-01", "100,2026-04-01,,") == []
    assert checked("{{ points_expiring }}", "100,2026-04-01,,") == []  # a line that closes up


def test_letters_that_do_not_tell_points_are_left_alone(checked) -> None:
    assert checked("こんにちは。", "100,2020-01-01,5,2020-01-01", ",,,") == []


def test_expired_points_are_a_warning_and_the_letter_is_printed_without_them(tmp_path) -> None:
    desk = Desk.at(tmp_path)
    body = DATED + "\n{% if points_expiring %}失効予定{{ points_expiring }}{% else %}失効なし{% endif %}"
    cells = ("1,客 一,100-0001,東京都,千代田区千代田,1-1,0,100,2026-04-01,77,2026-04-09",
             "2,客 二,100-0001,東京都,千代田区千代田,2-1,0,100,2026-04-01,88,2026-04-10")  # fmt: skip
    desk.write("layouts/points/customers.csv", "\n".join((HEADER, *cells)) + "\n")
    desk.write("layouts/points/letter.toml", LETTER.replace("{body}", body))
    desk.write("layouts/points/campaign.toml", CAMPAIGN)
    job = desk.run("points")
    first, second = ("".join(text.split()) for _, text in job.texts())
    assert "失効なし" in first and "失効予定" not in first
    assert "失効予定88" in second
    warnings = (job.folder / "warnings.csv").read_text("utf-8-sig")
    assert "points_expired,points_expire_on,2026-04-09" in warnings and warnings.count("points_expired") == 1
