"""Runs that do not get to their end: interrupted, killed, held back, out of room, or failing by our own fault."""

import os
import signal
import sqlite3
import sys
import time
from pathlib import Path

import pytest

import dmgen.produce
from tests.jobs import Desk, Job, people

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
MANY = 3000


@pytest.fixture
def desk(tmp_path):
    """A desk with enough letters in small batches to be stopped among them."""
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", people(MANY))
    desk.configure("layouts/hello/campaign.toml", print={"batch": 100})
    return desk


def stop(desk: Desk, number: signal.Signals, workers: str) -> tuple[int, str]:
    """Send a signal to a run (from the terminal: to its whole group) when it has printed a few files."""
    process = desk.start("run", "layouts/hello", "--out", "job", "--workers", workers, "--lang", "en")
    printing = desk.root / "job" / ".partial" / "print"
    deadline = time.monotonic() + 60
    while not (printing.is_dir() and len(list(printing.iterdir())) > 2):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    if number is signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    _, err = process.communicate(timeout=60)
    return process.returncode, err.decode()


def issued(desk: Desk) -> set[str]:
    with sqlite3.connect(desk.ledger) as ledger:
        return {code for (code,) in ledger.execute("SELECT code FROM codes")}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_leaves_no_job_and_the_repeated_run_has_the_same_codes(desk, workers):
    code, err = stop(desk, signal.SIGINT, workers)
    assert code == 130
    assert len(err.strip().splitlines()) == 1, err
    assert "run the same command again" in err
    assert not (desk.root / "job").exists()
    before = issued(desk)
    assert len(before) == 3 * MANY
    job = desk.run("hello", "--workers", "1")
    assert {row["code"] for row in job.codes} == before
    assert len(job.manifest) == MANY


def test_ctrl_c_while_workers_start_is_told_once(desk):
    """A worker that is interrupted among its imports would print a traceback of its own."""
    process = desk.start("run", "layouts/hello", "--out", "job", "--workers", "2", "--lang", "en")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        process.communicate(timeout=60)
        pytest.skip("needs /proc")
    while len(children.read_text().split()) < 2:  # the first is multiprocessing's own
        assert process.poll() is None, process.communicate()
    time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert len(err.decode().strip().splitlines()) == 1, err.decode()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_killed_run_completes_when_it_is_repeated(desk, workers):
    """Nothing half-written may look finished, no lock may stay, and no worker may live on and write."""
    code, _ = stop(desk, signal.SIGKILL, workers)
    assert code == -signal.SIGKILL
    assert [path.name for path in (desk.root / "job").iterdir()] == [".partial"]
    before = issued(desk)
    job = desk.run("hello", "--workers", workers)
    assert {row["code"] for row in job.codes} == before
    assert len(job.manifest) == MANY
    assert {path.name for path in job.folder.iterdir()} == {
        "print", "manifest.csv", "codes.csv", "rejections.csv", "groups.csv", "specimens.pdf", "job.json",
    }  # fmt: skip


def test_workers_end_with_a_parent_that_was_killed(desk):
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc")
    stop(desk, signal.SIGKILL, "2")
    deadline = time.monotonic() + 10
    while left := [p for p in Path("/proc").glob("[0-9]*") if _works_in(p, desk.root.resolve())]:
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").readlink() == folder
    except OSError:
        return False


@pytest.mark.parametrize("step", ["print", "manifest.csv", "codes.csv", "job.json"])
def test_a_run_killed_while_the_job_appears_can_be_repeated(tmp_path, monkeypatch, step):
    """`print/` appears first and job.json last; in between the folder must still be known as this job's."""
    desk = Desk.at(tmp_path)
    replace = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if self.name == step and self.parent.name == ".partial":
            raise SystemExit(9)
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        patch.setattr("dmgen.fulfil.JobFolder.discard", lambda self: None)
        assert desk.invoke("run", "layouts/hello", "--out", "job").exit_code == 9
    assert not (desk.root / "job" / "job.json").exists()
    assert len(desk.run("hello").manifest) > 300


def test_a_second_run_is_refused_while_the_first_holds_the_ledger(desk):
    process = desk.start("run", "layouts/hello", "--out", "job", "--workers", "1")
    try:
        while not (desk.root / "job" / ".partial").exists():
            assert process.poll() is None
            time.sleep(0.01)
        second = desk.invoke("run", "layouts/hello", "--out", "other", "--lang", "en")
        assert second.exit_code == 4
        assert f"process {process.pid}" in second.stderr
        assert not (desk.root / "other").exists()
        assert desk.invoke("sent", "nothing", "--on", "2026-05-01").exit_code == 4
        assert desk.invoke("check", "layouts/spring-thanks").exit_code == 0
    finally:
        process.communicate(timeout=60)
    assert process.returncode == 0


@pytest.mark.parametrize("step", [(dmgen.produce.PrintFile, "close"), (Path, "write_bytes"), (Path, "replace")])
def test_a_full_disk_is_an_output_error(tmp_path, monkeypatch, step):
    """While letters are written, while batches wait, and while the job appears."""
    desk = Desk.at(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*step, full)
    result = desk.invoke("run", "layouts/hello", "--out", "job", "--lang", "en")
    assert result.exit_code == 5, result.output
    assert "No space left" in result.stderr
    assert not (desk.root / "job" / "job.json").exists()
    monkeypatch.undo()
    assert len(desk.run("hello").manifest) > 300


def test_a_file_that_is_open_elsewhere_is_named_and_the_earlier_job_stays_whole(tmp_path, monkeypatch):
    """Excel holds manifest.csv open: the user must hear which file, and not lose the job that is there."""
    desk = Desk.at(tmp_path)
    before = desk.run("hello")
    digests, ticket = before.digests(), before.ticket
    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        if self == Path("job/manifest.csv"):
            raise PermissionError(13, "used by another process", str(self))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    result = desk.invoke("run", "layouts/hello", "--out", "job", "--lang", "en", "--limit", "3")
    assert result.exit_code == 5
    assert "manifest.csv" in result.stderr
    assert "close it in other programs" in result.stderr
    now = Job(desk.root / "job")
    assert (now.digests(), now.ticket) == (digests, ticket)


def test_a_folder_that_may_not_be_written_is_an_output_error(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    desk = Desk.at(tmp_path)
    (desk.root / "locked").mkdir(mode=0o500)
    result = desk.invoke("run", "layouts/hello", "--out", "locked/job", "--lang", "en")
    assert result.exit_code == 5
    assert "locked" in result.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_fault_of_our_own_is_reported_without_personal_data(tmp_path, monkeypatch, workers):
    """The report says where in our code, never what the data were; nothing is released."""
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", people(3).replace("客 2", "秘密 花子"))
    if workers == "2":  # a fault inside a worker, where monkeypatching does not reach
        monkeypatch.setattr(dmgen.produce.Batch, "__reduce__", lambda batch: (_explode, (str(batch.rows),)))
    else:
        monkeypatch.setattr("dmgen.produce.BatchTables.add", lambda self, row, *rest: _explode(str(row)))
    result = desk.invoke("run", "layouts/hello", "--out", "job", "--workers", workers, "--lang", "en")
    assert result.exit_code == 70
    assert "Traceback" not in result.stderr
    [report] = desk.root.glob("dmgen-fault-*.txt")
    assert report.name in result.stderr
    said = report.read_text("utf-8") + result.output
    assert "秘密" not in said
    assert "花子" not in said
    assert "ValueError" in said
    assert "print_batch" in said
    assert "_explode" in said
    assert not (desk.root / "job").exists()
    monkeypatch.undo()
    assert len(Job(desk.run("hello").folder).manifest) == 3


def _explode(data: str) -> None:
    raise ValueError(f"cannot handle {data}")
