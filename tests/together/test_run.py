"""`dmgen run A B C`: three campaigns of two clients, one pile, and nothing of one in another's parcel."""

import hashlib
import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from tests.jobs import Job, rows, squeezed
from tests.together.conftest import Warehouse, batch_rows
from tests.warehouse.test_carrier import cells, layout, table


def three(warehouse: Warehouse, **options) -> list[str]:
    """aoba writes to the even ones, then to everybody else; kasumi to everybody up to 1006."""
    return [
        warehouse.campaign("aoba", "even", 'customer_id in ["1002", "1004", "1006", "1008"]', **options),
        warehouse.campaign("kasumi", "note", 'customer_id <= "1006"', **options),
        warehouse.campaign("aoba", "rest", 'customer_id != ""', **options),
    ]


def piled(warehouse: Warehouse, *campaigns: str, shipments: str = "shipments.csv") -> Path:
    result = warehouse.desk.invoke("run", *campaigns, "--shipments", shipments, "--out", "pile", "--json")
    assert result.exit_code == 0, result.output
    return warehouse.desk.root / "pile"


def pages(pile: Path) -> dict[tuple[str, int], str]:
    """The text of every page of the pile, by file and page, as another library reads it."""
    found = {}
    for path in sorted((pile / "print").glob("*.pdf")):
        document = pypdfium2.PdfDocument(path)
        for number, page in enumerate(document, 1):
            found[f"print/{path.name}", number] = squeezed(page.get_textpage().get_text_range())
        document.close()
    return found


def test_every_parcel_has_the_piece_of_the_first_campaign_of_its_own_shop(warehouse):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    pile = piled(warehouse, *campaigns)
    table = rows(pile / "pile.csv")
    given = {(row["shop"], row["shipment_id"]): row["campaign"] for row in table}
    assert [given["aoba", f"S{n}"] for n in range(1, 9)] == ["rest", "even", "rest", "", "rest", "even", "rest", "even"]
    assert [given["kasumi", f"S{n}"] for n in range(1, 10)] == ["note"] * 6 + [""] * 3
    assert given["sora", "S1"] == ""
    assert [row["place"] for row in table] == [str(n) for n in range(1, 19)]
    assert [int(row["position"]) for row in table] == sorted(int(row["position"]) for row in table)
    told = json.loads((pile / "pile.json").read_text("utf-8"))
    by = {"aoba even": 3, "aoba rest": 4, "kasumi note": 6, "empty.gift": 1, "empty.no_campaign": 1}
    assert told["counts"] == {
        "parcels": 18,
        "by": by | {"empty.unknown_customer": 1, "empty.no_segment": 2},
    }
    assert sum(told["counts"]["by"].values()) == 18


def test_no_page_of_one_client_stands_at_the_parcel_of_another(warehouse):
    """By the text of each page alone: whose letter it is, whose parcel it names, in packing order."""
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    pile = piled(warehouse, *campaigns)
    texts, used = pages(pile), set()
    for row in rows(pile / "pile.csv"):
        text = texts[row["file"], int(row["page"])]
        used.add((row["file"], int(row["page"])))
        signs = re.findall(r"\[(\w+)\.(\w+)\]", text)
        if not row["piece_id"]:
            assert signs == []
            assert "客" not in text
            assert row["shipment_id"] in text
            continue
        assert signs == [(row["shop"], row["campaign"])]
        customer = 1000 + int(row["shipment_id"][1:])
        assert f"{'あおば' if row['shop'] == 'aoba' else 'かすみ'}客{customer}さま" in text
        assert {"aoba": "青葉堂", "kasumi": "霞屋"}[row["shop"]] in text
        assert ("霞屋" if row["shop"] == "aoba" else "青葉堂") not in text
        assert f"照合{row['match_key']}{row['shipment_id']}" in text
    separators = {page: text for page, text in texts.items() if page not in used}
    assert {page for _, page in separators} == {1}
    assert len(separators) == 2


def test_the_nth_sheet_after_the_separator_belongs_to_the_nth_parcel(warehouse):
    """Batches never cross a wave, each begins with its own separator."""
    campaigns = three(warehouse, batch=5)
    warehouse.shipments(batch_rows())
    pile = piled(warehouse, *campaigns)
    by_file: dict[str, list[dict[str, str]]] = {}
    for row in rows(pile / "pile.csv"):
        by_file.setdefault(row["file"], []).append(row)
    assert [len(own) for own in by_file.values()] == [5, 3, 5, 5]
    for own in by_file.values():
        assert len({row["wave"] for row in own}) == 1
        assert [int(row["page"]) for row in own] == list(range(2, 2 + len(own)))


def test_a_press_that_stacks_face_up_gets_every_file_from_its_end(warehouse):
    """Two-sided: fronts stay before their backs, the separator comes last."""
    campaigns = three(warehouse, sides=2, parcels='delivery = "face_up"')
    warehouse.shipments(batch_rows())
    pile = piled(warehouse, *campaigns)
    texts = pages(pile)
    table = rows(pile / "pile.csv")
    for file in {row["file"] for row in table}:
        own = [int(row["page"]) for row in table if row["file"] == file]
        assert own == list(range(2 * len(own) - 1, 0, -2))
        assert max(page for name, page in texts if name == file) == 2 * len(own) + 2
    for row in table:
        if row["piece_id"]:
            assert f"[{row['shop']}.{row['campaign']}]" in texts[row["file"], int(row["page"])]


def test_gaps_that_are_skipped_leave_pieces_only(warehouse):
    campaigns = three(warehouse, parcels='gaps = "skip"')
    warehouse.shipments(batch_rows())
    pile = piled(warehouse, *campaigns)
    table = rows(pile / "pile.csv")
    assert all(bool(row["page"]) == bool(row["piece_id"]) == bool(row["file"]) for row in table)
    assert sum(1 for _ in pages(pile)) == 13 + 2


@pytest.mark.parametrize("standard", ["PDF/VT-1", "PDF/X-1a:2003"])
def test_a_pile_is_of_the_standard_of_its_jobs(warehouse, standard):
    """PDF/VT-1: each leaf of the parts is a piece or sheet, whose place in the batch it says."""
    campaigns = three(warehouse, standard=standard)
    warehouse.shipments(batch_rows())
    pile = piled(warehouse, *campaigns)
    for path in (pile / "print").glob("*.pdf"):
        found = warehouse.desk.invoke("preflight", path, "--standard", standard)
        assert found.exit_code == 0, found.output
    if standard == "PDF/VT-1":
        table = rows(pile / "pile.csv")
        told = []
        for path in sorted((pile / "print").glob("*.pdf")):
            with pikepdf.open(path) as pdf:
                [[group]] = [list(row) for row in pdf.Root.DPartRoot.DPartRootNode.DParts]
                for leaf in (part for row in group.DParts for part in row):
                    if "/PieceID" in leaf.DPM:
                        told.append((str(leaf.DPM.Sequence), str(leaf.DPM.PieceID)))
        assert told == [(row["place"], row["piece_id"]) for row in table if row["piece_id"]]


def nothing_of(job: Job, other: str) -> None:
    """A client's word is in no file of a job: tables, workbooks, pages."""
    for path in (path for path in job.folder.rglob("*") if path.is_file()):
        if path.suffix == ".pdf":
            document = pypdfium2.PdfDocument(path)
            text = "".join(page.get_textpage().get_text_range() for page in document)
            document.close()
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                text = "".join(book.read(name).decode() for name in book.namelist())
        else:
            data = path.read_bytes()
            assert other.encode("cp932") not in data, path
            text = data.decode("utf-8", "replace")
        assert other not in text, path


def test_each_campaign_has_its_own_job_with_nothing_of_the_others(warehouse):
    """Own ledger, own folder, own lists: no name, key or id of the other client is in any of its files."""
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    piled(warehouse, *campaigns)
    root = warehouse.desk.root
    jobs = {name: Job(next((root / "output" / name).iterdir())) for name in ("even", "note", "rest")}
    assert {name: job.ticket["released"] for name, job in jobs.items()} == dict.fromkeys(jobs, True)
    assert {name: job.counts["pieces"] for name, job in jobs.items()} == {"even": 3, "note": 6, "rest": 4}
    for name, job in jobs.items():
        nothing_of(job, "かすみ" if name != "note" else "あおば")
    assert (root / "aoba" / "ledger.sqlite").exists()
    assert (root / "kasumi" / "ledger.sqlite").exists()
    whys = {row["customer_id"]: row["reason"] for row in jobs["rest"].rejections}
    assert {customer: whys.get(customer) for customer in ("1002", "1006", "1008")} == dict.fromkeys(
        ("1002", "1006", "1008"), "other_campaign"
    )


def test_the_same_command_again_gives_every_letter_its_numbers_again(warehouse):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    first = rows(piled(warehouse, *campaigns) / "pile.csv")
    again = rows(piled(warehouse, *campaigns) / "pile.csv")
    assert [row["piece_id"] for row in again] == [row["piece_id"] for row in first]
    assert [row["job"] for row in again if row["job"]] != [row["job"] for row in first if row["job"]]


def test_a_piece_that_was_made_void_does_not_come_back(warehouse):
    """Its numbers are not issued anew: the pile is made without it."""
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    first = rows(piled(warehouse, *campaigns) / "pile.csv")
    void = next(row for row in first if row["campaign"] == "even")
    shop = Path(campaigns[0]).parent
    done = warehouse.desk.invoke(
        "void", void["job"], "--pieces", void["piece_id"], "--reason", "torn", "--shop", shop
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    again = rows(piled(warehouse, *campaigns) / "pile.csv")
    assert void["piece_id"] not in {row["piece_id"] for row in again}
    kept = {row["piece_id"] for row in first} - {void["piece_id"]}
    assert kept <= {row["piece_id"] for row in again}


def test_check_says_what_would_lie_in_the_parcels(warehouse):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    result = warehouse.desk.invoke("check", *campaigns, "--shipments", "shipments.csv", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["pile"]["parcels"]["aoba even"] == 3
    assert told["pile"]["folder"] is None
    assert any("sora" in remark for remark in told["remarks"])
    assert not (warehouse.desk.root / "output").exists()
    assert not (warehouse.desk.root / "aoba" / "ledger.sqlite").exists()
    shown = warehouse.desk.invoke("check", *campaigns, "--shipments", "shipments.csv", "--lang", "en")
    assert "kasumi note" in shown.output


def test_of_a_split_order_one_parcel_has_a_letter_whichever_campaign_it_is_of(warehouse):
    """The second parcel is not free for the next campaign: the customer has a letter."""
    campaigns = three(warehouse)
    rows_ = [("aoba", f"S{n}", "O-1", 1002, "A", n, "あおば客1002", "", "") for n in (1, 2)]
    warehouse.shipments([*rows_, ("kasumi", "S1", "O-1", 1001, "A", 3, "かすみ客1001", "", "")])
    table = rows(piled(warehouse, *campaigns) / "pile.csv")
    assert [(row["shop"], row["campaign"]) for row in table] == [("aoba", "even"), ("aoba", ""), ("kasumi", "note")]


def test_the_pile_is_the_same_bytes_whatever_the_number_of_workers(warehouse):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())

    def digests(workers: int) -> Counter[str]:
        result = warehouse.desk.invoke(
            "run", *campaigns, "--shipments", "shipments.csv", "--out", "pile", "--workers", str(workers)
        )
        assert result.exit_code == 0, result.output
        contents = Counter()
        for path in (warehouse.desk.root / "pile" / "print").glob("*.pdf"):
            with pikepdf.open(path) as pdf:
                contents.update(hashlib.sha256(p.Contents.read_raw_bytes()).hexdigest() for p in list(pdf.pages)[1:])
        return contents

    assert digests(1) == digests(2)


def test_a_list_without_positions_counts_within_the_wave_over_all_shops(warehouse):
    campaigns = three(warehouse)
    columns = ("shop", "shipment_id", "customer_id", "wave", "ship_to_name")
    listed = [(shop, sid, cid, wave, name) for shop, sid, _, cid, wave, _, name, _, _ in batch_rows()]
    warehouse.shipments(listed, columns)
    table = rows(piled(warehouse, *campaigns) / "pile.csv")
    assert [row["position"] for row in table] == [*map(str, range(1, 9)), *map(str, range(1, 11))]
    manifest = rows(next((warehouse.desk.root / "output" / "note").iterdir()) / "manifest.csv")
    own = {row["shipment_id"]: row["position"] for row in table if row["campaign"] == "note"}
    assert {row["shipment_id"]: row["position"] for row in manifest} == own


def test_pile_csv_holds_ids_only(warehouse):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    pile = piled(warehouse, *campaigns)
    for name in ("pile.csv", "pile.json"):
        text = (pile / name).read_text("utf-8-sig")
        assert not any(word in text for word in ("客", "千代田", "100-0001"))
    header = "place,wave,position,shipment_id,shop,campaign,job,piece_id,match_key,file,page,order_ids,tracking"
    assert (pile / "pile.csv").read_text("utf-8-sig").splitlines()[0] == header


@pytest.mark.parametrize("same_ids", [False, True])
def test_a_carriers_file_of_several_shops_stands_in_the_pile_alone(warehouse, same_ids):
    """A Yamato file: no job has the others' rows or fills its piece into them; the pile's has every piece once."""
    campaigns = three(warehouse)
    columns, found = layout("4"), []
    for shop, _, _, customer, _, _, name, _, _ in batch_rows()[:16]:
        own = "" if same_ids else {"aoba": "A", "kasumi": "K"}[str(shop)]
        told = {"お客様管理番号": f"S{own}{customer}", "お届け先名": str(name), "記事": str(shop)}
        found.append({**told, "検索キー1": "", "荷扱い１": str(customer)})
    (warehouse.desk.root / "b2.csv").write_bytes(table(columns, *found))
    for shop in ("aoba", "kasumi"):
        path = warehouse.desk.root / shop / "shop.toml"
        rules = 'shipment_id = "お客様管理番号"\ncustomer_id = "荷扱い１"\nship_to_name = "お届け先名"\nshop = "記事"\n'
        path.write_text(path.read_text("utf-8") + "\n[shipments]\n" + rules, "utf-8")
    pile = piled(warehouse, *campaigns, shipments="b2.csv")
    for name, other in (("even", "かすみ"), ("rest", "かすみ"), ("note", "あおば")):
        job = Job(next((warehouse.desk.root / "output" / name).iterdir()))
        assert not (job.folder / "warehouse" / "carrier.csv").exists()
        nothing_of(job, other)
    carrier = pile / "warehouse" / "carrier.csv"
    assert carrier.exists() is not same_ids
    if not same_ids:
        pieces = {row["shipment_id"]: row["piece_id"] for row in rows(pile / "pile.csv")}
        told = [(row[0], row[columns.index("検索キー1")]) for row in cells(carrier.read_bytes())[1:]]
        assert told == [(shipment, pieces[shipment]) for shipment in (row["お客様管理番号"] for row in found)]


def test_the_piles_packing_lists_hold_all_parcels_in_packing_order(warehouse):
    """One a wave, over all shops; pile.json has the digest of every file of the folder."""
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    pile = piled(warehouse, *campaigns)
    lists = sorted((pile / "warehouse").glob("packing-*.pdf"))
    assert len(lists) == 2
    shown = ["".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(path)) for path in lists]
    for row in rows(pile / "pile.csv"):
        assert row["shipment_id"] in shown["AB".index(row["wave"])]
    digests = json.loads((pile / "pile.json").read_text("utf-8"))["files"]
    files = {path.relative_to(pile).as_posix(): path for path in pile.rglob("*") if path.is_file()}
    del files["pile.json"]
    assert digests == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
