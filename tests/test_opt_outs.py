"""Nobody who said no gets a letter, in whatever way it was said: through a whole run, down to the printed pages."""

from random import Random

import pytest

from tests.jobs import Desk, Job, rows, squeezed

HEADER = "customer_id,name,postal_code,prefecture,city,town,street,email,phone,dm_opt_out,note,tags,registered_on"
NO = ("1", "true", "はい", "拒否", "ＤＭ不可", "停止", "不要", "希望しない", "×")
UNCLEAR = ("", "?", "○", "済", "たぶん", "希望する")
NOTES = ("DM不要とのこと", "ＤＭ 拒否", "郵送不要（電話あり）", "2025/3 ご逝去", "カタログ送付停止")
HARMLESS = ("", "熨斗希望", "DM希望", "お電話は夕方に")
KINDS = (
    "no",
    "unclear",
    "note",
    "by id",
    "by e-mail",
    "by phone",
    "by address",
    "returned",
    "twin of no",
    "twin",
    "yes",
)
CAMPAIGN = """
format = 1
id = "everybody"
as_of = 2026-04-05

[lists]
customers = "customers.csv"
suppress = ["stop.csv", "emails.csv", "phones.csv", "addresses.csv"]
returned = "returned.csv"
seeds = "seeds.csv"

[audience]
segments = [
  { id = "tokyo", when = 'prefecture == "東京都"', layout = "hello", control = 0.2 },
  { id = "rest", layout = "hello", variants = [{ id = "a" }, { id = "b" }] },
]

[limits]
pieces = 150
"""
TOWNS = (
    ("100-0001", "東京都", "千代田区", "千代田"),
    ("060-0042", "北海道", "札幌市中央区", "大通西"),
    ("530-0001", "大阪府", "大阪市北区", "梅田"),
)


class Shop:
    """A list of people of every kind, made by lot, and who of them must get nothing; it knows nothing of dmgen."""

    def __init__(self, random: Random) -> None:
        self.lists: dict[str, list[str]] = {name: [] for name in ("stop", "emails", "phones", "addresses", "returned")}
        self.rows: list[dict[str, str]] = []
        self.refused: set[str] = set()
        for number in range(300):
            self._add(number, random.choice(KINDS), random)
        random.shuffle(self.rows)

    def _add(self, number: int, kind: str, random: Random) -> None:
        postal, prefecture, city, town = random.choice(TOWNS)
        row = {
            "customer_id": f"C{number:04}", "name": f"客野 第{number}", "postal_code": postal, "prefecture": prefecture,
            "city": city, "town": town, "street": f"{number + 1}-2-3", "email": f"c{number}@example.com",
            "phone": f"090-1{number:03}-2{number:03}", "dm_opt_out": "0", "note": random.choice(HARMLESS), "tags": "",
            "registered_on": f"2025-01-{random.randint(1, 28):02}",
        }  # fmt: skip
        twin = row | {"customer_id": f"T{number:04}", "name": row["name"].replace(" ", "　"), "phone": ""}
        twin |= {"email": row["email"].upper()} if random.random() < 0.5 else {"email": "", "city": f" {row['city']}"}
        match kind:
            case "no":
                row["dm_opt_out"] = random.choice(NO)
            case "unclear":
                row["dm_opt_out"] = random.choice(UNCLEAR)
            case "note":
                row[random.choice(("note", "tags"))] = random.choice(NOTES)
            case "by id":
                self.lists["stop"].append(row["customer_id"])
            case "by e-mail":
                self.lists["emails"].append(f" {row['email'].upper()} ")
            case "by phone":
                self.lists["phones"].append("+81" + row["phone"].replace("-", "")[1:])
            case "by address":
                self.lists["addresses"].append(f"{row['name']},{postal},{prefecture}{city}{town}{row['street']}")
            case "returned":
                self.lists["returned"].append(row["customer_id"])
            case "twin of no":
                self._list(twin | {"dm_opt_out": random.choice((*NO, *UNCLEAR))}, refused=True)
            case "twin":
                self._list(twin, refused=False)
        self._list(row, refused=kind not in ("yes", "twin"))

    def _list(self, row: dict[str, str], *, refused: bool) -> None:
        self.rows.append(row)
        if refused:
            self.refused.add(row["customer_id"])

    def write(self, desk: Desk) -> None:
        folder = "layouts/everybody"
        cells = ["\n".join((HEADER, *(",".join(row[name] for name in HEADER.split(",")) for row in self.rows)))]
        desk.write(f"{folder}/customers.csv", cells[0] + "\n")
        headers = {"stop": "customer_id", "returned": "customer_id", "addresses": "name,postal_code,address"}
        for name, entries in self.lists.items():
            desk.write(f"{folder}/{name}.csv", "\n".join([*filter(None, [headers.get(name)]), *entries]) + "\n")
        desk.write(f"{folder}/seeds.csv", "name,postal_code,address\n見本 一,100-0001,東京都千代田区千代田9-9-9\n")
        desk.write(f"{folder}/campaign.toml", CAMPAIGN)
        desk.write(f"{folder}/hello.toml", (desk.root / "layouts/hello/hello.toml").read_text("utf-8"))


@pytest.mark.parametrize("seed", range(3))
def test_nobody_who_said_no_is_on_any_page(tmp_path, seed: int) -> None:
    """Neither in the manifest, nor by name in the pages; and whoever may have a letter is accounted for."""
    desk, shop = Desk.at(tmp_path), Shop(Random(seed))
    shop.write(desk)
    job = desk.run("everybody")
    letters = [row for row in job.manifest if row["seed"] == "0"]
    printed = {row["customer_id"] for row in letters}
    assert not printed & shop.refused
    text = squeezed("".join(page for _, page in job.texts()))
    names = {squeezed(row["name"]) for row in shop.rows if row["customer_id"] in shop.refused}
    assert [name for name in names if f"{name}様" in text] == []
    _everybody_is_accounted_for(shop, job, printed)


def _everybody_is_accounted_for(shop: Shop, job: Job, printed: set[str]) -> None:
    told = {row["customer_id"]: row for row in job.rejections if row["source"] == "customers"}
    assert printed | set(told) == {row["customer_id"] for row in shop.rows}
    assert not printed & set(told)
    assert sum(job.counts["outcomes"].values()) == len(shop.rows) == job.counts["customers"]
    refused = {told[customer]["outcome"] for customer in shop.refused}
    assert refused == {"suppressed", "review"}
    free = [told[row["customer_id"]] for row in shop.rows if row["customer_id"] in told.keys() - shop.refused]
    assert {row["outcome"] for row in free} <= {"duplicate", "control", "over_limit"}
    assert {row["customer_id"] for row in rows(job.folder / "control.csv")} <= set(told)
    assert len([row for row in job.manifest if row["seed"] == "1"]) == 3
