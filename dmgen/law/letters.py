"""Whether a sheet is a letter (信書) that its channel and carrier may not hold: dated signs (`letters.toml`)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from dmgen.law.rules import set_of
from dmgen.messages import mark
from dmgen.model.campaign import PARCEL_CHANNELS, Channel
from dmgen.model.parcel import Carrier

LETTERS = Path(__file__).with_name("letters.toml")
VALUE = "\ufffc"
"""What stands for a value in the fixed text of a passage."""
LENGTH = "length"

# What each sign is called; ids are those of letters.toml.
CALLED = {
    "name": mark("the name of the reader"),
    "address": mark("the reader's address"),
    "goods": mark("what the reader has bought"),
    "history": mark("a fact of the customer"),
    "relation": mark("a relation with the reader"),
    "points": mark("points"),
    "birthday": mark("a birthday"),
    "recommended": mark("what is chosen for the reader"),
    "only": mark("for the reader alone"),
    "offer": mark("an offer on a note"),
    "column": mark("a column of the customers list"),
    LENGTH: mark("too long for a note"),
}


class Severity(StrEnum):
    """What a finding means: the sheet may not go this way, or nobody can say for certain that it may."""

    FORBIDDEN = "forbidden"
    GREY = "grey"


class Holds(StrEnum):
    """What may be on a sheet: anything, a note about the goods that names the reader, or nothing personal at all."""

    ANYTHING = "anything"
    NOTE = "note"
    OPEN = "open"


class Passage(NamedTuple):
    """What a slot says: its fixed text without blanks (VALUE for each value) and the names whose values it shows.

    `lines` are those of each character of `text` in `file`, names have theirs; `line` is where the passage begins;
    `length` is the longest that its fixed text can be, `area` that of its box (mm²).
    """

    slot: str
    kind: str
    words: str
    file: Path
    line: int
    names: tuple[tuple[str, int], ...] = ()
    text: str = ""
    lines: tuple[int, ...] = ()
    length: int = 0
    area: float = 0.0


class Sheet(NamedTuple):
    """A layout as the letters of one segment show it."""

    layout: str
    pages: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Sign:
    """One sign of a letter: names, kinds of slots and patterns; what it means on an open sheet and on a note."""

    id: str
    columns: tuple[str, ...]
    slots: frozenset[str]
    words: tuple[str, ...]
    doubts: tuple[str, ...]
    open: Severity | None
    note: Severity | None
    rule: str

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Every pattern that is certain, as one."""
        return _any_of(self.words)

    @cached_property
    def doubtful(self) -> re.Pattern[str] | None:
        """Every pattern that is not, as one."""
        return _any_of(self.doubts)

    def has(self, name: str) -> bool:
        """Whether a name in words is one of the sign's."""
        return any(fnmatchcase(name, column) for column in self.columns)


@dataclass(frozen=True, slots=True)
class LetterRules:
    """A set of rules and the day from which it holds; `main` is a share from 0 to 1."""

    valid_from: date
    rule: str
    note_rule: str
    mail: frozenset[Carrier]
    characters: int
    pages: int
    main: float
    signs: tuple[Sign, ...]

    def holds(self, channel: Channel, carrier: Carrier | None) -> Holds:
        """What a channel and its carrier may hold; a parcel whose carrier is not said is no mail."""
        if channel is Channel.MAIL or (channel in PARCEL_CHANNELS and carrier in self.mail):
            return Holds.ANYTHING
        return Holds.NOTE if channel is Channel.INSERT_NOTE else Holds.OPEN


class Finding(NamedTuple):
    """What was found in a slot, or of a whole sheet (no slot); `share` and `length` are told of the whole sheet."""

    sign: str
    severity: Severity
    layouts: tuple[str, ...]
    slot: str
    words: str
    found: tuple[str, ...]
    file: Path | None
    line: int
    rule: str
    share: float | None = None
    length: int | None = None

    def as_json(self) -> dict[str, Any]:
        """All of it, as job.json and `--json` show it."""
        told = self._asdict() | {"severity": self.severity.value}
        told |= {"layouts": list(self.layouts), "found": list(self.found)}
        return told | {"file": self.file.name if self.file else None, "line": self.line or None}


def together(found: Iterable[Finding]) -> list[Finding]:
    """What several layouts have in one place, in a file that they extend, as one finding."""
    places: dict[tuple[object, ...], Finding] = {}
    for one in found:
        place = (one.sign, one.severity, one.slot, one.file, one.line, None if one.slot else one.layouts)
        before = places.setdefault(place, one)
        words = tuple(dict.fromkeys((*before.found, *one.found)))
        places[place] = before._replace(found=words, layouts=tuple(dict.fromkeys((*before.layouts, *one.layouts))))
    return list(places.values())


class _Hit(NamedTuple):
    sign: Sign
    certain: bool
    passage: Passage
    found: str
    line: int


def letter_rules_of(day: date, file: Path = LETTERS) -> LetterRules:
    """The rules that hold on a day; for a day before the first of them, those."""
    written = set_of(day, file)
    note = written["note"]
    return LetterRules(
        valid_from=written["valid_from"],
        rule=written["rule"],
        note_rule=note["rule"],
        mail=frozenset(Carrier(carrier) for carrier in written["carriers"]["mail"]),
        characters=note["characters"],
        pages=note["pages"],
        main=note["main"],
        signs=tuple(_sign(one) for one in written["signs"]),
    )


def _sign(written: dict[str, Any]) -> Sign:
    def severity(key: str) -> Severity | None:
        return Severity(written[key]) if written.get(key) else None

    columns, slots, words, doubts = (tuple(written.get(key, ())) for key in ("columns", "slots", "words", "doubts"))
    return Sign(
        written["id"], columns, frozenset(slots), words, doubts, severity("open"), severity("note"), written["rule"]
    )


def _any_of(patterns: Sequence[str]) -> re.Pattern[str] | None:
    if not patterns:
        return None
    return re.compile("|".join(f"(?:{_flagged(pattern)})" for pattern in patterns))


def _flagged(pattern: str) -> str:
    """(?i) at the beginning holds for this pattern alone."""
    return f"(?i:{pattern.removeprefix('(?i)')})" if pattern.startswith("(?i)") else pattern


def findings(sheet: Sheet, holds: Holds, rules: LetterRules) -> list[Finding]:
    """What of a sheet may not be where so much may be held, in the order of its slots.

    A sheet that has nothing personal is no letter, whatever it offers.
    """
    hits = [hit for passage in sheet.passages for hit in _hits(passage, rules.signs)]
    personal = [hit for hit in hits if hit.sign.open]
    if holds is Holds.OPEN:
        return list(_merged(sheet, personal, note=False))
    if holds is Holds.ANYTHING or not personal:
        return []
    return [*_merged(sheet, [hit for hit in hits if hit.sign.note], note=True), *_of_note(sheet, hits, rules)]


def _hits(passage: Passage, signs: Sequence[Sign]) -> Iterator[_Hit]:
    for sign in signs:
        if passage.kind in sign.slots:
            yield _Hit(sign, True, passage, passage.kind, passage.line)
        for pattern, certain in ((sign.pattern, True), (sign.doubtful, False)):
            for match in pattern.finditer(passage.text) if pattern else ():
                yield _Hit(sign, certain, passage, match[0].replace(VALUE, "…"), passage.lines[match.start()])
    for name, line in passage.names:
        sign = next(sign for sign in signs if sign.has(name))
        yield _Hit(sign, True, passage, f"{{{{ {name} }}}}", line)


def _merged(sheet: Sheet, hits: Sequence[_Hit], *, note: bool) -> Iterator[Finding]:
    """One finding for all that a slot has of one sign and severity."""
    found: dict[tuple[str, str, Severity], list[_Hit]] = {}
    for hit in hits:
        severity = (hit.sign.note if note else hit.sign.open) if hit.certain else Severity.GREY
        if severity:
            found.setdefault((hit.passage.slot, hit.sign.id, severity), []).append(hit)
    certain = {(slot, sign) for slot, sign, severity in found if severity is Severity.FORBIDDEN}
    for (slot, sign, severity), here in found.items():
        if severity is Severity.GREY and (slot, sign) in certain:
            continue  # the doubtful words of a slot that has certain ones tell nothing new
        passage, line = here[0].passage, min(hit.line for hit in here)
        words = tuple(dict.fromkeys(hit.found for hit in here))
        rule = here[0].sign.rule
        yield Finding(sign, severity, (sheet.layout,), slot, passage.words, words, passage.file, line, rule)


def _of_note(sheet: Sheet, hits: Sequence[_Hit], rules: LetterRules) -> Iterator[Finding]:
    """What a note is as a whole: an offer above all, or too long."""
    whole = ((sheet.layout,), "", "", (), None, 0, rules.note_rule)
    share = _share(sheet, [hit for hit in hits if hit.sign.id == "offer"])
    if share >= rules.main:
        yield Finding("offer", Severity.FORBIDDEN, *whole, share=round(share, 2))
    length = sum(passage.length for passage in sheet.passages)
    if length > rules.characters or sheet.pages > rules.pages:
        yield Finding(LENGTH, Severity.GREY, *whole, length=length)


def _share(sheet: Sheet, hits: Sequence[_Hit]) -> float:
    """The share of an offer in what can be read: whole slots of codes, and lines of words."""
    total = sum(passage.area for passage in sheet.passages)
    taken = 0.0
    for passage in sheet.passages:
        here = [hit for hit in hits if hit.passage is passage]
        lines = {hit.line for hit in here}
        on_them = sum(line in lines for line in passage.lines)
        whole = any(passage.kind in hit.sign.slots for hit in here) or (here and not passage.lines)
        taken += passage.area * (1 if whole else on_them / max(len(passage.lines), 1))
    return taken / total if total else 0.0
