"""The job's own books: manifest.csv and codes.csv, row by row, against each other and against job.json."""

import csv
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby, islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from dmgen.model.cells import unguard
from dmgen.model.offer import CodeKind, CodeSource
from dmgen.model.places import LayoutPlaces
from dmgen.model.recipient import fingerprint
from dmgen.readback.finding import Finding
from dmgen.readback.offers import wrong_terms

_MANIFEST, _CODES, _WARNINGS = "manifest.csv", "codes.csv", "warnings.csv"
_A_STRETCH = 500  # pieces: a second or two of work
_PIECE = "piece_id"
_PERSON = ("customer_id", "name", "postal_code", "address")
_NEEDED = {
    *(_PIECE, "file", "segment", "layout", "coupon_code", "lottery_number", "url", "fingerprint"),
    *_PERSON,
}


class Warned(NamedTuple):
    """A fault with which a piece was printed because [policy] says "warn": reason, slot or column, and what of it."""

    reason: str
    field: str
    value: str


class Piece(NamedTuple):
    """One row of the manifest, and what codes.csv says was issued to it; links stand by name."""

    row: dict[str, str]
    sequence: int
    first_page: int
    last_page: int
    coupon: str = ""
    tickets: tuple[str, ...] = ()
    links: Mapping[str, str] = {}
    warned: tuple[Warned, ...] = ()
    offer: str = ""  # the id under which its coupon was issued: a tier's is the whole offer's, a dot, and its own
    expires: str = ""


class PrintedAs(NamedTuple):
    """What job.json says of a print file."""

    pieces: int
    pages: int
    sha256: str


@dataclass(frozen=True)
class Master:
    """What job.json says of the whole job: where things stand, the offers by id, and what segments may be due."""

    layouts: dict[str, LayoutPlaces]
    offers: dict[str, dict[str, Any]]
    promised: dict[str, tuple[str, ...]]  # by segment the ids of its offer and that one's tiers
    tickets: dict[str, tuple[int, ...]]  # by segment, how many a piece may have
    names: dict[str, str]  # of segments that are tried in variants: as campaign.toml calls them
    country: str
    marker: str  # the AR marker of the job's letters, empty where they have none
    drop: str
    commitment: str = ""
    sealed: int | None = None  # so many tickets

    @classmethod
    def of(cls, ticket: Mapping[str, Any]) -> "Master":
        """Raises LookupError, TypeError or ValueError for what dmgen has not written."""
        settings, seal = ticket["settings"], ticket.get("lottery") or {}
        offers = {offer["id"]: offer for offer in settings["offers"]}
        return cls(
            layouts={name: LayoutPlaces.from_json(data) for name, data in ticket["layouts"].items()},
            offers=offers,
            promised={s["id"]: _tiers(offers[s["offer"]]) if s["offer"] else () for s in settings["segments"]},
            tickets={s["id"]: _numbers(s["tickets"]) for s in settings["segments"]},
            names={s["id"]: str(s.get("name") or s["id"]) for s in settings["segments"]},
            country=str(settings["country"]),
            marker="" if settings.get("ar") is None else str(settings["ar"]),
            drop=str(ticket["drop"]),
            commitment=str(seal.get("commitment", "")),
            sealed=int(seal["tickets"]) if seal else None,
        )

    def offer_of(self, piece: Piece) -> dict[str, Any] | None:
        """The terms that a piece was promised, with its own dates; none where it was promised nothing."""
        offer = self.offers.get(piece.offer)
        if not (offer and offer.get("birthday")):
            return offer
        return offer | {"starts": piece.expires[:8] + "01", "expires": piece.expires}


@dataclass(frozen=True)
class Stretch:
    """Pieces of one print file, to be read back in one go; `whole` where the file itself is to be looked at, too."""

    folder: Path
    file: str
    printed: PrintedAs
    whole: bool
    pieces: list[Piece]
    master: Master


@dataclass
class Books:
    """A job's tables while they are gone through; `findings` grows with every row that does not agree."""

    folder: Path
    master: Master
    prints: dict[str, PrintedAs]
    counts: dict[str, int]
    others: set[str]  # further files for the press: pre-printed paper
    some: bool = False  # only some of a job's pieces, in its order: those that are printed again
    findings: list[Finding] = field(default_factory=list)
    pieces: int = 0
    tickets: int = 0  # that can win: those of decoys cannot
    _seen: defaultdict[str, "array[int]"] = field(default_factory=lambda: defaultdict(lambda: array("Q")))
    _by_file: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, folder: Path, ticket: Mapping[str, Any]) -> "Books":
        """The books of a job folder. Raises LookupError, TypeError or ValueError for what dmgen has not written."""
        prints = {
            str(entry["file"]): PrintedAs(int(entry["pieces"]), int(entry["pages"]), ticket["files"].get(entry["file"]))
            for entry in ticket["print"]
        }
        counts = {name: int(ticket["counts"][name]) for name in ("pieces", "files", "pages")}
        others = {str(entry["file"]) for entry in ticket["shells"]}
        return cls(folder, Master.of(ticket), prints, counts, others, bool(ticket.get("reprint")))

    def stretches(self, sample: int | None) -> Iterator[Stretch]:
        """Every print file of the job in stretches of pieces; with `sample`, only so many pieces, evenly spread."""
        every = max(1, self.counts["pieces"] / sample) if sample else 1
        for file, pieces in groupby(self._read(), lambda piece: piece.row["file"]):
            printed = self.prints.get(file)
            if printed is None:
                self._by_file[file] += sum(1 for _ in pieces)
                self.findings.append(Finding("file_unknown", file))
                continue
            whole = True
            wanted = self._paged(pieces, printed.pages)
            for part in _in_stretches(piece for piece in wanted if every == 1 or (piece.sequence - 1) % every < 1):
                yield Stretch(self.folder, file, printed, whole, part, self.master)
                whole = False

    def _paged(self, pieces: Iterator[Piece], pages: int) -> Iterator[Piece]:
        """The pieces of a file, each of which begins on the page after the one before."""
        page, last = 1, None
        for piece in pieces:
            self._by_file[piece.row["file"]] += 1
            if piece.first_page != page or piece.last_page < piece.first_page:
                self._add("pages_overlap", piece)
            page, last = piece.last_page + 1, piece
            yield piece
        if last and page != pages + 1:
            self._add("page_count", last)

    def _add(self, what: str, piece: Piece, field: str = "") -> None:
        self.findings.append(Finding(what, piece.row["file"], piece.row["piece_id"], piece.sequence, field=field))

    def _read(self) -> Iterator[Piece]:
        """Manifest and codes side by side: the codes of a piece stand together, in the manifest's order."""
        codes = groupby(_rows(self.folder / _CODES), lambda row: row.get("piece_id", ""))
        waiting = next(codes, None)
        warned, before = self._warned(), 0
        for number, row in enumerate(_rows(self.folder / _MANIFEST), 1):
            own: list[dict[str, str]] = []
            if waiting and waiting[0] == row["piece_id"]:
                own, waiting = list(waiting[1]), next(codes, None)
            self.pieces += 1
            piece = _piece(row, own, warned.get(row.get("customer_id", ""), ()))
            if piece is None:
                self.findings.append(Finding("row_unreadable", _MANIFEST, row.get("piece_id", ""), number))
                continue
            if piece.sequence <= before if self.some else piece.sequence != number:
                self._add("sequence", piece)
            before = piece.sequence
            self.tickets += len(piece.tickets) if row.get("seed", "") in ("", "0") else 0
            self._check(piece, own)
            self._remember(piece, own)
            yield piece
        if waiting:
            self.findings.append(Finding("no_such_piece", _CODES, waiting[0]))

    def _warned(self) -> dict[str, tuple[Warned, ...]]:
        """By customer the faults that warnings.csv names, where there is one."""
        path = self.folder / _WARNINGS
        found: defaultdict[str, tuple[Warned, ...]] = defaultdict(tuple)
        for row in _rows(path) if path.exists() else ():
            found[row["customer_id"]] += (Warned(row["reason"], row["field"], row["value"]),)
        return dict(found)

    def _check(self, piece: Piece, codes: list[dict[str, str]]) -> None:
        """The row against itself and against codes.csv."""
        row, segment = piece.row, piece.row["segment"]
        if fingerprint(*(row[name] for name in _PERSON)) != row["fingerprint"]:
            self._add("fingerprint", piece)
        shown = {
            "coupon_code": piece.coupon,
            "lottery_number": piece.tickets[0] if piece.tickets else "",
            "url": next(iter(piece.links.values()), ""),
        }
        promised = self.master.promised.get(segment, ())
        due = {
            "coupon_code": bool(promised) == bool(piece.coupon) and (not piece.coupon or piece.offer in promised),
            "lottery_number": len(piece.tickets) in self.master.tickets.get(segment, ()),
        }
        for name, value in shown.items():
            if row[name] != value or not due.get(name, True):
                self._add("codes_differ", piece, name)
        if row.get("ar_id", "") not in ("", self.master.marker):
            self._add("marker_differs", piece, "ar_id")
        offer, coupons = self.master.offers.get(piece.offer), [c for c in codes if c["kind"] == CodeKind.COUPON]
        if offer and coupons and (wrong := wrong_terms(offer, row, coupons[0], self.master.drop)):
            self._add("codes_differ", piece, wrong)

    def _remember(self, piece: Piece, codes: list[dict[str, str]]) -> None:
        """What may stand only once in a job."""
        offer = self.master.offers.get(piece.offer)
        shared = CodeKind.COUPON.value if offer and offer["codes"] == CodeSource.SHARED else None
        self._seen[_PIECE].append(_digest(piece.row[_PIECE]))
        for code in codes:
            if code["kind"] != shared:
                self._seen[code["kind"]].append(_digest(code["code"]))

    def balance(self) -> None:
        """After the last stretch: files that nobody asked for, counts that do not add up, numbers given out twice."""
        there = {f"print/{path.name}" for path in (self.folder / "print").glob("*")}
        self.findings += [Finding("file_unknown", file) for file in sorted(there - self.prints.keys() - self.others)]
        for file, printed in self.prints.items():
            if self._by_file[file] != printed.pieces:
                self.findings.append(Finding("count", file, field="pieces"))
        pages = sum(printed.pages for printed in self.prints.values())
        sums = {"pieces": self.pieces, "files": len(self.prints), "pages": pages}
        self.findings += [Finding("count", field=name) for name, found in sums.items() if self.counts[name] != found]
        if self.master.sealed not in (None, self.tickets):
            self.findings.append(Finding("count", field="tickets"))
        twice = {kind: found for kind, seen in self._seen.items() if (found := _twice(seen))}
        if twice:
            self._name(twice)

    def _name(self, twice: Mapping[str, set[int]]) -> None:
        """Once more through the tables, for the pieces whose numbers are not theirs alone."""
        for number, row in enumerate(_rows(self.folder / _MANIFEST), 1):
            if _digest(row["piece_id"]) in twice.get(_PIECE, ()):
                self.findings.append(Finding("twice", row["file"], row["piece_id"], number, field=_PIECE))
        for row in _rows(self.folder / _CODES):
            if _digest(row["code"]) in twice.get(row["kind"], ()):
                self.findings.append(Finding("twice", _CODES, row["piece_id"], field=row["kind"]))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table as they were before a spreadsheet had to be kept from running them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, restkey=""):
            yield {name: unguard(value) if isinstance(value, str) else "" for name, value in row.items()}


def _piece(row: dict[str, str], codes: list[dict[str, str]], warned: tuple[Warned, ...]) -> Piece | None:
    """A row of the manifest with its rows of codes; none where cells are missing or are no numbers."""
    try:
        pages = int(row["first_page"]), int(row["last_page"])
        links = {code["name"]: code["url"] for code in codes if code["kind"] == CodeKind.LINK}
        tickets = tuple(code["code"] for code in codes if code["kind"] == CodeKind.TICKET)
        coupon = next((code for code in codes if code["kind"] == CodeKind.COUPON), None)
        if not row.keys() >= _NEEDED:
            return None
        promised = (coupon["code"], coupon["name"], coupon["expires"]) if coupon else ("", "", "")
        code, offer, expires = promised
        return Piece(row, int(row["sequence"]), *pages, code, tickets, links, warned, offer, expires)
    except (KeyError, ValueError):
        return None


def _tiers(offer: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(offer["id"]), *(str(tier["id"]) for tier in offer.get("tiers", ())))


def _numbers(written: Any) -> tuple[int, ...]:
    return tuple(map(int, written)) if isinstance(written, list) else (int(written),)


def _twice(seen: "array[int]") -> set[int]:
    values, times = np.unique(np.frombuffer(seen, np.uint64), return_counts=True)
    return set(values[times > 1].tolist())


def _digest(value: str) -> int:
    return int.from_bytes(blake2b(value.encode(), digest_size=8).digest())


def _in_stretches(pieces: Iterator[Piece]) -> Iterator[list[Piece]]:
    """At least one stretch: a file is looked at even where none of its pieces is in the sample."""
    yield list(islice(pieces, _A_STRETCH))
    while part := list(islice(pieces, _A_STRETCH)):
        yield part
