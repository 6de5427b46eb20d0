"""A folder of pages appears whole, replaces only dmgen's own, and is the same again."""

import json

import pytest

from dmgen.errors import OutputError
from dmgen.web import write_site

KEY = {"made": "links", "shop": "aobado", "campaign": "spring"}


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_holds_exactly_the_files(tmp_path):
    out = tmp_path / "site"
    write_site(out, KEY, {"a/b.html": b"x", "list.csv": lambda path: path.write_text("1") and None})
    found = contents(out)
    told = json.loads(found.pop(".dmgen-site.json"))
    assert found == {"a/b.html": b"x", "list.csv": b"1"}
    assert told == {**KEY, "files": ["a/b.html", "list.csv"]}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_its_own_folder_is_replaced_and_an_empty_one_used(tmp_path):
    out = tmp_path / "site"
    out.mkdir()
    (out / ".DS_Store").write_bytes(b"")
    write_site(out, KEY, {"a.html": b"1"})
    write_site(out, KEY, {"b.html": b"2"})
    assert set(contents(out)) == {"b.html", ".dmgen-site.json"}


@pytest.mark.parametrize("name", ["mine.txt", "coupon/mine.html"])
def test_a_foreign_file_is_never_taken_away(tmp_path, name):
    out = tmp_path / "site"
    write_site(out, KEY, {"a.html": b"1"})
    mine = out / name
    mine.parent.mkdir(exist_ok=True)
    mine.write_bytes(b"mine")
    before = contents(out)
    with pytest.raises(OutputError, match="not written for this campaign"):
        write_site(out, KEY, {"a.html": b"2"})
    assert contents(out) == before


def test_another_campaigns_folder_and_a_file_are_refused(tmp_path):
    out = tmp_path / "site"
    write_site(out, KEY, {"a.html": b"1"})
    with pytest.raises(OutputError):
        write_site(out, KEY | {"campaign": "autumn"}, {"a.html": b"2"})
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(OutputError):
        write_site(tmp_path / "file", KEY, {"a.html": b"2"})
    assert (tmp_path / "file").read_bytes() == b"x"


@pytest.mark.parametrize("error", [OSError("full"), KeyboardInterrupt()])
def test_what_fails_leaves_what_was_there(tmp_path, error):
    out = tmp_path / "site"
    write_site(out, KEY, {"a.html": b"1"})

    def fail(path):
        path.write_bytes(b"half")
        raise error

    with pytest.raises((OutputError, KeyboardInterrupt)):
        write_site(out, KEY, {"a.html": b"2", "b.csv": fail})
    assert contents(out)["a.html"] == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_fresh_folder_that_fails_is_not_there(tmp_path):
    def fail(path):
        raise OSError("full")

    with pytest.raises(OutputError):
        write_site(tmp_path / "deep" / "site", KEY, {"b.csv": fail})
    assert not (tmp_path / "deep" / "site").exists()
