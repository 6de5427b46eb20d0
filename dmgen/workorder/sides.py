"""Which inks the sides of sheets carry, from the pages of the print files and whose pages these are."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dmgen.pdf import PROCESS, Inks, together


class Leaf(NamedTuple):
    """Whose pages (from 1, the first a front) of a print file these are: those of a letter or of another sheet.

    `kind` is "letters", "shell" or the kind of a sheet that is no letter; `campaign` is said in a pile of several.
    """

    kind: str
    campaign: str
    segment: str
    layout: str
    first_page: int
    last_page: int


class Inked(NamedTuple):
    """The inks on fronts and backs of sheets of a kind: C M Y K, then spot inks by name; none for a blank side.

    `total_ink` is the most at one place in percent, `at_least`: transparency or overprinting may add to it.
    `colour_pages` have other inks than black, `black_pages` that alone, `blank_pages` none.
    """

    kind: str
    campaign: str
    segment: str
    label: str
    front: tuple[str, ...]
    back: tuple[str, ...]
    total_ink: int
    at_least: bool
    colour_pages: int
    black_pages: int
    blank_pages: int

    def as_json(self) -> dict[str, Any]:
        """As the work order's JSON says it."""
        told = ("kind", "campaign", "segment", "label")
        return {fact: getattr(self, fact) for fact in told} | {
            "sides": f"{len(self.front)}/{len(self.back)}",
            "inks": {"front": list(self.front), "back": list(self.back)},
            "total_ink": self.total_ink,
            "at_least": self.at_least,
            "pages": {"colour": self.colour_pages, "black": self.black_pages, "blank": self.blank_pages},
        }


Sides = Callable[[str], int | None]
"""How many sides the sheets of a layout have ("": of what is no letter); None where the job does not say."""


def inked(
    leaves: Mapping[str, Sequence[Leaf]], pages: Mapping[str, Sequence[Inks]], sides: Sides, labels: Mapping[str, str]
) -> tuple[Inked, ...]:
    """The inks of each kind of sheet, in the order of the files; `pages` are the inks of every page by file.

    None where it is not known how many sides the sheets have. Raises ValueError where pages are nobody's, or two's.
    """
    found: dict[tuple[str, str, str], tuple[Counter[Inks], Counter[Inks]]] = {}
    for file, printed in pages.items():
        for leaf, own in _by_leaf(leaves.get(file, ()), printed, file):
            count = sides(leaf.layout)
            if count is None:
                return ()
            fronts, backs = found.setdefault(leaf[:3], (Counter(), Counter()))
            fronts.update(own[::count])
            if count == 2:
                backs.update(own[1::count])
    return tuple(_inked(key, labels.get(key[2], ""), *counted) for key, counted in found.items())


def _by_leaf(leaves: Sequence[Leaf], printed: Sequence[Inks], file: str) -> Iterator[tuple[Leaf, Sequence[Inks]]]:
    """Each leaf with the inks of its pages: together they are all the pages that there are."""
    done = 0
    for leaf in sorted(leaves, key=lambda leaf: leaf.first_page):
        if leaf.first_page != done + 1:
            break
        done = leaf.last_page
        yield leaf, printed[leaf.first_page - 1 : leaf.last_page]
    if done != len(printed):
        raise ValueError(f"{file}: page {done + 1} is nobody's, or two's")


def _inked(key: tuple[str, str, str], label: str, fronts: Counter[Inks], backs: Counter[Inks]) -> Inked:
    both = fronts + backs
    every = together(frozenset(both))
    colour = sum(count for inks, count in both.items() if not inks.is_black)
    blank = sum(count for inks, count in both.items() if not inks.names)
    front, back = (in_order(together(frozenset(side)).names) for side in (fronts, backs))
    black = both.total() - colour - blank
    total = round(every.total * 100)
    return Inked(*key, label, front, back, total, not every.sure, colour, black, blank)


def in_order(names: frozenset[str]) -> tuple[str, ...]:
    """Process inks as they are always named, then spot inks."""
    return (*(ink for ink in PROCESS if ink in names), *sorted(names - set(PROCESS)))
