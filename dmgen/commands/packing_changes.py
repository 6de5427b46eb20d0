"""Commands for what changes after a run, before it goes out: withdraw, fulfil."""

import json
from pathlib import Path
from typing import Annotated

import typer

from dmgen.commands.session import (
    AFTER,
    Customers,
    JobName,
    Json,
    Lang,
    Orders,
    ShopPlace,
    Timings,
    Workers,
    app,
    measured,
    say,
    session,
)
from dmgen.messages import mark


@app.command(
    help=say(mark("A customer says no after the run: their pieces are pulled, nobody writes to them again.")),
    rich_help_panel=AFTER,
)
def withdraw(
    customers: Annotated[
        list[str] | None,
        typer.Argument(metavar="CUSTOMER_ID...", help=say(mark("ids of customers")), show_default=False),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help=say(mark("a file of ids, one a line, or a CSV with customer_id"))),
    ] = None,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help=say(mark("why, as offers check tells it of a void code (no names)")))
    ] = "",
    again: Annotated[
        bool, typer.Option("--again", help=say(mark("they take it back: later runs may write to them")))
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help=say(mark("show who is remembered, and since when")))] = False,
    out: Annotated[Path | None, typer.Option(help=say(mark("a folder for one pull list of all jobs")))] = None,
    shop: ShopPlace = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Withdraw customers from jobs that are not sent, and from all later ones."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console import packing  # noqa: PLC0415
        from dmgen.tasks import withdraw as task  # noqa: PLC0415

        at = afterwards.shop_at(shop)
        if listed:
            known = task.remembered(at)
            if as_json:
                print(json.dumps([{"customer_id": who, "day": str(told.day)} for who, told in known.items()]))
            else:
                packing.show_remembered(known, speaker)
        elif again:
            back = task.write_again(at, customers or [], file)
            print(json.dumps({"taken_back": back}) if as_json else packing.taken_back(back, speaker))
        else:
            done = task.withdraw(at, customers or [], file, reason, out)
            if as_json:
                print(json.dumps(done.as_json(speaker)))
            else:
                packing.show_withdrawal(done, speaker)


@app.command(
    help=say(mark("A newer shipments list after the run: what to take out, where to put it, the few new pieces.")),
    rich_help_panel=AFTER,
)
def fulfil(
    job: JobName,
    shipments: Annotated[Path, typer.Option(metavar="FILE", help=say(mark("the shipments list as it is now")))],
    campaign: Annotated[
        Path | None, typer.Option(help=say(mark("the campaign's folder, where it is not found")))
    ] = None,
    customers: Customers = None,
    orders: Orders = None,
    workers: Workers = None,
    shop: ShopPlace = None,
    timings: Timings = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Bring a job of parcels up to date."""
    with session(lang, shop or campaign) as speaker, measured(timings, speaker):
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.campaign import Overrides  # noqa: PLC0415
        from dmgen.completion import Change, complete  # noqa: PLC0415
        from dmgen.console import packing  # noqa: PLC0415
        from dmgen.console.progress import reporting  # noqa: PLC0415

        lists = Overrides(customers, orders, shipments=shipments)
        asked = Change(afterwards.shop_at(shop or campaign), job, lists, campaign, workers)
        with reporting(speaker) as progress:
            done = complete(asked, progress, speaker)
        if as_json:
            print(json.dumps(done.as_json() | {"remarks": [speaker.error(remark) for remark in done.remarks]}))
        else:
            packing.show_completed(done, speaker)
