"""Small packages of invented files."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from dmgen.package import PackageFile, appear, begun, write, write_ticket

CONTENTS = {
    "print/a-001.pdf": b"%PDF-1.6 letters \x00\xff" * 40,
    "print/a-002.pdf": b"%PDF-1.6 more letters" * 30,
    "work-order.json": b'{"letters": 70}\n' * 5,
    "letters.csv": b"piece_id,sequence\r\nAB,1\r\n" * 9,
    "empty.csv": b"",
}
HEAD = {"job": "abc234", "for": "printer", "released": True}
PASSWORD = b"correct horse battery"

Packed = Callable[..., Path]


def put(folder: Path, contents: dict[str, bytes] = CONTENTS) -> list[PackageFile]:
    """The files, lying in a folder."""
    files = []
    for number, (name, data) in enumerate(contents.items()):
        path = folder / f"{number}.source"
        path.write_bytes(data)
        files.append(PackageFile(name, path, "print", hashlib.sha256(data).hexdigest()))
    return files


def pack(place: Path, contents: dict[str, bytes] = CONTENTS, password: bytes | None = None) -> Path:
    """A package of these contents; a name that ends in .zip makes an archive."""
    with begun(place) as staging:
        files = put(staging.work, contents)
        write(staging, write_ticket(HEAD, files), files, password)
        appear(staging)
    return place


@pytest.fixture
def packed(tmp_path: Path) -> Packed:
    """`packed("NAME")` is a package of CONTENTS in a folder of the test's own."""

    def make(name: str = "p", contents: dict[str, bytes] = CONTENTS, password: bytes | None = None) -> Path:
        return pack(tmp_path / name, contents, password)

    return make
