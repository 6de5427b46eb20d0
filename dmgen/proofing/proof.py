"""Letters to look at in one PDF: proofs, set-up files, specimens. None of it is issued, or can be released."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from dmgen.errors import CampaignError, DmgenError
from dmgen.fonts import Face, load_fonts
from dmgen.fulfil import explained
from dmgen.layout import SetError
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Segment
from dmgen.model.contents import Item, Line, PageContents, Text, Watermark
from dmgen.model.layout import Cmyk
from dmgen.model.production import NO_NUMBERS, Record, Shown
from dmgen.offers.lottery_words import NO_COMMITMENT
from dmgen.planning.plan import Plan
from dmgen.press import Group, Piece, PressKit, PrintFile
from dmgen.proofing.samples import fictional_rows, sample_numbers, sample_sheet
from dmgen.proofing.specimens import Specimen, Why
from dmgen.reasons import reason_words
from dmgen.timings import timed


class Letter(NamedTuple):
    """A specimen and its pages."""

    specimen: Specimen
    pages: list[PageContents]


_FONT = "proof"
_PROOF, _SPECIMEN = "校正 PROOF", "見本 SPECIMEN"
_COLOR: Cmyk = (0.0, 0.6, 0.2, 0.0)
_CAPTION = 2.2  # mm
_SETUP_PIECES = 10  # a segment: enough for the press to see that pages follow one another
_TRIED = 8  # invented people a segment, until the letter of one can be set


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
        marked.append(Letter(specimen, [_marked(page, face, _PROOF, caption) for page in pages]))
    return _proof(plan, face, marked, file)


def print_setup(plan: Plan, file: Path) -> Proof:
    """Print invented people's letters for setting up a press: not watermarked, and no name, code or link is real."""
    specimens = [one for segment in plan.campaign.segments for one in _invented(plan, segment, _SETUP_PIECES)]
    return _proof(plan, load_fonts({"gothic"}, {})["gothic"], _letters(plan, specimens), file)


@timed(mark("print specimens"))
def print_specimens(plan: Plan, file: Path) -> tuple[list[Shown], list[DmgenError]]:
    """Print an invented person's letter of each segment that has letters, watermarked, as it lies on its paper.

    Of letters for parcels also a separator and a slip. Returns what stands on which pages, and
    what to look at: segments of which no letter could be set. Nothing to show: no file. Raises OutputError.
    """
    parts: list[tuple[Shown, list[PageContents]]] = []
    remarks: list[DmgenError] = []
    for segment, count in zip(plan.campaign.segments, plan.counts(), strict=True):
        if not count:
            continue
        try:
            pages = _first_that_sets(plan, segment, len(parts) + 1)
        except (SetError, CampaignError) as error:
            remarks.append(_left_out(segment, error))
        else:
            parts.append((Shown(segment.id, segment.layout, pages=len(pages)), pages))
    for kind, master in plan.kit.sheets.items() if parts else ():
        pages = master.set_piece({"sheet": Record(sample_sheet(plan.campaign, kind))}, NO_NUMBERS, 0)
        parts.append((Shown(sheet=kind, pages=len(pages)), pages))
    return _write_specimens(plan, parts, file), remarks


def _first_that_sets(plan: Plan, segment: Segment, number: int) -> list[PageContents]:
    """The letter of the first invented person whose name and address it holds. Raises SetError, CampaignError."""
    tried = _invented(plan, segment, _TRIED)
    first = next(tried)
    try:
        return _pages(plan, first, number, on_paper=True)
    except SetError:
        for other in tried:
            with suppress(SetError):
                return _pages(plan, other, number, on_paper=True)
        raise


def _left_out(segment: Segment, error: SetError | CampaignError) -> CampaignError:
    why = CampaignError(reason_words(error.reason)) if isinstance(error, SetError) else error
    message = mark(
        "no invented person's letter of segment {segment} can be set ({problem}): specimens.pdf and the printer's "
        "work order show none of it"
    )
    return CampaignError(message, segment=segment.id, problem=why)


def _write_specimens(plan: Plan, parts: Sequence[tuple[Shown, list[PageContents]]], file: Path) -> list[Shown]:
    if not parts:
        return []
    face = load_fonts({"gothic"}, {})["gothic"]
    told, written, page = list[Shown](), list[tuple[list[PageContents], Piece]](), 1
    for number, (shown, pages) in enumerate(parts, 1):
        caption = f"{number}/{len(parts)}　{shown.segment or shown.sheet}"
        marked = [_marked(one, face, _SPECIMEN, caption) for one in pages]
        written.append((marked, Piece(len(pages), f"specimen-{number}", number, sheet=shown.sheet)))
        told.append(shown._replace(first_page=page))
        page += len(pages)
    _write(plan, face, "specimens", written, file)
    return told


def _invented(plan: Plan, segment: Segment, count: int) -> Iterator[Specimen]:
    """Specimens of so many people who do not exist."""
    for place, row in enumerate(fictional_rows(plan, segment, count)):
        yield Specimen(segment.id, row, sample_numbers(plan, segment, row, place), (Why(mark("invented")),))


def _letters(plan: Plan, specimens: Sequence[Specimen], *, on_paper: bool = False) -> list[Letter]:
    """The pages of each specimen that can be set; `check` reports the others."""
    letters: list[Letter] = []
    for specimen in specimens:
        with suppress(SetError):
            letters.append(Letter(specimen, _pages(plan, specimen, len(letters) + 1, on_paper=on_paper)))
    return letters


def _pages(plan: Plan, specimen: Specimen, number: int, *, on_paper: bool) -> list[PageContents]:
    """The pages of a specimen; with `on_paper`, pre-printed paper shows under them. Raises SetError."""
    master = plan.kit.masters[specimen.segment]
    master = (master.on_paper() if on_paper else master).sealed(NO_COMMITMENT)
    return master.set_piece(specimen.row, specimen.numbers, number)


def _marked(page: PageContents, face: Face, watermark: str, caption: str) -> PageContents:
    """The page under its watermark, the caption along its foot."""
    ids, ends = face.measure(watermark)
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


def _proof(plan: Plan, face: Face, letters: Sequence[Letter], file: Path) -> Proof:
    if not letters:
        raise CampaignError(mark("nobody gets a letter, so there is nothing to show: see dmgen check"))
    written = []
    for number, (specimen, pages) in enumerate(letters, 1):
        postal = str(specimen.row["postal_code"])
        written.append((pages, Piece(len(pages), specimen.numbers.piece_id, number, postal)))
    pages_written = _write(plan, face, "proof", written, file)
    return Proof(file, pages_written, tuple(letter.specimen for letter in letters))


def _write(plan: Plan, face: Face, group: str, parts: Sequence[tuple[list[PageContents], Piece]], file: Path) -> int:
    """Write pages with the job's own press; returns how many. The file appears when it is whole."""
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
            printed = PrintFile(out, kit, Group.of(group, 1))
            for pages, piece in parts:
                printed.add(pages, [piece])
            printed.close()
        partial.replace(file)
    return printed.pages
