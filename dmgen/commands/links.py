"""Commands for printed links: links build."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dmgen.commands.session import AFTER, Campaign, Json, Lang, app, day, say, session
from dmgen.messages import mark

links_app = typer.Typer(help=say(mark("Where printed links lead.")), no_args_is_help=True)


@links_app.command(help=say(mark("Redirect maps and coupon pages of a job, for any web host.")))
def build(
    campaign: Campaign,
    out: Annotated[Path, typer.Option(help=say(mark("the folder to write")))],
    job: Annotated[str | None, typer.Option(help=say(mark("a job's folder or id")))] = None,
    drop: Annotated[date | None, typer.Option(parser=day, metavar="DAY", help=say(mark("the mailing's day")))] = None,
    winners: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help=say(mark("who won at once, by name: for claims, never for the web"))),
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Build maps and pages."""
    with session(lang, campaign) as speaker:
        from dmgen.tasks.links import build_links  # noqa: PLC0415
        from dmgen.terminal import terminal  # noqa: PLC0415

        built = build_links(campaign, out, job, drop, winners)
        if as_json:
            print(json.dumps(built.as_json()))
            return
        screen, message = terminal(), mark("Look at this: {remark}")
        for remark in built.remarks:
            screen.print(speaker.say(message, remark=speaker.error(remark)), markup=False, highlight=False)
        message = mark(
            "Job {job}, drop of {drop}: {links:,} links, {redirects:,} of them redirected, {pages} pages. "
            "What to do with each file says README.txt."
        )
        values = {"job": built.job, "drop": built.drop, "links": built.links, "redirects": built.redirects}
        screen.print(speaker.say(message, **values, pages=len(built.pages)), markup=False, highlight=False)
        print(built.folder)


app.add_typer(links_app, name="links", rich_help_panel=AFTER)
