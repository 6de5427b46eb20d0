"""`dmgen offers void` and `dmgen offers used`: what became of codes, as the shop learns it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dmgen.afterwards import open_ledger
from dmgen.errors import LedgerError, ListError, UsageError
from dmgen.ledger import CodePlace, Fate, IssuedCoupon, Ledger, Told
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.offers import coupon
from dmgen.tasks.code_file import CODE_HEADINGS, PIECE_HEADINGS, CodeLine, read_codes

_TOLD = 20  # lines that a message names


def today_at(shop: Shop) -> date:
    """The day that it is at the shop."""
    return datetime.now(ZoneInfo(shop.time_zone)).date()


def coupons_of(ledger: Ledger, shop: str, typed: Iterable[str]) -> dict[str, IssuedCoupon]:
    """By what was typed, in any width and spacing, the coupon that it is; what is none is left out."""
    spelt = {text: coupon.spellings(text) for text in typed}
    issued: dict[str, IssuedCoupon] = {}
    for one in ledger.coupons(shop, {code for codes in spelt.values() for code in codes}):
        issued.setdefault(one.code, one)
    meant = ((text, next((code for code in codes if code in issued), None)) for text, codes in spelt.items())
    return {text: issued[code] for text, code in meant if code is not None}


@dataclass(frozen=True, slots=True)
class Voided:
    """Codes that are void now, by kind, and those that were before; `used` coupons stay used.

    `shared` are codes that everybody in a drop has. Together the numbers are all codes that were meant.
    """

    new: Mapping[str, int]
    known: int
    used: tuple[str, ...]
    shared: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The numbers, for other programs."""
        return {"void": dict(self.new), "known": self.known, "used": list(self.used), "shared": list(self.shared)}


def void(shop: Shop, what: Sequence[str], file: Path | None, why: str, today: date | None = None) -> Voided:
    """Make coupon codes void, and all that a piece was issued of its own; `what` are codes or ids of pieces.

    A used code stays used. Raises UsageError where nothing is named or no reason given, ListError for a file that
    cannot be read, LedgerError, voiding nothing, where something named is neither a code nor a piece of the shop.
    """
    if not why.strip():
        raise UsageError(mark('say why, for the call centre: --why "returned by the post" (and nobody\'s name)'))
    zone = ZoneInfo(shop.time_zone)
    named = [CodeLine(0, text, None) for text in what if text.strip()]
    named += read_codes(file, (*PIECE_HEADINGS, *CODE_HEADINGS), zone) if file else []
    if not named:
        raise UsageError(mark("name coupon codes or ids of pieces: dmgen offers void ABCD-EFGH-JKLM --why TEXT"))
    ledger = open_ledger(shop)
    coupons = coupons_of(ledger, shop.id, {line.code for line in named})
    pieces = {line.code: coupon.normalise(line.code) for line in named if line.code not in coupons}
    issued = ledger.codes_of_pieces(shop.id, set(pieces.values()))
    _refuse_unknown(file, [line for line in named if line.code in pieces and pieces[line.code] not in issued])
    places = [one.place for one in coupons.values()] + [place for own in issued.values() for place in own]
    changed = ledger.give_fate(Fate.VOID, dict.fromkeys(places, Told(today or today_at(shop), why.strip())))
    barred = set(changed.barred)
    return Voided(
        dict(Counter(place.kind.value for place in changed.new)),
        len(changed.known),
        tuple(sorted(_shown(text, one) for text, one in coupons.items() if one.place in barred))
        + tuple(sorted(place.piece_id for own in issued.values() for place in own if place in barred)),
        tuple(sorted({_shown(text, one) for text, one in coupons.items() if one.shared})),
    )


def _shown(typed: str, one: IssuedCoupon) -> str:
    return coupon.in_fours(one.code) if coupon.is_valid(one.code) else typed


def _refuse_unknown(file: Path | None, unknown: Sequence[CodeLine]) -> None:
    """A slip must not void half of what was meant: nothing is, and it is said what to look at."""
    if not unknown:
        return
    typed = [line.code for line in unknown if not line.line]
    if typed:
        raise LedgerError(
            mark(
                "{what} is neither a coupon code nor the id of a piece of this shop, so nothing is void now. A code "
                'with blanks stands in quotes. See what it may be with: dmgen offers check "{what}"'
            ),
            what=typed[0],
        )
    raise LedgerError(
        mark(
            "{file}: neither a coupon code nor the id of a piece of this shop stands in these lines ({count}): "
            "{lines}. Nothing is void now; mend or remove them and run again."
        ),
        file=file,
        count=len(unknown),
        lines=_lines(line.line for line in unknown),
    )


def _lines(lines: Iterable[int]) -> str:
    numbers = sorted(set(lines))
    return ", ".join(map(str, numbers[:_TOLD])) + (", …" if len(numbers) > _TOLD else "")


class Entry(NamedTuple):
    """A line of a file with the code that it is."""

    line: int
    code: str


@dataclass(frozen=True, slots=True)
class Used:
    """What a file of redemptions told. Each of its codes is counted once: the five are all `codes`.

    `void` are recorded, too: somewhere a code was taken that was no longer good. Of `shared` ones nothing is recorded.
    """

    codes: int
    recorded: int
    known: int
    void: tuple[Entry, ...]
    unknown: tuple[int, ...]  # lines
    shared: int

    def as_json(self) -> dict[str, Any]:
        """The numbers, for other programs; lines instead of what stands there, where that is no code of ours."""
        return {
            "codes": self.codes,
            "recorded": self.recorded,
            "known": self.known,
            "void": [entry._asdict() for entry in self.void],
            "unknown_lines": list(self.unknown),
            "shared": self.shared,
        }


def record_used(shop: Shop, file: Path, today: date | None = None) -> Used:
    """Record the redemptions of a file; a line without a day counts as today's. Recording again changes nothing.

    Raises ListError for a file without codes, with a day that is no day or still to come; nothing is recorded then.
    """
    now = today or today_at(shop)
    lines = read_codes(file, CODE_HEADINGS, ZoneInfo(shop.time_zone))
    _refuse_future(file, lines, now)
    ledger = open_ledger(shop)
    coupons = coupons_of(ledger, shop.id, {line.code for line in lines})
    own = {text: one for text, one in coupons.items() if not one.shared}
    first: dict[CodePlace, CodeLine] = {}
    for line in sorted((line for line in lines if line.code in own), key=lambda line: line.day or now):
        first.setdefault(own[line.code].place, line)
    before = ledger.fates(first)
    changed = ledger.give_fate(Fate.USED, {place: Told(line.day or now, "") for place, line in first.items()})
    void = {place for place in changed.new if Fate.VOID in before.get(place, {})}
    entries = sorted(Entry(first[place].line, _shown(first[place].code, own[first[place].code])) for place in void)
    mine = sum(line.code in own for line in lines)
    return Used(
        len(lines),
        len(changed.new) - len(void),
        mine - len(changed.new),
        tuple(entries),
        tuple(line.line for line in lines if line.code not in coupons),
        sum(line.code in coupons for line in lines) - mine,
    )


def _refuse_future(file: Path, lines: Sequence[CodeLine], now: date) -> None:
    if not lines:
        raise ListError(mark("{file}: there are no codes in it"), file=file)
    for line in lines:
        if line.day and line.day > now:
            message = mark("{file}, line {line}: {day} is still to come; it is {now}. Mend the day and run again.")
            raise ListError(message, file=file, line=line.line, day=line.day, now=now)
