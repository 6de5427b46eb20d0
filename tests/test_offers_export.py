"""`dmgen offers export`: a cart gets exactly the codes of released letters, each once, with what they promise.

What was written is read with other means than those that wrote it: json, csv and a small reader of GraphQL.
"""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from dmgen.offers.coupon import in_fours
from tests.jobs import Desk, Job

SHOP = "layouts/shop.toml"
FORMATS = ("shopify-api", "matrixify", "woocommerce", "generic")
WHY = ("--why", "returned by the post")
OFFER = '[offers.hello]\nlabel   = "300円引き"\namount  = 300\nminimum = 2000\nvalid   = "30 days"\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


def printed(desk: Desk, offer: str = "", letters: int = 7, out: str = "job", drop: str = "2027-04-10") -> Job:
    """A job that was printed and released, with an offer of its own."""
    if offer:
        law = "[law]\ncheapest_purchase = 5000\n"  # what a gift is measured by
        desk.edit("layouts/hello/campaign.toml", OFFER, f"[offers.hello]\n{offer}\n{law}")
    return desk.run("hello", "--limit", str(letters), "--drop", drop, out=out)


def export(desk: Desk, form: str, job: str = "job", *more: str, code: int = 0) -> dict:
    result = desk.invoke("offers", "export", job, "--for", form, *more, "--shop", SHOP, "--json", "--lang", "en")
    assert result.exit_code == code, result.output
    if code:
        return {"error": result.stderr}
    told = json.loads(result.stdout)
    return told | {"folder": str(desk.root / told["folder"])}


def void(desk: Desk, *codes: str) -> None:
    assert desk.invoke("offers", "void", *codes, *WHY, "--shop", SHOP).exit_code == 0


def coupons(job: Job) -> list[str]:
    """The codes as the letters show them."""
    return [in_fours(row["code"]) for row in job.codes if row["kind"] == "coupon"]


def read_table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def bodies(folder: Path, pattern: str) -> list[dict]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob(pattern))]


def taken_in(folder: Path, form: str) -> list[str]:
    """All codes that the files of an export bring in, in their order."""
    match form:
        case "shopify-api":
            first = [body["variables"]["input"]["code"] for body in bodies(folder, "*/create.json")]
            added = [one["code"] for body in bodies(folder, "*/add-*.json") for one in body["variables"]["codes"]]
            return first + added
        case "matrixify":
            return [row["Code"] for row in read_table(folder / "Discounts.csv")]
        case "woocommerce":
            return [one["code"] for body in bodies(folder, "coupons-*.json") for one in body["create"]]
        case _:
            return [row["code"] for row in read_table(folder / "coupons.csv")]


def taken_out(folder: Path, form: str) -> list[str]:
    match form:
        case "shopify-api":
            ids = [one for body in bodies(folder, "withdraw/*/delete-*.json") for one in body["variables"]["ids"]]
            return [one.removeprefix("CODE:") for one in ids]
        case "matrixify":
            path = folder / "Discounts-withdraw.csv"
            return [row["Code"] for row in read_table(path)] if path.exists() else []
        case "woocommerce":
            path = folder / "withdraw.txt"
            return path.read_text("utf-8").split() if path.exists() else []
        case _:
            path = folder / "withdraw.csv"
            return [row["code"] for row in read_table(path)] if path.exists() else []


@pytest.mark.parametrize("form", FORMATS)
def test_every_released_code_is_there_once_and_nothing_of_its_person(desk: Desk, form: str) -> None:
    job = printed(desk)
    told = export(desk, form)
    folder = Path(told["folder"])
    assert folder.resolve() == desk.root / f"job-{form}"
    assert sorted(taken_in(folder, form)) == sorted(coupons(job))
    assert taken_out(folder, form) == []
    assert told["codes"] == sum(told["taken"].values()) == 7
    text = "".join(path.read_text("utf-8") for path in folder.rglob("*") if path.is_file())
    for row in job.manifest:
        assert row["name"] not in text
        assert row["piece_id"] not in text
        assert not re.search(rf"\b{row['customer_id']}\b", text)
    assert "README.txt" in {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("form", FORMATS)
def test_void_codes_go_out_and_used_ones_stay_away(desk: Desk, form: str) -> None:
    job = printed(desk)
    codes = coupons(job)
    void(desk, *codes[:2])
    desk.invoke("offers", "used", desk.write("used.txt", codes[2]), "--shop", SHOP)
    told = export(desk, form)
    folder = Path(told["folder"])
    assert sorted(taken_in(folder, form)) == sorted(codes[3:])
    assert sorted(taken_out(folder, form)) == sorted(codes[:2])
    assert (told["codes"], told["void"], told["used"], told["kept"]) == (7, 2, 1, 0)
    assert told["codes"] == sum(told["taken"].values()) + told["void"] + told["used"]


@pytest.mark.parametrize("form", FORMATS)
def test_of_a_cancelled_job_only_what_nobody_prints_goes_out(desk: Desk, form: str) -> None:
    first = printed(desk, letters=6, out="first")
    assert desk.invoke("cancel", "first", "--shop", SHOP).exit_code == 0
    again = printed(desk, letters=4, out="again")
    assert set(coupons(again)) < set(coupons(first)), "the drop prints the same codes"
    told = export(desk, form, "first")
    folder = Path(told["folder"])
    assert sorted(taken_out(folder, form)) == sorted(set(coupons(first)) - set(coupons(again)))
    assert sum(told["taken"].values()) == 0
    assert (told["codes"], told["kept"], sum(told["withdrawn"].values())) == (6, 4, 2)
    assert not list(folder.rglob("create.json"))


def test_a_superseded_job_is_treated_alike_and_another_folder_lost_is_said(desk: Desk) -> None:
    first = printed(desk, letters=3, out="first")
    printed(desk, letters=3, out="again")
    told = export(desk, "generic", "first")
    assert (told["codes"], told["kept"], told["withdrawn"]) == (3, 3, {})
    (desk.root / "again").rename(desk.root / "moved")
    assert "again" in export(desk, "generic", "first", "--out", "other", code=4)["error"]
    assert not (desk.root / "other").exists()
    assert first.codes


def test_a_job_that_is_not_released_is_refused(desk: Desk) -> None:
    printed(desk, letters=1)
    ticket = desk.root / "job/job.json"
    ticket.write_text(ticket.read_text("utf-8").replace('"released": true', '"released": false'), "utf-8")
    assert "is not released" in export(desk, "generic", code=4)["error"]
    assert not (desk.root / "job-generic").exists()


def test_a_changed_list_of_codes_is_refused(desk: Desk) -> None:
    job = printed(desk, letters=2)
    path = job.folder / "codes.csv"
    path.write_bytes(path.read_bytes().replace(b",300,", b",900,", 1))
    assert "codes.csv is not as it was written" in export(desk, "generic", code=4)["error"]
    path.unlink()
    assert "codes.csv is not as it was written" in export(desk, "generic", code=4)["error"]


def test_wrong_names_are_answered_with_right_ones(desk: Desk) -> None:
    printed(desk, letters=1)
    assert "shopify-api, matrixify, woocommerce, generic" in export(desk, "shopify", code=2)["error"]
    assert "no job nojob" in export(desk, "generic", "nojob", code=4)["error"]


def test_a_foreign_folder_is_left_alone_and_an_earlier_export_replaced(desk: Desk) -> None:
    job = printed(desk, letters=3)
    desk.write("mine/notes.txt", "keep")
    assert "give --out another folder" in export(desk, "generic", "job", "--out", "mine", code=5)["error"]
    assert (desk.root / "mine/notes.txt").read_text() == "keep"
    folder = Path(export(desk, "shopify-api", "job", "--out", "out")["folder"])
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.json")}
    folder = Path(export(desk, "shopify-api", "job", "--out", "out")["folder"])
    assert {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.json")} == before, "same bytes"
    assert "give --out another folder" in export(desk, "generic", "job", "--out", "out", code=5)["error"]
    void(desk, coupons(job)[0])
    export(desk, "shopify-api", "job", "--out", "out")
    assert len(taken_in(folder, "shopify-api")) == 2, "nothing of the earlier export is left"
    assert not list(desk.root.glob(".*.partial"))


def test_batches_are_no_larger_than_the_carts_take(desk: Desk) -> None:
    job = printed(desk, letters=400)
    shopify = Path(export(desk, "shopify-api")["folder"])
    sizes = [len(body["variables"]["codes"]) for body in bodies(shopify, "*/add-*.json")]
    assert sizes == [250, len(coupons(job)) - 251]
    woo = Path(export(desk, "woocommerce")["folder"])
    assert max(len(body["create"]) for body in bodies(woo, "coupons-*.json")) == 100
    assert sorted(taken_in(woo, "woocommerce")) == sorted(coupons(job)) == sorted(taken_in(shopify, "shopify-api"))


# What the Admin API's input objects take (shopify.dev, 2026-10); anything else is refused by it.
_SHOPIFY = {
    "DiscountCodeBasicInput": {
        *("appliesOncePerCustomer", "code", "combinesWith", "context", "customerGets", "endsAt", "minimumRequirement"),
        *("recurringCycleLimit", "startsAt", "tags", "title", "usageLimit"),
    },
    "DiscountCodeFreeShippingInput": {
        *("appliesOnOneTimePurchase", "appliesOnSubscription", "appliesOncePerCustomer", "code", "combinesWith"),
        *("context", "destination", "endsAt", "maximumShippingPrice", "minimumRequirement", "recurringCycleLimit"),
        *("startsAt", "tags", "title", "usageLimit"),
    },
}


def graphql(body: dict) -> str:
    """The operation's field, after its text was found well-formed and its variables the ones that are given."""
    text = body["query"]
    for opening, closing in ("{}", "()", "[]"):
        depth = 0
        for c in text:
            depth += (c == opening) - (c == closing)
            assert depth >= 0
        assert depth == 0
    head, rest = text.split("{", 1)
    assert re.match(r"(mutation|query) \w+\(", head)
    declared = dict(re.findall(r"\$(\w+): (\[?\w+!?\]?!?)", head))
    assert set(declared) == set(body["variables"]) == set(re.findall(r"\$(\w+)", rest))
    for name, kind in declared.items():
        if kind.rstrip("!") in _SHOPIFY:
            assert set(body["variables"][name]) <= _SHOPIFY[kind.rstrip("!")]
            assert {"title", "code", "startsAt", "context"} <= set(body["variables"][name])
    return re.match(r"\s*(\w+)", rest)[1]


def test_shopify_gets_requests_in_the_form_that_it_documents(desk: Desk) -> None:
    job = printed(desk)
    void(desk, coupons(job)[0])
    folder = Path(export(desk, "shopify-api")["folder"])
    [create] = bodies(folder, "*/create.json")
    assert graphql(create) == "discountCodeBasicCreate"
    wanted = create["variables"]["input"]
    assert wanted.pop("title") == "300円引き (hello 2027-04-10 hello 2027-05-10)"
    assert wanted.pop("code") in coupons(job)
    assert wanted == {
        "startsAt": "2027-04-10T00:00:00+09:00",
        "endsAt": "2027-05-10T23:59:59+09:00",
        "context": {"all": "ALL"},
        "usageLimit": 1,
        "minimumRequirement": {"subtotal": {"greaterThanOrEqualToSubtotal": "2000"}},
        "customerGets": {
            "items": {"all": True},
            "value": {"discountAmount": {"amount": "300", "appliesOnEachItem": False}},
        },
    }
    [add] = bodies(folder, "*/add-*.json")
    assert graphql(add) == "discountRedeemCodeBulkAdd"
    assert add["variables"]["discountId"] == "DISCOUNT_ID"
    [delete] = bodies(folder, "withdraw/*/delete-*.json")
    assert graphql(delete) == "discountCodeRedeemCodeBulkDelete"
    assert "search" not in delete["query"], "a search that is not understood deletes every code"
    [listing] = bodies(folder, "withdraw/*/list.json")
    assert graphql(listing) == "codeDiscountNode"
    readme = (folder / "README.txt").read_text("utf-8")
    assert "/admin/api/2026-10/graphql.json" in readme
    assert readme.index("create.json") < readme.index("add-*.json")


def test_each_benefit_reaches_each_cart_that_can_keep_it(desk: Desk) -> None:
    percent = 'label = "15%引き"\npercent = 15\nvalid = 2027-06-30\nstarts = 2027-05-01\nproducts = ["T-101", "A\\"B"]'
    printed(desk, percent)
    folder = Path(export(desk, "shopify-api")["folder"])
    [create] = bodies(folder, "*/create.json")
    wanted = create["variables"]["input"]
    assert wanted["customerGets"] == {
        "items": {"products": {"productVariantsToAdd": ["SKU:T-101", 'SKU:A"B']}},
        "value": {"percentage": 0.15},
    }
    assert "minimumRequirement" not in wanted
    assert (wanted["startsAt"], wanted["endsAt"]) == ("2027-05-01T00:00:00+09:00", "2027-06-30T23:59:59+09:00")
    products = json.loads((folder / "products.json").read_text("utf-8"))
    assert graphql(products) == "productVariants"
    assert products["variables"]["query"] == 'sku:"A\\"B" OR sku:"T-101"'
    folder = Path(export(desk, "woocommerce")["folder"])
    one = bodies(folder, "coupons-*.json")[0]["create"][0]
    assert (one["discount_type"], one["amount"], one["free_shipping"]) == ("percent", "15", False)
    assert (one["date_expires"], one["product_ids"]) == ("2027-06-30T23:59:59", ["SKU:T-101", 'SKU:A"B'])
    assert "2027-05-01" in (folder / "README.txt").read_text("utf-8")
    row = read_table(Path(export(desk, "matrixify")["folder"]) / "Discounts.csv")[0]
    assert (row["Type"], row["Value Type"], row["Value"]) == ("Amount off Products", "Percentage", "15")
    assert (row["Starts At"], row["Ends At"]) == ("2027-05-01 00:00:00 +0900", "2027-06-30 23:59:59 +0900")
    assert (row["Minimum Requirement"], row["Limit Total Times"]) == ("None", "1")
    row = read_table(Path(export(desk, "generic")["folder"]) / "coupons.csv")[0]
    assert (row["benefit"], row["percent"], row["amount"], row["uses"]) == ("percent", "15", "", "1")
    assert (row["starts"], row["expires"], row["products"]) == ("2027-05-01", "2027-06-30", 'T-101 A"B')
    assert row["code"].replace("-", "") == row["code_plain"]


def test_free_shipping_is_a_kind_of_its_own(desk: Desk) -> None:
    printed(desk, 'label = "送料無料"\nshipping = "free"\nminimum = 3000\nvalid = "30 days"')
    [create] = bodies(Path(export(desk, "shopify-api")["folder"]), "*/create.json")
    assert graphql(create) == "discountCodeFreeShippingCreate"
    assert create["variables"]["input"]["destination"] == {"all": True}
    one = bodies(Path(export(desk, "woocommerce")["folder"]), "coupons-*.json")[0]["create"][0]
    assert (one["free_shipping"], one["amount"], one["minimum_amount"]) == (True, "0", "3000")
    row = read_table(Path(export(desk, "matrixify")["folder"]) / "Discounts.csv")[0]
    assert (row["Type"], row["Value"], row["Minimum Value"]) == ("Free Shipping", "", "3000")


@pytest.mark.parametrize(
    ("offer", "says", "woocommerce"),
    [
        ('label = "500ポイント"\npoints = 500', "no coupon code for points", False),
        ('label = "急須"\ngift = "急須"\nworth = 800', "no coupon code for a gift", False),
        ('label = "10%"\npercent = 10\ncap = 1000', "leave out: cap", False),
        ('label = "300円"\namount = 300\nmaximum = 9000', "Leave out: maximum", True),
        ('label = "送料無料"\nshipping = "free"\nproducts = ["T-101"]', "Leave out: products", False),
    ],
)
def test_what_a_cart_cannot_keep_is_left_out_and_said(desk: Desk, offer: str, says: str, woocommerce: bool) -> None:
    job = printed(desk, f'{offer}\nvalid = "30 days"')
    for form in ("shopify-api", "matrixify"):
        told = export(desk, form)
        [left] = told["not_taken"]
        assert (left["offer"], left["codes"]) == ("hello", 7)
        assert says in left["reason"]
        assert (told["codes"], told["taken"]) == (7, {})
        assert {path.name for path in Path(told["folder"]).iterdir()} == {"README.txt", "export.json"}
    assert bool(export(desk, "woocommerce")["taken"]) is woocommerce
    told = export(desk, "generic")
    assert sorted(taken_in(Path(told["folder"]), "generic")) == sorted(coupons(job)), "a plain table tells everything"


@pytest.mark.parametrize("form", FORMATS)
def test_a_shared_code_is_one_row_without_a_limit(desk: Desk, form: str) -> None:
    job = printed(desk, 'label = "300円引き"\namount = 300\nvalid = "30 days"\ncodes = "shared"')
    told = export(desk, form)
    folder = Path(told["folder"])
    assert (told["codes"], taken_in(folder, form)) == (1, [coupons(job)[0]])
    limit = {
        "shopify-api": lambda: bodies(folder, "*/create.json")[0]["variables"]["input"]["usageLimit"],
        "matrixify": lambda: read_table(folder / "Discounts.csv")[0]["Limit Total Times"] or None,
        "woocommerce": lambda: bodies(folder, "coupons-*.json")[0]["create"][0]["usage_limit"],
        "generic": lambda: read_table(folder / "coupons.csv")[0]["uses"] or None,
    }[form]()
    assert limit is None


@pytest.mark.parametrize("form", FORMATS)
def test_codes_of_a_pool_are_the_carts_already_and_void_ones_go_out(desk: Desk, form: str) -> None:
    desk.write("layouts/hello/pool.csv", "code\n" + "\n".join(f"POOL{n:04d}" for n in range(20)) + "\n")
    job = printed(desk, 'label = "300ポイント"\npoints = 300\nvalid = "30 days"\ncodes = "pool:pool.csv"')
    told = export(desk, form)
    assert told["taken"] == {}
    [left] = told["not_taken"]
    assert (left["codes"], "already" in left["reason"]) == (7, True)
    gone = next(row["code"] for row in job.codes if row["kind"] == "coupon")
    void(desk, gone)
    told = export(desk, form)
    assert taken_out(Path(told["folder"]), form) == [gone], "as the shop's own file writes it"
    assert (told["codes"], told["void"], told["not_taken"][0]["codes"]) == (7, 1, 6)


def test_numbers_add_up_whatever_happened(desk: Desk) -> None:
    """Void, used, both, and an offer that the cart cannot keep: each code of the job is counted once."""
    job = printed(desk, 'label = "300ポイント"\npoints = 300\nvalid = "30 days"')
    codes = coupons(job)
    void(desk, *codes[:2])
    desk.invoke("offers", "used", desk.write("used.txt", "\n".join(codes[1:4])), "--shop", SHOP)
    for form in FORMATS:
        told = export(desk, form)
        left = sum(one["codes"] for one in told["not_taken"])
        assert told["codes"] == 7 == sum(told["taken"].values()) + told["void"] + told["used"] + left
        assert (told["void"], told["used"]) == (2, 2)
    desk.invoke("cancel", "job", "--shop", SHOP)
    for form in FORMATS:
        told = export(desk, form)
        left = sum(one["codes"] for one in told["not_taken"])
        assert told["codes"] == 7 == sum(told["withdrawn"].values()) + told["kept"] + left


def test_tiers_and_birthdays_are_series_of_their_own(desk: Desk) -> None:
    """Each code keeps the terms that its own letter shows."""
    campaign = desk.root / "layouts/spring-thanks/campaign.toml"
    text = campaign.read_text("utf-8").replace(
        '[offers.welcome]\nlabel   = "500円引き"\n',
        '[offers.welcome]\ntiers = [{ id = "far", when = "prefecture == \\"東京都\\"", label = "900円引き", '
        'amount = 900 }]\nlabel   = "500円引き"\n',
    )
    campaign.write_text(text, "utf-8")
    job = desk.run("spring-thanks", out="job")
    told = export(desk, "generic")
    rows = {row["code_plain"]: row for row in read_table(Path(told["folder"]) / "coupons.csv")}
    mine = {row["code"]: row for row in job.codes if row["kind"] == "coupon"}
    assert rows.keys() == mine.keys()
    assert {"welcome", "welcome.far"} <= {row["offer"] for row in rows.values()}
    for code, row in mine.items():
        assert (rows[code]["offer"], rows[code]["amount"]) == (row["name"], row["value"])
        assert (rows[code]["minimum"], rows[code]["expires"]) == (row["minimum"], row["expires"])
    shopify = Path(export(desk, "shopify-api")["folder"])
    by_title = {}
    for create in bodies(shopify, "*/create.json"):
        wanted = create["variables"]["input"]
        by_title[wanted["title"]] = wanted["customerGets"]["value"]["discountAmount"]["amount"]
    assert len(by_title) == len(told["taken"])
    assert {"900", "500"} <= set(by_title.values())
    assert sorted(taken_in(shopify, "shopify-api")) == sorted(in_fours(code) for code in mine)


def test_no_cell_of_a_table_is_a_formula(desk: Desk) -> None:
    printed(desk, 'label = "=1+1"\namount = 300\nvalid = "30 days"\nproducts = ["@SUM(1)"]')
    for form in ("generic", "matrixify"):
        folder = Path(export(desk, form)["folder"])
        for path in folder.glob("*.csv"):
            for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"))):
                assert not [cell for cell in row if cell[:1] in tuple("=+-@\t\r")]


def test_people_are_told_in_their_language(desk: Desk) -> None:
    job = printed(desk)
    void(desk, coupons(job)[0])
    for form in FORMATS:
        result = desk.invoke("offers", "export", "job", "--for", form, "--shop", SHOP, "--lang", "ja")
        assert result.exit_code == 0, result.output
        assert "7" in result.stdout
        readme = (desk.root / f"job-{form}" / "README.txt").read_text("utf-8")
        assert any("\u3040" < c < "\u30ff" for c in readme), form
        assert any("\u3040" < c < "\u30ff" for c in result.stdout), form
