"""What cp932 cannot hold is replaced by what nobody takes for a part of a name, and every such cell is reported."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.model.characters import fitted
from dmgen.warehouse import Lost, write_csv
from dmgen.warehouse.characters import holds

IN_CP932 = "髙﨑①～－㈱ﾃｽﾄⅡ德Ａ"  # some of them are not in shift_jis
TURNED = {"−": "－", "〜": "～"}  # cp932 has one code for both forms, which reads back as the other
MISSING = {
    "𠮷": "〓", "é": "〓", "—": "〓", "圡": "〓",
    "葛\U000e0100": "葛", "𠮷\U000e0101": "〓", "邊\U000e0109": "邊", "\ue000": "〓", "か\u309a": "〓",
}  # fmt: skip
cp932 = holds("cp932")


def read(path: Path, encoding: str) -> list[list[str]]:
    """The file as another program reads it, line ends as they are."""
    text = path.read_bytes().decode(encoding)
    assert "\n" not in text.replace("\r\n", "")
    return list(csv.reader(text.splitlines()))


@pytest.mark.parametrize("char", [*IN_CP932, *TURNED])
def test_what_cp932_holds_is_no_loss(char):
    assert fitted(char, cp932) == (char, [])
    assert char.encode("cp932").decode("cp932") == TURNED.get(char, char)


@pytest.mark.parametrize(("char", "written"), MISSING.items())
def test_what_it_does_not_hold_has_a_stand_in(char, written):
    assert fitted(f"佐{char}子", cp932) == (f"佐{written}子", [(char, written)])


def test_kana_join_their_marks_and_kanji_of_names_are_never_normalised():
    assert fitted("か\u3099き\u3099é", cp932) == ("がぎ〓", [("é", "〓")])
    assert fitted("神\ufa19é", cp932)[0] == "神\ufa19〓"


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_written_can_be_encoded_and_losses_add_up(text):
    written, lost = fitted(text, cp932)
    assert written.encode("cp932") is not None
    assert (written == text) >= (not lost)
    assert not [char for char, _ in lost if char.isascii()]


def test_the_report_names_file_row_column_and_characters(tmp_path):
    path = tmp_path / "picking.csv"
    lost = write_csv(path, "cp932", ("番号", "内容"), [("1", "髙"), ("2", "𠮷田葛\U000e0100"), ("=3", '\r\n,"')])
    assert lost == [Lost("picking.csv", 2, "内容", "U+20BB7, U+845B U+E0100", "〓葛")]
    assert path.read_bytes().decode("cp932") == '番号,内容\r\n1,髙\r\n2,〓田葛\r\n\'=3,"\'\r\n,"""\r\n'


def test_utf8_loses_nothing(tmp_path):
    text = IN_CP932 + "".join(TURNED) + "".join(MISSING)
    assert write_csv(tmp_path / "x.csv", "utf-8-sig", ("a",), [(text,)]) == []
    assert read(tmp_path / "x.csv", "utf-8-sig") == [["a"], [text]]
