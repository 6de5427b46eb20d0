"""Who gets which variant, and who gets none: drawn by lot, the same lot at every run, alike in every stratum."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from dmgen.model.offer import DropKey

Codes = NDArray[np.int64]
FREE = -1
"""Nothing is recorded of this customer, who may be given any arm."""


def lots(key: DropKey, purpose: str, ids: Sequence[str]) -> NDArray[np.uint64]:
    """A number for each customer that only a drop, a purpose and the customer's own id decide.

    Whoever stands before whom by it is as good as random, is the same at every run, and cannot be chosen:
    there is no seed to try until a trial looks well. BLAKE2b, RFC 7693.
    """
    start = hashlib.blake2b(repr((key.shop, key.campaign, key.drop.isoformat(), purpose)).encode(), digest_size=8)
    numbers = bytearray()
    for customer in ids:
        lot = start.copy()
        lot.update(customer.encode())
        numbers += lot.digest()
    return np.frombuffer(bytes(numbers), ">u8").astype(np.uint64)


def balanced(strata: Codes, lot: NDArray[np.uint64], fixed: Codes, arms: int) -> Codes:
    """An arm (0 … arms - 1) for each customer: within a stratum their sizes differ by at most one.

    `fixed` holds the arms that are given already, or FREE. They are kept; where they are too uneven for that, the
    new ones are given so that sizes come as near as they can. Leftovers go to one arm after another from stratum
    to stratum, so that the arms as a whole are even, too.
    """
    given = fixed.copy()
    totals = np.zeros(arms, np.int64)
    for stratum in _groups(strata):
        free = stratum[fixed[stratum] == FREE]
        kept = np.bincount(fixed[stratum][fixed[stratum] != FREE], minlength=arms)
        sizes = _filled(kept, len(free), totals)
        totals += sizes
        given[free[np.argsort(lot[free], kind="stable")]] = np.repeat(np.arange(arms), sizes - kept)
    return given


def held_back(strata: Codes, lot: NDArray[np.uint64], fixed: Codes, share: float) -> NDArray[np.bool_]:
    """Who is in the control group: `share` of all, rounded half up, and of each stratum its part of that.

    Parts of strata are rounded by largest remainder (Hamilton). `fixed` is 1 for whom it is recorded, 0 for who
    is recorded to have a letter, FREE for others.
    """
    exact = Fraction(str(share))
    groups = _groups(strata)
    quotas = [exact * len(stratum) for stratum in groups]
    left = math.floor(exact * len(strata) + Fraction(1, 2)) - sum(map(math.floor, quotas))
    by_remainder = sorted(range(len(groups)), key=lambda i: (math.floor(quotas[i]) - quotas[i], i))
    held = np.equal(fixed, 1)
    for place, index in enumerate(by_remainder):
        stratum, quota = groups[index], math.floor(quotas[index]) + (place < left)
        free = stratum[fixed[stratum] == FREE]
        wanted = max(0, quota - int(held[stratum].sum()))
        held[free[np.argsort(lot[free], kind="stable")[:wanted]]] = True
    return held


def strata_of(columns: Sequence[Sequence[str]]) -> Codes:
    """One number a customer for its combination of cells, whatever the order of the customers."""
    if not columns or not len(columns[0]):
        return np.zeros(len(columns[0]) if columns else 0, np.int64)
    together = ["\x1f".join(cells) for cells in zip(*columns, strict=True)]
    number = {stratum: place for place, stratum in enumerate(sorted(set(together)))}
    return np.array([number[stratum] for stratum in together], np.int64)


def recorded(ids: Sequence[str], arms: Mapping[str, tuple[str, str]], segment: str, codes: Mapping[str, int]) -> Codes:
    """By customer what `codes` says of the arm that is recorded for this segment, FREE where none is."""
    if not arms:
        return np.full(len(ids), FREE, np.int64)
    known = (arms.get(customer, ("", "")) for customer in ids)
    return np.array([codes.get(arm, FREE) if of == segment else FREE for of, arm in known], np.int64)


def _groups(strata: Codes) -> list[Codes]:
    """The places of each stratum's customers, by the stratum's number."""
    order = np.argsort(strata, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(strata[order])) + 1) if len(order) else []


def _filled(kept: Codes, count: int, totals: Codes) -> Codes:
    """The sizes of the arms after `count` more were given to the smallest; of equal ones to the least used so far."""
    sizes = kept.copy()
    while count:
        least = np.flatnonzero(sizes == sizes.min())
        above = sizes[sizes > sizes.min()]
        rise = min(count // len(least), int(above.min() - sizes.min()) if len(above) else count)
        if rise:
            sizes[least] += rise
            count -= rise * len(least)
        else:
            chosen = least[np.argsort((totals + sizes)[least], kind="stable")][:count]
            sizes[chosen] += 1
            count -= len(chosen)
    return sizes
