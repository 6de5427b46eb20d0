"""Who a letter is for: one name, or several that share an address (連名)."""

import re
from typing import NamedTuple

_SEPARATOR = re.compile("[、,，;；/／]+")
_BLANKS = re.compile("[ 　]+")


class Addressee(NamedTuple):
    """A name in its parts; `family` is empty where the list does not tell them apart."""

    family: str
    given: str

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.family} {self.given}" if self.family else self.given


def addressees(name: str, joint_names: str) -> list[Addressee]:
    """The name, then those of `joint_names` (between 、): whole names, or given names of the same family."""
    first = _parted(name)
    others = [part.strip(" 　") for part in _SEPARATOR.split(joint_names)]
    joint = [other if other.family else Addressee(first.family, other.given) for other in map(_parted, others)]
    return [first, *(person for person in joint if person.given)]


def _parted(name: str) -> Addressee:
    family, *given = _BLANKS.split(name, maxsplit=1)
    return Addressee(family, given[0]) if given else Addressee("", family)
