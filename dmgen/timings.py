"""Where the time of a command goes; nothing is measured unless somebody asks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_running: ContextVar[dict[str, float] | None] = ContextVar("timings", default=None)


@contextmanager
def timings() -> Iterator[dict[str, float]]:
    """Seconds by step, of everything `timed` within this block; filled while it runs."""
    seconds: dict[str, float] = {}
    token = _running.set(seconds)
    try:
        yield seconds
    finally:
        _running.reset(token)


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Count the time of this block to `step`. Steps are not nested, so that they add up."""
    seconds = _running.get()
    if seconds is None:
        yield
        return
    begun = time.perf_counter()
    try:
        yield
    finally:
        seconds[step] = seconds.get(step, 0.0) + time.perf_counter() - begun
