"""How often and when customers were reached: columns for rules and letters, and who had a letter too recently."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.cells.vector import TEXT, Mask
from dmgen.audience.choose.contacts import CALL, EMAIL, LETTER, Contacts, listed
from dmgen.audience.clean.identity import Ids
from dmgen.audience.read.columns import Column
from dmgen.model.audience import Contact
from dmgen.model.campaign import ColumnType
from dmgen.model.history import History

_EPOCH = date(1970, 1, 1)
_NEVER = -(2**31) + 1
Days = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters sent to customers of the list, one a customer and day: `customer` (row), `day` (since 1970).

    They come from the ledger's sent jobs and from contacts.csv; a letter that both know on one day is one.
    The drop that is being planned is not among them.
    """

    customer: Days
    day: Days


def letters_sent(history: History, contacts: Contacts | None, ids: Ids) -> Letters:
    """Every letter of any campaign of the shop to a customer of the list, but for this drop's own."""
    others, own = [_NO_EVENTS], [_NO_EVENTS]
    for mailing in history.mailings:
        rows, _ = listed(pa.array(mailing.recipients, TEXT), ids)
        rows = rows[rows >= 0]
        day = np.full(len(rows), (mailing.on - _EPOCH).days, np.int64)
        (own if mailing.own else others).append(np.stack([rows, day], axis=1))
    if contacts is not None:
        events = contacts.events[contacts.events["channel"] == LETTER]
        others.append(events[["customer", "day"]].to_numpy(np.int64))
    sent, mine = (_coded(np.concatenate(parts)) for parts in (others, own))
    left = np.setdiff1d(sent, mine, assume_unique=True)
    return Letters(left // _DAYS, left % _DAYS)


_NO_EVENTS = np.empty((0, 2), np.int64)
_DAYS = 10**7  # more than any calendar day's number since 1970


def _coded(events: Days) -> Days:
    """Each customer and day once, as one number. Days before 1970 cannot be, since no letter is that old."""
    return np.unique(events[:, 0] * _DAYS + np.maximum(events[:, 1], 0))


def contact_columns(
    columns: Mapping[str, Column], contacts: Contacts | None, letters: Letters, as_of: date, rows: int
) -> dict[str, Column]:
    """What was sent up to `as_of`, as columns of the customers list; null days where there was nothing.

    letters_sent, last_letter, letter_days (days since it) always; ordered_since_letter (a purchase on a later day)
    where there are orders; emails_sent, emails_unopened, last_email, last_call where there is a contacts list.
    """
    until = (as_of - _EPOCH).days
    past = letters.day <= until
    customer, day = letters.customer[past], letters.day[past]
    last = _last(customer, day, rows)
    found = {
        "letters_sent": _number(np.bincount(customer, minlength=rows)),
        "last_letter": _day(last),
        "letter_days": Column(ColumnType.INT, pa.array(until - last, mask=last == _NEVER)),
    }
    if "last_order" in columns:
        ordered = np.asarray(columns["last_order"].cells.cast(pa.int32()).fill_null(_NEVER), np.int64)
        found["ordered_since_letter"] = Column(ColumnType.FLAG, pa.array((last != _NEVER) & (ordered > last)))
    if contacts is not None:
        found |= _event_columns(contacts.events[contacts.events["day"] <= until], rows)
    return found


def latest_letters(letters: Letters, rows: int) -> pa.Array:
    """The day of each customer's latest letter as text, also where it is after `as_of`; empty where there is none."""
    return _day(_last(letters.customer, letters.day, rows)).cells.cast(TEXT).fill_null("")


def _event_columns(events: pd.DataFrame, rows: int) -> dict[str, Column]:
    """Of e-mails and calls. An e-mail counts as unopened where none sent that day or later was opened."""
    emails, calls = (events[events["channel"] == channel] for channel in (EMAIL, CALL))
    customer, day = (emails[name].to_numpy(np.int64) for name in ("customer", "day"))
    opened = emails["opened"].to_numpy(np.bool_)
    opening = _last(customer[opened], day[opened], rows)
    return {
        "emails_sent": _number(np.bincount(customer, minlength=rows)),
        "emails_unopened": _number(np.bincount(customer[day > opening[customer]], minlength=rows)),
        "last_email": _day(_last(customer, day, rows)),
        "last_call": _day(_last(calls["customer"].to_numpy(np.int64), calls["day"].to_numpy(np.int64), rows)),
    }


def _last(customer: Days, day: Days, rows: int) -> Days:
    """The latest day of each customer, _NEVER where there is none."""
    last = np.full(rows, _NEVER, np.int64)
    np.maximum.at(last, customer, day)
    return last


def _number(counts: Days) -> Column:
    return Column(ColumnType.INT, pa.array(counts.astype(np.int64)))


def _day(days: Days) -> Column:
    never = days == _NEVER
    return Column(ColumnType.DATE, pa.array(np.where(never, 0, days).astype(np.int32), mask=never).cast(pa.date32()))


def too_recent(letters: Letters, contact: Contact, drop: date, rows: int) -> tuple[Mask, Mask]:
    """Who had a letter less than `minimum_days` from the drop; who had as many as allowed in the days before it.

    Letters sent after the drop's day count too: they are on their way, whatever day this drop is planned for.
    """
    at = (drop - _EPOCH).days
    near, full = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
    if contact.minimum_days is not None:
        near[letters.customer[np.abs(at - letters.day) < contact.minimum_days]] = True
    if contact.letters is not None:
        within = letters.customer[letters.day > at - contact.days]
        full = np.bincount(within, minlength=rows) >= contact.letters
    return near, full
