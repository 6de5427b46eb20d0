"""Workers that share a job's batches. They are spawned, get one kit, and never touch lists or ledger."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any, Generic, TypeVar

from dmgen.errors import OutputError
from dmgen.messages import mark

Kit = TypeVar("Kit")
Job = TypeVar("Job")
Result = TypeVar("Result")

_kit: Any


def _start_worker(kit: object) -> None:
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
    """Keep the cycle collector from walking font tables over and over while letters are made."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _in_worker(task: Callable[[Kit, Job], Result], job: Job) -> Result:
    return task(_kit, job)


class Workshop(Generic[Kit]):
    """Does jobs in order, in this process or in several."""

    def __init__(self, kit: Kit, workers: int) -> None:
        self._kit = kit
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        _calm_collector()

    def __enter__(self) -> "Workshop[Kit]":
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
