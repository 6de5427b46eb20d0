"""A package as it arrives, folder or zip: its files by name, and what about them is not to be touched."""

import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

from dmgen.errors import DmgenError, PreflightError, UsageError
from dmgen.messages import mark
from dmgen.package.archive import is_encrypted, unlocked
from dmgen.package.ticket import TICKET, folded, is_safe

_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}  # what file managers leave in every folder they show
_MOST = 100_000  # files
_FREELY = 1 << 20  # bytes that may come of however few
_RATIO = 250  # beyond this a file unpacks to more than any table does
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class LockedError(UsageError):
    """A package is encrypted, and no password was given."""


class Finding(NamedTuple):
    """What is wrong with a package: the file (as it can be shown), what kind of thing, and that in words."""

    file: str
    kind: str
    why: DmgenError


class Arrived(Protocol):
    """A package that is read: bytes by name; `findings` are names that are not read. `locked`: it is encrypted."""

    sizes: dict[str, int]
    findings: list[Finding]
    locked: bool

    def open(self, name: str) -> IO[bytes]:
        """A file. Raises anything for a damaged one."""


def shown(name: str) -> str:
    """A name that came from outside, as a terminal may show it."""
    told = name if len(name) <= 200 else name[:200] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in told)


def finding(name: str, kind: str, message: str, **values: object) -> Finding:
    """A finding about a file."""
    return Finding(shown(name), kind, PreflightError(message, file=shown(name), **values))


@contextmanager
def arrived(place: Path, password: bytes | None) -> Iterator[Arrived]:
    """A package at a place. Raises UsageError where there is none, or where it takes another password."""
    if place.is_dir():
        yield _Folder(place)
        return
    if not place.is_file():
        message = mark("there is no package at {file}: name its folder, or its .zip file")
        raise UsageError(message, file=place)
    with ExitStack() as stack:
        try:
            plain = stack.enter_context(zipfile.ZipFile(place))
            locked = any(map(is_encrypted, plain.infolist()))
            opened = stack.enter_context(_unlocked(place, password)) if locked else plain
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError) as error:
            yield _Broken(place.name, type(error).__name__)
            return
        package = _Archive(opened, place.stat().st_size, locked=locked)
        if password is not None and not locked:
            package.findings.append(_open_to_all(place.name))
        yield package


def _unlocked(place: Path, password: bytes | None) -> Any:
    """An encrypted archive, opened. Raises UsageError without its password (LockedError where there is none)."""
    if password is None:
        message = mark("{file} is encrypted: give its password, with --password-file FILE or on a terminal")
        raise LockedError(message, file=place)
    opened = unlocked(place, password)
    _require_key(opened, place)
    return opened


def _require_key(opened: Any, place: Path) -> None:
    """Raises UsageError where the password opens none of the first files: one alone may be damaged."""
    for info in opened.infolist()[:3]:
        try:
            with opened.open(info) as file:
                file.read(1)
        except RuntimeError:
            continue
        except Exception:
            return
        return
    raise UsageError(mark("the password does not open {file}: ask whoever sent it"), file=place)


class _Broken:
    """A file that is no zip, or whose table of contents is damaged."""

    locked = False

    def __init__(self, name: str, problem: str) -> None:
        self.sizes: dict[str, int] = {}
        message = mark("{file} cannot be read as a zip ({problem}): it is damaged, or it is something else")
        self.findings = [finding(name, "unreadable", message, problem=problem)]

    def open(self, name: str) -> IO[bytes]:
        """There is nothing in it."""
        raise KeyError(name)


class _Folder:
    """A package that lies there as a folder. No link is followed."""

    locked = False

    def __init__(self, place: Path) -> None:
        self._place = place
        self.sizes: dict[str, int] = {}
        self.findings: list[Finding] = []
        self._walk(place, "")

    def _walk(self, folder: Path, before: str) -> None:
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda one: one.name)
        except OSError as error:
            message = mark("{file}: cannot be read ({problem})")
            self.findings.append(finding(before or folder.name, "unreadable", message, problem=error.strerror))
            return
        for one in found:
            name = before + one.name
            if one.is_symlink() or not (one.is_dir() or one.is_file()):
                self.findings.append(_unsafe(name))
            elif one.is_dir():
                self._walk(Path(one.path), name + "/")
            elif one.name not in _LITTER:
                self.sizes[name] = one.stat(follow_symlinks=False).st_size

    def open(self, name: str) -> IO[bytes]:
        """A file."""
        return self._place.joinpath(*name.split("/")).open("rb")


class _Archive:
    """A package that is a zip. Nothing is unpacked: what is read is thrown away."""

    def __init__(self, opened: Any, size: int, *, locked: bool = False) -> None:
        self._opened = opened
        self.locked = locked
        self._infos: dict[str, Any] = {}
        self.findings: list[Finding] = []
        infos = opened.infolist()
        if len(infos) > _MOST or sum(info.compress_size for info in infos) > size:
            self.findings.append(_bomb("*"))
            infos = []
        taken: set[str] = set()
        for info in infos:
            name = info.orig_filename
            if name.endswith("/") and is_safe(name[:-1]) and not info.file_size:
                continue  # the folder itself, as many programs write it
            if _is_odd(info) or not is_safe(name):
                self.findings.append(_unsafe(name))
            elif folded(name) in taken:
                self.findings.append(finding(name, "double", mark("{file}: stands there twice")))
            elif info.file_size > max(_FREELY, _RATIO * info.compress_size):
                self.findings.append(_bomb(name))
            elif locked and not is_encrypted(info):
                message = mark("{file}: is not encrypted, although the package is: it was put in by somebody else")
                self.findings.append(finding(name, "unencrypted", message))
            else:
                self._infos[name] = info
            taken.add(folded(name))
        self.sizes = {name: info.file_size for name, info in self._infos.items()}

    def open(self, name: str) -> IO[bytes]:
        """A file, decrypted."""
        opened: IO[bytes] = self._opened.open(self._infos[name])
        return opened


def _is_odd(info: Any) -> bool:
    """Whether an entry is a link or a device, or packed in a way that dmgen does not."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    return kind not in (0, stat.S_IFREG) or info.compress_type not in _METHODS


def _unsafe(name: str) -> Finding:
    message = mark("{file}: not a plain file with a name inside the package. Do not unpack this package.")
    return finding(name, "unsafe", message)


def _open_to_all(name: str) -> Finding:
    message = mark(
        "{file}: is not encrypted, although you have a password for it. Others may have packed it: ask who sent it"
    )
    return finding(name, "unencrypted", message)


def _bomb(name: str) -> Finding:
    message = mark("{file}: unpacks to far more than it can hold. Do not unpack this package.")
    return finding(name, "bomb", message)


def no_ticket(names: Iterable[str]) -> Finding:
    """There is no package.json, unless in the folder that a program made which unpacked the rest into it."""
    folders = [name.removesuffix(f"/{TICKET}") for name in names if name.endswith(f"/{TICKET}")]
    if len(folders) == 1:
        message = mark("{file}: is not here, but in the folder {folder}: check that one")
        return finding(TICKET, "missing", message, folder=shown(folders[0]))
    return finding(TICKET, "missing", mark("{file}: is missing, so this is no package of dmgen's, or not all of it"))
