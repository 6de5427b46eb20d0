"""Lottery numbers: random digits, a group before them and a check digit after them where the shop wants these."""

import re
import unicodedata
from collections.abc import Sequence
from secrets import randbelow

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.lottery import Form
from dmgen.model.random_text import random_strings

_FULLEST = 10  # at most one number in ten is a ticket: guessing is no game, and drawing never runs into a wall
_KEPT = 2  # digits: the first hundred numbers, or group 0, are never issued: what proofs show is nobody's

# Totally anti-symmetric quasigroup of order 10: H. M. Damm, Total anti-symmetrische Quasigruppen, Marburg 2004.
_DAMM = (
    b"\x00\x03\x01\x07\x05\x09\x08\x06\x04\x02",
    b"\x07\x00\x09\x02\x01\x05\x04\x08\x06\x03",
    b"\x04\x02\x00\x06\x08\x07\x01\x03\x05\x09",
    b"\x01\x07\x05\x00\x09\x08\x03\x04\x02\x06",
    b"\x06\x01\x02\x03\x00\x04\x05\x09\x07\x08",
    b"\x03\x06\x07\x04\x02\x00\x09\x05\x08\x01",
    b"\x05\x08\x06\x09\x07\x02\x00\x01\x03\x04",
    b"\x08\x09\x04\x05\x03\x06\x02\x00\x01\x07",
    b"\x09\x04\x03\x08\x06\x01\x07\x02\x00\x05",
    b"\x02\x05\x08\x01\x04\x03\x06\x07\x09\x00",
)


def draw(n: int, form: Form) -> list[str]:
    """At most `n` random numbers of a form, as the ledger keeps them; those of `sample` are left out."""
    if form.groups:
        space = 10**form.digits
        drawn = (divmod(randbelow(form.groups * space), space) for _ in range(n))
        codes = [f"{group + 1:0{width(form)}d}-{number:0{form.digits}d}" for group, number in drawn]
    else:
        kept = _kept(form)
        codes = [body for body in random_strings(n, form.digits, "0123456789") if not body.startswith(kept)]
    return [code + check_digit(code) for code in codes] if form.check else codes


def sample(n: int, form: Form) -> str:
    """The `n`-th of a hundred numbers that look like tickets of a form and that nobody ever gets."""
    body = f"{n % 10**_KEPT:0{form.digits}d}"
    body = f"{0:0{width(form)}d}-{body}" if form.groups else body
    return body + check_digit(body) if form.check else body


def check_digit(body: str) -> str:
    """The digit by which a wrong digit, or two neighbours that changed places, are always noticed (Damm)."""
    state = 0
    for digit in body:
        if digit != "-":
            state = _DAMM[state][ord(digit) - 48]
    return str(state)


def is_valid(code: str, form: Form) -> bool:
    """Whether `code`, as `normalise` gives it, is one that `draw` could have made."""
    length = form.digits + form.check
    if not re.fullmatch(rf"[0-9]{{{width(form)}}}-[0-9]{{{length}}}" if form.groups else rf"[0-9]{{{length}}}", code):
        return False
    body = code[:-1] if form.check else code
    issued = 1 <= int(body.partition("-")[0]) <= form.groups if form.groups else not body.startswith(_kept(form))
    return issued and (not form.check or check_digit(body) == code[-1])


def normalise(text: str, form: Form) -> str:
    """A number as somebody typed it, as the ledger keeps it: in any width, with 組, 番, blanks or hyphens.

    What cannot be a number of the form comes back as its digits alone.
    """
    runs = re.findall("[0-9]+", unicodedata.normalize("NFKC", text))
    typed, length = "".join(runs), form.digits + form.check
    if not form.groups:
        return typed
    if len(typed) == width(form) + length:
        return f"{typed[:-length]}-{typed[-length:]}"
    if len(runs) > 1 and len(runs[0]) <= width(form) and len(typed) == len(runs[0]) + length:
        return f"{runs[0].zfill(width(form))}-{typed[-length:]}"
    return typed


def shown(code: str, form: Form, *, japanese: bool) -> str:
    """A number as letters show it: 12組 345678番, elsewhere Group 12 No. 345678; plain digits as they are."""
    if not form.groups or not code:
        return code
    group, _, number = code.partition("-")
    group = group.lstrip("0") or group  # 000 is the group of samples
    return f"{group}組 {number}番" if japanese else f"Group {group} No. {number}"


def all_shown(codes: Sequence[str], form: Form, *, japanese: bool) -> tuple[str, ...]:
    """The numbers of a piece as letters show them; none where they are shown as they are."""
    return tuple(shown(code, form, japanese=japanese) for code in codes) if form.groups else ()


def widest(digit: str, form: Form) -> str:
    """A number that takes as much room as any, `digit` being the widest of the digits."""
    number = digit * (form.digits + form.check)
    return f"{digit * width(form)}-{number}" if form.groups else number


def width(form: Form) -> int:
    """Digits of the largest group; 0 where there are no groups."""
    return len(str(form.groups)) if form.groups else 0


def terms(form: Form) -> str:
    """What the ledger keeps of a form: "8", with groups "100x6", with a check digit "8+1"."""
    return (f"{form.groups}x" if form.groups else "") + str(form.digits) + ("+1" if form.check else "")


def check_ticket_space(tickets: int, form: Form) -> None:
    """Refuse a drop whose tickets would fill more than a tenth of the numbers. Raises CampaignError."""
    groups = form.groups or 1
    if tickets * _FULLEST <= groups * 10**form.digits:
        return
    needed = len(str(-(-tickets * _FULLEST // groups) - 1))
    if form.groups:
        message = mark(
            "campaign.toml: {tickets} lottery tickets are too many for {groups} groups of numbers of {digits} digits: "
            "at most one number in ten may be a ticket, or they could be guessed. "
            "Write under [lottery]: digits = {needed}, or more groups"
        )
    else:
        message = mark(
            "campaign.toml: {tickets} lottery tickets are too many for numbers of {digits} digits: "
            "at most one number in ten may be a ticket, or they could be guessed. "
            "Write under [lottery]: digits = {needed}"
        )
    raise CampaignError(message, tickets=tickets, groups=form.groups, digits=form.digits, needed=needed)


def _kept(form: Form) -> str:
    """How the first hundred numbers begin, where there are no groups."""
    return "0" * (form.digits - _KEPT)
