"""Words that several parts of the work order have in common."""

from dmgen.messages import mark

UNKNOWN = mark("not stated")
SHEETS = {"separator": mark("separator"), "slip": mark("slip")}
LONGEST = 80  # characters of what the shop says in its own words


def clipped(text: str, most: int = LONGEST) -> str:
    """A text of the shop's own, no longer than leaves room for the rest; the JSON has all of it."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
