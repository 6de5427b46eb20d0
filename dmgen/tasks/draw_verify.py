"""`dmgen draw --verify`: a published draw computed again from itself alone; no ledger and no campaign are needed."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmgen.errors import PreflightError, UsageError
from dmgen.messages import mark
from dmgen.offers.draw import normalised
from dmgen.offers.published import Verified, verified

_HEX = re.compile(r"[0-9a-f]{64}")
_NAMED = 6  # parts that differ, in the message


@dataclass(frozen=True, slots=True)
class Checked:
    """A draw that holds: its commitment, and whether the one on a letter was given to compare it with."""

    verified: Verified
    compared: bool

    @property
    def worded(self) -> bool:
        """Whether the public value begins with the words that were promised."""
        draw = self.verified.draw
        return normalised(draw.public).startswith(normalised(str(draw.rules.get("public") or "")))

    def as_json(self) -> dict[str, Any]:
        """What was found, for other programs."""
        draw = self.verified.draw
        return {
            "holds": True,
            "commitment": self.verified.commitment,
            "compared": self.compared,
            "shop": draw.key.shop,
            "campaign": draw.key.campaign,
            "drop": draw.key.drop.isoformat(),
            "public": normalised(draw.public),
            "as_promised": self.worded,
            "tickets": len(draw.tickets),
            "voided": len(draw.voided),
            "winners": sum(prize["count"] for prize in draw.rules["prizes"]),
        }


def check_draw(file: Path, commitment: str | None) -> Checked:
    """Compute a published draw again. `commitment` is the one on a letter, in any spacing, width and case.

    Raises UsageError for a file that is not there or a commitment that is none, PreflightError for a draw that does
    not come out as its file says, or was sealed otherwise than the letter says.
    """
    asked = _commitment(commitment) if commitment is not None else None
    try:
        found = verified(_text(file))
    except ValueError as error:
        raise PreflightError(
            mark(
                "{file} is no draw that dmgen has published, or not all of it ({problem}): ask the organiser for the "
                "file as it was published"
            ),
            file=file,
            problem=error,
        ) from None
    if found.wrong:
        raise PreflightError(
            mark(
                "{file} does NOT hold: computed again, these parts come out otherwise: {parts}. Whoever published it "
                "changed it after the draw, or drew in another way."
            ),
            file=file,
            parts=", ".join(found.wrong[:_NAMED]),
        )
    if asked and asked != found.commitment:
        raise PreflightError(
            mark(
                "{file} was NOT sealed as the letter says: its commitment is {found}, the letter's is {asked}. "
                "Tickets, prizes or seed were changed after printing, or the letter is of another drop."
            ),
            file=file,
            found=found.commitment,
            asked=asked,
        )
    return Checked(found, asked is not None)


def _commitment(typed: str) -> str:
    digits = re.sub(r"[\s\-‐–—ー]", "", unicodedata.normalize("NFKC", typed)).lower()
    if not _HEX.fullmatch(digits):
        raise UsageError(
            mark(
                "the commitment has 64 characters, 0 to 9 and a to f; here are {count}. Type it as the letter has it."
            ),
            count=len(digits),
        )
    return digits


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(
            mark("{file} cannot be read ({problem}): name the .json file that was published"),
            file=file,
            problem=error.strerror or type(error).__name__,
        ) from None
