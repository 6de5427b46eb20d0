"""Coupon codes: eleven random characters and one that catches mistyping."""

import unicodedata
from typing import NamedTuple

from dmgen.model.offer import CodeSource, Offer
from dmgen.model.random_text import UNAMBIGUOUS, cut, random_text

ALPHABET = UNAMBIGUOUS
LENGTH = 12
_BODY = LENGTH - 1

# A code is sound when the sum of 3^(11 - place) x value is 0 modulo 31. 3 generates all residues of the
# prime 31, so the weights differ: no single wrong character and no swap of two characters goes unseen.
_VALUES = bytes(max(ALPHABET.find(chr(byte)), 0) for byte in range(256))
_TIMES_3 = bytes(total * 3 % 31 for total in range(256))
_CHECK = bytes(ord(ALPHABET[-total % 31]) for total in range(256))

# Characters that keyboards and scanners give for a hyphen, beside those that Unicode calls a dash (Pd).
_HYPHENS = "−ー─⁃"
_SEPARATORS = {"Zs", "Zl", "Zp", "Pd", "Cf", "Cc"}


def draw(n: int) -> list[str]:
    """`n` random codes with their check characters; about 0.2 µs each."""
    bodies = random_text(n * _BODY, ALPHABET)
    codes = bytearray(n * LENGTH)
    for place in range(_BODY):
        codes[place::LENGTH] = bodies[place::_BODY]
    codes[_BODY::LENGTH] = _check_characters(bodies)
    return cut(codes, LENGTH)


def check_character(body: str) -> str:
    """The twelfth character for eleven characters of the alphabet."""
    return _check_characters(body.encode("ascii")).decode("ascii")


def is_valid(code: str) -> bool:
    """Whether `code`, as `normalise` gives it, is one that `draw` could have made."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET) and check_character(code[:_BODY]) == code[_BODY]


def normalise(text: str) -> str:
    """A code as somebody typed it, without blanks and hyphens, in narrow capitals."""
    narrow = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in narrow if unicodedata.category(c) not in _SEPARATORS and c not in _HYPHENS)


def spellings(typed: str) -> tuple[str, ...]:
    """The codes that may be meant, the likeliest first: as it stands (a shop's own), in narrow letters, as `normalise`.

    None where nothing was typed.
    """
    codes = (typed.strip(), unicodedata.normalize("NFKC", typed).strip(), normalise(typed))
    return tuple(dict.fromkeys(code for code in codes if code))


class Slip(NamedTuple):
    """One way in which a sound code may have been mistyped: `place` counts from 1, `typed` stands where `right` should.

    A character left out is "" as typed, one too many "" as it should be; two that changed places are both said.
    """

    code: str
    place: int
    typed: str
    right: str


def slips(typed: str) -> list[Slip]:
    """The sound codes that are one slip away from what was typed (as `normalise` gives it), by place."""
    found: dict[str, Slip] = {}
    for place in range(len(typed) + 1):
        head, tail = typed[:place], typed[place:]
        tries = [Slip(head + right + tail[1:], place + 1, tail[:1], right) for right in ALPHABET if tail]
        tries += [Slip(head + right + tail, place + 1, "", right) for right in ALPHABET]
        tries += [Slip(head + tail[1:], place + 1, tail[:1], "")] if tail else []
        if len(tail) > 1:
            tries.append(Slip(head + tail[1] + tail[0] + tail[2:], place + 1, tail[:2], tail[1] + tail[0]))
        for slip in tries:
            if slip.code != typed and is_valid(slip.code):
                found.setdefault(slip.code, slip)
    return list(found.values())


def shown(code: str, offer: Offer | None) -> str:
    """A code as it is printed: ours in fours, a shop's own as its file writes it."""
    return code if offer and offer.codes is CodeSource.POOL else in_fours(code)


def in_fours(code: str) -> str:
    """A code of ours as it is printed: ABCD-EFGH-JKLM; no code is nothing."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}" if code else ""


def _check_characters(bodies: bytes) -> bytes:
    """The check characters of bodies that stand one after the other.

    Column by column for all codes at once: a column is one long integer, a byte a code. Sums stay
    below 61, so no byte carries into the next.
    """
    values = bodies.translate(_VALUES)
    count = len(bodies) // _BODY
    sums = bytes(count)
    for place in range(_BODY):
        added = int.from_bytes(sums, "big") + int.from_bytes(values[place::_BODY], "big")
        sums = added.to_bytes(count, "big").translate(_TIMES_3)
    return sums.translate(_CHECK)
