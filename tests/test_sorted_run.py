"""A mailing in the order of the post, from its lists to the ledger that is written back: no command may mind it."""

import json
import shutil
from itertools import groupby, pairwise
from pathlib import Path

import pikepdf
import pytest

from dmgen.audience import postal_districts
from tests.jobs import CUSTOMER, Desk, Job, rows, squeezed
from tests.postal_districts import district

SHOP = "layouts/shop.toml"
SPRING = "layouts/spring-thanks/campaign.toml"
MOST = 100
SHOP_FILE = 'format = 1\nid = "aobado"\nsender = "青葉堂"\n'
KEN = {
    "540-0012": "大阪府,大阪市中央区谷町",
    "100-0001": "東京都,千代田区千代田",
    "100-0004": "東京都,千代田区大手町",
    "064-0804": "北海道,札幌市中央区南四条西",
    "900-0001": "沖縄県,那覇市港町",
}
PUBLIC = "日経平均株価 51234.56"
SEEDS = [f"S{n},見張 {n},{code},東京都,千代田区千代田,9-{n},0" for n, code in enumerate(["064-0804", "540-0012"])]


def posted(root: Path) -> Desk:
    """The spring letters of six segments, each with a layout, in the post's order: coupons, tickets, links, decoys."""
    desk = Desk.at(root)
    desk.configure(
        SPRING,
        lists={"seeds": "seeds.csv"},
        mail={"post_office": "銀座", "envelope": "naga3", "discounts": ["sorted"]},
        links={"coupon": {"to": "https://aobado.example.jp/spring"}},
        print={"batch": MOST, "standard": "PDF/VT-1"},
    )
    link = 'link = { kind = "qr", link = "coupon", box = [190, 273, 17, 17] }'
    desk.edit("layouts/spring-thanks/base.toml", "[slots]\n", f"[slots]\n{link}\n")
    desk.write("layouts/spring-thanks/seeds.csv", "\n".join([CUSTOMER, *SEEDS]) + "\n")
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return posted(tmp_path_factory.mktemp("sorted"))


@pytest.fixture(scope="module")
def job(desk: Desk) -> Job:
    return desk.run("spring-thanks", "--workers", "1")


def told(desk: Desk, *args: str | Path, code: int = 0) -> dict:
    """What a command says with --json."""
    result = desk.invoke(*args, "--json", "--lang", "en")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def numbers(job: Job) -> list[tuple[str, str]]:
    return [(district(row["postal_code"]), row["postal_code"]) for row in job.manifest]


def test_sequence_manifest_and_files_follow_the_post(job: Job) -> None:
    assert job.ticket["released"]
    assert numbers(job) == sorted(numbers(job))
    assert [int(row["sequence"]) for row in job.manifest] == list(range(1, len(job.manifest) + 1))
    files = [[(row["postal_code"]) for row in own] for _, own in groupby(job.manifest, key=lambda row: row["file"])]
    assert len(files) == len(job.printed) > 3
    assert all(len(own) <= MOST for own in files)
    for before, after in pairwise(files):
        assert district(before[-1]) != district(after[0])
    assert [path.name for path in job.printed] == [
        f"spring-thanks-2026-04-05-post-{part:03d}.pdf" for part in range(1, len(files) + 1)
    ]
    seeds = [row["postal_code"] for row in job.manifest if row["seed"] == "1"]
    assert set(seeds) == {"064-0804", "540-0012"} and len(seeds) == 2 * len(job.counts["segments"])


def test_job_json_says_what_lies_in_each_file(job: Job) -> None:
    for entry in job.ticket["print"]:
        own = [row for row in job.manifest if row["file"] == entry["file"]]
        assert entry["post"] == "post" and "segment" not in entry
        assert set(entry["segments"]) == {row["segment"] for row in own}
        assert entry["pieces"] == len(own)
    mail = job.ticket["settings"]["mail"]
    assert (mail["sort"], mail["postal_data"]) == ("district", postal_districts(()).month)


def test_every_page_is_its_own_person_s(job: Job) -> None:
    """Read by another library: name and address of the row stand on the pages that it names."""
    for row, text in job.texts():
        seen = squeezed(text)
        assert squeezed(row["name"]) in seen and squeezed(row["address"]) in seen


def test_bundles_lie_where_they_are_said_to(job: Job) -> None:
    made = rows(job.folder / "post" / "bundles.csv")
    assert sum(int(one["letters"]) for one in made) == len(job.manifest)
    following = 1
    for one in made:
        first, last = int(one["first_sequence"]), int(one["last_sequence"])
        own = job.manifest[first - 1 : last]
        assert first == following and len(own) == int(one["letters"])
        assert {district(row["postal_code"]) for row in own} == {one["district"]}
        assert {row["file"] for row in own} == {one["file"]}
        assert (own[0]["first_page"], own[-1]["last_page"]) == (one["first_page"], one["last_page"])
        following = last + 1
    assert len({one["district"] for one in made}) == len(made)


def test_document_parts_name_the_lot_and_each_piece_s_segment(job: Job) -> None:
    with pikepdf.open(job.printed[1]) as file:
        (group,) = file.Root.DPartRoot.DPartRootNode.DParts[0]
        assert str(group.DPM.Post) == "post"
        leaves = [leaf for part in group.DParts for leaf in part]
        own = [row for row in job.manifest if row["file"].endswith(job.printed[1].name)]
        assert [str(leaf.DPM.Segment) for leaf in leaves] == [row["segment"] for row in own]
        assert [int(leaf.DPM.Sequence) for leaf in leaves] == [int(row["sequence"]) for row in own]


def test_it_is_verified_again_and_fit_for_the_press(desk: Desk, job: Job) -> None:
    assert told(desk, "verify", "job", "--shop", SHOP)["released"]
    assert desk.invoke("preflight", "job").exit_code == 0


def test_two_workers_write_the_same_bytes(desk: Desk, job: Job) -> None:
    assert desk.run("spring-thanks", "--workers", "2", out="two").digests() == job.digests()


def test_the_first_so_many_are_the_first_of_the_post(desk: Desk, job: Job) -> None:
    few = desk.run("spring-thanks", "--limit", "30", out="few")
    assert [row["piece_id"] for row in few.manifest] == [row["piece_id"] for row in job.manifest[:30]]
    assert sum(few.counts["outcomes"].values()) == few.counts["customers"]


def test_the_same_people_get_the_same_letters_as_without_the_order(desk: Desk, job: Job) -> None:
    text = (desk.root / SPRING).read_text("utf-8")
    desk.write(SPRING, text.replace('discounts = ["sorted"]', 'sort = "none"'))
    listed = desk.run("spring-thanks", out="listed")
    desk.write(SPRING, text)
    assert listed.issued() == job.issued()
    assert not (listed.folder / "post" / "bundles.csv").exists()
    own = [{row["piece_id"]: row["segment"] for row in one.manifest} for one in (job, listed)]
    assert own[0] == own[1]


def test_what_comes_after_the_run(tmp_path: Path) -> None:
    """Sheets again, a customer's no, a void piece, the cart's codes, the post, the draw: as of any job of letters."""
    desk = posted(tmp_path)
    job = desk.run("spring-thanks")
    with_coupon = [row for row in job.manifest if row["coupon_code"] and row["seed"] == "0"]
    wanted = [job.manifest[20], job.manifest[-5]]
    made = told(desk, "reprint", "job", *(row["piece_id"] for row in wanted), "--shop", SHOP)
    again = Job(desk.root / made["folder"])
    assert [row["piece_id"] for row in again.manifest] == [row["piece_id"] for row in wanted]
    for row, text in again.texts():
        assert squeezed(row["name"]) in squeezed(text)

    row = with_coupon[60]
    found = json.dumps(told(desk, "history", row["piece_id"], "--shop", "layouts"))
    assert row["coupon_code"] in found and job.ticket["job"] in found

    (pull,) = told(desk, "withdraw", row["customer_id"], "--reason", "asked by telephone")["pulls"]
    assert (pull["file"], pull["page"], pull["sequence"]) == (row["file"], row["first_page"], row["sequence"])

    row = with_coupon[90]
    told(desk, "void", "job", row["piece_id"], "--reason", "torn", "--shop", SHOP)
    assert told(desk, "offers", "check", row["coupon_code"], "--shop", "layouts")["state"] == "void"

    cart = told(desk, "offers", "export", "job", "--for", "generic", "--shop", SHOP)
    assert cart["codes"] == sum(row["kind"] == "coupon" for row in job.codes)
    links = told(desk, "links", "build", "layouts/spring-thanks", "--out", "site")
    assert links["links"] == sum(row["kind"] == "link" for row in job.codes)

    assert desk.invoke("sent", "job", "--on", "2026-04-06", "--shop", SHOP).exit_code == 0
    drawn = desk.invoke("draw", "layouts/spring-thanks", "--public", PUBLIC, "--out", "draw.json")
    assert drawn.exit_code == 0, drawn.output
    assert desk.invoke("draw", "--verify", "draw.json").exit_code == 0


def test_a_lost_ledger_is_written_back(desk: Desk, job: Job, tmp_path: Path) -> None:
    lost = Desk(tmp_path / "desk")
    shutil.copytree(desk.root, lost.root)
    lost.ledger.unlink()
    assert lost.invoke("ledger", "restore", "job").exit_code == 0
    assert lost.run("spring-thanks", out="again").issued() == job.issued()


CARDS = """\
format = 1
id     = "cards"
as_of  = 2026-04-05
[lists]
customers = "customers.csv"
[audience]
scheme   = "none"
segments = [
  { id = "a", label = "甲", when = 'kind == "a"', layout = "letter" },
  { id = "c", label = "葉書", when = 'kind == "c"', layout = "card" },
  { id = "b", label = "乙", layout = "longer" },
]
[print]
batch = 4
[mail]
envelope  = "kaku2"
sort      = "listed"
districts = "post.csv"
"""
LETTER = """\
format = 1
[page]
size = "{size}"
[words]
hello = "{words}{{{{ name }}}}様"
[slots]
address = {{ kind = "address", box = [10, 20, 70, 32] }}
hello   = {{ kind = "text", words = "hello", box = [10, 80, 60, 10] }}
"""


def test_two_page_sizes_are_two_lots_and_what_is_not_listed_comes_last(tmp_path: Path) -> None:
    """Cards and letters cannot lie in one file; each is sorted, and the sequence goes on from one to the other."""
    codes = ["540-0012", "100-0001", "064-0804", "100-0004", "900-0001"]
    people = [f"{n:05d},客 {n},{codes[n % 5]},{KEN[codes[n % 5]]},{n}-1,0,{'abc'[n % 3]}" for n in range(1, 31)]
    desk = Desk(tmp_path)
    desk.write("layouts/shop.toml", SHOP_FILE)
    desk.write("layouts/cards/campaign.toml", CARDS)
    desk.write("layouts/cards/post.csv", "郵便区番号\n１００\n540\n")
    desk.write("layouts/cards/customers.csv", "\n".join([f"{CUSTOMER},kind", *people]) + "\n")
    for name, size, words in (("letter", "A4", "甲："), ("longer", "A4", "乙："), ("card", "hagaki", "葉書：")):
        desk.write(f"layouts/cards/{name}.toml", LETTER.format(size=size, words=words))
    job = desk.run("cards")
    by_lot = {
        lot: [row for row in job.manifest if row["file"].startswith(f"print/cards-2026-04-05-{lot}-0")]
        for lot in ("post-210x297", "post-100x148")
    }
    assert [row["piece_id"] for own in by_lot.values() for row in own] == [row["piece_id"] for row in job.manifest]
    assert [{row["segment"] for row in own} for own in by_lot.values()] == [{"a", "b"}, {"c"}]
    for own in by_lot.values():
        listed = [next((one for one in ("100", "540") if row["postal_code"].startswith(one)), "others") for row in own]
        assert listed == sorted(listed)
        for _, same in groupby(zip(listed, own, strict=True), key=lambda one: one[0]):
            inside = [(row["postal_code"], row["segment"], row["customer_id"]) for _, row in same]
            assert inside == sorted(inside)
    made = rows(job.folder / "post" / "bundles.csv")
    assert {one["district"] for one in made} == {"100", "540", "others"}
    assert sum(int(one["letters"]) for one in made) == 30
    assert [entry["file"] for entry in job.ticket["inputs"] if entry["file"] == "post.csv"]
    assert job.ticket["settings"]["mail"]["districts"] == "post.csv"
