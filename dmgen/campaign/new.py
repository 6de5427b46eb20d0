"""`dmgen new`: a campaign folder that runs at once, and a shop.toml where there is none."""

import json
import re
import shutil
import unicodedata
from pathlib import Path

from dmgen.campaign.files import CAMPAIGN_FILE, SHOP_FILE, beside
from dmgen.campaign.shop import shop_file_above
from dmgen.errors import OutputError, UsageError
from dmgen.messages import mark
from dmgen.toml import STRING, Keys, TomlFile, read_toml

_LISTS = "lists"
_UNUSABLE = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$|^-')
_ID_LENGTH = 32


def start_campaign(name: str, starter: Path, shop_starter: Path) -> list[Path]:
    """Copy the campaign folder `starter` to `name`, with its lists, and say which files were written.

    The folder's name becomes the campaign's id. `shop_starter` is copied beside the folder unless the
    starter has a shop.toml of its own, or one stands there or above. Raises UsageError for a name that
    will not do, OutputError when there is something already or writing fails.
    """
    folder = Path(name)
    campaign_id = _campaign_id(folder)
    try:
        _refuse_occupied(folder)
        return [*_copy_campaign(folder, campaign_id, starter), *_copy_shop(folder, shop_starter)]
    except OSError as error:
        message = mark("{folder}: cannot be written ({reason}); choose another place: dmgen new PATH/NAME")
        raise OutputError(message, folder=folder, reason=error.strerror) from error


def _campaign_id(folder: Path) -> str:
    """The folder's name in a-z, 0-9 and -."""
    letters = (sign for sign in unicodedata.normalize("NFKD", folder.name) if not unicodedata.combining(sign))
    slug = re.sub(r"[^a-z0-9]+", "-", "".join(letters).lower())[:_ID_LENGTH].strip("-")
    if not slug or _UNUSABLE.search(folder.name):
        message = mark(
            "{name}: the folder's name becomes the campaign's id and needs Latin letters or digits; "
            "for example: dmgen new spring-thanks"
        )
        raise UsageError(message, name=folder.name or folder)
    return slug


def _refuse_occupied(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        message = mark("{folder}: there is something already; choose another name: dmgen new NAME")
        raise OutputError(message, folder=folder)


def _copy_campaign(folder: Path, campaign_id: str, starter: Path) -> list[Path]:
    starter = starter.resolve()
    file = read_toml(starter / CAMPAIGN_FILE, format_required=True)
    sources = {key: beside(file.path, path) for key, path in file.data.get(_LISTS, {}).items()}
    outside = {key: path for key, path in sources.items() if not path.is_relative_to(starter)}
    copies = {path: folder / path.relative_to(starter) for path in sorted(starter.rglob("*")) if path.is_file()}
    copies |= {path: folder / _LISTS / path.name for path in outside.values()}
    for source, target in copies.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    texts: dict[Keys, str] = {(_LISTS, key): f"{_LISTS}/{path.name}" for key, path in outside.items()}
    rewritten = _rewrite(file, {("id",): campaign_id, **texts})
    (folder / CAMPAIGN_FILE).write_text(rewritten, encoding="utf-8", newline="\n")
    return list(copies.values())


def _rewrite(file: TomlFile, texts: dict[Keys, str]) -> str:
    """The source of `file` with other strings at some keys, all else and the comments kept."""
    source = file.source
    for keys in sorted(texts, key=lambda keys: file.places[keys], reverse=True):
        start = file.places[keys]
        written = STRING.match(source, start)
        end = written.end() if written else start
        source = source[:start] + json.dumps(texts[keys], ensure_ascii=False) + source[end:]
    return source


def _copy_shop(folder: Path, shop_starter: Path) -> list[Path]:
    if shop_file_above(folder):
        return []
    target = folder.parent / SHOP_FILE
    shutil.copyfile(shop_starter, target)
    return [target]
