"""The AR page end to end: the project's own printed letter before a simulated camera, in a real browser.

The letter is the PDF that goes to the printer, seen in perspective, soft and noisy; Chromium takes that film for its
camera. What lies over the letter must lie where the campaign says, measured from the page's element itself; what is
not this campaign's marker must never show anything, and forty frames must have been looked at to say so. Two mutants
of the page, the traps that were measured, show that these tests can fail.
"""

import functools
import json
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.ar.desk import MARKER, ar_desk
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.optics import PER_MM, Camera, film, letter
from tests.jobs import Desk

pytestmark = pytest.mark.system

FRAMES = 40  # that a negative must have looked at
OVER = (105, 150)  # mm: between the marker and what appears


@dataclass(frozen=True)
class Printed:
    """A printed letter with its marker, one without, and the folder of the page."""

    page: np.ndarray
    plain: np.ndarray
    folder: Path
    desk: Desk

    @functools.cached_property
    def told(self) -> dict:
        return json.loads((self.folder / "campaign.json").read_text("utf-8"))

    def spots(self, what: str) -> list[tuple[float, float]]:
        """The corners of the marker or of the content, mm on the letter, clockwise from its top left."""
        box = self.told["marker"]["box"] if what == "marker" else self.told["content"]["place"]
        left, top, width, height = box
        return [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]

    def with_symbol(self, symbol: np.ndarray) -> np.ndarray:
        """The letter with another symbol where its marker stands, in the same size."""
        page = self.page.copy()
        left, top, width, height = (round(value * PER_MM) for value in self.told["marker"]["box"])
        page[top - 40 : top + height + 40, left - 40 : left + width + 40] = 255
        grey = cv2.resize(symbol, (width, height), interpolation=cv2.INTER_NEAREST)
        page[top : top + height, left : left + width] = grey[:, :, None]
        return page


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> Printed:
    desk = ar_desk(tmp_path_factory.mktemp("ar"))
    plain, job = desk.run("plain", out="plain"), desk.run("note")
    built = desk.invoke("ar", "build", "layouts/note", "--out", "ar")
    assert built.exit_code == 0, built.output
    return Printed(letter(job.printed[0]), letter(plain.printed[0]), desk.root / "ar", desk)


@dataclass
class Phone:
    """The AR page in a browser whose camera sees a film."""

    launch: Callable[..., Browser]
    serve: Callable[[Path], object]
    films: Path

    def open(self, folder: Path, pictures: Iterable[np.ndarray], view: dict = DESKTOP, after: str = "") -> Page:
        seen = film(self.films / "camera.mjpeg", pictures)
        fake = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
        browser = self.launch(*fake, f"--use-file-for-fake-video-capture={seen}")
        page = browser.new_page(viewport=view, locale="ja-JP")
        site = self.serve(folder)
        site.watch(page)
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(site.url + after)
        page.click("[data-do=camera]:visible")
        self.outside = site.outside
        return page

    def state(self, page: Page) -> dict:
        return page.evaluate("window.dmgenAr")

    def look(self, page: Page, frames: int = FRAMES) -> dict:
        """Wait until so many frames have been looked at."""
        end = time.monotonic() + 30
        while (state := self.state(page))["frames"] < frames:
            assert time.monotonic() < end, state
            page.wait_for_timeout(50)
        return state


@pytest.fixture
def phone_camera(launch, serve, tmp_path) -> Phone:
    return Phone(launch, serve, tmp_path)


CORNERS = """() => {
  const element = document.querySelector(".overlay");
  const matrix = new DOMMatrix(getComputedStyle(element).transform);
  const [width, height] = [element.offsetWidth, element.offsetHeight];
  return [[0, 0], [width, 0], [width, height], [0, height]].map(([x, y]) => {
    const at = matrix.transformPoint(new DOMPoint(x, y));
    return [at.x / at.w, at.y / at.w];
  });
}"""


def on_screen(camera: Camera, view: dict, spots: list[tuple[float, float]]) -> np.ndarray:
    """Where spots of the letter are on a screen that the camera's picture covers."""
    width, height = camera.size
    scale = max(view["width"] / width, view["height"] / height)
    margin = (view["width"] - width * scale) / 2, (view["height"] - height * scale) / 2
    return camera.sees(spots) * scale + margin


def off(found: np.ndarray, true: np.ndarray) -> float:
    """The farthest corner from its place, in pixels."""
    return float(np.hypot(*(found - true).T).max())


def marker_width(printed: Printed, camera: Camera, view: dict = DESKTOP) -> float:
    corners = on_screen(camera, view, printed.spots("marker"))
    return float(np.mean(np.hypot(*(corners - np.roll(corners, -1, axis=0)).T)))


SIGHTS = {
    "front": (Camera(OVER), 1.0, DESKTOP, 0.03),
    "tilted by 45 degrees": (Camera(OVER, tilt=45), 1.0, DESKTOP, 0.04),
    "turned and tilted": (Camera(OVER, tilt=30, turn=70), 1.0, DESKTOP, 0.04),
    "upside down": (Camera(OVER, turn=180), 1.0, DESKTOP, 0.03),
    "far": (Camera(OVER, 700), 1.0, DESKTOP, 0.08),
    "portrait camera": (Camera(OVER, size=(720, 1280)), 1.0, PHONE, 0.03),
    "camera of few pixels": (Camera(OVER, 400, size=(640, 480)), 1.0, DESKTOP, 0.08),
    "dim light": (Camera(OVER), 0.3, DESKTOP, 0.1),
    "hardly any light": (Camera(OVER), 0.18, DESKTOP, 0.25),  # where nothing is found without the stretched contrast
}


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_content_lies_in_its_place_on_the_letter(printed, phone_camera, sight):
    """All four corners, over a second, within a few percent of the marker's width; nobody else is asked anything."""
    camera, light, view, tolerance = SIGHTS[sight]
    page = phone_camera.open(
        printed.folder, [camera.picture(printed.page, light=light, seed=seed) for seed in range(4)], view
    )
    page.wait_for_selector(".overlay.shown", timeout=15_000)
    true = on_screen(camera, view, printed.spots("content"))
    worst = 0.0
    for _ in range(8):
        page.wait_for_timeout(80)
        worst = max(worst, off(np.array(page.evaluate(CORNERS)), true))
    assert worst < tolerance * marker_width(printed, camera, view)
    state = phone_camera.state(page)
    assert list(state["seen"]) == [str(MARKER)]
    assert state["shows"] == 1, "it appears once and stays"
    assert page.evaluate("document.querySelector('.overlay').currentTime") > 0, "the film plays"
    assert phone_camera.outside == []


def test_the_samples_letter_carries_its_film(phone_camera, tmp_path):
    """layouts/shincha, as a shop would send it: full of text, QR code and marker side by side, its own film."""
    desk = Desk.at(tmp_path)
    job = desk.run("shincha", "--limit", "2")
    built = desk.invoke("ar", "build", "layouts/shincha", "--out", "ar")
    assert built.exit_code == 0, built.output
    page = letter(job.printed[0])
    sample = Printed(page, page, desk.root / "ar", desk)
    camera = Camera((150, 175), 360, tilt=25, turn=-8)
    seen = phone_camera.open(sample.folder, [camera.picture(page, seed=seed) for seed in range(4)])
    seen.wait_for_selector(".overlay.shown", timeout=15_000)
    seen.wait_for_timeout(300)
    true = on_screen(camera, DESKTOP, sample.spots("content"))
    assert off(np.array(seen.evaluate(CORNERS)), true) < 0.06 * marker_width(sample, camera)
    assert list(phone_camera.state(seen)["seen"]) == [job.manifest[0]["ar_id"]]
    assert phone_camera.outside == []


def test_what_is_seen_is_the_content_itself(printed, phone_camera):
    """Not by the page's own figures: a magenta picture, found on the screenshot."""
    desk = printed.desk
    cv2.imwrite(str(desk.root / "layouts" / "note" / "card.png"), np.full((63, 112, 3), (255, 0, 255), np.uint8))
    desk.edit("layouts/note/campaign.toml", '"film.mp4"', '"card.png"')
    built = desk.invoke("ar", "build", "layouts/note", "--out", "ar-picture")
    desk.edit("layouts/note/campaign.toml", '"card.png"', '"film.mp4"')
    assert built.exit_code == 0, built.output
    camera = Camera(OVER, tilt=40, turn=10)
    folder = desk.root / "ar-picture"
    page = phone_camera.open(folder, [camera.picture(printed.page, seed=seed) for seed in range(4)])
    page.wait_for_selector(".overlay.shown", timeout=15_000)
    page.wait_for_timeout(600)  # until it has faded in
    page.evaluate("document.querySelector('#stage .sheet').hidden = true")
    shot = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR).astype(int)
    magenta = (shot[:, :, 0] > 200) & (shot[:, :, 1] < 60) & (shot[:, :, 2] > 200)
    expected = np.zeros(magenta.shape, np.uint8)
    cv2.fillConvexPoly(expected, on_screen(camera, DESKTOP, printed.spots("content")).round().astype(int), 1)
    both, either = np.sum(magenta & (expected > 0)), np.sum(magenta | (expected > 0))
    assert both / either > 0.97


def test_a_hand_that_shakes_keeps_the_content_on_the_letter(printed, phone_camera):
    """It is there all the time once it has appeared, and always where the letter has been in the last frames."""
    path = [
        Camera(
            (105 + 6 * np.sin(n / 4), 150 + 5 * np.sin(n / 3)),
            330 + 10 * np.sin(n / 5),
            15 + 4 * np.sin(n / 6),
            3 * np.sin(n / 7),
        )
        for n in range(40)
    ]
    page = phone_camera.open(printed.folder, [c.picture(printed.page, seed=n) for n, c in enumerate(path)])
    page.wait_for_selector(".overlay.shown", timeout=15_000)
    places = np.array([on_screen(camera, DESKTOP, printed.spots("content")) for camera in path])
    distances = []
    for _ in range(20):
        page.wait_for_timeout(60)
        assert page.query_selector(".overlay.shown")
        found = np.array(page.evaluate(CORNERS))
        distances.append(min(off(found, place) for place in places))
    assert max(distances) < 0.2 * marker_width(printed, path[0])
    assert np.median(distances) < 0.08 * marker_width(printed, path[0])
    assert phone_camera.state(page)["shows"] == 1


def other_marker(number: int, kind: int = cv2.aruco.DICT_ARUCO_MIP_36h12) -> np.ndarray:
    return cv2.aruco.generateImageMarker(cv2.aruco.getPredefinedDictionary(kind), number, 200)


def poses() -> list[Camera]:
    """Near and far, straight and tilted, over the letter's lower half, where marker and QR code are."""
    return [
        Camera((105 + 8 * n, 150 + 9 * n), 260 + 55 * n, tilt=(0, 20, 40)[n % 3], turn=(0, 25, 180)[n % 3])
        for n in range(8)
    ]


def others(printed: Printed, name: str) -> list[np.ndarray]:
    """What the camera sees of things that are not this campaign's marker."""
    pages = {
        "a letter without a marker": lambda: printed.plain,
        "another campaign's marker": lambda: printed.with_symbol(other_marker(MARKER + 1)),
        "the mirrored marker": printed.page[:, ::-1].copy,
        "a marker of ArUco 4x4": lambda: printed.with_symbol(other_marker(MARKER, cv2.aruco.DICT_4X4_50)),
        "a marker of AprilTag": lambda: printed.with_symbol(other_marker(MARKER, cv2.aruco.DICT_APRILTAG_36h11)),
    }
    page = pages[name]()
    return [camera.picture(page, seed=seed) for seed, camera in enumerate(poses())]


@pytest.mark.parametrize(
    "name",
    [
        "a letter without a marker",
        "another campaign's marker",
        "the mirrored marker",
        "a marker of ArUco 4x4",
        "a marker of AprilTag",
    ],
)
def test_nothing_appears_on_anything_else(printed, phone_camera, name):
    page = phone_camera.open(printed.folder, others(printed, name))
    state = phone_camera.look(page)
    assert (state["sightings"], state["shows"]) == (0, 0)
    assert state["frames"] >= FRAMES
    assert not page.query_selector(".overlay.shown")
    assert page.is_visible("[data-hint=search], [data-hint=help], [data-hint=dim]")


def mutant(printed: Printed, folder: Path, **texts: tuple[str, str]) -> Path:
    """A copy of the page in which a text of a file is another: ar_detect is ar-detect.js."""
    shutil.copytree(printed.folder, folder)
    for name, (old, new) in texts.items():
        path = next(path for path in folder.iterdir() if path.stem.replace("-", "_") == name)
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (name, old)
        path.write_text(text.replace(old, new), "utf-8")
    return folder


def test_a_page_that_does_not_compare_the_id_is_caught(printed, phone_camera, tmp_path):
    """The first mutant: what the negatives above say of another campaign's marker is not true of it."""
    folder = mutant(printed, tmp_path / "any", ar_detect=("marker.id === wanted.id", "true"))
    page = phone_camera.open(folder, others(printed, "another campaign's marker"))
    page.wait_for_selector(".overlay.shown", timeout=15_000)


def test_a_page_with_the_librarys_own_tolerance_is_caught(printed, phone_camera, tmp_path):
    """The second mutant sees markers in the letter's own QR code; the page itself sees none, whatever its id."""
    lax = ("      maxHammingDistance: wanted.maxHammingDistance,", "")
    seen = others(printed, "a letter without a marker")
    page = phone_camera.open(mutant(printed, tmp_path / "lax", ar_detect=lax), seen)
    imagined = phone_camera.look(page, 24)["seen"]
    assert sum(imagined.values()) >= 5, imagined
    number = max(imagined, key=imagined.get)
    own = ('"id": 17', f'"id": {number}')
    page = phone_camera.open(mutant(printed, tmp_path / "fires", ar_detect=lax, campaign=own), seen)
    page.wait_for_selector(".overlay.shown", timeout=15_000)
    page = phone_camera.open(mutant(printed, tmp_path / "sound", campaign=own), seen)
    state = phone_camera.look(page)
    assert (state["seen"], state["shows"]) == ({}, 0)
