"""The figures of letters handed in at once (差出票): as rows, as a paper, and as job.json says them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from dmgen.errors import DmgenError
from dmgen.messages import Speaker, mark
from dmgen.model.layout import Align
from dmgen.model.posting import Discount, MailRules, Payment, Sorting
from dmgen.papers import Block, Column, Document, Facts, Note, Table
from dmgen.post.classes import CLASS_NAMES
from dmgen.post.effects import Effect
from dmgen.post.forms import form_of
from dmgen.post.postage import DISCOUNT_NAMES, Given, Postage, Posting
from dmgen.post.rates import Certain

NOTE_COLUMNS = (
    *("row", "sender", "post_office", "payment", "posted_on", "slack_days", "sorting", "districts", "bundles"),
    *("class", "up_to_grams", "short_mm", "long_mm", "thickness_mm", "grams", "pieces", "full_price"),
    *(f"{discount.value}_percent" for discount in Discount),
    *("unit_price", "amount"),
)
"""One row a line of the form, and a last one, `total`, with what is paid: amounts of lines are not rounded."""

PAYMENTS = {
    Payment.BETSUNO: mark("paid when handed in (料金別納)"),
    Payment.KONOU: mark("paid by the month (料金後納)"),
}
SORTINGS = {
    Sorting.NONE: mark("not sorted"),
    Sorting.DISTRICT: mark("by postal district"),
    Sorting.LISTED: mark("by the post office's list of districts"),
}
_MET = {True: mark("met"), False: mark("not met"), None: mark("for you to see to")}


class Sender(NamedTuple):
    """Who posts the letters, as the form asks."""

    name: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Delivery:
    """Letters handed in at once. `name` is the mailing's; districts and bundles are 0 where nothing is sorted.

    `valid_from` is the day from which the prices hold; `assumed` is what was taken for granted.
    """

    name: str
    sender: Sender
    posted_on: date
    rules: MailRules
    postings: Sequence[Posting]
    postage: Postage
    effects: Sequence[Effect]
    valid_from: date
    districts: int = 0
    bundles: int = 0
    without_barcode: int = 0
    assumed: Sequence[DmgenError] = ()

    @property
    def pieces(self) -> int:
        """All letters."""
        return sum(posting.pieces for posting in self.postings)


def note_rows(note: Delivery) -> Iterator[tuple[Any, ...]]:
    """The rows of the table, `NOTE_COLUMNS`."""
    rules = note.rules
    told = (note.sender.name, rules.post_office, rules.payment.value, note.posted_on.isoformat(), rules.slack)
    ours = (*told, rules.sort.value, note.districts, note.bundles)
    for number, line in enumerate(note.postage.lines, 1):
        item = line.posting.item
        sides = (f"{item.width:g}", f"{item.height:g}", f"{item.thickness:g}", f"{item.weight:g}")
        percents = {given.discount: _plain(given.percent) for given in line.given if given.percent is not None}
        shares = [percents.get(one, "") for one in Discount]
        yield (
            *(number, *ours, line.mail_class.value, f"{line.step:g}", *sides, line.pieces, line.full),
            *(*shares, _plain(line.unit), _plain(line.amount)),
        )
    yield ("total", *ours, *[""] * 6, note.pieces, *[""] * (2 + len(Discount)), note.postage.total)


def note_json(note: Delivery) -> dict[str, Any]:
    """What job.json says: money in yen, as text where it has fractions."""
    rules, postage = note.rules, note.postage
    return {
        "payment": rules.payment.value,
        "post_office": rules.post_office,
        "posted_on": note.posted_on.isoformat(),
        "slack": rules.slack,
        "sort": rules.sort.value,
        "prices_from": note.valid_from.isoformat(),
        "pieces": note.pieces,
        "districts": note.districts,
        "bundles": note.bundles,
        "without_barcode": note.without_barcode,
        "lines": [
            {
                "class": line.mail_class.value,
                "up_to": line.step,
                "pieces": line.pieces,
                "full": line.full,
                "discounts": {one.discount.value: _plain(one.off) for one in line.given},
                "unit": _plain(line.unit),
                "amount": _plain(line.amount),
            }
            for line in postage.lines
        ],
        "full": postage.full,
        "total": postage.total,
    }


def note_document(note: Delivery, speaker: Speaker, day: str) -> Document:
    """The paper beside the post office's form; `day` is that of the posting in words."""
    say, form = speaker.say, form_of(note.rules.payment)
    blocks: list[Block] = [
        Facts(
            [
                (say(mark("pieces")), f"{note.pieces:,}"),
                (say(mark("postage (yen)")), f"{note.postage.total:,}"),
                (say(mark("day of posting")), day),
            ],
            columns=3,
            large=True,
        ),
        Facts(_about(note, speaker), columns=2, heading=say(mark("handed in"))),
        Table(_posted_columns(speaker), list(_posted(note, speaker)), heading=say(mark("letters"))),
        _money(note, speaker),
    ]
    if asked := [effect for effect in note.effects if effect.asked]:
        blocks.append(_conditions(asked, speaker))
    own = (
        say(mark("A form of your own is taken by many post offices; ask yours."))
        if form.own
        else say(mark("Write them into the form that the post office gives you."))
    )
    figures = say(mark("These are the figures for the post office's form {form}, not the form itself."), form=form.name)
    blocks.append(Note(f"{figures}\n{own}"))
    blocks.append(Note("\n".join(_small(note, speaker)), small=True))
    title = say(mark("Delivery note: figures for {form}"), form=form.name)
    return Document(title, note.name, blocks, footer=note.name, one_page=True, language=speaker.language)


def _about(note: Delivery, speaker: Speaker) -> list[tuple[str, str]]:
    say, rules, sender = speaker.say, note.rules, note.sender
    slack = say(mark("{days} days"), days=rules.slack) if rules.slack else say(mark("none"))
    facts = [
        (say(mark("sender")), sender.name),
        (say(mark("address")), sender.address),
        (say(mark("phone")), sender.phone),
        (say(mark("post office")), rules.post_office),
        (say(mark("payment")), say(PAYMENTS[rules.payment])),
        (say(mark("the post may take longer by")), slack),
        (say(mark("order of the letters")), say(SORTINGS[rules.sort])),
        (say(mark("districts, bundles")), f"{note.districts:,} / {note.bundles:,}" if note.bundles else ""),
        (say(mark("letters without a barcode")), f"{note.without_barcode:,}" if note.without_barcode else ""),
    ]
    return [(label, value) for label, value in facts if value]


def _posted_columns(speaker: Speaker) -> list[Column]:
    say, right = speaker.say, Align.RIGHT
    return [
        Column(say(mark("class")), 5),
        Column(say(mark("size (mm)")), 2.4, right),
        Column(say(mark("thick (mm)")), 1.8, right),
        Column(say(mark("weight (g)")), 1.8, right),
        Column(say(mark("pieces")), 2, right, adds=True),
        Column(say(mark("with barcode")), 2.2, right, adds=True),
    ]


def _posted(note: Delivery, speaker: Speaker) -> Iterator[tuple[str, ...]]:
    for posting in note.postings:
        item, told = posting.item, posting.classed
        size = f"{item.width:g} × {item.height:g}"
        name = speaker.say(CLASS_NAMES[told.mail_class])
        yield (
            name,
            size,
            f"{item.thickness:.2g}",
            f"{item.weight:.1f}",
            f"{posting.pieces:,}",
            f"{posting.with_barcode:,}",
        )


def _money(note: Delivery, speaker: Speaker) -> Table:
    say, right = speaker.say, Align.RIGHT
    columns = [
        Column(say(mark("class, weight")), 4.6),
        Column(say(mark("discounts")), 5),
        Column(say(mark("pieces")), 1.8, right, adds=True),
        Column(say(mark("full price")), 1.6, right),
        Column(say(mark("each")), 1.6, right),
        Column(say(mark("amount (yen)")), 2.4, right),
    ]
    rows = []
    for line in note.postage.lines:
        words = say(mark("{kind}, up to {grams:g} g"), kind=say(CLASS_NAMES[line.mail_class]), grams=line.step)
        discounts = say(mark(", ")).join(_discount(one, speaker) for one in line.given) or "–"
        money = (f"{line.full:,}", f"{_grouped(line.unit)}", f"{_grouped(line.amount)}")
        rows.append((words, discounts, f"{line.pieces:,}", *money))
    sums = (say(mark("to pay")), "", f"{note.pieces:,}", "", "", f"{note.postage.total:,}")
    return Table(columns, rows, sums, heading=say(mark("postage")))


def _discount(given: Given, speaker: Speaker) -> str:
    name = speaker.say(DISCOUNT_NAMES[given.discount])
    if given.percent is None:
        return speaker.say(mark("{discount} −{yen} yen"), discount=name, yen=_plain(given.off))
    return speaker.say(mark("{discount} {percent} %"), discount=name, percent=_plain(given.percent))


def _conditions(asked: Sequence[Effect], speaker: Speaker) -> Table:
    say = speaker.say
    columns = [
        Column(say(mark("discount")), 4),
        Column(say(mark("asks for")), 8),
        Column(say(mark("state")), 3),
    ]
    rows = [
        (say(DISCOUNT_NAMES[effect.discount]) if not number else "", speaker.error(one.message), say(_MET[one.met]))
        for effect in asked
        for number, one in enumerate(effect.conditions)
    ]
    return Table(columns, rows, heading=say(mark("what the discounts ask for")))


def _small(note: Delivery, speaker: Speaker) -> Iterator[str]:
    say, postage = speaker.say, note.postage
    money = {"full": f"{postage.full:,}", "saved": f"{postage.saved:,}"}
    if postage.total != sum(line.amount for line in postage.lines):
        yield say(mark("Only the total is rounded to whole yen; the amounts of the lines are exact."))
    yield say(mark("Without any discount: {full} yen; saved: {saved} yen."), **money)
    yield say(mark("Prices are those that hold from {day} on."), day=note.valid_from.isoformat())
    prices = len({line.unit for line in postage.lines})
    if prices > 1:
        message = mark(
            "The letters have {prices} prices: hand them in price by price, and ask whether letters without a barcode "
            "may stay among the others."
        )
        yield say(message, prices=prices)
    for effect in note.effects:
        if effect.asked and effect.certain in (Certain.ONE, Certain.MEMORY):
            message = mark("The rates of {discount} are not from the post itself: ask the post office beforehand.")
            yield say(message, discount=say(DISCOUNT_NAMES[effect.discount]))
    for one in note.assumed:
        yield say(mark("Assumed: {what}"), what=speaker.error(one))


def _plain(number: Decimal) -> str:
    """A number without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _grouped(number: Decimal) -> str:
    whole, dot, rest = _plain(number).partition(".")
    return f"{int(whole):,}{dot}{rest}"
