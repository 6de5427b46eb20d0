"""The month of a birthday, as far as the list tells it."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.values import dates, text_of
from dmgen.audience.cells.vector import each, mask
from dmgen.audience.read.columns import Column
from dmgen.model.campaign import ColumnType

_NO_YEAR = re.compile(r"(?:--?)?0?([1-9]|1[0-2])(?:[-/.]|月 ?)([0-9]{1,2})日?")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def birthdays(columns: Mapping[str, Column], drop: date, zone: str) -> dict[str, Column]:
    """birthday_month (1 to 12) and months_to_birthday (0: in the month of the drop) of a list with `birthday`.

    A birthday may lack its year: 05-12, 5/12, 5月12日. What is no day of a month is left out, not guessed.
    """
    if "birthday" not in columns:
        return {}
    cells = columns["birthday"].cells
    day = dates(cells, zone)
    month = pc.cast(pc.month(day), pa.int64())
    unread = mask(pc.is_null(day))
    if unread.any():
        month = pc.if_else(pa.array(unread), each(text_of(cells), _month, pa.int64()), month)
    ahead = np.asarray(month.fill_null(drop.month)) - drop.month
    return {
        "birthday_month": Column(ColumnType.INT, month),
        "months_to_birthday": Column(ColumnType.INT, pa.array(ahead % 12, mask=mask(pc.is_null(month)))),
    }


def _month(text: str) -> int | None:
    found = _NO_YEAR.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not found or not 1 <= int(found[2]) <= _DAYS[int(found[1]) - 1]:
        return None
    return int(found[1])
