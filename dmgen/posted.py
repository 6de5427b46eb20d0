"""What a plan hands to the post: its letters by size and weight, with and without barcode, by postal district."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from math import ceil
from typing import NamedTuple

from dmgen.errors import CampaignError
from dmgen.layout import Master
from dmgen.layout.piece import PieceValues
from dmgen.messages import mark
from dmgen.model.campaign import NO_BARCODE, PARCEL_CHANNELS, Campaign, Channel, Segment
from dmgen.model.layout import JapanPostSlot, Layout
from dmgen.model.posting import ENVELOPES, REAM_AREA, Envelope, MailClass, MailRules, Paper
from dmgen.model.production import Numbers, Row
from dmgen.model.rule import Rule
from dmgen.planning.address_side import says_card
from dmgen.planning.order import districts_of
from dmgen.planning.plan import Plan
from dmgen.post.classes import classed
from dmgen.post.item import item_of
from dmgen.post.postage import Posting
from dmgen.post.rates import Rates, rates

_LAYOUT = "layout"
_ENVELOPES = [ENVELOPES[key] for key in ("naga3", "kaku20", "kaku2")]  # the first that the folded sheet goes into
_LETTER, _CARDBOARD, _FOLDED_CARD = 90, 180, 110  # kg, 四六判


class Part(NamedTuple):
    """The letters of one segment in a posting; those of another number of sheets are in another."""

    segment: str
    pieces: int
    with_barcode: int


@dataclass(frozen=True)
class Posted:
    """Letters of one size and weight, handed in together; `layout` is that of the first of them.

    `rules` are [mail] with what was assumed for what it leaves out, `assumptions` say what that was. Where nothing
    is said under [mail] and the post does not take what was assumed, `refused` says why, and `posting` is None.
    """

    layout: Layout
    rules: MailRules
    paper: Paper
    sheets: int
    parts: tuple[Part, ...]
    posting: Posting | None
    refused: CampaignError | None = None
    assumptions: tuple[CampaignError, ...] = ()

    @property
    def pieces(self) -> int:
        """All its letters."""
        return sum(part.pieces for part in self.parts)


class Pile(NamedTuple):
    """Letters of a segment with as many sheets each: how many, those with a barcode, those to each postal code."""

    pieces: int
    with_barcode: int
    codes: Counter[str]


class Look(NamedTuple):
    """The open letters of a segment: the fewest and most pages of one; the letters by how many sheets one has."""

    fewest: int
    most: int
    piles: Mapping[int, Pile]

    @property
    def pieces(self) -> int:
        """All its letters."""
        return sum(pile.pieces for pile in self.piles.values())


def is_posted(campaign: Campaign) -> bool:
    """Whether letters go to the post, and to one whose postage is known."""
    return campaign.channel not in PARCEL_CHANNELS and campaign.shop.country == "JP"


def rates_of(campaign: Campaign) -> Rates:
    """Postage on the day of the drop: the shop's own file, or the shipped data. Raises CampaignError."""
    return rates(campaign.drop, campaign.shop.postage)


def posted(plan: Plan, looks: Mapping[str, Look] | None = None) -> list[Posted]:
    """The open letters of a plan as they are handed in; none for parcels, nor where the post is not Japan's.

    To be asked before the outcomes of the plan's people are settled. Letters of a segment that have other numbers of
    sheets are posted apart. `looks` are those of its segments, where they are known already.
    """
    campaign = plan.campaign
    if not is_posted(campaign):
        return []
    of_the_day, looks = rates_of(campaign), looks or looked_at(plan)
    district = districts_of(campaign, codes_of(looks))
    found: dict[object, Posted] = {}
    for segment in campaign.segments:
        seen = looks[segment.id]
        for sheets, pile in seen.piles.items():
            one = _posted(campaign, segment, seen, sheets, _districts(pile, district), of_the_day)
            posting = one.posting
            key = (posting.item, posting.classed.mail_class, one.rules) if posting else (one.layout.name, sheets)
            found[key] = _together(found[key], one) if key in found else one
    return list(found.values())


def codes_of(looks: Mapping[str, Look]) -> set[str]:
    """Every postal code of the letters."""
    return {code for seen in looks.values() for pile in seen.piles.values() for code in pile.codes}


def _districts(pile: Pile, district: Mapping[str, str]) -> Counter[str]:
    """Letters to each district, as the post draws them."""
    found: Counter[str] = Counter()
    for code, letters in pile.codes.items():
        found[district[code]] += letters
    return found


def _together(first: Posted, second: Posted) -> Posted:
    posting = first.posting
    if posting and second.posting:
        posting = replace(
            posting,
            pieces=posting.pieces + second.posting.pieces,
            with_barcode=posting.with_barcode + second.posting.with_barcode,
            districts=Counter(posting.districts) + Counter(second.posting.districts),
        )
    assumptions = first.assumptions + second.assumptions
    return replace(first, parts=first.parts + second.parts, posting=posting, assumptions=assumptions)


def assumed(handed_in: Sequence[Posted]) -> list[CampaignError]:
    """What was assumed of all letters: each assumption once, with the layouts that it was made of."""
    layouts: dict[tuple[str, str], list[str]] = {}
    found: dict[tuple[str, str], CampaignError] = {}
    for said in (said for one in handed_in for said in one.assumptions):
        others = {key: value for key, value in said.values.items() if key != _LAYOUT}
        key = said.message, str(others)
        layouts.setdefault(key, []).append(str(said.values[_LAYOUT]))
        found[key] = CampaignError(said.message, **others)
    return [
        CampaignError(said.message, **said.values, **{_LAYOUT: ", ".join(dict.fromkeys(layouts[key]))})
        for key, said in found.items()
    ]


def _posted(
    campaign: Campaign, segment: Segment, seen: Look, sheets: int, districts: Counter[str], of_the_day: Rates
) -> Posted:
    layout, pile = campaign.layouts[segment.layout], seen.piles[sheets]
    said = _Said(campaign, layout, of_the_day)
    paper, rules = said.paper(), said.rules(sheets)
    if seen.fewest < seen.most:
        said.varies(seen)
    part = Part(segment.id, pile.pieces, pile.with_barcode)
    posting = refused = None
    try:
        item = item_of(layout, sheets, paper, rules)
        told = classed(item, rules, of_the_day, card=rules.envelope is None and shows_card(campaign, layout))
        posting = Posting(item, told, pile.pieces, pile.with_barcode, districts)
    except CampaignError as error:
        if campaign.mail:
            raise
        refused = error
    return Posted(layout, rules, paper, sheets, (part,), posting, refused, tuple(said.assumptions))


def shows_card(campaign: Campaign, layout: Layout) -> bool:
    """Whether a layout says that it is a card, or its artwork may, which nobody can read here."""
    return says_card(layout, campaign.mail) is not False


class _Said:
    """How the letters of one layout are posted and printed, as the campaign says; the rest is assumed, and said."""

    def __init__(self, campaign: Campaign, layout: Layout, of_the_day: Rates) -> None:
        self.campaign = campaign
        self.layout = layout
        self.card = of_the_day.classes.get(MailClass.HAGAKI)
        self.assumptions: list[CampaignError] = []

    def paper(self) -> Paper:
        """[print] paper."""
        if self.campaign.printing.paper:
            return self.campaign.printing.paper
        ream = (_FOLDED_CARD if self.layout.folds else _CARDBOARD) if self._is_card() else _LETTER
        self._assume(
            mark('paper of {layout}: {ream} kg (四六判). Otherwise write [print] paper = {{ name = "…", ream = 90 }}'),
            ream=ream,
        )
        return Paper.of(f"上質紙 四六判{ream}kg", ream / REAM_AREA)

    def rules(self, sheets: int) -> MailRules:
        """[mail]."""
        rules = self.campaign.mail or MailRules(envelope=self._envelope(sheets))
        if self.campaign.mail and rules.envelope is None and not self._is_card():
            self._assume(mark('{layout}: posted as it is folded, for [mail] says no envelope = "naga3"'))
        if rules.mail_class is None and self.campaign.channel is Channel.MAIL_OPEN:
            rules = replace(rules, mail_class=MailClass.YUMAIL)
        return rules

    def _envelope(self, sheets: int) -> Envelope | None:
        if self._is_card():
            self._assume(mark('{layout}: posted as it is, a card. Otherwise write [mail] envelope = "naga3"'))
            return None
        envelope = next((one for one in _ENVELOPES if self._goes_into(one, sheets)), _ENVELOPES[-1])
        self._assume(
            mark(
                '{layout}: posted in an envelope {envelope}. Otherwise write [mail] envelope = "…", or false for none'
            ),
            envelope=envelope.name,
        )
        return envelope

    def _goes_into(self, envelope: Envelope, sheets: int) -> bool:
        try:
            item_of(self.layout, sheets, Paper.of("", 100), MailRules(envelope=envelope))
        except CampaignError:
            return False
        return True

    def _is_card(self) -> bool:
        if self.card is None or not shows_card(self.campaign, self.layout):
            return False
        bare = item_of(self.layout, 1, Paper.of("", 100), MailRules())
        return self.card.has_sides(bare.width, bare.height)

    def varies(self, seen: Look) -> None:
        """Letters of different pages: as the pages are, so they lie among one another in the print files."""
        if len(seen.piles) == 1:
            message = mark("{layout}: letters have {fewest} to {most} pages; print is reckoned with {most}")
            self._assume(message, fewest=seen.fewest, most=seen.most)
            return
        message = mark(
            "{layout}: letters have {fewest} to {most} sheets and lie among one another in the files. Each number of "
            "sheets is weighed and counted by itself: hand them in apart, or with the list of the post office "
            "(内訳票); print and paper are reckoned with {most}"
        )
        self._assume(message, fewest=min(seen.piles), most=max(seen.piles))

    def _assume(self, message: str, **values: object) -> None:
        self.assumptions.append(CampaignError(message, **values, **{_LAYOUT: self.layout.name}))


def looked_at(plan: Plan) -> dict[str, Look]:
    """The open letters of each segment, counted."""
    without = {fault.position for fault in plan.faults if fault.misfit.reason.startswith(NO_BARCODE)}
    return {segment.id: _look(plan, segment, without) for segment in plan.campaign.segments}


def _look(plan: Plan, segment: Segment, without: Set[int]) -> Look:
    layout, master = plan.campaign.layouts[segment.layout], plan.kit.masters[segment.id]
    positions = plan.audience.open_positions(segment.id).tolist()
    codes = _barcode_rules(layout)
    varying = any(page.when for page in layout.pages) or any(codes)
    postal_codes: defaultdict[int, Counter[str]] = defaultdict(Counter)
    with_barcode: Counter[int] = Counter()
    pages: set[int] = set()
    columns = plan.columns_of(master) if varying else ("postal_code",)
    for position, row in zip(positions, plan.audience.stream(positions, columns), strict=True):
        page_count, coded = len(layout.pages), bool(codes)
        if varying:
            numbers = plan.placeholders.of_rows(segment.id, [row])[0]
            page_count, coded = _of_piece(master, codes, row, numbers)
        sheets = ceil(page_count / layout.sides)
        pages.add(page_count)
        postal_codes[sheets][str(row["postal_code"])] += 1
        with_barcode[sheets] += coded and position not in without
    piles = {sheets: Pile(found.total(), with_barcode[sheets], found) for sheets, found in sorted(postal_codes.items())}
    return Look(min(pages, default=0), max(pages, default=0), piles)


def _of_piece(master: Master, codes: Sequence[tuple[Rule, ...]], row: Row, numbers: Numbers) -> tuple[int, bool]:
    piece = PieceValues(master.values(row, numbers, 0), [], numbers)
    pages = sum(not page.when or piece.holds(page.when) for page in master.pages)
    return pages, any(all(map(piece.holds, rules)) for rules in codes)


def _barcode_rules(layout: Layout) -> list[tuple[Rule, ...]]:
    """What must be true for each customer barcode of a layout to be printed."""
    return [
        tuple(rule for rule in (page.when, slot.when) if rule)
        for page in layout.pages
        for slot in page.slots
        if isinstance(slot, JapanPostSlot)
    ]
