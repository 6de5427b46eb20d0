"""The command line: arguments in, exit code out."""

import sys
from typing import Annotated

import typer

import dmgen
from dmgen.commands import app
from dmgen.commands.session import say
from dmgen.messages import mark


def _version(wanted: bool) -> None:
    if wanted:
        print(f"dmgen {dmgen.__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_version, is_eager=True, help=say(mark("Show the version.")))
]


@app.callback()
def _options(version: Version = False) -> None:
    """Options of dmgen itself."""


def main() -> None:
    """The `dmgen` command; every way out has its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a cp932 terminal must never stop a job
    app()
