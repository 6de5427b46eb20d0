"""A seal changes with every single thing that it seals, and is what its description says."""

import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest

from dmgen.model.lottery import Form, Lottery, Prize, Reveal, Seal, Secrets
from dmgen.model.offer import DropKey
from dmgen.offers.seal import new_secrets, seal

KEY = DropKey("aobado", "summer", date(2026, 6, 1))
SECRETS = Secrets("00" * 31 + "2a", "ff" * 32)
TICKETS = ["00000017", "40500001", "12345678"]
PRIZE = Prize("first", "一等", "新茶", 8000, 1)
LOTTERY = Lottery(prizes=(PRIZE,), draw_on=date(2026, 6, 10), public="日経平均株価 2026-06-10 の終値")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_seal_is_what_its_description_says() -> None:
    """Written out by hand, from README.md beside the module."""
    seed_hash = sha256(f'["dmgen lottery seed",1,"aobado","summer","2026-06-01","{"00" * 31}2a"]')
    tickets_hash = sha256(f"{'ff' * 32}\n00000017\n12345678\n40500001")
    rules = (
        '{"claim_days":60,"draw_on":"2026-06-10","form":{"check":false,"digits":8,"groups":0},'
        '"prizes":[{"count":1,"id":"first","label":"一等","prize":"新茶","reveal":"draw","value":8000}],'
        '"public":"日経平均株価 2026-06-10 の終値","repeat":false}'
    )
    sealed = (
        f'{{"campaign":"summer","drop":"2026-06-01","rules":{rules},"seed_hash":"{seed_hash}","shop":"aobado",'
        f'"tickets":3,"tickets_hash":"{tickets_hash}","version":1}}'
    )
    made = seal(KEY, LOTTERY, SECRETS, TICKETS)
    assert made == Seal(seed_hash, tickets_hash, 3, sha256(sealed), json.loads(rules))
    assert made.commitment == "96706c002391ccd88e1857510a84e9e67ddf20fdf8f265ccf812da381f8a3891"


def test_the_order_of_the_tickets_is_nothing() -> None:
    assert seal(KEY, LOTTERY, SECRETS, reversed(TICKETS)) == seal(KEY, LOTTERY, SECRETS, TICKETS)


@pytest.mark.parametrize(
    "changed",
    [
        (replace(KEY, shop="aobad"), LOTTERY, SECRETS, TICKETS),
        (replace(KEY, campaign="summe"), LOTTERY, SECRETS, TICKETS),
        (replace(KEY, drop=date(2026, 6, 2)), LOTTERY, SECRETS, TICKETS),
        (KEY, LOTTERY, SECRETS._replace(seed="00" * 32), TICKETS),
        (KEY, LOTTERY, SECRETS._replace(salt="00" * 32), TICKETS),
        (KEY, LOTTERY, SECRETS, TICKETS[:-1]),
        (KEY, LOTTERY, SECRETS, [*TICKETS, "1"]),
        (KEY, LOTTERY, SECRETS, [*TICKETS[:-1], "12345679"]),
        (KEY, replace(LOTTERY, repeat=True), SECRETS, TICKETS),
        (KEY, replace(LOTTERY, draw_on=None), SECRETS, TICKETS),
        (KEY, replace(LOTTERY, claim_days=59), SECRETS, TICKETS),
        (KEY, replace(LOTTERY, public="日経"), SECRETS, TICKETS),
        (KEY, replace(LOTTERY, form=Form(8, 0, True)), SECRETS, TICKETS),
        (KEY, replace(LOTTERY, prizes=(replace(PRIZE, count=2),)), SECRETS, TICKETS),
        (KEY, replace(LOTTERY, prizes=(replace(PRIZE, value=8001),)), SECRETS, TICKETS),
        (KEY, replace(LOTTERY, prizes=(replace(PRIZE, label="二等"),)), SECRETS, TICKETS),
        (KEY, replace(LOTTERY, prizes=(replace(PRIZE, prize="古茶"),)), SECRETS, TICKETS),
        (KEY, replace(LOTTERY, prizes=(replace(PRIZE, reveal=Reveal.PAGE),)), SECRETS, TICKETS),
    ],
    ids=range(18),
)
def test_every_change_changes_the_commitment(changed) -> None:
    assert seal(*changed).commitment != seal(KEY, LOTTERY, SECRETS, TICKETS).commitment


def test_the_seal_tells_neither_seed_nor_salt_nor_tickets() -> None:
    told = json.dumps(seal(KEY, LOTTERY, SECRETS, TICKETS).as_json())
    assert not any(secret in told for secret in (*SECRETS, *TICKETS))


def test_a_seal_is_read_as_it_was_written() -> None:
    made = seal(KEY, LOTTERY, SECRETS, TICKETS)
    assert Seal.from_json(json.loads(json.dumps(made.as_json()))) == made
    with pytest.raises(TypeError):
        Seal.from_json({"commitment": "ab"})


def test_secrets_are_32_bytes_each_and_never_the_same() -> None:
    made = [secret for _ in range(100) for secret in new_secrets()]
    assert len(set(made)) == 200
    assert {len(bytes.fromhex(secret)) for secret in made} == {32}
