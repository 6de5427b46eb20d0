"""The job's own books: manifest.csv and codes.csv, row by row, against each other and against job.json."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from dmgen.model.offer import CodeKind, CodeSource
from dmgen.model.recipient import fingerprint
from dmgen.readback.bundles import BUNDLES, Bundles
from dmgen.readback.finding import Finding
from dmgen.readback.offers import wrong_terms
from dmgen.readback.pile import Pile
from dmgen.readback.rows import (
    CODES,
    MANIFEST,
    PERSON,
    WARNINGS,
    Leaf,
    Piece,
    SheetRow,
    Warned,
    digest,
    occurring_twice,
    piece_of,
    rows_of,
)
from dmgen.readback.ticket import Master, PrintedAs, prints_of

_A_STRETCH = 500  # pieces: a second or two of work
_PIECE = "piece_id"


@dataclass(frozen=True)
class Stretch:
    """Pieces and sheets of one print file, to be read back in one go; `whole`: the file itself is looked at, too."""

    folder: Path
    file: str
    printed: PrintedAs
    whole: bool
    pieces: list[Piece]
    master: Master
    sheets: tuple[SheetRow, ...] = ()


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
        counts = {name: int(ticket["counts"][name]) for name in ("pieces", "files", "pages")}
        others = {str(entry["file"]) for entry in ticket["shells"]}
        return cls(folder, Master.of(ticket), prints_of(ticket), counts, others, bool(ticket.get("reprint")))

    def stretches(self, sample: int | None) -> Iterator[Stretch]:
        """Every print file of the job in stretches of pieces; with `sample`, only so many pieces, evenly spread."""
        every = max(1, self.counts["pieces"] / sample) if sample else 1
        for file, leaves in groupby(self._leaves(), lambda leaf: leaf.file):
            printed = self.prints.get(file)
            if printed is None:
                self._by_file[file] += sum(isinstance(leaf, Piece) for leaf in leaves)
                self.findings.append(Finding("file_unknown", file))
                continue
            whole = True
            wanted = self._paged(leaves, printed.pages)
            for part in _in_stretches(leaf for leaf in wanted if every == 1 or _number(leaf) % every < 1):
                pieces = [leaf for leaf in part if isinstance(leaf, Piece)]
                sheets = tuple(leaf for leaf in part if isinstance(leaf, SheetRow))
                yield Stretch(self.folder, file, printed, whole, pieces, self.master, sheets)
                whole = False

    def _leaves(self) -> Iterator[Leaf]:
        """Everything that the print files hold, in the order of the pile."""
        if not self.master.piled:
            return self._posted()
        return Pile(self.folder, self.master.piled, self.prints, self.findings).leaves(self._read())

    def _posted(self) -> Iterator[Piece]:
        """Letters; those in the order of the post beside their bundles."""
        if self.some or not any(printed.post for printed in self.prints.values()):
            return self._read()
        if not (self.folder / BUNDLES).exists():
            self.findings.append(Finding("file_missing", BUNDLES))
            return self._read()
        return Bundles(self.folder, self.prints, self.findings, self.master.listed).pieces(self._read())

    def _paged(self, leaves: Iterator[Leaf], pages: int) -> Iterator[Leaf]:
        """What a file holds: each begins on the page after the one before, in a turned file it ends before that one."""
        turned, last = self.master.turned, None
        page = pages if turned else 1
        for leaf in leaves:
            self._by_file[leaf.file] += isinstance(leaf, Piece)
            if (leaf.last_page if turned else leaf.first_page) != page or leaf.last_page < leaf.first_page:
                self._add("pages_overlap", leaf)
            page, last = leaf.first_page - 1 if turned else leaf.last_page + 1, leaf
            yield leaf
        if last and page != (0 if turned else pages + 1):
            self._add("page_count", last)

    def _add(self, what: str, leaf: Leaf, field: str = "") -> None:
        if isinstance(leaf, Piece):
            self.findings.append(Finding(what, leaf.file, leaf.row["piece_id"], leaf.sequence, field=field))
        else:
            self.findings.append(Finding(what, leaf.file, page=leaf.first_page, field=field))

    def _read(self) -> Iterator[Piece]:
        """Manifest and codes side by side: the codes of a piece stand together, in the manifest's order."""
        codes = groupby(rows_of(self.folder / CODES), lambda row: row.get("piece_id", ""))
        waiting = next(codes, None)
        warned, before = self._warned(), 0
        for number, row in enumerate(rows_of(self.folder / MANIFEST), 1):
            own: list[dict[str, str]] = []
            if waiting and waiting[0] == row["piece_id"]:
                own, waiting = list(waiting[1]), next(codes, None)
            self.pieces += 1
            piece = piece_of(row, own, warned.get(row.get("customer_id", ""), ()))
            if piece is None:
                self.findings.append(Finding("row_unreadable", MANIFEST, row.get("piece_id", ""), number))
                continue
            if piece.sequence <= before if self.some else piece.sequence != number:
                self._add("sequence", piece)
            before = piece.sequence
            self.tickets += len(piece.tickets) if row.get("seed", "") in ("", "0") else 0
            self._check(piece, own)
            self._remember(piece, own)
            yield piece
        if waiting:
            self.findings.append(Finding("no_such_piece", CODES, waiting[0]))

    def _warned(self) -> dict[str, tuple[Warned, ...]]:
        """By customer the faults that warnings.csv names, where there is one."""
        path = self.folder / WARNINGS
        found: defaultdict[str, tuple[Warned, ...]] = defaultdict(tuple)
        for row in rows_of(path) if path.exists() else ():
            found[row["customer_id"]] += (Warned(row["reason"], row["field"], row["value"]),)
        return dict(found)

    def _check(self, piece: Piece, codes: list[dict[str, str]]) -> None:
        """The row against itself and against codes.csv."""
        row, segment = piece.row, piece.row["segment"]
        if fingerprint(*(row[name] for name in PERSON)) != row["fingerprint"]:
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
        self._seen[_PIECE].append(digest(piece.row[_PIECE]))
        for code in codes:
            if code["kind"] != shared:
                self._seen[code["kind"]].append(digest(code["code"]))

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
        twice = {kind: found for kind, seen in self._seen.items() if (found := occurring_twice(seen))}
        if twice:
            self._name(twice)

    def _name(self, twice: Mapping[str, set[int]]) -> None:
        """Once more through the tables, for the pieces whose numbers are not theirs alone."""
        for number, row in enumerate(rows_of(self.folder / MANIFEST), 1):
            if digest(row["piece_id"]) in twice.get(_PIECE, ()):
                self.findings.append(Finding("twice", row["file"], row["piece_id"], number, field=_PIECE))
        for row in rows_of(self.folder / CODES):
            if digest(row["code"]) in twice.get(row["kind"], ()):
                self.findings.append(Finding("twice", CODES, row["piece_id"], field=row["kind"]))


def _number(leaf: Leaf) -> int:
    """Where a piece or a sheet stands among its like, from 0."""
    return (leaf.sequence if isinstance(leaf, Piece) else leaf.number) - 1


def _in_stretches(leaves: Iterator[Leaf]) -> Iterator[list[Leaf]]:
    """At least one stretch: a file is looked at even where nothing of it is in the sample."""
    yield list(islice(leaves, _A_STRETCH))
    while part := list(islice(leaves, _A_STRETCH)):
        yield part
