"""What a check sees (`Fault`), what people are told (`Finding`), and the collection that keeps the two apart."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from dmgen.messages import Speaker
from dmgen.preflight.reading import readable

MOST = 100  # findings of one rule that are listed; more are counted


class Severity(StrEnum):
    """An error breaks the standard or the print; a warning wants a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Fault:
    """One thing against a rule. `at` names the object; message and remedy are gettext ids with fields from `values`."""

    at: str
    message: str
    remedy: str
    values: dict[str, object] = field(default_factory=dict)


Faults = Iterator[Fault]


@dataclass
class Finding:
    """A broken rule at an object (`at`): `page` is the first page with it (None: the file), `times` how often."""

    rule: str
    severity: Severity
    page: int | None
    at: str
    message: str
    remedy: str
    values: dict[str, object]
    times: int = 1

    def said(self, speaker: Speaker) -> str:
        """What is wrong, in words."""
        return speaker.say(self.message, **self.values)

    def remedy_said(self, speaker: Speaker) -> str:
        """What to do, in words."""
        return speaker.say(self.remedy, **self.values)


class Findings:
    """Findings in the order in which they were found; the same rule at the same object is one, counted."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], Finding] = {}
        self._listed: Counter[str] = Counter()
        self._last: dict[str, Finding] = {}

    def add(self, rule: str, severity: Severity, page: int | None, fault: Fault) -> None:
        """Note a fault. Beyond the first hundred objects of a rule, further ones count with the last of them."""
        place = (rule, fault.at, fault.message)
        known = self._found.get(place)
        if known is None and self._listed[rule] >= MOST:
            known = self._last[rule]
        if known:
            known.times += 1
            return
        self._listed[rule] += 1
        values = {key: readable(value) if isinstance(value, str) else value for key, value in fault.values.items()}
        self._last[rule] = Finding(rule, severity, page, readable(fault.at), fault.message, fault.remedy, values)
        self._found[place] = self._last[rule]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._found.values())
