"""Progress on a terminal, and where the time went."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dmgen.messages import Speaker, mark
from dmgen.planning.plan import Progress as Report
from dmgen.terminal import new_table, terminal

_STAGES = {
    "lists": mark("Reading the lists"),
    "fit": mark("Fitting the letters"),
    "print": mark("Printing"),
    "read back": mark("Reading back"),
    "pile": mark("Making the pile"),
    "read the pile back": mark("Reading the pile back"),
    "pack": mark("Packing"),
    "check": mark("Checking the package"),
}


@contextmanager
def reporting(speaker: Speaker) -> Iterator[Report]:
    """Report stages: a bar a stage on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=terminal(), transient=True) as bars:
        tasks = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(speaker.say(_STAGES[stage]), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report


def show_timings(seconds: dict[str, float], whole: float, speaker: Speaker) -> None:
    """Seconds by step; what no step counts is the rest."""
    say = speaker.say
    table = new_table(say(mark("Step")), say(mark("Seconds")))
    for step, taken in (seconds | {"": whole - sum(seconds.values())}).items():
        table.add_row(say(step or mark("the rest")), f"{taken:.1f}")
    table.add_row(say(mark("All")), f"{whole:.1f}")
    terminal().print(table)
