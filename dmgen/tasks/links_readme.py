"""The README.txt beside the redirect maps: what each file is for, and the limits of each host."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from dmgen.errors import DmgenError
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Campaign
from dmgen.model.production import JobRecord
from dmgen.model.web import Target, page_path
from dmgen.web import language_of, path_of

# developers.cloudflare.com/changelog/post/2025-02-12-rules-upgraded-limits: URL redirects across lists, an account.
CLOUDFLARE = {"Free": 10_000, "Pro": 25_000, "Business": 50_000, "Enterprise": 1_000_000}
# docs.netlify.com/manage/routing/redirects/overview: from here on it advises against, and a deploy may fail.
NETLIFY = 10_000
# developers.cloudflare.com/pages/configuration/redirects: static redirects a project, which reads the same file.
PAGES = 2_000


@dataclass(frozen=True, slots=True)
class Building:
    """What is built: `links` printed, so many of them `redirects` from `base`, and `pages` by path below the shop's."""

    campaign: Campaign
    job: JobRecord
    links: int
    redirects: int
    base: str
    pages: Collection[str]
    remarks: Sequence[DmgenError]


def readme(built: Building) -> bytes:
    """The text, in the language of the shop's pages, with lines ended as Windows shows them."""
    said = "\n\n".join(_parts(built, Speaker(language_of(built.campaign.shop))))
    return (said + "\n").replace("\n", "\r\n").encode("utf-8-sig")


def _parts(built: Building, speaker: Speaker) -> Iterator[str]:
    say = speaker.say
    yield say(
        mark("Links of {campaign}, drop of {drop}, job {job}: {links:,} printed, {redirects:,} of them redirected."),
        campaign=built.campaign.id,
        drop=built.job.drop,
        job=built.job.id,
        links=built.links,
        redirects=built.redirects,
    )
    yield from (f"* {speaker.error(remark)}" for remark in built.remarks)
    if built.pages:
        place = built.campaign.shop.pages
        there = say(mark("pages/: put what is in it to {pages}, as it is. Then there is:"), pages=place)
        yield "\n".join([there, *(f"  {place}{path}" for path in built.pages)])
    if page_path(Target.LOTTERY, built.campaign.key) in built.pages:
        yield say(
            mark(
                "The lottery's page tells at once who has won, to everybody who has a letter's code: put it online "
                "when the letters are with the post and not before, and keep links.csv to yourselves."
            )
        )
    yield say(
        mark(
            "links.csv: every printed link and where it leads, for redirects of your own. CAUTION: links.csv and "
            "redirects/ hold coupon codes. They belong to a server's settings, never into a folder that the web reads."
        )
    )
    if built.redirects:
        yield from _hosts(built.base, built.redirects, speaker)


def _hosts(links: str, redirects: int, speaker: Speaker) -> Iterator[str]:
    """How each host takes the redirects, and how many of them."""
    say = speaker.say
    if path_of(links) is None:
        message = mark(
            "redirects/: none, for {links} does not end in a plain path. Redirect with a program of your own."
        )
        yield say(message, links=links)
        return
    yield say(
        mark(
            "redirects/nginx: any number of links. Once: copy the folder into nginx's own folder as dmgen-links, write "
            "“include dmgen-links/http.conf;” into http {{ }} and “include dmgen-links/server.conf;” into the server "
            "{{ }} of {links}. For each further job, copy its file beside the others into dmgen-links/maps, and make "
            "map_hash_max_size at least twice the number of all links. Then type: nginx -t && nginx -s reload"
        ),
        links=links,
    )
    yield say(
        mark(
            "redirects/cloudflare: Bulk Redirects, import the file into a Bulk Redirect List and switch the list on "
            "with a Bulk Redirect Rule. An account holds {limits} of them. {verdict}"
        ),
        limits=", ".join(f"{plan} {most:,}" for plan, most in CLOUDFLARE.items()),
        verdict=_cloudflare(links, redirects, speaker),
    )
    yield say(
        mark(
            "redirects/netlify: put _redirects into the folder that is published. Netlify advises against more than "
            "{netlify:,} rules, and a deploy with too many fails; Cloudflare Pages, which reads the same file, takes "
            "{pages:,}. {verdict}"
        ),
        netlify=NETLIFY,
        pages=PAGES,
        verdict=_fits(redirects, NETLIFY, speaker),
    )
    yield say(
        mark(
            "A host that can do none of these: a page for each link ({redirects:,} files) is no way. Let the short "
            "domain point to a server that redirects, or write direct = true under [links.NAME] before you print: then "
            "the letter shows the address itself."
        ),
        redirects=redirects,
    )


def _cloudflare(links: str, redirects: int, speaker: Speaker) -> str:
    if ":" in links.partition("://")[2].partition("/")[0]:
        return speaker.say(mark("It does not take a host with a port, as yours has."))
    plan = next((plan for plan, most in CLOUDFLARE.items() if redirects <= most), None)
    if plan is None:
        return speaker.say(mark("Here are {redirects:,}: too many."), redirects=redirects)
    return speaker.say(mark("Here are {redirects:,}: from {plan} on."), redirects=redirects, plan=plan)


def _fits(redirects: int, most: int, speaker: Speaker) -> str:
    message = (
        mark("Here are {redirects:,}: too many.") if redirects > most else mark("Here are {redirects:,}: it will do.")
    )
    return speaker.say(message, redirects=redirects)
