"""What was issued, printed and sent, kept for ever in SQLite or PostgreSQL."""

from dmgen.ledger.backup import copy_ledger
from dmgen.ledger.coupons import IssuedCoupon
from dmgen.ledger.events import Event, What
from dmgen.ledger.fates import Changed, CodePlace, Fate, Fates, Told
from dmgen.ledger.halts import Halt, Why
from dmgen.ledger.issue import Issued, Issuing
from dmgen.ledger.ledger import Ledger
from dmgen.ledger.lotteries import Drawn, drawn_already
from dmgen.ledger.mailings import Letter
from dmgen.ledger.matches import Match, Pair, ParcelNow, PieceNow, Scanning, Standing
from dmgen.ledger.purge import STAND_IN, PurgeRecord, refuse_purged, was_purged
from dmgen.ledger.restore import Restored, RestoredCode, RestoredPiece
from dmgen.ledger.restore_job import RestoredJob
from dmgen.ledger.story import IssuedCode, Story

__all__ = [
    "STAND_IN",
    "Changed",
    "CodePlace",
    "Drawn",
    "Event",
    "Fate",
    "Fates",
    "Halt",
    "Issued",
    "IssuedCode",
    "IssuedCoupon",
    "Issuing",
    "Ledger",
    "Letter",
    "Match",
    "Pair",
    "ParcelNow",
    "PieceNow",
    "PurgeRecord",
    "Restored",
    "RestoredCode",
    "RestoredJob",
    "RestoredPiece",
    "Scanning",
    "Standing",
    "Story",
    "Told",
    "What",
    "Why",
    "copy_ledger",
    "drawn_already",
    "refuse_purged",
    "was_purged",
]
