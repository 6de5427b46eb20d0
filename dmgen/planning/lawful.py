"""A campaign before the law: its premiums measured, its letters' notices looked for. It is no legal advice."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dmgen.audience import Audience
from dmgen.campaign.files import CAMPAIGN_FILE
from dmgen.campaign.problems import RefusalError, did_you_mean, listed, problem
from dmgen.errors import CampaignError, DmgenError
from dmgen.law.notices import CALLED, Notice, When, Words, lacking, notices_of
from dmgen.law.premiums import Assessment, Breach, Group, assess
from dmgen.law.rules import Rules, rules_of
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Segment
from dmgen.model.layout import AnySlot
from dmgen.model.lottery import Contest
from dmgen.offers.entitlement import Entitlement
from dmgen.planning.dues import tally
from dmgen.planning.kit import shop_cells
from dmgen.planning.letters import LetterReport, letter_remarks, letter_report, require_no_letter, shows
from dmgen.toml import TomlFile, read_toml

_JAPAN = "JP"
# Columns of customer lists that tell of a purchase: EC-CUBE 4, Shopify.
_BOUGHT = ("購入回数", "初回購入日", "最終購入日", "Total Orders", "Total Spent")
_NOTHING = re.compile(r"[0.,¥￥円]*")


@dataclass(frozen=True, slots=True)
class LawReport:
    """What was measured by which rules (None: of a country whose rules dmgen does not know), and what letters lack.

    `lacking` are the notices by layout, `letter` says what of the letters its channel may not hold.
    """

    rules: date | None = None
    assessment: Assessment = field(default_factory=Assessment)
    lacking: dict[str, tuple[Notice, ...]] = field(default_factory=dict)
    elsewhere: bool = False  # whether lottery numbers are printed for somebody else's prizes, which are not written
    shown: bool = False  # whether there is a lottery or a gift, or the letter takes orders
    letter: LetterReport = field(default_factory=LetterReport)

    def as_json(self) -> dict[str, Any]:
        """What job.json and `--json` say of it."""
        return {
            "legal_advice": False,
            "rules": self.rules.isoformat() if self.rules else None,
            "drawn_elsewhere": self.elsewhere,
            "measured": [row.as_json() for row in self.assessment.measured],
            "lacking": {layout: [notice.id for notice in notices] for layout, notices in self.lacking.items()},
            "letter": self.letter.as_json(),
        }


def law_report(campaign: Campaign, audience: Audience, entitled: Mapping[str, Entitlement]) -> LawReport:
    """The report on all letters that are to be printed; what they are `entitled` to by segment."""
    groups = [_group(campaign, audience, segment, entitled[segment.id]) for segment in campaign.segments]
    rules = _rules(campaign)
    assessment = assess(campaign, groups, rules)
    printed = [(segment, group) for segment, group in zip(campaign.segments, groups, strict=True) if group.pieces]
    missing: dict[str, dict[str, Notice]] = {}
    for segment, group in printed:
        for notice in _lacking(campaign, segment, group):
            missing.setdefault(segment.layout, {})[notice.id] = notice
    given = bool(campaign.lottery.prizes) or any(row.base is not None for row in assessment.measured)
    return LawReport(
        rules=rules.valid_from if rules else None,
        assessment=assessment,
        lacking={layout: tuple(notices.values()) for layout, notices in missing.items()},
        elsewhere=not campaign.lottery.prizes and any(group.tickets for group in groups),
        shown=given or campaign.law.takes_orders or any(group.tickets for group in groups),
        letter=letter_report(campaign),
    )


def _rules(campaign: Campaign) -> Rules | None:
    return rules_of(campaign.drop) if campaign.shop.country == _JAPAN else None


def _group(campaign: Campaign, audience: Audience, segment: Segment, entitled: Entitlement) -> Group:
    """The customers' letters of a segment: decoys cannot win. Only an open lottery asks whether people have bought."""
    due = {
        kind: len(positions) - audience.seeds_among(positions)
        for kind, positions in tally(audience, segment.id, entitled).items()
    }
    tickets = [kind.tickets for kind, letters in due.items() if letters]
    bought = False
    columns = [column for column in _BOUGHT if column in audience.columns]
    if any(tickets) and campaign.lottery.contest is Contest.OPEN:
        rows = audience.stream(audience.open_customers(segment.id), columns)
        bought = any(not _NOTHING.fullmatch(str(cell or "").strip()) for row in rows for cell in row.values())
    whole = sum(kind.tickets * letters for kind, letters in due.items())
    return Group(segment.id, sum(due.values()), whole, min(tickets, default=0), max(tickets, default=0), bought)


def require_lawful(campaign: Campaign, report: LawReport) -> None:
    """Raises CampaignError for the first thing that may not be printed or sent this way: the key, and the rule."""
    require_no_letter(campaign, report.letter)
    breaches = report.assessment.breaches
    if not breaches and not campaign.law.printed:
        return
    file = read_toml(campaign.folder / CAMPAIGN_FILE, format_required=True)
    _check_printed(campaign, file)
    if not breaches:
        return
    first = _refusal(file, breaches[0])
    if len(breaches) > 1:
        raise CampaignError(mark("{first} (and {more} more)"), first=first, more=len(breaches) - 1)
    raise first


def _refusal(file: TomlFile, breach: Breach) -> CampaignError:
    keys, allowed = breach.keys, CampaignError(breach.message, **breach.values)
    if file.nearest(keys) == keys and len(keys) > 1 and not isinstance(_at(file, keys), dict | list):
        return problem(file, keys, RefusalError(breach.message, **breach.values))
    key = f"[{keys[0]}]" if len(keys) == 1 else ".".join(str(key) for key in keys if isinstance(key, str))
    message = mark("{file}, line {line}: {key}: {allowed}")
    return CampaignError(message, file=file.path, line=file.line(keys), key=key, allowed=allowed)


def _at(file: TomlFile, keys: Sequence[str | int]) -> Any:
    found: Any = file.data
    for key in keys:
        found = found[key]
    return found


def _check_printed(campaign: Campaign, file: TomlFile) -> None:
    """Raises CampaignError for a notice under [law] printed that there is not."""
    known = [notice.id for notice in notices_of(campaign.drop)]
    for place, name in enumerate(campaign.law.printed):
        if name not in known:
            message = mark("there is no such notice{near}; the notices are: {known}")
            refusal = RefusalError(message, near=did_you_mean(name, known), known=listed(known))
            raise problem(file, ("law", "printed", place), refusal)


def law_remarks(campaign: Campaign, report: LawReport) -> Iterator[DmgenError]:
    """What a person should look at: notices that letters lack, and what the rules leave open."""
    yield from report.assessment.remarks
    yield from letter_remarks(campaign, report.letter)
    if report.rules is None and campaign.lottery.prizes:
        message = mark("dmgen knows the premium rules of Japan; the shop's country is {country}: ask a lawyer there")
        yield DmgenError(message, country=campaign.shop.country)
    for layout, notices in report.lacking.items():
        message = mark(
            "{file}: the words do not say the following. Add it, or where the artwork says it write under [law] "
            "printed = [{ids}]: {lacking}"
        )
        ids = ", ".join(f'"{notice.id}"' for notice in notices)
        yield DmgenError(message, file=f"{layout}.toml", ids=ids, lacking=_listed(campaign, notices))


def _listed(campaign: Campaign, notices: Sequence[Notice]) -> DmgenError:
    """What each notice is called, with words for it in the letter's language."""
    japanese = campaign.shop.country == _JAPAN
    item = mark("{called} (for example: {words})")
    items = [
        DmgenError(item, called=DmgenError(CALLED[notice.id]), words=notice.ja if japanese else notice.en)
        for notice in notices
    ]
    places = [f"item{number}" for number in range(len(items))]
    return DmgenError("; ".join(f"{{{place}}}" for place in places), **dict(zip(places, items, strict=True)))


def _lacking(campaign: Campaign, segment: Segment, group: Group) -> Iterator[Notice]:
    orders = campaign.law.takes_orders and campaign.shop.country == _JAPAN
    needed = [notice for notice in notices_of(campaign.drop) if orders or notice.when is not When.ORDERS]
    layout = campaign.layouts[segment.layout]
    tickets = group.most if group.least == group.most else None
    slots = [slot for page in layout.pages if shows(page.when, segment, tickets) for slot in page.slots]
    keys = dict.fromkeys(_words(slot) for slot in slots if shows(slot.when, segment, tickets))
    words = Words.of((layout.words[key] for key in keys if key), shop_cells(campaign.shop))
    return lacking(words, needed, campaign.law.printed, lottery=group.tickets > 0)


def _words(slot: AnySlot) -> str:
    """The key of the words that people can read in a slot."""
    return "" if hasattr(slot, "kind") else getattr(slot, "words", None) or ""
