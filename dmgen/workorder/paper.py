"""The work order as a page of A4, for the people at the press."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from dmgen.messages import Speaker, mark
from dmgen.model.layout import Align
from dmgen.papers import Block, Column, Document, Facts, Note, Picture, Pictures, Table
from dmgen.workorder.colour import colour_facts, ink_table
from dmgen.workorder.order import LETTERS, Media, OrderFile, Specimen, WorkOrder
from dmgen.workorder.words import LONGEST, SHEETS, UNKNOWN, clipped

_DIGITS = 12  # of a checksum: enough to tell files apart, and to read aloud
_ROOMY = 8  # rows of files
_ACROSS, _MOST_PICTURES = 6, 12
_HIGH, _LOW = 46.0, 26.0  # mm: a row of pictures, and each of two
_CAPTION = 28  # characters
_ORDER = {
    "listed": mark(
        "Keep the letters in the order of their files: do not sort them, and impose them only so that the pile keeps "
        "it."
    ),
    "district": mark(
        "The letters are sorted by postal district, which the postage depends on: keep the order of the files, and "
        "impose them only so that the pile keeps it."
    ),
    "packing": mark(
        "The letters come in the order in which parcels are packed: keep it, and impose them only so that the pile "
        "keeps it. Each file is a pile of its own with its separator; slips stay where they are."
    ),
}
_STACKING = {
    "face_down": mark(
        "Stack the sheets face down, the first at the bottom: the whole pile turned over begins with its separator."
    ),
    "face_up": mark(
        "Stack the sheets face up: files begin with what lies at the pile's end, so that the separator comes to lie "
        "on top."
    ),
}


def paper(order: WorkOrder, speaker: Speaker) -> Document:
    """The work order in the speaker's language, on one page; what does not fit is counted."""
    say = speaker.say
    blocks = (
        Facts(_quantities(order, speaker), columns=5, large=True),
        Facts(_people(order, speaker), columns=2),
        Facts(list(_sheets(order, speaker)), heading=say(mark("Paper and finishing")), columns=2),
        *_sizes(order, speaker),
        Facts(list(colour_facts(order, speaker)), heading=say(mark("Colour and files")), columns=2),
        *ink_table(order, speaker),
        _files(order, speaker),
        Note("\n".join(_numbered(order, speaker)), heading=say(mark("Please"))),
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
    say, unknown = speaker.say, speaker.say(UNKNOWN)
    day = say(mark("Packed on")) if order.waves else say(mark("Posted on"))
    place = [(say(mark("Posted at")), order.post_office)] if order.post_office else []
    return [
        (say(mark("Sender")), clipped("、".join(order.senders)) or unknown),
        (say(mark("Print shop")), clipped(order.printer) or unknown),
        (say(mark("Questions to")), clipped(order.contact) or unknown),
        (day, order.drop),
        *place,
    ]


def _sheets(order: WorkOrder, speaker: Speaker) -> Iterator[tuple[str, str]]:
    say = speaker.say
    if len(order.media) == 1:
        (media,) = order.media
        yield say(mark("Trimmed size")), f"{_trim(media)} mm"
        bleed = mark("{size} mm: {bleed:g} mm of bleed, no crop marks")
        yield say(mark("Pages in the files")), say(bleed, size=_page(media), bleed=media.bleed)
        yield say(mark("Sides")), _sides(media, speaker)
        yield say(mark("Folds")), _folds(media, speaker)
        yield say(mark("Sheets a letter")), _each(media, speaker)
    yield say(mark("Paper")), _paper(order, speaker)
    yield say(mark("Finishing")), clipped(" / ".join(order.finishing)) or say(UNKNOWN)
    if order.envelope:
        size = f"{order.envelope['width']:g} × {order.envelope['height']:g} mm"
        yield say(mark("Envelope")), f"{order.envelope['name']} {size}".strip()
    windows = {media.window for media in order.media}
    if len(windows) == 1 and (window := windows.pop()):
        left, top, width, height = (f"{length:g}" for length in window)
        told = mark("{width} × {height} mm, {left} mm from the left and {top} mm from the top of the first page")
        yield say(mark("Window")), say(told, width=width, height=height, left=left, top=top)
    if order.enclosures:
        yield say(mark("Enclosed with every letter")), clipped("、".join(order.enclosures))


def _sizes(order: WorkOrder, speaker: Speaker) -> Iterator[Block]:
    """A table where sheets are of several kinds."""
    if len(order.media) < 2:
        return
    say = speaker.say
    columns = (
        Column(say(mark("Trimmed size")), 0.14),
        Column(say(mark("With bleed, no crop marks")), 0.17),
        Column(say(mark("Sides")), 0.26),
        Column(say(mark("Folds")), 0.22),
        Column(say(mark("Sheets a letter")), 0.08),
        Column(say(mark("Layouts")), 0.13),
    )
    rows = [
        [
            *(f"{_trim(media)} mm", f"{_page(media)} mm", _sides(media, speaker), _folds(media, speaker)),
            *(_each(media, speaker), ", ".join(media.layouts)),
        ]
        for media in order.media
    ]
    yield Table(columns, rows, heading=say(mark("Kinds of sheets")), dense=True)


def _trim(media: Media) -> str:
    return f"{media.width:g} × {media.height:g}"


def _page(media: Media) -> str:
    width, height = media.width + 2 * media.bleed, media.height + 2 * media.bleed
    return f"{round(width, 2):g} × {round(height, 2):g}"


def _each(media: Media, speaker: Speaker) -> str:
    if media.sheets is None:
        return speaker.say(mark("not the same for all") if media.folds is not None else UNKNOWN)
    return f"{media.sheets}"


def _sides(media: Media, speaker: Speaker) -> str:
    match media.sides:
        case 1:
            return speaker.say(mark("1 (simplex)"))
        case 2 if media.height >= media.width:
            return speaker.say(mark("2 (duplex): odd pages are fronts; turn like a book, on the long edge"))
        case 2:
            return speaker.say(mark("2 (duplex): odd pages are fronts; turn like a book, on the short edge"))
    return speaker.say(UNKNOWN)


def _folds(media: Media, speaker: Speaker) -> str:
    if media.folds is None:
        return speaker.say(UNKNOWN)
    if not media.folds:
        return speaker.say(mark("none"))
    places = ", ".join(f"{fold:g}" for fold in media.folds)
    return speaker.say(mark("{places} mm from the top ({panels} panels)"), places=places, panels=len(media.folds) + 1)


def _paper(order: WorkOrder, speaker: Speaker) -> str:
    if not order.paper:
        return speaker.say(UNKNOWN)
    gsm, thickness = float(order.paper["gsm"]), float(order.paper["thickness"])
    message = mark("{name} {gsm:g} g/m² (about {thickness:.2f} mm)")
    return speaker.say(message, name=order.paper["name"], gsm=round(gsm, 1), thickness=thickness).strip()


def _files(order: WorkOrder, speaker: Speaker) -> Table:
    say = speaker.say
    known = {key: all(getattr(one, key) is not None for one in order.files) for key in ("letters", "sheets")}
    columns = (
        Column(say(mark("File")), 0.47),
        Column(say(mark("Letters")), 0.1, Align.RIGHT, adds=known["letters"]),
        Column(say(mark("Pages")), 0.1, Align.RIGHT, adds=True),
        Column(say(mark("Sheets")), 0.1, Align.RIGHT, adds=known["sheets"]),
        Column(say(mark("Copies")), 0.07, Align.RIGHT),
        Column("SHA-256", 0.16),
    )
    shells, letters = order.shell_files, order.letter_files
    rows = [_row(one, order, speaker) for one in (*shells, *letters)]
    counts = order.quantities()
    sums = [
        say(mark("All letters")),
        *(_number(counts[key], speaker) for key in ("letters", "pages", "sheets")),
        "",
        "",
    ]
    return Table(
        columns, rows, () if shells else sums, heading=say(mark("Files, in this order")), dense=len(rows) > _ROOMY
    )


def _row(one: OrderFile, order: WorkOrder, speaker: Speaker) -> list[str]:
    name = PurePosixPath(one.file).name
    if len(order.media) > 1:  # how large its sheets are
        name += "".join(f"  {_trim(media)} mm" for media in order.media if set(one.layouts) & set(media.layouts))
    letters = "" if one.kind != LETTERS else _number(one.letters, speaker)
    numbers = (f"{one.pages:,}", _number(one.sheets, speaker), f"{one.copies:,}")
    return [name, letters, *numbers, one.sha256[:_DIGITS]]


def _numbered(order: WorkOrder, speaker: Speaker) -> Iterator[str]:
    for number, duty in enumerate(_duties(order, speaker), 1):
        yield f"{number}. {duty}"


def _duties(order: WorkOrder, speaker: Speaker) -> Iterator[str]:
    say = speaker.say
    if order.notes:
        yield clipped(" / ".join(order.notes), 2 * LONGEST)
    if order.shell_files:
        message = mark(
            "First print the paper: each file “shell” as often as its copies say. Then the letters on it, in black."
        )
        yield say(message)
    yield say(_ORDER[order.order])
    if order.stacking:
        yield say(_STACKING[order.stacking])
    yield say(
        mark(
            "Print at 100 %, without a change to boxes, colours or overprint: addresses and codes lie where windows, "
            "folds and scanners need them."
        )
    )
    yield say(
        mark(
            "A spoiled sheet: note file and page, lay a blank sheet in its place, and ask for it. You get a file of "
            "these letters alone, with the numbers that they had."
        )
    )
    yield say(
        mark(
            "The letters hold personal data: pass them on to nobody, and destroy spoils and files when the job is "
            "delivered. Compare the checksums before you print."
        )
    )


def _pictures(order: WorkOrder, speaker: Speaker) -> Iterator[Block]:
    """As many as there is room for: the first page of every specimen before the others."""
    if order.specimens_file is None:
        return
    pages = [(one, 0) for one in order.specimens]
    pages += [(one, page) for one in order.specimens for page in range(1, one.pages)]
    crowded = len(order.media) > 1 or bool(ink_table(order, speaker))
    shown = pages[: _ACROSS if crowded else _MOST_PICTURES]
    if len(pages) <= _ACROSS:
        shown.sort(key=lambda pair: pair[0].first_page + pair[1])
    pictures = [
        Picture(order.specimens_file, one.first_page + page, _caption(one, page, speaker)) for one, page in shown
    ]
    heading = speaker.say(mark("What they look like (invented people)"))
    if len(pages) > len(shown):
        told = mark("{heading}: {shown} of {all} pages")
        heading = speaker.say(told, heading=heading, shown=len(shown), all=len(pages))
    roomy = len(pages) <= _ACROSS and len(order.media) == 1
    columns = max(len(shown), 4) if len(shown) <= _ACROSS else _ACROSS
    yield Pictures(pictures, columns=columns, height=_HIGH if roomy else _LOW, heading=heading)


def _caption(one: Specimen, page: int, speaker: Speaker) -> str:
    name = speaker.say(SHEETS[one.sheet]) if one.sheet in SHEETS else one.label or one.segment
    told = clipped(f"{one.campaign} {name}", _CAPTION)
    return f"{told} ({page + 1}/{one.pages})" if one.pages > 1 else told


def _number(count: int | None, speaker: Speaker) -> str:
    return speaker.say(UNKNOWN) if count is None else f"{count:,}"
