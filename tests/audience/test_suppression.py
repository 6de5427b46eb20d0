"""Whom a suppression list names gets no letter, however the list writes it; a list that is unclear stops the run."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.errors import ListError
from dmgen.model.audience import Duplicates
from dmgen.model.recipient import Outcome

from .conftest import build, people, person

ROWS = (
    person(
        "A", name="髙橋 一", street="1-2-3", building="コーポ青葉101号室", email="a@example.com", phone="03-1111-2345"
    ),
    person(
        "B", name="鈴木 二", street="1-2-3", building="コーポ青葉102号室", email="b@example.com", phone="03-1111-6789"
    ),
    person("C", name="佐藤 三", street="9-9", email="c@example.com", phone="090-1234-5678"),
    person("D", name="佐藤 四", street="9-8", postal_code="x", dm_opt_out="?"),
)


def listed(folder: Path, *lists: str, rows: tuple[str, ...] = ROWS, returned: str | None = None) -> Audience:
    paths = []
    for number, text in enumerate(lists):
        paths.append(folder / f"stop{number}.csv")
        paths[-1].write_text(text, "utf-8")
    back = None
    if returned is not None:
        back = folder / "returned.csv"
        back.write_text(returned, "utf-8")
    mode = Duplicates.PERSON
    return load_audience(build(folder, people(*rows), suppress=paths, returned=back, duplicates=mode))


def stopped(audience: Audience, reason: str = "suppression_list") -> list[str]:
    return [bad.customer_id for bad in audience.rejections() if bad.reason == reason]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("customer_id\nA\nZ\n", ["A"]),
        ("顧客番号\n A \n", ["A"]),
        ("customer_id,memo\nD,2024年に電話で\n", ["D"]),
        ("email\nB@EXAMPLE.com \n", ["B"]),
        ("phone\n０９０（１２３４）５６７８\n", ["C"]),
        ("メールアドレス,電話番号\na@example.com,\n,+81 90 1234 5678\n", ["A", "C"]),
        ("postal_code,address\n1000001,千代田区千代田一丁目2番3号\n", ["A", "B"]),
        ("郵便番号,住所\n100-0001,東京都千代田区千代田1-2-3-101\n", ["A"]),
        ("postal_code,address,name\n100-0001,千代田区千代田1-2-3,高橋　一 様\n", ["A"]),
        ("address\n東京都千代田区千代田9−9\n", ["C"]),
        ("氏名,郵便番号,都道府県,市区町村,町域,番地\n佐藤三,100-0001,東京都,千代田区,千代田,9の9\n", ["C"]),
        ("name,postal_code,address\n山田,100-0001,千代田区千代田1-2-3\n", []),
        ("A\nD\n", ["A", "D"]),
        ("a@example.com\nnobody@example.com\n", ["A"]),
        ("退会した人\nb@example.com\nc@example.com\n", ["B", "C"]),
        ("090-1234-5678\n03-1111-2345\n", ["A", "C"]),
        ("番号\nC\nX\n", ["C"]),
        ("email\n", []),
    ],
)
def test_whom_a_list_names_is_suppressed(tmp_path: Path, text: str, who: list[str]) -> None:
    """D, who has no postal code and an unclear word on mail, is suppressed before anything else is looked at."""
    assert stopped(listed(tmp_path, text)) == who


def test_lists_are_counted_aloud_and_recorded(tmp_path: Path) -> None:
    audience = listed(tmp_path, "customer_id\nA\nZ\n", "email\na@example.com\nb@example.com\n")
    assert [(bad.customer_id, bad.value) for bad in audience.rejections()][:2] == [
        ("A", "stop0.csv"),
        ("B", "stop1.csv"),
    ]
    assert [file.path.name for file in audience.inputs] == ["customers.csv", "stop0.csv", "stop1.csv"]
    said = [remark.values for remark in audience.remarks if "entries" in remark.values]
    assert [(values["entries"], values["found"]) for values in said] == [(2, 1), (2, 2)]


def test_a_list_stops_every_row_of_a_person(tmp_path: Path) -> None:
    rows = (*ROWS, person("E", name="高橋一", street="7", email="A@example.com"))
    audience = listed(tmp_path, "customer_id\nE\n", rows=rows)
    assert stopped(audience) == ["E"]
    assert stopped(audience, "same_person_opted_out") == ["A"]


def test_almost_the_name_at_the_address_of_a_list_waits_for_a_person(tmp_path: Path) -> None:
    rows = (person("A", name="斉藤 一郎"), person("B", name="斉藤 一郎", dm_opt_out="1"))
    audience = listed(tmp_path, "name,postal_code,address\n斎藤一郎,100-0001,千代田区千代田1-1\n", rows=rows[:1])
    assert stopped(audience, "looks_like_listed") == ["A"]
    audience = listed(tmp_path, "name,postal_code,address\n斎藤一郎,100-0001,千代田区千代田1-1\n", rows=rows[1:])
    assert stopped(audience, "opted_out") == ["B"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("memo,datum\n1,2\n", "does not say who is meant"),
        ("name\n髙橋 一\n", "does not say who is meant"),
        ("退会者\nZ1\nZ2\n", "does not say who is meant"),
        ("連絡先\na@example.com\n03-1111-2345\n", "does not say who is meant"),
        ("customer_id,email\nA\n", "line 2"),
        ("customer_id,email\nA,a@example.com,x\n", "line 2"),
        ("customer_id,email\nA,\n,none\n", "line 3"),
        ("email\na@example.com\nunknown\n", "line 3"),
        ("customer_id,name\nA,\n,髙橋 一\n", "line 3"),
        ("customer_id\nA\ufffd\n", "line 2"),
        ("postal_code,address\n100-0001,東京都\n", "line 2"),
        ('customer_id\n"A\n', "line 2"),
        ("", "empty"),
    ],
)
def test_a_list_that_is_damaged_or_unclear_stops_the_run(tmp_path: Path, text: str, words: str) -> None:
    """Whoever stands in what cannot be read would get a letter."""
    with pytest.raises(ListError, match=words) as error:
        listed(tmp_path, text)
    assert "stop0.csv" in str(error.value)


def test_a_missing_list_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="there is no such file"):
        load_audience(build(tmp_path, people(*ROWS), suppress=[tmp_path / "none.csv"]))


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("customer_id\nA\n", ["A"]),
        ("customer_id,postal_code,address\nA,100-0001,千代田区千代田一丁目2-3\n", ["A"]),
        ("customer_id,postal_code,address\nA,100-0001,千代田区千代田5-5\n", []),
        ("customer_id,postal_code,address\nA,150-0001,千代田区千代田1-2-3\n", []),
        ("customer_id,postal_code,address\nA,100-0001,千代田区千代田1-2-3-999\n", []),
        ("customer_id,address\nA,\n", ["A"]),
        ("postal_code,address\n100-0001,千代田区千代田9-9\n", ["C"]),
        ("postal_code,address,name\n100-0001,千代田区千代田9-9,鈴木\n", []),
    ],
)
def test_mail_that_came_back_is_not_sent_there_again(tmp_path: Path, text: str, who: list[str]) -> None:
    assert stopped(listed(tmp_path, returned=text), "returned_mail") == who


def test_mail_that_came_back_from_one_of_a_persons_addresses(tmp_path: Path) -> None:
    """It goes to the other one, if there is another; at the same one, the other id does not help."""
    moved = person("E", name="髙橋 一", street="7", email="a@example.com")
    audience = listed(tmp_path, returned="customer_id\nA\n", rows=(ROWS[0], moved))
    assert stopped(audience, "returned_mail") == ["A"]
    assert audience.who(audience.open_positions("all").tolist()) == [(3, "E")]
    same = person("E", name="高橋 一", street="1-2-3", building="101", email="a@example.com")
    assert stopped(listed(tmp_path, returned="customer_id\nA\n", rows=(ROWS[0], same)), "returned_mail") == ["A", "E"]


def test_returned_mail_is_named_by_id_or_address(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="does not say who is meant"):
        listed(tmp_path, returned="email\na@example.com\n")


CELLS = st.fixed_dictionaries(
    {
        "customer_id": st.sampled_from(["A", "B", "C", "D", "E"]),
        "name": st.sampled_from(["髙橋 一", "高橋一", "鈴木 二"]),
        "street": st.sampled_from(["1-1", "一丁目1", "2-2"]),
        "email": st.sampled_from(["", "a@example.com", "b@example.com"]),
        "postal_code": st.sampled_from(["100-0001", "x", ""]),
        "dm_opt_out": st.sampled_from(["0", "?"]),
    }
)


def test_a_first_line_that_is_no_usable_entry_is_not_taken_for_a_header(tmp_path: Path) -> None:
    """Whoever it names would get a letter."""
    with pytest.raises(ListError, match="does not say who is meant"):
        load_audience(listed(tmp_path, "+819000000009\n090-1234-5678\n"))


@settings(max_examples=100, deadline=None)
@given(st.lists(CELLS, max_size=8), st.lists(st.sampled_from(["A", "B", "C", "Z"]), max_size=3))
def test_no_named_customer_is_ever_open(rows: list[dict[str, str]], ids: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        audience = listed(
            Path(name), "\n".join(("customer_id", *ids)), "email\nB@example.com\n",
            rows=tuple(person(**row) for row in rows),
        )  # fmt: skip
    for row in audience.rows(audience.open_positions("all"), ["customer_id", "email"]):
        assert row["customer_id"] not in ids
        assert row["email"] != "b@example.com"
    audience.settle(audience.open_positions("all"), Outcome.PRINTED, "print", "")
    audience.check_sum()
    assert sum(audience.counts().values()) == len(rows)
