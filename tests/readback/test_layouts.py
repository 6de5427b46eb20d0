"""Whatever a layout does with a page, a sound job reads back without a finding, and a damaged one does not."""

import json

import pikepdf
import pytest

from dmgen.readback.pages import PrintedPage
from tests.jobs import CUSTOMER, Desk, Job, people

LAYOUT = "layouts/hello/hello.toml"


@pytest.fixture
def desk(tmp_path):
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", people(4))
    return desk


def add(desk: Desk, text: str) -> None:
    path = desk.root / LAYOUT
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def add_words(desk: Desk, **words: str) -> None:
    desk.edit(LAYOUT, "[words]\n", "[words]\n" + "".join(f"{key} = '''{text}'''\n" for key, text in words.items()))


def with_points(desk: Desk) -> None:
    """Of four customers the last two have points, which the manifest does not tell."""
    rows = people(4).splitlines()[1:]
    lines = [f"points,{CUSTOMER}", *(f"{9 * (n > 1)},{row}" for n, row in enumerate(rows))]
    desk.write("assets/lists/customers.csv", "\n".join(lines) + "\n")
    desk.edit("layouts/shop.toml", "[about]", '[columns]\npoints = { from = "points", type = "int" }\n\n[about]')


def slots(job: Job) -> dict[str, dict]:
    pages = job.ticket["layouts"]["hello"]["pages"]
    return {slot["name"]: slot for page in pages for slot in page["slots"]}


def swap(job: Job, one: int, other: int) -> None:
    with pikepdf.open(job.printed[0], allow_overwriting_input=True) as pdf:
        first, second = pdf.pages[one], pdf.pages[other]
        first.Contents, second.Contents = second.Contents, first.Contents
        pdf.save(job.printed[0])


def verified(desk: Desk) -> set[tuple[str, str]]:
    """(slot, customer) of everything but the checksum."""
    report = json.loads(desk.invoke("verify", "job", "--json").stdout)
    owners = {row["piece_id"]: row["customer_id"] for row in Job(desk.root / "job").manifest}
    return {(f.get("slot", ""), owners[f["piece_id"]]) for f in report["read_back"]["first"] if "piece_id" in f}


def test_words_are_compared_as_far_as_the_manifest_tells(desk):
    add_words(
        desk,
        mine="第{{ '%05d' | format(sequence) }}番 {{ name | sama }}（{{ coupon }}）{{ city }}の{{ family_name }}さん",
    )
    add(desk, 'mine = { kind = "text", words = "mine", style = "body", box = [22, 60, 150, 30] }\n')
    job = desk.run("hello")
    assert [part for part in slots(job)["mine"]["phrases"][0] if "column" in part] == [
        {"column": "sequence", "format": "%05d"},
        {"column": "name", "format": "sama"},
        {"column": "coupon"},
    ]
    assert slots(job)["mine"]["phrases"][1] == [{"text": "の"}, {"column": "family_name"}, {"text": "さん"}]
    swap(job, 0, 3)
    assert {("mine", "00001"), ("mine", "00004")} < verified(desk)


def test_a_name_whose_family_name_holds_a_blank(desk):
    """The list says where the name parts; the manifest does not, and no letter may be refused for it."""
    desk.edit("layouts/shop.toml", "[about]", '[columns]\nname = ["sei", "mei"]\n\n[about]')
    head = CUSTOMER.replace("name", "sei,mei")
    desk.write("assets/lists/customers.csv", f"{head}\n1,de la,Cruz,100-0001,東京都,千代田区千代田,1-1,0\n")
    add_words(desk, dear="{{ family_name }}様、{{ given_name }}さん")
    add(desk, 'dear = { kind = "text", words = "dear", style = "body", box = [22, 60, 150, 10] }\n')
    job = desk.run("hello")
    assert slots(job)["dear"]["exact"] is True


def test_a_slot_that_need_not_be_there(desk):
    """`when` about points, which only the list has: compared where something stands."""
    with_points(desk)
    add(
        desk, 'again = { kind = "text", words = "name", style = "body", box = [22, 60, 150, 8], when = "points > 5" }\n'
    )
    job = desk.run("hello")
    swap(job, 0, 2)
    assert ("again", "00001") in verified(desk), "the third letter's name, on the first one's page"
    assert ("again", "00003") not in verified(desk), "nothing stands there, and nothing need"


def test_slots_that_share_their_place(desk):
    """One or the other is printed at the same place."""
    with_points(desk)
    add_words(desk, rich="{{ name }}様へ、{{ points }}ポイント", poor="{{ name }}様")
    box = 'style = "body", box = [22, 60, 150, 8]'
    add(desk, f'rich = {{ kind = "text", words = "rich", {box}, when = "points > 5" }}\n')
    add(desk, f'poor = {{ kind = "text", words = "poor", {box}, when = "points <= 5" }}\n')
    assert slots(desk.run("hello"))["rich"]["crowded"] is True


def test_neighbours_that_touch_the_box(desk):
    """A box that reaches into the address: what lies in both is nobody's fault."""
    add_words(desk, over="{{ customer_id }}番のお客さま")
    add(desk, 'over = { kind = "text", words = "over", style = "body", box = [60, 18, 60, 12] }\n')
    job = desk.run("hello")
    assert slots(job)["address"]["crowded"] is slots(job)["over"]["crowded"] is True
    swap(job, 1, 2)
    assert {("address", "00002"), ("over", "00003")} < verified(desk)


@pytest.mark.parametrize("when", ["points > 5", "tickets", "sequence > 2", "not tickets"])
def test_pages_that_only_some_people_get(desk, when):
    with_points(desk)
    page = f'\n[[pages]]\nwhen = "{when}"\n[pages.slots]\nagain = {{ kind = "text", words = "name", '
    add(desk, page + 'style = "body", box = [22, 60, 150, 8] }\n')
    job = desk.run("hello")
    number = {"points > 5": 6, "tickets": 8, "sequence > 2": 6, "not tickets": 4}[when]
    assert job.counts["pages"] == number
    if number == 6:
        swap(job, 3, 5)
        assert verified(desk) == {("again", "00003"), ("again", "00004")}


def test_backs_are_blank(desk):
    desk.edit(LAYOUT, 'size  = "A4"\n', 'size  = "A4"\nsides = 2\n')
    job = desk.run("hello")
    assert job.counts["pages"] == 8
    with pikepdf.open(job.printed[0], allow_overwriting_input=True) as pdf:
        pdf.pages[1].Contents = pdf.pages[2].Contents
        pdf.save(job.printed[0])
    assert verified(desk) == {("", "00001")}


@pytest.mark.parametrize("codes", ["single", "shared", "pool:codes.csv"])
def test_codes_from_every_source(desk, codes):
    """A shop's own code is printed as its file writes it, hyphens and all; a shared one is everybody's."""
    desk.write("layouts/hello/codes.csv", "\n".join(f"AO-{n:03d}" for n in range(9)) + "\n")
    desk.edit("layouts/hello/campaign.toml", 'valid   = "30 days"', f'valid   = "30 days"\ncodes = "{codes}"')
    desk.run("hello")


def test_several_tickets(desk):
    desk.edit("layouts/hello/campaign.toml", "tickets = 1", "tickets = 3")
    desk.edit(LAYOUT, "box = [22, 246, 44, 12]", "box = [22, 246, 44, 26]")
    desk.run("hello")


RARE = [
    "髙橋 﨑",
    "葛\U000e0100城 辻\U000e0100子",
    "𠮷野 𠮷",
    "か\u3099 パ",
    "株式会社 青葉",
    "O'Brien-Smith Ána",
    "=1+1 太郎",
]


def test_rare_characters_read_back_as_they_were_written(desk):
    """Variation sequences, kanji of plane 2, and what a spreadsheet would run."""
    rows = [
        f"{n},{name},100-0001,東京都,千代田区千代田,{n}丁目-1-2-3-4-5-6-7-8-9-10-11-12,0" for n, name in enumerate(RARE)
    ]
    desk.write("assets/lists/customers.csv", "\n".join((CUSTOMER, *rows)) + "\n")
    job = desk.run("hello")
    assert len(job.manifest) == len(RARE), job.rejections


def test_what_touches_a_box_from_outside_is_not_in_it(desk, monkeypatch):
    """Looked at closely, character by character; a box may end where the next slot's begins."""
    rows = [f"{n},{name},100-0001,東京都,千代田区千代田,{n}-1,0" for n, name in enumerate(RARE)]
    desk.write("assets/lists/customers.csv", "\n".join((CUSTOMER, *rows)) + "\n")
    add_words(desk, near="ÅÅÅjjj")
    add(desk, 'near = { kind = "text", words = "near", style = "body", box = [22, 118, 150, 4] }\n')
    looked = []
    within = PrintedPage.text_within
    monkeypatch.setattr(PrintedPage, "text_within", lambda *a, **k: looked.append(within(*a, **k)) or looked[-1])
    desk.edit(LAYOUT, "box = [22, 106, 150, 12] }", "box = [22, 112.8, 150, 5.2] }")
    job = desk.run("hello")
    assert "crowded" not in slots(job)["name"]
    assert len(looked) >= len(RARE), "nothing touches: the test shows nothing"
    assert any("𠮷野𠮷" in text for text in looked)


def test_an_address_outside_japan(desk):
    """Lines in another order than in the list, no 〒, no 様."""
    desk.edit("layouts/shop.toml", 'country      = "JP"', 'country = "generic"')
    head = "customer_id,name,postal_code,prefecture,city,street,building,dm_opt_out"
    rows = (
        '1,Ann Lee,IL 62704,IL,Springfield,"5 Main St, Rear",Apt 5,0',
        "2,Bob Ray,90210,CA,Beverly Hills,1 Rodeo Dr,,0",
    )
    desk.write("assets/lists/customers.csv", "\n".join((head, *rows)) + "\n")
    job = desk.run("hello")
    assert len(job.manifest) == 2
    swap(job, 0, 1)
    assert {("address", "1"), ("address", "2")} < verified(desk)


def test_a_list_with_the_address_whole_and_in_parts(desk):
    """Letters print the parts where there are any: the manifest must say what they say."""
    head = "customer_id,name,postal_code,address,prefecture,city,street,dm_opt_out"
    rows = (
        "1,客 一,100-0001,東京都 千代田区 千代田 １−１,東京都,千代田区,千代田1-1,0",
        "2,客 二,100-0001,東京都千代田区千代田2-2,,,,0",
    )
    desk.write("assets/lists/customers.csv", "\n".join((head, *rows)) + "\n")
    addresses = [row["address"] for row in desk.run("hello").manifest]
    assert addresses == ["東京都千代田区千代田1-1", "東京都千代田区千代田2-2"]


def test_black_on_paper_that_was_printed_before(desk):
    """What is fixed stands in a file of its own, which is no letter and is not foreign either."""
    desk.configure("layouts/hello/campaign.toml", print={"variables": "black only"})
    job = desk.run("hello")
    assert len(job.printed) == 2


@pytest.mark.parametrize("standard", ["PDF/X-4", "PDF/VT-1", "PDF/X-1a:2001", "PDF/X-1a:2003"])
def test_every_standard_reads_back(desk, standard):
    assert desk.run("hello", "--standard", standard).ticket["released"] is True
