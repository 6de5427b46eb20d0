"""What a campaign would cost, before anything is issued: cost."""

import json
from pathlib import Path
from typing import Annotated

import typer

from dmgen.commands.session import (
    PREPARE,
    AsOf,
    Campaign,
    Customers,
    Drop,
    Json,
    Lang,
    Limit,
    Orders,
    Shipments,
    Timings,
    Workers,
    app,
    measured,
    say,
    session,
)
from dmgen.messages import mark


@app.command(
    help=say(
        mark("What the mailing would cost and must bring in: print, paper, postage, discounts; nothing is issued.")
    ),
    rich_help_panel=PREPARE,
)
def cost(
    campaign: Campaign,
    customers: Customers = None,
    orders: Orders = None,
    shipments: Shipments = None,
    as_of: AsOf = None,
    drop: Drop = None,
    workers: Workers = None,
    limit: Limit = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help=say(mark("write the figures as a table, too")))
    ] = None,
    timings: Timings = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Say what a campaign would cost."""
    with session(lang, campaign) as speaker, measured(timings, speaker):
        from dmgen.campaign import Overrides  # noqa: PLC0415
        from dmgen.console.costs import show_cost  # noqa: PLC0415
        from dmgen.console.progress import reporting  # noqa: PLC0415
        from dmgen.tasks.cost import cost as reckon  # noqa: PLC0415
        from dmgen.tasks.cost_tables import as_json as figures  # noqa: PLC0415
        from dmgen.tasks.cost_tables import write_csv  # noqa: PLC0415

        overrides = Overrides(customers, orders, as_of, drop, shipments=shipments)
        with reporting(speaker) as progress:
            report = reckon(campaign, overrides, progress, workers, limit)
        if out:
            write_csv(report, out)
        if as_json:
            print(json.dumps(figures(report, speaker)))
            return
        show_cost(report, speaker)
        if out:
            print(out)
