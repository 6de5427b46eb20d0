"""A folder of pages, written whole or not at all."""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from dmgen.errors import OutputError
from dmgen.messages import mark

MARK = ".dmgen-site.json"
"""Names what dmgen wrote into a folder, so that it replaces its own folders and nobody else's."""

Content = bytes | Callable[[Path], object]
"""What stands in a file: its bytes, or a function that writes it to a path (for what is large)."""

_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}


def write_site(folder: Path, key: Mapping[str, str], files: Mapping[str, Content]) -> None:
    """Make `folder` hold exactly `files` (by path inside it, with /); a folder of the same `key` is replaced.

    `key` says what the folder is: {"made": "links", "shop": …, "campaign": …}. It is written beside it under another
    name and then renamed, so that it is never seen half-written. Raises OutputError where the folder holds anything
    that dmgen did not write for the same key, and for what the file system refuses.
    """
    folder = folder.resolve()
    partial, earlier = (folder.with_name(f".{folder.name}.{part}") for part in ("partial", "earlier"))
    try:
        _refuse_foreign(folder, key)
        for left in (partial, earlier):
            shutil.rmtree(left, ignore_errors=True)
        partial.mkdir(parents=True)
        _write(partial, {**files, MARK: _mark(key, files)})
        if folder.is_dir():
            folder.replace(earlier)
        partial.replace(folder)
        shutil.rmtree(earlier, ignore_errors=True)
    except OSError as error:
        if not folder.exists() and earlier.exists():
            earlier.replace(folder)
        shutil.rmtree(partial, ignore_errors=True)
        raise OutputError(
            mark("{file} cannot be written ({problem}): close it in other programs, or give --out another folder"),
            file=error.filename or folder,
            problem=error.strerror or type(error).__name__,
        ) from None
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _write(folder: Path, files: Mapping[str, Content]) -> None:
    for name, content in files.items():
        path = folder.joinpath(*name.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            content(path)


def _mark(key: Mapping[str, str], files: Iterable[str]) -> bytes:
    return (json.dumps({**key, "files": sorted(files)}, ensure_ascii=False, indent=2) + "\n").encode()


def _refuse_foreign(folder: Path, key: Mapping[str, str]) -> None:
    if not folder.exists() or _names(folder) <= _LITTER:
        return
    found = _read_mark(folder)
    own = {MARK, *found.pop("files", [])}
    if found != dict(key) or {name for name in _names(folder) if name not in own and Path(name).name not in _LITTER}:
        raise OutputError(
            mark("{folder} holds what dmgen has not written for this campaign: give --out another folder, or empty it"),
            folder=folder,
        )


def _names(folder: Path) -> set[str]:
    """The files below a folder, with /; a file in its place is a name of its own."""
    if not folder.is_dir():
        return {""}
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def _read_mark(folder: Path) -> dict[str, Any]:
    try:
        data = json.loads((folder / MARK).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) and isinstance(data.get("files", []), list) else {}
