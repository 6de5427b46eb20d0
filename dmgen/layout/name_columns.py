"""Names in columns: 様 and 御中 in one line, a family's name once, long names parted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import ceil
from typing import NamedTuple

from dmgen.layout.addressees import Addressee
from dmgen.layout.clusters import Cluster, gaps
from dmgen.layout.typeset import TOLERANCE, Step
from dmgen.layout.vertical import ColumnSetter, length
from dmgen.model.contents import Hung

_EM = 1000
_SPREAD = 0.6  # of the height: as far as a short name is letterspaced …
_WIDEST_GAP = 0.5  # … by at most so much of the size
_BEFORE_TITLE = 0.5  # of the size
_WORD = re.compile("[^ 　]+?(?:会社|法人|協会|組合|連合会|支部|支店|本店|本部|事業部|センター|事務所|[ 　]+|$)")
_MOST_CUTS = 8
_NOT_FIRST = "様"  # what begins no line, so that a title stays with the name's end


class Names(NamedTuple):
    """Columns of names from right to left, and their height in mm."""

    columns: list[list[Hung]]
    height: float


class _Person(NamedTuple):
    family: list[Cluster]
    given: list[Cluster]
    title: list[Cluster]


@dataclass(frozen=True)
class NameColumns:
    """Sets names in one step, at most `height` mm high; what does not fit is None."""

    setter: ColumnSetter
    step: Step
    height: float

    def abreast(self, people: Sequence[tuple[Addressee, str]]) -> Names | None:
        """A column a person; given names of one family begin and end together beside each other."""
        first = people[0][0].family
        shown = [self._person(*person) for person in people]
        gap, step = self.setter.gap(self.step), self.step
        title = max(length(person.title, step) for person in shown)
        title += title and _BEFORE_TITLE * _EM * step.unit
        names = [person.family + person.given for person in shown]
        free = self.height - title - max(length(name, step, gap) for name in names)
        if free < -TOLERANCE:
            return None
        room = free - (1 - _SPREAD) * self.height
        gap += min(max(room / (max(map(gaps, names)) + 1), 0.0), _WIDEST_GAP * step.size)
        end = max(length(name, step, gap) for name in names)
        height = end + (title + gap if title else 0.0)
        columns = []
        for place, person in enumerate(shown):
            start = length([*person.family, *person.given[:1]], step, gap) - length(person.given[:1], step)
            is_shared = place and first and people[place][0].family == first
            runs = [] if is_shared else self.setter.runs(person.family, step, 0.0, gap)
            runs += self._spread(person.given, start, end, gap)
            columns.append(runs + self.setter.runs(person.title, step, height - length(person.title, step)))
        return Names(columns, height)

    def _person(self, who: Addressee, title: str) -> _Person:
        clusters = self.setter.clusters
        return _Person(clusters(who.family + " ") if who.family else [], clusters(who.given), clusters(title))

    def _spread(self, given: list[Cluster], start: float, end: float, gap: float) -> list[Hung]:
        """A given name between two heights, spaced so that it begins and ends with its neighbours'."""
        free = end - start - length(given, self.step, gap)
        if count := gaps(given):
            return self.setter.runs(given, self.step, start, gap + min(free / count, self.step.size))
        return self.setter.runs(given, self.step, start + free / 2)

    def parted(self, who: Addressee, title: str, most: int) -> Names | None:
        """A company and its department, a first and a last name: cut between words, into columns of like length."""
        name = who.name
        cuts = [found.end() for found in _WORD.finditer(name)][:-1]
        if not cuts or len(cuts) > _MOST_CUTS:
            return None
        ways = (chosen for count in range(1, most) for chosen in combinations(cuts, count))
        parts = [[name[a:b].strip() for a, b in pairwise((0, *way, len(name)))] for way in ways]
        found = [[*map(self.setter.clusters, way[:-1]), self._last(way[-1], title)] for way in parts]
        best = min(found, key=lambda columns: max(map(self._length, columns)))
        fits = max(map(self._length, best)) <= self.height - _EM * self.step.unit + TOLERANCE
        return self._stepped(best) if fits else None

    def broken(self, who: Addressee, title: str, most: int) -> Names | None:
        """A name in at most so many columns of like length."""
        found = self._last(who.name, title)
        measure = self.step.measure - _EM
        count = len(self.setter.broken(found, measure, self.step))
        if count > most:
            return None
        for shorter in self._measures(found, count):
            columns = [column.clusters for column in self.setter.broken(found, shorter, self.step)]
            if len(columns) == count:
                return self._stepped(columns)
        return None

    def _measures(self, found: list[Cluster], columns: int) -> Iterator[int]:
        """Measures from that of an even share upwards."""
        measure = self.step.measure - _EM
        even = ceil(self._length(found) / self.step.unit / columns)
        yield from (*range(min(even, measure), measure, _EM // 2), measure)

    def _last(self, words: str, title: str) -> list[Cluster]:
        found = self.setter.clusters("　" + title) if title else []
        return self.setter.clusters(words) + [cluster._replace(rule=_NOT_FIRST) for cluster in found]

    def _length(self, column: Sequence[Cluster]) -> float:
        return length(column, self.step, self.setter.gap(self.step))

    def _stepped(self, columns: list[list[Cluster]]) -> Names:
        runs, height = stepped(columns, self.setter, self.step)
        return Names(runs, height)


def stepped(columns: Sequence[Sequence[Cluster]], setter: ColumnSetter, step: Step) -> tuple[list[list[Hung]], float]:
    """Columns of which the later ones begin an em lower, or so much that they end with the longest; their height."""
    gap, em = setter.gap(step), _EM * step.unit
    lengths = [length(column, step, gap) for column in columns]
    height = max(own + (em if place else 0.0) for place, own in enumerate(lengths))
    starts = (height - own if place else 0.0 for place, own in enumerate(lengths))
    return [setter.runs(column, step, start, gap) for column, start in zip(columns, starts, strict=True)], height
