"""The plots of an analysis as SVG: no network, no font of the reader's, the same figures the same bytes."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dmgen.messages import Speaker, mark
from dmgen.model.analysis import WINDOWS, Analysis, Flow, Intervals, Turn
from dmgen.report.style import (
    GREEN,
    GREY,
    INK,
    LINE,
    MAIN,
    PALE,
    SOFT,
    WARM,
    check_library,
    drawn,
    in_rows,
    short,
    style,
    upright,
)
from dmgen.report.words import Figures, letters_left, media_label, percent, step_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_OUTCOMES = {"suppressed": "#7b6ea6", "rejected": "#c2603f", "review": "#d9a441", "duplicate": "#7f9c96"}
_ROW = 0.32
_HALF = 24  # of a label that names two things
_MOST_STEPS = 16
_MOST_PAIRS = 10
_MOST_BARS = 20


def plots(analysis: Analysis, speaker: Speaker) -> dict[str, str]:
    """An SVG for each table that has a picture, by the table's id. Raises UsageError without the library."""
    check_library()
    with style():
        return dict(_plots(analysis, speaker, Figures(analysis, speaker)))


def _plots(analysis: Analysis, speaker: Speaker, figures: Figures) -> Iterator[tuple[str, str]]:
    say = speaker.say
    segments = [(part.label, part.people) for part in analysis.segments]
    yield "customers", _flow(analysis.customers, speaker, mark("rows read"), letters_left(analysis), segments)
    if analysis.orders:
        yield "orders", _flow(analysis.orders, speaker, mark("rows read"), mark("purchases"), [])
    if analysis.groups and analysis.everybody.spent:
        yield "groups", _groups(analysis, speaker)
    if analysis.everybody.buyers:
        last = len(analysis.repeats)
        names = [say(mark("{times} or more"), times=n) if n == last > 1 else str(n) for n in range(1, last + 1)]
        yield "repeats", _columns(names, analysis.repeats, say(mark("Purchases")), say(mark("Buyers")))
    if sum(cohort.ever is not None for cohort in analysis.cohorts) > 1:
        yield "cohorts", _cohorts(analysis, speaker)
    if analysis.intervals:
        yield "intervals", _intervals(analysis.intervals, speaker)
    media = [part for part in analysis.media if part.spent is not None][:_MOST_BARS]
    if media:
        values = [(part.spent or 0) / part.buyers for part in media]
        names = [f"{short(media_label(part, speaker))} ({part.people:,})" for part in media]
        yield "media", _bars(names, values, [figures.money(value) for value in values])
    if analysis.pairs:
        yield "pairs", _pairs(analysis, speaker)
    if analysis.churn:
        yield "churn", _churn(analysis.churn.turns, speaker)


def _flow(flow: Flow, speaker: Speaker, read: str, left: str, parts: Sequence[tuple[str, int]]) -> str:
    """Rows read, what left them one after the other, what is left, and its parts: each bar begins where one ends."""
    steps = [(step_label(step, speaker), step.rows, step.outcome) for step in flow.steps]
    if len(steps) > _MOST_STEPS:
        least = sorted(steps, key=lambda step: -step[1])[_MOST_STEPS - 1 :]
        rest = speaker.say(mark("other reasons")), sum(rows for _, rows, _ in least), ""
        steps = [*(step for step in steps if step not in least), rest]
    bars = [(speaker.say(read), 0, flow.read, SOFT, f"{flow.read:,}")]
    at = flow.read
    for name, rows, outcome in steps:
        at -= rows
        bars.append((name, at, rows, _OUTCOMES.get(outcome, GREY), f"−{rows:,}"))
    bars.append((speaker.say(left), 0, flow.left, MAIN, f"{flow.left:,}"))
    at = flow.left
    for name, rows in parts:
        at -= rows
        bars.append((f"　{name}", at, rows, PALE, f"{rows:,}"))

    def draw(axes: "Axes") -> None:
        whole = max(flow.read, 1)
        for row, (_, start, width, color, number) in enumerate(bars):
            axes.barh(row, width, left=start, height=0.62, color=color, edgecolor=color, linewidth=0.8)
            axes.text(start + width + whole * 0.008, row, number, va="center", color=INK)
            if row + 1 < len(bars):
                edge = start if row or not steps else flow.read
                axes.plot([edge, edge], [row + 0.31, row + 0.69], color=LINE, linewidth=1)
        axes.set_xlim(0, whole * 1.12)
        in_rows(axes, [short(name) for name, *_ in bars])

    return drawn(_ROW * len(bars) + 0.2, draw)


def _groups(analysis: Analysis, speaker: Speaker) -> str:
    """Each group's share of the buyers and of the revenue."""
    buyers = max(analysis.everybody.buyers, 1)
    names = [short(part.label) for part in analysis.groups]
    shares = [(part.buyers / buyers, analysis.revenue_share(part)) for part in analysis.groups]
    return _doubles(names, shares, speaker, (mark("share of the buyers"), mark("share of the revenue")))


def _pairs(analysis: Analysis, speaker: Speaker) -> str:
    """How often the second product of the best pairs is bought next by all customers, and by buyers of the first."""
    best = analysis.pairs[:_MOST_PAIRS]
    names = [f"{short(pair.before_name, _HALF)} → {short(pair.after_name, _HALF)}" for pair in best]
    shares = [(pair.confidence / pair.lift, pair.confidence) for pair in best]
    return _doubles(names, shares, speaker, (mark("of all customers"), mark("of the buyers of the first product")))


def _doubles(
    names: Sequence[str], shares: Sequence[tuple[float, float | None]], speaker: Speaker, labels: tuple[str, str]
) -> str:
    """Two shares a row, the second the one to look at."""

    def draw(axes: "Axes") -> None:
        most = max(share or 0 for pair in shares for share in pair)
        for row, pair in enumerate(shares):
            for share, color, offset in zip(pair, (PALE, MAIN), (-0.19, 0.19), strict=True):
                axes.barh(row + offset, share or 0, height=0.36, color=color)
                axes.text((share or 0) + most * 0.01, row + offset, percent(share), va="center", fontsize=9.5)
        for label, color in zip(labels, (PALE, MAIN), strict=True):
            axes.barh(0, 0, color=color, label=speaker.say(label))
        axes.set_xlim(0, most * 1.15 or 1)
        in_rows(axes, names)
        axes.legend(loc="upper left", bbox_to_anchor=(0, 1.02), ncols=2, frameon=False, borderpad=0)
        axes.set_ylim(len(names) - 0.4, -1.1)

    return drawn(0.56 * len(names) + 0.6, draw)


def _bars(names: Sequence[str], values: Sequence[float], numbers: Sequence[str]) -> str:
    def draw(axes: "Axes") -> None:
        axes.barh(range(len(values)), values, height=0.62, color=MAIN)
        most = max(*values, 1)
        for row, (value, number) in enumerate(zip(values, numbers, strict=True)):
            axes.text(value + most * 0.008, row, number, va="center")
        axes.set_xlim(0, most * 1.15)
        in_rows(axes, names)

    return drawn(_ROW * len(values) + 0.2, draw)


def _columns(names: Sequence[str], values: Sequence[int], below: str, beside: str) -> str:
    def draw(axes: "Axes") -> None:
        axes.bar(range(len(values)), values, width=0.66, color=MAIN)
        for place, value in enumerate(values):
            axes.text(place, value, f"{value:,}", ha="center", va="bottom", fontsize=9.5)
        axes.set_xticks(range(len(names)), names)
        axes.set_ylim(0, max(*values, 1) * 1.1)
        axes.set_yticks([])
        axes.set_xlabel(below)
        axes.set_ylabel(beside)

    return drawn(2.9, draw)


def _cohorts(analysis: Analysis, speaker: Speaker) -> str:
    """The share of second purchases by the month of the first, a line a window, each named at its end."""
    shown = analysis.cohorts[-24:]
    lines: list[tuple[str, list[float | None], str, Any]] = [
        (speaker.say(mark("within {days} days"), days=days), [cohort.within[place] for cohort in shown], color, "-")
        for place, (days, color) in enumerate(zip(WINDOWS, (WARM, GREEN, MAIN), strict=True))
    ]
    lines.append((speaker.say(mark("up to now")), [cohort.ever for cohort in shown], GREY, (0, (2, 2))))

    def draw(axes: "Axes") -> None:
        for label, shares, color, dashes in lines:
            values = [float("nan") if share is None else share for share in shares]
            if any(share is not None for share in shares):
                axes.plot(range(len(shown)), values, color=color, label=label, marker="o", ms=3.5, linestyle=dashes)
        axes.set_ylim(0, None)
        upright(axes, "{:.0%}")
        step = max(1, len(shown) // 8)
        places = range(len(shown) - 1, -1, -step)
        axes.set_xticks(list(places), [f"{shown[place].month:%Y-%m}" for place in places])
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.16), ncols=len(lines), frameon=False)

    return drawn(3.4, draw)


def _intervals(found: Intervals, speaker: Speaker) -> str:
    low, middle, high = found.quartiles

    def draw(axes: "Axes") -> None:
        starts = [place * found.width for place in range(len(found.bars))]
        colors = [MAIN] * (len(starts) - 1) + [GREY]
        axes.bar(starts, found.bars, width=found.width * 0.9, align="edge", color=colors)
        most = max(found.bars) * 1.12
        half = speaker.say(mark("the middle half: {low:g} to {high:g} days"), low=low, high=high)
        axes.axvspan(low, high, color=PALE, alpha=0.4, linewidth=0, zorder=0, label=half)
        median = speaker.say(mark("median: {days:g} days"), days=middle)
        axes.axvline(middle, color=WARM, linewidth=1.5, label=median)
        longer = speaker.say(mark("longer"))
        axes.text(starts[-1] + found.width * 0.45, found.bars[-1], longer, ha="center", va="bottom")
        axes.set_ylim(0, most)
        axes.legend(loc="upper right", frameon=False)
        axes.set_xlabel(speaker.say(mark("days until the next purchase (a bar: {width} days)"), width=found.width))
        upright(axes, "{:,.0f}")

    return drawn(3.2, draw)


def _churn(turns: Sequence[Turn], speaker: Speaker) -> str:
    parts = (
        (mark("Went on"), [turn.went_on for turn in turns], MAIN),
        (mark("Not due yet"), [turn.waiting for turn in turns], PALE),
        (mark("Stopped"), [turn.stopped for turn in turns], WARM),
    )

    def draw(axes: "Axes") -> None:
        base = [0] * len(turns)
        for label, values, color in parts:
            axes.bar(range(len(turns)), values, width=0.7, bottom=base, color=color, label=speaker.say(label))
            base = [below + value for below, value in zip(base, values, strict=True)]
        for place, turn in enumerate(turns):
            axes.text(place, base[place], percent(turn.churn), ha="center", va="bottom", fontsize=9)
        axes.set_xticks(range(len(turns)), [str(turn.number) for turn in turns])
        axes.set_xlabel(speaker.say(mark("delivery (above: rate of stopping)")))
        axes.set_ylim(0, max(*base, 1) * 1.1)
        upright(axes, "{:,.0f}")
        axes.legend(frameon=False)

    return drawn(3.2, draw)
