"""An address in columns as cards and envelopes have it: the address at the right, the name large in the middle."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from dmgen.layout.addressees import Addressee, addressees
from dmgen.layout.clusters import Cluster
from dmgen.layout.honorific import honorific
from dmgen.layout.name_columns import NameColumns, Names, stepped
from dmgen.layout.piece import PieceValues
from dmgen.layout.plans import OversetError
from dmgen.layout.typeset import TOLERANCE, Step
from dmgen.layout.vertical import ColumnSetter, length
from dmgen.model.contents import Hung, Item
from dmgen.model.layout import Box

_BUILDING = re.compile(r"(.*?[0-9０-９〇一二三四五六七八九十番地号])[ 　]+(.+)")
_EM = 1000
_BESIDE_ADDRESS = 0.35  # of the size of the name
Way = Callable[[NameColumns], Names | None]


@dataclass(frozen=True)
class VerticalAddressPlan:
    """Address and building in columns from the box's right edge, the names in its middle; empty lines close up.

    The postal code stands elsewhere, in its seven boxes.
    """

    box: Box
    address: ColumnSetter
    name: ColumnSetter
    parts: tuple[str, ...]

    def place(self, piece: PieceValues) -> list[Item]:
        """Address, then names, in the first steps at which they fit together. Raises OversetError."""
        lines = self._lines(piece)
        people = [
            (person, honorific(person.name).strip())
            for person in addressees(piece.text("name"), piece.text("joint_names"))
        ]
        columns: dict[Step, list[list[Hung]]] = {}
        for least, way in _ways(people):
            for name_step, steps in self._steps(least):
                names = way(NameColumns(self.name, name_step, self.box.height))
                if names is None:
                    continue
                for step in steps:
                    columns[step] = columns.get(step) or address_columns(lines, self.address, step)
                    if placed := self._placed(columns[step], step, names, name_step):
                        return placed
        raise OversetError

    def _lines(self, piece: PieceValues) -> list[list[str]]:
        """The parts of the address, then those of the building."""
        if any(map(piece.text, self.parts)):
            *street, building = map(piece.text, self.parts)
            return [list(filter(None, street)), [building] if building else []]
        found = _BUILDING.fullmatch(piece.text("address"))
        return [[found[1]], [found[2]]] if found else [[piece.text("address")]]

    def _steps(self, least: float) -> Iterator[tuple[Step, Sequence[Step]]]:
        """Steps of the name, as long as it keeps so much of its size, each with those of the address to try.

        The address gets smaller only where that helps, and not before the name.
        """
        steps, name_steps = self.address.steps, self.name.steps
        for place, name_step in enumerate(name_steps, 1):
            if name_step.size >= least * self.name.style.size:
                yield name_step, steps[: place if place < len(name_steps) else None]

    def _placed(self, columns: list[list[Hung]], step: Step, names: Names, name_step: Step) -> list[Item] | None:
        """Items of the address and the names, these in the middle or as near to it as the address lets them."""
        box, width = self.box, name_step.height(len(names.columns))
        free = box.width - step.height(len(columns)) - _BESIDE_ADDRESS * name_step.size - width
        if free < -TOLERANCE:
            return None
        right = min(box.left + (box.width + width) / 2, box.left + free + width)
        top = box.top + (box.height - names.height) / 2
        return [
            self.address.block(columns, step, box.left + box.width, box.top),
            self.name.block(names.columns, name_step, right, top),
        ]


def _ways(people: Sequence[tuple[Addressee, str]]) -> Iterator[tuple[float, Way]]:
    """How names are set, in the order of trial, and to which share of their size each may shrink."""
    if len(people) > 1:
        yield 0.0, partial(NameColumns.abreast, people=people)
        return
    [(who, title)] = people
    yield 0.7, partial(NameColumns.abreast, people=people)
    yield 0.5, partial(NameColumns.parted, who=who, title=title, most=2)
    yield 0.5, partial(NameColumns.parted, who=who, title=title, most=3)
    yield 0.5, partial(NameColumns.broken, who=who, title=title, most=2)
    yield 0.0, partial(NameColumns.broken, who=who, title=title, most=len(who.name))


def address_columns(lines: Sequence[Sequence[str]], setter: ColumnSetter, step: Step) -> list[list[Hung]]:
    """Columns of an address and its building; the parts (prefecture, city, …) are kept whole where a column ends."""
    columns = [column for parts in lines for column in _filled(parts, setter, step)]
    return stepped(columns, setter, step)[0]


def _filled(parts: Sequence[str], setter: ColumnSetter, step: Step) -> Iterator[list[Cluster]]:
    measure = step.measure - _EM
    columns: list[list[Cluster]] = []
    for part in map(setter.clusters, parts):
        if columns and length(columns[-1] + part, step, setter.gap(step)) <= measure * step.unit:
            columns[-1] = columns[-1] + part
        else:
            columns.append(part)
    for column in columns:
        yield from (broken.clusters for broken in setter.broken(column, measure, step))
