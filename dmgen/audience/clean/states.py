"""What became of orders: the words of their status, and every order counted under one fate."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.vector import Mask
from dmgen.audience.read.preset import plain
from dmgen.model.campaign import Status


@dataclass(frozen=True, slots=True)
class Fates:
    """How many orders had each fate (each has one), which are purchases, and the words that nobody knows."""

    counts: dict[str, int]
    counted: Mask
    unknown: tuple[str, ...]


def order_fates(
    open_orders: Mask, status: pa.Array, meanings: dict[str, Status], others: Iterable[tuple[str, Mask]], packed: Mask
) -> Fates:
    """The fates of open orders: those not completed by the word of their status, then `others`, the first that hits.

    Orders that are `packed` today are as good as completed, unless they were cancelled.
    """
    words = pc.utf8_lower(status).dictionary_encode()
    word, known = np.asarray(words.indices), words.dictionary.to_pylist()
    meant = [meanings.get(plain(text)) for text in known]
    completed = np.array([meaning == Status.COMPLETED for meaning in meant], np.bool_)
    left = open_orders & completed[word] if len(known) else open_orders.copy()
    if packed.any():
        going = np.array([meaning != Status.CANCELLED for meaning in meant], np.bool_)
        left |= open_orders & packed & going[word]
    elsewhere = np.bincount(word[open_orders & ~left], minlength=len(known)).tolist()
    counts = {f"status:{text}": n for text, n in zip(known, elsewhere, strict=True)}
    unknown = tuple(text for text, meaning in zip(known, meant, strict=True) if meaning is None)
    for fate, orders in others:
        hit = left & orders
        counts[fate] = int(hit.sum())
        left &= ~hit
    return Fates(counts | {"counted": int(left.sum())}, left, unknown)
