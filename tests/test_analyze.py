"""dmgen analyze: its figures are those of a plain count of the lists; its page loads nothing and names nobody."""

import base64
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from statistics import quantiles
from xml.etree import ElementTree

import pytest

from dmgen.errors import ExitCode
from tests.jobs import Desk, rows, shared

SAMPLE = "layouts/spring-thanks"
REAL = {"online_retail": date(2011, 12, 9), "cdnow_sample": date(1998, 6, 30)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


def figures(desk: Desk, *args: object) -> dict:
    result = desk.invoke("analyze", SAMPLE, "--json", "--out", "page.html", *map(str, args))
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


class Count:
    """The lists counted in plain Python: completed orders with an amount, of listed customers, up to the day."""

    def __init__(self, customers: Path, orders: Path, as_of: date) -> None:
        listed = {row["customer_id"] for row in rows(customers)}
        self.read = rows(orders)
        self.days = defaultdict(list)
        self.spent = Counter()
        self.skus = defaultdict(dict)
        for row in self.read:
            day = datetime.fromisoformat(row.get("ordered_on") or row["ordered_at"]).date()
            who, amount = row["customer_id"], int(row["amount"] or 0)
            if row["status"] == "completed" and amount > 0 and day <= as_of and who in listed:
                self.days[who].append(day)
                self.spent[who] += amount
                own = self.skus[who]
                own[row.get("sku", "")] = min(day, own.get(row.get("sku", ""), day))


def check(told: dict, counted: Count) -> None:
    days = {who: sorted(own) for who, own in counted.days.items()}
    everybody, buyers = told["everybody"], len(days)
    assert (everybody["buyers"], everybody["spent"]) == (buyers, sum(counted.spent.values()))
    assert everybody["purchases"] == told["orders"]["left"] == sum(map(len, days.values()))
    assert told["orders"]["read"] == len(counted.read) == told["orders"]["left"] + total(told["orders"]["steps"])
    times = Counter(min(len(own), 10) for own in days.values())
    assert told["repeats"] == [times[n] for n in range(1, max(times) + 1)]
    assert told["repeat_rate"] == pytest.approx(sum(len(own) > 1 for own in days.values()) / buyers)
    gaps = [(b - a).days for own in days.values() for a, b in zip(sorted(set(own)), sorted(set(own))[1:], strict=False)]
    assert told["intervals"]["count"] == len(gaps) == sum(told["intervals"]["bars"])
    assert told["intervals"]["quartiles"] == pytest.approx(quantiles(gaps, n=4, method="inclusive"))
    months = Counter(own[0].replace(day=1).isoformat() for own in days.values())
    assert {cohort["month"]: cohort["buyers"] for cohort in told["cohorts"] if cohort["buyers"]} == months
    for cohort in told["cohorts"]:
        own = [bought for bought in days.values() if bought[0].replace(day=1).isoformat() == cohort["month"]]
        if cohort["within"][0] is not None:
            again = sum(len(bought) > 1 and bought[1] <= bought[0] + timedelta(90) for bought in own)
            assert cohort["within"][0] == pytest.approx(again / len(own))


def total(steps: list[dict]) -> int:
    return sum(step["rows"] for step in steps)


@pytest.mark.parametrize("lists", REAL)
def test_real_lists_are_counted_right(desk: Desk, lists: str) -> None:
    folder = shared("data", "real", lists)
    customers, orders = folder / "customers.csv", folder / "orders.csv"
    told = figures(desk, "--customers", customers, "--orders", orders, "--as-of", REAL[lists])
    check(told, Count(customers, orders, REAL[lists]))
    assert told["customers"]["read"] == len(rows(customers))


def test_the_sample_lists_are_counted_right(desk: Desk) -> None:
    lists = desk.root / "assets" / "lists"
    counted = Count(lists / "customers.csv", lists / "orders.csv", date(2026, 4, 5))
    told = figures(desk)
    check(told, counted)
    groups = {group["id"]: group for group in told["groups"]}
    assert sum(group["people"] for group in groups.values()) == len(counted.days)
    assert sum(group["spent"] for group in groups.values()) == sum(counted.spent.values())
    assert groups["first_time"]["people"] == sum(len(own) == 1 for own in counted.days.values())
    buyers = [own for own in counted.skus.values() if "T-102" in own]
    [pair] = [pair for pair in told["pairs"] if (pair["before"], pair["after"]) == ("T-102", "H-503")]
    assert pair["support"] == sum("H-503" in own and own["H-503"] > own["T-102"] for own in buyers)
    assert pair["confidence"] == pytest.approx(pair["support"] / len(buyers))


def test_rows_in_are_rows_out(desk: Desk) -> None:
    """The picture's numbers: every row of the list is a step or left, and who is left is in a segment; as in a run."""
    told = figures(desk)
    flow = told["customers"]
    assert flow["read"] == flow["left"] + total(flow["steps"]) == 400
    assert flow["left"] == sum(segment["people"] for segment in told["segments"])
    checked = json.loads(desk.invoke("check", SAMPLE, "--json").stdout)["counts"]
    by_outcome = Counter()
    for step in flow["steps"]:
        by_outcome[step["outcome"]] += step["rows"]
    assert by_outcome == {name: n for name, n in checked["outcomes"].items() if n and name != "printed"}
    assert {segment["id"]: segment["people"] for segment in told["segments"]} == checked["segments"]


def test_with_fit_the_picture_ends_with_the_letters_that_are_printed(desk: Desk) -> None:
    """Misfits, control groups and limits are steps of it, too: the same numbers as those of a run."""
    file = desk.root / SAMPLE / "campaign.toml"
    text = file.read_text("utf-8").replace('layout = "vip",', 'layout = "vip", control = 0.5,')
    file.write_text(text + '\n[limits]\npieces = 300\npriority = "spent"\n', "utf-8")
    flow = figures(desk, "--fit")["customers"]
    checked = json.loads(desk.invoke("check", SAMPLE, "--json").stdout)["counts"]["outcomes"]
    assert flow["left"] == checked["printed"] == 300
    assert total([step for step in flow["steps"] if step["outcome"] == "control"]) == checked["control"] > 0
    assert flow["read"] == flow["left"] + total(flow["steps"])


FETCHED = ("src", "href", "srcset", "data", "action", "poster", "background")


class Page(HTMLParser):
    """Tags that are not closed, everything that a browser would fetch, and the text."""

    EMPTY = frozenset({"meta", "img", "br", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.fetched, self.text, self.tags = [], [], [], Counter()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        if tag not in self.EMPTY:
            self.open.append(tag)
        self.fetched += [
            value for name, value in attrs if name in ("src", "href", "srcset", "data", "action", "poster")
        ]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_is_whole_and_loads_nothing(desk: Desk) -> None:
    figures(desk, "--lang", "ja")
    text = (desk.root / "page.html").read_text("utf-8")
    page = Page(text)
    assert page.open == []
    assert page.tags["script"] == page.tags["link"] == page.tags["iframe"] == 0
    assert page.fetched
    assert all(address.startswith("data:image/svg+xml;base64,") for address in page.fetched)
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert not re.search(r"url\(|@import|https?:", style)
    for address in page.fetched:
        svg = ElementTree.fromstring(base64.b64decode(address.partition(",")[2]))
        for element in svg.iter():
            assert element.tag.rpartition("}")[2] not in ("script", "image", "text", "metadata"), "text is outlines"
            links = [value for name, value in element.attrib.items() if name.rpartition("}")[2] == "href"]
            assert all(link.startswith("#") for link in links)
    words = "".join(page.text)
    assert "名簿から手紙まで" in words
    assert "抹茶 千歳と茶せん" in words
    assert "http" not in words


def test_nobody_is_on_the_page(desk: Desk) -> None:
    """Numbers only: no id, name, address, e-mail or phone of the list."""
    told = json.dumps(figures(desk), ensure_ascii=False)
    words = "".join(Page((desk.root / "page.html").read_text("utf-8")).text)
    for row in rows(desk.root / "assets" / "lists" / "customers.csv"):
        for column in ("customer_id", "name", "name_kana", "email", "phone", "postal_code"):
            if len(row[column]) > 3:
                assert row[column] not in words
                assert row[column] not in told


def test_the_same_lists_give_the_same_bytes(desk: Desk) -> None:
    """In another process, too: no stamp, no random id."""
    figures(desk, "--lang", "en")
    first = (desk.root / "page.html").read_bytes()
    done = desk.command("analyze", SAMPLE, "--out", "again.html", "--lang", "en", PYTHONHASHSEED="7")
    assert done.code == 0, done.err
    assert done.out == ["again.html"]
    figures(desk, "--lang", "en")
    assert (desk.root / "again.html").read_bytes() == (desk.root / "page.html").read_bytes() == first


def test_words_from_the_lists_are_data(desk: Desk) -> None:
    """A label that looks like markup, a template or a formula stands on the page as it was written."""
    hostile = "<b>$x^2$ {{ 7*7 }} {0}</b>"
    desk.edit("layouts/spring-thanks/campaign.toml", "休眠客", hostile)
    result = desk.invoke("analyze", SAMPLE, "--out", "page.html")
    assert result.exit_code == 0, result.output
    assert hostile in result.stderr
    page = Page((desk.root / "page.html").read_text("utf-8"))
    assert page.tags["b"] == 0
    assert hostile in page.text


def test_the_terminal_says_the_same_and_the_page_goes_to_the_output(desk: Desk) -> None:
    done = desk.invoke("analyze", SAMPLE, "--lang", "ja")
    assert done.exit_code == 0, done.output
    assert "リピート率" in done.stderr
    assert "67.7%" in done.stderr
    assert done.stdout.split() == [str(Path("output", "spring-thanks", "analysis-2026-04-05.html"))]
    assert (desk.root / done.stdout.strip()).is_file()


def test_without_orders_it_says_what_is_missing(desk: Desk) -> None:
    toml = desk.root / "layouts" / "hello" / "campaign.toml"
    text = re.sub(r"^orders.*\n", "", toml.read_text("utf-8"), flags=re.M)
    text = re.sub(r'scheme *= *"\w+"', 'scheme = "none"', text)
    toml.write_text(text, "utf-8")
    done = desk.invoke("analyze", "layouts/hello", "--out", "page.html", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "there is no list of orders" in done.stderr
    words = "".join(Page((desk.root / "page.html").read_text("utf-8")).text)
    assert "From the list to the letters" in words
    assert "Revenue" not in words.replace("Share of revenue", "").partition("What these lists")[2]


def test_few_people_are_a_number_only(desk: Desk) -> None:
    """Of a segment of four buyers the page says four, and not what they spent."""
    lists = desk.root / "assets" / "lists"
    spent = Counter()
    for row in rows(lists / "orders.csv"):
        if row["status"] == "completed":
            spent[row["customer_id"]] += int(row["amount"])
    edge = sorted(spent.values())[-5]
    campaign = desk.root / "layouts" / "spring-thanks" / "campaign.toml"
    text = campaign.read_text("utf-8").replace('when = "lapsed",  ', f'when = "spent > {edge}",')
    campaign.write_text(text, "utf-8")
    few = figures(desk)["segments"][0]
    assert 0 < few["people"] <= 4
    assert few["spent"] is few["purchases"] is None


def test_without_the_library_the_tables_are_there_all_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = desk.invoke("analyze", SAMPLE, "--lang", "en")
    assert done.exit_code == 0
    assert "Repeat rate" in done.stderr
    assert "pip install 'dmgen[analyze]'" in done.stderr
    assert done.stdout == ""
    asked = desk.invoke("analyze", SAMPLE, "--lang", "en", "--out", "page.html")
    assert asked.exit_code == ExitCode.USAGE
    assert "pip install 'dmgen[analyze]'" in asked.stderr


def test_nothing_is_issued_and_the_library_is_loaded_by_this_command_alone(desk: Desk) -> None:
    figures(desk)
    assert not desk.ledger.exists()
    loaded = "import sys, dmgen.cli, dmgen.pipeline, dmgen.report; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0


def test_media_and_deliveries_of_the_orders_list_have_their_tables(desk: Desk) -> None:
    """Six came through A and five through B; two who came through C are among the others. One in A stopped."""
    people = "ABCDEFGHIJKLM"
    given = "一二三四五六七八九十百千万"
    address = "100-0001,東京都千代田区千代田1-1,0"
    listed = (f"{who},山田 {name}郎,{address}" for who, name in zip(people, given, strict=True))
    desk.write("c.csv", "\n".join(("customer_id,name,postal_code,address,dm_opt_out", *listed)))
    lines = [(who, "2026-03-01", "A" if n < 6 else "B" if n < 11 else "C", 1) for n, who in enumerate(people)]
    lines += [(who, "2026-03-31", "Z", 2) for who in people[1:]]
    orders = (f"{n},{who},{day},1000,completed,{code},{times}" for n, (who, day, code, times) in enumerate(lines))
    desk.write("o.csv", "\n".join(("order_id,customer_id,ordered_on,amount,status,media,subscription", *orders)))
    told = figures(desk, "--customers", desk.root / "c.csv", "--orders", desk.root / "o.csv", "--as-of", "2026-05-01")
    media = [(part["id"], part["people"], part["spent"]) for part in told["media"]]
    assert media == [("A", 6, 11000), ("B", 5, 10000), ("", 2, None)]
    assert told["churn"] == {
        "days": 45,
        "turns": [
            {"number": 1, "went_on": 12, "stopped": 1, "waiting": 0},
            {"number": 2, "went_on": 0, "stopped": 0, "waiting": 12},
        ],
    }
    page = (desk.root / "page.html").read_text("utf-8")
    assert 'id="media"' in page
    assert 'id="churn"' in page


@pytest.mark.parametrize("name", ["no/such/folder", "page.html/page.html"])
def test_what_cannot_be_done_is_said_without_a_traceback(desk: Desk, name: str) -> None:
    if "page" in name:
        desk.write("page.html", "")
        done = desk.invoke("analyze", SAMPLE, "--out", name)
        assert done.exit_code == ExitCode.OUTPUT
    else:
        done = desk.invoke("analyze", name)
        assert done.exit_code == ExitCode.CAMPAIGN
    assert "Traceback" not in done.output
