"""A letter with another marker than the campaign's, or a spoilt one, opens nothing: such a job is not released."""

import shutil
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image

from dmgen.press import module_runs
from dmgen.symbols import aruco_symbol
from tests.jobs import Desk, Job, people
from tests.readback.conftest import PIECES, Copy

LAYOUT, CAMPAIGN = "layouts/hello/hello.toml", "layouts/hello/campaign.toml"
SLOTS = """[slots]
marker = { kind = "ar", box = [146, 52, 42, 42] }
arqr   = { kind = "qr", link = "ar", box = [112, 62, 30, 30] }
"""
AR = '[links.ar]\nto = "ar"\n\n[ar]\nmarker = 17\ncontent = "leaf.png"\nplace = [20, 40, 80, 45]\n\n[offers.hello]'
RUNS = {marker: module_runs([aruco_symbol(marker)])[0] for marker in (17, 18)}


def with_marker(desk: Desk, slots: str = SLOTS) -> None:
    desk.write("assets/lists/customers.csv", people(PIECES))
    Image.new("RGB", (16, 9)).save(desk.root / "layouts/hello/leaf.png")
    desk.edit(LAYOUT, "[slots]\n", slots)
    desk.edit(CAMPAIGN, "[offers.hello]", AR)


@pytest.fixture(scope="module")
def marked_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk.at(tmp_path_factory.mktemp("marker"))
    with_marker(desk)
    desk.run("hello")
    return desk


@pytest.fixture
def copy(marked_desk: Desk, tmp_path) -> Copy:
    shutil.copytree(marked_desk.root / "job", tmp_path / "copy")
    return Copy(marked_desk, tmp_path / "copy")


def redraw(copy: Copy, change: Callable[[bytes], bytes]) -> None:
    """Change what is drawn for the marker, in the form that all letters stamp."""
    with copy.pages() as pdf:
        forms = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and RUNS[17] in one.read_bytes()]
        assert len(forms) == 1
        before = forms[0].read_bytes()
        after = change(before)
        assert after != before
        forms[0].write(after)
    copy.cover_tracks()


def test_marker_and_manifest_are_the_campaign_s(copy: Copy) -> None:
    assert {row["ar_id"] for row in copy.job.manifest} == {"17"}
    assert copy.job.ticket["settings"]["ar"] == 17
    assert copy.verify()[0] == 0


def moved(matrix: bytes) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(RUNS[17], matrix + b" cm\n" + RUNS[17])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda content: content.replace(RUNS[17], RUNS[18]), "symbol_differs"),
        (lambda content: content.replace(RUNS[17], b""), "symbol_unreadable"),
        (lambda content: content.replace(RUNS[17], RUNS[17] + b"3 3 1 1 re\n"), "symbol_unreadable"),
        (lambda content: content.replace(RUNS[17], RUNS[17] + b"-1 3 0.5 0.5 re\n"), "symbol_damaged"),
        (lambda content: content.replace(RUNS[17], RUNS[17] + b"2.3 1.3 0.4 0.4 re\n"), "symbol_damaged"),
        (moved(b"0 1 -1 0 8 0"), "symbol_unreadable"),  # turned
        (moved(b"-1 0 0 1 8 0"), "symbol_unreadable"),  # mirrored
        (moved(b"1 0 0 1 0.6 0"), "symbol_unreadable"),  # elsewhere
    ],
    ids=["another", "none", "wrong cell", "dirt in the blank", "dirt in a cell", "turned", "mirrored", "elsewhere"],
)
def test_every_letter_with_a_wrong_marker_is_named(copy: Copy, change, what: str) -> None:
    redraw(copy, change)
    findings = [finding for finding in copy.findings() if finding["what"] != "preflight"]
    assert {finding["what"] for finding in findings} == {what}
    assert {finding["slot"] for finding in findings} == {"marker"}
    assert len(findings) == PIECES


@pytest.mark.parametrize(("value", "whats"), [("18", {"marker_differs", "symbol_differs"}), ("", {"symbol_differs"})])
def test_a_manifest_that_names_another_marker(copy: Copy, value: str, whats: set[str]) -> None:
    copy.retable("manifest.csv", lambda rows: rows[2].update(ar_id=value))
    copy.cover_tracks()
    findings = copy.findings()
    assert {finding["what"] for finding in findings} == whats
    assert {finding["piece_id"] for finding in findings} == {copy.piece(2)}


def test_a_letter_whose_rule_leaves_the_marker_out_has_none(tmp_path) -> None:
    """The rule's column is not in the job folder: the manifest tells who has a marker."""
    desk = Desk.at(tmp_path)
    rule = ', when = "purchases >= 2" }'
    with_marker(desk, SLOTS.replace(" }", rule))
    desk.edit(CAMPAIGN, "[lists]\n", '[lists]\norders = "../../orders.csv"\n')
    orders = ["order_id,customer_id,ordered_on,status,total", "1,00001,2026-01-05,completed,1000"]
    desk.write(
        "orders.csv",
        "\n".join([*orders, "2,00001,2026-02-05,completed,1000", "3,00002,2026-02-05,completed,1000"]) + "\n",
    )
    job = desk.run("hello")
    assert [row["ar_id"] for row in job.manifest] == ["17"] + [""] * (PIECES - 1)
    copy = Copy(desk, job.folder)
    assert copy.verify()[0] == 0
    copy.retable("manifest.csv", lambda rows: (rows[0].update(ar_id=""), rows[1].update(ar_id="17")))
    copy.cover_tracks()
    assert {(f["piece_id"], f["what"]) for f in copy.findings()} == {
        (copy.piece(0), "symbol_differs"),
        (copy.piece(1), "symbol_unreadable"),
    }


def test_a_drop_keeps_its_marker(tmp_path) -> None:
    """People hold letters with the first one; a lost ledger learns it again from the job."""
    desk = Desk.at(tmp_path)
    with_marker(desk)
    desk.run("hello")
    desk.edit(CAMPAIGN, "marker = 17", "marker = 18")
    refused = desk.invoke("run", "layouts/hello", "--out", "again", "--lang", "en")
    assert refused.exit_code == 4
    assert "marker = 17" in refused.output
    assert not (tmp_path / "again").exists()
    desk.ledger.unlink()
    assert desk.invoke("ledger", "restore", "job", "--shop", "layouts").exit_code == 0
    assert desk.invoke("run", "layouts/hello", "--out", "again").exit_code == 4
    assert desk.invoke("run", "layouts/hello", "--out", "next", "--drop", "2026-05-10").exit_code == 0
    assert {row["ar_id"] for row in Job(tmp_path / "next").manifest} == {"18"}


def test_a_campaign_with_ar_but_no_marker_on_its_letters_records_none(tmp_path) -> None:
    desk = Desk.at(tmp_path)
    with_marker(desk, "[slots]\n")
    job = desk.run("hello")
    assert {row["ar_id"] for row in job.manifest} == {""}
    assert job.ticket["settings"]["ar"] is None
    desk.edit(CAMPAIGN, "marker = 17", "marker = 18")
    desk.run("hello", out="again")
