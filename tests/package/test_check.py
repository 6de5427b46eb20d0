"""The check of a package that arrived: whatever was changed on the way is named, and nothing of it is unpacked."""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pyzipper
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.errors import UsageError
from dmgen.package import SUMS, TICKET, LockedError, check
from tests.package.conftest import CONTENTS, PASSWORD, pack

OWN = {TICKET, SUMS}
NAMES = [*CONTENTS, TICKET, SUMS]
FLIPPABLE = [name for name in NAMES if CONTENTS.get(name) != b""]


def named(place: Path, **options: object) -> set[tuple[str, str]]:
    return {(one.file, one.kind) for one in check(place, **options).findings}  # type: ignore[arg-type]


def told(place: Path) -> str:
    return hashlib.sha256((place / TICKET).read_bytes()).hexdigest()


@pytest.mark.parametrize("name", ["p", "p.zip"])
@pytest.mark.parametrize("password", [None, PASSWORD])
def test_what_was_packed_arrives_whole(packed, name, password):
    if password and name == "p":
        pytest.skip("a folder cannot be encrypted")
    found = check(packed(name, password=password), password=password)
    assert found.ok
    assert (found.files, found.size) == (len(CONTENTS), sum(map(len, CONTENTS.values())))
    assert (found.head["job"], found.released, found.encrypted) == ("abc234", True, password is not None)


def test_other_tools_take_the_checksums(packed, program):
    """SHA256SUMS is for people without dmgen."""
    place = packed()
    done = subprocess.run(
        [program("sha256sum"), "--strict", "-c", SUMS], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert sorted(line.removesuffix(": OK") for line in done.stdout.splitlines()) == sorted({*CONTENTS, TICKET})


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return pack(tmp_path_factory.mktemp("folder") / "p")


@pytest.fixture(scope="module")
def archives(tmp_path_factory) -> dict[bytes | None, Path]:
    """Archives by their password; without one there is none."""
    root = tmp_path_factory.mktemp("archives")
    return {password: pack(root / f"{bool(password)}.zip", password=password) for password in (None, PASSWORD)}


@contextmanager
def flipped(path: Path, place: float, bit: int) -> Iterator[None]:
    whole = path.read_bytes()
    data = bytearray(whole)
    data[int(place * len(data))] ^= 1 << bit
    path.write_bytes(data)
    try:
        yield
    finally:
        path.write_bytes(whole)


@given(name=st.sampled_from(FLIPPABLE), place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(deadline=None, max_examples=200)
def test_a_flipped_bit_of_a_folder_is_named(folder, name, place, bit):
    """package.json and SHA256SUMS vouch for one another: without the digest told by telephone it may be either."""
    digest = told(folder)
    with flipped(folder / name, place, bit):
        blamed = {file for file, _ in named(folder)}
        assert blamed and blamed <= (OWN if name in OWN else {name}), blamed
        assert {file for file, _ in named(folder, sha256=digest)} == {name}


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), password=st.sampled_from([None, PASSWORD]))
@settings(deadline=None, max_examples=400)
def test_a_flipped_bit_of_an_archive_is_named_or_changes_nothing(archives, place, bit, password):
    """A bit of a file's date, say, changes no content. Anything else is found, whatever it makes the reader do."""
    package = archives[password]
    with flipped(package, place, bit):
        try:
            found = check(package, password=password)
        except UsageError:  # a flip made it ask for a password, or for another one
            return
        if found.ok:
            assert contents(package, password).items() >= CONTENTS.items()
        else:
            assert all(one.file for one in found.findings)


def contents(package: Path, password: bytes | None) -> dict[str, bytes]:
    """What a second reader finds in an archive."""
    with pyzipper.AESZipFile(package) as archive:
        archive.setpassword(password)
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_byte_of_a_file_in_an_archive_counts(packed):
    """A flip in the stored bytes of one file is blamed on that file, and on no other."""
    package = packed("p.zip")
    data, wanted = package.read_bytes(), CONTENTS["print/a-002.pdf"]
    begin = data.index(wanted)
    for place in range(begin, begin + len(wanted), 37):
        package.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert named(package) == {("print/a-002.pdf", "changed")}


def test_missing_extra_and_renamed_files(packed):
    package = packed()
    (package / "letters.csv").rename(package / "Letters (1).csv")
    (package / "work-order.json").unlink()
    (package / "print" / "notes.txt").write_text("hello")
    (package / ".DS_Store").write_text("litter")
    findings = {(one.file, one.kind): one for one in check(package).findings}
    assert set(findings) == {("letters.csv", "renamed"), ("work-order.json", "missing"), ("print/notes.txt", "extra")}
    assert "Letters (1).csv" in str(findings["letters.csv", "renamed"].why)


def test_without_package_json_it_is_no_package(packed, tmp_path):
    package = packed()
    (package / TICKET).unlink()
    assert named(package) == {(TICKET, "missing")}
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 and so on")
    assert named(tmp_path / "no.zip") == {("no.zip", "unreadable")}
    with pytest.raises(UsageError):
        check(tmp_path / "nothing")


def test_a_folder_around_the_package_is_looked_into(packed, tmp_path):
    """ "Extract all" puts the files of a zip into a folder of its name, in whichever folder it is told."""
    (tmp_path / "outer").mkdir()
    packed("outer/p")
    (only,) = check(tmp_path / "outer").findings
    assert (only.file, only.kind) == (TICKET, "missing")
    assert str(only.why).endswith("in the folder p: check that one")
    packed("outer/q")
    assert "no package" in str(check(tmp_path / "outer").findings[0].why)


def test_another_package_is_not_the_one_that_was_told(packed):
    """Somebody who changes the files can make package.json and SHA256SUMS anew; the telephone they cannot."""
    first = packed("a")
    second = packed("b", CONTENTS | {"work-order.json": b'{"letters": 7}\n'})
    assert check(second).ok
    assert named(second, sha256=told(first)) == {(TICKET, "told_otherwise")}


def rewritten(package: Path, change) -> Path:
    """A package whose package.json somebody wrote, SHA256SUMS left as it is."""
    told = json.loads((package / TICKET).read_text())
    (package / TICKET).write_text(change(told) or json.dumps(told))
    return package


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told["files"][0].update(name="../../etc/passwd"),
        lambda told: told["files"][0].update(name="/etc/passwd"),
        lambda told: told["files"][0].update(name="C:\\autoexec.bat"),
        lambda told: told["files"][0].update(name="a\x1b[2Jb"),
        lambda told: told["files"][0].update(name="con.txt"),
        lambda told: told["files"][0].update(name="LETTERS.csv"),
        lambda told: told["files"][0].update(size=-1),
        lambda told: told["files"][0].update(size="1"),
        lambda told: told["files"][0].update(sha256="0"),
        lambda told: told["files"][0].update(more=1),
        lambda told: told.update(files="none"),
        lambda told: told.update(format=2),
        lambda told: '{"format": 1, "files": [], "files": []}',
        lambda told: '{"format": 1, "files": [], "job": NaN}',
        lambda told: "[" * 100_000,
        lambda told: "null",
    ],
)
def test_a_strange_package_json_is_refused(packed, change):
    assert (TICKET, "changed") in named(rewritten(packed(), change))


def test_a_link_in_a_folder_is_not_followed(packed, tmp_path):
    package = packed()
    same = tmp_path / "same"
    (package / "letters.csv").rename(same)
    (package / "letters.csv").symlink_to(same)
    assert named(package) == {("letters.csv", "unsafe")}
    if hasattr(os, "mkfifo"):
        os.mkfifo(package / "pipe")
        assert ("pipe", "unsafe") in named(package)


def repacked(package: Path, *more: tuple[zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(package, "a") as archive:
        for info, data in more:
            archive.writestr(info, data)
    return package


@pytest.mark.parametrize(
    "name", ["../up.txt", "/etc/passwd", "a/../../b", "a\\..\\b", "C:/x", "./x", "a//b", "x\x07", "nul"]
)
def test_unsafe_names_in_an_archive_are_named(packed, name):
    found = check(repacked(packed("p.zip"), (zipfile.ZipInfo(name), b"x")))
    assert [one.kind for one in found.findings] == ["unsafe"]
    assert found.findings[0].file.isprintable()


def test_links_and_doubles_in_an_archive_are_named(packed):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert named(repacked(packed("a.zip"), (link, b"/etc/passwd"))) == {("link", "unsafe")}
    with pytest.warns(UserWarning, match="Duplicate"):
        package = repacked(packed("b.zip"), (zipfile.ZipInfo("letters.csv"), CONTENTS["letters.csv"]))
    assert named(package) == {("letters.csv", "double")}
    assert named(repacked(packed("c.zip"), (zipfile.ZipInfo("Letters.CSV"), b""))) == {("Letters.CSV", "double")}


def test_a_zip_bomb_is_not_unpacked(packed):
    bomb = zipfile.ZipInfo("bomb")
    bomb.compress_type = zipfile.ZIP_DEFLATED
    assert named(repacked(packed("p.zip"), (bomb, bytes(4 << 20)))) == {("bomb", "bomb")}


def test_a_file_put_into_an_encrypted_package_is_named(packed):
    package = packed("p.zip", password=PASSWORD)
    with pyzipper.AESZipFile(package, "a") as archive:
        archive.writestr("note.txt", b"print 10 more")
    assert ("note.txt", "unencrypted") in named(package, password=PASSWORD)


def test_an_encrypted_package_wants_its_own_password(packed):
    package = packed("p.zip", password=PASSWORD)
    with pytest.raises(LockedError):
        check(package)
    with pytest.raises(UsageError, match="does not open") as refused:
        check(package, password=b"incorrect horse battery")
    assert "horse" not in str(refused.value)


def test_a_plain_archive_in_the_place_of_an_encrypted_one_is_named(packed):
    """Whoever holds the password was promised AES: without it anybody may have packed the archive anew."""
    package = packed("p.zip")
    assert named(package, password=PASSWORD) == {("p.zip", "unencrypted")}
    assert named(packed("folder"), password=PASSWORD) == set()  # unpacked meanwhile


def test_a_folder_of_another_packing_is_no_worse(packed, tmp_path):
    """Archives that were unpacked and packed again by other programs hold entries for folders."""
    package = packed("p.zip")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path / "out")
    assert check(tmp_path / "out").ok
    assert check(Path(shutil.make_archive(str(tmp_path / "again"), "zip", tmp_path / "out"))).ok


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(packed):
    package = packed()
    (package / "print").chmod(0)
    try:
        assert ("print/", "unreadable") in named(package)
    finally:
        (package / "print").chmod(0o755)
