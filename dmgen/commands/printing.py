"""Commands that make and check print files: run, verify, preflight."""

import json
from pathlib import Path
from typing import Annotated

import typer

from dmgen.commands.session import (
    PRINT,
    AsOf,
    Campaigns,
    Customers,
    Drop,
    JobName,
    Json,
    Lang,
    Limit,
    Orders,
    Out,
    PdfStandard,
    Shipments,
    ShopPlace,
    Timings,
    Workers,
    app,
    measured,
    refuse_limit,
    request,
    say,
    session,
    show,
    show_all,
)
from dmgen.errors import ExitCode
from dmgen.messages import mark
from dmgen.model.printing import Standard


@app.command(
    help=say(mark("Print a campaign: letters, manifest and lists; several: one pile, too.")), rich_help_panel=PRINT
)
def run(
    campaign: Campaigns,
    customers: Customers = None,
    orders: Orders = None,
    shipments: Shipments = None,
    as_of: AsOf = None,
    drop: Drop = None,
    standard: PdfStandard = None,
    out: Out = None,
    workers: Workers = None,
    limit: Limit = None,
    timings: Timings = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Run the whole job, or those of several campaigns over one batch."""
    with session(lang, campaign[0]) as speaker, measured(timings, speaker):
        from dmgen import pipeline  # noqa: PLC0415
        from dmgen.console.progress import reporting  # noqa: PLC0415

        first, *others = campaign
        asked = request(
            first, customers, orders, as_of, drop, standard, shipments, out=out, workers=workers, limit=limit
        )
        if others:
            from dmgen.together.run import run_together  # noqa: PLC0415

            refuse_limit(limit)
            with reporting(speaker) as progress:
                joint = run_together(campaign, asked.overrides, out, workers, progress, speaker)
            show_all(joint, speaker, as_json=as_json)
            return
        with reporting(speaker) as progress:
            summary = pipeline.run(asked, progress, speaker)
        show(summary, speaker, as_json=as_json)


@app.command(help=say(mark("Read every page of a job back and compare it with its row.")), rich_help_panel=PRINT)
def verify(
    job: JobName,
    sample: Annotated[int | None, typer.Option(min=1, help=say(mark("only N pieces, evenly spread")))] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help=say(mark("processes that read")))] = None,
    shop: ShopPlace = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Read a job back."""
    with session(lang, shop) as speaker:
        from dmgen.console.progress import reporting  # noqa: PLC0415
        from dmgen.console.results import show_report  # noqa: PLC0415
        from dmgen.verify import verify as read_back  # noqa: PLC0415

        with reporting(speaker) as progress:
            report = read_back(job, shop, sample, workers, progress)
        if as_json:
            print(json.dumps({"job": report.job, "folder": str(report.folder), **report.verdict.as_json()}))
        else:
            show_report(report, speaker)
        if not report.verdict.released:
            raise typer.Exit(int(ExitCode.PREFLIGHT))


@app.command(help=say(mark("Check a PDF file, or a job's, against its print standard.")), rich_help_panel=PRINT)
def preflight(
    place: Annotated[Path, typer.Argument(metavar="FILE|JOB", help=say(mark("a PDF, or a job's folder")))],
    standard: Annotated[
        Standard | None, typer.Option(case_sensitive=False, help=say(mark("instead of what it claims")))
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Check files for print."""
    with session(lang, None) as speaker:
        from dmgen import prepress  # noqa: PLC0415
        from dmgen.console.results import show_preflight  # noqa: PLC0415

        reports = prepress.preflight(place, standard)
        if as_json:
            print(json.dumps(prepress.as_data(reports, speaker)))
        else:
            show_preflight(reports, speaker)
        prepress.refuse_errors(reports)
