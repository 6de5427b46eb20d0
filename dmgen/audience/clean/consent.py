"""Who said no: the columns that say who may be mailed, read so that doubt is never a yes."""

import unicodedata

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.cells.values import NO, YES
from dmgen.audience.cells.vector import Positions, each
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import Column
from dmgen.model.recipient import Outcome

_SAID_NO = YES | {"×", "不可", "停止", "拒否", "不要", "希望しない"}
_MAY_MAIL = NO | {"○", "可", "希望する"}
FREE, UNCLEAR, OPTED_OUT = 0, 1, 2


def _opt_out(cells: pa.Array) -> NDArray[np.int8]:
    return np.asarray(each(cells, _opt_out_word, pa.int8()))


def _opt_out_word(cell: str) -> int:
    word = unicodedata.normalize("NFKC", cell).strip().lower()
    return OPTED_OUT if word in _SAID_NO else FREE if word in _MAY_MAIL else UNCLEAR


def consents(columns: dict[str, Column], rows: int) -> NDArray[np.int8]:
    """What each row says about mail: FREE, UNCLEAR or OPTED_OUT; FREE where no column says it."""
    if "dm_opt_out" not in columns:
        return np.zeros(rows, np.int8)
    return _opt_out(columns["dm_opt_out"].cells)


def hear_twins(columns: dict[str, Column], heard: Positions, first: Positions, twins: Positions) -> None:
    """Let a twin speak for the first row where it is the more reluctant to get mail."""
    if "dm_opt_out" not in columns:
        return
    state = _opt_out(columns["dm_opt_out"].cells)
    order = np.argsort(state[twins], kind="stable")
    first, twins = first[order], twins[order]
    reluctant = state[twins] > state[first]
    heard[first[reluctant]] = twins[reluctant]


def settle_consent(columns: dict[str, Column], heard: Positions, outcomes: Outcomes) -> None:
    """Who said no is suppressed before anything else is looked at; who may have, is for a person to read."""
    if "dm_opt_out" not in columns:
        return
    said = columns["dm_opt_out"].cells.take(pa.array(heard))
    state = _opt_out(said)
    outcomes.settle_where(state == OPTED_OUT, Outcome.SUPPRESSED, "clean", "opted_out", "dm_opt_out", said)
    outcomes.settle_where(state == UNCLEAR, Outcome.REVIEW, "clean", "opt_out_unclear", "dm_opt_out", said)
