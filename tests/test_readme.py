"""The README's commands are run as a reader would type them, one after the other, in a copy of the project."""

import re
import shlex

import pytest

from tests.jobs import ROOT, Desk

FENCE = re.compile(r"^```(?:console|sh|bash|shell)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SECONDS = 60


def commands(name: str) -> list[str]:
    """Every `dmgen …` of the fenced blocks; prompts, comments and continued lines are understood."""
    text = (ROOT / name).read_text("utf-8")
    lines = "\n".join(FENCE.findall(text)).replace("\\\n", " ").splitlines()
    typed = [line.removeprefix("$ ").strip() for line in lines]
    return [line for line in typed if line.startswith("dmgen ") and "…" not in line and "[" not in line]


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_the_commands_of_the_readme_work(tmp_path, name):
    """In order: what an earlier command made (a campaign, a job) is there for the later ones."""
    if not commands(name):
        pytest.fail(f"{name} shows no command that starts with dmgen")
    desk = Desk.at(tmp_path)
    said: dict[str, str] = {}
    for command in commands(name):
        args = shlex.split(command, comments=True)[1:]
        args = [said["job"] if re.fullmatch(r"JOB|[A-Z]*JOB[A-Z]*", arg) and "job" in said else arg for arg in args]
        done = desk.command(*args)
        assert done.code == 0, f"{command}: {done.err}"
        if args[0] == "run" and "--json" not in args:
            said["job"] = done.out[-1]
