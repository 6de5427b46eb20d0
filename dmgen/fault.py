"""A report of a fault of our own: where it happened, never what the data were."""

import platform
import re
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

import dmgen

_REMOTE_FRAME = re.compile(r'^  File "([^"\n]+)", line (\d+), in (\w+)$', re.MULTILINE)


def report_fault(error: BaseException) -> Path:
    """Write the report beside the user's work, or among temporary files; returns its path.

    Holds versions and the places in our code. Messages and values are left out: they may quote a customer's row.
    """
    lines = [f"dmgen {dmgen.__version__}", f"python {sys.version.split()[0]} {platform.platform()}"]
    fault: BaseException | None = error
    while fault is not None:
        lines.append(f"{type(fault).__module__}.{type(fault).__qualname__}")
        frames = [(frame.filename, frame.lineno, frame.name) for frame in traceback.extract_tb(fault.__traceback__)]
        frames += _REMOTE_FRAME.findall(getattr(fault, "tb", ""))  # a worker's traceback arrives as text
        lines += [f"  {Path(file).name}:{line} {name}" for file, line, name in frames]
        fault = fault.__cause__ or fault.__context__
    name = f"dmgen-fault-{datetime.now(UTC):%Y%m%d-%H%M%S}.txt"
    for folder in (Path(), Path(tempfile.gettempdir())):
        try:
            (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
        except OSError:
            continue
        return folder / name
    return Path(name)
