"""Files that come with dmgen: fonts, ICC profile, starters; from the wheel or from the checkout."""

import tomllib
from enum import StrEnum
from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent


class Format(StrEnum):
    """The formats that a campaign can be started in."""

    LETTER = "letter"
    WINDOW_LETTER = "window-letter"
    HAGAKI = "hagaki"
    PRESSED_CARD = "pressed-card"
    DUPLEX_LETTER = "duplex-letter"
    HELLO_EN = "hello-en"
    SHELL_LETTER = "shell-letter"

    @property
    def starter(self) -> Path:
        """The folder of its shipped campaign."""
        return starter("hello" if self is Format.LETTER else self.value)


def _first(*candidates: Path) -> Path:
    return next((path for path in candidates if path.exists()), candidates[0])


def asset(*parts: str) -> Path:
    """The path of a shipped asset, e.g. asset("fonts", "NotoSerifJP-Regular.ttf")."""
    return _first(_PACKAGE.joinpath("assets", *parts), _CHECKOUT.joinpath("assets", *parts))


def starter(name: str) -> Path:
    """The path of a shipped starter: a campaign folder or `shop.toml`."""
    return _first(_PACKAGE / "starters" / name, _CHECKOUT / "layouts" / name)


def scheme_file(name: str) -> Path:
    """The path of a shipped scheme."""
    return _PACKAGE / "audience" / "schemes" / f"{name}.toml"


def scheme_names() -> list[str]:
    """The shipped schemes."""
    return sorted(path.stem for path in scheme_file("any").parent.glob("*.toml"))


def sheet_layout(kind: str, language: str) -> Path:
    """The shipped layout of a sheet that is no letter ("separator", "slip"), in Japanese or English."""
    return _PACKAGE / "planning" / "sheet_layouts" / (f"{kind}.toml" if language == "ja" else f"{kind}-{language}.toml")


def costs_file() -> Path:
    """The example prices of a mailing, besides postage."""
    return _PACKAGE / "campaign" / "costs.toml"


def carts_file() -> Path:
    """What the carts of online shops can take."""
    return _PACKAGE / "carts" / "carts.toml"


def cart_names() -> list[str]:
    """The carts that dmgen knows."""
    return sorted(tomllib.loads(carts_file().read_text("utf-8")))
