"""package.json and SHA256SUMS: what is in a package, in words of its own and in those of every checksum tool."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

TICKET, SUMS = "package.json", "SHA256SUMS"
FORMAT = 1
_LINE = re.compile(r"([0-9a-f]{64}) [ *]([^\r\n]+)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # Windows opens devices of these names
_LONGEST = 240


class PackageFile(NamedTuple):
    """A file that goes into a package: its name there (with /), where it lies now, what it is, its sha256."""

    name: str
    path: Path
    what: str
    sha256: str

    @property
    def size(self) -> int:
        """Bytes. Raises OSError where it is gone."""
        return self.path.stat().st_size


class Listed(NamedTuple):
    """A file as package.json lists it."""

    name: str
    size: int
    sha256: str
    what: str


def write_ticket(head: Mapping[str, Any], files: Sequence[PackageFile]) -> bytes:
    """package.json: `head`, then each file with its size and sha256, in the order of their names."""
    listed = [Listed(file.name, file.size, file.sha256, file.what)._asdict() for file in in_order(files)]
    told = {"format": FORMAT, **head, "files": listed}
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def in_order(files: Iterable[PackageFile]) -> list[PackageFile]:
    """Files as they stand in a package."""
    return sorted(files, key=lambda file: file.name)


def write_sums(ticket: bytes, files: Iterable[PackageFile | Listed]) -> bytes:
    """SHA256SUMS, as `sha256sum -c` takes it: every file of the package but itself."""
    digests = {file.name: file.sha256 for file in files} | {TICKET: digest(ticket)}
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def read_ticket(data: bytes) -> tuple[dict[str, Any], list[Listed]]:
    """What package.json says, and its files. Raises ValueError for what dmgen did not write: it may be anybody's."""
    told = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refused)
    if not isinstance(told, dict) or told.get("format") != FORMAT or not isinstance(told.get("files"), list):
        raise ValueError
    files = [_listed(entry) for entry in told["files"]]
    if len({folded(file.name) for file in files} | {folded(TICKET), folded(SUMS)}) != len(files) + 2:
        raise ValueError
    return {name: value for name, value in told.items() if name != "files"}, files


def read_sums(data: bytes) -> dict[str, str]:
    """The digests of SHA256SUMS by name; lines that are none are left out."""
    found = map(_LINE.fullmatch, data.decode("utf-8", "replace").splitlines())
    return {match[2]: match[1] for match in found if match}


def digest(data: bytes) -> str:
    """The sha256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def is_digest(text: str) -> bool:
    """Whether a text is a sha256 as it is written here."""
    return bool(_DIGEST.fullmatch(text))


def folded(name: str) -> str:
    """A name as file systems compare it that know no capitals."""
    return unicodedata.normalize("NFC", name).casefold()


def is_safe(name: str) -> bool:
    """Whether a name stays in its folder, on every system: no `..`, no drive, no device, nothing invisible."""
    parts = name.split("/")
    odd = re.search(r'[\\:*?"<>|]', name) or not name.isprintable() or len(name) > _LONGEST
    return not odd and not any(
        part in ("", ".", "..") or part[-1] in " ." or _RESERVED.fullmatch(part) for part in parts
    )


def _listed(entry: Any) -> Listed:
    listed = Listed(**entry) if isinstance(entry, dict) and set(entry) == set(Listed._fields) else None
    if (
        listed is None
        or not all(isinstance(text, str) for text in (listed.name, listed.sha256, listed.what))
        or type(listed.size) is not int
        or listed.size < 0
        or not is_digest(listed.sha256)
        or not is_safe(listed.name)
    ):
        raise ValueError
    return listed


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no key stands twice: readers differ in which of them holds."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _refused(_: str) -> Any:
    raise ValueError  # NaN and Infinity, which JSON has not
