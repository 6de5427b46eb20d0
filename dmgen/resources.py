"""Files that come with dmgen: fonts, ICC profile, starters; from the wheel or from the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent


def _first(*candidates: Path) -> Path:
    return next((path for path in candidates if path.exists()), candidates[0])


def asset(*parts: str) -> Path:
    """The path of a shipped asset, e.g. asset("fonts", "NotoSerifJP-Regular.ttf")."""
    return _first(_PACKAGE.joinpath("assets", *parts), _CHECKOUT.joinpath("assets", *parts))


def starter(name: str) -> Path:
    """The path of a shipped starter: a campaign folder or `shop.toml`."""
    return _first(_PACKAGE / "starters" / name, _CHECKOUT / "layouts" / name)
