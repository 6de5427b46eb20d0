"""The AR page where there is no camera: everybody gets to the content and to their coupon, and is told why."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from dmgen.offers import coupon
from tests.browser.ar.desk import ar_desk
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.system

CODE = "H2XT-YPRD-TP99"
LINE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari Line/14.0.0"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    desk = ar_desk(tmp_path_factory.mktemp("ar"))
    built = desk.invoke("ar", "build", "layouts/note", "--out", "ar")
    assert built.exit_code == 0, built.output
    return desk.root / "ar"


def shows_the_content(page: Page, why: str) -> None:
    """The film with its controls, and one sentence why."""
    page.wait_for_selector("#plain video", state="visible")
    assert page.get_attribute("#plain video", "controls") is not None
    assert page.get_attribute("#plain video", "playsinline") is not None
    for _ in range(50):
        if page.evaluate("document.querySelector('#plain video').videoWidth") == 640:
            break
        page.wait_for_timeout(50)
    assert page.evaluate("document.querySelector('#plain video').videoWidth") == 640, "the film is loaded"
    said = [element for element in page.query_selector_all("[data-say]") if element.is_visible()]
    assert [element.get_attribute("data-say") for element in said] == ([why] if why else [])
    assert not page.is_visible("#stage")


def test_who_refuses_the_camera_sees_the_content_and_the_coupon(launch, serve, folder):
    site = serve(folder)
    browser = launch("--use-fake-device-for-media-stream", "--deny-permission-prompts")
    page = browser.new_page(viewport=PHONE, locale="ja-JP")
    site.watch(page)
    page.goto(f"{site.url}#{CODE}")
    page.click("[data-do=camera]:visible")
    shows_the_content(page, "refused")
    assert page.inner_text("[data-code]:visible") == CODE
    assert page.is_visible("#plain [data-do=camera]"), "one can change one's mind"
    assert site.outside == []


def test_a_computer_without_a_camera_shows_the_content(launch, serve, folder):
    page = launch("--use-fake-ui-for-media-stream").new_page()
    page.goto(serve(folder).url)
    page.click("[data-do=camera]:visible")
    shows_the_content(page, "none")


def test_nobody_must_use_the_camera(phone, serve, folder):
    phone.goto(f"{serve(folder).url}#{CODE}")
    phone.click("[data-do=plain]:visible")
    shows_the_content(phone, "")
    assert phone.inner_text("[data-code]:visible") == CODE


def test_without_https_there_is_no_camera_and_the_page_says_so(launch, serve, folder):
    """Browsers give the camera to https only; a page put on a host without it is not broken for that."""
    site = serve(folder)
    page = launch("--host-resolver-rules=MAP shop.example 127.0.0.1").new_page()
    page.goto(site.url.replace("127.0.0.1", "shop.example"))
    assert page.evaluate("window.isSecureContext") is False
    shows_the_content(page, "unsupported")
    assert page.query_selector("[data-do=camera]:visible") is None


def test_without_javascript_the_content_is_there(launch, serve, folder):
    context = launch().new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(serve(folder).url)
    assert page.is_visible("#plain video")
    assert page.query_selector("[data-do=camera]:visible") is None
    assert not page.is_visible("[data-coupon]")


def test_who_opens_it_in_line_is_shown_the_way_to_the_phones_browser(launch, serve, folder):
    """LINE opens an address with openExternalBrowser=1 outside; the code after # must go along."""
    page = launch().new_context(user_agent=LINE, viewport=PHONE).new_page()
    page.goto(f"{serve(folder).url}#{CODE}")
    page.wait_for_selector("[data-say=line]", state="visible")
    assert page.get_attribute("#elsewhere", "href") == f"?openExternalBrowser=1#{CODE}"
    assert page.is_visible("[data-do=camera]:visible")


def test_a_campaign_json_that_somebody_loosened_does_not_start_the_camera(launch, serve, folder, tmp_path):
    for path in folder.rglob("*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    told = tmp_path / "campaign.json"
    told.write_text(told.read_text("utf-8").replace('"maxHammingDistance": 4', '"maxHammingDistance": 12'), "utf-8")
    page = launch().new_page()
    page.goto(serve(tmp_path).url)
    shows_the_content(page, "trouble")


def test_only_a_sound_code_is_shown(phone, serve, folder):
    """What stands after # may be anybody's: neither markup nor words nor a mistyped code appear on the shop's page."""
    url = serve(folder).url
    assert coupon.is_valid(coupon.normalise(CODE))
    shown = {}
    for written in (
        CODE,
        "h2xt%20yprd%20tp99",
        "%EF%BC%A82XT-YPRD-TP99",
        "H2XT-YPRD-TP98",
        "<b>H2XT</b>",
        "%",
        "無料",
        "",
    ):
        phone.goto(f"{url}#{written}")
        phone.reload()
        phone.wait_for_selector("[data-do=camera]", state="visible")
        shown[written] = phone.inner_text("[data-code]:visible") if phone.is_visible("[data-coupon]") else None
    assert list(shown.values()) == [CODE, CODE, CODE, None, None, None, None, None]


def test_the_coupon_leads_to_its_terms(phone, serve, folder):
    """Drop and offer stand behind the code; what cannot be one of them leads nowhere."""
    url = serve(folder).url
    led = {}
    for behind in ("/2026-04-10/thanks.gold", "", "/2026-04-10", "/2026-04-10/..", "/../thanks", "/x/javascript:1"):
        phone.goto(f"{url}#{CODE}{behind}")
        phone.reload()
        phone.wait_for_selector("[data-code]", state="visible")
        shown = phone.locator("[data-terms]:visible")
        led[behind] = shown.first.get_attribute("href") if shown.count() else None
    assert led.pop("/2026-04-10/thanks.gold") == f"../2026-04-10/coupon/thanks.gold/#{CODE}"
    assert set(led.values()) == {None}


def test_codes_that_dmgen_issues_are_shown_as_printed(phone, serve, folder):
    """The script checks the twelfth character as offers/coupon.py does."""
    url = serve(folder).url
    for code in coupon.draw(5):
        phone.goto(f"{url}#{code}")
        phone.reload()
        phone.wait_for_selector("[data-code]", state="visible")
        assert phone.inner_text("[data-code]:visible") == coupon.in_fours(code)
