"""The preflight is part of releasing: a file that a press would refuse is not released, however true its letters."""

import json

from dmgen.errors import ExitCode
from dmgen.press import printfile
from tests.jobs import Desk


def test_a_file_that_lost_its_output_intent_is_named(copy):
    with copy.pages() as pdf:
        del pdf.Root.OutputIntents
    copy.cover_tracks()
    findings = copy.findings()
    assert {f["what"] for f in findings} == {"preflight"}
    assert {f["file"] for f in findings} == {copy.job.manifest[0]["file"]}
    assert any("intent" in f["field"] for f in findings)


def test_a_run_whose_files_break_their_standard_is_not_released(tmp_path, monkeypatch):
    """A fault of our own, caught before anybody sends the file: an RGB page group under a CMYK intent."""
    monkeypatch.setattr(printfile, "PAGE_GROUP", b"/Group<</S/Transparency/CS/DeviceRGB>>")
    desk = Desk.at(tmp_path)
    result = desk.invoke("run", "layouts/hello", "--limit", "3", "--out", "job", "--lang", "en")
    assert result.exit_code == ExitCode.PREFLIGHT
    assert "preflight" in result.stderr
    ticket = json.loads((desk.root / "job" / "job.json").read_text("utf-8"))
    assert (ticket["released"], ticket["reason"]) == (False, "read_back_failed")
    assert {finding["what"] for finding in ticket["read_back"]["first"]} == {"preflight"}
    refused = desk.invoke("sent", "job", "--on", "2026-05-01", "--lang", "en")
    assert refused.exit_code == ExitCode.LEDGER
    assert "dmgen verify" in refused.stderr
