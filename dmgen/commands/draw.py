"""The command of the lottery: draw, and draw --verify."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmgen.commands.session import AFTER, Drop, Json, Lang, app, say, session
from dmgen.errors import ExitCode, UsageError
from dmgen.messages import Speaker, mark

if TYPE_CHECKING:
    from dmgen.tasks.draw import Prepared
    from dmgen.tasks.draw_files import Files
    from dmgen.tasks.draw_verify import Checked


@app.command(help=say(mark("Draw a lottery's winners, or check a draw that was published.")), rich_help_panel=AFTER)
def draw(
    campaign: Annotated[
        Path | None, typer.Argument(help=say(mark("the campaign's folder")), show_default=False)
    ] = None,
    public: Annotated[str, typer.Option(help=say(mark("the public value that decides, in words")))] = "",
    out: Annotated[Path | None, typer.Option(metavar="FILE.json", help=say(mark("the result to publish")))] = None,
    job: Annotated[str | None, typer.Option(help=say(mark("another job than the one that was sent")))] = None,
    drop: Drop = None,
    verify: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help=say(mark("check this result; nothing else is needed")))
    ] = None,
    commitment: Annotated[str | None, typer.Option(help=say(mark("the seal on the letter, for --verify")))] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Draw, or check a draw."""
    with session(lang, campaign) as speaker:
        if verify:
            if campaign or public or out or job or drop:
                raise UsageError(mark("--verify takes the published file alone, and --commitment"))
            from dmgen.tasks.draw_verify import check_draw  # noqa: PLC0415

            _show_checked(check_draw(verify, commitment), verify, speaker, as_json=as_json)
            return
        if commitment:
            raise UsageError(mark("--commitment goes with --verify FILE.json"))
        if not campaign or not out:
            raise UsageError(mark('type: dmgen draw CAMPAIGN --public "…" --out FILE.json'))
        if job and drop:
            raise UsageError(mark("a job is of one drop: give either --job or --drop"))
        from dmgen.tasks.draw import Asked, held, prepared  # noqa: PLC0415

        ready = prepared(Asked(campaign, public, out, job, drop))
        _show_prepared(ready, public, speaker)
        files = held(ready, speaker)
        _show_drawn(ready, files, speaker, as_json=as_json)


def _show_prepared(ready: "Prepared", typed: str, speaker: Speaker) -> None:
    """What will be used, before it is used; at a terminal it is asked for, because a draw cannot be taken back."""
    said = speaker.say(mark("The public value is read as: {read}"), read=ready.read or "-")
    if typed != ready.read:
        said = speaker.say(mark("{said} (two forms that read as the same)"), said=said)
    print(said, file=sys.stderr)
    for remark in ready.remarks:
        print(speaker.say(mark("Look at this: {remark}"), remark=speaker.error(remark)), file=sys.stderr)
    if ready.drawn:
        again = mark("The draw was held on {day}; its files are written again.")
        print(speaker.say(again, day=ready.drawn.drawn_on), file=sys.stderr)
    elif _at_a_terminal():
        _ask(speaker)


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _ask(speaker: Speaker) -> None:
    try:
        wanted = typer.confirm(speaker.say(mark("Draw now? It cannot be taken back.")), err=True)
    except typer.Abort:
        wanted = False
    if not wanted:
        raise typer.Exit(int(ExitCode.INTERRUPTED))


def _show_drawn(ready: "Prepared", files: "Files", speaker: Speaker, *, as_json: bool) -> None:
    commitment = ready.job.seal.commitment
    if as_json:
        told = {
            "job": ready.job.record.id,
            "public": ready.read,
            "commitment": commitment,
            "winners": files.prizes,
            "again": ready.drawn is not None,
            "remarks": [speaker.error(remark) for remark in ready.remarks],
            "files": {"result": str(files.result), "winners": str(files.winners), "page": str(files.page)},
        }
        print(json.dumps(told))
        return
    say = speaker.say
    print(
        say(mark("{winners:,} winners from {tickets:,} tickets."), winners=files.prizes, tickets=ready.job.seal.tickets)
    )
    print(say(mark("  {file}: publish it; anybody can check it with dmgen draw --verify"), file=files.result))
    print(say(mark("  {file}: publish it; numbers only"), file=files.page))
    print(say(mark("  {file}: PRIVATE, for shipping: names and addresses"), file=files.winners))


def _show_checked(checked: "Checked", file: Path, speaker: Speaker, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(checked.as_json()))
        return
    say, facts = speaker.say, checked.as_json()
    said = mark("{file} holds: {winners:,} winners from {tickets:,} tickets ({voided:,} void), by “{public}”.")
    print(say(said, file=file, **{name: facts[name] for name in ("winners", "tickets", "voided", "public")}))
    if checked.compared:
        print(say(mark("It was sealed as the letter says.")))
    else:
        print(say(mark("Compare its seal with the one on the letter: {seal}"), seal=facts["commitment"]))
    if not checked.worded:
        promised = checked.verified.draw.rules["public"]
        said = mark(
            "Look at this: the public value was announced as “{promised}”: is it that one, as it was published?"
        )
        print(say(said, promised=promised))
