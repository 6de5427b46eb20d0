"""Commands for what letters promise: offers check."""

import json
from typing import Annotated

import typer

from dmgen.commands.session import AFTER, Json, Lang, ShopPlace, app, say, session
from dmgen.messages import mark

offers_app = typer.Typer(help=say(mark("Coupon codes, as the call centre asks for them.")), no_args_is_help=True)


@offers_app.command(help=say(mark("What a coupon code is worth that somebody reads out.")))
def check(
    code: Annotated[list[str], typer.Argument(help=say(mark("as it is printed, in any spacing")), show_default=False)],
    shop: ShopPlace = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Look a code up."""
    with session(lang, shop) as speaker:
        from dmgen import afterwards, console  # noqa: PLC0415
        from dmgen.tasks.offers_check import check_code  # noqa: PLC0415

        answer = check_code(afterwards.shop_at(shop), " ".join(code))
        if as_json:
            print(json.dumps(answer.as_json()))
        else:
            console.show_answer(answer, speaker)


app.add_typer(offers_app, name="offers", rich_help_panel=AFTER)
