"""The printer's work order: its figures against the files themselves, one page always, nothing of the people."""

import json
import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from dmgen.errors import LedgerError, OutputError
from dmgen.messages import Speaker
from dmgen.paperwork import write_paper
from dmgen.tasks.work_order import _in_pile, work_order
from dmgen.workorder import WorkOrder, paper
from dmgen.workorder.order import Drop, Media, OrderFile, Specimen
from dmgen.workorder.sides import Inked
from tests.jobs import Desk, Job, rows, squeezed
from tests.separations import separations
from tests.together.conftest import Warehouse, batch_rows

POINT = 25.4 / 72
PRINT = {
    "paper": {"name": "上質紙", "gsm": 104.7, "ream": None},
    "finishing": "三つ折り",
    "note": "地色のムラに注意",
}
PRINTER = {"name": "見本印刷", "contact": "青葉 千草 022-000-0000"}
SPOT = {"green": {"spot": "PANTONE 348 C", "cmyk": [96, 2, 100, 12]}}
PLATES = {"C": "Cyan", "M": "Magenta", "Y": "Yellow", "K": "Black"}
CAMPAIGNS = ("shell-letter", "duplex-letter", "parcel-insert", "pressed-card")


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Job]:
    """Jobs of several kinds by their campaign."""
    desk = Desk.at(tmp_path_factory.mktemp("desk"))
    desk.configure("layouts/shop.toml", printer=PRINTER, colors=SPOT)
    for name in CAMPAIGNS:
        desk.configure(f"layouts/{name}/campaign.toml", print=PRINT)
    text = (desk.root / "layouts/pressed-card/card.toml").read_text("utf-8")
    panel = '\n[slots]\nspot = { kind = "panel", box = [-3, -3, 154, 6], fill = "green" }\n'
    desk.write("layouts/pressed-card/card.toml", text.replace("\n[slots]\n", panel, 1))
    return {name: desk.run(name, out=name) for name in CAMPAIGNS}


def written(order: WorkOrder, folder: Path, language: str = "en") -> tuple[int, str]:
    """The pages of a work order, and its text without blanks, as another library reads it."""
    file = folder / f"order-{language}.pdf"
    write_paper(paper(order, Speaker(language)), file, created=datetime(2026, 4, 1, tzinfo=UTC))
    document = pypdfium2.PdfDocument(file)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    pages = len(document)
    document.close()
    return pages, squeezed(text)


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_its_figures_are_those_of_the_files(jobs, name):
    """Counted by pdfium from the files, and from the manifest; sides from the layout file."""
    job = jobs[name]
    told = work_order(job.folder).as_json()
    sides = 2 if name == "duplex-letter" else 2 if name == "pressed-card" and told["media"][0]["sides"] == 2 else 1
    sheets = pages = 0
    by_file = {one["file"]: one for one in told["files"]}
    assert sorted(by_file) == [f"print/{path.name}" for path in job.printed]
    for path in job.printed:
        one = by_file[f"print/{path.name}"]
        document = pypdfium2.PdfDocument(path)
        assert one["pages"] == len(document)
        assert one["sheets"] == len(document) // sides
        assert one["bytes"] == path.stat().st_size
        trims = {tuple(round(x * POINT, 1) for x in page.get_trimbox()) for page in document}
        medias = {tuple(round(x * POINT, 1) for x in page.get_mediabox()) for page in document}
        document.close()
        ((left, bottom, right, top),), ((_, _, width, height),) = trims, medias
        assert told["media"][0]["trim"] == [
            pytest.approx(right - left, abs=0.11),
            pytest.approx(top - bottom, abs=0.11),
        ]
        assert told["media"][0]["page"] == [pytest.approx(width, abs=0.11), pytest.approx(height, abs=0.11)]
        assert told["media"][0]["bleed"] == pytest.approx(left, abs=0.11)
        if one["kind"] == "letters":
            assert one["letters"] == sum(row["file"] == one["file"] for row in job.manifest)
            pages, sheets = pages + one["pages"], sheets + one["sheets"]
    counts = told["quantities"]
    assert (counts["letters"], counts["pages"], counts["sheets"]) == (len(job.manifest), pages, sheets)


def test_shells_are_printed_once_a_letter_of_their_segment(jobs):
    told = work_order(jobs["shell-letter"].folder).as_json()
    (shell,) = (one for one in told["files"] if one["kind"] == "shell")
    assert shell["copies"] == sum(row["segment"] == "everyone" for row in jobs["shell-letter"].manifest)
    assert told["quantities"]["shell_sheets"] == shell["copies"] * shell["pages"]
    assert [(one["kind"], one["inks"]) for one in told["colours"]] == [
        ("letters", ["Black"]),
        ("shell", ["Cyan", "Magenta", "Yellow", "Black"]),
    ]


def test_separators_and_slips_are_those_of_sheets_csv(jobs):
    job = jobs["parcel-insert"]
    told, sheets = work_order(job.folder).as_json(), rows(job.folder / "sheets.csv")
    kinds = [row["kind"] for row in sheets]
    counts = told["quantities"]
    assert (counts["separators"], counts["slips"]) == (kinds.count("separator"), kinds.count("slip"))
    assert counts["letters"] + counts["separators"] + counts["slips"] == counts["sheets"] == counts["pages"]
    assert (told["order"], told["stacking"], counts["waves"]) == ("packing", "face_down", 3)


def test_spot_inks_are_named_as_the_press_finds_them(jobs):
    assert b"/Separation/PANTONE#20348#20C" in uncompressed(jobs["pressed-card"].printed[0])
    told = {name: work_order(job.folder).as_json()["colours"] for name, job in jobs.items()}
    assert told["pressed-card"][0]["spots"] == ["PANTONE 348 C"]
    assert [one["spots"] for name in CAMPAIGNS[:3] for one in told[name]] == [[]] * 4
    assert {(one["condition"], one["fonts_embedded"]) for of_job in told.values() for one in of_job} == {
        ("FOGRA39", True)
    }


def uncompressed(path: Path) -> bytes:
    """A PDF without object streams, as qpdf writes it."""
    file = path.with_suffix(".plain")
    with pikepdf.Pdf.open(path) as pdf:
        pdf.save(file, object_stream_mode=pikepdf.ObjectStreamMode.disable, qdf=False)
    plain = file.read_bytes()
    file.unlink()
    return plain.replace(b"[ /Separation /", b"/Separation/")


@pytest.mark.system
@pytest.mark.parametrize("name", CAMPAIGNS)
def test_the_inks_of_each_side_are_those_of_ghostscripts_plates(jobs, tmp_path, program, name):
    """Every page of small files, the first of large ones (whose letters are alike), told apart by the job's tables."""
    job, plates = jobs[name], dict[str, list[tuple[set[str], float]]]()
    for path in job.printed:
        some = tmp_path / path.name
        with pikepdf.Pdf.open(path) as pdf:
            del pdf.pages[16:]
            pdf.save(some)
        plates[f"print/{path.name}"] = separations(program("gs"), some, tmp_path / path.stem)
    sheets = rows(job.folder / "sheets.csv") if name == "parcel-insert" else []
    shells = [
        {"kind": "shell", "segment": one["segment"], "file": one["file"], "first_page": 1, "last_page": one["pages"]}
        for one in job.ticket["shells"]
    ]
    found: defaultdict[tuple[str, str], list[set[str]]] = defaultdict(lambda: [set(), set()])
    totals: defaultdict[tuple[str, str], float] = defaultdict(float)
    sides = {one["id"]: job.ticket["layouts"][one["layout"]]["sides"] for one in job.ticket["settings"]["segments"]}
    for row in [*job.manifest, *sheets, *shells]:
        key, first = (row.get("kind", "letters"), row.get("segment", "")), int(row["first_page"])
        for page, (inks, total) in enumerate(plates[row["file"]][first - 1 : int(row["last_page"])]):
            found[key][page % sides.get(row.get("segment"), 1)] |= inks
            totals[key] = max(totals[key], total)
    told = {(one["kind"], one["segment"]): one for one in work_order(job.folder).as_json()["inks"]}
    assert told.keys() == found.keys()
    for key, one in told.items():
        assert [{PLATES.get(ink, ink) for ink in one["inks"][side]} for side in ("front", "back")] == found[key], key
        assert one["sides"] == "/".join(str(len(side)) for side in found[key])
        assert totals[key] - 1 <= one["total_ink"] <= totals[key] + 10, key  # a picture's pixels are not all rendered
        assert not one["at_least"]
    assert told["letters", next(iter(sides))]["sides"] == {
        "shell-letter": "1/0", "duplex-letter": "4/4", "parcel-insert": "4/0", "pressed-card": "5/4"
    }[name]  # fmt: skip


def test_pages_are_counted_by_their_inks(jobs):
    """What a digital press charges for: each page once, in colour, black or blank."""
    for job in jobs.values():
        told = work_order(job.folder).as_json()
        counted = [sum(one["pages"].values()) for one in told["inks"]]
        assert sum(counted) == sum(one["pages"] for one in told["files"])
    inks = {one["kind"]: one["pages"] for one in work_order(jobs["shell-letter"].folder).as_json()["inks"]}
    letters = len(jobs["shell-letter"].manifest)
    assert inks == {
        "letters": {"colour": 0, "black": letters, "blank": 0},
        "shell": {"colour": 1, "black": 0, "blank": 0},
    }


def test_the_page_says_inks_as_printers_do(jobs, tmp_path):
    wanted = {
        "shell-letter": ("片面1色1/0（K／白）", "片面4色4/0（CMYK／白）", "1/0(K/blank)"),
        "duplex-letter": ("両面4色4/4（CMYK／CMYK）", "総インキ量最大226%", "4/4(CMYK/CMYK)"),
        "parcel-insert": ("片面4色4/0（CMYK／白）", "片面1色1/0（K／白）仕切り紙、間紙", "4/0(CMYK/blank)"),
        "pressed-card": ("表5色・裏4色5/4（CMYK+PANTONE348C／CMYK）", "5/4(CMYK+PANTONE348C/CMYK)"),
    }
    for name, (*japanese, english) in wanted.items():
        order = work_order(jobs[name].folder)
        text = written(order, tmp_path, "ja")[1]
        assert [words for words in japanese if words not in text] == [], name
        assert english in written(order, tmp_path)[1], name


@pytest.mark.parametrize(
    ("begun", "pages", "separator"),
    [([(3, "letters", "a"), (7, "slip", "")], 8, (1, 2)), ([(1, "slip", ""), (3, "letters", "a")], 8, (7, 8))],
    ids=["first", "last"],
)
def test_the_separator_of_a_pile_is_its_first_or_last_sheet(begun, pages, separator):
    """pile.csv lists what parcels have; files begin or end with their separator as the pile is delivered."""
    leaves = list(_in_pile(begun, pages, 2))
    assert [(one.first_page, one.last_page) for one in leaves if one.kind == "separator"] == [separator]
    assert [page for one in leaves for page in range(one.first_page, one.last_page + 1)] == list(range(1, pages + 1))


def test_a_page_that_is_nobodys_is_refused(jobs, tmp_path):
    """The inks of each side are of all pages, or are not said."""
    folder = tmp_path / "lacking"
    shutil.copytree(jobs["duplex-letter"].folder, folder)
    lines = (folder / "manifest.csv").read_text("utf-8-sig").splitlines(keepends=True)
    (folder / "manifest.csv").write_text("".join(lines[:5] + lines[6:]), "utf-8-sig")
    with pytest.raises(LedgerError, match="untouched"):
        work_order(folder)
    (folder / "manifest.csv").unlink()
    with pytest.raises(LedgerError, match=r"manifest\.csv"):
        work_order(folder)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", CAMPAIGNS)
def test_one_page_says_what_a_printer_asks(jobs, tmp_path, name, language):
    job = jobs[name]
    pages, text = written(work_order(job.folder), tmp_path, language)
    assert pages == 1
    trim = {"parcel-insert": "148×210mm", "pressed-card": "148×200mm"}.get(name, "210×297mm")
    wanted = [
        trim,
        "上質紙104.7g/m²",
        "三つ折り",
        "地色のムラに注意",
        "見本印刷",
        "青葉千草022-000-0000",
        "PDF/X-4",
        "FOGRA39",
    ]
    wanted += [f"{len(job.manifest):,}", job.ticket["drop"], job.ticket["job"], "青葉堂オンラインストア"]
    wanted += [path.name for path in job.printed]
    wanted += [job.ticket["files"][f"print/{path.name}"][:12] for path in job.printed]
    wanted += ["PANTONE348C"] if name == "pressed-card" else []
    assert [one for one in wanted if one not in text] == []


def test_a_job_that_is_not_released_says_so_large(jobs, tmp_path):
    order = replace(work_order(jobs["duplex-letter"].folder), released=False, reason="not_read_back")
    assert "NOTRELEASED:donotprint" in written(order, tmp_path)[1]
    assert "未リリース" in written(order, tmp_path, "ja")[1]
    assert "NOTRELEASED" not in written(replace(order, released=True), tmp_path)[1]


def test_nothing_of_the_people_is_on_it(jobs, tmp_path):
    """Canaries: every name, address, number and code of the job, its lists' files, where it stands on this machine."""
    for name, job in jobs.items():
        order = work_order(job.folder)
        said = json.dumps(order.as_json(), ensure_ascii=False) + written(order, tmp_path)[1]
        secret = {
            row[key] for row in job.manifest for key in ("customer_id", "name", "address", "piece_id", "postal_code")
        }
        secret |= {row["code"] for row in job.codes}
        secret |= {one["file"] for one in job.ticket["inputs"] if one["file"].endswith(".csv")}
        secret |= {"layouts/", str(job.folder), str(job.folder.parent), "/tmp", "manifest", "customers"}
        assert len(secret) > 60, name
        assert {one for one in secret if one and (one in said or squeezed(one) in said)} == set(), name


def test_the_same_bytes_twice(jobs, tmp_path):
    order = work_order(jobs["parcel-insert"].folder)
    one, other = tmp_path / "one.pdf", tmp_path / "other.pdf"
    for file in (one, other):
        write_paper(
            paper(work_order(jobs["parcel-insert"].folder), Speaker("ja")),
            file,
            created=datetime(2026, 4, 1, tzinfo=UTC),
        )
    assert one.read_bytes() == other.read_bytes()
    assert order.as_json() == work_order(jobs["parcel-insert"].folder).as_json()


LONG = {
    "media": tuple(Media((f"l{n}", "another-layout"), 210.0, 290.0 + n, 3.0, 2, (99.0, 198.0), 1) for n in range(7)),
    "notes": ("長い注意書きです。" * 60,),
    "contact": "青葉 千草 " * 60,
    "finishing": ("三つ折りのうえ、封入封かん。" * 20,),
    "enclosures": ("小冊子", "サンプル") * 20,
    "envelope": {"name": "長形3号", "width": 120, "height": 235},
    "post_office": "銀座郵便局",
}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("words", [{}, LONG], ids=["plain", "long"])
def test_a_large_job_is_still_one_page(jobs, tmp_path, language, words):
    """12 segments, 60 files; then seven sizes of sheet and words of any length too: what has no room is counted."""
    base = work_order(jobs["shell-letter"].folder)
    specimens = tuple(Specimen("", f"s{n}", "とても長い名前のセグメント" * 3, "letter", "", 1, 1) for n in range(12))
    names = [f"a-campaign-with-a-long-name-2026-04-05-segment{n // 5:02d}-{n % 5 + 1:03d}.pdf" for n in range(60)]
    files = [
        OrderFile(f"print/{name}", "letters", (), (f"l{n % 7}",), "", 2000, 4000, 2000, 1, 9, "f" * 64)
        for n, name in enumerate(names)
    ]
    drops = (Drop("shop", "campaign", "job", 120_000),)
    process, label = ("C", "M", "Y", "K"), "とても長い名前のセグメント" * 3
    inks = [Inked("letters", "", f"s{n}", label, process, process[n % 3 :], 300, n > 5, 1, 1, 1) for n in range(12)]
    if words:
        inks = [
            one._replace(kind="shell", front=("DIC 12345 とても長い名前の特色" * 2, *one.back)) for one in inks
        ] + inks
    order = replace(
        base, released=False, files=tuple(files), drops=drops, specimens=specimens, inks=tuple(inks), **words
    )
    pages, text = written(order, tmp_path, language)
    assert pages == 1
    assert "120,000" in text
    listed = sum(name in text for name in names)
    assert (5 if not words else 0) <= listed < 60
    assert f"{(60 - listed) * 2000:,}" in text, "letters of the files that are not listed"


def test_an_older_job_folder_gives_a_work_order_that_says_what_is_not_known(jobs, tmp_path):
    """job.json of before had neither the printer's part nor specimens: sizes come from its layouts and the files."""
    folder = tmp_path / "old"
    shutil.copytree(jobs["duplex-letter"].folder, folder)
    ticket = jobs["duplex-letter"].ticket
    old = {key: value for key, value in ticket.items() if key not in ("printing", "specimens")}
    old["settings"] = {key: value for key, value in ticket["settings"].items() if key not in ("paper", "mail")}
    old["files"] = {name: digest for name, digest in ticket["files"].items() if name != "specimens.pdf"}
    (folder / "job.json").write_text(json.dumps(old), "utf-8")
    told = work_order(folder).as_json()
    assert told["paper"] is None
    assert [one["sides"] for one in told["inks"]] == ["4/4"]
    assert told["media"] == [
        {"layouts": ["letter"], "trim": [210.0, 297.0], "page": [216.0, 303.0], "bleed": 3.0, "sides": 2}
        | {"folds": None, "panels": None, "window": None, "sheets": None}
    ]
    assert told["quantities"]["sheets"] == len(jobs["duplex-letter"].manifest)
    pages, text = written(work_order(folder), tmp_path)
    assert pages == 1
    assert text.count("notstated") >= 5
    assert len(work_order(folder).remarks()) == 2


def test_what_a_printer_would_have_to_ask_is_a_remark(jobs):
    order = work_order(jobs["duplex-letter"].folder)
    assert order.remarks() == []
    bare = replace(order, contact="", paper=None, finishing=())
    said = [Speaker("en").error(remark) for remark in bare.remarks()]
    assert [
        part for part in ("[printer]", "paper under [print]", "finishing under [print]") if part not in "".join(said)
    ] == []


def test_a_print_file_that_is_not_the_jobs_own_is_refused(jobs, tmp_path):
    folder = tmp_path / "changed"
    shutil.copytree(jobs["duplex-letter"].folder, folder)
    (file,) = (folder / "print").glob("*.pdf")
    shutil.copy(jobs["pressed-card"].printed[0], file)
    ticket = json.loads((folder / "job.json").read_text("utf-8"))
    ticket["print"][0]["pages"] += 2
    (folder / "job.json").write_text(json.dumps(ticket), "utf-8")
    with pytest.raises(OutputError, match="pages"):
        work_order(folder)
    file.write_bytes(b"no PDF")
    with pytest.raises(OutputError, match="cannot be read"):
        work_order(folder)
    file.unlink()
    with pytest.raises(OutputError, match="cannot be read"):
        work_order(folder)


@pytest.mark.parametrize("ticket", ["{", "[]", '{"job": "a", "shop": "b", "campaign": "c", "drop": "2026-04-05"}'])
def test_what_is_no_job_is_refused(tmp_path, ticket):
    (tmp_path / "job.json").write_text(ticket, "utf-8")
    with pytest.raises(LedgerError):
        work_order(tmp_path)


def test_a_pile_of_several_campaigns_has_one_work_order(tmp_path):
    warehouse = Warehouse(tmp_path)
    rules = {"aoba": ("rest", 'customer_id != ""'), "kasumi": ("note", 'customer_id <= "1006"')}
    campaigns = [warehouse.campaign(shop, *rule) for shop, rule in rules.items()]
    shipments = warehouse.shipments(batch_rows())
    result = warehouse.desk.invoke("run", *campaigns, "--shipments", shipments, "--out", "pile", "--lang", "en")
    assert result.exit_code == 0, result.output
    order = work_order(tmp_path / "pile")
    told, table = order.as_json(), rows(tmp_path / "pile" / "pile.csv")
    pieces = [row for row in table if row["piece_id"]]
    assert (told["kind"], told["quantities"]["letters"], told["quantities"]["slips"]) == (
        "pile", len(pieces), len(table) - len(pieces)
    )  # fmt: skip
    assert [(one["campaign"], one["letters"]) for one in told["drops"]] == [
        (name, sum(row["campaign"] == name for row in pieces)) for name in ("rest", "note")
    ]
    for one in told["files"]:
        document = pypdfium2.PdfDocument(tmp_path / "pile" / one["file"])
        assert one["pages"] == one["sheets"] == len(document)
        document.close()
        assert one["letters"] == sum(row["file"] == one["file"] for row in pieces)
    assert sorted(told["senders"]) == ["霞屋", "青葉堂"]
    pages = {(one["kind"], one["campaign"]): sum(one["pages"].values()) for one in told["inks"]}
    assert pages == {
        ("separator", ""): told["quantities"]["separators"],
        ("slip", ""): told["quantities"]["slips"],
        **{("letters", one["campaign"]): one["letters"] for one in told["drops"]},
    }
    assert {one["sides"] for one in told["inks"] if one["kind"] != "letters"} == {"1/0"}
    assert told["media"] == [
        {"layouts": ["rest note", "note note"], "trim": [100, 148], "page": [106, 154], "bleed": 3, "sides": 1}
        | {"folds": [], "panels": 1, "window": None, "sheets": 1}
    ]
    pages, text = written(order, tmp_path)
    assert pages == 1
    assert "客10" not in text
    assert told["name"] in text


def test_a_pile_of_two_papers_is_refused(tmp_path):
    warehouse = Warehouse(tmp_path)
    campaigns = [
        warehouse.campaign(shop, name, 'customer_id != ""') for shop, name in (("aoba", "rest"), ("kasumi", "note"))
    ]
    warehouse.desk.edit(
        f"{campaigns[0]}/campaign.toml", "[print]\n", '[print]\npaper = { name = "上質紙", gsm = 104.7 }\n'
    )
    shipments = warehouse.shipments(batch_rows())
    result = warehouse.desk.invoke("run", *campaigns, "--shipments", shipments, "--out", "pile", "--lang", "en")
    assert result.exit_code == 1
    assert "104.7 g/m²" in result.output


def test_who_fills_the_envelopes_is_told_of_the_window(tmp_path):
    """A sheet that is folded or turned another way shows something else in it than the address."""
    order = work_order(Desk.at(tmp_path).run("window-letter", "--limit", "2").folder)
    assert order.as_json()["media"][0]["window"] == [20, 15, 90, 45]
    _, text = written(order, tmp_path)
    assert "Window90×45mm,20mmfromtheleftand15mmfromthetopofthefirstpage" in text
