"""How a job is printed: the standard that its files obey."""

from enum import StrEnum


class Standard(StrEnum):
    """The PDF standards that print files are written in."""

    X4 = "PDF/X-4"
    VT1 = "PDF/VT-1"
    X1A_2001 = "PDF/X-1a:2001"
    X1A_2003 = "PDF/X-1a:2003"

    @property
    def is_x1a(self) -> bool:
        """Whether it is older than transparency, XMP and object streams; PDF/VT-1 is PDF/X-4 and more."""
        return self in (Standard.X1A_2001, Standard.X1A_2003)
