"""job.json: what a job is made of, what was asked for, and where things stand on its pages."""

import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import dmgen
from dmgen.audience import postal_districts
from dmgen.fulfil import (
    sha256,
)
from dmgen.layout import places, sheet_places
from dmgen.model.campaign import Campaign, Segment
from dmgen.model.lottery import Seal
from dmgen.model.offer import Offer
from dmgen.model.posting import MailRules, Sorting
from dmgen.model.production import NOT_READ_BACK, BatchResult, LotKind, Shown
from dmgen.offers.entitlement import Entitlement
from dmgen.planning.plan import Plan
from dmgen.summary import Summary, counts
from dmgen.workorder import printing

_LIBRARIES = (
    *("reportlab", "jinja2", "qrcode", "pandas", "typer", "fonttools", "uharfbuzz", "pikepdf", "sqlalchemy"),
    *("pypdfium2", "zxing-cpp"),
)


class Printed(NamedTuple):
    """What was made of a plan: files of letters and of pre-printed paper, the seal of the lottery, specimens."""

    results: list[BatchResult]
    shells: list[BatchResult]
    seal: Seal | None
    specimens: list[Shown]


def job_key(campaign: Campaign) -> dict[str, str]:
    """What makes a folder this job's."""
    return {"shop": campaign.shop.id, "campaign": campaign.id, "drop": campaign.drop.isoformat()}


def job_ticket(summary: Summary, plan: Plan, printed: Printed, waves: list[dict[str, Any]]) -> dict[str, Any]:
    """All that job.json says of a job, not yet read back; `waves` of letters that go into parcels."""
    campaign, audience = summary.campaign, plan.audience
    results, shells = printed.results, printed.shells
    # Of a layout's masters one whose offer is the same for everybody goes first: its words may be on the paper already.
    varying = sorted(campaign.segments, key=lambda segment: plan.entitlements[segment.id].has_one_offer)
    masters = {segment.layout: plan.kit.masters[segment.id] for segment in varying}
    return {
        "format": 1,
        "job": summary.job_id,
        **job_key(campaign),
        **NOT_READ_BACK.as_json(),
        "settings": {
            "as_of": campaign.as_of.isoformat(),
            "channel": campaign.channel.value,
            "scheme": campaign.scheme.name,
            "scheme_options": dict(campaign.scheme.options),
            "batch": campaign.batch_size,
            "ticket_form": campaign.lottery.form._asdict(),
            "ar": plan.marker(summary.segments.values()),
            "country": campaign.shop.country,
            "standard": campaign.printing.standard.value,
            "condition": campaign.printing.condition,
            "policy": asdict(campaign.policies),
            "segments": [_segment(s, plan.entitlements[s.id]) for s in campaign.segments],
            "contact": asdict(campaign.choice.contact),
            "limits": asdict(campaign.choice.limits),
            "guard": asdict(campaign.choice.guard),
            "parcels": asdict(campaign.parcels) if campaign.in_parcels else None,
            "offers": [_offer(offer) for offer in campaign.offers.values()],
            "paper": campaign.printing.paper and campaign.printing.paper._asdict(),
            "mail": _mail(campaign.mail),
        },
        "waves": waves,
        "lottery": printed.seal and printed.seal.as_json(),
        "counts": counts(summary),
        "law": summary.law.as_json(),
        "remarks": [str(remark) for remark in summary.remarks],
        "print": [
            {
                "file": r.file,
                r.lot.kind.value: r.lot.name,
                **({"segments": list(r.segments)} if r.lot.kind is LotKind.POST else {}),
                "pieces": r.pieces,
                "pages": r.pages,
                "bytes": r.size,
            }
            for r in results
        ],
        "layouts": {name: places(master).as_json() for name, master in masters.items()},
        "sheets": {kind: sheet_places(master).as_json() for kind, master in plan.kit.sheets.items()},
        "shells": [{"file": r.file, "segment": r.lot.name, "pages": r.pages, "bytes": r.size} for r in shells],
        "printing": printing([(campaign, {s.layout for s in campaign.segments if summary.segments[s.id]})]),
        "specimens": [shown.as_json() for shown in printed.specimens],
        "inputs": [
            *({"file": path.name, "sha256": sha256(path)} for path in _campaign_files(campaign)),
            *({"file": file.path.name, "rows": file.rows, "sha256": file.sha256} for file in audience.inputs),
        ],
        "files": {result.file: result.sha256 for result in (*results, *shells)},
        "versions": {
            "dmgen": dmgen.__version__,
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
    }


def _mail(rules: MailRules | None) -> dict[str, Any] | None:
    """How the letters are posted, and by which month's data they are sorted; None without [mail]."""
    if rules is None:
        return None
    envelope = rules.envelope and rules.envelope._asdict()
    told = {"envelope": envelope, "enclosures": [one._asdict() for one in rules.enclosures]}
    districts = rules.districts.name if rules.districts else None
    data = postal_districts(()).month if rules.sort is Sorting.DISTRICT else None
    return asdict(rules) | told | {"districts": districts, "listed": len(rules.listed), "postal_data": data}


def _campaign_files(campaign: Campaign) -> list[Path]:
    """The files that say what was printed: shop, campaign, scheme, every layout that words came from, artwork,
    pools of codes, what the AR page shows, the districts of the post office.
    """
    layouts = {file for layout in campaign.layouts.values() for file, _ in layout.origins.values()}
    layouts |= {layout.file for layout in campaign.layouts.values()}
    pages = [page for layout in campaign.layouts.values() for page in layout.pages]
    artworks = {page.artwork.file for page in pages if page.artwork}
    profile = [campaign.printing.profile] if campaign.printing.profile else []
    scheme = [campaign.scheme.file] if campaign.scheme.groups else []
    pools = {offer.pool for offer in campaign.offers.values() if offer.pool}
    content = [campaign.ar.content] if campaign.ar else []
    districts = [campaign.mail.districts] if campaign.mail and campaign.mail.districts else []
    own = [campaign.shop.file, campaign.folder / "campaign.toml", *scheme]
    return [*own, *sorted(layouts), *sorted(artworks), *profile, *sorted(pools), *content, *districts]


def _segment(segment: Segment, entitled: Entitlement) -> dict[str, Any]:
    """A segment, or one variant of it, as job.json says it; `name` is its id as written, `offer` the whole one's id.

    `tickets` is a number, or a list of those that its pieces may have.
    """
    facts = ("id", "label", "layout", "offer", "tickets", "name", "variant", "control")
    possible = sorted({entitled.tickets, *(step.tickets for step in entitled.steps)})
    return {fact: getattr(segment, fact) for fact in facts} | {"tickets": possible if entitled.steps else possible[0]}


def _offer(offer: Offer) -> dict[str, Any]:
    """An offer, or a tier of one, with all its terms; what it does not have is null, 0 or empty.

    `expires` of an offer that holds in the birthday month is the last that any piece may have.
    """
    facts = ("id", "label", "amount", "percent", "points", "gift", "worth", "cap", "minimum", "maximum", "birthday")
    return {fact: getattr(offer, fact) for fact in facts} | {
        "benefit": offer.benefit.value,
        "value": offer.value,
        "products": list(offer.products),
        "starts": offer.starts.isoformat() if offer.starts else None,
        "expires": offer.expires.isoformat(),
        "codes": offer.codes.value,
        "terms": offer.terms,
        "tiers": [{"when": tier.when.text, "id": tier.offer.id} for tier in offer.tiers],
    }
