"""The keys of [offers], [lottery], [links], [law] and [ar] and what each may hold."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, PlainValidator, model_validator

from dmgen.campaign import lengths
from dmgen.campaign.problems import RefusalError, listed
from dmgen.campaign.schema import (
    MOST_MONEY,
    FileName,
    Slug,
    Table,
    Text,
    Tickets,
    When,
    between,
    read_codes,
    read_day,
    read_validity,
)
from dmgen.messages import mark
from dmgen.model.layout import Box
from dmgen.model.lottery import Contest, Reveal
from dmgen.model.offer import Benefit, CodeSource

Money = Annotated[int, between(0, MOST_MONEY)]
SomeMoney = Annotated[int, between(1, MOST_MONEY)]
BENEFITS = tuple(benefit.value for benefit in Benefit)


class BenefitTable(Table):
    """What an offer, or a tier of it, gives and to which baskets."""

    amount: SomeMoney | None = None
    percent: Annotated[int, between(1, 100)] | None = None
    points: SomeMoney | None = None
    gift: Text | None = None
    shipping: Literal["free"] | None = None
    worth: SomeMoney | None = None
    cap: SomeMoney | None = None
    minimum: Money | None = None
    maximum: SomeMoney | None = None
    products: list[Text] = []

    @property
    def benefits(self) -> list[str]:
        """The keys of benefits that are written."""
        return [name for name in BENEFITS if getattr(self, name) is not None]


def _one_thing(found: list[str]) -> RefusalError:
    message = mark("an offer gives one thing, one of: {benefits}; here: {found}")
    return RefusalError(message, benefits=listed(BENEFITS), found=listed(found))


class TierTable(BenefitTable):
    """One of an offer's tiers; what it leaves out is the offer's own."""

    id: Slug
    when: When
    label: Text
    codes: Annotated[tuple[CodeSource, str], PlainValidator(read_codes)] | None = None

    @model_validator(mode="after")
    def _give_one_thing_at_most(self) -> Self:
        if len(self.benefits) > 1:
            raise _one_thing(self.benefits)
        return self


class OfferTable(BenefitTable):
    """[offers.NAME]."""

    label: Text
    valid: Annotated[int | date | Literal["birthday month"], PlainValidator(read_validity)]
    starts: date | None = None
    codes: Annotated[tuple[CodeSource, str], PlainValidator(read_codes)] = (CodeSource.SINGLE, "")
    tiers: list[TierTable] = []

    @model_validator(mode="after")
    def _give_one_thing(self) -> Self:
        if len(self.benefits) != 1:
            raise _one_thing(self.benefits)
        return self


class StepTable(Table):
    """One of [lottery] steps."""

    when: When
    tickets: Tickets


class PrizeTable(Table):
    """One of [lottery] prizes."""

    id: Slug
    label: Text
    prize: Text
    value: SomeMoney
    count: Annotated[int, between(1, 10_000_000)]
    reveal: Annotated[Reveal, Field(strict=False)] = Reveal.DRAW
    offer: str = ""


class AlongsideTable(Table):
    """One of [lottery] alongside."""

    label: Text
    highest: SomeMoney
    total: SomeMoney


class LotteryTable(Table):
    """[lottery]."""

    tickets: Tickets = 1
    steps: list[StepTable] = []
    form: Literal["digits", "groups"] = "digits"
    groups: Annotated[int, between(2, 999)] = 100
    digits: Annotated[int, between(4, 12)] | None = None
    check_digit: bool = False
    prizes: list[PrizeTable] = []
    drawn: Literal["here", "elsewhere"] = "here"
    repeat: bool = False
    draw_on: Annotated[int | date | None, PlainValidator(read_day)] = None
    claim_days: Annotated[int, between(1, 366)] = 60
    public: str = ""
    kind: Annotated[Contest, Field(strict=False)] = Contest.GENERAL
    alongside: list[AlongsideTable] = []


class LawTable(Table):
    """[law]: what the premium rules are measured by (yen), what the piece does, why a letter may go its way."""

    cheapest_purchase: SomeMoney | None = None
    planned_sales: SomeMoney | None = None
    takes_orders: bool = False
    printed: list[Text] = []
    acknowledge: Text = ""


class LinkTable(Table):
    """[links.NAME]."""

    to: Text = "coupon"
    utm: dict[Literal["source", "medium", "campaign", "content", "term"], str] | None = None
    direct: bool = False


class ArTable(Table):
    """[ar]."""

    marker: Annotated[int, between(0, 249)] | None = None
    content: FileName
    place: Annotated[Box, PlainValidator(lengths.box)]
    title: str = ""
    text: str = ""
