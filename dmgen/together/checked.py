"""The finished pile read once more, from its own table and the jobs' own books, not from what made it."""

from collections.abc import Iterator, Mapping, Sequence

from dmgen.afterwards import open_ledger
from dmgen.errors import PreflightError
from dmgen.fulfil import PILE_TABLE, PileFolder, read_table
from dmgen.messages import mark
from dmgen.model.parcel import Delivery, PlannedParcel
from dmgen.planning.plan import Progress
from dmgen.readback import Finding, JoinedFile, Origin, compare_joined
from dmgen.timings import timed
from dmgen.together.pile import PileFile
from dmgen.together.planned import Together
from dmgen.together.sources import Source, require_unchanged
from dmgen.verify import ToPrint, press_ready

_NAMED = 5
_Rows = Sequence[Mapping[str, str]]


@timed(mark("read the pile back"))
def check_pile(
    together: Together,
    sources: Sequence[Source],
    files: Sequence[PileFile],
    folder: PileFolder,
    progress: Progress,
) -> None:
    """Let a pile pass whose every page is the right one at the right place. Raises PreflightError for any other.

    Each parcel's row in pile.csv must be what its own shop's ledger says of it; each page must be that of the job's
    print file, byte by byte as it is stored and as PDFium reads it; the sources must still be as they were released;
    every file must pass the preflight.
    """
    rows = list(read_table(folder.partial / PILE_TABLE))
    found = list(_parcels(together, sources, rows))
    standard = together.plans[0].campaign.printing.standard
    joined = [_joined(one, folder, rows, sources) for one in files]
    progress("read the pile back", 0, len(joined))
    for done, findings in enumerate(together.workshop.each(compare_joined, joined), 1):
        found += findings
        progress("read the pile back", done, len(joined))
    for findings in together.workshop.each(press_ready, [ToPrint(folder.partial, one.file, standard) for one in files]):
        found += findings
    found += _order(files, rows, turned=together.rules.delivery is Delivery.FACE_UP)
    for source in sources:
        require_unchanged(source)
    if found:
        raise _refusal(found)


def _parcels(together: Together, sources: Sequence[Source], rows: _Rows) -> Iterator[Finding]:
    """Whether the table has every parcel of the batch once, in its order, and its own shop's piece in it."""
    books = [
        {one.shipment_id: one for one in open_ledger(s.campaign.shop).parcels(s.job)} for s in sources
    ]  # by job, from the ledger
    jobs = {source.job: (source, book) for source, book in zip(sources, books, strict=True)}
    pieces: set[str] = set()
    if len(rows) != len(together.places):
        yield Finding("count", PILE_TABLE, field="parcels")
        return
    for place, row in zip(together.places, rows, strict=True):
        parcel = place.parcel
        told = (row["place"], row["wave"], row["position"], row["shipment_id"], row["shop"])
        if told != (str(parcel.place), parcel.wave, parcel.position, parcel.shipment_id, place.shop):
            yield Finding("wrong_parcel", PILE_TABLE, row["piece_id"], field=parcel.shipment_id)
        if not row["piece_id"]:
            if any(s.campaign.shop.id == place.shop and _piece_of(b, row) for s, b in jobs.values()):
                yield Finding("wrong_parcel", PILE_TABLE, field=parcel.shipment_id)
            continue
        source, book = jobs.get(row["job"], (None, {}))
        if source is None or source.campaign.shop.id != row["shop"] or _piece_of(book, row) != row["piece_id"]:
            yield Finding("wrong_parcel", PILE_TABLE, row["piece_id"], field=parcel.shipment_id)
        if row["piece_id"] in pieces:
            yield Finding("twice", PILE_TABLE, row["piece_id"], field="piece_id")
        pieces.add(row["piece_id"])
    if len(pieces) != sum(source.ticket["pieces"] for source in sources):
        yield Finding("count", PILE_TABLE, field="pieces")


def _piece_of(book: Mapping[str, PlannedParcel], row: Mapping[str, str]) -> str:
    """The id of the piece that a ledger says lies in the parcel of a row; "" for none."""
    planned = book.get(row["shipment_id"])
    return planned.piece_id if planned else ""


def _joined(one: PileFile, folder: PileFolder, rows: _Rows, sources: Sequence[Source]) -> JoinedFile:
    """The origin of every page of a file: pieces where the manifest of their job has them, sheets as they were made."""
    manifests = {source.job: source for source in sources}
    by_page = {int(row["page"]): row for row in rows if row["file"] == one.file}
    origins: list[Origin] = []
    for item in one.printed():
        row = by_page.get(len(origins) + 1)
        pages = item.leaf.pages
        source, piece = item.leaf.source, ""
        if row and row["piece_id"]:
            job = manifests[row["job"]]
            listed = job.pieces[row["shipment_id"]]
            source, piece = job.folder / listed["file"], listed["piece_id"]
            own = range(int(listed["first_page"]), int(listed["last_page"]) + 1)
            if sorted(pages) != list(own) or piece != row["piece_id"]:
                piece, pages = row["piece_id"], tuple(own)
        origins += [Origin(len(origins) + n, source, page, piece) for n, page in enumerate(pages, 1)]
    return JoinedFile(folder.partial / one.file, tuple(origins))


def _order(files: Sequence[PileFile], rows: _Rows, *, turned: bool) -> Iterator[Finding]:
    """Within each file, sheets must lie in the order of their places, from its beginning or from its end."""
    for one in files:
        pages = [int(row["page"]) for row in rows if row["file"] == one.file]
        if pages != sorted(pages, reverse=turned) or {row["wave"] for row in rows if row["file"] == one.file} != {
            one.wave
        }:
            yield Finding("wrong_parcel", one.file)


def _refusal(found: Sequence[Finding]) -> PreflightError:
    return PreflightError(
        mark(
            "the pile is not what it should be ({count} findings): {named}. Type the same command again; if this "
            "comes again, please report this fault."
        ),
        count=len(found),
        named="; ".join(" ".join(map(str, finding.as_json().values())) for finding in found[:_NAMED]),
    )
