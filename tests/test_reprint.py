"""`dmgen reprint`: the same pages with the same numbers once more, marked and noted; nothing is composed or issued."""

import csv
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from dmgen.afterwards import open_ledger, shop_at
from dmgen.ledger import Event, What
from dmgen.model.parcel import ParcelOutcome, PlannedParcel
from dmgen.model.printing import Standard
from tests.jobs import Desk, Job, rows

SHOP = "layouts/shop.toml"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


def again(desk: Desk, *args: str | Path, job: str = "job") -> Path:
    """`dmgen reprint` that must succeed; the folder that it made."""
    result = desk.invoke("reprint", job, *args, "--shop", SHOP, "--json")
    assert result.exit_code == 0, result.output
    return desk.root / json.loads(result.stdout)["folder"]


def refused(desk: Desk, *args: str | Path, job: str = "job", code: int = 4) -> str:
    result = desk.invoke("reprint", job, *args, "--shop", SHOP, "--lang", "en")
    assert result.exit_code == code, result.output
    return " ".join(result.stderr.split())


def table(desk: Desk, name: str) -> list[tuple]:
    with sqlite3.connect(desk.ledger) as connection:
        return sorted(connection.execute(f"select * from {name}"))


def contents(page: pikepdf.Page) -> tuple[bytes, bytes]:
    """A page's content as it is stored, and unpacked."""
    stream = page.obj.Contents
    return stream.read_raw_bytes(), stream.read_bytes()


def streams(page: pikepdf.Page) -> dict[str, bytes]:
    """All that a page draws on, as it is stored: forms, pictures, font programs, by where they are found."""
    found: dict[str, bytes] = {}

    def walk(value: pikepdf.Object, path: str) -> None:
        if isinstance(value, pikepdf.Stream):
            found[path] = value.read_raw_bytes()
        if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
            for key, item in value.items():
                walk(item, path + key)
        elif isinstance(value, pikepdf.Array):
            for place, item in enumerate(value):
                walk(item, f"{path}[{place}]")

    walk(page.obj.Resources, "")
    return found


def pairs(job: Job, folder: Path) -> Iterator[tuple[dict[str, str], Path, int, Path, int]]:
    """Every reprinted page: its new row, the source file and page, the new file and page (from 0)."""
    originals = {row["piece_id"]: row for row in job.manifest}
    for row in rows(folder / "manifest.csv"):
        was = originals[row["piece_id"]]
        count = int(was["last_page"]) - int(was["first_page"]) + 1
        assert count == int(row["last_page"]) - int(row["first_page"]) + 1
        for step in range(count):
            first, now = int(was["first_page"]) - 1 + step, int(row["first_page"]) - 1 + step
            yield row, job.folder / was["file"], first, folder / row["file"], now


def compare(job: Job, folder: Path) -> int:
    """Compare every page with the one that it was taken from; how many there are."""
    count = 0
    for _, source, first, target, now in pairs(job, folder):
        with pikepdf.open(source) as was, pikepdf.open(target) as new:
            assert contents(was.pages[first]) == contents(new.pages[now])
            assert streams(was.pages[first]) == streams(new.pages[now]) != {}
            for box in ("/MediaBox", "/TrimBox", "/BleedBox", "/Group"):
                assert str(was.pages[first].obj.get(box)) == str(new.pages[now].obj.get(box))
        count += 1
    return count


@pytest.mark.parametrize("standard", [Standard.VT1, Standard.X4, Standard.X1A_2003, Standard.X1A_2001])
def test_pages_are_those_of_the_first_print_byte_for_byte(desk: Desk, standard: Standard) -> None:
    job = desk.run("spring-thanks", "--limit", "12", "--standard", standard)
    folder = again(desk, "--range", "2-4,9")
    assert compare(job, folder) == 4
    named = [row["piece_id"] for row in job.manifest if int(row["sequence"]) in (2, 3, 4, 9)]
    for path in (folder / "print").glob("*.pdf"):
        original = next(job.folder.glob(f"print/{path.stem.removesuffix('-reprint-001')}.pdf"))
        with pikepdf.open(path) as new, pikepdf.open(original) as was:
            assert new.check_pdf_syntax() == []
            assert new.pdf_version == was.pdf_version
            assert str(new.docinfo) == str(was.docinfo)
            if standard.is_x1a:
                assert b"/ObjStm" not in path.read_bytes()
            else:
                assert new.Root.Metadata.read_raw_bytes() == was.Root.Metadata.read_raw_bytes()
            [intent], [before] = new.Root.OutputIntents, was.Root.OutputIntents
            assert intent.DestOutputProfile.read_raw_bytes() == before.DestOutputProfile.read_raw_bytes()
            if standard is Standard.VT1:
                assert leaves(new) == named
        result = desk.invoke("preflight", path, "--standard", standard, "--json")
        assert (result.exit_code, json.loads(result.stdout)["errors"]) == (0, 0)


def leaves(pdf: pikepdf.Pdf) -> list[str]:
    """The pieces of a PDF/VT file by its parts, each of which is checked to be its pages and nothing else."""
    found, page = [], 0

    def walk(node: pikepdf.Object) -> None:
        nonlocal page
        if "/DParts" in node:
            for part in (part for parts in node.DParts for part in parts):
                assert part.Parent.objgen == node.objgen
                walk(part)
            return
        found.append(str(node.DPM.PieceID))
        assert node.Start.objgen == pdf.pages[page].obj.objgen
        while pdf.pages[page].obj.objgen != node.get("/End", node.Start).objgen:
            page += 1
        assert pdf.pages[page].obj.DPart.objgen == node.objgen
        page += 1

    walk(pdf.Root.DPartRoot.DPartRootNode)
    assert page == len(pdf.pages)
    return found


def test_a_reprint_says_what_it_is_and_issues_nothing(desk: Desk) -> None:
    """Same codes, same lottery number; the tables of the ledger stand, but for what happened."""
    job = desk.run("spring-thanks", "--limit", "12")
    before = {name: table(desk, name) for name in ("codes", "pieces", "fates", "jobs", "terms", "lotteries")}
    files = job.digests() | {"job.json": hashlib.sha256((job.folder / "job.json").read_bytes()).hexdigest()}
    ids = [job.manifest[n]["piece_id"] for n in (7, 1)]
    folder = again(desk, "--pieces", ids[0], ids[1].lower(), "--reason", "コーヒーの染み")
    assert {name: table(desk, name) for name in before} == before
    assert job.digests() | {"job.json": hashlib.sha256((job.folder / "job.json").read_bytes()).hexdigest()} == files

    made = rows(folder / "manifest.csv")
    assert [row["piece_id"] for row in made] == ids[::-1], "packing order, not that of the command"
    places = ("file", "first_page", "last_page")
    for row in made:
        [was] = [one for one in job.manifest if one["piece_id"] == row["piece_id"]]
        assert {k: v for k, v in was.items() if k not in places} == {k: row[k] for k in was if k not in places}
        assert row["reprint"] == "1"
    assert rows(folder / "codes.csv") == [row for row in job.codes if row["piece_id"] in ids]
    told = json.loads((folder / "reprint.json").read_text("utf-8"))
    assert (told["job"], told["reprint"], told["reason"]) == (job.ticket["job"], 1, "コーヒーの染み")
    assert told["read_back"]["pieces"] == 2
    for name, digest in told["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest

    shop = shop_at(desk.root / SHOP)
    events = open_ledger(shop).events(shop.id, ids)
    assert {event.piece_id for event in events} == set(ids)
    told = {"folder": "reprints/001", "n": "1", "reason": "コーヒーの染み"}
    assert [(event.what, event.told) for event in events] == [(What.REPRINTED, told)] * 2


def test_codes_on_the_sheets_are_those_of_the_pieces(desk: Desk) -> None:
    """Read by another engine than the press's and another reader than the read-back's place by place."""
    job = desk.run("spring-thanks", "--limit", "8")
    folder = again(desk, "--range", "1-8")
    urls = {row["piece_id"]: row["url"] for row in job.codes if row["url"]}
    seen = 0
    for row, _, _, target, page in pairs(job, folder):
        document = pypdfium2.PdfDocument(target)
        picture = document[page].render(scale=4).to_pil()
        text = document[page].get_textpage().get_text_range()
        document.close()
        read = {code.text for code in zxingcpp.read_barcodes(picture)}
        assert urls[row["piece_id"]] in read
        assert read.isdisjoint(url for piece, url in urls.items() if piece != row["piece_id"])
        assert "".join(row["name"].split()) in "".join(text.split())
        seen += 1
    assert seen == len(job.manifest)


@pytest.mark.parametrize("campaign", ["duplex-letter", "shell-letter", "hagaki"])
def test_both_sides_and_black_only_sheets(desk: Desk, campaign: str) -> None:
    job = desk.run(campaign, "--limit", "6")
    folder = again(desk, "--range", "2,4-5")
    sides = {int(row["last_page"]) - int(row["first_page"]) + 1 for row in job.manifest}
    assert compare(job, folder) == 3 * max(sides)


def test_a_job_of_several_files_gives_a_file_for_each(desk: Desk) -> None:
    desk.configure("layouts/spring-thanks/campaign.toml", print={"batch": 3})
    job = desk.run("spring-thanks", "--limit", "11")
    assert len(job.printed) > 3
    folder = again(desk, "--range", "1,3-4,11")
    made = rows(folder / "manifest.csv")
    assert [row["sequence"] for row in made] == ["1", "3", "4", "11"]
    stems = [Path(row["file"]).stem for row in job.manifest if row["sequence"] in ("1", "3", "4", "11")]
    assert [row["file"] for row in made] == [f"print/{stem}-reprint-001.pdf" for stem in stems]
    assert sorted(f"print/{path.name}" for path in (folder / "print").iterdir()) == sorted({r["file"] for r in made})
    assert compare(job, folder) == 4


def test_the_second_reprint_is_marked_two_and_has_the_same_bytes(desk: Desk) -> None:
    job = desk.run("spring-thanks", "--limit", "6")
    first = again(desk, "--range", "2-3", "--reason", "torn")
    result = desk.invoke("reprint", "job", "--range", "2-3", "--shop", SHOP, "--lang", "en")
    assert result.exit_code == 0
    assert job.manifest[1]["piece_id"] in result.stdout
    second = job.folder / "reprints" / "002"
    assert [row["reprint"] for row in rows(second / "manifest.csv")] == ["2", "2"]
    [one], [two] = sorted((first / "print").iterdir()), sorted((second / "print").iterdir())
    assert one.read_bytes() == two.read_bytes()
    third = again(desk, "--range", "3-4")
    assert [row["reprint"] for row in rows(third / "manifest.csv")] == ["3", "1"]
    assert sorted(path.name for path in (job.folder / "reprints").iterdir()) == ["001", "002", "003"]


def test_what_a_scanner_leaves_is_understood(desk: Desk) -> None:
    job = desk.run("hello", "--limit", "6")
    ids = [row["piece_id"] for row in job.manifest]
    wide = "".join(chr(ord(c) + 0xFEE0) for c in ids[2])
    scan = desk.root / "scan.txt"
    scan.write_bytes(f"]d2{ids[4]}\r\n\r\n {ids[0]} \r\n{wide}\r\n{ids[4]}\r\n".encode())
    made = rows(again(desk, "--from-scan", scan) / "manifest.csv")
    assert [row["piece_id"] for row in made] == [ids[0], ids[2], ids[4]]
    missing = desk.root / "missing.csv"
    with missing.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("wave", "piece_id", "shipment_id"), ("A", ids[1], "S-1")])
    assert [row["piece_id"] for row in rows(again(desk, "--from-scan", missing) / "manifest.csv")] == [ids[1]]
    scan.write_text(f"{ids[0]}\n山田花子\n", "utf-8")
    said = refused(desk, "--from-scan", scan)
    assert "lines 2" in said
    assert "山田" not in said


def test_pieces_that_were_taken_back_are_refused_by_name(desk: Desk) -> None:
    job = desk.run("hello", "--limit", "6")
    good, void, pulled, gone, voided, _ = (row["piece_id"] for row in job.manifest)
    assert desk.invoke("offers", "void", void, "--why", "a test", "--shop", SHOP).exit_code == 0
    shop = shop_at(desk.root / SHOP)
    ledger = open_ledger(shop)
    happened = [(pulled, What.PULLED), (gone, What.WITHDRAWN), (voided, What.VOIDED)]
    ledger.note(shop.id, [Event(job.ticket["job"], piece, what) for piece, what in happened])
    said = refused(desk, "--range", "1-5")
    for piece, word in ((void, "void"), (voided, "void"), (pulled, "taken out"), (gone, "no letters")):
        assert piece in said
        assert word in said
    assert good not in said
    assert not (job.folder / "reprints").exists()
    assert again(desk, good).name == "001"


def test_the_plan_says_what_goes_where_now(desk: Desk) -> None:
    """A piece that was pulled for another parcel is printed again and says where it goes; one for none is not."""
    job = desk.run("hello", "--limit", "3")
    stays, moved, empty = (row["piece_id"] for row in job.manifest)
    shop = shop_at(desk.root / SHOP)
    plan = [
        PlannedParcel("", "", "", 1, (), "c1", "", stays, ParcelOutcome.PIECE),
        PlannedParcel("S-9", "B", "4", 2, (), "c2", "", moved, ParcelOutcome.PIECE),
        PlannedParcel("S-3", "A", "3", 3, (), "c3", "", "", ParcelOutcome.EMPTY, "cancelled"),
    ]
    pulled = [Event(job.ticket["job"], piece, What.PULLED) for piece in (moved, empty)]
    ledger = open_ledger(shop)
    ledger.keep_parcels(job.ticket["job"], plan, pulled)
    with ledger.scanning(job.ticket["job"]) as scanning:
        assert scanning.match(moved, "S-9", "one").stored
    said = refused(desk, "--range", "1-3")
    assert empty in said
    assert moved not in said
    result = desk.invoke("reprint", "job", stays, moved, "--shop", SHOP, "--json")
    [remark] = json.loads(result.stdout)["remarks"]
    assert moved in remark, "it was scanned into its parcel"
    assert stays not in remark
    made = rows(job.folder / "reprints/001/manifest.csv")
    into = [[row[f"put_into_{name}"] for name in ("shipment", "wave", "position")] for row in made]
    assert into == [["", "", ""], ["S-9", "B", "4"]]


def test_strangers_and_slips_are_refused(desk: Desk) -> None:
    desk.run("hello", "--limit", "4")
    other = desk.run("hagaki", "--limit", "4", out="other")
    stranger = other.manifest[0]["piece_id"]
    said = refused(desk, stranger)
    assert stranger in said
    assert "hagaki" in said
    assert other.ticket["job"] in said
    assert "NOTHING" in refused(desk, "NOTHING")
    assert "1 to 4" in refused(desk, "--range", "3-5", code=2)
    assert "1 to 4" in refused(desk, "--range", "three", code=2)
    assert "--pieces" in refused(desk, code=2)
    assert not (desk.root / "job" / "reprints").exists()


def test_a_superseded_cancelled_or_posted_job_is_not_printed_again(desk: Desk) -> None:
    job = desk.run("hello", "--limit", "4")
    desk.run("hello", "--limit", "4", out="later")
    assert "superseded" in refused(desk, "--range", "1", job=job.ticket["job"])
    assert desk.invoke("sent", "later", "--on", "2026-04-12", "--shop", SHOP).exit_code == 0
    assert "2026-04-12" in refused(desk, "--range", "1", job="later")
    desk.run("hagaki", "--limit", "4", out="card")
    assert desk.invoke("cancel", "card", "--shop", SHOP).exit_code == 0
    assert "cancelled" in refused(desk, "--range", "1", job="card")


@pytest.mark.parametrize("name", ["manifest.csv", "codes.csv", "print"])
def test_files_that_are_not_as_they_were_written_are_refused(desk: Desk, name: str) -> None:
    job = desk.run("hello", "--limit", "4")
    path = job.printed[0] if name == "print" else job.folder / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert path.name in refused(desk, "--range", "1")
    reprints = job.folder / "reprints"
    assert not reprints.exists() or not list(reprints.iterdir())
    assert not table(desk, "events")


def test_a_run_of_the_same_drop_leaves_reprints_where_they_are(desk: Desk) -> None:
    job = desk.run("hello", "--limit", "4")
    folder = again(desk, "--range", "1")
    before = (folder / "reprint.json").read_bytes()
    desk.run("hello", "--limit", "4")
    assert (folder / "reprint.json").read_bytes() == before
    assert again(desk, "--range", "1").name == "002"
    assert [row["reprint"] for row in rows(job.folder / "reprints/002/manifest.csv")] == ["2"], "by piece, not by job"


def test_a_reprint_that_does_not_read_back_is_not_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page taken for another is seen before anybody prints it."""
    from dmgen.press.extract import Pages, extract
    from dmgen.tasks import reprint_folder

    job = desk.run("hello", "--limit", "4", "--standard", "PDF/X-4")

    def neighbour(source, wanted, target):
        return [one._replace(piece_id=piece.piece_id) for piece, one in zip(
            wanted, extract(source, [Pages(w.piece_id, w.first + 1, w.last + 1) for w in wanted], target), strict=True
        )]  # fmt: skip

    monkeypatch.setattr(reprint_folder, "extract", neighbour)
    assert "_differs" in refused(desk, "--range", "2", code=6)
    assert not list((job.folder / "reprints").iterdir())
    assert not table(desk, "events")


def in_parcels(desk: Desk, delivery: str, standard: str) -> Job:
    """A job of two-sided letters in two waves; nobody is known for every fifth parcel, which gets a slip."""
    desk.configure(
        "layouts/duplex-letter/campaign.toml",
        channel="insert_note",
        parcels={"carrier": "yamato", "delivery": delivery},
        law={"acknowledge": "a test"},
        mail=None,
    )
    lines = [
        f"S-{n:03d},O-{n:03d},{f'C{n:04d}' if n % 5 else 'NOBODY'},{'A' if n < 8 else 'B'},{n}" for n in range(1, 13)
    ]
    shipments = desk.write("ship.csv", "\n".join(["shipment_id,order_ids,customer_id,wave,position", *lines]) + "\n")
    return desk.run("duplex-letter", "--shipments", shipments, "--standard", standard)


@pytest.mark.parametrize(("delivery", "standard"), [("face_down", "PDF/X-4"), ("face_up", "PDF/VT-1")])
def test_parcels_are_reprinted_in_packing_order_and_piled_as_before(desk: Desk, delivery: str, standard: str) -> None:
    """No separator, no slip: the pieces alone, a file a wave; also after the job was handed over."""
    job = in_parcels(desk, delivery, standard)
    assert desk.invoke("sent", "job", "--on", "2026-04-12", "--shop", SHOP).exit_code == 0
    ids = {row["shipment_id"]: row["piece_id"] for row in job.manifest}
    folder = again(desk, *(ids[f"S-{n:03d}"] for n in (11, 2, 3, 7)))
    assert compare(job, folder) == 8
    made = rows(folder / "manifest.csv")
    assert [row["shipment_id"] for row in made] == ["S-002", "S-003", "S-007", "S-011"]
    assert [(row["wave"], row["position"]) for row in made] == [("A", "2"), ("A", "3"), ("A", "7"), ("B", "11")]
    assert len({row["file"] for row in made}) == 2
    first = [int(row["first_page"]) for row in made]
    assert first == ([1, 3, 5, 1] if delivery == "face_down" else [5, 3, 1, 1])
    parcels = {row["shipment_id"]: row for row in rows(job.folder / "parcels.csv")}
    for row, now in zip(rows(folder / "parcels.csv"), made, strict=True):
        assert row == parcels[row["shipment_id"]] | {"file": now["file"], "page": now["first_page"]}
    for path in (folder / "print").iterdir():
        with pikepdf.open(path) as pdf:
            if standard == Standard.VT1:
                assert leaves(pdf) == [row["piece_id"] for row in reversed(made) if row["file"].endswith(path.name)]


def test_a_void_piece_leaves_its_parcel_empty(desk: Desk) -> None:
    """A packing table turns red for it from then on, and it is not printed again."""
    job = in_parcels(desk, "face_down", "PDF/X-4")
    piece = next(row["piece_id"] for row in job.manifest if row["shipment_id"] == "S-003")
    result = desk.invoke("void", "job", piece, "--reason", "torn", "--shop", SHOP, "--json")
    assert json.loads(result.stdout)["parcels"] == 1
    with open_ledger(shop_at(desk.root / SHOP)).scanning(job.ticket["job"]) as scanning:
        standing = scanning.standing()
        assert not scanning.match(piece, "S-003", "one").stored
    assert [(one.shipment_id, one.reason) for one in standing.empty if one.shipment_id == "S-003"] == [
        ("S-003", "void")
    ]
    assert piece in refused(desk, piece)
