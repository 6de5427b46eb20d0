"""The plots of an analysis as SVG: no network, no font of the reader's, the same figures the same bytes.

Colours keep apart for colour-blind people and in black and white (after Okabe and Ito, calmer), and every bar has its
number beside it: nothing hangs on a colour alone.
"""

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from dmgen.errors import UsageError
from dmgen.messages import Speaker, mark
from dmgen.model.analysis import WINDOWS, Analysis, Flow, Intervals, Turn
from dmgen.report.tables import Figures, media_label, percent, step_label
from dmgen.resources import asset

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK, _SOFT, _LINE = "#25313d", "#5f6b78", "#dfe3e8"
_MAIN, _PALE, _WARM, _GREEN, _GREY = "#2f6f9f", "#a9cbe0", "#d9822b", "#4f8f6d", "#8b96a3"
_OUTCOMES = {"suppressed": "#7b6ea6", "rejected": "#c2603f", "review": "#d9a441", "duplicate": "#7f9c96"}
_WIDTH = 9.6  # inches, at 72 points each
_ROW = 0.32
_LONGEST = 44  # columns of a label: a kanji takes two
_HALF = 24  # of a label that names two things
_MOST_STEPS = 16
_MOST_PAIRS = 10
_MOST_BARS = 20
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "dmgen",
    "text.parse_math": False,  # a label is data: a $ in it starts no formula
    "axes.unicode_minus": False,
    "font.size": 10.5,
    "text.color": _INK,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _SOFT,
    "xtick.color": _SOFT,
    "ytick.color": _INK,
    "figure.facecolor": "white",
}

Draw = Callable[["Axes"], None]


def check_library() -> None:
    """Raises UsageError where the library that draws is not installed."""
    try:
        import matplotlib  # noqa: F401, PLC0415
    except ImportError:
        raise UsageError(mark("the page needs a library that draws: type pip install 'dmgen[analyze]'")) from None


def plots(analysis: Analysis, speaker: Speaker) -> dict[str, str]:
    """An SVG for each table that has a picture, by the table's id. Raises UsageError without the library."""
    check_library()
    with _style():
        return dict(_plots(analysis, speaker, Figures(analysis, speaker)))


def _plots(analysis: Analysis, speaker: Speaker, figures: Figures) -> Iterator[tuple[str, str]]:
    say = speaker.say
    segments = [(part.label, part.people) for part in analysis.segments]
    yield "customers", _flow(analysis.customers, speaker, mark("rows read"), mark("left for a letter"), segments)
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
        names = [f"{_short(media_label(part, speaker))}（{part.people:,}）" for part in media]
        yield "media", _bars(names, values, [figures.money(value) for value in values])
    if analysis.pairs:
        yield "pairs", _pairs(analysis, speaker)
    if analysis.churn:
        yield "churn", _churn(analysis.churn.turns, speaker)


@contextmanager
def _style() -> Iterator[None]:
    """matplotlib as it is shipped, with our settings and our font, whatever the user's own settings are."""
    import matplotlib  # noqa: PLC0415
    from matplotlib import font_manager  # noqa: PLC0415

    file = asset("fonts", "NotoSansJP-Regular.ttf")
    font_manager.fontManager.addfont(str(file))
    family = font_manager.FontProperties(fname=str(file)).get_name()
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a character that the font lacks is drawn as a box, and no more said of it
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS | {"font.family": [family]})
        yield


def _drawn(height: float, draw: Draw) -> str:
    """One plot as SVG, cropped to what is drawn."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    draw(axes)
    out = io.StringIO()
    unsaid = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(out, format="svg", metadata=unsaid)
    text = out.getvalue()
    return text[text.index("<svg") :]


def _short(text: str, longest: int = _LONGEST) -> str:
    text = " ".join(text.split())
    ends = list(accumulate(2 if east_asian_width(char) in "WF" else 1 for char in text))
    return text if not ends or ends[-1] <= longest else text[: sum(end < longest for end in ends)] + "…"


def _rows(axes: "Axes", names: Sequence[str]) -> None:
    """Rows from the top down, each with its name at the left."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def _flow(flow: Flow, speaker: Speaker, read: str, left: str, parts: Sequence[tuple[str, int]]) -> str:
    """Rows read, what left them one after the other, what is left, and its parts: each bar begins where one ends."""
    steps = [(step_label(step, speaker), step.rows, step.outcome) for step in flow.steps]
    if len(steps) > _MOST_STEPS:
        rest = sum(rows for _, rows, _ in steps[_MOST_STEPS - 1 :])
        steps = [*steps[: _MOST_STEPS - 1], (speaker.say(mark("other reasons")), rest, "")]
    bars = [(speaker.say(read), 0, flow.read, _SOFT, f"{flow.read:,}")]
    at = flow.read
    for name, rows, outcome in steps:
        at -= rows
        bars.append((name, at, rows, _OUTCOMES.get(outcome, _GREY), f"−{rows:,}"))
    bars.append((speaker.say(left), 0, flow.left, _MAIN, f"{flow.left:,}"))
    at = flow.left
    for name, rows in parts:
        at -= rows
        bars.append((f"　{name}", at, rows, _PALE, f"{rows:,}"))

    def draw(axes: "Axes") -> None:
        whole = max(flow.read, 1)
        for row, (_, start, width, color, number) in enumerate(bars):
            axes.barh(row, width, left=start, height=0.62, color=color, edgecolor=color, linewidth=0.8)
            axes.text(start + width + whole * 0.008, row, number, va="center", color=_INK)
            if row + 1 < len(bars):
                edge = start if row or not steps else flow.read
                axes.plot([edge, edge], [row + 0.31, row + 0.69], color=_LINE, linewidth=1)
        axes.set_xlim(0, whole * 1.12)
        _rows(axes, [_short(name) for name, *_ in bars])

    return _drawn(_ROW * len(bars) + 0.2, draw)


def _groups(analysis: Analysis, speaker: Speaker) -> str:
    """Each group's share of the buyers and of the revenue."""
    buyers = max(analysis.everybody.buyers, 1)
    names = [_short(part.label) for part in analysis.groups]
    shares = [(part.buyers / buyers, analysis.revenue_share(part)) for part in analysis.groups]
    return _doubles(names, shares, speaker, (mark("share of the buyers"), mark("share of the revenue")))


def _pairs(analysis: Analysis, speaker: Speaker) -> str:
    """How often the second product of the best pairs is bought next by all customers, and by buyers of the first."""
    best = analysis.pairs[:_MOST_PAIRS]
    names = [f"{_short(pair.before_name, _HALF)} → {_short(pair.after_name, _HALF)}" for pair in best]
    shares = [(pair.confidence / pair.lift, pair.confidence) for pair in best]
    return _doubles(names, shares, speaker, (mark("of all customers"), mark("of the buyers of the first product")))


def _doubles(
    names: Sequence[str], shares: Sequence[tuple[float, float | None]], speaker: Speaker, labels: tuple[str, str]
) -> str:
    """Two shares a row, the second the one to look at."""

    def draw(axes: "Axes") -> None:
        most = max(share or 0 for pair in shares for share in pair)
        for row, pair in enumerate(shares):
            for share, color, offset in zip(pair, (_PALE, _MAIN), (-0.19, 0.19), strict=True):
                axes.barh(row + offset, share or 0, height=0.36, color=color)
                axes.text((share or 0) + most * 0.01, row + offset, percent(share), va="center", fontsize=9.5)
        for label, color in zip(labels, (_PALE, _MAIN), strict=True):
            axes.barh(0, 0, color=color, label=speaker.say(label))
        axes.set_xlim(0, most * 1.15 or 1)
        _rows(axes, names)
        axes.legend(loc="upper left", bbox_to_anchor=(0, 1.02), ncols=2, frameon=False, borderpad=0)
        axes.set_ylim(len(names) - 0.4, -1.1)

    return _drawn(0.56 * len(names) + 0.6, draw)


def _bars(names: Sequence[str], values: Sequence[float], numbers: Sequence[str]) -> str:
    def draw(axes: "Axes") -> None:
        axes.barh(range(len(values)), values, height=0.62, color=_MAIN)
        most = max(*values, 1)
        for row, (value, number) in enumerate(zip(values, numbers, strict=True)):
            axes.text(value + most * 0.008, row, number, va="center")
        axes.set_xlim(0, most * 1.15)
        _rows(axes, names)

    return _drawn(_ROW * len(values) + 0.2, draw)


def _columns(names: Sequence[str], values: Sequence[int], below: str, beside: str) -> str:
    def draw(axes: "Axes") -> None:
        axes.bar(range(len(values)), values, width=0.66, color=_MAIN)
        for place, value in enumerate(values):
            axes.text(place, value, f"{value:,}", ha="center", va="bottom", fontsize=9.5)
        axes.set_xticks(range(len(names)), names)
        axes.set_ylim(0, max(*values, 1) * 1.1)
        axes.set_yticks([])
        axes.set_xlabel(below)
        axes.set_ylabel(beside)

    return _drawn(2.9, draw)


def _cohorts(analysis: Analysis, speaker: Speaker) -> str:
    """The share of second purchases by the month of the first, a line a window, each named at its end."""
    shown = analysis.cohorts[-24:]
    lines: list[tuple[str, list[float | None], str, Any]] = [
        (speaker.say(mark("within {days} days"), days=days), [cohort.within[place] for cohort in shown], color, "-")
        for place, (days, color) in enumerate(zip(WINDOWS, (_WARM, _GREEN, _MAIN), strict=True))
    ]
    lines.append((speaker.say(mark("up to now")), [cohort.ever for cohort in shown], _GREY, (0, (2, 2))))

    def draw(axes: "Axes") -> None:
        for label, shares, color, dashes in lines:
            values = [float("nan") if share is None else share for share in shares]
            if any(share is not None for share in shares):
                axes.plot(range(len(shown)), values, color=color, label=label, marker="o", ms=3.5, linestyle=dashes)
        axes.set_ylim(0, None)
        axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        axes.grid(axis="y", color=_LINE, linewidth=0.8)
        axes.set_axisbelow(True)
        step = max(1, len(shown) // 8)
        places = range(len(shown) - 1, -1, -step)
        axes.set_xticks(list(places), [f"{shown[place].month:%Y-%m}" for place in places])
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.16), ncols=len(lines), frameon=False)

    return _drawn(3.4, draw)


def _intervals(found: Intervals, speaker: Speaker) -> str:
    low, middle, high = found.quartiles

    def draw(axes: "Axes") -> None:
        starts = [place * found.width for place in range(len(found.bars))]
        colors = [_MAIN] * (len(starts) - 1) + [_GREY]
        axes.bar(starts, found.bars, width=found.width * 0.9, align="edge", color=colors)
        most = max(found.bars) * 1.12
        half = speaker.say(mark("the middle half: {low:g} to {high:g} days"), low=low, high=high)
        axes.axvspan(low, high, color=_PALE, alpha=0.4, linewidth=0, zorder=0, label=half)
        median = speaker.say(mark("median: {days:g} days"), days=middle)
        axes.axvline(middle, color=_WARM, linewidth=1.5, label=median)
        longer = speaker.say(mark("longer"))
        axes.text(starts[-1] + found.width * 0.45, found.bars[-1], longer, ha="center", va="bottom")
        axes.set_ylim(0, most)
        axes.legend(loc="upper right", frameon=False)
        axes.set_xlabel(speaker.say(mark("days until the next purchase (a bar: {width} days)"), width=found.width))
        axes.yaxis.set_major_formatter(lambda count, _: f"{count:,.0f}")
        axes.grid(axis="y", color=_LINE, linewidth=0.8)
        axes.set_axisbelow(True)

    return _drawn(3.2, draw)


def _churn(turns: Sequence[Turn], speaker: Speaker) -> str:
    parts = (
        (mark("Went on"), [turn.went_on for turn in turns], _MAIN),
        (mark("Not due yet"), [turn.waiting for turn in turns], _PALE),
        (mark("Stopped"), [turn.stopped for turn in turns], _WARM),
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
        axes.yaxis.set_major_formatter(lambda count, _: f"{count:,.0f}")
        axes.grid(axis="y", color=_LINE, linewidth=0.8)
        axes.set_axisbelow(True)
        axes.legend(frameon=False)

    return _drawn(3.2, draw)
