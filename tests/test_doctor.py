"""dmgen doctor: what it says is true of this machine, and a fault is found."""

import json

import pytest

from dmgen.errors import ExitCode
from dmgen.model.printing import Standard
from dmgen.tasks import doctor
from tests.jobs import Desk


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


def test_everything_works_here(desk):
    result = desk.invoke("doctor", "--json")
    assert result.exit_code == 0, result.output
    told = {thing["name"]: thing for thing in json.loads(result.stdout)}
    assert all(thing["ok"] for thing in told.values())
    assert {standard.value for standard in Standard} <= told.keys()
    assert {"code qr", "code code128", "code datamatrix", "code ean13"} <= told.keys()
    assert "PDF 1.3" in told["PDF/X-1a:2001"]["told"]
    assert "FOGRA39" in told["profile"]["told"]


def test_it_is_said_in_japanese(desk):
    result = desk.invoke("doctor", "--lang", "ja")
    assert "OK  font mincho: NotoSerifJP-Regular" in result.stdout
    assert "文字" in result.stdout


def test_a_code_that_cannot_be_read_is_found(desk, monkeypatch):
    monkeypatch.setattr(doctor.zxingcpp, "read_barcodes", lambda image: [])
    result = desk.invoke("doctor", "--lang", "en")
    assert result.exit_code == ExitCode.PREFLIGHT
    assert "NG  code qr: a code printed here cannot be read" in result.stdout
    assert "code128" in result.stderr


def test_a_page_that_breaks_its_standard_is_found(desk, monkeypatch):
    monkeypatch.setattr(doctor, "check_file", lambda path, _: doctor_report(path))
    result = desk.invoke("doctor", "--lang", "en")
    assert result.exit_code == ExitCode.PREFLIGHT
    assert "NG  PDF/X-1a:2001" in result.stdout


def doctor_report(path):
    """Any file checked against a standard that it is not written in."""
    from dmgen.preflight import preflight_file

    claimed = preflight_file(path).standard
    return preflight_file(path, Standard.X1A_2001 if claimed is not Standard.X1A_2001 else Standard.VT1)
