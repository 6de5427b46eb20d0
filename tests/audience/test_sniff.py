"""Encodings, separators and headers are told apart by what the file holds, and said; doubt is a refusal."""

from pathlib import Path

import pytest

from dmgen.audience import load_audience
from dmgen.audience.read.sheet import Sheet
from dmgen.audience.read.sources import open_list
from dmgen.errors import ListError

from .conftest import HEADER, build, people, person


def read(folder: Path, content: bytes) -> Sheet:
    path = folder / "list.csv"
    path.write_bytes(content)
    source = open_list(path)
    return source.read(source.header)


def names(folder: Path, content: bytes) -> list[object]:
    audience = load_audience(build(folder, content))
    return [row["name"] for row in audience.rows(audience.open_positions("all"), ["name"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be"])
def test_names_survive_every_encoding(tmp_path: Path, encoding: str) -> None:
    rows = people(person(name="髙橋 ソ表能"), person("A2", name="山﨑 ①㈱"))
    assert names(tmp_path, rows.encode(encoding)) == ["髙橋 ソ表能", "山﨑 ①㈱"]


def test_what_is_not_plain_is_said(tmp_path: Path) -> None:
    text = "customer_id,name\nA1,山田\n"
    said = {
        text: [],
        text.replace(",", "\t"): ["read as UTF-8, separated by tabs."],
        text.replace(",", ";"): ["read as UTF-8, separated by ';'."],
        "顧客一覧\n\n" + text: ["the header is line 3; what stands above it is left out."],
    }
    for content, remarks in said.items():
        found = [str(remark).partition(": ")[2] for remark in read(tmp_path, content.encode()).file.remarks]
        assert found == remarks
    assert [*map(str, read(tmp_path, text.replace(",", "\t").encode("utf-16")).file.remarks)] == [
        f"{tmp_path / 'list.csv'}: read as UTF-16, separated by tabs."
    ]
    assert read(tmp_path, text.encode("cp932")).file.remarks == ()


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("a,b\n1;2,3\n", ("a", "b")),
        ("a,b;c,d\n1,2,3\n4,5,6\n", ("a", "b;c", "d")),
        ("a\tb\n1,2\t3,4\n5,6\t7,8\n", ("a", "b")),
        ("a;b\n1,2;3,4\n5,6;7,8\n", ("a", "b")),
        ("a\tb, c\td\n1\t2\t3\n4\t5\t6\n", ("a", "b, c", "d")),
        ("title, of 2026\n\na\tb\tc\n1\t2\t3\n4\t5\t6\n", ("a", "b", "c")),
        ("sep=;\na;b,c\n1;2\n", ("a", "b,c")),
        ("顧客一覧,,\n2026-09-30,,\na,b,c\n1,2,3\n4,,6\n", ("a", "b", "c")),
        ("email\nx@example.com\n", ("email",)),
        ('"a\nb",c\n1,2\n', ("a b", "c")),
        ("a,2024,2025\nx,1,2\n", ("a", "2024", "2025")),
        ("a,2024-01-01,2024-01-02\nx,1,2\n", ("a", "2024-01-01", "2024-01-02")),
    ],
)
def test_the_header_and_its_separator_are_found(tmp_path: Path, content: str, header: tuple[str, ...]) -> None:
    path = tmp_path / "list.csv"
    path.write_text(content, "utf-8")
    assert open_list(path).header == header


def test_lines_are_counted_from_the_file_s_first_although_titles_stand_above(tmp_path: Path) -> None:
    sheet = read(tmp_path, b'list\r\n\r\n"a\nb",c\r1,2\n\n3,4')
    assert sheet.lines.tolist() == [5, 7]


def test_damaged_utf8_is_never_read_as_cp932(tmp_path: Path) -> None:
    whole = people(*(person(f"A{n}") for n in range(50))).encode()
    at = whole.index("山田".encode(), 3000)
    line = whole[:at].count(b"\n") + 1
    for broken in (
        whole[:at] + b"\x80" + whole[at:],
        whole[: at + 1] + whole[at + 3 :],
        whole[: at + 2] + whole[at + 3 :],
    ):
        audience = load_audience(build(tmp_path, broken))
        assert [(bad.line, bad.reason) for bad in audience.rejections()] == [(line, "row_damaged")]


@pytest.mark.parametrize("name", ["関 章", "佐藤 浩", "関 誠"])
def test_no_lost_byte_of_utf8_turns_a_row_into_other_japanese(tmp_path: Path, name: str) -> None:
    """Some rows with a byte less happen to be cp932: other people's."""
    row = f"A3,{name},x".encode()
    decodable = 0
    for at in [at for at, byte in enumerate(row) if byte > 0x7F]:
        broken = row[:at] + row[at + 1 :]
        decodable += broken.decode("cp932", "replace").count("\ufffd") == 0
        sheet = read(tmp_path, "id,name,town\nA1,山田,東京\nA2,佐藤,大阪\n".encode() + broken)
        assert [bad.reason for bad in sheet.damaged.values()] == ["row_damaged"]
    assert decodable


@pytest.mark.parametrize(("most", "few"), [("utf-8", "cp932"), ("cp932", "utf-8")])
def test_lines_of_the_other_encoding_are_read_in_it_and_counted(tmp_path: Path, most: str, few: str) -> None:
    rows = [person(f"A{n}", name="渡邉 健" if n % 2 else "髙橋 ｻﾄｼ") for n in range(9)]
    lines = [f"{row}\r\n".encode(few if n in (3, 4) else most) for n, row in enumerate(rows)]
    content = f"{HEADER}\r\n".encode() + b"".join(lines)
    assert names(tmp_path, content) == ["渡邉 健" if n % 2 else "髙橋 ｻﾄｼ" for n in range(9)]
    titles = {"utf-8": "UTF-8", "cp932": "cp932"}
    (remark,) = read(tmp_path, content).file.remarks
    assert str(remark).endswith(f"read as {titles[most]}, but 2 lines in {titles[few]}.")


def test_a_character_cut_at_the_file_s_end_costs_the_last_row(tmp_path: Path) -> None:
    for encoding in ("utf-8", "cp932", "utf-16"):
        rows = people(person(), person("A2", registered_on="二〇二四年")).encode(encoding)
        cut = rows[: -len('年"\r\n'.encode("utf-16-le" if encoding == "utf-16" else encoding)) + 1]
        audience = load_audience(build(tmp_path, cut))
        assert [(bad.line, bad.reason) for bad in audience.rejections()] in (
            [(3, "row_damaged")],
            [(3, "quote_unclear")],
        )


def test_a_file_of_mostly_other_bytes_is_refused_with_the_first_line(tmp_path: Path) -> None:
    rows = people(person(), person("A2")).encode("cp932").replace("山田".encode("cp932"), b"\x81\x20\xff")
    with pytest.raises(ListError, match="line 2: bytes that are neither"):
        load_audience(build(tmp_path, rows))


def test_half_width_kana_alone_are_cp932(tmp_path: Path) -> None:
    assert names(tmp_path, people(person(name="ﾔﾏﾀﾞ ﾀﾛｳ", prefecture="", city="", town="ﾁﾖﾀﾞ")).encode("cp932")) == [
        "ﾔﾏﾀﾞ ﾀﾛｳ"
    ]


def test_a_character_on_a_block_boundary_is_not_damage(tmp_path: Path) -> None:
    filler = person(building="x" * 10_000)
    for shift in range(3):
        body = people(*([filler] * 500), person("A2", building="y" * shift + "漢字" * 10_000))
        audience = load_audience(build(tmp_path, body))
        assert audience.customers_read == 501
        assert {bad.reason for bad in audience.rejections()} == {"same_row_twice"}
