"""How a plot looks: colours, type, what every plot has in common.

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
from dmgen.messages import mark
from dmgen.resources import asset

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, SOFT, LINE = "#25313d", "#5f6b78", "#dfe3e8"
MAIN, PALE, WARM, GREEN, GREY = "#2f6f9f", "#a9cbe0", "#d9822b", "#4f8f6d", "#8b96a3"
_WIDTH = 9.6  # inches, at 72 points each
_LONGEST = 44  # columns of a label: a kanji takes two
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "dmgen",
    "text.parse_math": False,  # a label is data: a $ in it starts no formula
    "axes.unicode_minus": False,
    "font.size": 10.5,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": SOFT,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "figure.facecolor": "white",
}

Draw = Callable[["Axes"], None]


def check_library() -> None:
    """Raises UsageError where the library that draws is not installed."""
    try:
        import matplotlib  # noqa: F401, PLC0415
    except ImportError:
        raise UsageError(mark("the page needs a library that draws: type pip install 'dmgen[analyze]'")) from None


@contextmanager
def style() -> Iterator[None]:
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


def drawn(height: float, draw: Draw) -> str:
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


def short(text: str, longest: int = _LONGEST) -> str:
    """A label in one line, cut where it is longer than so many columns."""
    text = " ".join(text.split())
    ends = list(accumulate(2 if east_asian_width(char) in "WF" else 1 for char in text))
    return text if not ends or ends[-1] <= longest else text[: sum(end < longest for end in ends)] + "…"


def in_rows(axes: "Axes", names: Sequence[str]) -> None:
    """Rows from the top down, each with its name at the left."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def upright(axes: "Axes", written: str) -> None:
    """Values from the bottom up: lines across, and figures at the left as `written` ("{:,}")."""
    axes.yaxis.set_major_formatter(lambda value, _: written.format(value))
    axes.grid(axis="y", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
