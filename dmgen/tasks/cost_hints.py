"""What `dmgen cost` points out: discounts that are a few letters away, and what does not agree with campaign.toml."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from dmgen.campaign.files import CAMPAIGN_FILE
from dmgen.errors import CampaignError, DmgenError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign
from dmgen.model.posting import Discount
from dmgen.post.effects import Effect, effects
from dmgen.post.postage import DISCOUNT_NAMES, Posting
from dmgen.post.rates import Rates
from dmgen.posted import Posted

_NEAR = 10  # a threshold is near that is at most a tenth of the letters away
_SAME = Decimal("0.5")  # yen a letter


def hints(handed_in: Sequence[Posted], rates: Rates) -> Iterator[DmgenError]:
    """Discounts, or higher rates of them, that some more letters would reach."""
    postings = [one.posting for one in handed_in if one.posting]
    if not postings:
        return
    rules = handed_in[0].rules
    largest = max(range(len(postings)), key=lambda place: postings[place].pieces)
    now = {effect.discount: effect for effect in effects(postings, rules, rates)}
    for discount, effect in now.items():
        pieces = _counted(postings[largest], discount)
        least = next((at for at in _thresholds(rates, discount) if at > pieces), None)
        if not (least and pieces and (least - pieces) * _NEAR <= pieces):
            continue
        more = least - pieces
        larger = [*postings]
        larger[largest] = _larger(postings[largest], more)
        reached = next(one for one in effects(larger, rules, rates) if one.discount is discount)
        if reached.saves * _letters(postings) > effect.saves * _letters(larger):
            yield _near(discount, effect, reached, pieces=pieces, more=more)


def _letters(postings: Sequence[Posting]) -> int:
    return sum(one.pieces for one in postings)


def _near(discount: Discount, effect: Effect, reached: Effect, *, pieces: int, more: int) -> DmgenError:
    message = mark(
        "{pieces:,} letters: {more:,} more would reach {discount} for {least:,}, which saves {then:,} yen "
        "instead of {now:,}"
    )
    named = CampaignError(DISCOUNT_NAMES[discount])
    least = pieces + more
    return CampaignError(
        message, pieces=pieces, more=more, discount=named, least=least, then=reached.saves, now=effect.saves
    )


def _counted(posting: Posting, discount: Discount) -> int:
    """The letters that count towards a discount."""
    return posting.with_barcode if discount is Discount.BARCODE else posting.pieces


def _thresholds(rates: Rates, discount: Discount) -> list[int]:
    return sorted({least for base in rates.discounts[discount].base for least, _ in base.percent})


def _larger(posting: Posting, more: int) -> Posting:
    """The same with some more letters, each with a barcode if any has one."""
    return replace(
        posting,
        pieces=posting.pieces + more,
        with_barcode=posting.with_barcode + (more if posting.with_barcode else 0),
    )


def remarks(
    campaign: Campaign, handed_in: Sequence[Posted], per_letter: Decimal | None, letters: int
) -> Iterator[DmgenError]:
    """What a person should look at: letters that the post would not take, [limits] that reckons with another cost."""
    for one in handed_in:
        if one.refused:
            yield CampaignError(
                mark("no postage for {layout}: {reason}. Say how it is posted under [mail]"),
                layout=one.layout.name,
                reason=one.refused,
            )
        elif one.posting:
            yield from one.posting.classed.remarks
    said = campaign.choice.limits.cost
    if said is not None and per_letter is not None and abs(Decimal(str(said)) - per_letter) >= _SAME:
        yield CampaignError(
            mark(
                "{file}: [limits] cost = {said:g} yen a letter, but {letters:,} letters cost {computed:,} yen each by "
                "these prices: write that, or the budget is reckoned with another cost"
            ),
            file=campaign.folder / CAMPAIGN_FILE,
            said=said,
            letters=letters,
            computed=per_letter,
        )
