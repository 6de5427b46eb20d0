"""The work of one batch, and the workers that share it: fit what will be printed, then print what was issued.

Workers are spawned, get one kit, and never touch lists or ledger.
"""

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import resource_tracker
from pathlib import Path
from typing import NamedTuple, TypeVar

from dmgen.errors import OutputError, PreflightError
from dmgen.fulfil import BatchTables, explained
from dmgen.layout import Master, SetError
from dmgen.messages import mark
from dmgen.model.production import Batch, BatchResult, Numbers, Row
from dmgen.model.recipient import fingerprint
from dmgen.press import PressKit, PrintFile

Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Kit:
    """What every worker needs, made once by the parent: masters by segment, and the press's forms and fonts."""

    masters: dict[str, Master]
    press: PressKit


class Fitting(NamedTuple):
    """Rows of one segment to be fitted, with placeholders as wide as any number that may be issued."""

    segment: str
    rows: list[Row]
    placeholder: Numbers


class Misfit(NamedTuple):
    """A row that cannot be set: its place among the rows, and why."""

    place: int
    reason: str
    slot: str
    value: str


class Print(NamedTuple):
    """A batch to print: the file that holds it, and the folder of the unfinished job."""

    batch: Path
    folder: Path


WIDEST_SEQUENCE = 8_888_888
_STRETCH = 200  # pieces that are composed, drawn and listed step by step


def fit(kit: Kit, job: Fitting) -> list[Misfit]:
    """The rows that could not be printed. What passes here is never rejected while composing."""
    master = kit.masters[job.segment]
    misfits = []
    common_fits = False
    for place, row in enumerate(job.rows):
        try:
            master.set_piece(row, job.placeholder, WIDEST_SEQUENCE, personal_only=common_fits)
            common_fits = True
        except SetError as error:
            misfits.append(Misfit(place, error.reason, error.slot, error.value))
    return misfits


def print_batch(kit: Kit, job: Print) -> BatchResult:
    """Write one print file and its parts of the manifest. Raises OutputError where they cannot be written."""
    batch: Batch = pickle.loads(job.batch.read_bytes())  # noqa: S301  our own file, written by the parent
    path = job.folder / batch.file
    with explained(path):
        with path.open("wb", buffering=1 << 18) as out, closing(BatchTables(job.batch.parent, batch)) as tables:
            file = PrintFile(out, kit.press)
            _print_pieces(kit.masters[batch.segment], batch, file, tables)
            file.close()
        job.batch.unlink()
    return BatchResult(batch.number, batch.segment, batch.file, len(batch.rows), file.pages, file.size, file.digest)


def _print_pieces(master: Master, batch: Batch, file: PrintFile, tables: BatchTables) -> None:
    pieces = enumerate(zip(batch.rows, batch.numbers, strict=True), batch.first_sequence)
    while stretch := list(islice(pieces, _STRETCH)):
        first = file.pages + 1
        pages = [master.set_piece(row, numbers, sequence) for sequence, (row, numbers) in stretch]
        file.add(list(chain.from_iterable(pages)))
        for (sequence, (row, numbers)), own in zip(stretch, pages, strict=True):
            _check_person(row)
            tables.add(row, numbers, sequence, (first, first + len(own) - 1))
            first += len(own)


def _check_person(row: Row) -> None:
    """Name and address must still be those that were imported together."""
    person = (str(row["customer_id"]), str(row["name"]), str(row["postal_code"]), str(row["address"]))
    if fingerprint(*person) != row["fingerprint"]:
        raise PreflightError(
            mark("a name and an address no longer belong together: nothing is released; please report this fault")
        )


_kit: Kit


def _start_worker(kit: Kit) -> None:
    global _kit  # noqa: PLW0603  a worker's only state: the kit it was started with
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _kit = kit
    _calm_collector()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent was killed must not go on writing where the repeated run writes."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


@contextmanager
def _unheard() -> Iterator[None]:
    """Ctrl-C waits while workers start: they inherit that it is not for them, or each would print a traceback."""
    pressed: list[object] = []
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    if sys.platform != "win32":
        resource_tracker.ensure_running()  # its own start would end the blocking
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


def _calm_collector() -> None:
    """Keep the cycle collector from walking font tables over and over: measured, a fifth of the time of a letter."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _in_worker(task: Callable[[Kit, Job], Result], job: Job) -> Result:
    return task(_kit, job)


class Workshop:
    """Does jobs in order, in this process or in several."""

    def __init__(self, kit: Kit, workers: int) -> None:
        self._kit = kit
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        _calm_collector()

    def __enter__(self) -> "Workshop":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def each(self, task: Callable[[Kit, Job], Result], jobs: Iterable[Job]) -> Iterator[Result]:
        """The result of each job, in order; jobs are drawn only as fast as they are done."""
        if self._workers == 1:
            yield from (task(self._kit, job) for job in jobs)
            return
        if not self._pool:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._workers, context, _start_worker, (self._kit,))
        waiting: deque[Future[Result]] = deque()
        try:
            for job in jobs:
                with _unheard():
                    waiting.append(self._pool.submit(_in_worker, task, job))
                if len(waiting) > self._workers + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise OutputError(
                mark("a worker process was ended from outside (out of memory?): run again with --workers 1")
            ) from None
