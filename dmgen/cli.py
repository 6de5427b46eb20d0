"""The command line: arguments in, exit code out."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

import dmgen
from dmgen.errors import DmgenError, ExitCode, UsageError
from dmgen.fault import report_fault
from dmgen.messages import Speaker, locale_language, mark
from dmgen.model.printing import Standard
from dmgen.model.symbol import SymbolKind

if TYPE_CHECKING:
    from dmgen.pipeline import Request
    from dmgen.release import Summary

# Rooms with heavy libraries are imported where a command needs them: `--help` answers at once, and the
# workers that import this module again stay small.


def _spoken() -> Speaker:
    """The language of `--help`, which is shown before anything is parsed: --lang, else the locale."""
    for option, value in pairwise([*sys.argv[1:], ""]):
        if option == "--lang" or option.startswith("--lang="):
            return Speaker(option.partition("=")[2] or value)
    return Speaker(locale_language())


_say = _spoken().say
app = typer.Typer(
    name="dmgen",
    help=_say(mark("Direct mail: two lists and a campaign folder in, letters and a manifest out.")),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ledger_app = typer.Typer(help=_say(mark("The ledger of issued numbers.")), no_args_is_help=True)
_PREPARE, _PRINT, _AFTER = _say(mark("Prepare")), _say(mark("Print")), _say(mark("Afterwards"))
app.add_typer(ledger_app, name="ledger", rich_help_panel=_AFTER)


class Language(StrEnum):
    """The languages of the catalogue."""

    JA = "ja"
    EN = "en"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(_say(mark("write a day as YYYY-MM-DD"))) from None


Campaign = Annotated[Path, typer.Argument(help=_say(mark("the campaign's folder")), show_default=False)]
Customers = Annotated[Path | None, typer.Option(help=_say(mark("another customer list")))]
Orders = Annotated[Path | None, typer.Option(help=_say(mark("another order list")))]
AsOf = Annotated[date | None, typer.Option(parser=_day, metavar="DAY", help=_say(mark("measure up to this day")))]
Drop = Annotated[date | None, typer.Option(parser=_day, metavar="DAY", help=_say(mark("the mailing's day")))]
Workers = Annotated[int | None, typer.Option(min=1, max=64, help=_say(mark("processes that print")))]
Limit = Annotated[int | None, typer.Option(min=0, help=_say(mark("only the first N letters")))]
PdfStandard = Annotated[Standard | None, typer.Option("--standard", help=_say(mark("the PDF standard of the files")))]
Lang = Annotated[Language | None, typer.Option(help=_say(mark("ja or en")))]
Json = Annotated[bool, typer.Option("--json", help=_say(mark("one JSON object on stdout")))]
Out = Annotated[Path | None, typer.Option(help=_say(mark("the job's own folder")))]
JobName = Annotated[str, typer.Argument(metavar="JOB", help=_say(mark("a job's folder or id")), show_default=False)]
ShopPlace = Annotated[Path | None, typer.Option("--shop", help=_say(mark("shop.toml, or a folder below it")))]


def _shop_language(place: Path | None) -> str:
    from dmgen.afterwards import shop_at  # noqa: PLC0415

    try:
        return shop_at(place).language
    except DmgenError:  # the command itself says what is wrong with the place
        return ""


@contextmanager
def _session(lang: Language | None, place: Path | None) -> Iterator[Speaker]:
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


def _leave(code: ExitCode, message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(int(code)) from None


def _request(  # type: ignore[no-untyped-def]
    campaign: Path,
    customers: Path | None,
    orders: Path | None,
    as_of: date | None,
    drop: date | None,
    standard: Standard | None = None,
    **options,
) -> "Request":
    from dmgen.campaign import Overrides  # noqa: PLC0415
    from dmgen.pipeline import Request  # noqa: PLC0415

    return Request(campaign, Overrides(customers, orders, as_of, drop, standard), **options)


def _show(summary: "Summary", speaker: Speaker, *, as_json: bool) -> None:
    from dmgen.console import show_summary  # noqa: PLC0415
    from dmgen.release import counts, faults  # noqa: PLC0415

    if as_json:
        folder = str(summary.folder) if summary.folder else None
        job = {"job": summary.job_id or None, "folder": folder, "released": summary.released}
        told = {"misfits": faults(summary.misfits), "warnings": faults(summary.warnings)}
        remarks = {"remarks": [speaker.error(remark) for remark in summary.remarks]}
        print(json.dumps({**job, "counts": counts(summary), **told, **remarks}))
        return
    show_summary(summary, speaker)
    if summary.folder:
        print(summary.folder)


@app.command(help=_say(mark("Who would get which letter, and who none; nothing is issued.")), rich_help_panel=_PREPARE)
def check(
    campaign: Campaign,
    customers: Customers = None,
    orders: Orders = None,
    as_of: AsOf = None,
    drop: Drop = None,
    workers: Workers = None,
    limit: Limit = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Check a campaign."""
    with _session(lang, campaign) as speaker:
        from dmgen import console, pipeline  # noqa: PLC0415

        request = _request(campaign, customers, orders, as_of, drop, workers=workers, limit=limit)
        with console.progress(speaker) as progress:
            summary = pipeline.check(request, progress)
        _show(summary, speaker, as_json=as_json)


@app.command(help=_say(mark("Start a campaign folder that runs at once.")), rich_help_panel=_PREPARE)
def new(
    name: Annotated[Path, typer.Argument(help=_say(mark("the new folder")), show_default=False)], lang: Lang = None
) -> None:
    """Start a campaign."""
    with _session(lang, None) as speaker:
        from dmgen.campaign import start_campaign  # noqa: PLC0415
        from dmgen.resources import starter  # noqa: PLC0415

        for path in start_campaign(str(name), starter("hello"), starter("shop.toml")):
            print(path)
        typed = f'"{name}"' if " " in str(name) else name
        print(speaker.say(mark("Now type: dmgen run {name}"), name=typed), file=sys.stderr)


@app.command(
    help=_say(mark("A watermarked PDF of the letters worth a look: worst cases and branches; nothing is issued.")),
    rich_help_panel=_PREPARE,
)
def proof(
    campaign: Campaign,
    customers: Customers = None,
    orders: Orders = None,
    as_of: AsOf = None,
    drop: Drop = None,
    customer: Annotated[str | None, typer.Option(metavar="ID", help=_say(mark("only this customer's letter")))] = None,
    fictional: Annotated[
        bool, typer.Option("--fictional", help=_say(mark("invented people, without watermark, to set up a press")))
    ] = False,
    out: Annotated[Path | None, typer.Option(help=_say(mark("the proof's own file")))] = None,
    standard: PdfStandard = None,
    workers: Workers = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Make a proof."""
    with _session(lang, campaign) as speaker:
        from dmgen import console, pipeline  # noqa: PLC0415

        if customer and fictional:
            raise UsageError(mark("write --customer ID or --fictional, not both"))
        request = _request(campaign, customers, orders, as_of, drop, standard, out=out, workers=workers)
        with console.progress(speaker) as progress:
            made = pipeline.proof(request, progress, speaker, customer, fictional=fictional)
        if as_json:
            print(json.dumps({"file": str(made.file), "pages": made.pages, "letters": len(made.specimens)}))
            return
        console.show_proof(made, speaker)
        print(made.file)


@app.command(help=_say(mark("Print a campaign: letters, manifest and lists.")), rich_help_panel=_PRINT)
def run(
    campaign: Campaign,
    customers: Customers = None,
    orders: Orders = None,
    as_of: AsOf = None,
    drop: Drop = None,
    standard: PdfStandard = None,
    out: Out = None,
    workers: Workers = None,
    limit: Limit = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Run the whole job."""
    with _session(lang, campaign) as speaker:
        from dmgen import console, pipeline  # noqa: PLC0415

        request = _request(campaign, customers, orders, as_of, drop, standard, out=out, workers=workers, limit=limit)
        with console.progress(speaker) as progress:
            summary = pipeline.run(request, progress, speaker)
        _show(summary, speaker, as_json=as_json)


@app.command(help=_say(mark("Read every page of a job back and compare it with its row.")), rich_help_panel=_PRINT)
def verify(
    job: JobName,
    sample: Annotated[int | None, typer.Option(min=1, help=_say(mark("only N pieces, evenly spread")))] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help=_say(mark("processes that read")))] = None,
    shop: ShopPlace = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Read a job back."""
    with _session(lang, shop) as speaker:
        from dmgen import console  # noqa: PLC0415
        from dmgen.verify import verify as read_back  # noqa: PLC0415

        with console.progress(speaker) as progress:
            report = read_back(job, shop, sample, workers, progress)
        if as_json:
            print(json.dumps({"job": report.job, "folder": str(report.folder), **report.verdict.as_json()}))
        else:
            console.show_report(report, speaker)
        if not report.verdict.released:
            raise typer.Exit(int(ExitCode.PREFLIGHT))


@app.command(help=_say(mark("Check a PDF file, or a job's, against its print standard.")), rich_help_panel=_PRINT)
def preflight(
    place: Annotated[Path, typer.Argument(metavar="FILE|JOB", help=_say(mark("a PDF, or a job's folder")))],
    standard: Annotated[
        Standard | None, typer.Option(case_sensitive=False, help=_say(mark("instead of what it claims")))
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Check files for print."""
    with _session(lang, None) as speaker:
        from dmgen import console, prepress  # noqa: PLC0415

        reports = prepress.preflight(place, standard)
        if as_json:
            print(json.dumps(prepress.as_data(reports, speaker)))
        else:
            console.show_preflight(reports, speaker)
        prepress.refuse_errors(reports)


@app.command(help=_say(mark("The jobs of a shop and what became of them.")), rich_help_panel=_AFTER)
def jobs(shop: ShopPlace = None, lang: Lang = None) -> None:
    """List jobs."""
    with _session(lang, shop) as speaker:
        from dmgen import afterwards, console  # noqa: PLC0415

        console.show_jobs(afterwards.list_jobs(afterwards.shop_at(shop)), speaker)


@app.command(help=_say(mark("A job has gone to the post or the warehouse; that is final.")), rich_help_panel=_AFTER)
def sent(
    job: JobName,
    on: Annotated[date, typer.Option(parser=_day, metavar="DAY", help=_say(mark("the day it was sent")))],
    shop: ShopPlace = None,
    lang: Lang = None,
) -> None:
    """Mark a job as sent."""
    with _session(lang, shop) as speaker:
        from dmgen import afterwards, console  # noqa: PLC0415

        console.show_jobs([afterwards.mark_sent(afterwards.shop_at(shop), job, on)], speaker)


@app.command(help=_say(mark("A job will not be sent.")), rich_help_panel=_AFTER)
def cancel(job: JobName, shop: ShopPlace = None, lang: Lang = None) -> None:
    """Cancel a job."""
    with _session(lang, shop) as speaker:
        from dmgen import afterwards, console  # noqa: PLC0415

        console.show_jobs([afterwards.cancel(afterwards.shop_at(shop), job)], speaker)


@ledger_app.command(help=_say(mark("Write the numbers of finished jobs back into a ledger that lost them.")))
def restore(
    folders: Annotated[list[Path], typer.Argument(metavar="JOB...", help=_say(mark("job folders")))],
    shop: ShopPlace = None,
    lang: Lang = None,
) -> None:
    """Restore numbers from manifests."""
    with _session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415

        for folder in folders:
            written = afterwards.restore(afterwards.shop_at(shop), folder)
            said = mark("{folder}: {written} pieces and numbers written back")
            print(speaker.say(said, folder=folder, written=written))


@app.command(
    help=_say(mark("Explain or draw one code: qr, code128, ean13, datamatrix, japanpost.")), rich_help_panel=_PREPARE
)
def symbol(
    kind: Annotated[SymbolKind, typer.Argument(help=_say(mark("the kind of code")), show_default=False)],
    payload: Annotated[list[str] | None, typer.Argument(help=_say(mark("what it says")), show_default=False)] = None,
    postal: Annotated[str, typer.Option(help=_say(mark("japanpost: the postal code")), show_default=False)] = "",
    address: Annotated[
        str, typer.Option(help=_say(mark("japanpost: the address after the town")), show_default=False)
    ] = "",
    size: Annotated[float, typer.Option(help=_say(mark("japanpost: the size in pt")))] = 9.0,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help=_say(mark("draw it into FILE.pdf or FILE.svg")))
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Explain or draw a code."""
    with _session(lang, None) as speaker:
        from dmgen import symbol_command  # noqa: PLC0415

        said = " ".join(payload or ())
        asked = symbol_command.Asked(kind, said, postal, address, size)
        drawn = symbol_command.drawing(asked)
        if out:
            symbol_command.draw(drawn, out)
        print(json.dumps(drawn.facts, ensure_ascii=False) if as_json else symbol_command.explanation(drawn, speaker))


def _version(wanted: bool) -> None:
    if wanted:
        print(f"dmgen {dmgen.__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_version, is_eager=True, help=_say(mark("Show the version.")))
]


@app.callback()
def _options(version: Version = False) -> None:
    """Options of dmgen itself."""


def main() -> None:
    """The `dmgen` command; every way out has its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a cp932 terminal must never stop a job
    app()
