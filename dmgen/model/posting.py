"""How letters are handed to the post: what lies in an envelope, which discounts are asked for, in which order."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple


class MailClass(StrEnum):
    """What the post calls a piece; postage.toml says which sizes, weights and prices belong to each."""

    HAGAKI = "hagaki"
    TEIKEI = "teikei"
    TEIKEIGAI = "teikeigai"
    TEIKEIGAI_LARGE = "teikeigai_large"
    YUMAIL = "yumail"


class Payment(StrEnum):
    """Postage paid at the counter with the letters (料金別納), or by the month (料金後納)."""

    BETSUNO = "betsuno"
    KONOU = "konou"


class Discount(StrEnum):
    """What a sender may ask for: 区分, バーコード付, 広告, 郵便区内特別."""

    SORTED = "sorted"
    BARCODE = "barcode"
    ADVERTISING = "advertising"
    LOCAL = "local"


class Sorting(StrEnum):
    """The order of letters that are posted: as listed, by each postal district, by those that the post office lists."""

    NONE = "none"
    DISTRICT = "district"
    LISTED = "listed"


SLACK = (0, 3, 7)
"""Days more that the post may take (送達余裕)."""


CARD, MARK = "card", "mark"
PRINTED = (CARD, MARK)
"""What the post asks for that artwork or paper may have already: 郵便はがき, the mark of paid postage."""


class Paper(NamedTuple):
    """A paper; `thickness` (mm) is estimated from the weight (g/m²) where it is not said."""

    name: str
    gsm: float
    thickness: float

    @classmethod
    def of(cls, name: str, gsm: float, thickness: float | None = None) -> "Paper":
        """A paper of this weight; uncoated paper of 100 g/m² is about 0.125 mm thick."""
        return cls(name, gsm, thickness or gsm * 0.00125)


REAM_AREA = 0.788 * 1.091
"""m² of a sheet of 四六判; 1,000 of them weigh what a paper's 連量 (kg) says."""


class Envelope(NamedTuple):
    """An envelope: its sides (mm, the shorter first), its weight (g), and how much thicker it makes a letter (mm)."""

    name: str
    width: float
    height: float
    weight: float
    thickness: float


def _of_paper(name: str, width: float, height: float) -> Envelope:
    """An envelope of 80 g/m², with flaps and seams as a fifth more than its two sides; 0.1 mm a layer."""
    return Envelope(name, width, height, round(width * height * 2 * 1.2 * 80e-6, 1), 0.2)


ENVELOPES = {  # JIS S 5502
    "naga3": _of_paper("長形3号", 120.0, 235.0),
    "naga4": _of_paper("長形4号", 90.0, 205.0),
    "yocho3": _of_paper("洋形長3号", 120.0, 235.0),
    "yo2": _of_paper("洋形2号", 114.0, 162.0),
    "kaku2": _of_paper("角形2号", 240.0, 332.0),
    "kaku20": _of_paper("角形20号", 229.0, 324.0),
}
"""Envelopes by their keys in `envelope`."""


class Enclosure(NamedTuple):
    """Something that is enclosed with every letter: a catalogue, a sample. Grams and mm."""

    label: str
    weight: float
    thickness: float


@dataclass(frozen=True, slots=True)
class MailRules:
    """[mail]: how letters are posted. Without `envelope` a piece is posted as it is, a card.

    `mail_class` None: by size, weight and thickness. `districts` is the list that the post office gave, for
    Sorting.LISTED, and `listed` what stands in it: the first digits of postal codes. `regional_office`: handed in at
    a 地域区分局. `printed` is what artwork or paper has already, of PRINTED.
    """

    payment: Payment = Payment.BETSUNO
    post_office: str = ""
    envelope: Envelope | None = None
    enclosures: tuple[Enclosure, ...] = ()
    mail_class: MailClass | None = None
    discounts: tuple[Discount, ...] = ()
    slack: int = 0
    sort: Sorting = Sorting.NONE
    districts: Path | None = None
    listed: tuple[str, ...] = ()
    regional_office: bool = False
    printed: tuple[str, ...] = ()
