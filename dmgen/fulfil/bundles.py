"""Which letters belong to which postal district, in print order: how the printed pile is bundled for the post."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from dmgen.fulfil.folder import POST

BUNDLES = f"{POST}/bundles.csv"


class Bundle(NamedTuple):
    """Letters of one district that lie together in one print file; pages count from 1 in that file."""

    district: str
    letters: int
    first_sequence: int
    last_sequence: int
    file: str
    first_page: int
    last_page: int


BUNDLE_COLUMNS = Bundle._fields


def bundles(manifest: Iterable[Mapping[str, str]], districts: Mapping[str, str]) -> Iterator[Bundle]:
    """The bundles of a job from the rows of its manifest; `districts` says the district of each postal code.

    A district has one bundle in each file in which it has letters.
    """
    for (file, district), rows in groupby(manifest, lambda row: (row["file"], districts[row["postal_code"]])):
        letters = list(rows)
        first, last = letters[0], letters[-1]
        sequences = int(first["sequence"]), int(last["sequence"])
        yield Bundle(district, len(letters), *sequences, file, int(first["first_page"]), int(last["last_page"]))
