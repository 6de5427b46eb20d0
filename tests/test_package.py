"""`dmgen package`: what leaves the house is what was released, goes to whom it is for, and says nothing of persons."""

import hashlib
import io
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import pyzipper

from dmgen.ledger import Ledger, What
from dmgen.messages import Speaker
from tests.jobs import ROOT, Desk, Job, environment, rows, squeezed
from tests.together.conftest import Warehouse, batch_rows, warehouse  # noqa: F401 (a fixture)

PASSWORD = "correct horse battery"
SHOP = ("--shop", "layouts/shop.toml")
CANARIES = ("KANARIYA", "金糸雀", "カナリヤ", "kanariya")
LISTED = "customer_id,name,name_kana,postal_code,prefecture,city,town,street,building,email,phone,memo,dm_opt_out"
ORDERED = "order_id,customer_id,ordered_on,amount,items,status,sku,product,memo"
CLIENTS = [
    f"KANARIYA-C{n},金糸雀 花子{n},カナリヤ ハナコ,980-0811,宮城県,仙台市青葉区,金糸雀町,{n}-7,金糸雀荘 10{n},"
    f"kanariya{n}@example.com,090-0000-77{n:02d},KANARIYA memo,0"
    for n in range(1, 7)
]
ORDERS = [
    f"KANARIYA-O{n},KANARIYA-C{n},2026-03-{n:02d},2160,1,completed,T-101,深蒸し煎茶 青葉,KANARIYA order memo"
    for n in range(1, 7)
]
PERSONAL = (*CANARIES, "090-0000-77", "980-0811", "9800811")


def with_canaries(root: Path) -> Desk:
    """A shop whose lists hold unmistakable words in every column, with a job of six letters."""
    desk = Desk.at(root)
    campaign = "layouts/spring-thanks/campaign.toml"
    desk.write("assets/lists/kanariya-list.csv", "\n".join((LISTED, *CLIENTS)) + "\n")
    desk.write("assets/lists/kanariya-orders.csv", "\n".join((ORDERED, *ORDERS)) + "\n")
    desk.edit(campaign, "lists/customers.csv", "lists/kanariya-list.csv")
    desk.edit(campaign, "lists/orders.csv", "lists/kanariya-orders.csv")
    desk.edit(campaign, 'layout = "first" }', 'layout = "brand", offer = "thanks", tickets = 1 }')
    desk.edit(campaign, "value = 1000, count = 30 }", "value = 1000, count = 2 }")
    assert len(desk.run("spring-thanks").manifest) == 6
    return desk


@pytest.fixture(scope="module")
def made_once(tmp_path_factory) -> Path:
    return with_canaries(tmp_path_factory.mktemp("desk")).root


@pytest.fixture
def desk(made_once: Path, tmp_path: Path) -> Desk:
    """A copy of that shop, for one test. Its ledger remembers the job's folder where it was made."""
    return Desk(Path(shutil.copytree(made_once, tmp_path / "desk")))


@pytest.fixture
def job(desk: Desk) -> Job:
    return Job(desk.root / "job")


def package(desk: Desk, whom: str, out: str, *more: str | Path, job: str = "job", code: int = 0) -> dict:
    result = desk.invoke("package", job, "--for", whom, "--out", out, *more, *SHOP, "--json", "--lang", "en")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if code == 0 else {"said": result.stderr}


def checked(desk: Desk, place: str, *more: str | Path, code: int = 0) -> dict:
    result = desk.invoke("package", "--check", place, *more, "--json", "--lang", "en")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def names(place: Path) -> set[str]:
    if place.is_file():
        with zipfile.ZipFile(place) as archive:
            return set(archive.namelist())
    return {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}


def ledger(desk: Desk) -> Ledger:
    return Ledger.open(str(desk.ledger), desk.root)


def said_in(path: Path) -> str:
    """All that a file says: its bytes as text; of a PDF its text, metadata and unpacked objects, too."""
    found = [path.read_bytes().decode("utf-8", "replace")]
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as document:
            found += [page.get_textpage().get_text_range() for page in document]
        with pikepdf.open(path) as pdf:
            plain = io.BytesIO()
            pdf.save(plain, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
            found.append(plain.getvalue().decode("utf-8", "replace"))
            found.append(plain.getvalue().decode("utf-16-be", "replace"))
    return "\n".join(found)


def secrets(job: Job) -> set[str]:
    """Ids, codes, tickets and links of the letters."""
    return {row["piece_id"] for row in job.manifest} | {
        row[name] for row in job.codes for name in ("code", "url") if row[name]
    }


# Who gets what.


def test_nothing_personal_reaches_the_printer_but_the_letters(desk: Desk, job: Job) -> None:
    """Every column of the lists holds a canary; ids, codes, links and the lists' names are looked for, too."""
    made = desk.command("package", "job", "--for", "printer", "--out", "p", *SHOP)
    assert made.code == 0, made.err
    check = desk.command("package", "--check", "p")
    assert check.code == 0, check.err
    place = desk.root / "p"
    assert {"work-order.pdf", "work-order.json", "specimens.pdf", "package.json", "SHA256SUMS"} < names(place)
    looked_at = {"stdout": made.stdout, "stderr": made.stderr, "check": check.stdout + check.stderr}
    texts = {name: data.decode() for name, data in looked_at.items()}
    texts |= {name: said_in(place / name) for name in names(place) if not name.startswith("print/")}
    words = {*PERSONAL, *secrets(job)}
    assert {(name, word) for name, text in texts.items() for word in words if word in text} == set()
    assert any("金糸雀" in said_in(path) for path in (place / "print").glob("*.pdf")), "the canaries are in the letters"
    told = "".join((place / name).read_text() for name in names(place) if name.endswith(".json"))
    assert str(desk.root) not in told


def test_the_printers_package_is_the_print_files_as_they_were_read_back(desk: Desk, job: Job) -> None:
    package(desk, "printer", "p.zip")
    with zipfile.ZipFile(desk.root / "p.zip") as archive:
        for path in job.printed:
            assert archive.read(f"print/{path.name}") == path.read_bytes()
        told = json.loads(archive.read("package.json"))
        order = json.loads(archive.read("work-order.json"))
    assert told["totals"] == {"letters": 6, "pages": 6, "sheets": order["quantities"]["sheets"]}
    assert (told["job"], told["for"], told["released"]) == (job.ticket["job"], "printer", True)
    assert {file["name"]: file["what"] for file in told["files"]}.items() >= {
        f"print/{path.name}": "print" for path in job.printed
    }.items()


def test_what_a_printer_would_ask_is_said_when_the_package_is_made(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    desk.configure("layouts/shop.toml", printer=None)
    desk.configure("layouts/hello/campaign.toml", print=None)
    desk.run("hello", "--limit", "1")
    remarks = package(desk, "printer", "p")["remarks"]
    lacking = ("contact under [printer]", "paper under [print]", "finishing under [print]")
    assert [sum(words in remark for remark in remarks) for words in lacking] == [1, 1, 1]
    assert not any("work order" in remark for remark in package(desk, "shop", "s")["remarks"])


def test_of_a_sample_a_printer_need_not_ask(desk: Desk, job: Job) -> None:
    assert not any("work order" in remark for remark in package(desk, "printer", "p")["remarks"])


def test_posting_needs_numbers_only(desk: Desk, job: Job) -> None:
    package(desk, "warehouse", "w")
    place = desk.root / "w"
    table = rows(place / "letters.csv")
    assert [(row["piece_id"], row["sequence"], row["file"], row["first_page"]) for row in table] == [
        (row["piece_id"], row["sequence"], row["file"], row["first_page"]) for row in job.manifest
    ]
    codes = {row[name] for row in job.codes for name in ("code", "url") if row[name]}
    texts = [said_in(place / name) for name in names(place)]
    assert [word for word in (*PERSONAL, *codes) for text in texts if word in text] == []
    assert not any(name.startswith("print/") for name in names(place))


def test_the_shop_gets_codes_links_and_who_got_what(desk: Desk, job: Job) -> None:
    desk.configure("layouts/shop.toml", cart="woocommerce")
    made = package(desk, "shop", "s")
    place = desk.root / "s"
    assert (place / "codes.csv").read_bytes() == (job.folder / "codes.csv").read_bytes()
    assert [(row["customer_id"], row["piece_id"]) for row in rows(place / "recipients.csv")] == [
        (row["customer_id"], row["piece_id"]) for row in job.manifest
    ]
    coupons = {row["code"] for row in job.codes if row["kind"] == "coupon"}
    cart = [said_in(path).replace("-", "") for path in (place / "cart" / "woocommerce").rglob("*.*")]
    assert coupons and all(any(code in text for text in cart) for code in coupons)
    assert {row["url"] for row in rows(place / "links" / "links.csv")} == {
        row["url"] for row in job.codes if row["kind"] == "link"
    }
    told = json.loads((place / "counts.json").read_text("utf-8"))
    assert told["counts"]["pieces"] == 6
    assert not any(
        word in said_in(path) for path in place.rglob("*.*") for word in ("金糸雀 花子", "金糸雀町", "kanariya1@")
    )
    assert any("not encrypted" in remark for remark in made["remarks"])
    assert not any(name.startswith(".") or "/." in name for name in names(place))


def test_links_of_a_campaign_that_stands_in_two_folders(desk: Desk, job: Job) -> None:
    shutil.copytree(desk.root / "layouts" / "spring-thanks", desk.root / "layouts" / "copy")
    assert "--campaign" in package(desk, "shop", "s", code=1)["said"]
    assert not (desk.root / "s").exists()
    package(desk, "shop", "s", "--campaign", "layouts/copy")
    assert (desk.root / "s" / "links" / "links.csv").is_file()


# Only what was released, as it was released.


def test_a_file_that_was_changed_does_not_leave(desk: Desk, job: Job) -> None:
    for whom, name in [
        ("printer", job.printed[0].relative_to(job.folder)),
        ("printer", "specimens.pdf"),
        ("shop", "codes.csv"),
        ("warehouse", "manifest.csv"),
    ]:
        path = job.folder / name
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert str(path.name) in package(desk, whom, "p", code=4)["said"]
        path.unlink()
        assert str(path.name) in package(desk, whom, "p", code=4)["said"]
        path.write_bytes(data)
        assert sorted(one.name for one in desk.root.iterdir() if "p" in one.name.split(".")) == []


def unreleased(desk: Desk, job: Job, state: str) -> None:
    if state == "cancelled":
        assert desk.invoke("cancel", "job", *SHOP).exit_code == 0
    elif state == "superseded":
        desk.run("spring-thanks", out="later")
    else:
        path = job.printed[0]
        path.write_bytes(path.read_bytes().replace(b"%%EOF", b"%%EoF"))
        desk.invoke("verify", "job", *SHOP)
        ticket = json.loads((job.folder / "job.json").read_text("utf-8"))
        assert ticket["released"] is False
        ticket["files"][f"print/{path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
        (job.folder / "job.json").write_text(json.dumps(ticket), "utf-8")


@pytest.mark.parametrize("state", ["cancelled", "superseded", "not_released"])
def test_what_nobody_is_to_get_leaves_only_when_asked_and_says_so(desk: Desk, job: Job, state: str) -> None:
    unreleased(desk, job, state)
    for whom in ("printer", "warehouse", "shop"):
        assert not package(desk, whom, "p", code=4)["said"].startswith("a fault")
    made = package(desk, "printer", "p.zip", "--unreleased")
    assert Path(made["package"]).name == "p-UNRELEASED.zip"
    assert (made["released"], "NOT RELEASED" in made["remarks"][0]) == (False, True)
    with zipfile.ZipFile(made["package"]) as archive:
        archive.extractall(desk.root / "out")
    told = json.loads((desk.root / "out" / "package.json").read_text())
    assert (told["released"], told["state"], "UNRELEASED" in told["notice"]) == (False, state, True)
    assert json.loads((desk.root / "out" / "work-order.json").read_text())["released"] is False
    with pypdfium2.PdfDocument(desk.root / "out" / "work-order.pdf") as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    banner = squeezed(Speaker("ja").say("NOT RELEASED: do not print"))
    assert pages and all(banner in squeezed(page) for page in pages), pages
    shown = desk.invoke("package", "--check", "out", "--lang", "en")
    assert "NOT RELEASED" in shown.stdout
    shop = package(desk, "shop", "s", "--unreleased")
    assert Path(shop["package"]).name == "s-UNRELEASED"
    assert not any(name.startswith(("cart/", "links/")) for name in names(Path(shop["package"])))


def test_a_purged_job_has_nothing_that_could_leave(tmp_path: Path) -> None:
    desk = with_canaries(tmp_path)
    job = Job(desk.root / "job").ticket["job"]
    ticket = desk.root / "job" / "job.json"
    told = json.loads(ticket.read_text("utf-8"))
    ticket.write_text(json.dumps(told | {"purge": {"state": "purged", "at": "2026-12-01T00:00:00+00:00"}}), "utf-8")
    assert job in package(desk, "printer", "p", "--unreleased", code=4)["said"]


def test_a_sent_job_may_leave_again(desk: Desk, job: Job) -> None:
    assert desk.invoke("sent", "job", "--on", "2026-04-06", *SHOP).exit_code == 0
    assert package(desk, "printer", "p")["released"]


def test_letters_that_were_withdrawn_are_counted_and_listed(tmp_path: Path) -> None:
    desk = with_canaries(tmp_path)
    job = Job(desk.root / "job")
    before = package(desk, "warehouse", "w1")
    assert before["taken_out"] == 0
    assert desk.invoke("withdraw", "KANARIYA-C2", *SHOP).exit_code == 0
    assert desk.invoke("void", "job", "--range", "5", "--reason", "torn", *SHOP).exit_code == 0
    made = package(desk, "warehouse", "w2")
    assert made["taken_out"] == 2 and any(remark.startswith("2 letters") for remark in made["remarks"])
    out = {row["piece_id"] for row in rows(desk.root / "w2" / "letters.csv") if row["take_out"]}
    gone = {row["piece_id"] for row in job.manifest if row["customer_id"] == "KANARIYA-C2" or row["sequence"] == "5"}
    assert out == gone
    pulls = sorted((desk.root / "w2" / "pulls").rglob("pull.csv"))
    assert [len(rows(pull)) for pull in pulls] == [1, 1]
    assert {row["piece_id"] for pull in pulls for row in rows(pull)} == gone
    told = package(desk, "printer", "p")
    assert told["taken_out"] == 2
    assert json.loads((desk.root / "p" / "package.json").read_text())["taken_out"] == 2


# The package itself.


def test_the_same_job_makes_the_same_bytes(desk: Desk, job: Job) -> None:
    for whom in ("printer", "warehouse", "shop"):
        one, two = (package(desk, whom, f"{place}/{whom}.zip") for place in ("a", "b"))
        assert one["sha256"] == two["sha256"]
        assert Path(one["package"]).read_bytes() == Path(two["package"]).read_bytes()


@pytest.mark.parametrize("out", ["p", "p.zip"])
def test_the_same_package_again_is_nothing_to_do(desk: Desk, job: Job, out: str) -> None:
    first = package(desk, "printer", out)
    again = package(desk, "printer", out)
    assert (first["made"], again["made"], first["sha256"]) == (True, False, again["sha256"])
    assert "already" in desk.invoke("package", "job", "--for", "printer", "--out", out, *SHOP, "--lang", "en").stdout
    assert out in package(desk, "warehouse", out, code=5)["said"]
    assert checked(desk, out)["ok"]


def test_nothing_else_is_ever_overwritten(desk: Desk, job: Job) -> None:
    (desk.root / "hot").mkdir()
    desk.write("file.zip", "mine")
    for out, code in (("hot", 5), ("file.zip", 5), ("layouts", 5), ("job", 2)):
        package(desk, "printer", out, code=code)
    assert (desk.root / "file.zip").read_text() == "mine"
    assert list((desk.root / "hot").iterdir()) == []


def test_an_encrypted_package_takes_the_password_of_a_file(desk: Desk, job: Job) -> None:
    desk.write("secret", PASSWORD + "\n")
    made = package(desk, "shop", "s.zip", "--password-file", "secret")
    assert made["encrypted"] and not made["remarks"]
    assert checked(desk, "s.zip", "--password-file", "secret")["encrypted"]
    with pyzipper.AESZipFile(desk.root / "s.zip") as archive:
        archive.setpassword(PASSWORD.encode())
        assert archive.read("codes.csv") == (job.folder / "codes.csv").read_bytes()
    assert not package(desk, "shop", "s.zip", "--password-file", "secret")["made"]
    package(desk, "shop", "s.zip", code=5)
    desk.write("other", "incorrect horse battery\n")
    package(desk, "shop", "s.zip", "--password-file", "other", code=5)
    for more in ([], ["--password-file", "other"]):
        result = desk.invoke("package", "--check", "s.zip", *more, "--lang", "en")
        assert result.exit_code == 2
        assert "horse" not in result.output


def test_a_folder_is_not_encrypted_and_a_poor_password_is_refused(desk: Desk, job: Job) -> None:
    desk.write("secret", PASSWORD)
    assert "--out p.zip" in package(desk, "printer", "p", "--password-file", "secret", code=2)["said"]
    desk.write("secret", "tea4two")
    said = package(desk, "printer", "p.zip", "--password-file", "secret", code=2)["said"]
    assert "tea4two" not in said
    assert "--password-file" in package(desk, "printer", "p.zip", "--encrypt", code=2)["said"]  # no terminal here


def typed(desk: Desk, *lines: str) -> tuple[int, str]:
    """`dmgen package job --encrypt` on a terminal of its own, where somebody types."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "dmgen", "package", "job", "--for", "printer", "--out", "p.zip", "--encrypt"]
    process = subprocess.Popen(
        [*command, *SHOP, "--lang", "en"], cwd=desk.root, env=environment(PYTHONPATH=str(ROOT)),
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    shown, answers = b"", list(lines)
    while True:
        if not select.select([master], [], [], 60)[0]:
            break
        try:
            data = os.read(master, 4096)
        except OSError:
            break
        if not data:
            break
        shown += data
        if answers and (b"password:" in data or b"again:" in data):
            time.sleep(0.2)
            os.write(master, answers.pop(0).encode() + b"\n")
    os.close(master)
    return process.wait(timeout=60), shown.decode()


@pytest.mark.system
@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal")
def test_a_password_is_asked_for_twice_and_not_shown(desk: Desk, job: Job) -> None:
    code, shown = typed(desk, PASSWORD, PASSWORD + "!")
    assert (code, PASSWORD in shown) == (2, False), shown
    assert not (desk.root / "p.zip").exists()
    code, shown = typed(desk, PASSWORD, PASSWORD)
    assert (code, PASSWORD in shown) == (0, False), shown
    desk.write("secret", PASSWORD)
    assert checked(desk, "p.zip", "--password-file", "secret")["ok"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("out", ["p", "p.zip"])
def test_killed_in_the_middle_it_leaves_nothing_that_looks_whole(desk: Desk, job: Job, out: str) -> None:
    """SIGKILL, which nobody can tidy up after; the next run does."""
    script = (
        "import os, sys, time; real = os.fsync\n"
        "def slow(handle): real(handle); print('flushed', flush=True); time.sleep(60)\n"
        "os.fsync = slow\n"
        f"sys.argv = ['dmgen', 'package', 'job', '--for', 'printer', '--out', '{out}', '--shop', 'layouts/shop.toml']\n"
        "from dmgen.cli import main; main()\n"
    )
    command = [sys.executable, "-c", script]
    process = subprocess.Popen(
        command, cwd=desk.root, env=environment(PYTHONPATH=str(ROOT)), stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout and process.stdout.readline().strip() == b"flushed"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert not (desk.root / out).exists()
    assert (desk.root / f".{out}.partial").is_dir()
    assert package(desk, "printer", out)["made"]
    assert not (desk.root / f".{out}.partial").exists()


def test_the_ledger_knows_of_every_copy(desk: Desk, job: Job) -> None:
    first = package(desk, "printer", "p")
    package(desk, "printer", "p")  # nothing to do
    desk.write("secret", PASSWORD)
    second = package(desk, "shop", "s.zip", "--password-file", "secret")
    events = ledger(desk).job_events(job.ticket["job"], What.PACKAGED)
    assert [(event.piece_id, event.told["for"], event.told["sha256"], event.told["encrypted"]) for event in events] == [
        ("", "printer", first["sha256"], "no"),
        ("", "shop", second["sha256"], "yes"),
    ]
    assert not any(word in json.dumps(event.told) for event in events for word in PERSONAL)


# The receiving side.


def test_the_check_needs_no_shop_and_no_ledger(desk: Desk, job: Job, tmp_path_factory) -> None:
    made = package(desk, "printer", "p.zip")
    away = tmp_path_factory.mktemp("away")
    (away / "p.zip").write_bytes((desk.root / "p.zip").read_bytes())
    there = Desk(away)
    told = checked(there, "p.zip", "--sha256", made["sha256"].upper())
    assert (told["ok"], told["sha256"], told["job"], told["for"]) == (
        True,
        made["sha256"],
        job.ticket["job"],
        "printer",
    )
    assert sorted(path.name for path in away.iterdir()) == ["p.zip"]
    wrong = checked(there, "p.zip", "--sha256", "0" * 64, code=6)
    assert [one["file"] for one in wrong["findings"]] == ["package.json"]
    assert there.invoke("package", "--check", "p.zip", "--sha256", "12ab").exit_code == 2


def test_a_flipped_byte_is_named_on_the_terminal(desk: Desk, job: Job) -> None:
    package(desk, "printer", "p")
    [path] = (desk.root / "p" / "print").glob("*.pdf")
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    shown = desk.invoke("package", "--check", "p", "--lang", "en")
    assert shown.exit_code == 6
    assert f"print/{path.name}: is not as it was sent" in shown.stdout
    assert "all files are there" not in shown.stdout


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["job"],
        ["job", "--for", "printer"],
        ["job", "--for", "nobody", "--out", "p"],
        ["--check", "p", "--for", "printer"],
        ["job", "--check", "p"],
        ["--check", "p", "--encrypt"],
        ["job", "--for", "printer", "--out", "p", "--sha256", "0" * 64],
        ["--check", "nothing-there"],
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path: Path, args: list[str]) -> None:
    result = Desk(tmp_path).invoke("package", *args, "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "dmgen package" in result.stderr or "--" in result.stderr or "name its folder" in result.stderr


# Parcels, and piles of several campaigns.


@pytest.fixture
def parcels(tmp_path: Path) -> tuple[Desk, Job]:
    desk = Desk.at(tmp_path)
    return desk, desk.run("parcel-insert", "--shipments", "assets/lists/shipments.csv")


def test_packing_gets_its_lists_and_no_codes(parcels: tuple[Desk, Job]) -> None:
    desk, job = parcels
    package(desk, "warehouse", "w")
    place = desk.root / "w"
    found = names(place)
    assert {"parcels.csv", "sheets.csv", "letters.csv"} < found
    lists = {f"warehouse/{path.name}" for path in (job.folder / "warehouse").iterdir()} - {"warehouse/manifest.xlsx"}
    assert lists and {name for name in found if name.startswith("warehouse/")} == lists
    codes = {row[name] for row in job.codes for name in ("code", "url") if row[name]}
    texts = [said_in(place / name) for name in found]
    assert [code for code in codes for text in texts if code in text] == []
    people = {row["name"] for row in job.manifest if row["name"]}
    where = {name for name in found for person in people if person in said_in(place / name)}
    assert where <= {"warehouse/carrier.csv"}


def test_packing_gets_the_newest_plan_of_its_parcels(parcels: tuple[Desk, Job]) -> None:
    desk, _ = parcels
    listed = (desk.root / "assets/lists/shipments.csv").read_text("utf-8").splitlines()
    desk.write("fewer.csv", "\n".join(listed[:-3]) + "\n")
    done = desk.invoke("fulfil", "job", "--shipments", "fewer.csv", *SHOP)
    assert done.exit_code == 0, done.output
    made = package(desk, "warehouse", "w")
    found = names(desk.root / "w")
    assert {"fulfil/001/pull.csv", "fulfil/001/parcels.csv", "parcels.csv"} < found
    assert not any(name.endswith(("manifest.csv", ".xlsx")) for name in found)
    assert made["taken_out"] == len(rows(desk.root / "w" / "fulfil" / "001" / "pull.csv")) > 0


def test_a_pile_leaves_as_one(warehouse: Warehouse) -> None:  # noqa: F811
    desk = warehouse.desk
    campaigns = [
        warehouse.campaign("aoba", "even", 'customer_id in ["1002", "1004", "1006", "1008"]'),
        warehouse.campaign("kasumi", "note", 'customer_id <= "1006"'),
    ]
    warehouse.shipments(batch_rows())
    run = desk.invoke("run", *campaigns, "--shipments", "shipments.csv", "--out", "pile", "--json")
    assert run.exit_code == 0, run.output
    shops = ("--shop", "aoba/shop.toml", "--shop", "kasumi/shop.toml")

    def made(*args: str, code: int = 0) -> dict:
        result = desk.invoke("package", *args, "--json", "--lang", "en")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout) if not code else {"said": result.stderr}

    pile = json.loads((desk.root / "pile" / "pile.json").read_text("utf-8"))
    printer = made("pile", "--for", "printer", "--out", "p", *shops)
    assert printer["job"] == pile["pile"]
    told = json.loads((desk.root / "p" / "package.json").read_text())
    assert [one["job"] for one in told["jobs"]] == [one["job"] for one in pile["jobs"]]
    printed = {name for name in names(desk.root / "p") if name.startswith("print/")}
    assert printed == {name for name in pile["files"] if name.startswith("print/")}
    made("pile", "--for", "warehouse", "--out", "w", *shops)
    assert {"pile.csv", *(name for name in pile["files"] if name.startswith("warehouse/"))} < names(desk.root / "w")
    assert checked(desk, "w")["ok"]
    assert "kasumi" in made("pile", "--for", "printer", "--out", "q", "--shop", "aoba/shop.toml", code=2)["said"]
    assert pile["jobs"][0]["job"] in made("pile", "--for", "shop", "--out", "q", *shops, code=4)["said"]
    folder = json.loads(run.stdout)["jobs"][0]["folder"]
    alone = made(folder, "--for", "printer", "--out", "r", "--shop", "aoba/shop.toml")
    assert any(pile["pile"] in remark for remark in alone["remarks"])
    again = desk.invoke("run", campaigns[0], "--shipments", "shipments.csv", "--out", "again")
    assert again.exit_code == 0, again.output
    made("pile", "--for", "printer", "--out", "late", *shops, code=4)


def test_no_package_lies_in_the_folder_of_a_job(desk: Desk) -> None:
    """A purge leaves what dmgen's run did not write: letters in such a package would survive it."""
    before = names(desk.root / "job")
    for place in ("job", "job/inner", "job/inner.zip", "job/print/deep/p.zip"):
        told = package(desk, "printer", place, code=2)
        assert "lies in the folder of job" in told["said"]
    assert names(desk.root / "job") == before


def test_by_id_or_by_folder_it_is_the_same_package(desk: Desk, job: Job) -> None:
    made = [package(desk, "printer", f"p{n}.zip", job=name) for n, name in enumerate(("job", str(job.folder)))]
    assert made[0]["sha256"] == made[1]["sha256"]
