"""What a shop installs: the wheel alone, in an environment of its own, makes a campaign and prints it."""

import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pypdfium2
import pytest

from dmgen.resources import Format
from tests.jobs import ROOT, Job, environment

UNREACHABLE = re.compile(r"Temporary failure|Failed to establish|NewConnectionError|Network is unreachable|ProxyError")
MINUTES = 10 * 60


def run(*command: str | Path, cwd: Path, **env: str) -> "subprocess.CompletedProcess[bytes]":
    clean = {k: v for k, v in environment(**env).items() if not k.startswith("VIRTUAL_ENV")}
    arguments = [str(part) for part in command]
    return subprocess.run(arguments, cwd=cwd, env=clean, capture_output=True, timeout=MINUTES, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=ROOT)
    assert built.returncode == 0, built.stderr.decode()
    [path] = folder.glob("*.whl")
    return path


def pins() -> str:
    """The locked versions, without their hashes: constraints for what the wheel asks for."""
    lock = (ROOT / ".ci" / "requirements.lock").read_text("utf-8")
    return "\n".join(line.rstrip(" \\") for line in lock.splitlines() if re.match(r"[\w.-]+==", line)) + "\n"


def test_the_wheel_carries_what_letters_need(wheel):
    """Fonts with their licences, the press's profile, the starters with their lists, and the catalogue."""
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    kinds = {".py", ".mo", ".toml", ".html", ".css", ".js", ".txt"}
    packaged = {str(p.relative_to(ROOT).as_posix()) for p in (ROOT / "dmgen").rglob("*") if p.suffix in kinds}
    parts = (ROOT / "assets" / part for part in ("fonts", "icc", "lists/customers.csv", "lists/customers-en.csv"))
    files = [file for part in parts for file in ([part] if part.is_file() else part.iterdir())]
    assets = {"dmgen/" + file.relative_to(ROOT).as_posix() for file in files}
    folders = [form.starter.name for form in Format]
    starters = {f"dmgen/starters/{name}/{p.name}" for name in folders for p in (ROOT / "layouts" / name).iterdir()}
    needed = packaged | assets | starters | {"dmgen/starters/shop.toml"}
    assert any(name.endswith(".mo") for name in needed)
    assert any(name.endswith(".ttf") for name in needed)
    assert any(name.endswith(".icc") for name in needed)
    assert needed - inside == set()
    assert [name for name in inside if name.startswith("tests") or ".sqlite" in name] == []


def test_a_campaign_starts_and_prints_from_the_wheel_alone(wheel, tmp_path):
    """In an empty folder, on a cp932 terminal, with spawned workers; nothing of the checkout is in reach."""
    home, place = tmp_path / "venv", tmp_path / "shop"
    place.mkdir()
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    (tmp_path / "pins.txt").write_text(pins(), "utf-8")
    asked = ("install", "--quiet", "--disable-pip-version-check", "-c", tmp_path / "pins.txt", wheel)
    installed = run(scripts / "python", "-m", "pip", *asked, cwd=place)
    if installed.returncode and UNREACHABLE.search(installed.stderr.decode("utf-8", "replace")):
        if os.environ.get("DMGEN_REQUIRE_SYSTEM"):
            pytest.fail("the package index is not reachable")
        pytest.skip("needs the package index")
    assert installed.returncode == 0, installed.stderr.decode("utf-8", "replace")

    terminal = {"PYTHONIOENCODING": "cp932", "LANG": "ja_JP.UTF-8"}
    started = run(scripts / "dmgen", "new", "x", cwd=place, **terminal)
    assert started.returncode == 0, started.stderr.decode("cp932", "replace")
    assert sorted(path.name for path in place.iterdir()) == ["shop.toml", "x"]
    done = run(scripts / "dmgen", "run", "x", "--workers", "2", cwd=place, **terminal)
    said = done.stderr.decode("cp932")
    assert done.returncode == 0, said
    assert "手紙" in said
    job = Job(place / done.stdout.decode("cp932").splitlines()[-1])
    assert len(job.manifest) > 300
    assert job.counts["customers"] == sum(job.counts["outcomes"].values())
    assert [len(pypdfium2.PdfDocument(path)) for path in job.printed] == [len(job.manifest)]
    assert (place / "ledger.sqlite").exists()
    abroad = run(scripts / "dmgen", "new", "us", "--from", "hello-en", cwd=place, **terminal)
    assert abroad.returncode == 0, abroad.stderr.decode("cp932", "replace")
    done = run(scripts / "dmgen", "run", "us", "--limit", "3", "--workers", "1", cwd=place, **terminal)
    assert done.returncode == 0, done.stderr.decode("cp932", "replace")
