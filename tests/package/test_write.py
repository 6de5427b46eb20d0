"""A package is whole or not there: killed, out of room, or with a file that changed meanwhile."""

import errno
import subprocess
import zipfile
from pathlib import Path

import pytest
import pyzipper

from dmgen import package as room
from dmgen.errors import OutputError, UsageError
from dmgen.package import ChangedFileError, appear, begun, check, good_password, password_in, require_room, write
from tests.package.conftest import CONTENTS, HEAD, PASSWORD, pack, put


def seen(folder: Path) -> list[str]:
    """What lies in a folder, hidden or not."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", ["p", "p.zip"])
def test_the_same_files_make_the_same_bytes(tmp_path, name):
    first, second = (pack(tmp_path / place / name) for place in ("a", "b"))
    if name == "p":
        files = [{str(p.relative_to(f)): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in (first, second)]
        assert files[0] == files[1]
    else:
        assert first.read_bytes() == second.read_bytes()


def test_an_archive_says_nothing_of_the_machine(packed):
    with zipfile.ZipFile(packed("p.zip")) as made:
        assert [info.filename for info in made.infolist()] == ["package.json", "SHA256SUMS", *sorted(CONTENTS)]
        for info in made.infolist():
            assert (info.date_time, info.extra, info.comment) == ((1980, 1, 1, 0, 0, 0), b"", b"")
            assert info.external_attr >> 16 == 0o100644
            assert (info.compress_type == zipfile.ZIP_STORED) is info.filename.endswith(".pdf")


def test_unzip_reads_an_archive(packed, program, tmp_path):
    """Info-ZIP's reader is not Python's."""
    done = subprocess.run(
        [program("unzip"), "-q", packed("p.zip"), "-d", tmp_path / "out"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert check(tmp_path / "out").ok


def test_7z_reads_an_encrypted_archive(packed, program, tmp_path):
    place = packed("p.zip", password=PASSWORD)
    command = [program("7z"), "x", f"-p{PASSWORD.decode()}", f"-o{tmp_path / 'out'}", place]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    assert check(tmp_path / "out").ok


def test_everything_but_the_names_is_encrypted(packed):
    """AE-2 with 256 bits; no checksum of the plain text stands in the open."""
    place = packed("p.zip", password=PASSWORD)
    data = place.read_bytes()
    assert not any(text in data for text in (b"letters \x00", b"piece_id", HEAD["job"].encode(), PASSWORD))
    assert b"letters.csv" in data
    with pyzipper.AESZipFile(place) as made:
        for info in made.infolist():
            assert (info.wz_aes_version, info.wz_aes_strength, info.CRC) == (2, 3, 0)
    with zipfile.ZipFile(place) as plain, pytest.raises((NotImplementedError, RuntimeError)):
        plain.read("letters.csv")


@pytest.mark.parametrize("password", [None, PASSWORD])
def test_files_of_any_size_go_in(packed, monkeypatch, password):
    """From 4 GiB on an archive needs ZIP64; here its limit is lowered, not its files made large."""
    for library in (zipfile, pyzipper.zipfile):
        monkeypatch.setattr(library, "ZIP64_LIMIT", 500)
    assert check(packed("p.zip", password=password), password=password).ok


@pytest.mark.parametrize("name", ["p", "p.zip"])
@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_what_is_broken_off_leaves_nothing(tmp_path, monkeypatch, name, failure):
    flushed = 0

    def fail(*_: object) -> None:
        nonlocal flushed
        flushed += 1
        if flushed == (3 if name == "p" else 1):
            raise failure

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(type(failure)):
        pack(tmp_path / "deep" / "er" / name)
    assert seen(tmp_path) == []


def test_what_a_killed_run_left_is_taken_away(tmp_path):
    left = tmp_path / ".p.zip.partial"
    (left / "package").mkdir(parents=True)
    pack(tmp_path / "p.zip")
    assert seen(tmp_path) == ["p.zip"]


@pytest.mark.parametrize("name", ["p", "p.zip"])
def test_nothing_is_seen_under_its_own_name_before_it_is_whole(tmp_path, name):
    """Programs that watch a folder take what appears there at once: it is renamed, not copied."""
    with begun(tmp_path / "hot" / name) as staging:
        files = put(staging.work)
        write(staging, room.write_ticket(HEAD, files), files)
        assert seen(tmp_path / "hot") == [f".{name}.partial"]
        whole = staging.result.stat().st_ino
        appear(staging)
        assert staging.place.stat().st_ino == whole
    assert seen(tmp_path / "hot") == [name]
    assert check(tmp_path / "hot" / name).ok


def test_a_file_that_changed_is_not_packed(tmp_path):
    with pytest.raises(ChangedFileError) as refused, begun(tmp_path / "p") as staging:
        files = put(staging.work)
        ticket = room.write_ticket(HEAD, files)
        files[1].path.write_bytes(b"another letter")
        write(staging, ticket, files)
    assert refused.value.path == files[1].path
    assert seen(tmp_path) == []


def test_room_is_looked_at_before(tmp_path):
    require_room(tmp_path / "new" / "p", 1000)
    with pytest.raises(OutputError, match="MB are free"):
        require_room(tmp_path / "new" / "p", 1 << 60)


@pytest.mark.parametrize(
    "text",
    [
        "short",
        "elevenchars",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "パスワードはとても長いです",
        "tab\tand more text",
    ],
)
def test_a_poor_password_is_refused_and_not_told(text):
    with pytest.raises(UsageError) as refused:
        good_password(text)
    assert text not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"correct horse\n", "correct horse"),
        (b"\xef\xbb\xbfcorrect horse\r\n", "correct horse"),
        (b" correct horse ", " correct horse "),
        (b"", None),
        (b"\n", None),
        (b"one\ntwo\n", None),
        (b"\x80\xff", None),
        (b"x" * 5000, None),
    ],
)
def test_a_password_file_holds_one_line(tmp_path, data, found):
    (tmp_path / "f").write_bytes(data)
    if found is None:
        with pytest.raises(UsageError):
            password_in(tmp_path / "f")
    else:
        assert password_in(tmp_path / "f") == found
    with pytest.raises(UsageError):
        password_in(tmp_path / "none")
