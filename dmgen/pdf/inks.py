"""Colours as the inks that they print with, and how much of them (ISO 32000-1, 8.6)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from dmgen.pdf.spaces import Space
from dmgen.pdf.values import readable

PLATES = {"C": "Cyan", "M": "Magenta", "Y": "Yellow", "K": "Black"}
"""Process inks as files call them."""

PROCESS = tuple(PLATES)
_LEAST = 1 / 255  # of an ink: one step of eight bits is a picture's noise, not a plate
_SHORT = {name: ink for ink, name in PLATES.items()}


class Inks(NamedTuple):
    """Inks by name: C M Y K, spot inks as files call them. `total` is the most of them at one place, 1.0 a solid.

    Not `sure`: a colour among them is converted by the press, or adds to what lies under it in a way not counted here.
    """

    names: frozenset[str] = frozenset()
    total: float = 0.0
    sure: bool = True

    @property
    def is_black(self) -> bool:
        """Whether they are black alone, or nothing."""
        return self.names <= {"K"}


NO_INKS = Inks()
UNSURE = Inks(frozenset(PROCESS), 0.0, sure=False)


@lru_cache(maxsize=1 << 12)
def together(found: frozenset[Inks]) -> Inks:
    """What is painted by any of these; they lie beside each other, or the upper one hides the lower."""
    names = frozenset[str]().union(*(inks.names for inks in found))
    return Inks(names, max((inks.total for inks in found), default=0.0), all(inks.sure for inks in found))


def plates(space: Space) -> tuple[str, ...] | None:
    """The ink of each component of a space; "" for none, None for a space that the press converts."""
    if space.family in ("Separation", "DeviceN"):
        return tuple("" if name in ("None", "All") else _SHORT.get(name, readable(name)) for name in space.colorants)
    if space.family in ("DeviceGray", "CalGray", "DeviceCMYK", "ICCBased"):
        return {1: ("K",), 4: PROCESS}.get(space.components)
    return None


def is_light(space: Space) -> bool:
    """Whether a component of 1 is no ink, as in grey."""
    return space.family not in ("Separation", "DeviceN") and space.components == 1


def inks_of(space: Space, values: Sequence[float]) -> Inks:
    """The inks of a colour, its values from 0 to 1; register marks (All) are not counted."""
    names = plates(space)
    if names is None:
        return UNSURE
    covers = [1 - value if is_light(space) else value for value in values]
    return of_covers(zip(names, covers, strict=False))


def unsure_of(space: Space) -> Inks:
    """All inks of a space, where it is not known how much of them."""
    names = plates(space.painted())
    return UNSURE if names is None else Inks(frozenset(filter(None, names)), 0.0, sure=False)


def of_covers(covers: Iterable[tuple[str, float]], total: float | None = None) -> Inks:
    """Inks and how much of each there is at most; `total` at one place, their sum unless told."""
    kept = [(name, cover) for name, cover in covers if name and cover > _LEAST]
    most = sum(cover for _, cover in kept) if total is None else total
    return Inks(frozenset(name for name, _ in kept), round(most, 4) if kept else 0.0)
