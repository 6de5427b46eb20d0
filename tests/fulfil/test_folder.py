"""A job is whole or not there, and nobody else's files are touched."""

import errno
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from dmgen.errors import OutputError
from dmgen.fulfil import CODES, GROUPS, MANIFEST, REJECTIONS, TICKET, WAREHOUSE, JobFolder, explained

KEY = {"shop": "aobado", "campaign": "spring", "drop": "2026-04-10"}
TABLES = (MANIFEST, CODES, REJECTIONS, GROUPS)


def _made(path: Path, text: str = "one", key: dict[str, str] = KEY) -> JobFolder:
    """A job folder just before its release."""
    folder = JobFolder(path)
    folder.prepare(key)
    (folder.partial / "print" / f"{text}.pdf").write_text(text)
    for name in TABLES:
        (folder.partial / name).write_text(text)
    return folder


def _ticket(key: dict[str, str] = KEY) -> dict[str, object]:
    return {**key, "files": {"print/one.pdf": "abc"}}


def _tree(path: Path) -> set[str]:
    return {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}


def test_nothing_is_seen_before_the_release_and_all_of_it_after(tmp_path: Path) -> None:
    path = tmp_path / "out" / "job"
    folder = _made(path)
    assert {entry.name for entry in path.iterdir()} == {".partial"}
    folder.release(_ticket())
    assert _tree(path) == {"print/one.pdf", *TABLES, TICKET}
    assert not (path / ".partial").exists()
    ticket = json.loads((path / TICKET).read_text("utf-8"))
    assert ticket["files"] == {
        "print/one.pdf": "abc",
        **{name: hashlib.sha256((path / name).read_bytes()).hexdigest() for name in TABLES},
    }


def test_the_ticket_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved, replace = [], Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, target: (moved.append(target), replace(self, target))[1])
    _made(tmp_path / "job").release(_ticket())
    assert moved[-1].name == TICKET
    assert moved[0].name == "print"


def test_an_earlier_run_of_the_job_is_replaced(tmp_path: Path) -> None:
    _made(tmp_path / "job").release(_ticket())
    _made(tmp_path / "job", "two").release(_ticket())
    assert _tree(tmp_path / "job") == {"print/two.pdf", *TABLES, TICKET}
    assert (tmp_path / "job" / MANIFEST).read_text() == "two"


def test_a_run_that_was_killed_is_taken_over(tmp_path: Path) -> None:
    _made(tmp_path / "job")
    _made(tmp_path / "job", "two").release(_ticket())
    assert _tree(tmp_path / "job") == {"print/two.pdf", *TABLES, TICKET}


@pytest.mark.parametrize("step", range(1, 16))
@pytest.mark.parametrize("earlier", [False, True])
def test_a_release_killed_anywhere_leaves_no_finished_job_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, earlier: bool
) -> None:
    class KilledError(BaseException):
        pass

    path, done = tmp_path / "job", []
    if earlier:
        _made(path, "old").release(_ticket())
    folder = _made(path, "new")

    def dying(function):
        def run(*args, **options):
            done.append(function)
            if len(done) == step:
                raise KilledError
            return function(*args, **options)

        return run

    with monkeypatch.context() as patch:
        for name in ("replace", "unlink", "mkdir", "write_text"):
            patch.setattr(Path, name, dying(getattr(Path, name)))
        patch.setattr(shutil, "rmtree", dying(shutil.rmtree))
        try:
            folder.release(_ticket())
            killed = False
        except KilledError:
            killed = True
    if killed and (path / TICKET).exists():
        whole = {str(Path("print") / f"{(path / MANIFEST).read_text()}.pdf"), *TABLES, TICKET}
        assert {name for name in _tree(path) if not name.startswith(".partial")} == whole
    _made(path, "again").release(_ticket())
    assert _tree(path) == {"print/again.pdf", *TABLES, TICKET}


def test_where_a_file_is_held_open_the_earlier_job_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows a letter that is looked at in a PDF reader cannot be moved."""
    path, replace = tmp_path / "job", Path.replace
    _made(path, "old").release(_ticket())
    folder = _made(path, "new")

    def held(self: Path, target: Path) -> Path:
        if self == path / "print":
            raise PermissionError(errno.EACCES, "held open", str(self))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(OutputError, match=r"print cannot be written: close it in other programs"):
        folder.release(_ticket())
    folder.discard()
    assert _tree(path) == {"print/old.pdf", *TABLES, TICKET}


@pytest.mark.parametrize("name", ["letter.txt", "print/x.pdf", ".partial/x", "manifest.csv", "job.json"])
def test_a_folder_with_something_else_is_refused_and_untouched(tmp_path: Path, name: str) -> None:
    file = tmp_path / "job" / name
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    with pytest.raises(OutputError, match=r"job is not empty and is not this job: give --out another folder"):
        JobFolder(tmp_path / "job").prepare(KEY)
    assert file.read_text() == "{}"


@pytest.mark.parametrize("other", ["shop", "campaign", "drop"])
def test_another_job_is_refused_and_untouched(tmp_path: Path, other: str) -> None:
    _made(tmp_path / "job").release(_ticket())
    with pytest.raises(OutputError, match="is not this job"):
        JobFolder(tmp_path / "job").prepare({**KEY, other: "2026-05-01"})
    assert _tree(tmp_path / "job") == {"print/one.pdf", *TABLES, TICKET}


def test_a_job_with_a_note_of_somebody_is_refused(tmp_path: Path) -> None:
    _made(tmp_path / "job").release(_ticket())
    (tmp_path / "job" / "checked by Sato.txt").touch()
    with pytest.raises(OutputError, match="not empty"):
        JobFolder(tmp_path / "job").prepare(KEY)


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "job").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        JobFolder(tmp_path / "job").prepare(KEY)


def test_the_warehouses_files_appear_and_go_with_their_job(tmp_path: Path) -> None:
    """A job that is made again without parcels leaves no list behind from which somebody would pack."""
    path = tmp_path / "job"
    folder = _made(path)
    (folder.partial / WAREHOUSE).mkdir()
    (folder.partial / WAREHOUSE / "packing-01.pdf").write_bytes(b"list")
    folder.release(_ticket())
    assert _tree(path) == {"print/one.pdf", "warehouse/packing-01.pdf", *TABLES, TICKET}
    digest = hashlib.sha256(b"list").hexdigest()
    assert json.loads((path / TICKET).read_text("utf-8"))["files"]["warehouse/packing-01.pdf"] == digest
    _made(path, "two").release(_ticket())
    assert _tree(path) == {"print/two.pdf", *TABLES, TICKET}


def test_discarding_leaves_nothing_of_an_unfinished_run(tmp_path: Path) -> None:
    _made(tmp_path / "out" / "spring" / "job").discard()
    assert list(tmp_path.iterdir()) == []


def test_discarding_leaves_what_was_there_before(tmp_path: Path) -> None:
    (tmp_path / "mine" / "job").mkdir(parents=True)
    _made(tmp_path / "mine" / "job").discard()
    assert list((tmp_path / "mine" / "job").iterdir()) == []
    _made(tmp_path / "mine" / "job").release(_ticket())
    _made(tmp_path / "mine" / "job", "two").discard()
    assert _tree(tmp_path / "mine" / "job") == {"print/one.pdf", *TABLES, TICKET}


@pytest.mark.parametrize("method", ["replace", "mkdir", "write_text"])
def test_a_full_disk_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    folder = _made(tmp_path / "job")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, method, full)
    with pytest.raises(OutputError, match=r"No space left on device\): make room or give --out another folder"):
        folder.release(_ticket())


def test_a_folder_that_may_not_be_written_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", denied)
    with pytest.raises(OutputError, match=r"job.* cannot be written: close it .* or give --out a folder that you may"):
        JobFolder(tmp_path / "job").prepare(KEY)


def test_what_is_no_fault_of_the_disk_is_not_explained_away(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="our own"), explained(tmp_path):
        raise ValueError("our own")
