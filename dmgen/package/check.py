"""`dmgen package --check`: every file there and as it was sent, and nothing else. The package may be anybody's."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from dmgen.errors import DmgenError
from dmgen.messages import mark
from dmgen.package.done import Done, silent
from dmgen.package.reading import Arrived, Finding, arrived, finding, no_ticket, shown
from dmgen.package.ticket import SUMS, TICKET, Listed, digest, read_sums, read_ticket, write_sums

_CHUNK = 1 << 20
_LARGEST = 16 << 20  # of package.json and SHA256SUMS


@dataclass(frozen=True)
class Checked:
    """What a check found; without `findings` nothing is wrong. `sha256` is package.json's, `head` what that says."""

    place: Path
    sha256: str = ""
    head: dict[str, Any] = field(default_factory=dict)
    files: int = 0
    size: int = 0
    encrypted: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the package is as it was sent."""
        return not self.findings

    @property
    def released(self) -> bool:
        """Whether its letters may be printed and sent."""
        return self.head.get("released") is True

    def as_json(self, say: Callable[[DmgenError], str]) -> dict[str, Any]:
        """The outcome, for other programs."""
        facts = {name: self.head.get(name) for name in ("job", "shop", "campaign", "drop", "for")}
        return {
            "package": str(self.place),
            "ok": self.ok,
            "sha256": self.sha256,
            **facts,
            "released": self.released,
            "encrypted": self.encrypted,
            "files": self.files,
            "bytes": self.size,
            "findings": [{"file": one.file, "kind": one.kind, "why": say(one.why)} for one in self.findings],
        }


def check(place: Path, sha256: str = "", password: bytes | None = None, done: Done = silent) -> Checked:
    """Check a package, folder or zip; `sha256` is that of its package.json as the sender told it.

    Raises UsageError where there is no package, or where it is encrypted and the password is not its own.
    """
    with arrived(place, password) as package:
        if TICKET not in package.sizes:
            told = package.findings or [no_ticket(package.sizes)]
            return Checked(place, findings=tuple(told))
        data = _small(package, TICKET)
        found = digest(data) if data is not None else ""
        head, files, findings = _ticket(data, found, sha256)
        if findings:
            return Checked(place, found, head, findings=(*package.findings, *findings))
        assert data is not None  # noqa: S101 (a finding otherwise)
        actual = _digests(package, files, done)
        findings = [*package.findings, *_compared(package, data, files, actual, trusted=bool(sha256))]
        size = sum(file.size for file in files)
        return Checked(place, found, head, len(files), size, package.locked, tuple(findings))


def _ticket(data: bytes | None, found: str, told: str) -> tuple[dict[str, Any], list[Listed], list[Finding]]:
    """What package.json says, or why nobody should believe it."""
    if told and found != told:
        message = mark("{file}: its sha256 is {found}, and not the one you were told: this is not the package sent")
        return {}, [], [finding(TICKET, "told_otherwise", message, found=found or "-")]
    try:
        if data is None:
            raise ValueError
        return *read_ticket(data), []
    except (ValueError, RecursionError):
        message = mark("{file}: is not as dmgen writes it, so it was changed or damaged")
        return {}, [], [finding(TICKET, "changed", message)]


def _digests(package: Arrived, files: list[Listed], done: Done) -> dict[str, str]:
    """By name the sha256 of what there is of the files; "" for what cannot be read, or has another size."""
    actual: dict[str, str] = {}
    for number, file in enumerate(files, 1):
        if file.name in package.sizes:
            actual[file.name] = _digest(package, file.name, file.size)
        done(number, len(files))
    return actual


def _digest(package: Arrived, name: str, size: int) -> str:
    """The sha256 of a file of this size; no more of it is read."""
    if package.sizes[name] != size:
        return ""
    read, left = hashlib.sha256(), size
    try:
        with package.open(name) as file:
            for chunk in _chunks(file, size + 1):
                read.update(chunk)
                left -= len(chunk)
    except Exception:
        return ""
    return "" if left else read.hexdigest()


def _chunks(file: IO[bytes], most: int) -> Iterator[bytes]:
    while most > 0 and (chunk := file.read(min(_CHUNK, most))):
        most -= len(chunk)
        yield chunk


def _small(package: Arrived, name: str) -> bytes | None:
    """A file that is read whole; nothing where it cannot be, or is too large."""
    if package.sizes[name] > _LARGEST:
        return None
    try:
        with package.open(name) as file:
            return b"".join(_chunks(file, _LARGEST))
    except Exception:
        return None


def _compared(
    package: Arrived, ticket: bytes, files: list[Listed], actual: dict[str, str], *, trusted: bool
) -> Iterator[Finding]:
    """What differs between the files, package.json and SHA256SUMS; with `trusted` package.json is the one sent."""
    sums = _small(package, SUMS) if SUMS in package.sizes else b""
    lines = read_sums(sums or b"")
    doubtful = not trusted and lines.get(TICKET, digest(ticket)) != digest(ticket)
    vouched = _vouched(package, lines, actual) if doubtful else set()
    right = {file.name for file in files if actual.get(file.name) == file.sha256}
    blamed = {file.name for file in files if doubtful and file.name not in lines} | (vouched - right)
    if blamed:
        message = mark("{file}: was changed: SHA256SUMS and the files themselves say otherwise of {others}")
        yield finding(TICKET, "changed", message, others=shown(", ".join(sorted(blamed))))
    elif SUMS not in package.sizes:
        yield finding(SUMS, "missing", mark("{file}: is missing"))
    elif doubtful:
        message = mark("{file}: contradicts package.json; one of the two was changed. Ask for the package again.")
        yield finding(SUMS, "changed", message)
    elif sums != write_sums(ticket, files):
        yield finding(SUMS, "changed", mark("{file}: was changed: it does not say what package.json says"))
    known = {TICKET, SUMS, *vouched, *(file.name for file in files)}
    extra = {name: size for name, size in package.sizes.items() if name not in known}
    for file in files:
        if file.name not in right | blamed:
            yield from _wrong(package, file, extra)
    for name in extra:
        yield finding(name, "extra", mark("{file}: does not belong to the package"))


def _vouched(package: Arrived, lines: dict[str, str], actual: dict[str, str]) -> set[str]:
    """The files that are as SHA256SUMS says, whatever package.json does."""
    sizes = {name: size for name, size in package.sizes.items() if name in lines and name not in (TICKET, SUMS)}
    return {
        name
        for name, size in sizes.items()
        if actual.get(name) == lines[name] or _digest(package, name, size) == lines[name]
    }


def _wrong(package: Arrived, file: Listed, extra: dict[str, int]) -> Iterator[Finding]:
    """What is wrong with a file; one that is there under another name is taken out of `extra`."""
    found = package.sizes.get(file.name)
    if found is None:
        if not any(one.file == shown(file.name) for one in package.findings):
            yield _missing(package, file, extra)
    elif found != file.size:
        message = mark("{file}: has {found:,} bytes instead of {size:,}")
        yield finding(file.name, "changed", message, found=found, size=file.size)
    else:
        yield finding(file.name, "changed", mark("{file}: is not as it was sent: its contents were changed"))


def _missing(package: Arrived, file: Listed, extra: dict[str, int]) -> Finding:
    """A file that is not there, or under another name, which is taken out of `extra`."""
    for name, size in extra.items():
        if size == file.size and _digest(package, name, size) == file.sha256:
            del extra[name]
            message = mark("{file}: is there as {other}: give it its own name again")
            return finding(file.name, "renamed", message, other=shown(name))
    return finding(file.name, "missing", mark("{file}: is missing"))
