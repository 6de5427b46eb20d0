"""The ledger as the pipeline and the command line use it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dmgen.ledger import jobs
from dmgen.ledger.coupons import IssuedCoupon, issued_coupons
from dmgen.ledger.database import Database, open_database
from dmgen.ledger.events import Event, What, events_of, events_of_job, note
from dmgen.ledger.fates import Changed, CodePlace, Fate, Fates, Told, codes_of_pieces, fates_of, give_fate, voided
from dmgen.ledger.halts import Halt, halts
from dmgen.ledger.hold import hold
from dmgen.ledger.identity import is_made, ledger_id
from dmgen.ledger.issue import Issuing, new_piece_ids
from dmgen.ledger.lotteries import Drawn, record_draw, stored_draw, stored_secrets, tickets_of
from dmgen.ledger.mailings import Letter, arms_of, history, remember_mailing
from dmgen.ledger.matches import Scanning, packed_in, replan
from dmgen.ledger.origins import drops_of_pieces
from dmgen.ledger.parcels import parcels_of
from dmgen.ledger.purge import refuse_purged_drop
from dmgen.ledger.purges import Purges
from dmgen.ledger.restore import Restored, RestoredPiece, restore
from dmgen.ledger.restore_job import RestoredJob, restore_job
from dmgen.ledger.stock import holders, taken_codes
from dmgen.ledger.story import Story, story
from dmgen.ledger.tables import jobs as jobs_table
from dmgen.ledger.tables import of_drop
from dmgen.ledger.withdrawn import mailed, pieces_of, spent, take_back, taken_out, withdraw, withdrawn_of
from dmgen.model.history import NO_ARMS, Arm, History
from dmgen.model.lottery import Secrets
from dmgen.model.offer import CodeKind, DropKey
from dmgen.model.parcel import PlannedParcel
from dmgen.model.production import JobRecord, JobState

NOTHING_VOID: Mapping[CodePlace, Told] = {}


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was issued, printed and sent. Every method raises LedgerError if the database fails."""

    database: Database
    id: str

    @staticmethod
    def open(url: str, base: Path) -> "Ledger":
        """The ledger that shop.toml names, made if there is none.

        `url` is a file (relative to `base`, the folder of shop.toml) or the address of a PostgreSQL
        database. Raises LedgerError if it cannot be reached or is no ledger that this version knows.
        """
        database = open_database(url, base)
        return Ledger(database, ledger_id(database))

    @staticmethod
    def find(url: str, base: Path) -> "Ledger | None":
        """The ledger as `open` gives it where there is one; none is made. Raises LedgerError as `open` does."""
        database = open_database(url, base)
        if database.file is not None and not database.file.exists():
            return None
        return Ledger(database, ledger_id(database)) if is_made(database) else None

    def hold(self, shop: str) -> AbstractContextManager[None]:
        """Keep other runs away from a shop. Raises LedgerError at once, saying who holds it."""
        return hold(self.database, self.id, shop)

    @contextmanager
    def issuing(self, key: DropKey) -> Iterator[Issuing]:
        """One transaction in which a drop's numbers are issued; any exception takes all of it back."""
        with self.database.writing(self.id) as connection:
            refuse_purged_drop(connection, key)
            yield Issuing(connection, key)

    def restore(
        self,
        key: DropKey,
        rows: Iterable[RestoredPiece],
        arms: Mapping[str, Arm] = NO_ARMS,
        marker: int | None = None,
        job: RestoredJob | None = None,
    ) -> Restored:
        """Write back what a job's files show; what they show, and how much of it the ledger did not have.

        `arms` are the parts of a trial; those that the ledger has stay as they are. `marker` is the letters' AR marker.
        Raises LedgerError, restoring nothing, if a row contradicts the ledger.
        """
        with self.database.writing(self.id) as connection:
            refuse_purged_drop(connection, key)
            found = restore(connection, key, new_piece_ids(1)[0], rows)
            known, issuing = arms_of(connection, key), Issuing(connection, key)
            if marker is not None:
                issuing.keep_marker(marker)
            issuing.assign({who: arm for who, arm in arms.items() if who not in known})
            if job:
                restore_job(connection, key, job, found)
            return found

    def job_id(self, key: DropKey) -> str:
        """The id of the drop's next job: six characters, the same again until that job is recorded."""
        with self.database.reading() as connection:
            return jobs.next_id(connection, key, self.id)

    def record(self, job: JobRecord, planned: Iterable[PlannedParcel] | None = None) -> list[str]:
        """Store a job in its state, and at once what goes into its parcels (None: that stays as it is).

        Returns the drop's earlier unsent jobs, which are superseded now.
        """
        with self.database.writing(self.id) as connection:
            superseded = jobs.record(connection, job)
            if planned is not None:
                replan(connection, job.id, job.shop, planned)
            return superseded

    def jobs(self, shop: str | None = None) -> list[JobRecord]:
        """All jobs, or a shop's, in the order in which they were first recorded."""
        with self.database.reading() as connection:
            return jobs.listed(connection, None if shop is None else jobs_table.c.shop == shop)

    def coupons(self, shop: str, candidates: Collection[str]) -> list[IssuedCoupon]:
        """Those of the candidates that a shop has issued as coupon codes, the latest drop first."""
        with self.database.reading() as connection:
            return issued_coupons(connection, shop, candidates)

    def codes_of_pieces(self, shop: str, piece_ids: Collection[str]) -> dict[str, list[CodePlace]]:
        """What each of these pieces of a shop was issued of its own (no shared code); unknown pieces are left out."""
        with self.database.reading() as connection:
            return codes_of_pieces(connection, shop, piece_ids)

    def halts(self, job_id: str, shop: str, piece_ids: Collection[str]) -> dict[str, Halt]:
        """Those of these pieces that must not go into a parcel of a job: void, withdrawn, pulled, or in no plan."""
        with self.database.reading() as connection:
            return halts(connection, job_id, shop, piece_ids)

    def drops_of_pieces(self, shop: str, piece_ids: Collection[str]) -> dict[str, DropKey]:
        """The drop of each of these pieces of a shop; those that it never numbered are left out."""
        with self.database.reading() as connection:
            return drops_of_pieces(connection, shop, piece_ids)

    def give_fate(self, fate: Fate, told: Mapping[CodePlace, Told]) -> Changed:
        """Codes are void or used from a day on, for good. One that has the fate keeps its day; used ones stay used."""
        with self.database.writing(self.id) as connection:
            return give_fate(connection, fate, told)

    def fates(self, places: Iterable[CodePlace]) -> dict[CodePlace, Fates]:
        """What became of these codes; good ones are left out."""
        with self.database.reading() as connection:
            return fates_of(connection, places)

    def voided(self, key: DropKey, kind: CodeKind) -> set[str]:
        """The codes of a kind in a drop that are no longer good."""
        with self.database.reading() as connection:
            return voided(connection, key, kind)

    def taken_codes(self, scope: str, candidates: Iterable[str]) -> int:
        """How many of these coupon codes were issued within a scope (a shop's id for its own codes)."""
        with self.database.reading() as connection:
            return taken_codes(connection, scope, candidates)

    def holders(self, key: DropKey, name: str, recipients: Iterable[str]) -> int:
        """How many of these recipients have a coupon code of a name in a drop."""
        with self.database.reading() as connection:
            return holders(connection, key, name, recipients)

    def job(self, job_id: str, *, also_purged: bool = False) -> JobRecord:
        """One job. Raises LedgerError, with the ids that there are, and for a purged one unless that is asked for."""
        with self.database.reading() as connection:
            return jobs.by_id(connection, job_id, also_purged=also_purged)

    def sent_job(self, key: DropKey) -> JobRecord | None:
        """The job of this drop that was sent, if one was (the latest)."""
        sent = of_drop(jobs_table, key) & (jobs_table.c.state == JobState.SENT.value)
        with self.database.reading() as connection:
            return next(reversed(jobs.listed(connection, sent)), None)

    def mark_sent(self, job_id: str, on: date, letters: Iterable[Letter] | None = None) -> JobRecord:
        """A ready job is sent, for good, to the recipients of `letters`.

        None stands for everybody who ever had a number in its drop. Raises LedgerError for a job in any other state.
        """
        with self.database.writing(self.id) as connection:
            job = jobs.change(connection, job_id, JobState.SENT, on)
            remember_mailing(connection, job, letters)
            return job

    def history(self, key: DropKey) -> History:
        """What is remembered that bears on a drop: letters of the shop, arms of this drop, the last list's size."""
        with self.database.reading() as connection:
            return history(connection, key)

    def judge(self, job_id: str, *, released: bool) -> JobRecord:
        """An unsent job is ready, or no longer. Raises LedgerError for a job that the ledger does not know."""
        with self.database.writing(self.id) as connection:
            return jobs.judge(connection, job_id, released)

    def secrets(self, key: DropKey) -> Secrets | None:
        """The secrets of a drop's lottery, if it has any. They are kept here and nowhere else until it is drawn."""
        with self.database.reading() as connection:
            return stored_secrets(connection, key)

    def tickets(self, key: DropKey) -> set[str]:
        """The lottery numbers that were ever issued in a drop, whether or not their letters were printed."""
        with self.database.reading() as connection:
            return tickets_of(connection, key)

    def drawn(self, key: DropKey) -> Drawn | None:
        """The draw of a drop, if it was held."""
        with self.database.reading() as connection:
            return stored_draw(connection, key)

    def record_draw(self, key: DropKey, drawn: Drawn) -> Drawn:
        """Store a draw, for good. Raises LedgerError where another was held, saying with which public value."""
        with self.database.writing(self.id) as connection:
            return record_draw(connection, key, drawn)

    def keep_parcels(
        self,
        job_id: str,
        planned: Iterable[PlannedParcel],
        happened: Iterable[Event] = (),
        void: Mapping[CodePlace, Told] = NOTHING_VOID,
    ) -> Changed:
        """Store what goes into the parcels of a job, in the place of what it had, and what happened to its pieces.

        `void` are codes of pieces that nobody gets any more; returned is what became of these. A piece that was scanned
        into one parcel and goes into another now can be scanned again.
        """
        with self.database.writing(self.id) as connection:
            shop = jobs.by_id(connection, job_id).shop
            replan(connection, job_id, shop, planned, happened)
            return give_fate(connection, Fate.VOID, void)

    def parcels(self, job_id: str) -> list[PlannedParcel]:
        """The parcels of a job in packing order."""
        with self.database.reading() as connection:
            return parcels_of(connection, job_id)

    @contextmanager
    def scanning(self, job_id: str) -> Iterator[Scanning]:
        """A job at a packing table; the number of one that completes another stands for that other one."""
        job = self.job(job_id)
        base = self.job(job.part_of) if job.part_of else job
        drop = tuple(one.id for one in self.jobs(base.shop) if (one.campaign, one.drop) == (base.campaign, base.drop))
        with self.database.keeping() as kept:
            yield Scanning(kept, base, drop)

    def story(self, shop: str, piece_id: str) -> Story | None:
        """All that is known of a piece; None where the shop never numbered it."""
        with self.database.reading() as connection:
            return story(connection, shop, piece_id)

    def packed_in(self, job_id: str) -> dict[str, str]:
        """By piece the shipment of a job into which it was scanned."""
        with self.database.reading() as connection:
            return packed_in(connection, job_id)

    def note(self, shop: str, happened: Iterable[Event]) -> None:
        """Store what happened to pieces of a shop now."""
        with self.database.writing(self.id) as connection:
            note(connection, shop, happened)

    def events(self, shop: str, piece_ids: Collection[str]) -> list[Event]:
        """What happened to these pieces of a shop, the earliest first."""
        with self.database.reading() as connection:
            return events_of(connection, shop, piece_ids)

    def job_events(self, job_id: str, what: What) -> list[Event]:
        """What of one kind happened to a job and its pieces, the earliest first."""
        with self.database.reading() as connection:
            return events_of_job(connection, job_id, what)

    def withdraw(self, shop: str, told: Mapping[str, Told]) -> list[str]:
        """Remember customers who said no, each with the first day; returns those that are new."""
        with self.database.writing(self.id) as connection:
            return withdraw(connection, shop, told)

    def take_back(self, shop: str, recipients: Collection[str]) -> list[str]:
        """Forget that these customers said no; returns those that had."""
        with self.database.writing(self.id) as connection:
            return take_back(connection, shop, recipients)

    def withdrawn(self, shop: str) -> dict[str, Told]:
        """The customers of a shop who said no after a run, since when, and why."""
        with self.database.reading() as connection:
            return withdrawn_of(connection, shop)

    def pieces_of(self, key: DropKey, recipients: Iterable[str]) -> dict[str, str]:
        """By recipient the id of the piece that a drop numbered for them; those without one are left out."""
        with self.database.reading() as connection:
            return pieces_of(connection, key, recipients)

    def mailed(self, job_id: str, recipients: Iterable[str]) -> list[str]:
        """Those of the recipients who got a letter of a job that was sent."""
        with self.database.reading() as connection:
            return mailed(connection, job_id, recipients)

    def taken_out(self, shop: str, job_ids: Collection[str]) -> set[str]:
        """The pieces of these jobs that are void or were to be taken out of the pile: nobody gets them."""
        with self.database.reading() as connection:
            return taken_out(connection, shop, job_ids)

    def spent(self, key: DropKey) -> set[str]:
        """The pieces of a drop that are never printed again: taken out, or with a code of their own that is void."""
        with self.database.reading() as connection:
            return spent(connection, key)

    def cancel(self, job_id: str) -> JobRecord:
        """An unsent job will not be sent. Raises LedgerError for a job in any other state."""
        with self.database.writing(self.id) as connection:
            return jobs.change(connection, job_id, JobState.CANCELLED)

    @property
    def purges(self) -> Purges:
        """What was purged, and purging."""
        return Purges(self.database, self.id)
