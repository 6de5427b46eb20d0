"""People to reach by e-mail, SMS, advertising or telephone: only who may be reached so, each address once."""

import hashlib
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.keys import email_keys, phone_keys
from dmgen.audience.cells.values import flags, text_of
from dmgen.audience.cells.vector import TEXT, Mask, each, is_empty, mask, matches
from dmgen.audience.choose.segment import whom
from dmgen.audience.clean.customers import Customers
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.audience import ContactChannel, ContactList
from dmgen.model.campaign import Campaign
from dmgen.model.recipient import Outcome

# Who said no to letters, or may have, is asked by no other way either. Rows that cannot be used for a letter are
# left out whatever is wrong with them: the first fault found hides any other, and a list is mended at its source.
_NEVER = (Outcome.SUPPRESSED, Outcome.REVIEW, Outcome.REJECTED, Outcome.DUPLICATE)
_OBJECTED = (Outcome.SUPPRESSED, Outcome.REVIEW)
_MOBILE = r"^0[6-9]0[0-9]{8}$"
_COUNTRY_CODE = {"JP": "+81"}
_COLUMNS = {
    ContactChannel.EMAIL: ("email", "name", "customer_id", "segment"),
    ContactChannel.SMS: ("phone", "name", "customer_id", "segment"),
    ContactChannel.ADS: ("email", "phone", "phone_digits"),
    ContactChannel.CALL: ("phone", "name", "customer_id", "segment", "last_letter", "last_order", "last_call"),
}
_NEEDS = {
    ContactChannel.EMAIL: ("email",),
    ContactChannel.SMS: ("phone",),
    ContactChannel.ADS: ("email", "phone"),
    ContactChannel.CALL: ("phone",),
}


@dataclass(frozen=True, slots=True)
class People:
    """A contact list: its columns of text, and of those its rule takes how many are left out, by reason.

    `asked` is whether the customers list says who agreed to the channel.
    """

    columns: dict[str, pa.Array]
    left_out: dict[str, int]
    asked: bool

    @property
    def count(self) -> int:
        """How many people the list holds."""
        return len(next(iter(self.columns.values())))


def people_to_reach(campaign: Campaign, customers: Customers, wanted: ContactList) -> People:
    """The people of one list under [contact_lists], in list order.

    Of `segments`, and whom `when` takes; of everybody where neither is said. Raises ListError where the customers
    list has no such addresses, or does not say who agreed to be reached by the channel.
    """
    check_consent(campaign, customers, wanted)
    left = _chosen(campaign, customers, wanted)
    left_out: dict[str, int] = {}

    def leave(reason: str, rows: Mask) -> None:
        nonlocal left
        if count := int((left & rows).sum()):
            left_out[reason] = count
        left = left & ~rows

    for outcome in _NEVER:
        rows = np.zeros(len(left), np.bool_)
        rows[customers.outcomes.of(outcome)] = True
        leave(outcome.value, rows)
    keys = {name: _allowed(campaign, customers, wanted, name) for name in _present(customers, wanted)}
    refused, unaddressed = (np.ones(len(left), np.bool_) for _ in range(2))
    for cells, allowed in keys.values():
        unaddressed &= is_empty(cells)
        refused &= is_empty(cells) | ~allowed
    leave("no_address", unaddressed)
    leave("no_consent", refused)
    cells = {name: pc.if_else(pa.array(allowed), found, "") for name, (found, allowed) in keys.items()}
    if wanted.channel is ContactChannel.SMS:
        leave("not_mobile", ~matches(cells["phone"], _MOBILE) & ~matches(cells["phone"], r"^\+"))
    if wanted.channel is not ContactChannel.CALL:
        leave("address_twice", _repeated(list(cells.values()), left))
    return People(_table(campaign, customers, wanted, cells, left), left_out, _is_asked(customers, wanted))


def check_consent(campaign: Campaign, customers: Customers, wanted: ContactList) -> None:
    """Raises ListError where the list has no such addresses, or nothing says who agreed to the channel.

    E-mail and SMS need the consent of each person (特定電子メール法 3条; it exempts buyers, for whom the campaign
    may say that nothing is recorded). Advertising is given addresses of the same people. Telephone needs none, but
    who refused a call must not be called again (特定商取引法 17条): `call_allowed` is heeded where there is one.
    """
    file, listed = campaign.lists.customers, f"[contact_lists] {wanted.id}"
    if not _present(customers, wanted):
        raise ListError(
            mark("{file}: {list} needs the column {columns}, which the list has not."),
            file=file,
            list=listed,
            columns=" / ".join(_NEEDS[wanted.channel]),
        )
    if wanted.channel is ContactChannel.CALL or campaign.lists.no_opt_out_recorded:
        return
    if not _is_asked(customers, wanted):
        raise ListError(
            mark(
                "{file}: {list}: no column says who agreed to be reached by {channel} ({columns}). Say in {shop} under "
                "[columns] which header it is, or, if it is recorded nowhere and the people may be reached all the "
                'same, in campaign.toml under [lists]: opt_out = "none recorded"'
            ),
            file=file,
            list=listed,
            channel=wanted.channel.value,
            columns=" / ".join(column for name in _NEEDS[wanted.channel] for column in _asked(wanted, name)),
            shop=campaign.shop.file,
        )


def _present(customers: Customers, wanted: ContactList) -> list[str]:
    """The columns of addresses that the list has for this channel."""
    return [name for name in _NEEDS[wanted.channel] if name in customers.columns]


def _asked(wanted: ContactList, name: str) -> tuple[str, ...]:
    """The columns that may say whether an address may be used, the channel's own first."""
    match wanted.channel:
        case ContactChannel.CALL:
            return ("call_allowed",)
        case ContactChannel.ADS:
            return ("ads_allowed", "email_allowed" if name == "email" else "sms_allowed")
    return (f"{wanted.channel.value}_allowed",)


def _consents(customers: Customers, wanted: ContactList, name: str) -> list[str]:
    return [column for column in _asked(wanted, name) if column in customers.columns][:1]


def _is_asked(customers: Customers, wanted: ContactList) -> bool:
    return any(_consents(customers, wanted, name) for name in _present(customers, wanted))


def _chosen(campaign: Campaign, customers: Customers, wanted: ContactList) -> Mask:
    """Whom the list's segments and rule take, whatever became of them."""
    hit = np.ones(len(customers.lines), np.bool_)
    if wanted.segments:
        hit &= mask(pc.is_in(customers.columns["segment"].cells, pa.array(wanted.segments, TEXT)))
    if wanted.when is not None:
        place = f"[contact_lists] {wanted.id}"
        hit &= whom(campaign, place, wanted.when, customers.columns, np.arange(len(hit)))
    return hit


def _allowed(campaign: Campaign, customers: Customers, wanted: ContactList, name: str) -> tuple[pa.Array, Mask]:
    """Addresses in one form, and which of them may be used.

    Where one of several people with an address said no, to this or to letters, it is nobody's any more.
    """
    text = text_of(customers.columns[name].cells)
    keys = email_keys(text) if name == "email" else phone_keys(text)
    no = np.zeros(len(keys), np.bool_)
    for outcome in _OBJECTED:
        no[customers.outcomes.of(outcome)] = True
    allowed = np.ones(len(keys), np.bool_)
    for column in _consents(customers, wanted, name):
        said = flags(customers.columns[column].cells)
        allowed = mask(said)
        no |= mask(pc.equal(said, False))
    if wanted.channel is ContactChannel.ADS and not campaign.lists.no_opt_out_recorded:
        allowed &= bool(_consents(customers, wanted, name))
    refused = pc.unique(keys.filter(pa.array(no)))
    return keys, allowed & ~mask(pc.is_in(keys, refused))


def _repeated(addresses: list[pa.Array], left: Mask) -> Mask:
    """Whose addresses stand in the list already, each time but the first."""
    rows = np.flatnonzero(left)
    together = pc.binary_join_element_wise(*addresses, pa.scalar("\x1f", TEXT)).take(pa.array(rows))
    codes = np.asarray(together.dictionary_encode().indices)
    first = np.unique(codes, return_index=True)[1]
    repeated = np.zeros(len(left), np.bool_)
    repeated[np.delete(rows, first)] = True
    return repeated


def _table(
    campaign: Campaign, customers: Customers, wanted: ContactList, keys: dict[str, pa.Array], left: Mask
) -> dict[str, pa.Array]:
    rows = pa.array(np.flatnonzero(left))
    taken = {name: cells.take(rows) for name, cells in keys.items()}
    if wanted.channel is ContactChannel.ADS:
        return _hashed(taken, campaign.shop.country, len(rows))
    own = {name: _as_given(customers, name, rows, cells) for name, cells in taken.items()}
    return {name: own.get(name, _cells(customers, name, rows)) for name in _COLUMNS[wanted.channel]}


def _as_given(customers: Customers, name: str, rows: pa.Array, keys: pa.Array) -> pa.Array:
    """An e-mail address as the person writes it, where only its case differs from its key; phones as digits."""
    given = text_of(customers.columns[name].cells).take(rows)
    return pc.if_else(pc.equal(pc.utf8_lower(given), keys), given, keys)


def _cells(customers: Customers, name: str, rows: pa.Array) -> pa.Array:
    if name not in customers.columns:
        return pa.repeat(pa.scalar("", TEXT), len(rows))
    return text_of(customers.columns[name].cells).take(rows)


def _hashed(keys: dict[str, pa.Array], country: str, count: int) -> dict[str, pa.Array]:
    """SHA-256 in hexadecimal of what advertising asks for, empty where it is not known.

    E-mail in lower case without blanks; phones in E.164 ("+8190…"), as Google's Customer Match asks, and the same
    digits without "+", as Meta's custom audiences and Criteo ask. A national number is of the shop's own country.
    """
    nothing = pa.repeat(pa.scalar("", TEXT), count)
    code = _COUNTRY_CODE.get(country, "")
    phones = each(keys.get("phone", nothing), lambda key: _international(key, code), TEXT)
    forms = {
        "email": keys.get("email", nothing),
        "phone": phones,
        "phone_digits": pc.replace_substring(phones, "+", ""),
    }
    return {name: each(cells, _sha256, TEXT) for name, cells in forms.items()}


def _international(key: str, code: str) -> str:
    if key.startswith("+"):
        return key
    return code + key[1:] if code and key.startswith("0") else ""


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
