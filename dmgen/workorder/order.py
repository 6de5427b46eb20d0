"""What a print shop is told of a job: quantities, media, inks, order. Nothing of the people who get the letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from dmgen.errors import CampaignError, DmgenError
from dmgen.messages import mark
from dmgen.workorder.sides import Inked

LETTERS, SHELL = "letters", "shell"


class Drop(NamedTuple):
    """A drop whose letters are printed: ids of shop, campaign and job, how many letters."""

    shop: str
    campaign: str
    job: str
    letters: int


class Wave(NamedTuple):
    """A wave of parcels: its letters and the slips between them, and the files that hold them in packing order."""

    wave: str
    parcels: int
    letters: int
    slips: int
    files: tuple[str, ...]


class OrderFile(NamedTuple):
    """A file for the press. `kind` is "letters", or "shell" for paper that is printed before them.

    `segments` and `layouts` are those of its letters, none for a file of a wave: it may hold any. `copies` is how often
    the whole file is printed. `sheets` are those of one copy; None where it is not known how many sides they have, as
    for `letters`. A file of a wave begins with a separator, or ends with it.
    """

    file: str
    kind: str
    segments: tuple[str, ...]
    layouts: tuple[str, ...]
    wave: str
    letters: int | None
    pages: int
    sheets: int | None
    copies: int
    bytes: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """As the work order's JSON says it."""
        return self._asdict() | {"segments": list(self.segments), "layouts": list(self.layouts)}


class Media(NamedTuple):
    """A size of sheet (mm) and the layouts that are printed on it; None: the job does not say.

    `sides` are 1 or 2, `folds` are measured from the top. `sheets` of a letter: None also where letters differ.
    `window` is the envelope's as it lies over the first page: left, top, width, height; None without any.
    """

    layouts: tuple[str, ...]
    width: float
    height: float
    bleed: float
    sides: int | None
    folds: tuple[float, ...] | None
    sheets: int | None
    window: tuple[float, float, float, float] | None = None

    def as_json(self) -> dict[str, Any]:
        """As the work order's JSON says it: the trimmed size, and that of the pages in the files."""
        return {
            "layouts": list(self.layouts),
            "trim": [self.width, self.height],
            "page": [round(self.width + 2 * self.bleed, 2), round(self.height + 2 * self.bleed, 2)],
            "bleed": self.bleed,
            "sides": self.sides,
            "folds": None if self.folds is None else list(self.folds),
            "sheets": self.sheets,
            "window": None if self.window is None else list(self.window),
            "panels": None if self.folds is None else len(self.folds) + 1,
        }


class Colour(NamedTuple):
    """How a kind of file is inked: the process inks that its pages print with, its spot inks, its output intent."""

    kind: str
    inks: tuple[str, ...]
    spots: tuple[str, ...]
    condition: str
    profile: str
    fonts_embedded: bool

    def as_json(self) -> dict[str, Any]:
        """As the work order's JSON says it."""
        return self._asdict() | {"inks": list(self.inks), "spots": list(self.spots)}


class Specimen(NamedTuple):
    """Pages (from 1) of specimens.pdf: the letter of a segment, or a sheet of a kind that is no letter.

    `campaign` is said where the letters are of several.
    """

    campaign: str
    segment: str
    label: str
    layout: str
    sheet: str
    first_page: int
    pages: int


@dataclass(frozen=True)
class WorkOrder:
    """A job, or the pile of several, as its printer needs to know it. `drop` is the day of posting or packing.

    None and "" stand for what the job does not say. `order` is "listed", "district" (of the post) or "packing";
    `stacking` is "face_up" or "face_down", of letters that go into parcels. `specimens_file` is where its pictures are.
    """

    kind: str  # "job" or "pile"
    name: str
    drop: str
    drops: tuple[Drop, ...]
    released: bool
    reason: str
    senders: tuple[str, ...]
    printer: str
    printer_condition: str
    contact: str
    files: tuple[OrderFile, ...]
    media: tuple[Media, ...]
    paper: dict[str, Any] | None
    finishing: tuple[str, ...]
    notes: tuple[str, ...]
    post_office: str
    envelope: dict[str, Any] | None
    enclosures: tuple[str, ...]
    standard: str
    colours: tuple[Colour, ...]
    inks: tuple[Inked, ...]
    order: str
    stacking: str
    waves: tuple[Wave, ...] = ()
    specimens: tuple[Specimen, ...] = ()
    specimens_file: Path | None = None

    @property
    def letter_files(self) -> tuple[OrderFile, ...]:
        """The files of letters."""
        return tuple(one for one in self.files if one.kind == LETTERS)

    @property
    def shell_files(self) -> tuple[OrderFile, ...]:
        """The files of paper that is printed before the letters."""
        return tuple(one for one in self.files if one.kind == SHELL)

    def remarks(self) -> list[DmgenError]:
        """What a printer will have to ask for, as the job does not say it."""
        lacking = {
            mark("whom the printer asks: write contact under [printer] in shop.toml"): not self.contact,
            mark("the paper: write paper under [print] in campaign.toml"): not self.paper,
            mark("who folds the sheets, and how: write finishing under [print] in campaign.toml"): (
                not self.finishing and any(one.folds for one in self.media)
            ),
        }
        message = mark("the work order does not say {what}; then run the campaign again")
        return [CampaignError(message, what=CampaignError(what)) for what, lacks in lacking.items() if lacks]

    def quantities(self) -> dict[str, int | None]:
        """Letters, sheets and printed sides of all files; `shell_sheets` are those printed beforehand."""
        files, shells = self.letter_files, self.shell_files
        return {
            "letters": sum(one.letters for one in self.drops),
            "sheets": _total([one.sheets for one in files]),
            "pages": sum(one.pages for one in files),
            "files": len(files),
            "waves": len(self.waves),
            "separators": sum(bool(one.wave) for one in files),
            "slips": sum(one.slips for one in self.waves),
            "shells": len(shells),
            "shell_sheets": _total([one.sheets and one.sheets * one.copies for one in shells]),
        }

    def as_json(self) -> dict[str, Any]:
        """The work order for other programs: README.md beside this file says what each key is."""
        told = ("kind", "name", "drop", "released", "reason", "contact", "post_office", "standard", "order", "stacking")
        return (
            {"format": 1}
            | {fact: getattr(self, fact) for fact in told}
            | {
                "drops": [one._asdict() for one in self.drops],
                "senders": list(self.senders),
                "printer": {"name": self.printer, "condition": self.printer_condition},
                "quantities": self.quantities(),
                "waves": [one._asdict() | {"files": list(one.files)} for one in self.waves],
                "files": [one.as_json() for one in self.files],
                "media": [one.as_json() for one in self.media],
                "paper": self.paper,
                "finishing": list(self.finishing),
                "notes": list(self.notes),
                "envelope": self.envelope,
                "enclosures": list(self.enclosures),
                "colours": [one.as_json() for one in self.colours],
                "inks": [one.as_json() for one in self.inks],
                "specimens": [one._asdict() for one in self.specimens],
            }
        )


def _total(counts: Sequence[int | None]) -> int | None:
    """The sum; not known where one of them is not."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
