"""What to look at on the address side of posted letters: what the post asks for and nobody can refuse for sure."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from dmgen.campaign.address_side import address_side, corner, is_envelope
from dmgen.campaign.barcode import bars
from dmgen.campaign.files import CAMPAIGN_FILE
from dmgen.errors import CampaignError, DmgenError
from dmgen.messages import mark
from dmgen.model.campaign import PARCEL_CHANNELS, Campaign
from dmgen.model.layout import (
    AddressSlot,
    AnySlot,
    Box,
    Direction,
    JapanPostSlot,
    Layout,
    Page,
    PanelSlot,
    PathSlot,
    PostageMarkSlot,
    PostalBoxesSlot,
    TextSlot,
)
from dmgen.model.posting import CARD, MARK, Discount, MailClass, MailRules, Payment
from dmgen.post.forms import form_of
from dmgen.post.rates import Rates, rates

_BY_HAND = ("料金別納", "料金後納")
_NEAR = 15.0  # mm between the address and a barcode directly below the name
_SLACK_FOR = (Discount.SORTED, Discount.ADVERTISING)
_BOXES = (47.7, 8.0)  # mm: all boxes of a postal code within their lines


class _Side(NamedTuple):
    """A layout with its address side: the first page with an address, and the panel of it."""

    campaign: Campaign
    layout: Layout
    page: Page
    panel: Box

    def remark(self, message: str, **values: object) -> CampaignError:
        return CampaignError(message, file=self.layout.file, **values)


def address_remarks(campaign: Campaign, layouts: Collection[str]) -> Iterator[DmgenError]:
    """What a person should look at; `layouts` are the names of those that letters are printed from."""
    if campaign.channel in PARCEL_CHANNELS or campaign.shop.country != "JP":
        return
    mail = campaign.mail
    if mail and mail.slack and not set(mail.discounts) & set(_SLACK_FOR):
        message = mark(
            "{file}: [mail] slack = {days} is for sorted letters and advertising mail, and the lines of the mark of "
            'paid postage say so: add discounts = ["sorted"], or take slack out'
        )
        yield CampaignError(message, file=campaign.folder / CAMPAIGN_FILE, days=mail.slack)
    of_the_day = rates(campaign.drop, campaign.shop.postage) if mail else None
    for name in sorted(layouts):
        side = _side(campaign, campaign.layouts[name])
        yield from _barcodes(side, mail)
        if mail and of_the_day and (mail.envelope is None or is_envelope(side.panel, mail.envelope)):
            yield from _mark(side, mail)
            yield from _card(side, mail, of_the_day)
            yield from _boxes(side, of_the_day)


def payment_remarks(campaign: Campaign, letters: int) -> Iterator[DmgenError]:
    """Letters that are too few to be paid for as [mail] says, and so as their mark does."""
    mail = campaign.mail
    if mail is None or campaign.channel in PARCEL_CHANNELS or campaign.shop.country != "JP":
        return
    least = form_of(mail.payment).least
    if not 0 < letters < least:
        return
    message = (
        mark(
            "{file}: [mail] payment: 料金別納 is for {least} letters at once or more, and these are {letters}: put "
            "stamps on them, without the mark"
        )
        if mail.payment is Payment.BETSUNO
        else mark(
            "{file}: [mail] payment: 料金後納 is for {least} pieces a month or more, and these are {letters}: they "
            "need others in the same month"
        )
    )
    yield CampaignError(message, file=campaign.folder / CAMPAIGN_FILE, least=least, letters=letters)


def says_card(layout: Layout, mail: MailRules | None) -> bool | None:
    """Whether the address side says that it is a card, without which it is a letter; None: artwork might say it."""
    page = address_page(layout)
    text = "".join("".join(_texts(layout, page)).split()).casefold()
    if any(words in text for words in address_side().card) or (mail is not None and CARD in mail.printed):
        return True
    return None if page.artwork else False


def address_page(layout: Layout) -> Page:
    """The page with the address, or the first."""
    shown = (AddressSlot, PostalBoxesSlot)
    return next((page for page in layout.pages if any(isinstance(slot, shown) for slot in page.slots)), layout.pages[0])


def _side(campaign: Campaign, layout: Layout) -> _Side:
    page = address_page(layout)
    address = next((slot for slot in page.slots if isinstance(slot, AddressSlot | PostalBoxesSlot)), None)
    return _Side(campaign, layout, page, layout.panel(address.box if address else Box(0, 0, 0, 0)))


def _texts(layout: Layout, page: Page) -> Iterator[str]:
    for slot in page.slots:
        if isinstance(slot, TextSlot):
            yield layout.words[slot.words]


def _barcodes(side: _Side, mail: MailRules | None) -> Iterator[DmgenError]:
    found = [(page, slot) for page in side.layout.pages for slot in page.slots if isinstance(slot, JapanPostSlot)]
    if mail and Discount.BARCODE in mail.discounts and not found:
        message = mark(
            '{file}: [mail] discounts has "barcode", and the layout has none: add under the address '
            'barcode = {{ kind = "japanpost", size = "9pt", box = [{left:g}, {top:g}, 76, 7.4] }}'
        )
        yield side.remark(message, **_below_address(side))
    for page, slot in found:
        address = next((other for other in page.slots if isinstance(other, AddressSlot)), None)
        if address and address.style.direction is Direction.HORIZONTAL and not _directly_below(page, address, slot):
            message = mark(
                "{file}: slot {slot}: where the address is horizontal the customer barcode stands alone, directly "
                "below the name: for example box = [{left:g}, {top:g}, {width:g}, {height:g}]"
            )
            values = _below_address(side) | {"width": slot.box.width, "height": slot.box.height}
            yield side.remark(message, slot=slot.name, **values)
        stamps = corner(side.layout.panel(slot.box), address_side().barcode.stamps)
        if mail is None and side.layout.window is None and stamps.meets(bars(slot.box, slot.size)):
            message = mark(
                "{file}: slot {slot}: the customer barcode stands where stamps and the postmark are, which only "
                'letters paid as 料金別納 or 料金後納 may have: move it, or write [mail] payment = "betsuno" '
                "in campaign.toml"
            )
            yield side.remark(message, slot=slot.name)


def _below_address(side: _Side) -> dict[str, float]:
    """Where a barcode below the address may begin."""
    address = next((slot for slot in side.page.slots if isinstance(slot, AddressSlot)), None)
    if address is None:
        return {"left": 20.0, "top": 50.0}
    return {"left": max(address.box.left - 2, 8.0), "top": address.box.top + address.box.height}


def _directly_below(page: Page, address: AddressSlot, barcode: JapanPostSlot) -> bool:
    """Whether a barcode follows the address, with nothing but shapes between them."""
    foot, top = address.box.top + address.box.height, barcode.box.top
    between = Box(barcode.box.left, foot, barcode.box.width, max(top - foot, 0.0))
    aside = barcode.box.left >= address.box.left + address.box.width
    aside |= barcode.box.left + barcode.box.width <= address.box.left
    others = [slot for slot in page.slots if slot not in (address, barcode) and not _is_shape(slot)]
    return -_NEAR / 100 <= top - foot <= _NEAR and not aside and not any(slot.box.meets(between) for slot in others)


def _is_shape(slot: AnySlot) -> bool:
    return isinstance(slot, PanelSlot | PathSlot)


def _mark(side: _Side, mail: MailRules) -> Iterator[DmgenError]:
    marks = [(page, slot) for page in side.layout.pages for slot in page.slots if isinstance(slot, PostageMarkSlot)]
    for page, slot in marks:
        if page is not side.page or side.layout.panel(slot.box) != side.panel:
            message = mark("{file}: slot {slot}: the mark of paid postage belongs on the side with the address")
            yield side.remark(message, slot=slot.name)
        if not side.panel.grown(-address_side().mark.safe).holds(slot.box):
            message = mark("{file}: slot {slot}: printers ask for {safe:g} mm between text and the trimmed edge")
            yield side.remark(message, slot=slot.name, safe=address_side().mark.safe)
    if marks or MARK in mail.printed:
        return
    place = _place_of_mark(side.panel)
    if any(words in "".join(text.split()) for text in _texts(side.layout, side.page) for words in _BY_HAND):
        message = mark(
            "{file}: the mark of paid postage is drawn by hand, so nobody has checked its size, its place, and what it "
            'says against [mail]: paid = {{ kind = "postage_mark", box = [{left:g}, {top:g}, 22, 22] }} draws it'
        )
    else:
        message = mark(
            "{file}: no mark of paid postage, so each letter has to be stamped by hand: "
            'add paid = {{ kind = "postage_mark", box = [{left:g}, {top:g}, 22, 22] }}, '
            'or where artwork or paper has it write [mail] printed = ["mark"] in campaign.toml'
        )
    yield side.remark(message, **place)


def _place_of_mark(panel: Box) -> dict[str, float]:
    left = panel.left + 7 if panel.height > panel.width else panel.left + panel.width - 29
    return {"left": left, "top": panel.top + 7}


def _card(side: _Side, mail: MailRules, of_the_day: Rates) -> Iterator[DmgenError]:
    card = of_the_day.classes.get(MailClass.HAGAKI)
    letter = of_the_day.classes.get(MailClass.TEIKEI)
    if card is None or letter is None or mail.mail_class not in (None, MailClass.HAGAKI):
        return
    said = says_card(side.layout, mail) if card.has_sides(side.panel.width, side.panel.height) else True
    if said:
        return
    message = (
        mark(
            "{file}: without 郵便はがき or POST CARD on its address side a card is charged as a letter, {letter} yen "
            'instead of {card}: add the words, or where the artwork says them write [mail] printed = ["card"] in '
            "campaign.toml"
        )
        if said is None
        else mark(
            "{file}: without 郵便はがき or POST CARD on its address side a card is charged as a letter, {letter} yen "
            "instead of {card}: add the words in the middle of its upper edge"
        )
    )
    yield side.remark(message, letter=letter.steps[0].yen, card=card.steps[0].yen)


def _boxes(side: _Side, of_the_day: Rates) -> Iterator[DmgenError]:
    rules, standard = address_side().boxes, of_the_day.classes.get(MailClass.TEIKEI)
    for slot in (slot for page in side.layout.pages for slot in page.slots if isinstance(slot, PostalBoxesSlot)):
        panel = side.layout.panel(slot.box)
        if panel.width >= panel.height:
            message = mark(
                "{file}: slot {slot}: the boxes of the postal code are for portrait pieces; on a landscape one write "
                "the code above the address"
            )
            yield side.remark(message, slot=slot.name)
            continue
        large = standard is not None and (panel.width > standard.short[1] or panel.height > standard.long[1])
        top, right = rules.large if large else rules.standard
        left, upper = panel.left + panel.width - right - _BOXES[0], panel.top + top
        if max(abs(slot.box.left - left), abs(slot.box.top - upper)) > rules.tolerance + 1e-6:
            message = mark(
                "{file}: slot {slot}: the machines of the post look for the boxes {top:g} mm from the top and "
                "{right:g} mm from the right, give or take {tolerance:g} mm: "
                "box = [{left:g}, {upper:g}, {width:g}, {height:g}]"
            )
            values = {"top": top, "right": right, "tolerance": rules.tolerance, "left": left, "upper": upper}
            yield side.remark(message, slot=slot.name, width=_BOXES[0], height=_BOXES[1], **values)
        if slot.frames and (slot.color[0] > 0 or slot.color[3] > 0):
            message = mark(
                "{file}: slot {slot}: the boxes are printed in vermilion without black and cyan: color = [0, 80, 80, 0]"
            )
            yield side.remark(message, slot=slot.name)
