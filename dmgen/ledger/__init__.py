"""What was issued, printed and sent, kept for ever in SQLite or PostgreSQL."""

from dmgen.ledger.coupons import IssuedCoupon
from dmgen.ledger.events import Event, What
from dmgen.ledger.fates import Changed, CodePlace, Fate, Fates, Told
from dmgen.ledger.issue import Issued, Issuing
from dmgen.ledger.ledger import Ledger
from dmgen.ledger.lotteries import Drawn, drawn_already
from dmgen.ledger.mailings import Letter
from dmgen.ledger.parcels import PlannedParcel, match_key
from dmgen.ledger.restore import RestoredCode, RestoredPiece

__all__ = [
    "Changed",
    "CodePlace",
    "Drawn",
    "Event",
    "Fate",
    "Fates",
    "Issued",
    "IssuedCoupon",
    "Issuing",
    "Ledger",
    "Letter",
    "PlannedParcel",
    "RestoredCode",
    "RestoredPiece",
    "Told",
    "What",
    "drawn_already",
    "match_key",
]
