"""Commands for single pieces of a job: reprint, void."""

import json
from pathlib import Path
from typing import Annotated

import typer

from dmgen.commands.session import AFTER, JobName, Json, Lang, ShopPlace, app, say, session
from dmgen.messages import mark

More = Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help=say(mark("further ids of pieces")))]
Pieces = Annotated[list[str] | None, typer.Option("--pieces", metavar="ID...", help=say(mark("ids of pieces")))]
Stretch = Annotated[str, typer.Option("--range", metavar="120-135", help=say(mark("sequence numbers of pieces")))]


@app.command(help=say(mark("Print damaged or lost sheets of a job again.")), rich_help_panel=AFTER)
def reprint(
    job: JobName,
    more: More = None,
    pieces: Pieces = None,
    stretch: Stretch = "",
    from_scan: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say(mark("a file of them, one a line, as scanned")))
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help=say(mark("why, for the ledger")))] = "",
    shop: ShopPlace = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Print pieces again."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.again import show_reprinted  # noqa: PLC0415
        from dmgen.console.progress import reporting  # noqa: PLC0415
        from dmgen.tasks import reprint as task  # noqa: PLC0415
        from dmgen.tasks.some_pieces import Named  # noqa: PLC0415

        named = Named((*(pieces or ()), *(more or ())), stretch, from_scan)
        with reporting(speaker) as progress:
            made = task.reprint(afterwards.shop_at(shop), job, named, reason, progress)
        if as_json:
            print(json.dumps(made.as_json(speaker)))
        else:
            show_reprinted(made, speaker)


@app.command(
    help=say(mark("Pieces of a job are no longer good: their codes, and their places in parcels.")),
    rich_help_panel=AFTER,
)
def void(
    job: JobName,
    reason: Annotated[str, typer.Option(metavar="TEXT", help=say(mark("the reason, as offers check tells it")))],
    more: More = None,
    pieces: Pieces = None,
    stretch: Stretch = "",
    from_file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help=say(mark("a file of them, one a line, as scanned")))
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="CART", help=say(mark("also write the files with which the cart withdraws them"))
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help=say(mark("the folder for the files")))] = None,
    shop: ShopPlace = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Make pieces void."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.again import show_void_pieces  # noqa: PLC0415
        from dmgen.tasks.some_pieces import Named  # noqa: PLC0415
        from dmgen.tasks.void_pieces import void_pieces  # noqa: PLC0415

        named = Named((*(pieces or ()), *(more or ())), stretch, from_file)
        made = void_pieces(afterwards.shop_at(shop), job, named, reason, out, form, speaker)
        if as_json:
            print(json.dumps(made.as_json(speaker)))
        else:
            show_void_pieces(made, speaker)
