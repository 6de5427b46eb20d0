"""A campaign's lists: read, cleaned, measured, segmented, and every row accounted for."""

from dmgen.audience.audience import Audience
from dmgen.audience.cells.vector import Positions
from dmgen.audience.clean.districts import districts as postal_districts
from dmgen.audience.clean.shipments import read_batch, ship_day
from dmgen.audience.lists import product_names
from dmgen.audience.load import load_audience
from dmgen.audience.read.columns import COMPUTED
from dmgen.audience.read.sheet import InputFile

__all__ = [
    "COMPUTED",
    "Audience",
    "InputFile",
    "Positions",
    "load_audience",
    "postal_districts",
    "product_names",
    "read_batch",
    "ship_day",
]
