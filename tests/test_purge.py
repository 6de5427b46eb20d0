"""`dmgen purge`: nobody is named in a job folder or the ledger any more, all counts stand, and a paper certifies it."""

import csv
import hashlib
import io
import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest

from dmgen.afterwards import shop_at
from dmgen.ledger import Ledger
from dmgen.ledger.purges import Purges
from dmgen.messages import Speaker
from dmgen.model.campaign import Shop
from dmgen.tasks import purge as task
from dmgen.tasks.purge_scope import Asked
from tests.jobs import Desk, Job, people, squeezed
from tests.test_fulfil import CAMPAIGN as PARCELS
from tests.test_fulfil import DAY

SHOP = ("--shop", "layouts", "--lang", "en")
WORD = "金糸雀"  # stands in every text that a person typed
CANARIES = ("canary", WORD)
CUSTOMERS = "customer_id,name,postal_code,prefecture,city,street,email,dm_opt_out,note\n" + "".join(
    f"CANARYC{n:02d},{WORD} {n},100-0001,東京都,{WORD}市,{n}-1,canary{n}@example.com,0,CANARYNOTE\n"
    for n in range(1, 13)
) + f"CANARYC13,{WORD},999-9999,東京都,{WORD}市,1-1,,0,\nCANARYC14,,100-0001,東京都,{WORD}市,1-1,,0,\n"  # fmt: skip
ORDERS = "order_id,customer_id,ordered_on,amount,status,product\n" + "".join(
    f"CANARYO{n:02d},CANARYC{(n - 1) % 12 + 1:02d},2026-04-30,3000,{'CANARYSTATUS' if n == 24 else 'shipped'},{WORD}\n"
    for n in range(1, 25)
)
SHIPMENTS = "shipment_id,order_ids,wave,position,ship_on,tracking,ship_to_name\n" + "".join(
    f"CANARYS{n},CANARYO{n:02d},CANARYW{n // 4},CANARYP{n},{DAY},CANARYT{n},{WORD} {n}\n" for n in range(1, 7)
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", people(12))
    return desk


@pytest.fixture
def parcels(desk: Desk) -> Desk:
    desk.write("assets/lists/customers.csv", CUSTOMERS)
    desk.write("assets/lists/orders.csv", ORDERS)
    desk.write("layouts/parcels/hello.toml", (desk.root / "layouts/hello/hello.toml").read_text("utf-8"))
    desk.write("layouts/parcels/campaign.toml", PARCELS)
    desk.write("day.csv", SHIPMENTS)
    return desk


def say(desk: Desk, *args: str | Path, code: int = 0) -> str:
    done = desk.invoke(*args, *SHOP)
    assert done.exit_code == code, done.output
    return done.output


def purge(desk: Desk, *args: str | Path, code: int = 0) -> dict:
    done = desk.invoke("purge", *args, "--yes", "--json", *SHOP)
    assert done.exit_code == code, done.output
    return json.loads(done.stdout) if code == 0 else {"said": done.output}


def sent(desk: Desk, campaign: str = "hello", *args: str, out: str = "job", on: str = "2026-05-02") -> Job:
    job = desk.run(campaign, *args, out=out)
    say(desk, "sent", out, "--on", on)
    return job


def shop_of(desk: Desk) -> Shop:
    return shop_at(desk.root / "layouts")


def ledger(desk: Desk) -> Ledger:
    return Ledger.open(str(desk.ledger), desk.root)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


LEFT = {"job.json", "deletion-certificate.json", "deletion-certificate.pdf"}


def named_in(*places: Path) -> list[str]:
    """Where a canary still is: in the name or the bytes of a file."""
    found = [path for place in places for path in ([place] if place.is_file() else place.rglob("*"))]
    return [
        str(path)
        for path in found
        for canary in CANARIES
        if canary in path.name.lower() or (path.is_file() and canary.encode() in path.read_bytes().lower())
    ]


def busy(desk: Desk) -> Job:
    """A job of parcels to which everything happened that can: all of it writes somewhere who is meant."""
    job = desk.run("parcels", "--shipments", "day.csv")
    pieces = [row["piece_id"] for row in job.manifest]
    say(desk, "withdraw", "CANARYC01", "--reason", f"{WORD} called")
    say(desk, "void", "job", "--pieces", pieces[1], "--reason", f"{WORD} moved")
    say(desk, "reprint", "job", pieces[2], "--reason", f"{WORD} stained it")
    now = SHIPMENTS.replace("CANARYS3,CANARYO03", "CANARYS9,CANARYO09").replace(f"{WORD} 3", f"{WORD} 9")
    desk.write("now.csv", now)
    say(desk, "fulfil", "job", "--shipments", "now.csv")
    desk.write("scans.txt", "\n".join([pieces[3], "CANARYS4", "CANARYS5", "CANARYT6", pieces[2], "CANARYS3"]))
    desk.invoke("scan", "job", "--from", "scans.txt", "--missing", "missing.csv", *SHOP)
    say(desk, "sent", "job", "--on", "2026-05-02")
    return job


def test_nobody_is_named_any_more(parcels: Desk) -> None:
    """Every column of customers, orders and shipments holds a canary; none is left in folder, ledger or what is said.

    But for who said no: that is remembered.
    """
    job = busy(parcels)
    counts = json.loads((job.folder / "job.json").read_text("utf-8"))["counts"]
    before = {Path(one).name for one in named_in(job.folder)}
    assert before >= {"manifest.csv", "parcels.csv", "rejections.csv", "pull.csv", "job.json"}
    done = parcels.invoke("purge", "job", "--yes", *SHOP)
    assert done.exit_code == 0, done.output
    assert not [canary for canary in CANARIES if canary in done.output.lower()]
    assert named_in(job.folder) == []
    kept = ledger(parcels).withdrawn("aobado")
    assert set(kept) == {"CANARYC01"}
    ledger(parcels).take_back("aobado", list(kept))
    ledger(parcels).purges.wipe()
    assert named_in(parcels.ledger, *parcels.ledger.parent.glob("ledger.sqlite*")) == []
    after = Job(job.folder).ticket["counts"]
    assert {**after, "orders": None} == {**counts, "orders": None}
    assert sum(after["orders"].values()) == sum(counts["orders"].values())


def test_only_the_cleaned_ticket_and_the_certificate_are_left(parcels: Desk) -> None:
    job = busy(parcels)
    before = files(job.folder)
    part = next((job.folder / "fulfil").glob("*/added"))
    purge(parcels, "job")
    own = (part / "job.json").relative_to(job.folder).as_posix()
    assert files(job.folder) == LEFT | {own}
    told = json.loads((job.folder / "deletion-certificate.json").read_text("utf-8"))
    [folder] = told["folders"]
    assert {one["file"] for one in folder["files"]} == before - {"job.json", own}
    assert folder["unknown"] == []
    assert {one["job"] for one in told["jobs"]} == {job.ticket["job"], Job(part).ticket["job"]}
    for name in ("job.json", own):
        assert json.loads((job.folder / name).read_text("utf-8"))["purge"]["state"] == "purged"


def test_the_certificate_says_what_was_there(desk: Desk) -> None:
    job = sent(desk)
    was = {name: (job.folder / name).read_bytes() for name in files(job.folder)}
    digest = purge(desk, "job")["purged"][0]["sha256"]
    text = (job.folder / "deletion-certificate.json").read_bytes()
    assert hashlib.sha256(text).hexdigest() == digest == Job(job.folder).ticket["purge"]["certificate"]
    told = json.loads(text)
    [folder] = told["folders"]
    for one in folder["files"]:
        assert (one["bytes"], one["sha256"]) == (
            len(was[one["file"]]),
            hashlib.sha256(was[one["file"]]).hexdigest(),
        )
        if one["file"].endswith(".csv"):
            assert one["rows"] == len(list(csv.reader(io.StringIO(was[one["file"]].decode("utf-8-sig"))))) - 1
    assert folder["cleaned"] == [{"file": "job.json", "sha256": hashlib.sha256(was["job.json"]).hexdigest()}]
    assert told["ledger"]["rows"]["pieces.replaced"] == told["ledger"]["rows"]["mailings.replaced"] == 12
    assert told["purged_at"]["zone"] == "Asia/Tokyo"
    assert "withdrawn" in {one["what"] for one in told["kept"]}
    assert {"lists", "backups", "handed_out", "made"} <= {one["what"] for one in told["not_reached"]}
    document = pypdfium2.PdfDocument(job.folder / "deletion-certificate.pdf")
    words = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert digest in "".join(words.split())
    assert "manifest.csv" in words
    assert "青葉堂オンラインストア" in words  # a certificate names the company, not its key alone
    assert "sent out" in words
    assert not any(shown in words for shown in ("+00:00", "T0", "T1", "T2"))  # hours as a clock shows them


def test_a_purge_that_an_earlier_version_began_can_be_finished(desk: Desk) -> None:
    """What was written down before the update has no key of the sender; the rest of the deletion must not wait."""
    job = sent(desk)
    shop, at = shop_of(desk), datetime(2026, 5, 3, tzinfo=UTC)
    scope = task.scope_of(ledger(desk), shop, Asked(str(job.folder)))
    told = task.certificate(shop, ledger(desk), scope, at, [], Speaker("en"))
    del told["sender"]
    assert task.paper(told, "0" * 64, Speaker("en")).subtitle.startswith("hello")
    assert job.ticket["job"] == told["job"]


def test_a_certificate_in_japanese_says_to_whom_packages_went(desk: Desk) -> None:
    sent(desk)
    say(desk, "package", "job", "--for", "printer", "--out", "printer")
    desk.invoke("purge", "job", "--yes", "--shop", "layouts", "--lang", "ja")
    document = pypdfium2.PdfDocument(desk.root / "job" / "deletion-certificate.pdf")
    words = squeezed("".join(page.get_textpage().get_text_range() for page in document))
    document.close()
    assert "印刷会社向け、暗号化なし" in words
    assert "発送済み、12" in words


def test_the_same_certificate_at_the_same_moment(desk: Desk, tmp_path_factory) -> None:
    """But for the time nothing in it is left to chance."""
    sent(desk)
    kept, made = tmp_path_factory.mktemp("kept") / "desk", []
    shutil.copytree(desk.root, kept)
    for _ in range(2):
        shutil.rmtree(desk.root)
        shutil.copytree(kept, desk.root)
        ready = task.prepared(shop_of(desk), Asked(str(desk.root / "job")))
        done = task.purged(ready, Speaker("ja"), datetime(2026, 12, 1, tzinfo=UTC))
        made.append([(desk.root / "job" / name).read_bytes() for name in sorted(LEFT)])
        assert done.told["purged_at"]["shop"] == "2026-12-01T09:00:00+09:00"
    assert made[0] == made[1]


def test_what_people_put_there_stays_and_is_named(desk: Desk) -> None:
    job = sent(desk)
    desk.write("job/notes.txt", "mine")
    desk.write("job/print/imposed.pdf", "mine")
    (job.folder / "link").symlink_to(desk.root / "assets")
    told = purge(desk, "job")["purged"][0]["certificate"]
    assert told["folders"][0]["unknown"] == ["link", "notes.txt", "print/imposed.pdf"]
    assert files(job.folder) == LEFT | {"notes.txt", "print/imposed.pdf"}
    assert (desk.root / "assets" / "lists" / "customers.csv").is_file()


def test_codes_are_still_worth_what_they_were(desk: Desk) -> None:
    """The call centre says so, and that nobody knows whose it is; redemptions are still recorded."""
    job = sent(desk)
    code = next(row["code"] for row in job.codes if row["kind"] == "coupon")
    piece = job.manifest[0]["piece_id"]
    before = json.loads(desk.invoke("offers", "check", code, "--json", *SHOP).stdout)
    purge(desk, "job")
    after = json.loads(desk.invoke("offers", "check", code, "--json", *SHOP).stdout)
    assert after.pop("purged_on") is not None
    assert before.pop("purged_on") is None
    assert after == before
    assert "purged" in say(desk, "offers", "check", code)
    desk.write("used.csv", f"code\n{code}\n")
    assert json.loads(desk.invoke("offers", "used", "used.csv", "--json", *SHOP).stdout)["recorded"] == 1
    told = json.loads(desk.invoke("history", piece, "--json", *SHOP).stdout)
    assert told["customer_id"] is None
    assert "forgotten" in say(desk, "history", piece)


def test_no_command_takes_a_purged_job(desk: Desk) -> None:
    job = sent(desk)
    name = job.ticket["job"]
    copy = shutil.copytree(job.folder, desk.root / "copy")
    purge(desk, "job")
    line = f"job {name} was purged on "
    for command in (
        ("verify", "job"), ("sent", "job", "--on", DAY), ("cancel", "job"), ("reprint", "job", "--range", "1"),
        ("void", "job", "--range", "1", "--reason", "x"), ("offers", "export", "job", "--for", "generic"),
        ("scan", "job", "--from", "x"), ("ledger", "restore", "job"), ("purge", "job", "--yes"),
        ("verify", name), ("sent", name, "--on", DAY), ("purge", name, "--yes"), ("fulfil", "job", "--shipments", "x"),
        ("package", "job", "--for", "shop", "--out", "p"),
        ("verify", copy), ("ledger", "restore", copy),
    ):  # fmt: skip
        done = desk.invoke(*command, *SHOP)
        assert done.exit_code == 4, (command, done.output)
        assert line in done.output, (command, done.output)
        assert len(done.output.strip().splitlines()) == 1, (command, done.output)
    assert "was purged on" in desk.invoke("run", "layouts/hello", "--lang", "en").output
    assert f"{name}  sent" in say(desk, "jobs")
    assert "purged on" in say(desk, "jobs")


def test_a_ready_job_is_refused(desk: Desk) -> None:
    job = desk.run("hello")
    said = purge(desk, "job", code=4)["said"]
    assert f"dmgen sent {job.ticket['job']} --on DAY, or dmgen cancel {job.ticket['job']}" in said
    say(desk, "cancel", "job")
    purge(desk, "job")
    assert files(job.folder) == LEFT


def test_nothing_is_deleted_without_being_asked_for(desk: Desk) -> None:
    job = sent(desk)
    before = files(job.folder)
    assert "--yes" in say(desk, "purge", "job", code=2)
    said = json.loads(desk.invoke("purge", "job", "--dry-run", "--json", *SHOP).stdout)
    assert said["purged"] == []
    assert said["prepared"][0]["folders"][0]["files"] == len(before) - 1
    assert files(job.folder) == before
    assert ledger(desk).job(job.ticket["job"]).purged_on is None


def test_codes_that_hold_and_rules_that_look_back_are_pointed_out(desk: Desk) -> None:
    sent(desk, "hello", "--drop", DAY)
    desk.edit("layouts/hello/campaign.toml", "[offers.hello]", "[contact]\nminimum_days = 90\n\n[offers.hello]")
    shop = shop_of(desk)
    ready = task.prepared(shop, Asked(str(desk.root / "job")), date.fromisoformat("2026-05-12"))
    said = "\n".join(map(str, ready.remarks))
    assert "hold until" in said
    assert "looks back 90 days, and these letters were sent 10 days ago" in said
    late = task.prepared(shop, Asked(str(desk.root / "job")), date.fromisoformat("2027-05-12"))
    assert late.remarks == ()


def test_who_got_a_purged_letter_counts_as_not_written_to(desk: Desk) -> None:
    """What is forgotten cannot be minded; somebody who said no is still left out."""
    sent(desk, "hello", "--drop", DAY)
    desk.edit("layouts/hello/campaign.toml", "[offers.hello]", "[contact]\nminimum_days = 90\n\n[offers.hello]")
    say(desk, "withdraw", "00003")
    assert desk.invoke("check", "layouts/hello", "--drop", "2026-06-01", *SHOP[2:]).exit_code == 0
    purge(desk, "job")
    job = desk.run("hello", "--drop", "2026-06-01", out="next")
    assert len(job.manifest) == 11
    assert "00003" not in {row["customer_id"] for row in job.manifest}


def test_a_lost_folder_is_not_passed_over(desk: Desk) -> None:
    """Its letters may lie anywhere: somebody has to say where, or that they are gone."""
    job = sent(desk)
    name = job.ticket["job"]
    (desk.root / "job").rename(desk.root / "elsewhere")
    said = purge(desk, name, code=4)["said"]
    assert f"dmgen purge {name} --ledger-only" in said
    assert ledger(desk).job(name).purged_on is None
    purge(desk, name, "--folder", "elsewhere")
    assert files(desk.root / "elsewhere") == LEFT


def test_the_ledger_alone_where_the_folder_is_gone(desk: Desk) -> None:
    job = sent(desk)
    name = job.ticket["job"]
    shutil.rmtree(job.folder)
    told = purge(desk, name, "--ledger-only", "--out", "papers")["purged"][0]["certificate"]
    assert told["folders"] == []
    assert [one["what"] for one in told["not_found"]] == [name]
    assert files(desk.root / "papers") == LEFT - {"job.json"}
    assert ledger(desk).job(name, also_purged=True).purged_on is not None


def test_a_moved_folder_takes_its_parts_along(parcels: Desk) -> None:
    busy(parcels)
    (parcels.root / "job").rename(parcels.root / "moved")
    assert len(purge(parcels, "moved")["purged"][0]["certificate"]["jobs"]) == 2
    assert named_in(parcels.root / "moved") == []


def test_a_job_beside_one_that_stands_goes_alone(desk: Desk) -> None:
    """The numbers are those of the letters that people have; the folder of what was never sent can go before."""
    first = desk.run("hello", out="first")
    second = desk.run("hello", out="second")
    purge(desk, "first")
    assert files(first.folder) == LEFT
    assert "was purged" in say(desk, "verify", "first", code=4)
    say(desk, "verify", "second")
    say(desk, "sent", "second", "--on", "2026-05-02")
    again = purge(desk, "second")["purged"][0]["certificate"]
    assert [one["job"] for one in again["jobs"]] == [second.ticket["job"]]
    assert again["ledger"]["rows"]["pieces.replaced"] == 12


def test_with_a_sent_job_go_those_that_it_superseded(desk: Desk) -> None:
    first = desk.run("hello", out="first")
    second = desk.run("hello", out="second")
    say(desk, "sent", "second", "--on", "2026-05-02")
    told = purge(desk, "second")["purged"][0]["certificate"]
    assert {one["job"] for one in told["jobs"]} == {first.ticket["job"], second.ticket["job"]}
    assert files(first.folder) == LEFT - {"deletion-certificate.json", "deletion-certificate.pdf"}
    assert files(second.folder) == LEFT


def test_old_drops_by_their_age(desk: Desk) -> None:
    old = sent(desk, "hello", "--drop", "2026-01-10", out="old", on="2026-01-12")
    new = sent(desk, "hello", "--drop", "2026-05-10", out="new", on="2026-05-12")
    ready = desk.run("hello", "--drop", "2026-01-11", out="ready")
    shop = shop_of(desk)
    go, held = task.older_than(shop, 100, date.fromisoformat("2026-05-20"))
    assert [one.scope.job.id for one in go] == [old.ticket["job"]]
    assert held == []
    go, held = task.older_than(shop, 100, date.fromisoformat("2099-01-01"))
    assert [one.scope.job.id for one in go] == [old.ticket["job"], new.ticket["job"]]
    assert [(name, "is ready" in str(why)) for name, why in held] == [(ready.ticket["job"], True)]
    for slip in ("6m", "180", "0d"):
        assert "write a number of days, 1 or more, with a d" in say(desk, "purge", "--older-than", slip, code=2)
    done = json.loads(desk.invoke("purge", "--older-than", "36500d", "--yes", "--json", *SHOP).stdout)
    assert done == {"prepared": [], "purged": [], "held": []}


@pytest.mark.parametrize("step", range(9))
def test_cut_short_anywhere_it_goes_on(desk: Desk, monkeypatch, step: int) -> None:
    """It never looks whole, no command takes it, and the same command brings it to the same end."""
    job = sent(desk)
    was = {name: hashlib.sha256((job.folder / name).read_bytes()).hexdigest() for name in files(job.folder)}
    count = 0

    def cut(work):
        def before(*args, **kwargs):
            nonlocal count
            count += 1
            if count > step:
                raise KeyboardInterrupt
            return work(*args, **kwargs)

        return before

    with monkeypatch.context() as patched:
        for name in ("write_json", "delete", "write_paper"):
            patched.setattr(task, name, cut(getattr(task, name)))
        for name in ("purge", "wipe", "finish"):
            patched.setattr(f"dmgen.ledger.purges.Purges.{name}", cut(getattr(Purges, name)))
        done = desk.invoke("purge", "job", "--yes", *SHOP)
    if step < 8:
        assert done.exit_code == 130, done.output
        if step > 1:
            said = desk.invoke("verify", "job", *SHOP)
            assert said.exit_code == 4
            assert "purge" in said.output
    done = desk.invoke("purge", "job", "--yes", "--json", *SHOP)
    if step < 8:
        assert done.exit_code == 0, done.output
    told = json.loads((job.folder / "deletion-certificate.json").read_text("utf-8"))
    assert {one["file"]: one["sha256"] for one in told["folders"][0]["files"]} == {
        name: digest for name, digest in was.items() if name != "job.json"
    }
    assert told["folders"][0]["cleaned"] == [{"file": "job.json", "sha256": was["job.json"]}]
    assert told["ledger"]["rows"]["pieces.replaced"] == 12
    assert files(job.folder) == LEFT
    assert "was purged on" in desk.invoke("verify", "job", *SHOP).output


def test_a_certificate_is_checked_against_what_is_there(desk: Desk) -> None:
    job = sent(desk)
    copy = shutil.copytree(job.folder, desk.root / "copy")
    purge(desk, "job")
    file = job.folder / "deletion-certificate.json"
    assert "deleted files" in say(desk, "purge", "--check", file)
    shutil.copy(copy / "codes.csv", job.folder)
    assert "codes.csv" in say(desk, "purge", "--check", file, code=6)
    (job.folder / "codes.csv").unlink()
    file.write_text(file.read_text("utf-8").replace('"rows": 12', '"rows": 13'), "utf-8")
    assert "was changed" in say(desk, "purge", "--check", file, code=6)
    assert "is no deletion certificate" in say(desk, "purge", "--check", job.folder / "job.json", code=2)


def test_a_file_that_cannot_be_deleted_is_named(desk: Desk, monkeypatch) -> None:
    """Closed in the other program, the same command goes on."""
    job = sent(desk)
    unlink = Path.unlink

    def held(path: Path, missing_ok: bool = False) -> None:
        if path.name == "codes.csv":
            raise PermissionError(13, "in use", str(path))
        unlink(path, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", held)
        said = purge(desk, "job", code=5)["said"]
    assert "codes.csv cannot be deleted" in said
    job.folder.rename(desk.root / "moved")
    assert "move it back" in purge(desk, "moved", code=4)["said"], "else it would be certified, and still be there"
    (desk.root / "moved").rename(job.folder)
    assert "dmgen purge" in say(desk, "verify", "job", code=4)
    purge(desk, "job")
    assert files(job.folder) == LEFT
