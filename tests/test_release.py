"""A job may be sent only when it was read back and every piece is its own person's."""

import json

import pikepdf
import pytest

from dmgen import pipeline
from tests.jobs import Desk, Job, people


@pytest.fixture
def desk(tmp_path):
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", people(3))
    return desk


def unread(desk: Desk) -> None:
    campaign = desk.root / "layouts" / "hello" / "campaign.toml"
    campaign.write_text(campaign.read_text("utf-8") + "\n[release]\nread_back = false\n", "utf-8")


def states(desk: Desk) -> list[str]:
    return [line.split()[1] for line in desk.invoke("jobs").stdout.splitlines()]


@pytest.fixture
def faulty_press(monkeypatch):
    """A press that puts the second letter's contents on the first letter's page."""
    produce = pipeline.produce

    def swapped(workshop, batches, progress):
        results = produce(workshop, batches, progress)
        [path] = batches[0].folder.glob("print/*.pdf")
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            pdf.pages[0].Contents = pdf.pages[1].Contents
            pdf.save(path)
        return results

    monkeypatch.setattr(pipeline, "produce", swapped)


def test_a_run_reads_its_job_back(desk):
    job = desk.run("hello")
    assert (job.ticket["released"], job.ticket["reason"]) == (True, "")
    assert job.ticket["read_back"] == {"pieces": 3, "sample": None, "findings": 0, "first": []}
    assert states(desk) == ["ready"]


def test_a_job_with_another_persons_letter_is_not_released(desk, faulty_press):
    """Exit 6; the folder stays for a look and says which piece; it cannot be sent, whatever is tried."""
    result = desk.invoke("run", "layouts/hello", "--out", "job", "--lang", "en")
    job = Job(desk.root / "job")
    victim = job.manifest[0]["piece_id"]
    assert result.exit_code == 6
    assert victim in result.stderr
    assert "dmgen verify" in result.stderr
    assert (job.ticket["released"], job.ticket["reason"]) == (False, "read_back_failed")
    assert {f.get("piece_id") for f in job.ticket["read_back"]["first"]} == {None, victim}
    assert states(desk) == ["not_released"]
    for name in ("job", job.ticket["job"]):
        sent = desk.invoke("sent", name, "--on", "2026-04-11", "--lang", "en")
        assert sent.exit_code == 4
        assert f"dmgen verify {job.ticket['job']}" in sent.stderr
    assert desk.invoke("verify", "job").exit_code == 6
    assert states(desk) == ["not_released"]


def test_a_job_that_fails_takes_the_place_of_the_one_before(desk, faulty_press, monkeypatch):
    """The letters of the earlier run may be gone from the folder: what is sent must be what was read."""
    desk.invoke("run", "layouts/hello", "--out", "job")
    monkeypatch.undo()
    desk.run("hello")
    assert states(desk) == ["superseded", "ready"]


def test_a_job_that_is_not_read_back_waits_for_it(desk):
    unread(desk)
    run = desk.invoke("run", "layouts/hello", "--out", "job", "--lang", "en")
    assert run.exit_code == 0
    assert "dmgen verify" in run.stderr
    job = Job(desk.root / "job").ticket
    assert (job["released"], job["reason"]) == (False, "not_read_back")
    assert states(desk) == ["not_released"]
    refused = desk.invoke("sent", job["job"], "--on", "2026-04-11", "--lang", "en")
    assert (refused.exit_code, f"dmgen verify {job['job']}" in refused.stderr) == (4, True)
    verified = desk.invoke("verify", job["job"], "--lang", "en")
    assert verified.exit_code == 0, verified.output
    assert "3 of 3" in verified.stderr
    assert states(desk) == ["ready"]
    assert desk.invoke("sent", "job", "--on", "2026-04-11").exit_code == 0
    assert states(desk) == ["sent"]


def test_json_says_whether_a_job_is_released(desk):
    assert json.loads(desk.invoke("run", "layouts/hello", "--out", "a", "--json").stdout)["released"] is True
    unread(desk)
    assert json.loads(desk.invoke("run", "layouts/hello", "--out", "b", "--json").stdout)["released"] is False


def test_a_job_damaged_after_its_release_can_no_longer_be_sent(desk):
    """Read back anew, also where no ledger is at hand: the folder remembers."""
    job = desk.run("hello")
    job.printed[0].write_bytes(job.printed[0].read_bytes()[:-200])
    (desk.root / "layouts" / "shop.toml").rename(desk.root / "shop.away")
    alone = desk.invoke("verify", "job", "--lang", "en")
    assert alone.exit_code == 6
    assert "--shop" in alone.stderr
    (desk.root / "shop.away").rename(desk.root / "layouts" / "shop.toml")
    assert states(desk) == ["ready"]
    assert desk.invoke("sent", "job", "--on", "2026-04-11").exit_code == 4
    assert desk.invoke("verify", "job").exit_code == 6
    assert states(desk) == ["not_released"]
    assert desk.invoke("cancel", "job").exit_code == 0
    assert states(desk) == ["cancelled"]


def test_a_sent_job_stays_sent(desk):
    job = desk.run("hello")
    assert desk.invoke("sent", "job", "--on", "2026-04-11").exit_code == 0
    job.printed[0].unlink()
    assert desk.invoke("verify", "job").exit_code == 6
    assert states(desk) == ["sent"]


def test_what_cannot_be_verified_is_said(desk):
    for wrong in ("nothing", "assets"):
        result = desk.invoke("verify", wrong, "--lang", "en")
        assert result.exit_code == 4, result.output
    job = desk.run("hello")
    path = job.folder / "job.json"
    for key in ("layouts", "settings"):
        ticket = json.loads(path.read_text("utf-8"))
        del ticket[key]
        desk.write("job/job.json", json.dumps(ticket))
        result = desk.invoke("verify", "job", "--lang", "en")
        assert (result.exit_code, str(job.folder.name) in result.stderr) == (4, True)


def test_a_restored_job_is_as_released_as_its_folder_says(desk):
    unread(desk)
    desk.run("hello")
    desk.ledger.unlink()
    assert desk.invoke("ledger", "restore", "job").exit_code == 0
    assert states(desk) == ["not_released"]
