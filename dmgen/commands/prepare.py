"""Commands before a job: check, analyze, new, proof, lists, symbol."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from dmgen.commands.session import (
    PREPARE,
    AsOf,
    Campaign,
    Campaigns,
    Customers,
    Drop,
    Json,
    Lang,
    Limit,
    Orders,
    PdfStandard,
    Shipments,
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
from dmgen.errors import UsageError
from dmgen.messages import mark
from dmgen.model.symbol import SymbolKind
from dmgen.resources import Format, starter


@app.command(help=say(mark("Who would get which letter, and who none; nothing is issued.")), rich_help_panel=PREPARE)
def check(
    campaign: Campaigns,
    customers: Customers = None,
    orders: Orders = None,
    shipments: Shipments = None,
    as_of: AsOf = None,
    drop: Drop = None,
    workers: Workers = None,
    limit: Limit = None,
    timings: Timings = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Check a campaign, or several over one batch."""
    with session(lang, campaign[0]) as speaker, measured(timings, speaker):
        from dmgen import pipeline  # noqa: PLC0415
        from dmgen.console.progress import reporting  # noqa: PLC0415

        first, *others = campaign
        asked = request(first, customers, orders, as_of, drop, shipments=shipments, workers=workers, limit=limit)
        if others:
            from dmgen.together.run import check_together  # noqa: PLC0415

            refuse_limit(limit)
            with reporting(speaker) as progress:
                joint = check_together(campaign, asked.overrides, workers, progress)
            show_all(joint, speaker, as_json=as_json)
            return
        with reporting(speaker) as progress:
            summary = pipeline.check(asked, progress)
        show(summary, speaker, as_json=as_json)


@app.command(
    help=say(mark("What the lists tell of the customers: tables, and one page with plots; nothing is issued.")),
    rich_help_panel=PREPARE,
)
def analyze(
    campaign: Campaign,
    customers: Customers = None,
    orders: Orders = None,
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE.html", help=say(mark("the page's own file")))] = None,
    fit: Annotated[
        bool, typer.Option("--fit", help=say(mark("fit every letter, too: down to those that are printed")))
    ] = False,
    timings: Timings = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Analyze the customers of a campaign."""
    with session(lang, campaign) as speaker, measured(timings, speaker):
        from dmgen.campaign import Overrides  # noqa: PLC0415
        from dmgen.console.analysis import show_analysis  # noqa: PLC0415
        from dmgen.console.progress import reporting  # noqa: PLC0415
        from dmgen.tasks import analyze as analysis  # noqa: PLC0415

        with reporting(speaker) as progress:
            made = analysis.analyze(campaign, Overrides(customers, orders, as_of), out, speaker, progress, fit=fit)
        if as_json:
            print(json.dumps(made.as_json(speaker)))
            return
        show_analysis(made, speaker)
        if made.page:
            print(made.page)


@app.command(help=say(mark("Start a campaign folder that runs at once.")), rich_help_panel=PREPARE)
def new(
    name: Annotated[Path, typer.Argument(help=say(mark("the new folder")), show_default=False)],
    form: Annotated[Format, typer.Option("--from", help=say(mark("the format to start from")))] = Format.LETTER,
    lang: Lang = None,
) -> None:
    """Start a campaign."""
    with session(lang, None) as speaker:
        from dmgen.campaign import start_campaign  # noqa: PLC0415

        for path in start_campaign(str(name), form.starter, starter("shop.toml")):
            print(path)
        typed = f'"{name}"' if " " in str(name) else name
        print(speaker.say(mark("Now type: dmgen run {name}"), name=typed), file=sys.stderr)


@app.command(
    help=say(mark("A watermarked PDF of the letters worth a look: worst cases and branches; nothing is issued.")),
    rich_help_panel=PREPARE,
)
def proof(
    campaign: Campaign,
    customers: Customers = None,
    orders: Orders = None,
    shipments: Shipments = None,
    as_of: AsOf = None,
    drop: Drop = None,
    customer: Annotated[str | None, typer.Option(metavar="ID", help=say(mark("only this customer's letter")))] = None,
    fictional: Annotated[
        bool, typer.Option("--fictional", help=say(mark("invented people, without watermark, to set up a press")))
    ] = False,
    out: Annotated[Path | None, typer.Option(help=say(mark("the proof's own file")))] = None,
    standard: PdfStandard = None,
    workers: Workers = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Make a proof."""
    with session(lang, campaign) as speaker:
        from dmgen import pipeline  # noqa: PLC0415
        from dmgen.console.progress import reporting  # noqa: PLC0415
        from dmgen.console.results import show_proof  # noqa: PLC0415

        if customer and fictional:
            raise UsageError(mark("write --customer ID or --fictional, not both"))
        asked = request(campaign, customers, orders, as_of, drop, standard, shipments, out=out, workers=workers)
        with reporting(speaker) as progress:
            made = pipeline.proof(asked, progress, speaker, customer, fictional=fictional)
        if as_json:
            print(json.dumps({"file": str(made.file), "pages": made.pages, "letters": len(made.specimens)}))
            return
        show_proof(made, speaker)
        print(made.file)


@app.command(
    help=say(mark("The campaign's [contact_lists] as files: e-mail, SMS, advertising, calls; nothing is issued.")),
    rich_help_panel=PREPARE,
)
def lists(
    campaign: Campaign,
    customers: Customers = None,
    orders: Orders = None,
    as_of: AsOf = None,
    drop: Drop = None,
    out: Annotated[Path | None, typer.Option(help=say(mark("the folder of the lists")))] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write contact lists."""
    with session(lang, campaign) as speaker:
        from dmgen.campaign import Overrides  # noqa: PLC0415
        from dmgen.console.results import show_lists  # noqa: PLC0415
        from dmgen.tasks.lists import write_lists  # noqa: PLC0415

        made = write_lists(campaign, Overrides(customers, orders, as_of, drop), out)
        if as_json:
            found = [
                {"id": m.id, "channel": m.channel, "file": str(m.file), "people": m.people, "left_out": m.left_out}
                for m in made.made
            ]
            remarks = [speaker.error(remark) for remark in made.remarks]
            print(json.dumps({"customers": made.customers, "lists": found, "remarks": remarks}))
            return
        show_lists(made, speaker)
        print(made.folder)


@app.command(
    help=say(mark("Explain or draw one code: qr, code128, ean13, datamatrix, japanpost.")), rich_help_panel=PREPARE
)
def symbol(
    kind: Annotated[SymbolKind, typer.Argument(help=say(mark("the kind of code")), show_default=False)],
    payload: Annotated[list[str] | None, typer.Argument(help=say(mark("what it says")), show_default=False)] = None,
    postal: Annotated[str, typer.Option(help=say(mark("japanpost: the postal code")), show_default=False)] = "",
    address: Annotated[
        str, typer.Option(help=say(mark("japanpost: the address after the town")), show_default=False)
    ] = "",
    size: Annotated[float, typer.Option(help=say(mark("japanpost: the size in pt")))] = 9.0,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help=say(mark("draw it into FILE.pdf or FILE.svg")))
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Explain or draw a code."""
    with session(lang, None) as speaker:
        from dmgen.tasks import symbol as symbol_command  # noqa: PLC0415

        said = " ".join(payload or ())
        asked = symbol_command.Asked(kind, said, postal, address, size)
        drawn = symbol_command.drawing(asked)
        if out:
            symbol_command.draw(drawn, out)
        print(json.dumps(drawn.facts, ensure_ascii=False) if as_json else symbol_command.explanation(drawn, speaker))


@app.command(
    help=say(mark("What the files are, for a printer's prepress, and whether all works on this machine.")),
    rich_help_panel=PREPARE,
)
def doctor(lang: Lang = None, as_json: Json = False) -> None:
    """Examine this machine."""
    with session(lang, None) as speaker:
        from dmgen.console.results import show_examined  # noqa: PLC0415
        from dmgen.tasks.doctor import examine, refuse_wrong  # noqa: PLC0415

        examined = list(examine())
        if as_json:
            print(json.dumps([{"name": e.name, "ok": not e.wrong, "told": speaker.error(e.told)} for e in examined]))
        else:
            show_examined(examined, speaker)
        refuse_wrong(examined)
