"""The post office's own forms on which letters are handed in (`forms.toml`)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dmgen.model.posting import Payment

_FORMS = Path(__file__).with_name("forms.toml")


class Form(NamedTuple):
    """A form's name; `own`: whether one that the sender made is taken; `least`: pieces at once, or a month."""

    name: str
    own: bool
    least: int


@cache
def form_of(payment: Payment) -> Form:
    """The form of letters that are paid so."""
    written = tomllib.loads(_FORMS.read_text("utf-8"))[payment.value]
    return Form(written["form"], written["own"], written["least"])
