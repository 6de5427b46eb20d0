"""A package as one zip file: the same bytes for the same files, or encrypted with a password (WinZip AE-2, AES-256)."""

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol, cast

import pyzipper

SUFFIX = ".zip"
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # what zip can say of no time at all
_STORED = (".pdf", ".zip", ".xlsx", ".png")  # packed already: deflating them takes time and saves next to nothing
_LEVEL = 6
_UNIX = 3


class ZipWriter(Protocol):
    """What this package needs of an archive that is written."""

    def open(self, name: Any, mode: str = ...) -> IO[bytes]:
        """A file in it."""


@contextmanager
def archive(file: IO[bytes], password: bytes | None) -> Iterator[ZipWriter]:
    """An archive to write into; with a password everything but the names is encrypted."""
    if password is None:
        with zipfile.ZipFile(file, "w") as plain:
            yield cast("ZipWriter", plain)
        return
    with pyzipper.AESZipFile(file, "w") as encrypted:
        encrypted.setpassword(password)
        encrypted.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=pyzipper.zipfile_aes.WZ_AES_V2)
        yield cast("ZipWriter", encrypted)


def entry(name: str, size: int, password: bytes | None) -> Any:
    """The entry of a file of so many bytes: no time, no owner; ZIP64 from 4 GiB on, and only then."""
    made: Any = (zipfile.ZipInfo if password is None else pyzipper.zipfile_aes.AESZipInfo)(name, _BEGINNING)
    made.create_system = _UNIX
    made.external_attr = (stat.S_IFREG | 0o644) << 16
    made.file_size = size
    if Path(name).suffix.lower() in _STORED:
        made.compress_type = zipfile.ZIP_STORED
    else:
        made.compress_type, made._compresslevel = zipfile.ZIP_DEFLATED, _LEVEL
    return made


def is_encrypted(found: zipfile.ZipInfo) -> bool:
    """Whether an entry can be read with a password only."""
    return bool(found.flag_bits & 1)


def unlocked(file: Path, password: bytes) -> Any:
    """An encrypted archive, opened for reading. Raises zipfile.BadZipFile for a damaged one."""
    try:
        opened = pyzipper.AESZipFile(file)
    except pyzipper.BadZipFile as error:
        raise zipfile.BadZipFile(*error.args) from None
    opened.setpassword(password)
    return opened
