"""Customer ids: missing, repeated with the same person, or of several people."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.matching import address_keys, name_keys
from dmgen.audience.cells.vector import TEXT, Mask, Positions, is_empty
from dmgen.audience.clean.consent import hear_twins
from dmgen.audience.outcomes import Outcomes, texts
from dmgen.audience.read.columns import Column
from dmgen.audience.read.sheet import Sheet
from dmgen.model.recipient import Outcome


@dataclass(frozen=True, slots=True)
class Ids:
    """Customer ids that orders may name: each once; `conflicting` ones are nobody's.

    `rows` are those that their orders count for, which one person's several ids share; `listed` their own.
    """

    unique: pa.Array
    rows: Positions
    conflicting: Mask
    listed: Positions


def settle_ids(columns: dict[str, Column], sheet: Sheet, outcomes: Outcomes) -> tuple[Ids, Positions]:
    """Damaged rows, missing ids, twins and conflicts.

    Also which row speaks for each customer about mail: of twins, the one that says no.
    """
    ids = columns["customer_id"].cells
    settle_damaged(sheet, outcomes)
    outcomes.settle_where(is_empty(ids), Outcome.REJECTED, "clean", "customer_id_missing", "customer_id")
    rows = np.flatnonzero(outcomes.open)
    coded = ids.take(pa.array(rows)).dictionary_encode()
    codes = np.asarray(coded.indices, np.int64)
    first = np.zeros(len(coded.dictionary), np.int64)
    first[codes[::-1]] = rows[::-1]  # of repeated indices the last assignment stays: the first row
    conflicting = np.zeros(len(first), np.bool_)
    heard = np.arange(len(ids))
    repeated = np.flatnonzero(np.bincount(codes, minlength=len(first))[codes] > 1)
    if len(repeated):
        frame = _signatures(columns, rows[repeated], codes[repeated])
        same = frame.groupby("code")["signature"].transform("nunique").to_numpy() == 1
        conflicting[frame["code"].to_numpy()[~same]] = True
        _settle_conflicts(frame[~same], ids, outcomes)
        twins = frame[same & frame.duplicated("code").to_numpy()]
        hear_twins(columns, heard, first[twins["code"].to_numpy()], twins["row"].to_numpy())
        _settle_twins(twins, ids, outcomes)
    return Ids(coded.dictionary, first, conflicting, first), heard


def settle_damaged(sheet: Sheet, outcomes: Outcomes) -> None:
    """Reject the rows that were damaged before they could be read."""
    for reason in sorted({damage.reason for damage in sheet.damaged.values()}):
        rows = np.array(sorted(row for row, damage in sheet.damaged.items() if damage.reason == reason), np.int64)
        notes = texts([sheet.damaged[row].note for row in rows])
        outcomes.settle(rows, Outcome.REJECTED, "read", reason, "", notes)


def _signatures(columns: dict[str, Column], rows: Positions, codes: Positions) -> pd.DataFrame:
    """Who each row is, however it is written: 髙 and 高, ア and ｱ, 一丁目 and 1 are no other person."""
    name, postal, address = (columns[key].cells.take(pa.array(rows)) for key in ("name", "postal_code", "address"))
    who = [name_keys(name), postal, *address_keys(address)]
    signature = pc.binary_join_element_wise(*who, pa.scalar("\x1f", TEXT))
    return pd.DataFrame({"code": codes, "row": rows, "signature": signature.to_pandas()})


def _settle_conflicts(frame: pd.DataFrame, ids: pa.Array, outcomes: Outcomes) -> None:
    rows = frame["row"].to_numpy()
    values = ids.take(pa.array(rows))
    outcomes.settle(rows, Outcome.REJECTED, "clean", "id_conflict", "customer_id", values)


def _settle_twins(frame: pd.DataFrame, ids: pa.Array, outcomes: Outcomes) -> None:
    rows = frame["row"].to_numpy()
    values = ids.take(pa.array(rows))
    outcomes.settle(rows, Outcome.DUPLICATE, "clean", "same_row_twice", "customer_id", values)
