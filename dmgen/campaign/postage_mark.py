"""The mark of paid postage (料金別納, 料金後納): what it says, how large it is, where it stands."""

from collections.abc import Sequence
from typing import Any

from dmgen.campaign.address_side import address_side, corner, is_envelope
from dmgen.campaign.problems import RefusalError
from dmgen.campaign.schema_layout import PostageMarkTable
from dmgen.messages import mark
from dmgen.model.layout import AnySlot, Box, MarkShape, PanelSlot, PathSlot, PostageMarkSlot
from dmgen.model.posting import MailClass, MailRules, Payment

_PAID = {Payment.BETSUNO: "料金別納", Payment.KONOU: "料金後納"}
_YUMAIL = "ゆうメール"
_ROUNDING = 1e-6  # mm


def mark_values(table: PostageMarkTable, mail: MailRules | None) -> dict[str, Any]:
    """What [mail] makes the mark say. Raises RefusalError where it does not tell."""
    if mail is None:
        message = mark(
            "the mark says how the postage is paid: write in campaign.toml [mail] "
            'payment = "betsuno" (or "konou") and post_office = "銀座"'
        )
        raise RefusalError(message)
    if table.post_office and not mail.post_office:
        message = mark(
            'the mark names the post office: write post_office = "銀座" under [mail] of campaign.toml, or here '
            "post_office = false if the sender's name and address stand on the outside"
        )
        raise RefusalError(message)
    rules = address_side().mark
    return {
        "post_office": _office(mail.post_office) if table.post_office else "",
        "paid": _paid(mail, advert=table.advert),
        "lines": rules.lines[mail.slack],
        "gap": rules.gap,
    }


def _office(name: str) -> str:
    """A post office as the mark names it: 銀座郵便局 is 銀座局."""
    return name if name.endswith("支店") else name.removesuffix("局").removesuffix("郵便") + "局"


def _paid(mail: MailRules, *, advert: bool) -> tuple[str, ...]:
    """What is paid, in one line or two; a parcel (ゆうメール) is no 郵便."""
    paid = _PAID[mail.payment]
    if mail.mail_class is MailClass.YUMAIL:
        return (f"{paid}　{_YUMAIL}",) if advert else (paid, _YUMAIL)
    return (f"{paid}郵便",) if advert else (paid, "郵　便")


def check_mark(table: PostageMarkTable, panel: Box, mail: MailRules) -> None:
    """Raise RefusalError for a mark that is too small or too large, or not in its corner of the posted piece.

    `panel` is the part of the sheet between folds on which it stands.
    """
    rules, box = address_side().mark, table.box
    sides = (box.width, box.height)
    if min(sides) < rules.least - _ROUNDING or max(sides) > rules.most + _ROUNDING:
        message = mark("the mark is {least:g} to {most:g} mm wide and as high")
        raise RefusalError(message, least=rules.least, most=rules.most)
    if table.shape is MarkShape.CIRCLE and abs(box.width - box.height) > _ROUNDING:
        raise RefusalError(mark('a circle is as wide as it is high; otherwise write shape = "square"'))
    if mail.envelope and not is_envelope(panel, mail.envelope):
        message = mark(
            "the letter lies in an envelope ([mail] envelope), and the mark stands on that: have it printed there, "
            "and take the slot out"
        )
        raise RefusalError(message)
    room = corner(panel, rules.area)
    if not room.holds(box):
        values = {"left": room.left, "top": room.top, "width": room.width, "height": room.height}
        message = (
            mark(
                "on a portrait piece the mark stands at the top left: within [{left:g}, {top:g}, {width:g}, {height:g}]"
            )
            if panel.height > panel.width
            else mark(
                "on a landscape piece the mark stands at the top right: within "
                "[{left:g}, {top:g}, {width:g}, {height:g}]"
            )
        )
        raise RefusalError(message, **values)


def check_mark_clear(slots: Sequence[AnySlot], at: int) -> None:
    """Raise RefusalError if `slots[at]` is a mark and another slot shows on it, but for its lower half if that is free.

    A panel or shape may lie under the whole of it.
    """
    own = slots[at]
    if not isinstance(own, PostageMarkSlot):
        return
    box = own.box
    kept = Box(box.left, box.top, box.width, box.height / 2) if own.advert else box
    for place, other in enumerate(slots):
        if other is own or not kept.meets(other.box):
            continue
        beneath = isinstance(other, PanelSlot | PathSlot) and place < at and other.box.holds(kept)
        if not beneath:
            message = mark("{other} stands on the mark; only with advert = true its lower half is free")
            raise RefusalError(message, other=other.name)
