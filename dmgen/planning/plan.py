"""What will be printed: lists and layouts brought together, and every piece fitted before any number is issued."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from dmgen import carts
from dmgen.audience import Audience, Positions, load_audience
from dmgen.errors import DmgenError
from dmgen.fulfil import ROW_COLUMNS, explained
from dmgen.layout import Master
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Policy
from dmgen.model.history import History
from dmgen.model.parcel import PARCEL, Packing
from dmgen.model.recipient import Outcome, Rejection
from dmgen.offers.entitlement import Entitlement
from dmgen.offers.lottery import check_ticket_space
from dmgen.planning.address_side import address_remarks, payment_remarks
from dmgen.planning.budget import with_symbol_sizes
from dmgen.planning.dues import entitlements, promise_remarks, reject_without_birthday, tally
from dmgen.planning.faults import FIT, Fault, seed_misfit, stopped, told
from dmgen.planning.guard import check_guard
from dmgen.planning.kit import Placeholders, build_kit
from dmgen.planning.lawful import LawReport, law_remarks, law_report
from dmgen.planning.match_marks import match_remarks
from dmgen.planning.order import is_sorted, order_remarks, sorted_lots
from dmgen.planning.standing import standing_remarks
from dmgen.produce import Fitting, Kit, fit
from dmgen.timings import timed
from dmgen.workshop import Workshop

Progress = Callable[[str, int, int], None]
_FIT_CHUNK = 2000
_WORTH_WORKERS = 5000  # customers: below, starting processes takes longer than printing


@dataclass
class Plan:
    """A campaign ready to be issued: whose letters fit, and the kit to print them with."""

    campaign: Campaign
    audience: Audience
    kit: Kit
    workshop: Workshop[Kit]
    entitlements: dict[str, Entitlement]
    placeholders: Placeholders
    remarks: list[DmgenError] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    law: LawReport = field(default_factory=LawReport)
    packings: list[Packing] = field(default_factory=list)  # what goes into each parcel, in packing order
    series: str = ""  # of a job that completes another: what its files' names begin with

    def counts(self) -> list[int]:
        """Pieces of each segment, in the campaign's order."""
        return [len(self.audience.open_positions(segment.id)) for segment in self.campaign.segments]

    def layouts(self) -> set[str]:
        """The layouts that pieces are printed from."""
        pieces = zip(self.campaign.segments, self.counts(), strict=True)
        return {segment.layout for segment, count in pieces if count}

    def marker(self, counts: Iterable[int]) -> int | None:
        """The AR marker that letters carry of which each segment has so many; none where none of them does."""
        ar, masters = self.campaign.ar, self.kit.masters
        pieces = zip(self.campaign.segments, counts, strict=True)
        return ar.marker if ar and any(count and masters[segment.id].markers for segment, count in pieces) else None

    def columns_of(self, master: Master) -> frozenset[str]:
        """Columns that a piece of this master needs: its words' and the manifest's."""
        return master.names | ROW_COLUMNS | ({PARCEL} if self.campaign.in_parcels else set())

    def warnings(self) -> list[Rejection]:
        """What to look at in letters that are printed all the same; to be asked before these are settled."""
        segments = self.campaign.segments if self.faults else ()
        opened = {position for segment in segments for position in self.audience.open_positions(segment.id).tolist()}
        fitted = told(self.audience, [fault for fault in self.faults if fault.position in opened], Outcome.PRINTED)
        return sorted([*self.audience.flags(), *fitted], key=lambda warning: warning.line)


@contextmanager
def planned(
    campaign: Campaign,
    history: History,
    workers: int | None,
    limit: int | None,
    progress: Progress,
    *,
    analysed: bool = False,
    taken: Set[str] = frozenset(),
) -> Iterator[Plan]:
    """The plan of a campaign; `history` is what the shop's ledger remembers; `analysed`: figures can be asked for.

    `taken` are the ids of parcels that have another campaign's piece.

    Raises CampaignError and ListError for what its files get wrong, ListError for what [guard] stops.
    """
    progress("lists", 0, 1)
    audience = load_audience(campaign, history, analysed=analysed, taken=taken)
    progress("lists", 1, 1)
    with tempfile.TemporaryDirectory(prefix="dmgen-") as folder:
        entitled = entitlements(campaign, audience)
        reject_without_birthday(audience, entitled)
        with explained(Path(folder)):
            kit, seen = build_kit(campaign, audience, Path(folder))
        remarks = [*audience.remarks, *promise_remarks(campaign), *order_remarks(campaign), *seen]
        placeholders = Placeholders(campaign, kit, entitled)
        kit = replace(kit, masters=with_symbol_sizes(campaign, audience, kit.masters, placeholders.kinds))
        with Workshop(kit, workers or _workers(audience.customers_read)) as workshop:
            remarks += [*standing_remarks(campaign, audience), *match_remarks(campaign)]
            plan = Plan(campaign, audience, kit, workshop, entitled, placeholders, remarks)
            _fit(plan, progress)
            audience.narrow(campaign, history)
            plan.law = law_report(campaign, audience, entitled)  # before the limit: of the whole lottery
            plan.remarks += law_remarks(campaign, plan.law)
            _limit(plan, limit)
            check_guard(campaign, audience, sum(plan.counts()), history)
            plan.remarks += address_remarks(campaign, plan.layouts())
            plan.remarks += payment_remarks(campaign, sum(plan.counts()))
            _check_dues(plan)
            if campaign.in_parcels:
                plan.packings = audience.packing()
            yield plan


def _workers(customers: int) -> int:
    return 1 if customers < _WORTH_WORKERS else os.cpu_count() or 1


@timed(mark("fit letters"))
def _fit(plan: Plan, progress: Progress) -> None:
    """Give every piece that cannot be set its outcome."""
    audience = plan.audience
    chunks = [
        (segment.id, positions[start : start + _FIT_CHUNK])
        for segment in plan.campaign.segments
        for positions in [audience.open_own(segment.id)]
        for start in range(0, len(positions), _FIT_CHUNK)
    ]
    jobs = (_fitting(plan, segment, chunk) for segment, chunk in chunks)
    progress("fit", 0, len(chunks))
    stops: list[Fault] = []
    for done, ((_, chunk), fitted) in enumerate(zip(chunks, plan.workshop.each(fit, jobs), strict=True), 1):
        for misfit in fitted.misfits:
            audience.settle(
                chunk[misfit.place : misfit.place + 1],
                Outcome.REJECTED,
                FIT,
                misfit.reason,
                misfit.field,
                [misfit.value],
            )
            if plan.campaign.policies.of(misfit.reason) is Policy.STOP:
                stops.append(Fault(int(chunk[misfit.place]), misfit))
        plan.faults += [Fault(int(chunk[misfit.place]), misfit) for misfit in fitted.warnings]
        progress("fit", done, len(chunks))
    if stops:
        raise stopped(audience, stops)
    _fit_seeds(plan)


def _fitting(plan: Plan, segment: str, positions: Positions) -> Fitting:
    rows = plan.audience.rows(positions, plan.columns_of(plan.kit.masters[segment]))
    return Fitting(segment, rows, plan.placeholders.of_rows(segment, rows))


def _fit_seeds(plan: Plan) -> None:
    """The decoys' letters, once it is known whose letters they may copy. Raises ListError where one cannot be set."""
    audience = plan.audience
    for segment in plan.campaign.segments:
        seeds = audience.open_seeds(segment.id)
        fitting = _fitting(plan, segment.id, seeds)
        fitted = fit(plan.kit, fitting)
        if fitted.misfits:
            raise seed_misfit(plan.campaign.lists.seeds, fitting.rows[fitted.misfits[0].place], fitted.misfits[0])
        plan.faults += [Fault(int(seeds[misfit.place]), misfit) for misfit in fitted.warnings]


def _limit(plan: Plan, limit: int | None) -> None:
    """Keep the first `limit` pieces in print order."""
    if limit is None:
        return
    if plan.campaign.in_parcels:
        packed = [one.piece for one in plan.audience.packing() if one.piece is not None]
        plan.audience.settle(packed[limit:], Outcome.OVER_LIMIT, "select", "over_limit")
        return
    if is_sorted(plan.campaign):
        letters = [one.position for lot in sorted_lots(plan.campaign, plan.audience) for one in lot.letters]
        plan.audience.settle(letters[limit:], Outcome.OVER_LIMIT, "select", "over_limit")
        return
    for segment in plan.campaign.segments:
        positions = plan.audience.open_positions(segment.id)
        plan.audience.settle(positions[limit:], Outcome.OVER_LIMIT, "select", "over_limit")
        limit -= min(limit, len(positions))


def _check_dues(plan: Plan) -> None:
    """What the pieces are due is issued: enough lottery numbers; the shop's cart can take the coupons."""
    tallies = {segment: tally(plan.audience, segment, entitled) for segment, entitled in plan.entitlements.items()}
    tickets = sum(due.tickets * len(positions) for found in tallies.values() for due, positions in found.items())
    check_ticket_space(tickets, plan.campaign.lottery.form)
    uses = [
        carts.Use(due.offer, segment, len(positions))
        for segment, found in tallies.items()
        for due, positions in found.items()
        if due.offer and len(positions)
    ]
    plan.remarks += carts.remarks(plan.campaign.shop.cart, uses)
