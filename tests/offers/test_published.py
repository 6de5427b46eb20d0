"""A published draw is computed again from itself alone, by dmgen and by the script of the description.

Every single change of it is noticed, by both.
"""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.model.lottery import Form, Lottery, Prize, Reveal, Secrets
from dmgen.model.offer import DropKey
from dmgen.offers.published import Draw, as_text, verified
from dmgen.offers.seal import rules_of
from tests.jobs import ROOT

LOTTERY = Lottery(
    prizes=(
        Prize("first", "一等", '新茶 "山" & <川>', 8000, 2),
        Prize("spark", "当日賞", "300円引き", 300, 2, Reveal.PAGE),
        Prize("last", "三等", "お茶", 100, 3),
    ),
    form=Form(6, 100),
    draw_on=date(2026, 6, 10),
    public="日経平均株価 2026-06-10 の終値",
)
DRAW = Draw(
    key=DropKey("aobado", "summer", date(2026, 6, 1)),
    rules=rules_of(LOTTERY),
    secrets=Secrets("0123456789abcdef" * 4, "fedcba9876543210" * 4),
    public="日経平均株価 ２０２６-06-10 の終値　51234.56",
    tickets=[f"{n % 7 + 1:03d}-{n * 7919:06d}" for n in range(40)],
    voided=("001-000000", "003-015838"),
)
FILE = as_text(DRAW.published())
DATA = json.loads(FILE)


def holds(text: str) -> bool:
    try:
        return not verified(text).wrong
    except ValueError:
        return False


def test_a_draw_as_it_was_published_holds() -> None:
    assert verified(FILE) == (
        Draw(DRAW.key, DRAW.rules, DRAW.secrets, DRAW.public, sorted(DRAW.tickets), sorted(DRAW.voided)),
        DATA["seal"]["commitment"],
        (),
    )
    assert holds(json.dumps(DATA)), "how the file is spaced is nothing"


def places(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in the file that holds a value of its own, and every list and object."""
    yield path
    for name in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield from places(data[name], (*path, name))


def put(path: tuple[str | int, ...], value: Any) -> str:
    """The file with another value in a place."""
    changed = copy.deepcopy(DATA)
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return json.dumps(changed, ensure_ascii=False)


def at(path: tuple[str | int, ...]) -> Any:
    inner = DATA
    for name in path:
        inner = inner[name]
    return inner


def others(value: Any) -> list[Any]:
    """Values that differ from one in the least, and in kind."""
    match value:
        case bool():
            return [not value, int(value), None]
        case int():
            return [value + 1, value - 1, -value - 1, float(value), str(value), None, bool(value)]
        case str():
            return [value + "0", value[:-1], value.upper() + " ", " " + value, "", None, [value], value[::-1] + "x"]
        case list():
            extra = [[*value, copy.deepcopy(value[0])]] if value else [["x"]]
            return [value[:-1], [*value[1:], *value[:1]] if len(value) > 1 else ["y"], *extra, None]
        case dict():
            return [{**value, "more": 1}, {name: value[name] for name in list(value)[1:]}, None, list(value)]
        case _:
            return [0, "", False]


ALL = [path for path in places(DATA) if path]


def test_every_single_changed_input_is_noticed() -> None:
    """Each field, each number of a ticket, each list and object: changed a little, left out, or of another kind."""
    missed = [
        (path, value)
        for path in ALL
        for value in others(at(path))
        if json.dumps(value) != json.dumps(at(path)) and holds(put(path, value))
    ]
    assert missed == []
    assert len(ALL) > 100


@given(st.sampled_from([path for path in ALL if isinstance(at(path), str)]), st.data())
def test_every_single_changed_character_is_noticed(path: tuple[str | int, ...], data: st.DataObject) -> None:
    text = at(path)
    place = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(
        st.one_of(st.sampled_from("0123456789abcdef-X 　"), st.characters()).filter(lambda c: c != text[place])
    )
    assert not holds(put(path, text[:place] + character + text[place + 1 :]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        FILE[:-3],
        "x" + FILE,
        FILE.replace('"voided"', '"voided": [], "voided"'),
        FILE.replace('"count": 2', '"count": NaN', 1),
        FILE.replace('"count": 2', '"count": 1e999', 1),
        FILE.replace('"count": 2', '"count": ' + "9" * 5000, 1),
        FILE.replace('"count": 2', '"count": true', 1),
        FILE.replace("aobado", "\\ud800"),
        "[" * 200_000,
    ],
    ids=range(13),
)
def test_what_is_no_draw_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError):
        verified(text)


def test_the_parts_that_differ_are_named() -> None:
    assert verified(put(("seal", "rules", "prizes", 0, "value"), 8001)).wrong == ("seal.commitment", "result")
    assert verified(put(("secrets", "salt"), "00" * 32)).wrong == ("seal.tickets_hash", "seal.commitment", "result")
    assert verified(put(("winners", 0, "tickets", 0), "004-023757")).wrong == ("winners",)
    assert verified(put(("public", "read"), "51234.56")).wrong == ("public",)
    assert "seal.seed_hash" in verified(put(("secrets", "seed"), "00" * 32)).wrong


def test_with_its_fingerprint_made_anew_only_what_no_hash_covers_passes() -> None:
    """Void tickets that won nothing: whoever voids tickets cannot move anybody's luck, and the list is published."""
    changed = Draw(**{name: getattr(DRAW, name) for name in DRAW.__slots__} | {"voided": ()})
    again = changed.published()
    assert verified(as_text(again)).wrong == ()
    assert again["seal"] == DATA["seal"]
    assert again["result"] != DATA["result"]


SCRIPT = re.search(r"```python\n(.*?)```", (ROOT / "dmgen" / "offers" / "README.md").read_text("utf-8"), re.DOTALL)[1]


def run_script(folder: Path, text: str) -> tuple[int, str]:
    (folder / "verify.py").write_text(SCRIPT, "utf-8")
    (folder / "draw.json").write_text(text, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-I", "verify.py", "draw.json"], cwd=folder, capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout


def test_the_script_of_the_description_is_short_and_finds_the_same(tmp_path: Path) -> None:
    assert len(SCRIPT.splitlines()) <= 30
    assert run_script(tmp_path, FILE) == (0, f"the seal on your letter must be {DATA['seal']['commitment']}\n")
    for repeat in (False, True):
        draw = Draw(
            **{name: getattr(DRAW, name) for name in DRAW.__slots__} | {"rules": {**DRAW.rules, "repeat": repeat}}
        )
        assert run_script(tmp_path, as_text(draw.published()))[0] == 0


def test_the_script_notices_every_single_changed_input(tmp_path: Path) -> None:
    """In one process, as the script is: with its file and its way out exchanged."""
    missed = []
    code = compile(SCRIPT, "verify.py", "exec")
    for path in ALL:
        for value in others(at(path)):
            if json.dumps(value) == json.dumps(at(path)):
                continue
            if script_holds(code, put(path, value), tmp_path):
                missed.append((path, value))
    assert missed == []
    assert script_holds(code, FILE, tmp_path)


def script_holds(code: Any, text: str, folder: Path) -> bool:
    file = folder / "draw.json"
    file.write_text(text, "utf-8")
    argv = sys.argv
    sys.argv = ["verify.py", str(file)]
    try:
        exec(code, {"print": lambda *_: None})
    except SystemExit as left:
        return left.code is None
    except Exception:  # it stops with an error, which is no "holds"
        return False
    finally:
        sys.argv = argv
    raise AssertionError
