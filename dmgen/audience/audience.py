"""The audience of a campaign: its lists read, cleaned, measured and segmented, every row accounted for."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.values import days_between
from dmgen.audience.cells.vector import Positions
from dmgen.audience.choose.contacts import Contacts
from dmgen.audience.choose.lists import People, people_to_reach
from dmgen.audience.choose.narrow import most_pieces, narrow
from dmgen.audience.choose.pile import NO_PARCEL, Pile
from dmgen.audience.clean.customers import Customers
from dmgen.audience.clean.orders import Orders
from dmgen.audience.clean.products import Records
from dmgen.audience.clean.seeds import Seeds
from dmgen.audience.measure.group_rows import GroupRow, group_counts, group_rows
from dmgen.audience.outcomes import Report
from dmgen.audience.read.columns import Column
from dmgen.audience.read.sheet import InputFile
from dmgen.errors import DmgenError
from dmgen.model.analysis import Analysis
from dmgen.model.audience import ContactList
from dmgen.model.campaign import Campaign, ColumnType
from dmgen.model.history import History
from dmgen.model.parcel import Packing
from dmgen.model.production import Cell, Row
from dmgen.model.recipient import Outcome, Rejection

K = TypeVar("K")
_STREAMED = 2000


class Audience:
    """The customers of a campaign and what becomes of each of them."""

    def __init__(
        self,
        customers: Customers,
        orders: Orders | None,
        contacts: Contacts | None,
        records: Mapping[str, Records],
        inputs: list[InputFile],
        segments: dict[str, Positions],
        seeds: Seeds,
        remarks: Sequence[DmgenError] = (),
        figures: Callable[[], Analysis] | None = None,
        pile: Pile | None = None,
    ) -> None:
        self.remarks = [*(remark for file in inputs for remark in file.remarks), *remarks]
        self.records = {**records, "parcel": pile} if pile else records
        self._pile = pile
        self._figures = figures
        self.inputs = inputs
        self.order_counts = orders.counts if orders else {}
        self.contact_counts = contacts.counts if contacts else {}
        self.customers_read = len(customers.lines)
        self._customers = customers
        self._rejected: list[Report] = [part.rejected for part in (orders, contacts) if part]
        self._segments = segments
        self._seeds = seeds
        self._seeds_left_out: set[int] = set()

    @property
    def columns(self) -> dict[str, ColumnType]:
        """Every column that rules and words may use."""
        return {name: column.type for name, column in self._cells.items()}

    @property
    def _cells(self) -> dict[str, Column]:
        return self._customers.columns

    def open_positions(self, segment_id: str) -> Positions:
        """The pieces of a segment, in print order: its own, then the decoys."""
        return np.concatenate([self.open_own(segment_id), self.open_seeds(segment_id)])

    def open_own(self, segment_id: str) -> Positions:
        """The pieces of a segment but for decoys: customers without an outcome, and pieces for nobody known.

        In list order; in a campaign of parcels in packing order.
        """
        if self._pile is None:
            return self.open_customers(segment_id)
        customers = self._pile.in_order(self.open_customers(segment_id))
        return np.concatenate([customers, self._pile.open_pieces(segment_id)])

    def open_customers(self, segment_id: str) -> Positions:
        """The customers of a segment who have no outcome yet, in list order."""
        positions = self._segments[segment_id]
        return positions[self._customers.outcomes.open[positions]]

    def open_seeds(self, segment_id: str) -> Positions:
        """The decoys of a segment; none where no customer of it gets a letter."""
        of_segment = self._seeds.of(segment_id) if len(self.open_customers(segment_id)) else ()
        return np.array([position for position in of_segment if position not in self._seeds_left_out], np.int64)

    def positions_of(self, segments: Iterable[str]) -> Positions:
        """The customers of several segments who have no outcome yet."""
        return np.concatenate([np.empty(0, np.int64), *map(self.open_customers, segments)])

    def count_empty(self, positions: Positions, name: str) -> int:
        """How many of these customers have nothing in a column."""
        cells = self._cells[name].cells.take(pa.array(positions))
        empty = pc.equal(cells, "") if pa.types.is_large_string(cells.type) else pc.is_null(cells)
        return int(pc.sum(empty, min_count=0).as_py())

    def count_between(self, positions: Positions, name: str, first: date | None, last: date | None) -> int:
        """How many of these customers have a day in a column from `first` to `last`; None: no bound."""
        return days_between(self._cells[name].cells.take(pa.array(positions)), first, last)

    def source_of(self, position: int) -> str:
        """The list that a piece's row stands in: customers, seeds, or shipments for nobody known."""
        if position < self.customers_read:
            return "customers"
        return "shipments" if self._pile else "seeds"

    def seeds_among(self, positions: Positions) -> int:
        """How many of these pieces are decoys'."""
        return 0 if self._pile else int((positions >= self.customers_read).sum())

    def rows(self, positions: Positions | Sequence[int], names: Collection[str]) -> list[Row]:
        """The cells of these columns, one dict a piece; `records` (product …) are a Record, `seed` is 1 for a decoy.

        A piece for nobody known has its parcel's record; columns that are about a person are empty.
        """
        positions = np.asarray(positions, np.int64)
        beyond = positions >= self.customers_read
        if not beyond.any():
            return self._customer_rows(positions, names)
        customers = iter(self._customer_rows(positions[~beyond], names))
        row = partial(self._pile.row, columns=self._cells) if self._pile else self._seed_row
        return [
            row(position, names) if is_beyond else next(customers)
            for position, is_beyond in zip(positions.tolist(), beyond.tolist(), strict=True)
        ]

    def _customer_rows(self, positions: Positions, names: Collection[str]) -> list[Row]:
        taken = pa.array(positions)
        cells: list[list[Cell]] = [
            self.records[name].of(positions)
            if name in self.records
            else [0] * len(positions)
            if name == "seed"
            else self._cells[name].cells.take(taken).to_pylist()
            for name in names
        ]
        if not cells:
            return [{} for _ in positions]
        return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]

    def _seed_row(self, position: int, names: Collection[str]) -> Row:
        """A decoy's own cells; the others are those of the first customer of its segment who gets a letter."""
        own = self._seeds.row(position) | {"seed": 1}
        others = [name for name in names if name not in own]
        model = self.open_customers(self._seeds.segment(position))[:1]
        (borrowed,) = self._customer_rows(model, others) if others else ({},)
        return {name: own[name] if name in own else borrowed[name] for name in names}

    def who(self, positions: Sequence[int]) -> list[tuple[int, str]]:
        """The line and the id of these customers."""
        rows = self.rows(np.asarray(positions, np.int64), ("line", "customer_id"))
        return [(int(str(row["line"])), str(row["customer_id"])) for row in rows]

    def stream(self, positions: Positions | Sequence[int], names: Collection[str]) -> Iterator[Row]:
        """The same rows, some thousands of them in memory at a time."""
        for start in range(0, len(positions), _STREAMED):
            yield from self.rows(positions[start : start + _STREAMED], names)

    def grouped(self, segment_id: str, names: Collection[str], key: Callable[[Row], K]) -> dict[K, Positions]:
        """The open pieces of a segment, in print order, by what `key` says of the cells of these columns."""
        positions = self.open_positions(segment_id)
        found: defaultdict[K, list[int]] = defaultdict(list)
        for position, row in zip(positions.tolist(), self.stream(positions, names), strict=True):
            found[key(row)].append(position)
        return {one: np.array(those, np.int64) for one, those in found.items()}

    def settle(
        self,
        positions: Positions | Sequence[int],
        outcome: Outcome,
        stage: str,
        reason: str,
        field: str = "",
        values: Sequence[str] = (),
    ) -> None:
        """Give customers their outcome; each gets one, and `values` are empty or one a position.

        Decoys, and pieces for nobody known, have no outcome: one that is not printed is only left out.
        """
        positions = np.asarray(positions, np.int64)
        beyond = positions >= self.customers_read
        if outcome is not Outcome.PRINTED and self._pile:
            self._pile.leave_out(positions[beyond], reason)
        elif outcome is not Outcome.PRINTED:
            self._seeds_left_out.update(positions[beyond].tolist())
        if beyond.any() and len(values):
            values = [value for value, is_beyond in zip(values, beyond, strict=True) if not is_beyond]
        self._customers.outcomes.settle(positions[~beyond], outcome, stage, reason, field, values)

    @property
    def parcels_read(self) -> int:
        """The parcels of the shop in the shipments list."""
        return len(self._pile.shipments.parcels) if self._pile else 0

    def packing(self) -> list[Packing]:
        """Every parcel in packing order with what goes in, as the outcomes stand: asked when all is settled."""
        if self._pile is None:
            return []
        ids = np.full(self.customers_read, "", object)
        for segment, positions in self._segments.items():
            ids[positions] = segment
        return list(self._pile.packing(self._customers.outcomes, ids.tolist()))

    def narrow(self, campaign: Campaign, history: History) -> None:
        """Settle who gets no letter though it fits: the control groups, and whoever is beyond [limits].

        Pieces for nobody known are the first to go.
        """
        narrow(campaign, self._customers, self._segments, history)
        most, reason = most_pieces(campaign.choice.limits)
        if self._pile and most is not None:
            left = most - sum(len(self.open_customers(segment)) for segment in self._segments)
            self._pile.leave_out(self._pile.open_pieces(self._pile.fallback)[max(0, left) :], reason)

    def people_to_reach(self, campaign: Campaign, wanted: ContactList) -> People:
        """The people of a list under [contact_lists]. Raises ListError where it may not be made."""
        return people_to_reach(campaign, self._customers, wanted)

    def control(self) -> list[tuple[str, str, str]]:
        """The control groups in list order: customer id, segment as written, group."""
        rows = self.rows(self._customers.outcomes.of(Outcome.CONTROL), ("customer_id", "segment", "group"))
        return [(str(row["customer_id"]), str(row["segment"]), str(row["group"])) for row in rows]

    def counts(self) -> dict[Outcome, int]:
        """How many customers have each outcome."""
        return self._customers.outcomes.counts()

    def check_sum(self) -> None:
        """Raises PreflightError unless every customer read has an outcome."""
        self._customers.outcomes.check_sum()

    def tally(self) -> dict[tuple[str, Outcome, str], int]:
        """How many rows of each list got no piece, by outcome and reason."""
        return {
            (report.source, outcome, reason): rows
            for report in self._reports()
            for (outcome, reason), rows in report.tally().items()
        }

    def rejections(self, stage: str = "") -> Iterator[Rejection]:
        """The rows that got no piece, at one stage or any: customers, then orders, then contacts, in line order."""
        for report in self._reports():
            yield from report.at(stage) if stage else report

    def rejections_by_outcome(self, outcomes: Sequence[Outcome]) -> Iterator[Rejection]:
        """The rows with these outcomes: outcome after outcome, list after list, by reason, in line order.

        Not those to whom merely nothing is shipped today.
        """
        reports = [report.but(NO_PARCEL) for report in self._reports()]
        for outcome in outcomes:
            for report in reports:
                yield from report.of(outcome)

    def _reports(self) -> list[Report]:
        customers = self._customers
        own = customers.outcomes.report("customers", customers.lines, self._cells["customer_id"].cells)
        return [own, *self._rejected]

    def analysis(self, *, fitted: bool) -> Analysis:
        """The figures as the outcomes stand now, where the audience was loaded with `analysed`.

        `fitted`: every letter was fitted, so that whoever is still open is printed.
        """
        if self._figures is None:
            raise ValueError("the audience was loaded without its figures")
        return replace(self._figures(), fitted=fitted)

    def flags(self) -> list[Rejection]:
        """What a person should look at in rows that get, or may get, their letter all the same."""
        return self._customers.outcomes.flags(self._customers.lines, self._cells["customer_id"].cells)

    def groups(self) -> Iterator[GroupRow]:
        """The rows of groups.csv: every customer with a purchase, as listed; `lapsed` is 1 or 0."""
        return group_rows(self._cells)

    def group_counts(self) -> dict[str, int]:
        """How many customers each group of the scheme has."""
        return group_counts(self._cells)
