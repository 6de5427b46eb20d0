"""The page that tells at once who has won, in a real browser on a phone: winners, losers, and whoever cannot look."""

import pytest

from tests.at_once import PAGE, at_once, built, tokens, winners
from tests.browser.conftest import PHONE
from tests.jobs import Desk, Job, rows

pytestmark = pytest.mark.system
LOST, WON = "今回は当たりませんでした", "当たりました"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk.at(tmp_path_factory.mktemp("lottery"))
    at_once(desk)
    desk.run("hello")
    built(desk)
    return desk


@pytest.fixture
def site(desk, serve):
    """The served pages, and by piece the address to which its link leads."""
    return Lottery(desk, Job(desk.root / "job"), serve(desk.root / "site" / "pages"))


class Lottery:
    def __init__(self, desk: Desk, job: Job, site) -> None:
        self.site, self.won = site, winners(desk, job)
        leads = {row["token"]: row["target"] for row in rows(desk.root / "site" / "links.csv")}
        here = site.url + PAGE.removeprefix("pages/") + "/"
        self.links = {piece: here + "#" + leads[token].partition("#")[2] for piece, token in tokens(job).items()}
        self.lost = sorted(self.links.keys() - {piece for pieces in self.won.values() for piece in pieces})

    def open(self, page, address: str) -> str:
        """What the page shows when it is done."""
        self.site.watch(page)
        page.goto("about:blank")
        page.goto(address)
        page.wait_for_selector("[data-state]:not([hidden]):not([data-state=checking])")
        return page.inner_text("#lot")


def test_winners_see_their_own_prize(site, phone):
    for prize, text, other in (("spark", "300円引き", "茶缶"), ("tea", "新茶 <20g> & 茶缶", "300円引き")):
        for piece in site.won[prize]:
            shown = site.open(phone, site.links[piece])
            assert WON in shown and text in shown and other not in shown
            assert "2026年8月9日" in shown and "0120-000-000" in shown
    assert phone.get_by_role("link", name="0120-000-000").first.get_attribute("href") == "tel:0120000000"
    assert site.site.outside == []


def test_losers_see_that_their_number_is_still_in_the_draw(site, phone):
    for piece in site.lost[:5]:
        shown = site.open(phone, site.links[piece])
        assert LOST in shown and WON not in shown and "茶缶" not in shown
        assert "2026年6月10日" in shown
    assert site.site.outside == []


def test_winners_and_losers_load_the_same_bytes(site, phone):
    """Nobody on the network can tell them apart either: the same requests, the same answers, the token in none."""
    seen = []
    for piece in (site.won["tea"][0], site.lost[0]):
        answers = []
        page = phone.context.new_page()
        page.on("response", lambda answer, to=answers: to.append(answer))
        site.open(page, site.links[piece])
        page.wait_for_load_state("networkidle")
        seen.append({(answer.url.partition("#")[0], answer.body()) for answer in answers})
        page.close()
    assert {url for url, _ in seen[0]} == {url for url, _ in seen[1]}
    assert seen[0] == seen[1]
    assert not any(link.partition("#")[2][:12] in url for url, _ in seen[0] for link in site.links.values())


@pytest.mark.parametrize("change", ["letter", "swap", "short", "no check", "another campaign"])
def test_a_tampered_link_is_told_from_a_losing_one(site, phone, change):
    """A winner with a spoilt link must not read that they lost."""
    address, _, behind = site.links[site.won["tea"][0]].partition("#")
    spoilt = {
        "letter": ("b" if behind[0] == "a" else "a") + behind[1:],
        "swap": next(
            behind[:at] + behind[at + 1] + behind[at] + behind[at + 2 :]
            for at in range(11)
            if behind[at] != behind[at + 1]
        ),
        "short": behind[:-2],
        "no check": behind[:12],
        "another campaign": "abcdefABCDEF-0000",
    }[change]
    shown = site.open(phone, f"{address}#{spoilt}")
    assert "途中で切れて" in shown
    assert WON not in shown and LOST not in shown


def test_without_a_link_it_says_what_to_scan(site, phone):
    shown = site.open(phone, site.links[site.lost[0]].partition("#")[0])
    assert "お手紙のコード" in shown and LOST not in shown


def test_a_link_opened_over_another_is_looked_up_anew(site, phone):
    """A family scans two letters one after the other: only what stands behind the # changes."""
    assert LOST in site.open(phone, site.links[site.lost[0]])
    phone.evaluate("link => { location.hash = link }", site.links[site.won["tea"][0]].partition("#")[2])
    phone.wait_for_selector("[data-state=won]:not([hidden])")
    assert WON in phone.inner_text("#lot") and LOST not in phone.inner_text("#lot")


def test_without_javascript_it_says_whom_to_ask(site, launch):
    context = launch().new_context(viewport=PHONE, java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    site.site.watch(page)
    page.goto(site.links[site.won["tea"][0]])
    shown = page.inner_text("#lot")
    assert "確かめられません" in shown and "0120-000-000" in shown
    assert WON not in shown and LOST not in shown
    assert "千草賞" in page.inner_text(".about")
    assert site.site.outside == []


@pytest.mark.parametrize("broken", ["no crypto", "no file", "not JSON"])
def test_where_it_cannot_be_looked_up_it_says_whom_to_ask(site, phone, broken):
    """No secure context, a file that was not uploaded, a host that answers with a page of its own: never a loss."""
    if broken == "no crypto":
        phone.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    elif broken == "no file":
        phone.route("**/instant.json", lambda route: route.fulfill(status=404, body="no"))
    else:
        phone.route("**/instant.json", lambda route: route.fulfill(status=200, body="<html>hello</html>"))
    shown = site.open(phone, site.links[site.won["tea"][0]])
    assert "確かめられません" in shown and "0120-000-000" in shown
    assert WON not in shown and LOST not in shown


def test_what_a_campaign_says_is_text(site, phone):
    """A prize called <20g> & 茶缶 is shown, not made an element."""
    site.open(phone, site.links[site.lost[0]])
    assert "新茶 <20g> & 茶缶" in phone.inner_text(".about")
    assert phone.locator("#lot, .about").locator("xpath=//*[local-name()='20g']").count() == 0


def test_it_fits_a_small_phone(site, phone):
    """Nothing runs out at the side, in Japanese or in a long winner's text."""
    phone.set_viewport_size({"width": 320, "height": 640})
    for piece in (site.won["tea"][0], site.lost[0]):
        site.open(phone, site.links[piece])
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320
