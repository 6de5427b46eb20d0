"""The command for what leaves the house: package, and its check where it arrives."""

import json
import sys
from functools import partial
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmgen.commands.session import AFTER, Json, Lang, ShopPlaces, app, say, session
from dmgen.errors import ExitCode, UsageError
from dmgen.messages import Speaker, mark

if TYPE_CHECKING:
    from dmgen.package import Checked


@app.command(help=say(mark("What leaves the house, for whom, in one folder or zip.")), rich_help_panel=AFTER)
def package(
    job: Annotated[
        str | None, typer.Argument(metavar="JOB", help=say(mark("a job's folder or id, or the folder of a pile")))
    ] = None,
    recipient: Annotated[
        str | None, typer.Option("--for", metavar="WHOM", help=say(mark("printer, warehouse or shop")))
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR|FILE.zip", help=say(mark("the package's own folder, or its zip")))
    ] = None,
    encrypt: Annotated[bool, typer.Option("--encrypt", help=say(mark("ask for a password (AES-256)")))] = False,
    password_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say(mark("the password in a file, for scripts")))
    ] = None,
    unreleased: Annotated[
        bool, typer.Option("--unreleased", help=say(mark("also a job that is not released; every page says so")))
    ] = False,
    check: Annotated[
        Path | None, typer.Option(metavar="DIR|FILE.zip", help=say(mark("check a package that has arrived")))
    ] = None,
    sha256: Annotated[
        str, typer.Option(metavar="DIGEST", help=say(mark("with --check: the sha256 that the sender told you")))
    ] = "",
    campaign: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help=say(mark("the campaign's folder, if it is not near shop.toml"))),
    ] = None,
    shop: ShopPlaces = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Make a package, or check one."""
    with session(lang, next(iter(shop or ()), None)) as speaker:
        if check is not None:
            _refuse_both(job, recipient, out, encrypt=encrypt, unreleased=unreleased)
            checked = _check(check, sha256, password_file, speaker)
            _show_checked(checked, speaker, as_json=as_json)
            if not checked.ok:
                raise typer.Exit(int(ExitCode.PREFLIGHT))
            return
        from dmgen.console.packages import show_packaged  # noqa: PLC0415
        from dmgen.console.progress import reporting  # noqa: PLC0415
        from dmgen.tasks.package import For, Order  # noqa: PLC0415
        from dmgen.tasks.package import package as make  # noqa: PLC0415

        if sha256:
            raise UsageError(mark("--sha256 is what --check compares with: leave it out, or name a package to --check"))
        if job is None or out is None or recipient not in set(For):
            raise UsageError(
                mark(
                    "say what, for whom and where: dmgen package JOB --for {whom} --out DIR (or FILE.zip). "
                    "To check one that has arrived: dmgen package --check DIR"
                ),
                whom="|".join(For),
            )
        order = Order(
            job=job,
            recipient=For(recipient),
            out=out,
            shops=shop or (),
            password=_new_password(password_file, speaker, encrypt=encrypt),
            unreleased=unreleased,
            campaign=campaign,
        )
        with reporting(speaker) as progress:
            made = make(order, progress)
        if as_json:
            print(json.dumps(made.as_json(speaker)))
        else:
            show_packaged(made, speaker)


def _refuse_both(job: str | None, recipient: str | None, out: Path | None, *, encrypt: bool, unreleased: bool) -> None:
    if job or recipient or out or encrypt or unreleased:
        raise UsageError(
            mark("--check is for a package that has arrived: leave JOB, --for, --out, --encrypt and --unreleased out")
        )


def _check(place: Path, sha256: str, password_file: Path | None, speaker: Speaker) -> "Checked":
    from dmgen.console.progress import reporting  # noqa: PLC0415
    from dmgen.package import LockedError, check, is_digest, password_in  # noqa: PLC0415

    told = "".join(sha256.split()).lower()
    if told and not is_digest(told):
        raise UsageError(
            mark("--sha256: write the 64 hexadecimal digits that the sender told you (blanks do not matter)")
        )
    password = password_in(password_file).encode() if password_file else None
    try:
        with reporting(speaker) as progress:
            return check(place, told, password, partial(progress, "check"))
    except LockedError:
        if password_file or not sys.stdin.isatty():
            raise
    password = _typed(mark("password: "), speaker).encode("utf-8", "surrogateescape")
    with reporting(speaker) as progress:
        return check(place, told, password, partial(progress, "check"))


def _new_password(file: Path | None, speaker: Speaker, *, encrypt: bool) -> bytes | None:
    """The password of a package that is made; none where it is not to be encrypted."""
    from dmgen.package import good_password, password_in  # noqa: PLC0415

    if file:
        return good_password(password_in(file))
    if not encrypt:
        return None
    if not sys.stdin.isatty():
        raise UsageError(mark("--encrypt asks for the password on a terminal: in a script, give --password-file FILE"))
    typed = _typed(mark("password: "), speaker)
    password = good_password(typed)
    if _typed(mark("the same again: "), speaker) != typed:
        raise UsageError(mark("the two passwords are not the same: type the command again"))
    return password


def _typed(prompt: str, speaker: Speaker) -> str:
    """What somebody types without its being shown. Raises UsageError where they end the input instead."""
    try:
        return getpass(speaker.say(prompt))
    except EOFError:
        raise UsageError(mark("no password was typed: type the command again")) from None


def _show_checked(checked: "Checked", speaker: Speaker, *, as_json: bool) -> None:
    from dmgen.console.packages import show_checked  # noqa: PLC0415

    if as_json:
        print(json.dumps(checked.as_json(speaker.error)))
    else:
        show_checked(checked, speaker)
