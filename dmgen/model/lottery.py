"""A lottery: its tickets, its prizes, and what is asked of it before anything is printed."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from dmgen.model.rule import Rule


class Contest(StrEnum):
    """The kinds of lottery that 景品表示法 tells apart."""

    GENERAL = "general"  # 一般懸賞
    JOINT = "joint"  # 共同懸賞
    OPEN = "open"  # オープン懸賞: nobody has to buy, or to have bought, anything


class Reveal(StrEnum):
    """When a prize's winners are known."""

    DRAW = "draw"  # at the dated draw
    PAGE = "page"  # at once, on the page that the letter's link opens; the letter does not show it


class Form(NamedTuple):
    """The form of ticket numbers: so many `digits`, after a group (組) from 1 to `groups` where there are groups.

    With `check` one more digit stands at the end, which catches mistyping.
    """

    digits: int = 8
    groups: int = 0
    check: bool = False


DIGITS = Form()


class Step(NamedTuple):
    """How many tickets those get of whom the rule is true."""

    when: Rule
    tickets: int


@dataclass(frozen=True, slots=True)
class Prize:
    """A prize, what it is worth (yen), and how many win it; `offer` names the discount that it is, if it is one."""

    id: str
    label: str
    prize: str
    value: int
    count: int
    reveal: Reveal = Reveal.DRAW
    offer: str = ""


class Alongside(NamedTuple):
    """Another lottery for the same purchases that runs at the same time: its highest prize and all of them (yen)."""

    label: str
    highest: int
    total: int


@dataclass(frozen=True, slots=True)
class Lottery:
    """[lottery]. Without `prizes` the numbers are drawn `elsewhere`, or there are none.

    `steps` decide the tickets of a segment that has no number of its own; the first that holds, else `tickets`.
    `public` says in words which public value decides the draw; `claim_days` count from the announcement.
    """

    tickets: int = 0
    steps: tuple[Step, ...] = ()
    form: Form = DIGITS
    prizes: tuple[Prize, ...] = ()
    elsewhere: bool = False
    repeat: bool = False  # a ticket may win more than once
    draw_on: date | None = None
    claim_days: int = 60
    public: str = ""
    contest: Contest = Contest.GENERAL
    alongside: tuple[Alongside, ...] = ()

    @property
    def is_ours(self) -> bool:
        """Whether dmgen draws it: then it is sealed before anything is printed."""
        return bool(self.prizes) and not self.elsewhere

    @property
    def at_once(self) -> tuple[Prize, ...]:
        """The prizes that the letter's page reveals."""
        return tuple(prize for prize in self.prizes if prize.reveal is Reveal.PAGE and self.is_ours)

    def gives_tickets(self, own: int | None) -> bool:
        """Whether people of a segment may get tickets; `own` is its number of them where it says one itself."""
        return bool(self.tickets or any(step.tickets for step in self.steps)) if own is None else own > 0

    @property
    def winners(self) -> int:
        """How many prizes there are to be won."""
        return sum(prize.count for prize in self.prizes)

    @property
    def claim_by(self) -> date | None:
        """The last day to claim a prize of the draw."""
        days = timedelta(days=self.claim_days)
        return min(self.draw_on, date.max - days) + days if self.draw_on else None


class Secrets(NamedTuple):
    """What nobody may know of a lottery before its draw: each 32 random bytes, in hexadecimal."""

    seed: str
    salt: str


@dataclass(frozen=True, slots=True)
class Seal:
    """What is fixed before anything is printed, and may be told: hashes (SHA-256, hexadecimal) and the rules.

    `tickets` is their number; `commitment` seals all the rest. job.json holds it under `lottery`, letters show
    the commitment. How it is made: `dmgen.offers.seal`.
    """

    seed_hash: str
    tickets_hash: str
    tickets: int
    commitment: str
    rules: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """What job.json and the result of the draw say of it."""
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Seal":
        """The seal that `as_json` gave. Raises TypeError for anything else."""
        return Seal(**data)
