"""What is published of a draw: all that the winners are computed from, and they; and whether that holds.

Nothing in it is about people. Its fields are described in README.md beside this file.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from dmgen.model.lottery import Secrets
from dmgen.model.offer import DropKey
from dmgen.offers.draw import Win, normalised, unseen, winners
from dmgen.offers.seal import VERSION, canonical, prizes_of, seal_rules

FORMAT = "dmgen lottery draw"


@dataclass(frozen=True, slots=True)
class Draw:
    """What decides the winners: the sealed rules, the secrets, the public value as it was typed, the tickets."""

    key: DropKey
    rules: dict[str, Any]
    secrets: Secrets
    public: str
    tickets: Sequence[str]
    voided: Sequence[str] = ()

    def winners(self) -> list[Win]:
        """The winners. Raises ValueError where there are fewer tickets than winners."""
        prizes, public = prizes_of(self.rules), normalised(self.public)
        return winners(
            self.tickets, prizes, self.secrets.seed, public, repeat=self.rules["repeat"] is True, voided=self.voided
        )

    def published(self) -> dict[str, Any]:
        """The whole result as it is published; the same draw gives the same. Raises ValueError as `winners` does."""
        won = self.winners()
        result = {
            "format": FORMAT,
            "version": VERSION,
            "shop": self.key.shop,
            "campaign": self.key.campaign,
            "drop": self.key.drop.isoformat(),
            "seal": seal_rules(self.key, self.rules, self.secrets, self.tickets).as_json(),
            "secrets": self.secrets._asdict(),
            "public": {"typed": self.public, "read": normalised(self.public)},
            "winners": [
                {"prize": prize["id"], "tickets": [win.ticket for win in won if win.prize == prize["id"]]}
                for prize in self.rules["prizes"]
            ],
            "voided": sorted(self.voided),
            "tickets": sorted(self.tickets),
        }
        return result | {"result": sha256(canonical(result)).hexdigest()}


class Verified(NamedTuple):
    """A published draw that was computed again: the parts that do not come out as they stand there; none: it holds."""

    draw: Draw
    commitment: str
    wrong: tuple[str, ...]


def verified(text: str) -> Verified:
    """Compute a published draw again, from itself alone. Raises ValueError for a text that is no such thing."""
    data = _read(text)
    try:
        draw = _draw_of(data)
        expected = draw.published()
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    return Verified(draw, expected["seal"]["commitment"], tuple(_differences(data, expected)))


def as_text(published: Mapping[str, Any]) -> str:
    """The result as its file holds it: a ticket a line, so that two files can be compared line by line."""
    return json.dumps(published, ensure_ascii=False, indent=1) + "\n"


def _read(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT or canonical(data.get("version")) != b"1":
        raise ValueError("not a draw")
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; one that has a name twice would be read in two ways by two programs."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name occurs twice")
    return dict(pairs)


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _draw_of(data: Mapping[str, Any]) -> Draw:
    tickets, voided, secrets = data["tickets"], data["voided"], Secrets(**data["secrets"])
    if not all(isinstance(text, str) for text in (*tickets, *voided, *secrets, data["shop"], data["campaign"])):
        raise TypeError("not text")
    if len(set(tickets)) < len(tickets) or len(set(voided)) < len(voided) or not set(voided) <= set(tickets):
        raise ValueError("a ticket occurs twice, or is unknown")
    rules, public = data["seal"]["rules"], data["public"]["typed"]
    read = normalised(public)
    if unseen(read) or (not read and any(prize["reveal"] == "draw" for prize in rules["prizes"])):
        raise ValueError("no public value")
    key = DropKey(data["shop"], data["campaign"], date.fromisoformat(data["drop"]))
    return Draw(key, rules, secrets, public, tickets, voided)


def _differences(found: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """The names of the parts that differ in any way, those of the seal each on its own."""
    names: list[str] = []
    for name in dict.fromkeys((*expected, *found)):
        one, other = found.get(name), expected.get(name)
        if name == "seal" and isinstance(one, dict) and isinstance(other, dict):
            names += [f"seal.{part}" for part in _differences(one, other)]
        elif name not in found or name not in expected or canonical(one) != canonical(other):
            names.append(name)
    return names
