"""What the tests of several rooms share: fonts, printing to bytes, system programs, golden pictures."""

import gc
import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from dmgen.errors import CampaignError
from dmgen.fonts import FontLibrary, load_fonts, vertical_key
from dmgen.model.contents import Item, Line, PageContents, Text
from dmgen.model.layout import K100, Color, Spot
from dmgen.model.printing import PrintSettings
from dmgen.press import Names, PictureFile, Piece, PressKit, PrintFile, build_form, read_intent

Printed = Callable[..., bytes]
WIDTH, HEIGHT, BLEED = 100.0, 80.0, 3.0
PRINTING = PrintSettings()

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # of a test run in the background: commands would not hear Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="store the rendered pages as the new golden ones")


@pytest.fixture(autouse=True, scope="module")
def _forgotten() -> Iterator[None]:
    """What runs in this process have left behind: each freezes the collector, for a command ends with its process."""
    yield
    gc.unfreeze()
    gc.collect()


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden pictures are to be written instead of compared."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of domain facts and real lists beside the checkout."""
    folder = Path(__file__).resolve().parents[1].parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared")
    return folder


@pytest.fixture(scope="session")
def fonts() -> FontLibrary:
    """The shipped faces, and what stands in columns of the Japanese ones."""
    return load_fonts(("mincho", "gothic", "mono", vertical_key("mincho"), vertical_key("gothic")), {})


@pytest.fixture
def program() -> Callable[[str], str]:
    """The path of a system program; without it the test is skipped, or fails where .ci/run has installed it."""

    def find(name: str) -> str:
        path = shutil.which(name) or shutil.which(name, path="/usr/sbin")  # where servers are installed
        if path:
            return path
        if os.environ.get("DMGEN_REQUIRE_SYSTEM") == "1":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"needs {name}")

    return find


def page(*items: Item, width: float = WIDTH, height: float = HEIGHT, bleed: float = BLEED) -> PageContents:
    """A page of the tests' small format."""
    return PageContents(width, height, bleed, list(items))


def press_kit(
    fonts: FontLibrary,
    forms: Mapping[str, Sequence[Item]] | None = None,
    pictures: Mapping[str, PictureFile] | None = None,
    bleed: float = BLEED,
    printing: PrintSettings = PRINTING,
    inks: Sequence[Spot] = (),
) -> PressKit:
    """A kit with these forms and pictures."""
    forms, pictures = forms or {}, dict(pictures or {})
    names = Names(
        fonts={key: b"F%d" % number for number, key in enumerate(sorted(fonts, key=lambda key: ("|" in key, key)))},
        forms={key: b"S%d" % number for number, key in enumerate(forms)},
        pictures={key: b"P%d" % number for number, key in enumerate(sorted(pictures))},
        inks={ink: b"C%d" % number for number, ink in enumerate(inks)},
    )
    drawn = {key: build_form(items, names, WIDTH, HEIGHT, bleed) for key, items in forms.items()}
    intent = read_intent(printing)
    return PressKit(fonts, drawn, pictures, names, "見本 (sample)", date(2026, 4, 5), "dmgen test", intent)


def print_pages(kit: PressKit, pages: Sequence[PageContents]) -> bytes:
    """A finished print file; where the standard asks for pieces, each page is one."""
    out = BytesIO()
    file = PrintFile(out, kit)
    pieces = [Piece(1, f"P{number:05d}", number) for number in range(1, len(pages) + 1)]
    file.add(pages, pieces if file.wants_pieces else ())
    file.close()
    return out.getvalue()


@pytest.fixture(scope="session")
def printed(fonts: FontLibrary) -> Printed:
    """`printed(page, …, forms=…, pictures=…)` is a print file."""

    def make(*pages: PageContents, **options: object) -> bytes:
        return print_pages(press_kit(fonts, **options), pages)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def text(fonts: FontLibrary) -> Callable[..., Text]:
    """`text("…", font=…)` is a text item of these lines."""

    def make(
        *lines: str, font: str = "mincho", size: float = 4.0, x: float = 10.0, y: float = 20.0, color: Color = K100
    ) -> Text:
        ids = [Line(0.0, 0.0, fonts[font].measure(line)[0]) for line in lines]
        return Text(font, size, 1.0, color, x, y, size * 1.5, ids)

    return make


def extracted(pdf: bytes, number: int = 0) -> str:
    """The text of a page as an independent reader sees it."""
    with pypdfium2.PdfDocument(pdf) as document:
        return str(document[number].get_textpage().get_text_range()).replace("\r\n", "\n")


@pytest.fixture
def refused() -> Callable[[Callable[[], object], tuple[str, ...]], str]:
    """Call something that must raise CampaignError with all of these texts; returns the message."""

    def check(call: Callable[[], object], texts: tuple[str, ...]) -> str:
        with pytest.raises(CampaignError) as caught:
            call()
        message = str(caught.value)
        for text in texts:
            assert text in message, message
        return message

    return check
