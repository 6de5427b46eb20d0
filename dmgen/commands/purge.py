"""The command that deletes personal data: purge."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmgen.commands.session import AFTER, Json, Lang, ShopPlace, app, say, session
from dmgen.errors import ExitCode, UsageError
from dmgen.messages import Speaker, mark

if TYPE_CHECKING:
    from dmgen.tasks.purge import Prepared


@app.command(
    help=say(mark("Delete the personal data of a job, or of old ones, from folders and ledger; counts stay.")),
    rich_help_panel=AFTER,
)
def purge(
    job: Annotated[
        str, typer.Argument(metavar="[JOB]", help=say(mark("a job's folder or id")), show_default=False)
    ] = "",
    older_than: Annotated[
        str, typer.Option(metavar="DAYSd", help=say(mark("all jobs that were sent longer ago, for example 180d")))
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say(mark("only say what would go")))] = False,
    yes: Annotated[bool, typer.Option("--yes", help=say(mark("do not ask")))] = False,
    folder: Annotated[
        list[Path] | None,
        typer.Option(metavar="FOLDER", help=say(mark("where a folder of the job, or its pile, was moved to"))),
    ] = None,
    ledger_only: Annotated[
        bool, typer.Option("--ledger-only", help=say(mark("what is not found is gone for good: purge the ledger")))
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help=say(mark("the folder for the certificate, where the job's is gone")))
    ] = None,
    check: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help=say(mark("check a certificate: the files are not there")))
    ] = None,
    shop: ShopPlace = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Purge jobs."""
    with session(lang, shop) as speaker:
        if check:
            _check(check, speaker, alone=not (job or older_than), as_json=as_json)
            return
        if bool(job) == bool(older_than):
            raise UsageError(mark("name a job, or say how old: dmgen purge JOB, or dmgen purge --older-than 180d"))
        if older_than and (folder or ledger_only or out):
            raise UsageError(mark("--folder, --ledger-only and --out are of one job: dmgen purge JOB"))
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.purge import show_held, show_prepared, show_purged  # noqa: PLC0415
        from dmgen.tasks import purge as task  # noqa: PLC0415
        from dmgen.tasks.purge_scope import Asked  # noqa: PLC0415

        place = afterwards.shop_at(shop)
        if older_than:
            ready, held = task.older_than(place, task.days_of(older_than))
        else:
            ready, held = [task.prepared(place, Asked(job, tuple(folder or ()), ledger_only, out))], []
        for one in ready:
            show_prepared(one, speaker)
        for name, why in held:
            show_held(name, why, speaker)
        if not dry_run:
            _confirm(ready, speaker, yes=yes)
        made = [] if dry_run else [task.purged(one, speaker) for one in ready]
        if as_json:
            told = {"held": [{"job": name, "why": speaker.error(why)} for name, why in held]}
            listed = [one.as_json(speaker) for one in ready]
            print(json.dumps({"prepared": listed, "purged": [one.as_json() for one in made], **told}))
            return
        for done in made:
            show_purged(done, speaker)
        if not ready:
            print(speaker.say(mark("there is nothing to purge")), file=sys.stderr)


def _check(file: Path, speaker: Speaker, *, alone: bool, as_json: bool) -> None:
    from dmgen.tasks.purge_verify import check_certificate  # noqa: PLC0415

    if not alone:
        raise UsageError(mark("--check takes the certificate alone: dmgen purge --check deletion-certificate.json"))
    found = check_certificate(file)
    said = mark("{file}: the {files:,} deleted files of job {job} are not there")
    print(json.dumps(found.as_json()) if as_json else speaker.say(said, file=file, files=found.files, job=found.job))


def _confirm(ready: list["Prepared"], speaker: Speaker, *, yes: bool) -> None:
    """Ask, because nothing brings it back; what was begun is only finished."""
    new = [one for one in ready if not one.begun]
    if yes or not new:
        return
    if not sys.stdin.isatty():
        raise UsageError(mark("nothing is deleted without being asked for: look with --dry-run, then add --yes"))
    try:
        wanted = typer.confirm(speaker.say(mark("Delete now? Nothing brings it back.")), err=True)
    except typer.Abort:
        wanted = False
    if not wanted:
        raise typer.Exit(int(ExitCode.INTERRUPTED))
