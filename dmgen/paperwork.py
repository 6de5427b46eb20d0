"""Papers as PDF files: what `papers` has set, drawn by the press with pages of other files as pictures."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import dmgen
from dmgen.fonts import Face, load_fonts
from dmgen.fulfil import explained
from dmgen.model.contents import Item
from dmgen.model.printing import PrintSettings
from dmgen.papers import HEIGHT, WIDTH, Document, Pictures, set_paper
from dmgen.press import Form, Graft, Names, PressKit, PrintFile, Thumbnails, build_form, read_intent

FONT = "gothic"
_PARTIAL = ".partial"
_NO_GRAFTS: Mapping[str, Graft] = {}


def write_paper(document: Document, file: Path, *, created: datetime) -> int:
    """Write a paper as PDF, under a temporary name until it is whole; returns its pages. Same input, same bytes.

    Raises OutputError where `file` cannot be written, and for a picture that cannot be read.
    """
    partial = file.with_name(f".{file.name}{_PARTIAL}")
    with explained(file), TemporaryDirectory() as folder, Thumbnails(Path(folder)) as thumbnails:
        paper = set_paper(document, paper_face(), _sizes(document, thumbnails))
        grafts = {
            name: thumbnails.graft(shown.picture.file, shown.picture.page, shown.width)
            for name, shown in paper.pictures.items()
        }
        kit = paper_kit(document.title, created.date(), f"dmgen {dmgen.__version__}", paper.forms, grafts)
        try:
            with partial.open("wb") as out:
                printed = PrintFile(out, kit)
                printed.add(paper.pages)
                printed.close()
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    return len(paper.pages)


def _sizes(document: Document, thumbnails: Thumbnails) -> dict[tuple[Path, int], tuple[float, float]]:
    pictures = [one for block in document.blocks if isinstance(block, Pictures) for one in block.pictures]
    return {(one.file, one.page): thumbnails.size(one.file, one.page) for one in pictures}


@cache
def paper_face() -> Face:
    """The face that papers are set in."""
    return load_fonts({FONT}, {})[FONT]


def paper_kit(
    title: str,
    made_on: date,
    producer: str,
    shapes: Mapping[str, Sequence[Item]],
    grafts: Mapping[str, Graft] = _NO_GRAFTS,
) -> PressKit:
    """What the press draws papers of A4 with: one font, their shapes and pictures, and the shipped condition."""
    forms: list[str] = [*shapes, *grafts]
    names = Names({FONT: b"F0"}, {form: b"S%d" % number for number, form in enumerate(forms)}, {})
    drawn: dict[str, Form | Graft] = {
        form: build_form(items, names, WIDTH, HEIGHT, 0) for form, items in shapes.items()
    }
    intent = read_intent(PrintSettings())
    return PressKit({FONT: paper_face()}, {**drawn, **grafts}, {}, names, title, made_on, producer, intent)
