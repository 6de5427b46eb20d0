"""[lottery]: tickets and prizes."""

from datetime import date

from dmgen.campaign.offers import day_after
from dmgen.campaign.problems import RefusalError, did_you_mean, listed, problem
from dmgen.campaign.schema_campaign import CampaignTable
from dmgen.messages import mark
from dmgen.model.lottery import Alongside, Form, Lottery, Prize, Step
from dmgen.toml import TomlFile

_DIGITS, _DIGITS_IN_GROUP = 8, 6


def read_lottery(file: TomlFile, table: CampaignTable, drop: date) -> Lottery:
    """The lottery as written. Raises CampaignError."""
    written = table.lottery
    grouped = written.form == "groups"
    draw_on = written.draw_on if isinstance(written.draw_on, date | None) else day_after(drop, written.draw_on)
    if draw_on is not None and draw_on < drop:
        message = mark("the draw would be before the drop, {drop}; write a later day")
        raise problem(file, ("lottery", "draw_on"), RefusalError(message, drop=drop))
    for place, prize in enumerate(written.prizes):
        if prize.offer and prize.offer not in table.offers:
            message = mark("there is no such offer{near}; the offers are: {offers}")
            near = did_you_mean(prize.offer, table.offers)
            refusal = RefusalError(message, near=near, offers=listed(table.offers))
            raise problem(file, ("lottery", "prizes", place, "offer"), refusal)
        if prize.id in [earlier.id for earlier in written.prizes[:place]]:
            message = mark("an earlier prize has this id; each needs its own")
            raise problem(file, ("lottery", "prizes", place, "id"), RefusalError(message))
    return Lottery(
        tickets=written.tickets,
        steps=tuple(Step(step.when, step.tickets) for step in written.steps),
        form=Form(
            digits=written.digits or (_DIGITS_IN_GROUP if grouped else _DIGITS),
            groups=written.groups if grouped else 0,
            check=written.check_digit,
        ),
        prizes=tuple(Prize(**dict(prize)) for prize in written.prizes),
        elsewhere=written.drawn == "elsewhere",
        repeat=written.repeat,
        draw_on=draw_on,
        claim_days=written.claim_days,
        public=written.public,
        contest=written.kind,
        alongside=tuple(Alongside(*dict(one).values()) for one in written.alongside),
    )
