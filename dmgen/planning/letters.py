"""Letters (信書) in parcels and open mail: what of each layout may not go its way. It is no legal advice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dmgen.campaign.files import CAMPAIGN_FILE, layout_file
from dmgen.campaign.problems import RefusalError, problem
from dmgen.errors import CampaignError, DmgenError
from dmgen.law.letters import (
    CALLED,
    LENGTH,
    VALUE,
    Finding,
    Holds,
    Passage,
    Severity,
    Sheet,
    findings,
    letter_rules_of,
    together,
)
from dmgen.layout import said
from dmgen.messages import mark
from dmgen.model.campaign import PARCEL_CHANNELS, Campaign, Channel, Segment
from dmgen.model.layout import (
    AddressSlot,
    AnySlot,
    CouponSlot,
    ImageSlot,
    JapanPostSlot,
    Layout,
    LotterySlot,
    PostalBoxesSlot,
    QrSlot,
    SymbolSlot,
    TextSlot,
)
from dmgen.model.parcel import Carrier
from dmgen.model.rule import Rule, evaluate
from dmgen.model.web import Target
from dmgen.offers.entitlement import Entitlement
from dmgen.offers.link import rule_of
from dmgen.planning.kit import shop_cells
from dmgen.toml import read_toml

_JAPAN = "JP"
_SHOWN = 20
_KINDS: dict[type, str] = {
    TextSlot: "text",
    AddressSlot: "address",
    PostalBoxesSlot: "postal_boxes",
    ImageSlot: "image",
    CouponSlot: "coupon",
    LotterySlot: "lottery",
    JapanPostSlot: "japanpost",
    QrSlot: "link",
    SymbolSlot: "symbol",
}
_READ = ("text", "coupon", "lottery")  # kinds whose words people can read
_Places = Mapping[str, tuple[Path, int]]


@dataclass(frozen=True, slots=True)
class LetterReport:
    """What was found by which rules; without `rules` (a shop of another country) nothing was looked at."""

    channel: Channel = Channel.MAIL
    carrier: Carrier | None = None
    holds: Holds = Holds.ANYTHING
    rules: date | None = None
    rule: str = ""
    findings: tuple[Finding, ...] = ()
    acknowledge: str = ""

    @property
    def forbidden(self) -> bool:
        """Whether something was found that is not only doubtful."""
        return any(finding.severity is Severity.FORBIDDEN for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """What job.json and `--json` say of it."""
        return {
            "rules": self.rules.isoformat() if self.rules else None,
            "channel": self.channel.value,
            "carrier": self.carrier.value if self.carrier else None,
            "may_hold": self.holds.value,
            "findings": [finding.as_json() for finding in self.findings],
            "acknowledge": self.acknowledge or None,
        }


def letter_report(campaign: Campaign) -> LetterReport:
    """The report on every layout that a segment has, whether anybody is of it today or not."""
    channel, carrier, why = campaign.channel, campaign.parcels.carrier, campaign.law.acknowledge
    if campaign.shop.country != _JAPAN:
        return LetterReport(channel, carrier, acknowledge=why)
    rules = letter_rules_of(campaign.drop)
    holds = rules.holds(channel, carrier)
    segments = campaign.segments if holds is not Holds.ANYTHING else ()
    found = (finding for segment in segments for finding in findings(sheet_of(campaign, segment), holds, rules))
    return LetterReport(channel, carrier, holds, rules.valid_from, rules.rule, tuple(together(found)), why)


def sheet_of(campaign: Campaign, segment: Segment) -> Sheet:
    """A segment's layout as its letters can show it. Raises CampaignError."""
    layout, entitled = campaign.layouts[segment.layout], Entitlement.of(campaign, segment)
    possible = {entitled.tickets, *(step.tickets for step in entitled.steps)}
    tickets = possible.pop() if len(possible) == 1 else None
    pages = [page for page in layout.pages if shows(page.when, segment, tickets)]
    places, known = _slot_places(layout), _known(campaign, entitled)
    passages = [
        _passage(campaign, layout, slot, places, known, offered=entitled.offer is not None)
        for page in pages
        for slot in page.slots
        if type(slot) in _KINDS and shows(slot.when, segment, tickets)
    ]
    return Sheet(layout.name, len(pages), tuple(passages))


def shows(when: Rule | None, segment: Segment, tickets: int | None) -> bool:
    """Whether some letter of a segment can show what stands under a rule; `tickets` are those of each, if known."""
    known: dict[str, str | int] = {"offer": segment.offer or "", "segment": segment.name}
    if tickets is not None:
        known["tickets"] = tickets
    return when is None or not when.names <= known.keys() or bool(evaluate(when, known.__getitem__))


def _passage(
    campaign: Campaign, layout: Layout, slot: AnySlot, places: _Places, known: Mapping[str, str], *, offered: bool
) -> Passage:
    """A slot's passage; `offered`: whether the segment has an offer, which a link to the coupon's page leads to."""
    kind = _KINDS[type(slot)]
    key: str = getattr(slot, "words", None) or ""
    file, line = layout.origins[key] if key in layout.origins else places.get(slot.name, (layout.file, 1))
    area = slot.box.width * slot.box.height if kind in _READ or isinstance(slot, QrSlot) else 0.0
    names: tuple[tuple[str, int], ...] = ()
    if isinstance(slot, QrSlot):
        target = rule_of(campaign, slot.link).to
        leads = isinstance(target, Target) and (offered or target is not Target.COUPON)
        kind = f"link.{target}" if leads else kind
    if isinstance(slot, ImageSlot) and slot.column:
        names = ((slot.column, line),)
    if not key:
        return Passage(slot.name, kind, key, file, line, names, area=area)
    words = said(layout.words[key], VALUE, known)
    names = tuple((name, line + at - 1) for name, at in words.names)
    if kind not in _READ:
        return Passage(slot.name, kind, key, file, line, names, area=area)
    lines = tuple(line + at - 1 for at in words.lines)
    return Passage(slot.name, kind, key, file, line, names, words.text, lines, words.length, area)


def _known(campaign: Campaign, entitled: Entitlement) -> dict[str, str]:
    """What words of the shop and of offers say, by name: as good as written in the letter."""
    offer = entitled.offer
    offers = [offer, *(tier.offer for tier in offer.tiers)] if offer else []
    texts = {f"offer.{name}": "\n".join(getattr(one, name) or "" for one in offers) for name in ("label", "gift")}
    return texts | {f"shop.{name}": str(text) for name, text in shop_cells(campaign.shop).items()}


def _slot_places(layout: Layout) -> dict[str, tuple[Path, int]]:
    """File and line of every slot, also of those in files that the layout extends."""
    found: dict[str, tuple[Path, int]] = {}
    path: Path | None = layout.file
    while path:
        file = read_toml(path, format_required=False)
        for keys in file.places:
            if keys[-2:-1] == ("slots",):
                found.setdefault(str(keys[-1]), (path, file.line(keys)))
        extends = file.data.get("extends")
        path = layout_file(file, ("extends",), extends) if extends else None
    return found


_ADVICE = {
    Channel.MAIL_OPEN: mark('send it as 郵便 (channel = "mail")'),
    Channel.INSERT_NOTE: mark(
        'put offers on a sheet without a name (channel = "insert_open"), send it as 郵便 (channel = "mail")'
    ),
    Channel.INSERT_OPEN: mark(
        'put thanks with a name on a note (channel = "insert_note"), send it as 郵便 (channel = "mail")'
    ),
}
_FORBIDDEN = mark(
    "these letters may not go this way by {rule} (信書). Take the words out, {advice}, or write under [law] "
    'acknowledge = "…", why they go all the same, which job.json then keeps. This is no legal advice. Found:{found}'
)
_DOUBTFUL = mark(
    "whether these letters may go this way is doubtful by {rule} (信書). Take the words out, {advice}, or write under "
    '[law] acknowledge = "…", why they go all the same, which job.json then keeps. This is no legal advice. '
    "Found:{found}"
)


def require_no_letter(campaign: Campaign, report: LetterReport) -> None:
    """Raises CampaignError, with every place, for a letter that nobody has acknowledged."""
    if not report.findings or report.acknowledge:
        return
    file = read_toml(campaign.folder / CAMPAIGN_FILE, format_required=True)
    advice = CampaignError(_ADVICE[campaign.channel])
    message = _FORBIDDEN if report.forbidden else _DOUBTFUL
    refusal = RefusalError(message, rule=report.rule, advice=advice, found=_listed(report.findings))
    raise problem(file, ("channel",), refusal)


def _listed(found: Sequence[Finding]) -> DmgenError:
    """The findings, a line each; forbidden ones first."""
    ordered = sorted(found, key=lambda finding: finding.severity is not Severity.FORBIDDEN)
    items = [told(finding) for finding in ordered[:_SHOWN]]
    if len(ordered) > _SHOWN:
        items.append(DmgenError(mark("and {more} more"), more=len(ordered) - _SHOWN))
    places = [f"item{number}" for number in range(len(items))]
    return DmgenError("".join(f"\n    {{{place}}}" for place in places), **dict(zip(places, items, strict=True)))


def told(finding: Finding) -> DmgenError:
    """A finding in words."""
    called = DmgenError(CALLED[finding.sign])
    file = finding.file.name if finding.file else f"{finding.layouts[0]}.toml"
    if finding.share is not None:
        message = mark("{file}: the offer is the main content, {percent} percent of what can be read")
        return DmgenError(message, file=file, percent=round(finding.share * 100))
    if finding.sign == LENGTH:
        message = mark("{file}: {called}: {length} characters")
        return DmgenError(message, file=file, called=called, length=finding.length)
    message = mark("{file}, line {line}, slot {slot}: {called}: {found}")
    return DmgenError(
        message,
        file=file,
        line=finding.line,
        slot=finding.slot,
        called=called,
        found=", ".join(finding.found),
    )


def letter_remarks(campaign: Campaign, report: LetterReport) -> Iterator[DmgenError]:
    """What a person should look at: what the check cannot know."""
    file = campaign.folder / CAMPAIGN_FILE
    if campaign.channel in PARCEL_CHANNELS and not campaign.in_parcels:
        message = mark(
            "{file}: without a list of shipments letters come in the order of the customers list, and nothing says "
            "into which parcel each goes: give --shipments FILE"
        )
        yield CampaignError(message, file=file)
    if report.rules is None or report.channel is Channel.MAIL:
        return
    if report.channel in PARCEL_CHANNELS and report.carrier is None:
        message = mark(
            "{file}: under [parcels] write carrier, who carries the parcels: what they may hold depends on it; they "
            "are taken for a parcel carrier's, who may carry no letters (信書)"
        )
        yield CampaignError(message, file=file)
    if report.acknowledge and not report.findings:
        message = mark(
            "{file}: [law] acknowledge is not needed, nothing was found: take it out, so that it does not cover what "
            "is written later"
        )
        yield CampaignError(message, file=file)
    for layout in campaign.layouts.values() if report.holds is not Holds.ANYTHING else ():
        if any(page.artwork for page in layout.pages):
            message = mark(
                "{file}: dmgen does not read the words of the artwork: look there for names, membership, points and "
                "purchases yourself (信書)"
            )
            yield CampaignError(message, file=layout.file)
