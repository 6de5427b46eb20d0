"""Specimens: what a run shows of its letters to others. Nobody real, nothing issued, marked on every page."""

import hashlib
import json
import re

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from tests.jobs import Desk, Job, people, squeezed
from tests.together.conftest import Warehouse, batch_rows

CANARIES = """customer_id,name,postal_code,prefecture,city,street,dm_opt_out,staff_note
CANARY-ID-1,神楽坂 カナリヤ郎,160-0022,東京都,新宿区新宿,3-1-99,0,内緒の覚書
CANARY-ID-2,鸚鵡返 オウム子,160-0023,東京都,新宿区西新宿,2-8-77,0,内緒の覚書
"""


def texts(job: Job) -> list[str]:
    """The text of each page of a job's specimens, as another library reads it."""
    document = pypdfium2.PdfDocument(job.folder / "specimens.pdf")
    found = [squeezed(page.get_textpage().get_text_range()) for page in document]
    document.close()
    return found


def symbols(job: Job) -> set[str]:
    """What the codes on a job's specimens say."""
    document = pypdfium2.PdfDocument(job.folder / "specimens.pdf")
    found = {code.text for page in document for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil())}
    document.close()
    return found


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk.at(tmp_path)


@pytest.fixture(scope="module")
def parcels(tmp_path_factory) -> Job:
    return Desk.at(tmp_path_factory.mktemp("parcels")).run("parcel-insert")


def test_every_segment_that_has_letters_is_shown_on_the_pages_that_job_json_says(desk):
    job = desk.run("spring-thanks")
    told, shown = job.ticket["specimens"], texts(job)
    segments = {one["id"]: one["layout"] for one in job.ticket["settings"]["segments"]}
    with_letters = [segment for segment in segments if job.counts["segments"][segment]]
    assert [(one["segment"], one["layout"]) for one in told] == [(name, segments[name]) for name in with_letters]
    page = 1
    for one in told:
        assert one["first_page"] == page
        page += one["pages"]
    assert page - 1 == len(shown)
    assert all("見本SPECIMEN" in text for text in shown)
    assert all(one["segment"] in shown[one["first_page"] - 1] for one in told), "the caption says whose it is"


def test_a_segment_without_letters_has_no_specimen(desk):
    desk.write("one.csv", people(1))
    job = desk.run("spring-thanks", "--customers", "one.csv")
    assert {one["segment"] for one in job.ticket["specimens"]} == {row["segment"] for row in job.manifest}


def test_no_number_on_them_was_issued_and_nobody_is_real(desk):
    """A canary list: nothing of a row, of codes.csv or of the manifest is anywhere in the file, not even packed."""
    desk.write("list.csv", CANARIES)
    job = desk.run("hello", "--customers", "list.csv")
    assert len(job.manifest) == 2
    shown = "".join(texts(job)) + "".join(symbols(job))
    secret = ["CANARY", "神楽坂", "カナリヤ", "鸚鵡返", "3-1-99", "160-0022", "内緒"]
    secret += [row["piece_id"] for row in job.manifest] + [row["code"] for row in job.codes]
    secret += [row["code"][:4] + "-" + row["code"][4:8] for row in job.codes if row["kind"] == "coupon"]
    assert len(secret) > 12
    with pikepdf.Pdf.open(job.folder / "specimens.pdf") as pdf:
        streams = [one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        whole = b"".join(streams) + str(pdf.docinfo).encode()
    for one in secret:
        assert one not in shown
        assert one.encode() not in whole, "not in metadata or a content stream either"


def test_what_a_file_of_specimens_holds_of_fonts_is_what_it_shows(desk):
    """The names of real people are in no subset: its character maps have only what stands on the pages."""
    desk.write("list.csv", CANARIES)
    job = desk.run("hello", "--customers", "list.csv")
    maps = b""
    with pikepdf.Pdf.open(job.folder / "specimens.pdf") as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and "/ToUnicode" in one:
                maps += one.ToUnicode.read_bytes()
    assert b"898B" in maps  # 見
    assert b"9E1A" not in maps  # 鸚
    assert b"697D" not in maps  # 楽


def test_it_is_the_same_whatever_the_number_of_workers_and_who_is_in_the_list(desk):
    desk.write("list.csv", people(40))
    desk.write("other.csv", people(50).replace("客", "人"))
    runs = [
        desk.run("hello", "--customers", "list.csv", "--workers", "1", out="a"),
        desk.run("hello", "--customers", "list.csv", "--workers", "2", out="b"),
        desk.run("hello", "--customers", "other.csv", out="c"),
    ]
    assert len({hashlib.sha256((job.folder / "specimens.pdf").read_bytes()).hexdigest() for job in runs}) == 1


def test_its_checksum_is_in_job_json_and_verify_sees_a_change(desk):
    job = desk.run("hello")
    file = job.folder / "specimens.pdf"
    assert job.ticket["files"]["specimens.pdf"] == hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_bytes(file.read_bytes() + b"\n")
    result = desk.invoke("verify", "job", "--lang", "en", "--shop", "layouts")
    assert result.exit_code == 6
    assert "specimens.pdf" in result.output


def test_a_run_again_replaces_it(desk):
    first = desk.run("hello").ticket["files"]["specimens.pdf"]
    again = desk.run("hello")
    assert again.ticket["files"]["specimens.pdf"] == first
    assert sorted(path.name for path in again.folder.iterdir() if path.name.startswith("spec")) == ["specimens.pdf"]


def test_pre_printed_paper_shows_under_its_letter(desk):
    """The letter alone, in black, would show a printer half of what it is to look like."""
    job = desk.run("shell-letter")
    (shell,) = (path for path in job.printed if "shell-everyone" in path.name)
    document = pypdfium2.PdfDocument(shell)
    fixed = squeezed(document[0].get_textpage().get_text_range())
    document.close()
    words = re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]{6,}", fixed)
    assert words
    assert all(word in texts(job)[0] for word in words[:5])


def test_of_parcels_the_fallback_a_separator_and_a_slip_are_shown_too(parcels):
    told = parcels.ticket["specimens"]
    assert [one.get("segment") or one["sheet"] for one in told] == [
        *("welcome", "thanks", "fallback"),
        *("separator", "slip"),
    ]
    shown = texts(parcels)
    assert all("見本SPECIMEN" in text for text in shown)
    issued = {row["shipment_id"] for row in parcels.manifest} | {row["piece_id"] for row in parcels.manifest}
    assert len(issued) > 20
    assert not [one for one in issued if any(one in text for text in (*shown, *symbols(parcels)))]


@pytest.mark.parametrize(("family", "shown"), [("客", 0), ("林", 1)])
def test_a_letter_that_holds_no_invented_person_is_left_out_and_said(desk, family, shown):
    """Real names fit their box, invented ones do not, or not the first of them: the run goes on."""
    desk.write("list.csv", people(3).replace("客", family))
    words = f"\nonly = \"{{% if family_name != '{family}' %}}{{{{ name * 40 }}}}{{% endif %}}\"\n"
    slot = '\nonly = { kind = "text", words = "only", style = "body", box = [20, 285, 9, 4] }\n'
    desk.edit("layouts/hello/hello.toml", "\n[words]\n", f"\n[words]{words}")
    desk.edit("layouts/hello/hello.toml", "\n[slots]\n", f"\n[slots]{slot}")
    result = desk.invoke("run", "layouts/hello", "--customers", "list.csv", "--out", "job", "--lang", "en")
    assert result.exit_code == 0, result.output
    job = Job(desk.root / "job")
    assert len(job.ticket["specimens"]) == shown
    assert ("specimens.pdf" in job.ticket["files"]) is (job.folder / "specimens.pdf").exists() is bool(shown)
    assert ("no invented person's letter of segment" in " ".join(result.output.split())) is not bool(shown)


def test_a_completing_job_shows_what_it_prints(desk):
    """`dmgen fulfil` prints a few pieces more: a job of its own, with its own specimens."""
    lines = (desk.root / "assets/lists/shipments.csv").read_text("utf-8").splitlines(keepends=True)
    desk.write("early.csv", "".join(lines[:15]))
    desk.run("parcel-insert", "--shipments", "early.csv")
    desk.write("late.csv", "".join(lines[:20]))
    options = ("--shop", "layouts", "--campaign", "layouts/parcel-insert", "--lang", "en")
    result = desk.invoke("fulfil", "job", "--shipments", "late.csv", *options)
    assert result.exit_code == 0, result.output
    (added,) = (desk.root / "job" / "fulfil").glob("*/added")
    told = Job(added).ticket["specimens"]
    assert [one.get("sheet") for one in told if "sheet" in one] == ["separator", "slip"]
    assert {one["segment"] for one in told if "segment" in one} == {row["segment"] for row in Job(added).manifest}


def test_a_pile_shows_the_specimens_of_all_its_campaigns(tmp_path):
    warehouse = Warehouse(tmp_path)
    one = warehouse.campaign("aoba", "rest", 'customer_id != ""')
    other = warehouse.campaign("kasumi", "note", 'customer_id <= "1006"')
    shipments = warehouse.shipments(batch_rows())
    result = warehouse.desk.invoke("run", one, other, "--shipments", shipments, "--out", "pile", "--lang", "en")
    assert result.exit_code == 0, result.output
    pile = Job(tmp_path / "pile")
    told = json.loads((pile.folder / "pile.json").read_text("utf-8"))
    assert [one.get("campaign") or one["sheet"] for one in told["specimens"]] == ["rest", "separator", "slip", "note"]
    shown = texts(pile)
    assert [one["first_page"] for one in told["specimens"]] == list(range(1, len(shown) + 1))
    assert "[aoba.rest]" in shown[0]
    assert "[kasumi.note]" in shown[3]
    assert all("見本SPECIMEN" in text and "客10" not in text for text in shown)
    assert told["files"]["specimens.pdf"] == hashlib.sha256((pile.folder / "specimens.pdf").read_bytes()).hexdigest()
