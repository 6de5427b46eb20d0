"""A campaign's lists: read, cleaned, measured, segmented, and every row accounted for."""

from dmgen.audience.audience import Audience
from dmgen.audience.columns import COMPUTED
from dmgen.audience.load import load_audience
from dmgen.audience.sheet import InputFile

__all__ = ["COMPUTED", "Audience", "InputFile", "load_audience"]
