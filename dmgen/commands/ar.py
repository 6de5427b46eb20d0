"""Commands for the AR page: ar build."""

import json
from pathlib import Path
from typing import Annotated

import typer

from dmgen.commands.session import PREPARE, Campaign, Json, Lang, app, say, session
from dmgen.messages import mark

ar_app = typer.Typer(help=say(mark("The page that lays a film over the letter.")), no_args_is_help=True)


@ar_app.command(help=say(mark("Write the AR page of a campaign: a folder for any web host.")))
def build(
    campaign: Campaign,
    out: Annotated[Path, typer.Option(help=say(mark("the page's own folder")), show_default=False)],
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write the page."""
    with session(lang, campaign) as speaker:
        from dmgen.tasks.ar import build_ar  # noqa: PLC0415

        built = build_ar(campaign, out)
        remarks = [speaker.error(remark) for remark in built.remarks]
        if as_json:
            told = {"folder": str(built.folder), "files": built.files, "url": built.url or None, "remarks": remarks}
            print(json.dumps(told, ensure_ascii=False))
            return
        for remark in remarks:
            typer.echo(remark, err=True)
        where = (
            mark("put what is in {folder} at {url} (https)") if built.url else mark("put {folder} on a host (https)")
        )
        typer.echo(speaker.say(where, folder=built.folder, url=built.url), err=True)
        print(built.folder)


app.add_typer(ar_app, name="ar", rich_help_panel=PREPARE)
