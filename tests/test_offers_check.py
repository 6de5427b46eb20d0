"""`dmgen offers check`: the call centre is told what a code is worth, however it is read out."""

import json

import pytest

from dmgen.offers.coupon import ALPHABET, in_fours, is_valid
from tests.jobs import Desk, Job

SHOP = "layouts/shop.toml"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk.at(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def job(desk: Desk) -> Job:
    """A job that was sent: its coupons are worth something."""
    made = desk.run("hello", "--limit", "5", "--drop", "2026-04-10", out="sent")
    assert desk.invoke("sent", "sent", "--on", "2026-04-12", "--shop", SHOP).exit_code == 0
    return made


def told(desk: Desk, *typed: str) -> dict:
    result = desk.invoke("offers", "check", *typed, "--shop", SHOP, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def code_of(job: Job, place: int = 0) -> str:
    return job.manifest[place]["coupon_code"]


@pytest.mark.parametrize("way", ["apart", "wide", "small", "fours"])
def test_a_code_is_found_however_it_is_typed(desk: Desk, job: Job, way: str) -> None:
    code = code_of(job)
    fours = in_fours(code)
    typed = {
        "apart": " ".join(code),
        "wide": "".join(chr(ord(c) + 0xFEE0) for c in code),
        "small": fours.lower().replace("-", "ー"),
        "fours": fours,
    }[way]
    answer = told(desk, *typed.split(" "))
    assert (answer["code"], answer["state"]) == (fours, "expired")  # until 2026-05-10, and that is over
    assert (answer["campaign"], answer["drop"], answer["offer"]) == ("hello", "2026-04-10", "hello")
    assert (answer["amount"], answer["expires"], answer["sent_on"]) == (300, "2026-05-10", "2026-04-12")


def test_a_code_that_still_holds_is_valid(desk: Desk) -> None:
    desk.edit("layouts/hello/campaign.toml", 'valid   = "30 days"', "valid   = 2999-12-31")
    made = desk.run("hello", "--limit", "2", "--drop", "2026-06-01", out="valid")
    assert told(desk, code_of(made))["state"] == "not_sent"
    desk.invoke("sent", "valid", "--on", "2026-06-02", "--shop", SHOP)
    assert told(desk, code_of(made))["state"] == "valid"


def test_one_slip_of_the_tongue_is_found_and_said(desk: Desk, job: Job) -> None:
    """Every kind: a wrong character at each place, one left out, one too many, two that changed places."""
    code = code_of(job, 1)
    for place in range(len(code)):
        wrong = next(c for c in ALPHABET if c != code[place])
        answer = told(desk, code[:place] + wrong + code[place + 1 :])
        assert answer["state"] == "mistyped"
        assert {"code": code, "place": place + 1, "typed": wrong, "right": code[place]} in answer["near"]
    assert code in [slip["code"] for slip in told(desk, code[:5] + code[6:])["near"]]
    assert code in [slip["code"] for slip in told(desk, code[:5] + "Z" + code[5:])["near"]]
    place = next(place for place in range(11) if code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert code in [slip["code"] for slip in told(desk, swapped)["near"]]


def test_a_sound_code_that_nobody_has_is_unknown(desk: Desk, job: Job) -> None:
    """Sound by its check character, but never issued: somebody made it up, or it is another shop's."""
    sound = next(code for c in ALPHABET if is_valid(code := "22222222222" + c))
    assert told(desk, sound) | {"near": []} == told(desk, sound)
    assert told(desk, sound)["state"] == "unknown"


def test_without_its_folder_a_sent_code_is_known_to_be_issued(desk: Desk, job: Job) -> None:
    job.folder.rename(desk.root / "elsewhere")
    try:
        answer = told(desk, code_of(Job(desk.root / "elsewhere")))
    finally:
        (desk.root / "elsewhere").rename(job.folder)
    assert (answer["state"], answer["expires"], answer["sent_on"]) == ("issued", None, "2026-04-12")


def test_people_are_told_in_words_and_nothing_of_the_customer(desk: Desk, job: Job) -> None:
    row = job.manifest[2]
    result = desk.invoke("offers", "check", row["coupon_code"], "--shop", SHOP, "--lang", "ja")
    assert "300円引き" in result.stdout
    assert row["name"] not in result.stdout
    assert row["customer_id"] not in result.stdout
    assert desk.invoke("offers", "check", "-", "--shop", SHOP).exit_code == 2
