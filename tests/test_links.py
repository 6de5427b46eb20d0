"""Printed links of whole jobs: what the QR codes say, and what `links build` makes of them."""

import io
import json
import re
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pypdfium2
import pytest
import zxingcpp

from dmgen.ledger import CodePlace, Fate, Ledger, Told
from dmgen.model.offer import CodeKind
from dmgen.offers.coupon import is_valid
from dmgen.symbols import qr_size
from tests.jobs import Desk, Job, rows

SHOP = """\
format = 1
id = "aobado"
sender = "青葉堂 & Co. <茶>"
stop_contact = "0120-000-000"
language = "ja"
links = "https://go.aobado.example.jp/c/"
pages = "https://aobado.example.jp/dm/"
[about]
url = "aobado.example.jp"
[columns]
paid = { from = "paid", type = "int" }
"""
CUSTOMERS = "customer_id,name,postal_code,prefecture,city,street,dm_opt_out,paid\n" + "".join(
    f"K{n:04d},客 {n},100-0001,東京都,千代田区千代田,{n}-1,0,{n * 100}\n" for n in range(1, 13)
)
CAMPAIGN = """\
format  = 1
id      = "spring"
drop    = 2026-04-10
as_of   = 2026-04-05
[lists]
customers = "people.csv"
[audience]
segments = [
  { id = "vip", label = "優良客", when = "paid >= 900", layout = "letter", offer = "thanks" },
  { id = "friends-of-this-house-and-of-tea", label = "友", when = "paid >= 500", layout = "letter", offer = "pool" },
  { id = "rest", label = "その他", layout = "letter" },
]
[offers.thanks]
label = "お茶の割引"
amount = 300
minimum = 2000
valid  = "40 days"
tiers  = [{ id = "gold", when = "paid >= 1200", label = "2割引き", percent = 20, cap = 3000, products = ["T-101"] }]
[offers.pool]
label = "送料無料"
shipping = "free"
valid = 2026-05-31
codes = "pool:pool.csv"
[lottery]
tickets = 0
[links.coupon]
utm = { content = "{segment}", term = "{offer}" }
[links.shop]
to = "https://aobado.example.jp/春?x=1"
direct = true
utm = { source = "手紙", medium = "", campaign = "", term = "{offer}" }
"""
LETTER = """\
[page]
size = "A4"
bleed = 3
[words]
hello = "{{ name }}様"
[style]
body = { font = "mincho", size = "10.5pt" }
[slots]
address = { kind = "address", box = [20, 20, 85, 32] }
hello   = { kind = "text", words = "hello", style = "body", box = [20, 80, 120, 10] }
coupon  = { kind = "qr", link = "coupon", box = [20, 100, 30, 30] }
shop    = { kind = "qr", link = "shop", box = [60, 100, 40, 40] }
"""
POOL = "code\n" + "".join(f"SPRING/{n}\n" for n in range(10, 30))
DPI, BLEED = 300, 3
FRIENDS = "friends-of-this-house-and-of-tea"
TERMS = {"vip": [("utm_term", "thanks")], FRIENDS: [("utm_term", "pool")], "rest": []}


def desk_at(root: Path) -> Desk:
    desk = Desk(root)
    for name, text in {
        "layouts/shop.toml": SHOP,
        "layouts/spring/campaign.toml": CAMPAIGN,
        "layouts/spring/letter.toml": LETTER,
        "layouts/spring/people.csv": CUSTOMERS,
        "layouts/spring/pool.csv": POOL,
    }.items():
        desk.write(name, text)
    return desk


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> tuple[Desk, Job]:
    desk = desk_at(tmp_path_factory.mktemp("links"))
    return desk, desk.run("spring")


@pytest.fixture(scope="module")
def built(printed) -> Path:
    desk, _ = printed
    done = desk.invoke("links", "build", "layouts/spring", "--out", "site", "--lang", "en")
    assert done.exit_code == 0, done.output
    return desk.root / "site"


def links_of(job: Job) -> dict[str, dict[str, dict[str, str]]]:
    """By piece its rows of codes: links by name, and the coupon."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in job.codes:
        found.setdefault(row["piece_id"], {})[row["name"] if row["kind"] == "link" else row["kind"]] = row
    return found


def shown(job: Job) -> dict[str, dict[str, zxingcpp.Barcode]]:
    """By piece its two QR codes, read by another decoder."""
    found = {}
    for row in job.manifest:
        with pypdfium2.PdfDocument(io.BytesIO((job.folder / row["file"]).read_bytes())) as document:
            page = document[int(row["first_page"]) - 1].render(scale=DPI / 72).to_pil()
        cuts = {}
        for name, box in {"coupon": (20, 100, 30, 30), "shop": (60, 100, 40, 40)}.items():
            left, top, width, height = (length * DPI / 25.4 for length in (box[0] + BLEED, box[1] + BLEED, *box[2:]))
            [code] = zxingcpp.read_barcodes(page.crop((left, top, left + width, top + height)))
            cuts[name] = code
        found[row["piece_id"]] = cuts
    return found


def test_letters_show_short_and_direct_links(printed):
    """A direct link names segment and offer and ends with the token; symbols are equally large in all segments."""
    _, job = printed
    issued, read = links_of(job), shown(job)
    for row in job.manifest:
        codes, seen = issued[row["piece_id"]], {name: code.text for name, code in read[row["piece_id"]].items()}
        assert seen["coupon"] == codes["coupon"]["url"] == "https://go.aobado.example.jp/c/" + codes["coupon"]["code"]
        assert seen["shop"] == codes["shop"]["url"]
        parts = urlsplit(seen["shop"])
        assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("https", "aobado.example.jp", "/春")
        offer = TERMS[row["segment"]]
        expected = [("x", "1"), ("utm_source", "手紙"), ("utm_content", row["segment"]), *offer]
        assert parse_qsl(parts.query) == [*expected, ("dm", codes["shop"]["code"])]
    for name in ("coupon", "shop"):
        sides = [codes[name].position.top_right.x - codes[name].position.top_left.x for codes in read.values()]
        assert max(sides) - min(sides) <= 2  # pixels; one version more would be six
    lengths = {row["segment"]: len(issued[row["piece_id"]]["shop"]["url"]) for row in job.manifest}
    assert qr_size(min(lengths.values())) < qr_size(max(lengths.values())), "else this shows nothing"


def test_a_direct_link_too_long_for_its_box_is_refused(tmp_path):
    """The check knows each segment's address, whichever is longest."""
    desk = desk_at(tmp_path)
    desk.edit("layouts/spring/letter.toml", "box = [60, 100, 40, 40]", "box = [60, 100, 14, 14]")
    refused = desk.invoke("check", "layouts/spring", "--lang", "en")
    assert refused.exit_code == 1
    assert "slot shop: modules of" in refused.stderr and "https://aobado.example.jp/" in refused.stderr
    desk.edit("layouts/spring/campaign.toml", "?x=1", f"?x={'1' * 900}&y={'2' * 1500}")
    desk.edit("layouts/spring/letter.toml", "box = [60, 100, 14, 14]", "box = [20, 135, 150, 150]")
    refused = desk.invoke("check", "layouts/spring", "--lang", "en")
    assert "[links.shop]" in refused.stderr and "too long for any QR code" in refused.stderr


def test_a_table_that_no_letter_uses_is_remarked(tmp_path):
    desk = desk_at(tmp_path)
    desk.edit("layouts/spring/campaign.toml", "[links.shop]", "[links.shpo]")
    done = desk.invoke("check", "layouts/spring", "--lang", "en")
    assert done.exit_code == 0
    assert "[links.shpo] leads nowhere" in done.stderr


def test_every_link_leads_where_it_should(printed, built):
    """By the job's own tables, read here once more: the coupon's page with its code behind #, or the shop itself."""
    _, job = printed
    table = {row["token"]: row for row in rows(built / "links.csv")}
    assert list(table) == sorted(table)
    expected = {}
    segments = {row["piece_id"]: row["segment"] for row in job.manifest}
    for piece, codes in links_of(job).items():
        own = next((row for row in job.codes if row["piece_id"] == piece and row["kind"] == "coupon"), None)
        expected[codes["shop"]["code"]] = codes["shop"]["url"]
        link = next(row for row in job.codes if row["piece_id"] == piece and row["name"] == "coupon")
        expected[link["code"]] = ""
        if own:
            utm = f"utm_source=letter&utm_medium=print&utm_campaign=spring&utm_content={segments[piece]}"
            utm += f"&utm_term={own['name'].partition('.')[0]}"
            page = f"https://aobado.example.jp/dm/spring/2026-04-10/coupon/{own['name']}/"
            expected[link["code"]] = f"{page}?{utm}#{own['code'].replace('/', '%2F')}"
    assert {token: row["target"] for token, row in table.items()} == expected
    assert {segments[row["piece_id"]] for row in job.manifest} == {"vip", FRIENDS, "rest"}


def test_nothing_that_is_built_is_about_a_person(printed, built):
    """No name, address or number of a customer, no id of a piece; pages hold no code either."""
    desk, job = printed
    private = {value for row in job.manifest for value in (row["customer_id"], row["name"], row["piece_id"])}
    codes = {row["code"] for row in job.codes}
    for path in (path for path in built.rglob("*") if path.is_file()):
        text = path.read_text("utf-8-sig")
        assert [value for value in private if value in text] == []
        if path.suffix == ".html":
            assert [code for code in codes if code in text] == []
        assert str(desk.root) not in text


def test_the_maps_hold_every_redirect_and_no_direct_link(built):
    short = {row["token"] for row in rows(built / "links.csv") if row["target"] and row["target"] != row["url"]}
    maps = built / "redirects"
    nginx = re.findall(r"^(\w{12}) ", (maps / "nginx" / "maps" / "spring-2026-04-10.map").read_text("ascii"), re.M)
    netlify = re.findall(r"^/c/(\w{12}) ", (maps / "netlify" / "_redirects").read_text("ascii"), re.M)
    bulk = re.findall(r"/c/(\w{12}),", (maps / "cloudflare" / "bulk-redirects.csv").read_text("ascii"))
    assert set(nginx) == set(netlify) == set(bulk) == short
    assert len(nginx) == len(netlify) == len(bulk) == len(short) == 8


def test_each_offer_that_was_printed_has_its_page(built):
    pages = {path.parent.name: path.read_text("utf-8") for path in built.rglob("index.html")}
    assert set(pages) == {"thanks", "thanks.gold", "pool"}
    gold = pages["thanks.gold"]
    assert "2割引き" in gold and "割引は3,000円まで" in gold and "2026年5月20日まで" in gold
    assert "T-101" in gold, "without a products list its sku"
    assert "300円引き" in pages["thanks"] and "2,000円以上" in pages["thanks"]
    assert "1回限り" not in pages["pool"], "what a shop's own code allows is the shop's to say"
    assert all("青葉堂 &amp; Co. &lt;茶&gt;" in page for page in pages.values())


def test_the_readme_says_what_goes_where(built):
    text = (built / "README.txt").read_text("utf-8-sig")
    assert "https://aobado.example.jp/dm/spring/2026-04-10/coupon/thanks.gold/" in text
    assert "1,000,000" in text and "Netlify" in text and "nginx -s reload" in text
    assert "4 件のリンクは、その手紙にクーポンがない" in text


def test_building_again_makes_the_same_bytes(printed, built):
    desk, _ = printed
    before = {path: path.read_bytes() for path in built.rglob("*") if path.is_file()}
    done = desk.invoke("links", "build", "layouts/spring", "--out", "site", "--json")
    told = json.loads(done.stdout)
    assert (told["links"], told["redirects"], len(told["pages"])) == (24, 8, 3)
    assert {path: path.read_bytes() for path in built.rglob("*") if path.is_file()} == before


def test_a_voided_coupon_leads_to_its_page_without_the_code(printed, built, tmp_path):
    desk, job = printed
    one = next(row for row in job.codes if row["kind"] == "coupon" and row["name"] == "thanks")
    assert is_valid(one["code"])
    token = next(r["code"] for r in job.codes if r["piece_id"] == one["piece_id"] and r["name"] == "coupon")
    ledger = Ledger.open("ledger.sqlite", desk.ledger.parent)
    place = CodePlace(one["piece_id"], CodeKind.COUPON, "thanks", 0)
    [known] = [p for p in ledger.codes_of_pieces("aobado", [one["piece_id"]])[one["piece_id"]] if p.kind == place.kind]
    ledger.give_fate(Fate.VOID, {known: Told(date(2026, 4, 20), "returned")})
    assert desk.invoke("links", "build", "layouts/spring", "--out", tmp_path / "site").exit_code == 0
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "site").rglob("*") if path.is_file())
    assert one["code"] not in text
    target = {row["token"]: row["target"] for row in rows(tmp_path / "site" / "links.csv")}[token]
    assert urlsplit(target).path == "/dm/spring/2026-04-10/coupon/thanks/" and "#" not in target


def build(desk: Desk, *args: str | Path) -> str:
    """`links build` that must be refused, without leaving anything."""
    done = desk.invoke("links", "build", "layouts/spring", "--out", "refused", "--lang", "en", *args)
    assert done.exit_code not in (0, 70), done.output
    assert not (desk.root / "refused").exists()
    assert "Traceback" not in done.output
    return done.stderr


def test_a_page_never_promises_what_was_not_printed(printed):
    desk, _ = printed
    file = desk.root / "layouts" / "spring" / "campaign.toml"
    before = file.read_text("utf-8")
    for old, new in (("amount = 300", "amount = 400"), ("お茶の割引", "お茶の値引"), ("40 days", "50 days")):
        file.write_text(before.replace(old, new), "utf-8")
        assert "[offers.thanks] is not what job" in build(desk)
    file.write_text(before.replace('id = "friends-of-this-house-and-of-tea"', 'id = "others"'), "utf-8")
    assert "no segment friends-of" in build(desk)
    file.write_text(before, "utf-8")


def test_a_table_that_was_changed_is_not_read(printed):
    desk, job = printed
    table = job.folder / "codes.csv"
    before = table.read_bytes()
    table.write_bytes(before.replace(b"SPRING", b"SUMMER"))
    assert "codes.csv is not as it was written" in build(desk)
    table.unlink()
    assert "codes.csv is not as it was written" in build(desk)
    table.write_bytes(before)


def test_which_job(printed, tmp_path):
    """A job of another drop must be named; one that moved is found by its folder; others are none."""
    desk, job = printed
    assert "no job nothere" in build(desk, "--job", "nothere")
    assert "no job that was sent" in build(desk, "--drop", "2026-01-01")
    moved = job.folder.rename(tmp_path / "moved")
    assert "--job FOLDER" in build(desk)
    done = desk.invoke("links", "build", "layouts/spring", "--out", tmp_path / "site", "--job", moved)
    assert done.exit_code == 0, done.output
    moved.rename(job.folder)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "mine.txt").write_text("x")
    done = desk.invoke("links", "build", "layouts/spring", "--out", foreign, "--lang", "en")
    assert done.exit_code == 5 and "not written for this campaign" in done.stderr
    assert [path.name for path in foreign.iterdir()] == ["mine.txt"]


def test_a_job_that_is_not_released_has_no_links(tmp_path):
    desk = desk_at(tmp_path)
    desk.edit("layouts/spring/campaign.toml", "[audience]", "[release]\nread_back = false\n[audience]")
    desk.run("spring")
    assert "no job that was sent or could be" in build(desk)


def test_a_second_drop_has_pages_of_its_own(tmp_path):
    """Its coupons end on another day; the first drop's letters still lead to their own page."""
    desk = desk_at(tmp_path)
    desk.run("spring")
    desk.run("spring", "--drop", "2026-05-10", out="second")
    pages = []
    for drop in ("2026-04-10", "2026-05-10"):
        done = desk.invoke("links", "build", "layouts/spring", "--out", "site", "--drop", drop, "--json")
        pages += json.loads(done.stdout)["pages"]
    assert "spring/2026-04-10/coupon/thanks/" in pages and "spring/2026-05-10/coupon/thanks/" in pages
    file = desk.root / "layouts" / "spring" / "campaign.toml"
    file.write_text(file.read_text("utf-8").replace("drop    = 2026-04-10\n", ""), "utf-8")
    assert "several drops: 2026-04-10, 2026-05-10" in build(desk)


def test_a_shop_without_pages_is_told(tmp_path):
    desk = desk_at(tmp_path)
    desk.edit("layouts/shop.toml", 'pages = "https://aobado.example.jp/dm/"\n', "")
    desk.edit("layouts/spring/campaign.toml", '[links.coupon]\nutm = { content = "{segment}", term = "{offer}" }\n', "")
    desk.run("spring")
    done = desk.invoke("links", "build", "layouts/spring", "--out", "site", "--lang", "en")
    assert done.exit_code == 0
    assert "12 links lead nowhere" in done.stderr and "pages = " in done.stderr
    assert not (tmp_path / "site" / "redirects").exists()


def test_what_was_printed_decides_how_a_link_is_found(printed, built, tmp_path):
    """The short domain, and whether a link is direct, are on paper; where a short one leads may still change."""
    desk, _ = printed
    shop, campaign = (desk.root / "layouts" / name for name in ("shop.toml", "spring/campaign.toml"))
    before = {file: file.read_text("utf-8") for file in (shop, campaign)}
    shop.write_text(before[shop].replace("go.aobado.example.jp/c/", "new.example.jp/x/"), "utf-8")
    text = before[campaign].replace("direct = true\n", "")
    campaign.write_text(text.replace("[links.coupon]\n", '[links.coupon]\nto = "https://aobado.example.jp/#neu"\n'))
    done = desk.invoke("links", "build", "layouts/spring", "--out", tmp_path / "site", "--lang", "en")
    for file, was in before.items():
        file.write_text(was, "utf-8")
    assert done.exit_code == 0, done.output
    old, new = ({row["token"]: row for row in rows(place / "links.csv")} for place in (built, tmp_path / "site"))
    assert {token: row["url"] for token, row in old.items()} == {token: row["url"] for token, row in new.items()}
    short = {token: row["target"] for token, row in new.items() if row["target"] != row["url"]}
    assert len(short) == 12
    for target in short.values():
        assert re.fullmatch(r"https://aobado\.example\.jp/\?utm_source=letter&.*#neu", target)
    assert 'location ~ "^/c/' in (tmp_path / "site" / "redirects" / "nginx" / "server.conf").read_text()
    assert (
        "go.aobado.example.jp/c/" in (tmp_path / "site" / "redirects" / "cloudflare" / "bulk-redirects.csv").read_text()
    )
