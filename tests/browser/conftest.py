"""A real browser (the system's Chromium, without a window) and a web server of one folder on this machine."""

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

PHONE = {"width": 390, "height": 844}  # CSS pixels of a common phone
DESKTOP = {"width": 1280, "height": 800}
_FLAGS = ("--no-sandbox", "--disable-component-update", "--no-first-run")


def chromium() -> str:
    """The path of the system's Chromium; its tests are skipped by name without it, and fail in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        (pytest.fail if os.environ.get("DMGEN_REQUIRE_SYSTEM") else pytest.skip)("needs chromium")
    return found


@dataclass
class Site:
    """A folder served at `url`; `outside` are the requests that went to anybody else."""

    url: str
    outside: list[str] = field(default_factory=list)

    def watch(self, page: Page | BrowserContext) -> None:
        """Note every request of a page that leaves this site."""
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.outside.append(request.url)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def serve() -> Iterator[Callable[[Path], Site]]:
    """Serve a folder over HTTP for the length of a test (localhost counts as secure: the camera is allowed)."""
    servers = []

    def start(folder: Path) -> Site:
        handler = functools.partial(_Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return Site(f"http://127.0.0.1:{server.server_port}/")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def launch() -> Iterator[Callable[..., Browser]]:
    """Start Chromium with further flags; every browser of a test is closed at its end."""
    path = chromium()
    with sync_playwright() as driver:
        yield lambda *flags: driver.chromium.launch(executable_path=path, args=[*_FLAGS, *flags])


@pytest.fixture
def phone(launch: Callable[..., Browser]) -> Page:
    """A page on a phone that speaks Japanese."""
    context = launch().new_context(viewport=PHONE, device_scale_factor=3, has_touch=True, locale="ja-JP")
    return context.new_page()
