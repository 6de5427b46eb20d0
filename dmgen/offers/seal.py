"""The seal of a lottery: what is fixed before printing, so that the draw can be checked by anyone.

The encodings are in README.md beside this file.
"""

import json
import secrets as system
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from dmgen.model.lottery import Lottery, Prize, Reveal, Seal, Secrets
from dmgen.model.offer import DropKey

VERSION = 1
_SECRET_BYTES = 32
_PRIZE = ("id", "label", "prize", "value", "count")


def new_secrets() -> Secrets:
    """Fresh secrets, from the system's random source."""
    return Secrets(system.token_hex(_SECRET_BYTES), system.token_hex(_SECRET_BYTES))


def canonical(data: Any) -> bytes:
    """JSON with sorted keys and no blanks, in UTF-8 (RFC 8785, for text and whole numbers)."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def rules_of(lottery: Lottery) -> dict[str, Any]:
    """What is promised of a lottery, as it is sealed."""
    return {
        "prizes": [
            {**{fact: getattr(prize, fact) for fact in _PRIZE}, "reveal": prize.reveal.value}
            for prize in lottery.prizes
        ],
        "repeat": lottery.repeat,
        "draw_on": lottery.draw_on.isoformat() if lottery.draw_on else None,
        "public": lottery.public,
        "claim_days": lottery.claim_days,
        "form": lottery.form._asdict(),
    }


def prizes_of(rules: dict[str, Any]) -> list[Prize]:
    """The prizes of sealed rules. Raises LookupError, TypeError or ValueError for rules that cannot be."""
    prizes = [
        Prize(**{fact: prize[fact] for fact in _PRIZE}, reveal=Reveal(prize["reveal"])) for prize in rules["prizes"]
    ]
    for prize in prizes:
        if not (isinstance(prize.id, str) and type(prize.count) is int and prize.count > 0):
            raise ValueError(prize.id)
    if len({prize.id for prize in prizes}) < len(prizes):
        raise ValueError("a prize occurs twice")
    return prizes


def seal(key: DropKey, lottery: Lottery, secrets: Secrets, tickets: Iterable[str]) -> Seal:
    """The seal of a drop's lottery.

    `tickets` are the numbers as they were issued, in any order: those of the customers' letters. The numbers on
    decoys (seeds) stay out: they go to the shop's own people, who must not win.
    """
    return seal_rules(key, rules_of(lottery), secrets, tickets)


def seal_rules(key: DropKey, rules: dict[str, Any], secrets: Secrets, tickets: Iterable[str]) -> Seal:
    """The seal of a lottery whose rules are there as they were sealed."""
    numbers = sorted(tickets)
    drop = (key.shop, key.campaign, key.drop.isoformat())
    facts: dict[str, Any] = {
        "seed_hash": sha256(canonical(["dmgen lottery seed", VERSION, *drop, secrets.seed])).hexdigest(),
        "tickets_hash": sha256("\n".join((secrets.salt, *numbers)).encode()).hexdigest(),
        "tickets": len(numbers),
        "rules": rules,
    }
    sealed = {"version": VERSION, **dict(zip(("shop", "campaign", "drop"), drop, strict=True)), **facts}
    return Seal(commitment=sha256(canonical(sealed)).hexdigest(), **facts)
