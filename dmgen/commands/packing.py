"""Commands of the packing table: scan, history."""

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from dmgen.commands.session import AFTER, Json, Lang, ShopPlace, ShopPlaces, app, say, session
from dmgen.errors import ExitCode, ListError
from dmgen.messages import Speaker, mark
from dmgen.model.parcel import Sound

if TYPE_CHECKING:
    from io import BufferedReader

    from dmgen.console.scan import Screen
    from dmgen.tasks.scan import Table

_READ_AT_ONCE = 65536


@app.command(help=say(mark("Scan pieces into their parcels, and see what is missing.")), rich_help_panel=AFTER)
def scan(
    job: Annotated[
        str,
        typer.Argument(
            metavar="JOB", help=say(mark("a job's folder or id, or the folder of a pile")), show_default=False
        ),
    ],
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help=say(mark("scans in a file instead of the scanner's")))
    ] = None,
    station: Annotated[
        str | None, typer.Option(metavar="NAME", help=say(mark("this packing table's name (default: the computer's)")))
    ] = None,
    missing: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say(mark("write the pieces that are missing to a CSV")))
    ] = None,
    sound: Annotated[Sound, typer.Option(help=say(mark("when the terminal's bell rings")))] = Sound.RED,
    shop: ShopPlaces = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Match pieces and parcels."""
    with session(lang, next(iter(shop or ()), None)) as speaker:
        from zoneinfo import ZoneInfo  # noqa: PLC0415

        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.scan import Screen  # noqa: PLC0415
        from dmgen.tasks.scan_open import packing_table  # noqa: PLC0415

        shops = [afterwards.shop_at(place) for place in shop or ()] or [afterwards.shop_at(None)]
        with packing_table(shops, job, station or socket.gethostname()) as table:
            screen = Screen(speaker, ZoneInfo(shops[0].time_zone), sound)
            interrupted = _work(table, screen, _chunks(source), speaker, job)
            balance = table.balance()
        if missing:
            balance.write_missing(missing)
        if as_json:
            print(json.dumps({**balance.as_json(), "interrupted": interrupted}))
        else:
            screen.end(balance)
        if interrupted:
            raise typer.Exit(int(ExitCode.INTERRUPTED))
        if not balance.complete:
            raise typer.Exit(int(ExitCode.PREFLIGHT))


def _work(table: "Table", screen: "Screen", chunks: Iterator[bytes], speaker: Speaker, job: str) -> bool:
    """Scan until the input ends; whether it was interrupted. `job` is what was typed."""
    from dmgen.tasks.scan import control  # noqa: PLC0415
    from dmgen.tasks.scan_codes import lines  # noqa: PLC0415

    screen.begin(table)
    screen.status(table.balance().counts())
    try:
        for line in lines(chunks):
            match control(line):
                case "end":
                    break
                case "undo":
                    screen.took_back(*table.undo())
                case "status":
                    screen.status(table.balance().counts())
                case _:
                    for scanned in table.scan(line):
                        screen.show(scanned)
        if left := table.finish():
            screen.show(left)
    except KeyboardInterrupt:
        told = mark("interrupted: all matches are kept. Go on with: dmgen scan {job}")
        print(speaker.say(told, job=job), file=sys.stderr)
        return True
    return False


def _chunks(source: Path | None) -> Iterator[bytes]:
    """What a scanner types, as it comes, or what stands in a file. Raises ListError."""
    if source is None:
        typed = cast("BufferedReader", sys.stdin.buffer)
        while chunk := typed.read1(_READ_AT_ONCE):
            yield chunk
        return
    try:
        yield source.read_bytes()
    except OSError as error:
        message = mark("{file} cannot be read ({reason}): name a text file with one scanned code a line")
        raise ListError(message, file=source, reason=error.strerror) from None


@app.command(help=say(mark("Everything that the ledger knows of a piece.")), rich_help_panel=AFTER)
def history(
    piece: Annotated[str, typer.Argument(help=say(mark("its id, as it is printed or scanned")), show_default=False)],
    shop: ShopPlace = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Tell a piece's history."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.history import show_history  # noqa: PLC0415
        from dmgen.tasks.history import piece_history  # noqa: PLC0415

        found = piece_history(afterwards.shop_at(shop), piece)
        if as_json:
            print(json.dumps(found.as_json()))
        else:
            show_history(found, speaker)
