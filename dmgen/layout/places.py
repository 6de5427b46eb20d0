"""What a finished page must show of its piece, and where: what the read-back compares with the manifest."""

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import nodes

from dmgen.layout.compiler import NUMBER_NAMES, SEALED
from dmgen.layout.master import Master
from dmgen.layout.plans import Conditional, Plan, QrPlan
from dmgen.layout.symbol_plans import JapanPostPlan, SymbolPlan, is_address
from dmgen.layout.words import ENVIRONMENT, Origin, split_paragraphs
from dmgen.model.layout import (
    AddressSlot,
    AnySlot,
    ArSlot,
    Box,
    CouponSlot,
    Direction,
    JapanPostSlot,
    LotterySlot,
    Page,
    PostageMarkSlot,
    PostalBoxesSlot,
    QrSlot,
    SymbolSlot,
    TextSlot,
)
from dmgen.model.places import LayoutPlaces, PagePlaces, Part, Phrase, SlotPlace
from dmgen.symbols import CODINGS, MARKER_CELLS
from dmgen.symbols.japanpost import COLUMNS

_PARCEL = frozenset(
    f"parcel.{name}" for name in ("shipment_id", "wave", "position", "place", "order", "orders", "key", "tracking")
)
_SHOWN = (
    frozenset({"customer_id", "name", "postal_code", "address", "family_name", "given_name"})
    | (NUMBER_NAMES - {"tickets", "offer"})
    | _PARCEL
)
"""Names in words whose values a row of the manifest has, or that of its parcel."""
_ENCODED = _SHOWN - {"family_name", "given_name"}
_OFFERED = frozenset(
    f"offer.{name}"
    for name in ("label", "gift", "amount", "percent", "points", "minimum", "maximum", "cap", "starts", "expires")
)
"""What words may say of an offer, where it differs from piece to piece, that the job's tables tell of each."""
_OFFER_FORMS = frozenset({"yen", "comma", "jdate", "usdate"})
_DIGITS = re.compile(r"%0?\d*d")
_CONTEXT = 8  # characters of the words before and after a value: enough to tell 1 from 12
_KINDS: dict[type[AnySlot], str] = {
    AddressSlot: "address",
    ArSlot: "ar",
    CouponSlot: "coupon",
    JapanPostSlot: "japanpost",
    LotterySlot: "lottery",
    PostageMarkSlot: "postage_mark",
    PostalBoxesSlot: "postal_boxes",
    QrSlot: "qr",
    SymbolSlot: "",  # its own kind
    TextSlot: "text",
}
_MARGIN = 2  # modules that the read-back looks at around a code
_Symbols = dict[str, tuple[Box | None, float]]


def places(master: Master) -> LayoutPlaces:
    """Every slot that shows something of its piece, page by page (mm)."""
    layout, pages = master.layout, []
    known = _SHOWN if "offer" in master.constants else _SHOWN | _OFFERED
    for page, made in zip(layout.pages, master.pages, strict=True):
        symbols = dict(_symbols((plan.slot, plan.plan) for plan in made.plans))
        slots = tuple(
            place
            for slot in page.slots
            if type(slot) in _KINDS
            and not _on_paper(slot, master)
            and (place := _place(slot, layout.words, symbols, page, known))
        )
        pages.append(PagePlaces(slots, page.when.text if page.when else ""))
    return LayoutPlaces(layout.width, layout.height, layout.bleed, layout.sides, tuple(pages))


def _on_paper(slot: AnySlot, master: Master) -> bool:
    """Whether a mark is printed with the paper, and not with the letters."""
    return isinstance(slot, PostageMarkSlot) and bool(master.shell) and not slot.when


def _place(
    slot: AnySlot, words: dict[str, str], symbols: _Symbols, page: Page, known: frozenset[str]
) -> SlotPlace | None:
    phrases: tuple[Phrase, ...] = ()
    exact = False
    if isinstance(slot, TextSlot | SymbolSlot):
        source = words[slot.words]
        phrases, exact = _phrases(source, known, "url" if isinstance(slot, SymbolSlot) and is_address(source) else "")
        if isinstance(slot, TextSlot) and not phrases:
            return None
    elif isinstance(slot, PostageMarkSlot):
        phrases = tuple((Part(text=text),) for text in (slot.post_office, *slot.paid) if text)
    elif isinstance(slot, CouponSlot) and slot.words and known > _SHOWN:
        phrases, _ = _phrases(words[slot.words], known)
    others = [other for other in page.slots if other is not slot and type(other) in _KINDS]
    symbol, module = symbols.get(slot.name, (None, 0.0))
    if isinstance(slot, ArSlot):
        symbol, module = slot.area, slot.size / MARKER_CELLS
    return SlotPlace(
        name=slot.name,
        kind=slot.kind if isinstance(slot, SymbolSlot) else _KINDS[type(slot)],
        box=slot.box,
        when=slot.when.text if slot.when else "",
        vertical=isinstance(slot, TextSlot | AddressSlot) and slot.style.direction is Direction.VERTICAL,
        crowded=page.artwork is not None or any(slot.box.meets(other.box) for other in others),
        phrases=phrases,
        exact=exact,
        link=slot.link if isinstance(slot, QrSlot) else "",
        symbol=symbol,
        module=round(module, 4),
    )


def _symbols(plans: Iterator[tuple[str, Plan]]) -> Iterator[tuple[str, tuple[Box | None, float]]]:
    """By slot the rectangle of a code's modules where that is the same for everybody, and the size of one."""
    for slot, plan in plans:
        match plan.plan if isinstance(plan, Conditional) else plan:
            case QrPlan(box=box, series=series):
                yield slot, (box, box.width / series.size)
            case JapanPostPlan(area=area):
                yield slot, (area, area.width / COLUMNS)
            case SymbolPlan(columns=columns) as symbol if columns:
                yield slot, (_bars(symbol, symbol.module(columns)), symbol.module(columns))


def _bars(plan: SymbolPlan, module: float) -> Box | None:
    """Where bars of any length stand, without what is written under them."""
    if not CODINGS[plan.kind].bars:
        return None
    box, margin = plan.box, _MARGIN * module
    return Box(box.left + margin, box.top + margin, box.width - 2 * margin, plan.bar_height - 2 * margin)


def _phrases(source: str, known: frozenset[str], form: str = "") -> tuple[tuple[Phrase, ...], bool]:
    """What an entry of [words] shows of the `known` names whatever the piece; true where it shows nothing else.

    Columns are shown as they are, or in the format of the whole entry.
    """
    paragraphs = split_paragraphs(source, Origin(Path(), "", 1))
    runs = [run for paragraph in paragraphs for run in _runs(paragraph.source, known, form)]
    phrases = tuple(_trimmed(run) for run in runs if run and any(part.column for part in run))
    if len(paragraphs) == len(runs) == len(phrases) == 1:
        return (tuple(runs[0]),), True
    return phrases, False


def _runs(source: str, known: frozenset[str], form: str) -> Iterator[list[Part]]:
    """Stretches of a paragraph that follow from the manifest alone; between two of them stands something else."""
    run: list[Part] = []
    for node in ENVIRONMENT.parse(source).body:
        for inner in node.nodes if isinstance(node, nodes.Output) else [node]:
            part = _part(inner, known, form)
            if part:
                run.append(part)
            else:
                yield run
                run = []
    yield run


def _part(node: nodes.Node, known: frozenset[str], form: str) -> Part | None:
    match node:
        case nodes.TemplateData(data=text):
            return Part(text=text)
        case nodes.Getattr(node=nodes.Name(name="parcel"), attr=name) if f"parcel.{name}" in _PARCEL:
            return Part(column=f"parcel.{name}", format=form)
        case nodes.Getattr(node=nodes.Name(name=record), attr=name) if not form and f"{record}.{name}" in known:
            return Part(column=f"{record}.{name}")
        case nodes.Filter(name=shown, node=nodes.Getattr() as inner, args=[]) if shown in _OFFER_FORMS:
            part = _part(inner, known, form)
            return part and part._replace(format=shown)
        case nodes.Name(name=name) if name in (_ENCODED if form else _SHOWN):
            return Part(column=name, format=form)
        case nodes.Filter(name="fours", node=nodes.Getattr() as inner, args=[]) if not form:
            return _part(inner, known, form)
        case nodes.Getattr(node=nodes.Name(name=record), attr=name) if f"{record}.{name}" == SEALED:
            return Part(column=SEALED, format=form)
        case nodes.Filter(name="urlencode", node=nodes.Name(name=name), args=[]) if name in _ENCODED:
            return Part(column=name, format="path")
        case nodes.Filter(name="sama", node=nodes.Name(name="name")) if not form:
            return Part(column="name", format="sama")
        case nodes.Filter(name="format", node=nodes.Const(value=str(form)), args=[nodes.Name(name="sequence")]):
            return Part(column="sequence", format=form) if _DIGITS.fullmatch(form) else None
    return None


def _trimmed(run: list[Part]) -> Phrase:
    """A run with no more of the words than tell where a value begins and ends."""
    first = next(i for i, part in enumerate(run) if part.column)
    last = max(i for i, part in enumerate(run) if part.column)
    before = "".join(part.text for part in run[:first])[-_CONTEXT:]
    after = "".join(part.text for part in run[last + 1 :])[:_CONTEXT]
    return (*([Part(before)] if before else []), *run[first : last + 1], *([Part(after)] if after else []))
