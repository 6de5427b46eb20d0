"""What the commands share: the app, arguments of the same meaning, a session with its language and exit code."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from dmgen.errors import DmgenError, ExitCode, UsageError
from dmgen.fault import report_fault
from dmgen.messages import Speaker, locale_language, mark
from dmgen.model.printing import Standard
from dmgen.timings import timings

if TYPE_CHECKING:
    from dmgen.pipeline import Request
    from dmgen.summary import Summary
    from dmgen.together.run import Joint

# Rooms with heavy libraries are imported where a command needs them: `--help` answers at once, and the
# workers that import this module again stay small.


def _spoken() -> Speaker:
    """The language of `--help`, which is shown before anything is parsed: --lang, else the locale."""
    for option, value in pairwise([*sys.argv[1:], ""]):
        if option == "--lang" or option.startswith("--lang="):
            return Speaker(option.partition("=")[2] or value)
    return Speaker(locale_language())


_SPEAKER = _spoken()


def say(message: str) -> str:
    """A text of --help in the language of the locale; there, square brackets would be markup."""
    return _SPEAKER.say(message).replace("[", "\\[")


app = typer.Typer(
    name="dmgen",
    help=say(mark("Direct mail: two lists and a campaign folder in, letters and a manifest out.")),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
PREPARE, PRINT, AFTER = say(mark("Prepare")), say(mark("Print")), say(mark("Afterwards"))


class Language(StrEnum):
    """The languages of the catalogue."""

    JA = "ja"
    EN = "en"


def day(text: str) -> date:
    """A day as options are given it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(say(mark("write a day as YYYY-MM-DD"))) from None


Campaign = Annotated[Path, typer.Argument(help=say(mark("the campaign's folder")), show_default=False)]
Campaigns = Annotated[
    list[Path],
    typer.Argument(
        metavar="CAMPAIGN",
        help=say(mark("the campaign's folder, or several over one list of shipments: the first that has a piece wins")),
        show_default=False,
    ),
]
Customers = Annotated[Path | None, typer.Option(help=say(mark("another customer list")))]
Shipments = Annotated[
    Path | None, typer.Option(metavar="FILE", help=say(mark("the shipments list: who has a parcel today")))
]
Orders = Annotated[Path | None, typer.Option(help=say(mark("another order list")))]
AsOf = Annotated[date | None, typer.Option(parser=day, metavar="DAY", help=say(mark("measure up to this day")))]
Drop = Annotated[date | None, typer.Option(parser=day, metavar="DAY", help=say(mark("the mailing's day")))]
Workers = Annotated[int | None, typer.Option(min=1, max=64, help=say(mark("processes that print")))]
Limit = Annotated[int | None, typer.Option(min=0, help=say(mark("only the first N letters")))]
PdfStandard = Annotated[Standard | None, typer.Option("--standard", help=say(mark("the PDF standard of the files")))]
Lang = Annotated[Language | None, typer.Option(help=say(mark("ja or en")))]
Json = Annotated[bool, typer.Option("--json", help=say(mark("one JSON object on stdout")))]
Timings = Annotated[bool, typer.Option("--timings", help=say(mark("say where the time goes")))]
Out = Annotated[Path | None, typer.Option(help=say(mark("the job's own folder")))]
JobName = Annotated[str, typer.Argument(metavar="JOB", help=say(mark("a job's folder or id")), show_default=False)]
ShopPlace = Annotated[Path | None, typer.Option("--shop", help=say(mark("shop.toml, or a folder below it")))]
ShopPlaces = Annotated[
    list[Path] | None,
    typer.Option("--shop", help=say(mark("shop.toml, or a folder below it; of a pile, that of every shop"))),
]


def _shop_language(place: Path | None) -> str:
    from dmgen.afterwards import shop_at  # noqa: PLC0415

    try:
        return shop_at(place).language
    except DmgenError:  # the command itself says what is wrong with the place
        return ""


@contextmanager
def session(lang: Language | None, place: Path | None) -> Iterator[Speaker]:
    """The language of a command (--lang, shop.toml, locale); what the user can mend is said in it."""
    speaker = Speaker(lang or _shop_language(place) or locale_language())
    try:
        yield speaker
    except (typer.Exit, BrokenPipeError):  # the latter: `dmgen jobs | head -1`
        raise
    except DmgenError as error:
        _leave(error.exit_code, speaker.error(error))
    except KeyboardInterrupt:
        said = mark("interrupted: nothing was released; run the same command again to complete")
        _leave(ExitCode.INTERRUPTED, speaker.say(said))
    except Exception as error:
        said = mark("a fault of dmgen itself: please send {file} to its makers")
        _leave(ExitCode.INTERNAL, speaker.say(said, file=report_fault(error)))


@contextmanager
def measured(asked: bool, speaker: Speaker) -> Iterator[None]:
    """Say, if it was asked for, how long each step took; also where the command ends early."""
    if not asked:
        yield
        return
    from dmgen.console.progress import show_timings  # noqa: PLC0415

    begun = perf_counter()
    with timings() as seconds:
        try:
            yield
        finally:
            show_timings(seconds, perf_counter() - begun, speaker)


def _leave(code: ExitCode, message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(int(code)) from None


def request(  # type: ignore[no-untyped-def]
    campaign: Path,
    customers: Path | None,
    orders: Path | None,
    as_of: date | None,
    drop: date | None,
    standard: Standard | None = None,
    shipments: Path | None = None,
    **options,
) -> "Request":
    """What the user asked for."""
    from dmgen.campaign import Overrides  # noqa: PLC0415
    from dmgen.pipeline import Request  # noqa: PLC0415

    return Request(campaign, Overrides(customers, orders, as_of, drop, standard, shipments), **options)


def refuse_limit(limit: int | None) -> None:
    """Several campaigns have no first N letters. Raises UsageError."""
    if limit is not None:
        raise UsageError(mark("--limit counts the letters of one campaign: leave it out, or name one campaign"))


def show(summary: "Summary", speaker: Speaker, *, as_json: bool) -> None:
    """The outcome of a check or a run, for people or as one JSON object."""
    from dmgen.console.law import show_law  # noqa: PLC0415
    from dmgen.console.summary import show_summary  # noqa: PLC0415

    if as_json:
        print(json.dumps(_as_data(summary, speaker)))
        return
    show_summary(summary, speaker)
    show_law(summary.law, speaker)
    if summary.folder:
        print(summary.folder)


def show_all(joint: "Joint", speaker: Speaker, *, as_json: bool) -> None:
    """The same of several campaigns over one batch; the pile's folder comes last."""
    from dmgen.console.joint import show_joint  # noqa: PLC0415

    if as_json:
        pile = {"folder": str(joint.folder) if joint.folder else None, "files": joint.files, "parcels": joint.parcels}
        remarks = [speaker.error(remark) for remark in joint.remarks]
        jobs = [_as_data(summary, speaker) for summary in joint.summaries]
        print(json.dumps({"jobs": jobs, "pile": pile | {"waves": joint.waves}, "remarks": remarks}))
        return
    show_joint(joint, speaker)
    for folder in (*(summary.folder for summary in joint.summaries), joint.folder):
        if folder:
            print(folder)


def _as_data(summary: "Summary", speaker: Speaker) -> dict[str, Any]:
    from dmgen.summary import counts, faults  # noqa: PLC0415

    folder = str(summary.folder) if summary.folder else None
    job = {"job": summary.job_id or None, "folder": folder, "released": summary.released}
    told = {"misfits": faults(summary.misfits), "warnings": faults(summary.warnings)}
    remarks = {"remarks": [speaker.error(remark) for remark in summary.remarks]}
    return {**job, "counts": counts(summary), **told, **remarks, "law": summary.law.as_json()}
