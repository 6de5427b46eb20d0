"""contacts.csv: who was written to or called, when, and whether it was opened; every row counted for its fate."""

import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.values import dates, text_of
from dmgen.audience.cells.vector import Mask, Positions, each, is_empty, mask
from dmgen.audience.clean.identity import Ids, settle_damaged
from dmgen.audience.outcomes import Outcomes, Report
from dmgen.audience.read.columns import Mapping, check_columns
from dmgen.audience.read.sheet import InputFile
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Shop
from dmgen.model.recipient import Outcome
from dmgen.timings import timed

_CUSTOMER = ("customer", "customer_id")
_SENT = ("sent_at", "sent_on")
_READ = ("opened_at", "clicked_at")
EMAIL, LETTER, SMS, CALL, OTHER = range(5)
_UNKNOWN = -1
_WORDS: dict[int, frozenset[str]] = {
    EMAIL: frozenset(
        (
            "email",
            "e-mail",
            "メール",
            "eメール",
            "電子メール",
            "メルマガ",
            "メールマガジン",
            "newsletter",
            "mailmagazine",
        )
    ),
    # "mail" is a letter, as in campaign.toml's channel: whoever means e-mail by it gets fewer letters, not more.
    LETTER: frozenset(
        (
            *("letter", "mail", "post", "postal", "dm", "directmail", "postcard", "insert"),
            *("ダイレクトメール", "手紙", "封書", "はがき", "ハガキ", "葉書", "圧着はがき", "郵便", "郵送", "同梱"),
        )
    ),
    SMS: frozenset(("sms", "text", "textmessage", "ショートメッセージ", "ショートメール")),
    CALL: frozenset(("call", "phone", "tel", "telephone", "電話", "コール", "架電", "アウトバウンド")),
    OTHER: frozenset(
        ("line", "push", "app", "アプリ", "プッシュ", "ads", "ad", "広告", "web", "fax", "other", "その他")
    ),
}
_CHANNELS = {unicodedata.normalize("NFKC", word): channel for channel, words in _WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Contacts:
    """What a contacts list holds for a campaign.

    `events` has one row a counted contact: `customer` (row of the customers list), `channel`, `day` (days since
    1970), `opened`. Those after the campaign's `as_of` are among them.
    """

    file: InputFile
    counts: dict[str, int]
    events: pd.DataFrame
    rejected: Report


def check_contacts(mapped: Mapping, shop: Shop) -> None:
    """Refuse a contacts list whose columns do not suffice. Raises ListError."""
    check_columns(mapped, shop, ("channel",), frozenset(_CUSTOMER))
    for names in (_CUSTOMER, _SENT):
        if not any(name in mapped.names for name in names):
            raise ListError(
                mark(
                    "{file}: the contacts list needs the columns customer, channel and sent_at (opened_at and "
                    "clicked_at where known); {missing} is missing. The file has: {found}. "
                    "Say in {shop} under [columns] which header it is."
                ),
                file=mapped.source.path,
                missing=names[0],
                found=", ".join(mapped.source.header),
                shop=shop.file,
            )


@timed(mark("read contacts"))
def read_contacts(mapped: Mapping, campaign: Campaign, ids: Ids) -> Contacts:
    """The contacts of a list, each row counted under what became of it.

    What cannot be read for certain (who, by which channel, when, whether it was opened) is rejected and named.
    A click counts as an opening, since pictures that count openings are often not loaded.
    """
    zone = campaign.shop.time_zone
    who, when = (next(name for name in names if name in mapped.names) for names in (_CUSTOMER, _SENT))
    read = [name for name in _READ if name in mapped.names]
    sheet = mapped.read((who, "channel", when, *read))
    outcomes = Outcomes(len(sheet.lines))
    ids_given, words, given = mapped.text(sheet, who), mapped.text(sheet, "channel"), mapped.raw(sheet, when)
    channel = np.asarray(each(words, _channel, pa.int8()))
    day = dates(given, zone)
    settle_damaged(sheet, outcomes)
    outcomes.settle_where(is_empty(ids_given), Outcome.REJECTED, "clean", "customer_id_missing", who)
    outcomes.settle_where(channel == _UNKNOWN, Outcome.REJECTED, "clean", "channel_unclear", "channel", words)
    outcomes.settle_where(mask(pc.is_null(day)), Outcome.REJECTED, "clean", "date_unclear", when, text_of(given))
    opened = np.zeros(len(sheet.lines), np.bool_)
    for name in read:
        cells = mapped.raw(sheet, name)
        text, at = text_of(cells), mask(pc.is_valid(dates(cells, zone)))
        unread = ~is_empty(text) & ~at
        outcomes.settle_where(unread, Outcome.REJECTED, "clean", "date_unclear", name, text)
        opened |= at
    customers, conflicting = listed(ids_given, ids)
    late = mask(pc.greater(day, pa.scalar(campaign.as_of)))
    fates = [("unlisted_customer", customers < 0), ("conflicting_customer", conflicting), ("after_as_of", late)]
    counts, kept = _count(outcomes, fates)
    rows = np.flatnonzero(kept)
    events = pd.DataFrame(
        {
            "customer": customers[rows],
            "channel": channel[rows],
            "day": np.asarray(pc.cast(day.take(pa.array(rows)), pa.int32())),
            "opened": opened[rows],
        }
    )
    return Contacts(sheet.file, counts, events, outcomes.report("contacts", sheet.lines, ids_given))


def listed(customer_id: pa.Array, ids: Ids) -> tuple[Positions, Mask]:
    """The customers row of each id (-1 where it is not listed), and whether two customers share the id."""
    code = np.asarray(pc.index_in(customer_id, value_set=ids.unique).fill_null(-1), np.int64)
    if not len(ids.rows):
        return code, np.zeros(len(code), np.bool_)
    known = code >= 0
    return np.where(known, ids.rows[code], -1), known & ids.conflicting[code]


def _channel(cell: str) -> int:
    word = unicodedata.normalize("NFKC", cell).strip().lower().replace(" ", "").replace("_", "")
    return _CHANNELS.get(word, _UNKNOWN)


def _count(outcomes: Outcomes, fates: list[tuple[str, Mask]]) -> tuple[dict[str, int], NDArray[np.bool_]]:
    """How many contacts had each fate (they add up to those read); which to keep: those after `as_of`, too."""
    left, kept = outcomes.open.copy(), outcomes.open.copy()
    counts = {"rejected": int((~left).sum())}
    for fate, rows in fates:
        hit = left & rows
        counts[fate] = int(hit.sum())
        left &= ~hit
        if fate != "after_as_of":
            kept &= ~hit
    counts["counted"] = int(left.sum())
    return {"read": len(left)} | {fate: n for fate, n in counts.items() if n or fate == "counted"}, kept
