"""Commands for jobs that are there: jobs, sent, cancel, ledger restore."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dmgen.commands.session import AFTER, JobName, Lang, ShopPlace, app, day, say, session
from dmgen.messages import mark

ledger_app = typer.Typer(help=say(mark("The ledger of issued numbers.")), no_args_is_help=True)


@app.command(help=say(mark("The jobs of a shop and what became of them.")), rich_help_panel=AFTER)
def jobs(shop: ShopPlace = None, lang: Lang = None) -> None:
    """List jobs."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.results import show_jobs  # noqa: PLC0415

        show_jobs(afterwards.list_jobs(afterwards.shop_at(shop)), speaker)


@app.command(help=say(mark("A job has gone to the post or the warehouse; that is final.")), rich_help_panel=AFTER)
def sent(
    job: JobName,
    on: Annotated[date, typer.Option(parser=day, metavar="DAY", help=say(mark("the day it was sent")))],
    lost: Annotated[
        bool, typer.Option("--lost", help=say(mark("its folder is gone: all of its drop count as written to")))
    ] = False,
    shop: ShopPlace = None,
    lang: Lang = None,
) -> None:
    """Mark a job as sent."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.results import show_jobs  # noqa: PLC0415

        show_jobs([afterwards.mark_sent(afterwards.shop_at(shop), job, on, lost=lost)], speaker)


@app.command(help=say(mark("A job will not be sent.")), rich_help_panel=AFTER)
def cancel(job: JobName, shop: ShopPlace = None, lang: Lang = None) -> None:
    """Cancel a job."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.results import show_jobs  # noqa: PLC0415

        show_jobs([afterwards.cancel(afterwards.shop_at(shop), job)], speaker)


@ledger_app.command(help=say(mark("Write the numbers of finished jobs back into a ledger that lost them.")))
def restore(
    folders: Annotated[list[Path], typer.Argument(metavar="JOB...", help=say(mark("job folders")))],
    shop: ShopPlace = None,
    lang: Lang = None,
) -> None:
    """Restore numbers from manifests."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415

        for folder in folders:
            place = afterwards.shop_at(shop)
            written = afterwards.restore(place, folder)
            said = mark("{folder}: {written} pieces and numbers written back")
            print(speaker.say(said, folder=folder, written=written))
            if afterwards.lost_seed(place, folder):
                said = mark(
                    "{folder}: its lottery cannot be drawn with this ledger: the secret seed was only in the lost one. "
                    "Look for a backup of the ledger that was made after the job was printed."
                )
                print(speaker.say(said, folder=folder), file=sys.stderr)


app.add_typer(ledger_app, name="ledger", rich_help_panel=AFTER)
