"""`dmgen preflight` as its user types it: exit codes, words, JSON; our own jobs pass in every standard."""

import json
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from dmgen.model.printing import Standard
from tests.jobs import Desk, people
from tests.preflight import material

SOUND = "sound.pdf"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _sound(desk: Desk, standard: Standard = Standard.X4) -> Path:
    return material.saved(material.sound(standard), desk.root / SOUND, standard)


def _drawn(desk: Desk) -> Path:
    """A designer's file with the usual faults: no boxes, RGB, a font that is not embedded."""
    drawn = canvas.Canvas(str(desk.root / "art.pdf"), pagesize=(300, 300))
    drawn.setFillColorRGB(1, 0, 0)
    drawn.drawString(100, 100, "Sale")
    drawn.save()
    return desk.root / "art.pdf"


def test_a_sound_file_is_passed(desk: Desk) -> None:
    result = desk.invoke("preflight", _sound(desk))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [f"{desk.root / SOUND}: PDF/X-4, pages: 2 (read: 2), errors: 0, warnings: 0"]


def test_faults_are_named_with_page_object_rule_and_remedy(desk: Desk) -> None:
    result = desk.invoke("preflight", _drawn(desk))
    assert result.exit_code == 6
    for said in (
        "art.pdf: no standard, pages: 1 (read: 1), errors: 4, warnings: 1",
        "ERROR  page 1, contents rg: DeviceRGB",
        "[device-rgb]",
        "ERROR  page 1, /TrimBox: ",
        "the font Helvetica is not embedded",
        "→ embed the font",
        "warning  file, GTS_PDFXVersion: the file claims no standard",
    ):
        assert said in result.stdout, said
    assert result.stderr.startswith("not fit for print (errors: 4, files: 1 of 1)")
    assert result.stdout.index("warning  ") > result.stdout.rindex("ERROR  ")


def test_the_same_in_japanese(desk: Desk) -> None:
    result = desk.invoke("preflight", _drawn(desk), "--lang", "ja")
    assert result.exit_code == 6
    assert "フォント Helvetica が埋め込まれていません" in result.stdout
    assert "warning" not in result.stdout


def test_one_json_object(desk: Desk) -> None:
    result = desk.invoke("preflight", _drawn(desk), "--json")
    assert result.exit_code == 6
    data = json.loads(result.stdout)
    assert (data["errors"], data["warnings"]) == (4, 1)
    [file] = data["files"]
    assert (file["standard"], file["claim"], file["pages"], file["read"]) == (None, "", 1, 1)
    finding = next(finding for finding in file["findings"] if finding["rule"] == "embedded")
    assert (finding["severity"], finding["page"], finding["times"]) == ("error", 1, 1)
    assert finding["object"].startswith("Font Helvetica (")


def test_another_standard_than_the_file_claims(desk: Desk) -> None:
    result = desk.invoke("preflight", _sound(desk), "--standard", "pdf/x-1a:2001", "--json")
    assert result.exit_code == 6
    [file] = json.loads(result.stdout)["files"]
    assert (file["standard"], file["claim"]) == ("PDF/X-1a:2001", "PDF/X-4")
    assert {"x1a-claim", "header", "no-groups"} <= {finding["rule"] for finding in file["findings"]}


def test_what_cannot_be_checked_is_refused_in_one_sentence(desk: Desk) -> None:
    desk.write("note.pdf", "no PDF at all")
    (desk.root / "empty").mkdir()
    for name, said in (("note.pdf", "is not a PDF"), ("empty", "no finished job"), ("none.pdf", "cannot be read")):
        result = desk.invoke("preflight", name)
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("standard", Standard)
def test_our_own_jobs_pass(standard: Standard, tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/few.csv", people(120))
    job = desk.run("hello", "--customers", desk.root / "assets/lists/few.csv", "--standard", standard)
    result = desk.invoke("preflight", job.folder, "--json")
    data = json.loads(result.stdout)
    assert [finding for file in data["files"] for finding in file["findings"]] == []
    assert result.exit_code == 0
    assert [file["standard"] for file in data["files"]] == [standard] * len(job.printed)


def test_a_damaged_file_of_a_job_is_a_finding_beside_the_others(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    job = desk.run("hello", "--limit", "3")
    (job.folder / "print" / "zz.pdf").write_bytes(b"cut off")
    result = desk.invoke("preflight", job.folder, "--json")
    assert result.exit_code == 6
    files = {Path(file["file"]).name: file for file in json.loads(result.stdout)["files"]}
    assert [finding["rule"] for finding in files.pop("zz.pdf")["findings"]] == ["readable-file"]
    assert [file["findings"] for file in files.values()] == [[]]
