"""Phone numbers and e-mail addresses in one form each, for telling whether two are the same; never printed."""

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.vector import TEXT, is_empty, matches, mend

_LABEL = re.compile(r"^(?:tel|phone|電話(?:番号)?|携帯|自宅|℡)\s*[:.]?\s*", re.IGNORECASE)
_NOTE = re.compile(r"\s*\([^()0-9+]*\)$")
_NUMBER = re.compile(r"\+?[0-9() ./-]+")
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−－ーｰ‧・"), "-")
_HOME = re.compile(r"(?:\+|00|010)?81(0?[1-9][0-9]{8,9})")  # the country's code, dialled from anywhere
_MOBILE_WITHOUT_ZERO = re.compile(r"[5-9]0[0-9]{8}")
_LANDLINE_WITHOUT_ZERO = re.compile(r"[1-9][0-9]{8}")
_FEWEST, _MOST = 10, 15  # digits; ITU-T E.164 allows fifteen
_MADE_UP = r"0{8}|1{8}|2{8}|3{8}|4{8}|5{8}|6{8}|7{8}|8{8}|9{8}"
_NOBODYS = re.compile(_MADE_UP)
_PLAIN_PHONE = r"^0[0-9]{1,4}-?[0-9]{1,4}-?[0-9]{3,4}$"
_PLAIN_EMAIL = r"^[!-?A-~]+@[!-?A-~]+$"


def phone_key(text: str) -> str:
    """The digits of a phone number as dialled in Japan: +81 is 0, and a zero that a spreadsheet dropped is back.

    Numbers of other countries keep their "+". "" where it is no phone number: fewer than ten digits,
    words, two numbers in one cell, or eight equal digits in a row, which people type to get past a form.
    """
    written = unicodedata.normalize("NFKC", text).translate(_HYPHENS).strip(" '\"\t").removeprefix("=")
    written = _NOTE.sub("", _LABEL.sub("", written.strip(" '\"")).removesuffix(".0"))
    if not _NUMBER.fullmatch(written):
        return ""
    abroad = written.startswith("+")
    digits = re.sub(r"[^0-9]", "", written)
    home = _HOME.fullmatch("+" * abroad + digits)
    if home:
        digits, abroad = "0" + home[1].removeprefix("0"), False
    elif not abroad and (_MOBILE_WITHOUT_ZERO.fullmatch(digits) or _LANDLINE_WITHOUT_ZERO.fullmatch(digits)):
        digits = "0" + digits
    usable = _FEWEST <= len(digits) <= _MOST and not _NOBODYS.search(digits)
    return "+" * abroad + digits if usable else ""


def email_key(text: str) -> str:
    """An e-mail address, its width and case folded; "" where there is none."""
    key = unicodedata.normalize("NFKC", text).strip(" '\"<>").removeprefix("mailto:").lower()
    before, _, after = key.partition("@")
    return key if before and after and " " not in key else ""


def phone_keys(cells: pa.Array) -> pa.Array:
    """`phone_key` of a whole text column."""
    digits = pc.replace_substring(cells, "-", "")
    plain = matches(cells, _PLAIN_PHONE) & matches(digits, r"^0[1-9][0-9]{8,9}$") & ~matches(digits, _MADE_UP)
    keys = mend(cells, ~plain & ~is_empty(cells), phone_key)
    return pc.if_else(pa.array(plain), digits, keys)


def email_keys(cells: pa.Array) -> pa.Array:
    """`email_key` of a whole text column."""
    plain = matches(cells, _PLAIN_EMAIL) & ~matches(cells, r"['\"<>:]")
    keys = mend(cells, ~plain & ~is_empty(cells), email_key)
    return pc.if_else(pa.array(plain), pc.ascii_lower(keys), keys).cast(TEXT)
