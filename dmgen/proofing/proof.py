"""A proof: letters worth a look in one watermarked PDF. It issues nothing and is no job, so it cannot be released."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from dmgen.errors import CampaignError
from dmgen.fonts import Face, load_fonts
from dmgen.fulfil import explained
from dmgen.layout import SetError
from dmgen.messages import Speaker, mark
from dmgen.model.contents import Item, Line, PageContents, Text, Watermark
from dmgen.model.layout import Cmyk
from dmgen.offers.lottery_words import NO_COMMITMENT
from dmgen.planning.plan import Plan
from dmgen.press import Group, Piece, PressKit, PrintFile
from dmgen.proofing.samples import fictional_rows, sample_numbers
from dmgen.proofing.specimens import Specimen, Why


class Letter(NamedTuple):
    """A specimen and its pages."""

    specimen: Specimen
    pages: list[PageContents]


_FONT = "proof"
_WORD = "校正 PROOF"
_COLOR: Cmyk = (0.0, 0.6, 0.2, 0.0)
_CAPTION = 2.2  # mm
_SETUP_PIECES = 10  # a segment: enough for the press to see that pages follow one another


@dataclass(frozen=True)
class Proof:
    """A finished proof: its file, its pages and the letters on them."""

    file: Path
    pages: int
    specimens: tuple[Specimen, ...]


def print_proof(plan: Plan, specimens: Sequence[Specimen], file: Path, speaker: Speaker) -> Proof:
    """Print specimens with a watermark and a caption. Raises CampaignError where there is nothing to show."""
    face = load_fonts({"gothic"}, {})["gothic"]
    letters = _letters(plan, specimens, on_paper=True)
    marked = []
    for number, (specimen, pages) in enumerate(letters, 1):
        caption = f"{number}/{len(letters)}　{specimen.segment}　{specimen.reasons(speaker)}"
        marked.append(Letter(specimen, [_marked(page, face, caption) for page in pages]))
    return _write(plan, face, marked, file)


def print_setup(plan: Plan, file: Path) -> Proof:
    """Print invented people's letters for setting up a press: not watermarked, and no name, code or link is real."""
    specimens = [
        Specimen(segment.id, row, sample_numbers(plan, segment, row, place), (Why(mark("invented")),))
        for segment in plan.campaign.segments
        for place, row in enumerate(fictional_rows(plan, segment, _SETUP_PIECES))
    ]
    return _write(plan, load_fonts({"gothic"}, {})["gothic"], _letters(plan, specimens), file)


def _letters(plan: Plan, specimens: Sequence[Specimen], *, on_paper: bool = False) -> list[Letter]:
    """The pages of each specimen that can be set; `check` reports the others.

    With `on_paper`, pre-printed paper shows under its letters.
    """
    letters: list[Letter] = []
    for specimen in specimens:
        master = plan.kit.masters[specimen.segment]
        master = (master.on_paper() if on_paper else master).sealed(NO_COMMITMENT)
        with suppress(SetError):
            letters.append(Letter(specimen, master.set_piece(specimen.row, specimen.numbers, len(letters) + 1)))
    return letters


def _marked(page: PageContents, face: Face, caption: str) -> PageContents:
    """The page under its watermark, the caption along its foot."""
    ids, ends = face.measure(_WORD)
    size = min(page.width * 0.9 / (ends[-1] / 1000), page.height / 4)
    half = ends[-1] / 2000 * size * 0.7071  # half the word's length along each axis, at 45°
    word = Watermark(_FONT, size, _COLOR, page.width / 2 - half, page.height / 2 + half, 45, ids)
    line = Line(0.0, 0.0, _within(face, caption, (page.width - 8) / _CAPTION * 1000))
    foot = Text(_FONT, _CAPTION, 1, _COLOR, 4, page.height - 2, 0, [line])
    items: list[Item] = [*page.items, word, foot]
    return replace(page, items=items)


def _within(face: Face, text: str, measure: float) -> str:
    """As much of a text as the measure holds, without what the face cannot show."""
    shown = "".join(char for char in text if char in face.advances)
    ids, ends = face.measure(shown)
    return ids[: sum(end <= measure for end in ends[1:])]


def _write(plan: Plan, face: Face, letters: Sequence[Letter], file: Path) -> Proof:
    if not letters:
        raise CampaignError(mark("nobody gets a letter, so there is nothing to show: see dmgen check"))
    names = plan.kit.press.names
    kit: PressKit = replace(
        plan.kit.press,
        fonts={**plan.kit.press.fonts, _FONT: face},
        names=replace(names, fonts={**names.fonts, _FONT: b"FP"}),
    )
    partial = file.with_name(f".{file.name}.partial")
    with explained(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as out:
            printed = PrintFile(out, kit, Group.of("proof", 1))
            for number, (specimen, pages) in enumerate(letters, 1):
                postal = str(specimen.row["postal_code"])
                printed.add(pages, [Piece(len(pages), specimen.numbers.piece_id, number, postal)])
            printed.close()
        partial.replace(file)
    return Proof(file, printed.pages, tuple(letter.specimen for letter in letters))
