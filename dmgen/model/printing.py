"""How a job is printed: the PDF standard of its files and the printing condition that their colours are for."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dmgen.model.posting import Paper
from dmgen.resources import asset

SHIPPED_PROFILE = asset("icc", "FOGRA39L.icc")
SHIPPED_CONDITION = "FOGRA39"
CUSTOM_CONDITION = "Custom"
"""What an output intent is called whose condition nobody has registered."""

REGISTERED_CONDITIONS = (
    "FOGRA39", "FOGRA27", "FOGRA40", "FOGRA41", "FOGRA42", "FOGRA43", "FOGRA44", "FOGRA45", "FOGRA46", "FOGRA47",
    "FOGRA51", "FOGRA52", "JC200103", "JC200104", "JCS2011", "JCN2002", "JCW2003",
    "CGATS TR 001", "CGATS TR 002", "CGATS TR 003", "CGATS TR 005", "CGATS TR 006", "IFRA26", "IFRA30",
)  # fmt: skip
"""Names of the registry at http://www.color.org that a printer knows without being sent a profile."""


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


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """[print] of a campaign. Without `profile` the registered name of the condition stands alone (PDF/X-1a only).

    `black_only`: the paper is a pre-printed shell, and only black is printed on it. `postal_code`: PDF/VT-1 says
    each piece's in its metadata. `finishing` (folding, pressing …) and `note` are said in the printer's work order.
    """

    standard: Standard = Standard.X4
    condition: str = SHIPPED_CONDITION
    profile: Path | None = SHIPPED_PROFILE
    black_only: bool = False
    postal_code: bool = False
    paper: Paper | None = None
    finishing: str = ""
    note: str = ""

    @property
    def registered(self) -> bool:
        """Whether the condition's name is one of the registry's."""
        return self.condition in REGISTERED_CONDITIONS

    @property
    def conversion(self) -> Path:
        """The profile through which pictures become CMYK: the job's own, or the shipped one."""
        return self.profile or SHIPPED_PROFILE
