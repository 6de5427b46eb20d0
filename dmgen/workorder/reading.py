"""Reads a work order from job.json or pile.json, and from the print files themselves."""

from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from dmgen.errors import OutputError
from dmgen.messages import mark
from dmgen.pdf import PLATES, Inks
from dmgen.workorder.order import LETTERS, SHELL, Colour, Drop, Media, OrderFile, Specimen, Wave, WorkOrder
from dmgen.workorder.pressfile import PressFile, read_press_file
from dmgen.workorder.sides import Inked, Leaf, in_order, inked

SPECIMENS = "specimens.pdf"
SLIP = "slip"
_SORTED = ("district", "listed")  # `sort` of [mail] that makes letters follow one another by postal code

Ticket = Mapping[str, Any]
"""job.json or pile.json."""


def read_order(folder: Path, ticket: Ticket, leaves: Mapping[str, Sequence[Leaf]]) -> WorkOrder:
    """The work order of a job or a pile of several; `ticket` is its job.json or pile.json.

    `leaves` say whose the pages of each file of letters are.

    Raises OutputError where a print file is not there or has other pages than it says, and LookupError, TypeError or
    ValueError for what dmgen has not written. What an older dmgen did not write is not known.
    """
    settings, printing = ticket["settings"], ticket.get("printing") or {}
    prints, media = _prints(ticket), _media(ticket)
    read = _read(folder, [*prints, *ticket.get("shells", ())])
    mail, printer = settings.get("mail") or {}, printing.get("printer") or {}
    waves = tuple(_waves(ticket))
    pile = "pile" in ticket
    return WorkOrder(
        kind="pile" if pile else "job",
        name=str(ticket["pile"] if pile else ticket["job"]),
        drop=str(ticket["drop"]),
        drops=tuple(_drops(ticket)),
        released=pile or bool(ticket.get("released")),  # a pile appears only of released jobs, and read back itself
        reason="" if pile else str(ticket.get("reason") or ""),
        senders=tuple(map(str, printing.get("senders", ()))),
        printer=str(printer.get("name", "")),
        printer_condition=str(printer.get("condition", "")),
        contact=str(printer.get("contact", "")),
        files=(*_letters(ticket, prints, media, read), *_shells(ticket, media, read)),
        media=media,
        paper=printing.get("paper") or settings.get("paper"),
        finishing=tuple(map(str, printing.get("finishing", ()))),
        notes=tuple(map(str, printing.get("notes", ()))),
        post_office=str(mail.get("post_office") or ""),
        envelope=mail.get("envelope"),
        enclosures=tuple(str(one["label"]) for one in mail.get("enclosures", ())),
        standard=str(settings["standard"]),
        colours=tuple(_colours(ticket, read)),
        inks=_inks(ticket, media, read, leaves),
        order="packing" if waves else "district" if mail.get("sort") in _SORTED else "listed",
        stacking=str(settings["delivery"] if pile else settings["parcels"]["delivery"]) if waves else "",
        waves=waves,
        specimens=tuple(_specimens(ticket)),
        specimens_file=folder / SPECIMENS if SPECIMENS in ticket["files"] else None,
    )


def _drops(ticket: Ticket) -> Iterator[Drop]:
    if "pile" in ticket:
        for one in ticket["jobs"]:
            yield Drop(one["shop"], one["campaign"], one["job"], int(one["pieces"]))
    else:
        yield Drop(ticket["shop"], ticket["campaign"], ticket["job"], int(ticket["counts"]["pieces"]))


def _prints(ticket: Ticket) -> list[dict[str, Any]]:
    """The files of letters; an older pile.json names them by wave alone."""
    if "print" in ticket:
        return list(ticket["print"])
    return [{"file": file, "wave": wave["wave"]} for wave in ticket["waves"] for file in wave["files"]]


def _waves(ticket: Ticket) -> Iterator[Wave]:
    for one in ticket.get("waves", ()):
        yield Wave(one["wave"], int(one["parcels"]), int(one["pieces"]), int(one["slips"]), tuple(one["files"]))


def _media(ticket: Ticket) -> tuple[Media, ...]:
    """Sizes of sheets; an older job.json says those of its layouts without their folds, a pile.json none."""
    told = (ticket.get("printing") or {}).get("media")
    if told is not None:
        return tuple(map(_medium, told))
    by_size: dict[tuple[float, float, float, int], list[str]] = {}
    for name, one in ticket.get("layouts", {}).items():
        by_size.setdefault((one["width"], one["height"], one["bleed"], one["sides"]), []).append(name)
    return tuple(Media(tuple(names), *size, None, None) for size, names in by_size.items())


def _medium(told: Mapping[str, Any]) -> Media:
    window = told.get("window")
    return Media(
        *(tuple(told["layouts"]), told["width"], told["height"], told["bleed"], told["sides"]),
        *(tuple(told["folds"]), told["sheets"], tuple(window) if window else None),
    )


def _read(folder: Path, prints: Sequence[Ticket]) -> dict[str, PressFile]:
    """What the print files say of themselves. Raises OutputError for one that has not the pages of its entry."""
    read, images = {}, dict[bytes, Inks]()
    for entry in prints:
        path = folder / str(entry["file"])
        found = read[str(entry["file"])] = read_press_file(path, images)
        if found.pages != entry.get("pages", found.pages):
            raise OutputError(
                mark("{file} has {found} pages and should have {pages}: put the job's own file back"),
                file=path,
                found=found.pages,
                pages=entry["pages"],
            )
    return read


def _letters(
    ticket: Ticket, prints: Sequence[Ticket], media: Sequence[Media], read: Mapping[str, PressFile]
) -> Iterator[OrderFile]:
    for entry in prints:
        letters = int(entry["pieces"]) if "pieces" in entry else None
        yield _file(ticket, entry, LETTERS, media, read)._replace(letters=letters)


def _shells(ticket: Ticket, media: Sequence[Media], read: Mapping[str, PressFile]) -> Iterator[OrderFile]:
    """The paper that is printed first: of each segment as many as it has letters."""
    for entry in ticket.get("shells", ()):
        copies = int(ticket["counts"]["segments"][entry["segment"]])
        yield _file(ticket, entry, SHELL, media, read)._replace(copies=copies)


def _file(ticket: Ticket, entry: Ticket, kind: str, media: Sequence[Media], read: Mapping[str, PressFile]) -> OrderFile:
    name = str(entry["file"])
    segments = tuple(entry.get("segments", [entry["segment"]] if "segment" in entry else []))
    layouts = {one["id"]: str(one["layout"]) for one in ticket["settings"].get("segments", ()) if one["id"] in segments}
    sides, pages = _sides(media, set(layouts.values())), read[name].pages
    return OrderFile(
        file=name,
        kind=kind,
        segments=segments,
        layouts=tuple(dict.fromkeys(layouts.values())),
        wave=str(entry.get("wave", "")),
        letters=0,
        pages=pages,
        sheets=pages // sides if sides else None,
        copies=1,
        bytes=read[name].size,
        sha256=str(ticket["files"].get(name, "")),
    )


def _sides(media: Sequence[Media], layouts: Set[str]) -> int | None:
    """How many sides the sheets of these layouts have, or else of all, if that is one number; or None."""
    known = {one.sides for one in media if layouts & set(one.layouts)} or {one.sides for one in media}
    return next(iter(known)) if len(known) == 1 else None


def _colours(ticket: Ticket, read: Mapping[str, PressFile]) -> Iterator[Colour]:
    """How the letters are inked, and the paper that is printed before them."""
    shells = [str(entry["file"]) for entry in ticket.get("shells", ())]
    for kind, files in ((LETTERS, [name for name in read if name not in shells]), (SHELL, shells)):
        found = [read[name] for name in files]
        if found:
            yield Colour(
                kind,
                tuple(PLATES[ink] for ink in _printed(found) if ink in PLATES),
                tuple(sorted({spot for one in found for spot in one.spots})),
                found[0].condition,
                found[0].profile,
                all(one.fonts_embedded for one in found),
            )


def _printed(files: Sequence[PressFile]) -> tuple[str, ...]:
    return in_order(frozenset[str]().union(*(inks.names for one in files for inks in set(one.inks))))


def _inks(
    ticket: Ticket, media: Sequence[Media], read: Mapping[str, PressFile], leaves: Mapping[str, Sequence[Leaf]]
) -> tuple[Inked, ...]:
    """The inks of every kind of sheet, none where its sides are not known; shells are of their segment's layout."""
    if not media:
        return ()
    layouts = {one["id"]: str(one["layout"]) for one in ticket["settings"].get("segments", ())}
    shells = {
        str(one["file"]): [Leaf(SHELL, "", one["segment"], layouts[one["segment"]], 1, read[str(one["file"])].pages)]
        for one in ticket.get("shells", ())
    }
    pages = {file: one.inks for file, one in read.items()}
    return inked({**leaves, **shells}, pages, lambda layout: _sides(media, {layout}), _labels(ticket))


def _labels(ticket: Ticket) -> dict[str, str]:
    """Of segments by id."""
    return {one["id"]: str(one["label"]) for one in ticket["settings"].get("segments", ())}


def _specimens(ticket: Ticket) -> Iterator[Specimen]:
    labels = _labels(ticket)
    slips = any(wave.slips for wave in _waves(ticket))
    for one in ticket.get("specimens", ()):
        if one.get("sheet") == SLIP and not slips:
            continue
        segment = str(one.get("segment", ""))
        told = str(one.get("label", labels.get(segment, "")))
        yield Specimen(
            str(one.get("campaign", "")), segment, told, str(one.get("layout", "")), str(one.get("sheet", "")),
            int(one["first_page"]), int(one["pages"]),
        )  # fmt: skip
