"""One page with everything: it loads nothing from anywhere, and what comes from lists is escaped."""

import base64
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from dmgen.errors import DmgenError, OutputError
from dmgen.messages import Speaker, mark
from dmgen.model.analysis import Analysis
from dmgen.report.plots import plots
from dmgen.report.tables import Table, tables
from dmgen.report.words import Figures, percent

_TEMPLATE = Path(__file__).with_name("page.html")


@dataclass(frozen=True, slots=True)
class _Section:
    table: Table
    picture: str


def write_page(analysis: Analysis, speaker: Speaker, file: Path, remarks: tuple[DmgenError, ...] = ()) -> None:
    """Write the page; the same figures make the same bytes. Raises UsageError, OutputError."""
    html = _page(analysis, speaker, remarks)
    partial = file.with_name(f".{file.name}.partial")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(html, "utf-8", newline="\n")
        partial.replace(file)
    except OSError as error:
        raise OutputError(
            mark("{file}: cannot be written ({problem}). Close it in other programs, or give another --out."),
            file=file,
            problem=error.strerror or type(error).__name__,
        ) from None


def _page(analysis: Analysis, speaker: Speaker, remarks: tuple[DmgenError, ...]) -> str:
    drawn, say = plots(analysis, speaker), speaker.say
    sections = [_Section(table, _address(drawn.get(table.id, ""))) for table in tables(analysis, speaker)]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_TEMPLATE.read_text("utf-8")).render(
        language=speaker.language,
        title=say(mark("The customers of {shop}"), shop=analysis.shop),
        about=say(
            mark("Campaign {campaign}, measured up to {as_of}"), campaign=analysis.campaign, as_of=analysis.as_of
        ),
        cards=_cards(analysis, speaker),
        sections=sections,
        left_out_title=say(mark("What these lists do not tell")),
        left_out=[speaker.error(reason) for reason in analysis.left_out],
        remarks_title=say(mark("Look at this")),
        remarks=[speaker.error(remark) for remark in remarks],
        foot=say(mark("Numbers only: no name and no address stands on this page. It loads nothing from the network.")),
    )


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}" if svg else ""


def _cards(analysis: Analysis, speaker: Speaker) -> list[tuple[str, str]]:
    """The figures that a manager asks for first."""
    say, figures, everybody = speaker.say, Figures(analysis, speaker), analysis.everybody
    cards = [
        (say(mark("Customers in the list")), f"{analysis.customers.read:,}"),
        (say(mark("Left for a letter")), f"{analysis.customers.left:,}"),
    ]
    if analysis.orders and everybody.buyers:
        basket = everybody.spent / everybody.purchases if everybody.spent and everybody.purchases else None
        cards += [
            (say(mark("Buyers")), f"{everybody.buyers:,}"),
            (say(mark("Revenue")), figures.money(everybody.spent)),
            (say(mark("Average basket")), figures.money(basket)),
            (say(mark("Repeat rate")), percent(analysis.repeat_rate)),
        ]
    return cards
