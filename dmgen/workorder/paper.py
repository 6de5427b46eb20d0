"""The work order as a page of A4, for the people at the press."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from dmgen.messages import Speaker, mark
from dmgen.model.layout import Align
from dmgen.papers import Block, Column, Document, Facts, Note, Picture, Pictures, Table
from dmgen.workorder.order import LETTERS, Colour, Media, OrderFile, Specimen, WorkOrder

_DIGITS = 12  # of a checksum: enough to tell files apart, and to read aloud
_PICTURES = 6  # side by side
_UNKNOWN = mark("not stated")
_SHEETS = {"separator": mark("separator"), "slip": mark("slip")}
_INKS = {"Cyan": mark("cyan"), "Magenta": mark("magenta"), "Yellow": mark("yellow"), "Black": mark("black")}
_ORDER = {
    "listed": mark("the order of the file"),
    "district": mark("sorted by postal district for the post"),
    "packing": mark("the order in which parcels are packed"),
}
_STACKING = {
    "face_down": mark("printed face down: the first sheet comes to lie at the bottom, turn the whole pile over"),
    "face_up": mark("printed face up, from the end: the last sheet printed lies on top"),
}


def paper(order: WorkOrder, speaker: Speaker) -> Document:
    """The work order in the speaker's language, on one page; what does not fit is counted."""
    say = speaker.say
    blocks = (
        Facts(_quantities(order, speaker), columns=5, large=True),
        Facts(_people(order, speaker), columns=2),
        Facts(list(_sheets(order, speaker)), heading=say(mark("Paper and finishing")), columns=2),
        Facts(list(_inks(order, speaker)), heading=say(mark("Colour and files")), columns=2),
        _files(order, speaker),
        Note("\n".join(_duties(order, speaker)), heading=say(mark("Please")), small=True),
        *_pictures(order, speaker),
    )
    names = ", ".join(dict.fromkeys(drop.campaign for drop in order.drops))
    return Document(
        title=say(mark("Work order for printing")),
        subtitle=f"{names}　{order.drop}　{order.name}",
        blocks=blocks,
        banner="" if order.released else say(mark("NOT RELEASED: do not print")),
        footer=f"{order.name}　{names}　{order.drop}",
        one_page=True,
        language=speaker.language,
    )


def _quantities(order: WorkOrder, speaker: Speaker) -> list[tuple[str, str]]:
    say, counts = speaker.say, order.quantities()
    rows = [
        (say(mark("Letters")), _number(counts["letters"], speaker)),
        (say(mark("Sheets to print")), _number(counts["sheets"], speaker)),
        (say(mark("Pages in the files")), _number(counts["pages"], speaker)),
        (say(mark("Files")), _number(counts["files"], speaker)),
    ]
    if order.shell_files:
        rows.insert(1, (say(mark("Sheets to preprint")), _number(counts["shell_sheets"], speaker)))
    elif order.waves:
        rows.append((say(mark("Separators and slips")), f"{counts['separators']:,} + {counts['slips']:,}"))
    return rows


def _people(order: WorkOrder, speaker: Speaker) -> list[tuple[str, str]]:
    say, unknown = speaker.say, speaker.say(_UNKNOWN)
    day = say(mark("Packed on")) if order.waves else say(mark("Posted on"))
    return [
        (say(mark("Sender")), "、".join(order.senders) or unknown),
        (say(mark("Print shop")), order.printer or unknown),
        (say(mark("Questions to")), order.contact or unknown),
        (day, order.drop),
    ]


def _sheets(order: WorkOrder, speaker: Speaker) -> Iterator[tuple[str, str]]:
    say = speaker.say
    many = len(order.media) > 1
    for media in order.media:
        told = f" ({', '.join(media.layouts)})" if many else ""
        yield say(mark("Trimmed size")) + told, _size(media.width, media.height)
        with_bleed = _size(media.width + 2 * media.bleed, media.height + 2 * media.bleed)
        bleed = say(mark("{size}, bleed {bleed:g} mm on every edge"), size=with_bleed, bleed=media.bleed)
        yield say(mark("Pages in the files")) + told, bleed
        yield say(mark("Sides")) + told, _sides(media, speaker)
        yield say(mark("Folds")) + told, _folds(media, speaker)
    yield say(mark("Paper")), _paper(order, speaker)
    yield say(mark("Finishing")), " / ".join(order.finishing) or say(_UNKNOWN)
    if order.envelope:
        envelope = order.envelope
        size = _size(envelope["width"], envelope["height"])
        yield say(mark("Envelope")), f"{envelope['name']} {size}".strip()
    if order.enclosures:
        yield say(mark("Enclosed with every letter")), "、".join(order.enclosures)


def _size(width: float, height: float) -> str:
    return f"{width:g} × {height:g} mm"


def _sides(media: Media, speaker: Speaker) -> str:
    match media.sides:
        case 1:
            return speaker.say(mark("1 (simplex)"))
        case 2 if media.height >= media.width:
            return speaker.say(mark("2 (duplex): odd pages are fronts; turn like a book, on the long edge"))
        case 2:
            return speaker.say(mark("2 (duplex): odd pages are fronts; turn like a book, on the short edge"))
    return speaker.say(_UNKNOWN)


def _folds(media: Media, speaker: Speaker) -> str:
    if media.folds is None:
        return speaker.say(_UNKNOWN)
    if not media.folds:
        return speaker.say(mark("none"))
    places = ", ".join(f"{fold:g}" for fold in media.folds)
    return speaker.say(mark("{places} mm from the top ({panels} panels)"), places=places, panels=len(media.folds) + 1)


def _paper(order: WorkOrder, speaker: Speaker) -> str:
    if not order.paper:
        return speaker.say(_UNKNOWN)
    gsm, thickness = float(order.paper["gsm"]), float(order.paper["thickness"])
    message = mark("{name} {gsm:g} g/m² (about {thickness:.2f} mm)")
    return speaker.say(message, name=order.paper["name"], gsm=round(gsm, 1), thickness=thickness).strip()


def _inks(order: WorkOrder, speaker: Speaker) -> Iterator[tuple[str, str]]:
    say = speaker.say
    for colour in order.colours:
        told = say(mark("Inks")) if colour.kind == LETTERS else say(mark("Inks of the preprinted paper"))
        yield told, _named(colour, speaker)
    first = order.colours[0]
    profile = say(mark("{condition} (profile “{profile}”, in the files)"), **first._asdict())
    yield say(mark("Standard")), order.standard
    yield say(mark("Output condition")), profile if first.profile else first.condition or say(_UNKNOWN)
    embedded = all(colour.fonts_embedded for colour in order.colours)
    yield say(mark("Fonts")), say(mark("all embedded")) if embedded else say(mark("NOT all embedded"))
    yield say(mark("Overprint")), say(mark("black text and codes (K100) overprint, as set in the files"))


def _named(colour: Colour, speaker: Speaker) -> str:
    inks = "・".join(speaker.say(_INKS[ink]) for ink in colour.inks)
    spots = "、".join(colour.spots) or speaker.say(mark("none"))
    return speaker.say(mark("{inks}; spot inks: {spots}"), inks=inks, spots=spots)


def _files(order: WorkOrder, speaker: Speaker) -> Table:
    say = speaker.say
    columns = (
        Column(say(mark("File")), 0.43),
        Column(say(mark("Letters")), 0.1, Align.RIGHT, adds=True),
        Column(say(mark("Pages")), 0.1, Align.RIGHT, adds=True),
        Column(say(mark("Sheets")), 0.1, Align.RIGHT, adds=True),
        Column(say(mark("Copies")), 0.09, Align.RIGHT),
        Column("SHA-256", 0.18),
    )
    shells, letters = order.shell_files, order.letter_files
    rows = [_row(one, speaker) for one in (*shells, *letters)]
    counts = order.quantities()
    sums = [
        say(mark("All letters")),
        *(_number(counts[key], speaker) for key in ("letters", "pages", "sheets")),
        "",
        "",
    ]
    return Table(columns, rows, () if shells else sums, heading=say(mark("Files, in this order")))


def _row(one: OrderFile, speaker: Speaker) -> list[str]:
    name = PurePosixPath(one.file).name
    letters = "" if one.kind != LETTERS else _number(one.letters, speaker)
    numbers = (f"{one.pages:,}", _number(one.sheets, speaker), f"{one.copies:,}")
    return [name, letters, *numbers, one.sha256[:_DIGITS]]


def _duties(order: WorkOrder, speaker: Speaker) -> Iterator[str]:
    say = speaker.say
    yield from (f"・{note}" for note in order.notes)
    if order.shell_files:
        yield say(
            mark(
                "・First print the paper: each “shell” file as often as “Copies” says. Then the letters on it, in black."
            )
        )
    message = mark(
        "・Letters stay as they come, {order}. Do not sort them; impose them only so that the pile keeps it."
    )
    yield say(message, order=say(_ORDER[order.order]))
    if order.waves:
        yield say(
            mark("・Each file is a pile of its own with a separator; slips stay where they are. {stacking}."),
            stacking=say(_STACKING[order.stacking]),
        )
    yield say(
        mark(
            "・Print at 100 %: no scaling, no change to boxes, colours or overprint. Addresses and codes lie where "
            "windows, folds and scanners need them."
        )
    )
    yield say(
        mark(
            "・A spoiled sheet: note file and page, lay a blank sheet in its place, and ask us. You get a file of these "
            "letters alone, with the same numbers (dmgen reprint)."
        )
    )
    yield say(
        mark(
            "・The letters hold personal data: pass them on to nobody, and destroy spoils and files when the job is "
            "delivered. Compare the checksums before printing."
        )
    )


def _pictures(order: WorkOrder, speaker: Speaker) -> Iterator[Block]:
    """As many as fit in a row: the first page of every specimen before the others."""
    if order.specimens_file is None:
        return
    pages = [(one, 0) for one in order.specimens]
    pages += [(one, page) for one in order.specimens for page in range(1, one.pages)]
    shown = pages[:_PICTURES]
    pictures = [
        Picture(order.specimens_file, one.first_page + page, _caption(one, page, speaker)) for one, page in shown
    ]
    heading = speaker.say(mark("What they look like (nobody real)"))
    if len(pages) > len(shown):
        heading += speaker.say(mark(", {shown} of {all} pages"), shown=len(shown), all=len(pages))
    yield Pictures(pictures, columns=max(len(pictures), 4), height=46, heading=heading)


def _caption(one: Specimen, page: int, speaker: Speaker) -> str:
    name = speaker.say(_SHEETS[one.sheet]) if one.sheet in _SHEETS else one.label or one.segment
    told = f"{one.campaign} {name}".strip()
    return f"{told} ({page + 1}/{one.pages})" if one.pages > 1 else told


def _number(count: int | None, speaker: Speaker) -> str:
    return speaker.say(_UNKNOWN) if count is None else f"{count:,}"
