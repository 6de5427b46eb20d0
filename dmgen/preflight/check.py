"""Takes one file through every rule: its structure as a whole, the contents of some of its pages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pikepdf import Object, Pdf

from dmgen.errors import DmgenError
from dmgen.messages import mark
from dmgen.model.printing import Standard
from dmgen.preflight.contents import Reader
from dmgen.preflight.dparts import PartTree
from dmgen.preflight.file import PdfFile, opened
from dmgen.preflight.finding import Finding, Findings, Severity
from dmgen.preflight.fontcheck import OpenedFont
from dmgen.preflight.fontmetrics import Metrics
from dmgen.preflight.objects import nodes
from dmgen.preflight.pagetree import Page, walk
from dmgen.preflight.reading import entries
from dmgen.preflight.resources import Listing
from dmgen.preflight.rules import rules_for

READ_ALL = 100  # pages whose contents are read without choosing some; a designer's artwork has fewer
SAMPLE = 50


@dataclass(frozen=True)
class Report:
    """What was found in a file. `standard` is what it was checked against, `read` the pages whose contents were."""

    file: Path
    standard: Standard | None
    claim: str
    pages: int
    read: int
    findings: list[Finding]

    def count(self, severity: Severity) -> int:
        """How many findings have this weight."""
        return sum(finding.severity is severity for finding in self.findings)


def preflight_file(path: Path, standard: Standard | None = None) -> Report:
    """Check a file against a standard, or against the one that it claims. Raises UsageError for what is no sound PDF.

    The structure of every page is checked; contents of all up to a hundred pages, of more than that the first, the
    last and about fifty between, always the same.
    """
    with opened(path) as pdf:
        return _Check(path, pdf, standard).report()


def unreadable(path: Path, standard: Standard | None, error: DmgenError) -> Report:
    """The report of a file that cannot even be opened."""
    remedy = mark("print the job again")
    finding = Finding("readable-file", Severity.ERROR, None, path.name, error.message, remedy, error.values)
    return Report(path, standard, "", 0, 0, [finding])


class _Check:
    def __init__(self, path: Path, pdf: Pdf, standard: Standard | None) -> None:
        self._file = PdfFile(path, pdf)
        self._file.standard = standard or self._file.claimed
        self._rules = rules_for(self._file.standard)
        self._findings = Findings()
        self._listing = Listing(self._file)
        self._page: int | None = None
        self._above: list[tuple[Object, dict[str, Any]]] = []

    def report(self) -> Report:
        self._structure()
        read = self._contents()
        self._page = None
        for font in self._listing.fonts.values():
            self._page = font.page
            self._look(OpenedFont(font))
        self._page = None
        self._look(self._file)  # last: qpdf's own check goes through the page tree in its own way
        file = self._file
        found = sorted(self._findings, key=lambda finding: finding.severity is Severity.WARNING)
        return Report(file.path, file.standard, file.claim, len(file.pages), read, found)

    def _look(self, thing: object) -> None:
        for rule in self._rules[type(thing)]:
            for fault in rule.check(thing):
                self._findings.add(rule.name, rule.severity, self._page, fault)

    def _structure(self) -> None:
        for thing in walk(self._file):
            self._page = thing.place + 1 if isinstance(thing, Page) else None
            if isinstance(thing, Page):
                self._file.pages.append(thing.object)
                self._above.append((thing.parent, thing.inherited))  # not the page: its entries would stay in memory
                for listed in self._listing.page(thing):
                    self._look(listed)
            self._look(thing)
        self._page = None
        self._look(PartTree(self._file))
        for node in nodes(self._file):
            self._look(node)

    def _contents(self) -> int:
        chosen = self._chosen()
        reader = Reader(self._file, self._listing, self._look)
        for place in chosen:
            self._page = place + 1
            page = self._file.pages[place]
            parent, inherited = self._above[place]
            reader.page(Page(self._file, place, page, parent, entries(page), inherited))
        return len(chosen)

    def _chosen(self) -> list[int]:
        """The pages whose contents are read: a fixed choice, and where a font that is not embedded is first listed."""
        count = len(self._file.pages)
        if count <= READ_ALL:
            return list(range(count))
        spread = {round(step * (count - 1) / (SAMPLE - 1)) for step in range(SAMPLE)}
        missing = [font for font in self._listing.fonts.values() if not Metrics(font.object).embedded]
        return sorted(spread | {font.page - 1 for font in missing[:SAMPLE] if font.page})
