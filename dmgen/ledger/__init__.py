"""What was issued, printed and sent, kept for ever in SQLite or PostgreSQL."""

from dmgen.ledger.coupons import IssuedCoupon
from dmgen.ledger.fates import Changed, CodePlace, Fate, Fates, Told
from dmgen.ledger.issue import Issued, Issuing
from dmgen.ledger.ledger import Ledger
from dmgen.ledger.lotteries import Drawn, drawn_already
from dmgen.ledger.mailings import Letter
from dmgen.ledger.restore import RestoredCode, RestoredPiece

__all__ = [
    "Changed",
    "CodePlace",
    "Drawn",
    "Fate",
    "Fates",
    "Issued",
    "IssuedCoupon",
    "Issuing",
    "Ledger",
    "Letter",
    "RestoredCode",
    "RestoredPiece",
    "Told",
    "drawn_already",
]
