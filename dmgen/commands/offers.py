"""Commands for what letters promise: offers check, void, used, export."""

import json
from pathlib import Path
from typing import Annotated

import typer

from dmgen.commands.session import AFTER, JobName, Json, Lang, ShopPlace, app, say, session
from dmgen.messages import mark

offers_app = typer.Typer(
    help=say(mark("Coupon codes: looked up, made void, recorded as used, handed to the cart.")), no_args_is_help=True
)


@offers_app.command(help=say(mark("What a coupon code is worth that somebody reads out.")))
def check(
    code: Annotated[list[str], typer.Argument(help=say(mark("as it is printed, in any spacing")), show_default=False)],
    shop: ShopPlace = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Look a code up."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.offers import show_answer  # noqa: PLC0415
        from dmgen.tasks.offers_check import check_code  # noqa: PLC0415

        answer = check_code(afterwards.shop_at(shop), " ".join(code))
        if as_json:
            print(json.dumps(answer.as_json()))
        else:
            show_answer(answer, speaker)


@offers_app.command(help=say(mark("Codes are no longer good: coupon codes, or all that a piece was issued.")))
def void(
    why: Annotated[str, typer.Option(metavar="TEXT", help=say(mark("the reason, as offers check tells it")))],
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="WHAT...", help=say(mark("coupon codes, or ids of pieces")), show_default=False),
    ] = None,
    file: Annotated[Path | None, typer.Option(help=say(mark("a file of them, one a line")))] = None,
    shop: ShopPlace = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Make codes void."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.offers import show_voided  # noqa: PLC0415
        from dmgen.tasks import offers_fates  # noqa: PLC0415

        voided = offers_fates.void(afterwards.shop_at(shop), what or [], file, why)
        if as_json:
            print(json.dumps(voided.as_json()))
        else:
            show_voided(voided, speaker)


@offers_app.command(help=say(mark("Record which codes were used, from a CSV of the cart's.")))
def used(
    file: Annotated[Path, typer.Argument(help=say(mark("one code a line, or a CSV with a column of codes")))],
    shop: ShopPlace = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Record redemptions."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.offers import show_used  # noqa: PLC0415
        from dmgen.tasks.offers_fates import record_used  # noqa: PLC0415

        told = record_used(afterwards.shop_at(shop), file)
        if as_json:
            print(json.dumps(told.as_json()))
        else:
            show_used(told, speaker)


@offers_app.command(help=say(mark("The codes of a printed job in the files that a cart takes.")))
def export(
    job: JobName,
    form: Annotated[
        str,
        typer.Option("--for", metavar="CART", help="shopify-api, matrixify, woocommerce, generic", show_default=False),
    ],
    out: Annotated[Path | None, typer.Option(help=say(mark("the folder for the files")))] = None,
    shop: ShopPlace = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write the codes of a job for a cart."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards  # noqa: PLC0415
        from dmgen.console.offers import show_exported  # noqa: PLC0415
        from dmgen.tasks import offers_export  # noqa: PLC0415

        exported = offers_export.export(afterwards.shop_at(shop), job, form, out, speaker)
        if as_json:
            print(json.dumps({"folder": str(exported.folder), **exported.as_json(speaker)}))
        else:
            show_exported(exported, speaker)


app.add_typer(offers_app, name="offers", rich_help_panel=AFTER)
