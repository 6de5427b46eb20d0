"""The hello campaign with prizes that a page reveals, for the tests that look at it from several sides."""

import json
import sqlite3

from tests.jobs import Desk, Job, people
from tests.offers.reference_draw import reference

CAMPAIGN, LETTER = "layouts/hello/campaign.toml", "layouts/hello/hello.toml"
LOTTERY = """
[links.win]
to = "lottery"

[lottery]
draw_on = 2026-06-10
public  = "日経平均株価 2026-06-10 の終値"
prizes  = [{ id = "chigusa", label = "千草賞", prize = "新茶と急須のひと揃え", value = 8000, count = 2 },
           { id = "spark", label = "当日賞", prize = "300円引き", value = 300, count = 3, reveal = "page" },
           { id = "tea", label = "新茶賞", prize = "新茶 <20g> & 茶缶", value = 900, count = 1, reveal = "page" }]

[law]
cheapest_purchase = 1000
planned_sales     = 5000000
"""
ELSEWHERE = """
[lottery]
drawn = "elsewhere"             # a lottery of the shopping street: it gives and draws the prizes. One's own: see hagaki
"""
PAGE = "pages/hello/2026-04-05/lottery"


def at_once(desk: Desk, count: int = 20) -> None:
    """Write the campaign, with `count` people; the QR code of its letters leads to the page."""
    desk.write("assets/lists/customers.csv", people(count))
    desk.edit(CAMPAIGN, ELSEWHERE, LOTTERY)
    desk.edit(LETTER, 'link = "coupon"', 'link = "win"')


def built(desk: Desk, *args: str) -> dict:
    """`dmgen links build` that must succeed: what it says of itself."""
    result = desk.invoke("links", "build", "layouts/hello", "--out", "site", "--json", *args)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def seed(desk: Desk) -> str:
    """The secret seed, as only the ledger has it."""
    with sqlite3.connect(desk.ledger) as database:
        return str(database.execute("select seed from lotteries").fetchone()[0])


def winners(desk: Desk, job: Job) -> dict[str, list[str]]:
    """By prize of the page the pieces that have won it: from the ledger's seed, by the second implementation."""
    decoys = {row["piece_id"] for row in job.manifest if row["seed"] == "1"}
    owners = {row["code"]: row["piece_id"] for row in job.codes if row["kind"] == "ticket"}
    tickets = [ticket for ticket, piece in owners.items() if piece not in decoys]
    won = reference(tickets, job.ticket["lottery"]["rules"], seed(desk), "any")
    return {prize: [owners[ticket] for ticket in won[prize]] for prize in ("spark", "tea")}


def tokens(job: Job) -> dict[str, str]:
    """By piece the token of its link to the page."""
    return {row["piece_id"]: row["code"] for row in job.codes if (row["kind"], row["name"]) == ("link", "win")}
