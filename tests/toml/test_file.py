"""Files that are not TOML, not UTF-8 or not there: the slip is named, with its line and column."""

import sys

import pytest

from dmgen.toml import read_toml

SLIPS = [
    ("a = 1\nb = “x”\n", ["line 2, column 5", "U+201C", 'plain "', "b = “x”"]),
    ('b = "x”\n', ["line 1", "U+201D"]),
    ("b ＝ 1\n", ["line 1, column 3", "U+FF1D", "plain ="]),
    ("b =　1\n", ["line 1, column 4", "U+3000", "blank"]),
    ("　b = 1\n", ["line 1, column 1", "U+3000"]),
    ("b = 1　# x\n", ["line 1, column 6", "U+3000"]),
    ("b = １\n", ["column 5", "U+FF11", "plain 1"]),
    ("b = ［1]\n", ["column 5", "U+FF3B"]),
    ('b = "C:\\Users\\x.csv"\n', ["line 1", "backslash", "write /", "'…'"]),
    ('b = "lists\\data.csv"\n', ["line 1", "backslash"]),
    ("b = mail\n", ["line 1, column 5", "quotes"]),
    ("a = 1\nb =\n", ["line 2", "A value is missing"]),
    ("a = 1\nb\n", ["line 2", "A line reads"]),
    ("a = 1\na = 2\n\n", ["line 2", "stands twice"]),
    ("[a]\n[b\n", ["line 2", "bracket"]),
    ('a = "x\n', ["line 1", "closing quote"]),
    ('a = """x\n', ["line 1", "closing quote"]),
    ("a = 2026-02-30\n", ["line 1, column 5", "Invalid date"]),
    ("a = " + "[" * 5000, ["line 1", "not TOML"]),
    ("a = " + "9" * 5000, ["line 1", "not TOML"]),
]


def _read(path, raw: bytes):
    path.write_bytes(raw)
    return lambda: read_toml(path, format_required=False)


@pytest.mark.parametrize(("source", "texts"), SLIPS)
def test_a_slip_is_named_with_its_place(tmp_path, refused, source, texts):
    message = refused(_read(tmp_path / "x.toml", source.encode()), ("x.toml", *texts))
    assert len(message) < 500


def test_quotes_and_full_width_signs_inside_texts_are_not_blamed(tmp_path, refused):
    message = refused(_read(tmp_path / "x.toml", "a = '　＝' 3\n".encode()), ("line 1",))
    assert "U+" not in message


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_bom_and_line_ends_of_windows_are_accepted(tmp_path, prefix, newline):
    source = newline.join(["format = 1", 'a = "春"', 'b = """', 'x"""', ""])
    file = _read(tmp_path / "x.toml", prefix + source.encode())()
    assert file.data == {"format": 1, "a": "春", "b": "x"}
    assert file.text_line(("b",)) == 4


@pytest.mark.parametrize("encoding", ["cp932", "utf-16"])
def test_another_encoding_is_said(tmp_path, refused, encoding):
    refused(_read(tmp_path / "x.toml", 'a = 1\nb = "春"\n'.encode(encoding)), ("x.toml", "not UTF-8", "line"))


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path, refused):
    refused(lambda: read_toml(tmp_path / "x.toml", format_required=False), ("x.toml", "no such file"))
    if sys.platform != "win32":
        refused(lambda: read_toml(tmp_path, format_required=False), (tmp_path.name, "cannot be read"))
