"""The coupon's page as people see it: a real run, its links built, served, and opened in Chromium on a phone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.jobs import Desk, Job, rows
from tests.test_links import desk_at

pytestmark = pytest.mark.system

DURING = "2026-05-20T14:59:00Z"  # 23:59 in Tokyo on the last day
AFTER = "2026-05-20T15:00:30Z"
ERROR_KINDS = ("error", "warning")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Desk, Job]:
    desk = desk_at(tmp_path_factory.mktemp("links"))
    job = desk.run("spring")
    assert desk.invoke("links", "build", "layouts/spring", "--out", "site").exit_code == 0
    return desk, job


def landing(folder: Path, job: Job, offer: str) -> tuple[str, str]:
    """Where a letter's link leads below `pages`, and the code that its letter shows."""
    coupon = next(row for row in job.codes if row["kind"] == "coupon" and row["name"] == offer)
    token = next(r["code"] for r in job.codes if r["piece_id"] == coupon["piece_id"] and r["name"] == "coupon")
    target = next(row["target"] for row in rows(folder / "links.csv") if row["token"] == token)
    return target.removeprefix("https://aobado.example.jp/dm/"), coupon["code"]


def in_fours(code: str) -> str:
    return "-".join(code[place : place + 4] for place in range(0, 12, 4))


class Visit:
    """A browser that opens pages of the site, watched for anything that leaves it and anything that goes wrong."""

    def __init__(self, browser: Browser, site: Site, now: str = DURING, **options) -> None:
        options = {"viewport": PHONE, "locale": "ja-JP", "has_touch": True} | options
        self.site = site
        self.context: BrowserContext = browser.new_context(**options)
        site.watch(self.context)
        self.page: Page = self.context.new_page()
        self.page.clock.set_fixed_time(now)
        self.said: list[str] = []
        self.page.on("console", lambda said: self.said.append(said.text) if said.type in ERROR_KINDS else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))

    def open(self, path: str) -> Page:
        self.page.goto("about:blank")  # a fragment alone would not load it again
        self.page.goto(self.site.url + path)
        return self.page

    def left_nothing(self) -> None:
        """No request to anybody else, no cookie, nothing stored, nothing said to the console."""
        stored = self.page.evaluate(
            "async () => [localStorage.length, sessionStorage.length, document.cookie,"
            " (await indexedDB.databases()).length, (await caches.keys()).length]"
        )
        assert (self.site.outside, self.context.cookies(), stored, self.said) == ([], [], [0, 0, "", 0, 0], [])


@pytest.fixture
def visit(built, launch, serve) -> Iterator[Callable[..., Visit]]:
    desk, _ = built
    browser, site = launch(), serve(desk.root / "site" / "pages")
    yield lambda **options: Visit(browser, site, **options)


def test_the_code_of_the_link_is_shown_and_copied(built, visit):
    """In fours, as the letter shows it; the page asks nobody else for anything and keeps nothing."""
    desk, job = built
    path, code = landing(desk.root / "site", job, "thanks")
    phone = visit(permissions=["clipboard-read", "clipboard-write"])
    page = phone.open(path)
    assert page.inner_text("h1") == "お茶の割引"
    assert page.inner_text("#code") == in_fours(code)
    assert not page.is_visible("#printed") and not page.is_visible("#ended")
    for text in ("300円引き", "2,000円以上のお買い上げ", "2026年5月20日まで", "1回限り", "0120-000-000"):
        assert text in page.inner_text("body")
    page.tap("#copy")
    page.wait_for_function("document.getElementById('status').textContent !== ''")
    assert page.inner_text("#status") == "コピーしました"
    assert page.evaluate("navigator.clipboard.readText()") == in_fours(code)
    phone.left_nothing()


def test_without_the_clipboard_it_is_copied_all_the_same_or_said(built, visit):
    desk, job = built
    path, code = landing(desk.root / "site", job, "thanks")
    phone = visit()
    phone.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page = phone.open(path)
    page.tap("#copy")
    page.wait_for_function("document.getElementById('status').textContent !== ''")
    assert page.evaluate("String(getSelection())") == in_fours(code)
    page.evaluate("document.execCommand = () => false")
    page.tap("#copy")
    assert "コピーできませんでした" in page.inner_text("#status")


HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "%3Cimg%20src=x%20onerror=alert(1)%3E",
    '"><script>alert(1)</script>',
    "javascript:alert(1)",
    "%E0%A4%A",  # no UTF-8
    "%00",
    "../../etc",
    "A" * 5000,
    "__proto__",
    "printed",  # an id of the page
)


def test_a_fragment_that_is_no_code_is_never_shown(built, visit):
    """Every slip of a code, and whatever somebody writes behind #: the hint to use the letter's code instead."""
    desk, job = built
    path, code = landing(desk.root / "site", job, "thanks")
    bare = path.partition("#")[0]
    slips = [
        code[:4] + ("2" if code[4] != "2" else "3") + code[5:],
        code[1] + code[0] + code[2:],
        code[:-1],
        code + "2",
    ]
    phone = visit()
    for fragment in (*HOSTILE, *(slip for slip in slips if slip != code)):
        page = phone.open(f"{bare}#{fragment}")
        assert not page.is_visible("#own"), fragment
        assert page.inner_text("#code") == "" and page.is_visible("#broken") and page.is_visible("#printed")
        assert "お手紙に印刷されたクーポンコード" in page.inner_text("#printed")
        assert page.locator("img, iframe, object").count() == 0
    page = phone.open(bare)
    assert page.is_visible("#printed") and not page.is_visible("#broken")
    phone.left_nothing()


@pytest.mark.parametrize("write", [str.lower, in_fours, lambda code: in_fours(code).replace("-", "%20")])
def test_a_code_in_another_writing_is_the_same(built, visit, write):
    desk, job = built
    path, code = landing(desk.root / "site", job, "thanks")
    page = visit().open(f"{path.partition('#')[0]}#{write(code)}")
    assert page.inner_text("#code") == in_fours(code)


def test_a_shops_own_code_is_shown_as_its_list_writes_it(built, visit):
    """Only of the characters and lengths that were printed: nobody puts a message of his own there."""
    desk, job = built
    path, code = landing(desk.root / "site", job, "pool")
    phone = visit()
    assert phone.open(path).inner_text("#code") == code
    for other in ("CALL%20090-1234", code.lower(), code + "1", "%E5%B1%B1"):
        assert not phone.open(f"{path.partition('#')[0]}#{other}").is_visible("#own")


def test_it_says_when_it_has_ended(built, visit):
    """By the visitor's clock and the shop's midnight, wherever the visitor is."""
    desk, job = built
    path, _ = landing(desk.root / "site", job, "thanks")
    for zone in ("Asia/Tokyo", "America/New_York"):
        assert not visit(now=DURING, timezone_id=zone).open(path).is_visible("#ended")
        page = visit(now=AFTER, timezone_id=zone).open(path)
        assert page.is_visible("#ended") and page.is_visible("#code") and not page.is_visible("#copy")
        assert page.inner_text("#ended") == "このクーポンは2026年5月20日で終了しました。"


def test_without_javascript_everything_but_the_code_is_there(built, visit):
    desk, job = built
    path, code = landing(desk.root / "site", job, "thanks.gold")
    phone = visit(java_script_enabled=False)
    page = phone.open(path)
    assert page.inner_text("h1") == "2割引き"
    for text in ("割引は3,000円まで", "T-101", "2026年5月20日まで", "お手紙に印刷されたクーポンコード"):
        assert text in page.inner_text("body")
    assert not page.is_visible("#own") and not page.is_visible("#ended") and not page.is_visible("#broken")
    assert code not in page.content()
    assert phone.site.outside == []


@pytest.mark.parametrize("width", [320, 360, 390, 430, 768, DESKTOP["width"]])
def test_it_fits_every_screen(built, visit, width):
    """No sideways scrolling, no text cut off; what is to be tapped is at least 44 px high (WCAG 2.2, 2.5.5)."""
    desk, job = built
    for offer in ("thanks", "pool"):
        path, _ = landing(desk.root / "site", job, offer)
        page = visit(viewport={"width": width, "height": 700}).open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        code = page.locator("#code").bounding_box()
        card = page.locator("#coupon").bounding_box()
        assert card["x"] < code["x"] and code["x"] + code["width"] < card["x"] + card["width"]
        assert page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.getElementById('code'))")
        for element in page.locator("button:visible, a:visible").all():
            box = element.bounding_box()
            assert box["height"] >= 44 and box["width"] >= 44, element.inner_text()


def test_large_type_still_fits(built, visit):
    """Somebody reads with letters twice as large."""
    desk, job = built
    path, _ = landing(desk.root / "site", job, "thanks")
    page = visit(viewport={"width": 360, "height": 700}).open(path)
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def _luminance(color: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_it_can_be_read_by_everybody(built, visit):
    """Language, one heading of the first rank, contrast of 4.5 at least (WCAG 1.4.3), visible focus, live notes."""
    desk, job = built
    path, _ = landing(desk.root / "site", job, "thanks")
    page = visit().open(path)
    assert page.get_attribute("html", "lang") == "ja"
    assert page.locator("h1").count() == 1
    assert page.get_attribute("meta[name=robots]", "content") == "noindex, nofollow"
    page.evaluate("for (const note of document.querySelectorAll('.note')) note.hidden = false")
    colours = page.evaluate(
        """() => [...document.querySelectorAll("h1,h2,p,dt,dd,a,button")].filter(e => e.innerText).map(e => {
          let back = e, style = getComputedStyle(e);
          while (getComputedStyle(back).backgroundColor === "rgba(0, 0, 0, 0)") back = back.parentElement;
          return [e.innerText, style.color, getComputedStyle(back).backgroundColor];
        })"""
    )
    assert len(colours) > 10
    for text, front, back in colours:
        light, dark = sorted((_luminance(front), _luminance(back)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, text
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "copy"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.get_attribute("#status", "role") == "status"


def test_a_new_fragment_is_read_at_once(built, visit):
    """Somebody opens a second letter's link in the same tab."""
    desk, job = built
    path, _ = landing(desk.root / "site", job, "thanks")
    codes = [row["code"] for row in job.codes if row["kind"] == "coupon" and row["name"] == "thanks"]
    page = visit().open(path)
    for code in codes[1:]:
        page.evaluate("code => { location.hash = code }", code)
        page.wait_for_function("code => document.getElementById('code').textContent === code", arg=in_fours(code))


def test_an_english_shop_has_an_english_page(tmp_path, launch, serve):
    desk = desk_at(tmp_path)
    desk.edit("layouts/shop.toml", 'language = "ja"', 'language = "en"\ncountry = "generic"')
    desk.edit("layouts/shop.toml", 'sender = "青葉堂 & Co. <茶>"', 'sender = "Harborleaf Tea"')
    desk.edit("layouts/spring/campaign.toml", 'label = "お茶の割引"', 'label = "$300 off"')
    desk.edit("layouts/spring/campaign.toml", 'label = "送料無料"', 'label = "Spring post"')
    job = desk.run("spring", "--lang", "en")
    assert desk.invoke("links", "build", "layouts/spring", "--out", "site").exit_code == 0
    phone = Visit(launch(), serve(tmp_path / "site" / "pages"), locale="en-US")
    path, code = landing(tmp_path / "site", job, "thanks")
    page = phone.open(path)
    assert page.get_attribute("html", "lang") == "en"
    assert (page.title(), page.inner_text("h1")) == ("$300 off – Harborleaf Tea", "$300 off")
    text = page.inner_text("body")
    assert "Orders of $2,000 or more" in text and "Through May 20, 2026" in text
    assert page.inner_text("#code") == in_fours(code)
    assert not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text)
    assert "Free shipping" in phone.open(landing(tmp_path / "site", job, "pool")[0]).inner_text("body")
    phone.left_nothing()


def test_it_prints(built, visit):
    """On paper there is nothing to tap, and all of it is on one page."""
    desk, job = built
    path, code = landing(desk.root / "site", job, "thanks")
    page = visit().open(path)
    page.emulate_media(media="print")
    assert page.inner_text("#code") == in_fours(code)
    assert not page.is_visible("#copy")
    assert page.pdf(format="A4").count(b"/Type /Page\n") <= 1
    assert urlsplit(page.url).fragment == code
