"""`dmgen links build`: where the printed links of a job lead, for any web host, and the pages of its coupons."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from dmgen.afterwards import open_ledger
from dmgen.audience import product_names
from dmgen.campaign import Identity, Overrides, load_campaign
from dmgen.errors import CampaignError, DmgenError, LedgerError, UsageError
from dmgen.fulfil import CODES, MANIFEST, read_table, write_table
from dmgen.messages import mark
from dmgen.model.campaign import Campaign
from dmgen.model.offer import CodeKind, CodeSource, Offer
from dmgen.model.web import TOKEN, Target, page_path
from dmgen.offers import coupon, link
from dmgen.tasks.at_once import page_of, winners_at_once, wins_of, write_claims
from dmgen.tasks.links_readme import Building, readme
from dmgen.tasks.released_job import ReleasedJob, released_job, with_parts
from dmgen.web import (
    WINS,
    CodeForm,
    Content,
    Redirect,
    cloudflare_csv,
    coupon_page,
    fragment,
    netlify_redirects,
    nginx_http,
    nginx_map,
    nginx_server,
    path_of,
    write_site,
)

LINK_COLUMNS = ("token", "url", "target")


class Printed(NamedTuple):
    """One link of one piece as it was printed, and the address to which it leads ("" nowhere)."""

    token: str
    url: str
    target: str


@dataclass(frozen=True, slots=True)
class Built:
    """What was built for a job: `links` printed, of which so many are redirected, and the `pages` by path."""

    folder: Path
    job: str
    drop: date
    links: int
    redirects: int
    pages: tuple[str, ...]
    remarks: tuple[DmgenError, ...]

    def as_json(self) -> dict[str, Any]:
        """The outcome, for other programs."""
        return {
            "folder": str(self.folder),
            "job": self.job,
            "drop": self.drop.isoformat(),
            "links": self.links,
            "redirects": self.redirects,
            "pages": list(self.pages),
            "remarks": [str(remark) for remark in self.remarks],
        }


def build_links(
    folder: Path, out: Path, job: str | None = None, drop: date | None = None, claims: Path | None = None
) -> Built:
    """Write the maps and pages of a released job of the campaign in `folder` to the folder `out`.

    `claims` is the file for the names of those who won at once, where the job has such prizes.

    Raises CampaignError where campaign.toml no longer promises what was printed, LedgerError where there is no such
    job or its files are not as they were written, OutputError where `out` holds anything else, UsageError for claims
    that nobody can have.
    """
    campaign = load_campaign(folder)
    ledger, identity = open_ledger(campaign.shop), Identity(campaign.shop, campaign.id, campaign.drop)
    found = released_job(ledger, identity, job, drop, (CODES, MANIFEST))
    if campaign.drop != found.record.drop:
        campaign = load_campaign(folder, Overrides(drop=found.record.drop))
    jobs = with_parts(ledger, found, (CODES, MANIFEST))
    offers = _promised(campaign, jobs)
    voided = {kind: ledger.voided(campaign.key, kind) for kind in (CodeKind.COUPON, CodeKind.TICKET)}
    links = sorted(link for one in jobs for link in _printed(campaign, one, voided))
    short = [one for one in links if one.target and one.target != one.url]
    base = short[0].url.removesuffix(short[0].token) if short else ""  # as printed: shop.toml may say another now
    redirects = [Redirect(one.token, one.target) for one in short]
    pages = _pages(campaign, found, offers)
    winners, lottery = winners_at_once(ledger, found), page_path(Target.LOTTERY, campaign.key)
    if winners:
        pages[lottery] = page_of(campaign.shop, winners)
    if claims and not winners:
        message = mark('job {job} has no prize that a page reveals (reveal = "page"): leave --winners out')
        raise UsageError(message, job=found.record.id)
    remarks = tuple(_remarks(campaign, links))
    files: dict[str, Content] = {
        "README.txt": readme(Building(campaign, found.record, len(links), len(redirects), base, pages, remarks)),
        "links.csv": lambda path: write_table(path, LINK_COLUMNS, links),
        **_maps(campaign, base, redirects),
        **{f"pages/{path}index.html": page for path, page in pages.items()},
        **({f"pages/{lottery}{WINS}": wins_of(campaign, winners)} if winners else {}),
    }
    if claims and winners:
        write_claims(claims, out, winners, campaign.shop)
    key = {"made": "links", "shop": campaign.shop.id, "campaign": campaign.id}
    write_site(out, key, files)
    return Built(out, found.record.id, found.record.drop, len(links), len(redirects), tuple(pages), remarks)


def _promised(campaign: Campaign, jobs: Sequence[ReleasedJob]) -> dict[str, Offer]:
    """The offers that the jobs printed, by id. Raises CampaignError where campaign.toml now says other terms."""
    found = jobs[0]
    codes = (row for one in jobs for row in read_table(one.folder / CODES))
    printed = {row["name"] for row in codes if row["kind"] == CodeKind.COUPON.value}
    told = {offer["id"]: offer for offer in found.ticket["settings"]["offers"]}
    offers = {}
    for name in sorted(printed):
        offer = campaign.offers.get(name)
        if offer is None or (offer.terms, offer.label) != (told[name]["terms"], told[name]["label"]):
            raise CampaignError(
                mark(
                    "{file}: [offers.{offer}] is not what job {job} printed, so its page would promise something "
                    "else: write there again what the letters say"
                ),
                file=campaign.folder / "campaign.toml",
                offer=name,
                job=found.record.id,
            )
        offers[name] = offer
    return offers


def _printed(campaign: Campaign, found: ReleasedJob, voided: dict[CodeKind, set[str]]) -> Iterator[Printed]:
    """Every link of the job. Codes stand piece by piece, in the order of the manifest."""
    segments = {segment.id for segment in campaign.segments}
    leads = cache(partial(_leads, campaign))
    pieces = groupby(read_table(found.folder / CODES), itemgetter("piece_id"))
    waiting = next(pieces, None)
    for row in read_table(found.folder / MANIFEST):
        if not waiting or waiting[0] != row["piece_id"]:
            continue
        codes = list(waiting[1])
        waiting = next(pieces, None)
        if row["segment"] not in segments:
            raise CampaignError(
                mark("{file}: there is no segment {segment} any more, which job {job} printed: write it there again"),
                file=campaign.folder / "campaign.toml",
                segment=row["segment"],
                job=found.record.id,
            )
        yield from _of_piece(campaign, codes, voided, partial(leads, row["segment"]))
    if waiting:
        raise LedgerError(
            mark("{file} is not as it was written with job {job}. Put the job's own file back."),
            file=found.folder / CODES,
            job=found.record.id,
        )


def _of_piece(
    campaign: Campaign,
    codes: list[dict[str, str]],
    voided: dict[CodeKind, set[str]],
    leads: Callable[[str, str], tuple[Target | None, str]],
) -> Iterator[Printed]:
    """The links of one piece, and where each leads; `leads` says it by the link's name and the offer's."""
    coupons = [row for row in codes if row["kind"] == CodeKind.COUPON.value]
    tickets = [row["code"] for row in codes if row["kind"] == CodeKind.TICKET.value]
    offer = coupons[0]["name"] if coupons else ""
    good = next((row["code"] for row in coupons if row["code"] not in voided[CodeKind.COUPON]), "")
    in_draw = any(ticket not in voided[CodeKind.TICKET] for ticket in tickets)
    for row in codes:
        if row["kind"] != CodeKind.LINK.value:
            continue
        token, url = row["code"], row["url"]
        page, target = leads(row["name"], offer)
        if _is_direct(url.removesuffix(token), campaign):
            target = url
        elif page and target:
            match page:
                case Target.LOTTERY:
                    behind = [fragment(campaign.key, token)] if in_draw else []
                case Target.AR:  # the page is the campaign's: it is told of which drop and offer the code is
                    behind = [good, campaign.drop.isoformat(), offer] if good else []
                case _:
                    behind = [good] if good else []
            target += "#" + "/".join(quote(part, safe="") for part in behind) if behind else ""
        yield Printed(token, url, target)


def _is_direct(before: str, campaign: Campaign) -> bool:
    """Whether a link was printed with the address itself, by what stands before its token."""
    return before.endswith((f"?{TOKEN}=", f"&{TOKEN}=")) and before != campaign.shop.links


def _leads(campaign: Campaign, segment: str, name: str, offer: str) -> tuple[Target | None, str]:
    """Where a link leads in the letters of a segment with this offer: to which page, and its address without #.

    The coupon's page of a piece without an offer has none.
    """
    rule = link.rule_of(campaign, name)
    added = rule.parameters(segment, offer.partition(".")[0])
    if not isinstance(rule.to, Target):
        return None, link.tagged(rule.to, added)
    if not campaign.shop.pages or (rule.to is Target.COUPON and not offer):
        return rule.to, ""
    return rule.to, link.tagged(campaign.shop.pages + page_path(rule.to, campaign.key, offer), added)


def _pages(campaign: Campaign, found: ReleasedJob, offers: dict[str, Offer]) -> dict[str, bytes]:
    """The coupon pages by their path below the shop's `pages`."""
    if not campaign.shop.pages:
        return {}
    names = product_names(campaign) if any(offer.products for offer in offers.values()) else {}
    pages = {}
    for name, offer in offers.items():
        products = tuple(names.get(sku) or sku for sku in offer.products)
        page = coupon_page(campaign.shop, offer, _form(offer, found), products)
        pages[page_path(Target.COUPON, campaign.key, name)] = page
    return pages


def _form(offer: Offer, found: ReleasedJob) -> CodeForm:
    """Which codes an offer's page shows: ours, or of a shop's own pool the characters and lengths that were printed."""
    if offer.codes is not CodeSource.POOL:
        return CodeForm(coupon.ALPHABET, coupon.LENGTH, coupon.LENGTH, checked=True)
    rows = (row for row in read_table(found.folder / CODES) if row["kind"] == CodeKind.COUPON.value)
    codes = [row["code"] for row in rows if row["name"] == offer.id]
    return CodeForm("".join(sorted(set("".join(codes)))), min(map(len, codes)), max(map(len, codes)), checked=False)


def _maps(campaign: Campaign, base: str, redirects: list[Redirect]) -> dict[str, bytes]:
    """The redirects in each format; none where tokens do not stand at the end of a path, `base`."""
    path = path_of(base)
    if not redirects or path is None:
        return {}
    return {
        f"redirects/nginx/maps/{campaign.id}-{campaign.drop}.map": nginx_map(redirects),
        "redirects/nginx/http.conf": nginx_http(path, link.LENGTH, len(redirects)),
        "redirects/nginx/server.conf": nginx_server(path, link.LENGTH),
        "redirects/cloudflare/bulk-redirects.csv": cloudflare_csv(base, redirects),
        "redirects/netlify/_redirects": netlify_redirects(path, redirects),
    }


def _remarks(campaign: Campaign, links: list[Printed]) -> Iterator[DmgenError]:
    """What a person should look at."""
    nowhere = Counter(one.target == "" for one in links)[True]
    if nowhere and not campaign.shop.pages:
        message = mark('{count} links lead nowhere: say in {shop} where the pages are put: pages = "https://…/dm/"')
        yield CampaignError(message, count=nowhere, shop=campaign.shop.file)
    elif nowhere:
        message = mark(
            "{count} links lead nowhere, because their pieces have no coupon: write in campaign.toml where they lead: "
            '[links.NAME] to = "https://…"'
        )
        yield CampaignError(message, count=nowhere)
