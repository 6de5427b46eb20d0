"""Commands for jobs that are there, and for their ledger: jobs, sent, cancel, ledger restore, ledger backup."""

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


@ledger_app.command(help=say(mark("Write back what finished jobs show into a ledger that was lost.")))
def restore(
    folders: Annotated[list[Path], typer.Argument(metavar="JOB...", help=say(mark("job folders")))],
    shop: ShopPlace = None,
    lang: Lang = None,
) -> None:
    """Restore what job folders show."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.results import show_restored  # noqa: PLC0415
        from dmgen.tasks import restore as task  # noqa: PLC0415

        place = afterwards.shop_at(shop)
        for folder in folders:
            show_restored(folder, task.restore(place, folder), speaker)
            if task.lost_seed(place, folder):
                said = mark(
                    "{folder}: its lottery cannot be drawn with this ledger: the secret seed was only in the lost one. "
                    "Look for a backup of the ledger that was made after the job was printed."
                )
                print(speaker.say(said, folder=folder), file=sys.stderr)
        print(speaker.say(_NOT_IN_FOLDERS), file=sys.stderr)


@ledger_app.command(help=say(mark("Copy the ledger into a file; a run may be under way.")))
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say(mark("the file to write; it must not be there")))],
    shop: ShopPlace = None,
    lang: Lang = None,
) -> None:
    """Back the ledger up."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.tasks.backup import back_up  # noqa: PLC0415

        back_up(afterwards.shop_at(shop), file)
        said = mark("{file}: a whole copy of the ledger, checked. If the ledger is lost, put it in its place.")
        print(speaker.say(said, file=file))


_NOT_IN_FOLDERS = mark(
    """What no job folder shows, and what to type about it:
  who said no and had no letter lying ready: dmgen withdraw --from FILE
  who took a no back counts as having said it: dmgen withdraw CUSTOMER_ID --again
  which jobs were sent or cancelled: dmgen sent JOB --on DAY, dmgen cancel JOB
  which codes were redeemed, or void by themselves: dmgen offers used FILE, dmgen offers void --file FILE --why TEXT
  which parcels were scanned: dmgen scan JOB, every parcel once more
From now on keep copies: dmgen ledger backup FILE"""
)

app.add_typer(ledger_app, name="ledger", rich_help_panel=AFTER)
