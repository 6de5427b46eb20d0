"""Files that other files name, by a path relative to the one they stand in."""

from pathlib import Path

from dmgen.campaign.problems import RefusalError, did_you_mean, listed, problem
from dmgen.messages import mark
from dmgen.toml import Keys, TomlFile

SHOP_FILE = "shop.toml"
CAMPAIGN_FILE = "campaign.toml"


def is_file(path: Path) -> bool:
    """Whether a file is there; a path that cannot even be looked at is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def beside(file: Path, written: str) -> Path:
    """The path that `written` in `file` means; backslashes of Windows are slashes."""
    path = file.parent / written.replace("\\", "/")
    return path.resolve() if ".." in path.parts else path


def existing(file: TomlFile, keys: Keys, written: str) -> Path:
    """The path of a file that must be there. Raises CampaignError."""
    path = beside(file.path, written)
    if not is_file(path):
        raise problem(file, keys, RefusalError(mark("there is no file {path}"), path=path))
    return path


def layout_file(file: TomlFile, keys: Keys, written: str) -> Path:
    """The path of a layout by its name or relative path. Raises CampaignError."""
    path = beside(file.path, written if written.endswith(".toml") else f"{written}.toml")
    if is_file(path):
        return path
    layouts = sorted(path.stem for path in path.parent.glob("*.toml"))
    layouts = [name for name in layouts if f"{name}.toml" not in (SHOP_FILE, CAMPAIGN_FILE)]
    message = mark("there is no file {path}{near}; layouts there: {layouts}")
    near = did_you_mean(written, layouts)
    raise problem(file, keys, RefusalError(message, path=path, near=near, layouts=listed(layouts)))
