"""Purging jobs of a pile: its files hold everybody's letters, so they go with the first, and never while one waits."""

import json
import shutil
from pathlib import Path

from tests.together.conftest import Warehouse, batch_rows
from tests.together.test_run import piled, three


def jobs(warehouse: Warehouse) -> dict[str, dict[str, str]]:
    told = json.loads((warehouse.desk.root / "pile" / "pile.json").read_text("utf-8"))
    return {one["campaign"]: one for one in told["jobs"]}


def say(warehouse: Warehouse, shop: str, *args: str, code: int = 0) -> str:
    done = warehouse.desk.invoke(*args, "--shop", shop, "--lang", "en")
    assert done.exit_code == code, done.output
    return done.output


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def all_sent(warehouse: Warehouse) -> dict[str, dict[str, str]]:
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    piled(warehouse, *campaigns)
    made = jobs(warehouse)
    for one in made.values():
        say(warehouse, one["shop"], "sent", one["job"], "--on", "2026-04-07")
    return made


def test_a_pile_waits_for_every_job_in_it(warehouse: Warehouse) -> None:
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    pile = piled(warehouse, *campaigns)
    made = jobs(warehouse)
    say(warehouse, "aoba", "sent", made["even"]["job"], "--on", "2026-04-07")
    before = files(pile)
    said = say(warehouse, "aoba", "purge", made["even"]["job"], "--yes", code=4)
    assert f"letters of job {made['rest']['job']}" in said
    assert f"dmgen sent {made['rest']['job']} --on DAY" in said
    assert files(pile) == before


def test_a_pile_goes_with_the_first_of_its_jobs(warehouse: Warehouse) -> None:
    made = all_sent(warehouse)
    pile = warehouse.desk.root / "pile"
    said = say(warehouse, "aoba", "purge", made["even"]["job"], "--yes")
    assert f"joint print files of job {made['rest']['job']} (rest)" in said
    assert files(pile) == ["pile.json"]
    told = json.loads((pile / "pile.json").read_text("utf-8"))
    assert told["purge"]["with"] == made["even"]["job"]
    assert [one["wave"] for one in told["waves"]] == ["1", "2"]
    say(warehouse, "aoba", "purge", made["rest"]["job"], "--yes")
    say(warehouse, "kasumi", "purge", made["note"]["job"], "--yes")
    left = [path for path in files(warehouse.desk.root / "output") if not path.startswith(".")]
    assert {Path(path).name for path in left} == {"job.json", "deletion-certificate.json", "deletion-certificate.pdf"}


def test_a_pile_that_was_moved_is_asked_for(warehouse: Warehouse, tmp_path_factory) -> None:
    """It holds letters: it is named, or said to be gone."""
    made = all_sent(warehouse)
    away = tmp_path_factory.mktemp("away") / "old"
    shutil.move(warehouse.desk.root / "pile", away)
    name = made["even"]["job"]
    said = say(warehouse, "aoba", "purge", name, "--yes", code=4)
    assert "pile-" in said
    assert f"dmgen purge {name} --folder FOLDER" in said
    say(warehouse, "aoba", "purge", name, "--yes", "--folder", str(away))
    assert files(away) == ["pile.json"]
    shutil.rmtree(away)
    say(warehouse, "aoba", "purge", made["rest"]["job"], "--yes", "--ledger-only")
