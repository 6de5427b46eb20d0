"""Turns slots into plans: sets what is the same for everybody and collects it in forms."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dmgen.errors import CampaignError
from dmgen.fonts import Chain, Face, chain_of
from dmgen.layout.inks import check_black, check_black_only
from dmgen.layout.materials import Materials, SlotPlan, image_plan
from dmgen.layout.piece import PieceValues
from dmgen.layout.plans import (
    AddressPlan,
    Conditional,
    Copy,
    CouponPlan,
    Fixed,
    FixedBlock,
    LotteryPlan,
    OversetError,
    PicturePlan,
    Plan,
    QrPlan,
    Stack,
    TextPlan,
    WesternAddressPlan,
    fitted,
)
from dmgen.layout.postage_mark import postage_mark_plan
from dmgen.layout.postal_boxes import PostalBoxesPlan, frames
from dmgen.layout.symbol_plans import JapanPostPlan, japanpost_plan, link_plan, marker_plan, words_plan
from dmgen.layout.typeset import Setter
from dmgen.layout.vertical_address import VerticalAddressPlan
from dmgen.layout.vertical_slots import address_plan, columns_plan, postal_boxes_plan
from dmgen.layout.words import (
    Origin,
    Paragraph,
    check_glyphs,
    check_names,
    render,
    split_paragraphs,
    unknown_names,
)
from dmgen.messages import mark
from dmgen.model.contents import Code, Item, Stamp
from dmgen.model.layout import (
    AddressSlot,
    AnySlot,
    ArSlot,
    Box,
    CouponSlot,
    Direction,
    ImageSlot,
    JapanPostSlot,
    Layout,
    LotterySlot,
    Page,
    PanelSlot,
    PathSlot,
    PostageMarkSlot,
    PostalBoxesSlot,
    QrSlot,
    Slot,
    Style,
    SymbolSlot,
    TextSlot,
)
from dmgen.model.production import Numbers
from dmgen.model.rule import Rule

_ADDRESS_PARTS = ("prefecture", "city", "town", "street", "building")
_ADDRESS_SHOWN = ("name", *_ADDRESS_PARTS, "postal_code", "address")
_NOBODY = Numbers("")
_OF_THE_ROW = (AddressPlan, WesternAddressPlan, VerticalAddressPlan, PostalBoxesPlan, PicturePlan, JapanPostPlan)


NUMBER_NAMES = frozenset(
    {"sequence", "piece_id", "coupon", "coupon_code", "tickets", "ticket_numbers", "link", "offer"}
)
"""Names in words that stand for what is issued to a piece, and on which terms."""
SEALED = "lottery.commitment"
"""The name in words that stands for a job's seal, which is there once its numbers are issued."""


class Compiler:
    """Compiles the slots of one layout; `prefix` keeps the names of its forms apart from other layouts'."""

    def __init__(self, layout: Layout, materials: Materials, constants: Mapping[str, Any], prefix: str) -> None:
        self.layout = layout
        self.materials = materials
        self.constants = dict(constants)
        self.prefix = prefix
        self.variable: list[Paragraph] = []
        self.forms: dict[str, list[Item]] = {}
        self.columns: set[str] = set()
        self.links: list[str] = []
        self.nobody = PieceValues(self.constants, [], _NOBODY)

    def merge_names(self) -> set[str]:
        """Names that the variable paragraphs use."""
        return {name for paragraph in self.variable for name in paragraph.names}

    def page(self, page: Page) -> tuple[tuple[Stamp, ...], tuple[SlotPlan, ...]]:
        """The forms under everything, artwork first and then the fixed slots, and plans for the other slots."""
        if page.when:
            self._check_rule(
                mark('{file}: [[pages]]: when = "{rule}": there is no {name}. There is: {known}'), page.when
            )
        base: list[Item] = []
        plans: list[SlotPlan] = []
        for slot in page.slots:
            first = len(self.variable)
            check_black(self.layout.file, slot)
            plan = self._plan(slot)
            names = {name for paragraph in self.variable[first:] for name in paragraph.names}
            personal = isinstance(plan, _OF_THE_ROW) or self._is_personal(names, slot.when)
            shown = _ADDRESS_SHOWN if isinstance(slot, AddressSlot) else tuple(sorted(names))
            if slot.when:
                message = mark('{file}: slot {slot}: when = "{rule}": there is no {name}. There is: {known}')
                self._check_rule(message, slot.when, slot=slot.name)
            if isinstance(plan, Fixed) and not slot.when:
                base += plan.items
                continue
            if self.materials.black_only:
                check_black_only(self.layout.file, slot)
            if slot.when:
                plans.append(SlotPlan(slot.name, Conditional(slot.when, self._stamped(plan)), personal, shown))
            elif isinstance(plan, QrPlan) and not self.materials.black_only:  # two printings never lie exactly
                base.append(Code(plan.series.finders, plan.box, plan.color))
                plans.append(SlotPlan(slot.name, replace(plan, without_finders=True), personal, ()))
            else:
                plans.append(SlotPlan(slot.name, plan, personal, shown))
        forms = [self.materials.artworks[page.artwork]] if page.artwork else []
        forms += [self._form(base)] if base else []
        return tuple(Stamp(form, 0.0, 0.0) for form in forms), tuple(plans)

    def _is_personal(self, names: set[str], when: Rule | None) -> bool:
        shown = {name.partition(".")[0] for name in names | (when.names if when else set())}
        return not shown <= self.constants.keys() | NUMBER_NAMES

    def _form(self, items: list[Item]) -> str:
        name = f"{self.prefix}{len(self.forms)}"
        self.forms[name] = items
        return name

    def _stamped(self, plan: Plan) -> Plan:
        if not isinstance(plan, Fixed):
            return plan
        return Fixed((Stamp(self._form(list(plan.items)), 0.0, 0.0),))

    def _plan(self, slot: AnySlot) -> Plan:
        match slot:
            case PanelSlot() | PathSlot():
                return Fixed((slot,))
            case TextSlot():
                return self._text(slot)
            case AddressSlot():
                return self._address(slot)
            case PostalBoxesSlot():
                return self._postal_boxes(slot)
            case ImageSlot():
                self.columns |= {slot.column} if slot.file is None else set()
                return image_plan(slot, self.layout, self.materials)
            case QrSlot():
                return link_plan(slot, self)
            case SymbolSlot():
                return words_plan(slot, self)
            case JapanPostSlot():
                return japanpost_plan(slot, self)
            case ArSlot():
                return marker_plan(slot, self.materials.marker)
            case PostageMarkSlot():
                return postage_mark_plan(slot, self)
            case CouponSlot():
                gap = slot.code_style.size * 0.35
                stack = self._stack(slot, slot.style, slot.code_style, gap, at_bottom=True)
                return CouponPlan(stack, self._copy(slot.words, slot.style))
            case LotterySlot():
                stack = self._stack(slot, slot.words_style, slot.style, slot.style.size * 0.3)
                return LotteryPlan(stack, self._copy(slot.words, slot.words_style))

    def _face(self, style: Style) -> Face:
        return self.materials.fonts[style.font]

    def _chain(self, style: Style) -> Chain:
        """The fonts of a style: its own, then those that stand in."""
        return chain_of(self.materials.fonts, (style.font, *style.fallback))

    def setter(self, style: Style, box: Box) -> Setter:
        """Sets text of a style in lines as wide as a box."""
        return Setter.make(self._face(style), style, box.width, self._chain(style).faces[1:])

    def _stack(self, slot: Slot, upper: Style, lower: Style, gap: float, *, at_bottom: bool = False) -> Stack:
        return Stack(slot.box, self.setter(upper, slot.box), self.setter(lower, slot.box), gap, at_bottom)

    def _text(self, slot: TextSlot) -> Plan:
        copy = self._copy(slot.words, slot.style)
        is_fixed = not any(isinstance(block, int) for block in copy.blocks)
        if slot.style.direction is Direction.VERTICAL:
            columns = columns_plan(slot, copy, self.layout, self.materials.fonts)
            return self._fixed_copy(slot, lambda: columns.place(self.nobody)) if is_fixed else columns
        setter = self.setter(slot.style, slot.box)
        if not is_fixed:
            fixed = tuple(self._fixed(block, setter) for block in copy.blocks)
            return TextPlan(copy, fixed, setter, slot.box, setter.steps[0].capacity(slot.box.height))
        return self._fixed_copy(slot, lambda: fitted(copy.all_paragraphs(self.nobody), setter, slot.box))

    def _fixed_copy(self, slot: TextSlot, fit: Callable[[], list[Item]]) -> Plan:
        try:
            return Fixed(tuple(fit()))
        except OversetError:
            raise CampaignError(
                mark(
                    "{file}: slot {slot}: the words do not fit their box: "
                    'shorten them, enlarge the box or let the style have fit = "shrink"'
                ),
                file=self.layout.file,
                slot=slot.name,
            ) from None

    def _fixed(self, block: tuple[str, ...] | int, setter: Setter) -> FixedBlock | None:
        if isinstance(block, int):
            return None
        lines = setter.lines(block, setter.steps[0])
        return FixedBlock(self._form([setter.block(lines, setter.steps[0], 0.0, 0.0)]), len(lines))

    def _copy(self, words: str | None, style: Style) -> Copy:
        return self.copy_of(self.paragraphs(words), self._chain(style))

    def copy_of(self, paragraphs: list[Paragraph], chain: Chain | None) -> Copy:
        """Paragraphs as copy: merged for each piece what varies. Without fonts nothing is shown as text."""
        blocks: list[tuple[str, ...] | int] = []
        for paragraph in paragraphs:
            constant = self._constant(paragraph, chain)
            if constant is None:
                blocks.append(len(self.variable))
                self.variable.append(paragraph)
            elif blocks and isinstance(blocks[-1], tuple):
                blocks[-1] += constant
            else:
                blocks.append(constant)
        return Copy(tuple(blocks))

    def paragraphs(self, words: str | None) -> list[Paragraph]:
        """The paragraphs of an entry of [words]. Raises CampaignError."""
        if words is None:
            return []
        file, line = self.layout.origins.get(words, (self.layout.file, 1))
        paragraphs = split_paragraphs(self.layout.words[words], Origin(file, words, line))
        for paragraph in paragraphs:
            check_names(paragraph, self.materials.known)
        return paragraphs

    def _constant(self, paragraph: Paragraph, chain: Chain | None) -> tuple[str, ...] | None:
        """The text of a paragraph that is the same for everybody, None for the others."""
        if not paragraph.is_template:
            lines = [paragraph.source]
        elif self._is_constant(paragraph.names):
            text = render(paragraph, self.constants)
            lines = text.rstrip("\n").split("\n") if text.strip() else []
        else:
            if chain is not None:
                check_glyphs(paragraph, paragraph.literals, chain)
            return None
        if chain is not None:
            check_glyphs(paragraph, lines, chain)
        return tuple(lines)

    def _is_constant(self, names: frozenset[str]) -> bool:
        """Whether these names mean the same for everybody, and are known before numbers are issued."""
        return SEALED not in names and {name.partition(".")[0] for name in names} <= self.constants.keys()

    def _address(self, slot: AddressSlot) -> Plan:
        known = self.materials.known
        parts = tuple(part for part in _ADDRESS_PARTS if part in known) if "street" in known else ()
        if parts and parts[-1] != "building":
            parts = (*parts, "")
        joint = {"joint_names"} & known
        self.columns |= {"postal_code", "name", "address", *joint, *filter(None, parts)}
        if slot.style.direction is Direction.VERTICAL:
            return address_plan(slot, parts, self.layout, self.materials.fonts, self.materials.country)
        if self.materials.country != "JP":
            gap = slot.style.leading - slot.style.size
            return WesternAddressPlan(self._stack(slot, slot.name_style, slot.style, gap), parts)
        return AddressPlan(self._stack(slot, slot.style, slot.name_style, slot.name_style.size * 0.5), parts)

    def _postal_boxes(self, slot: PostalBoxesSlot) -> Plan:
        self.columns.add("postal_code")
        drawn = (Stamp(self._form(list(frames(slot.box, slot.color))), 0.0, 0.0),) if slot.frames else ()
        return postal_boxes_plan(slot, drawn, self.layout, self._face(slot.style), self.materials.country)

    def _check_rule(self, message: str, rule: Rule, **where: str) -> None:
        for name in unknown_names(rule.names, self.materials.known):
            known = ", ".join(sorted(self.materials.known))
            raise CampaignError(message, file=self.layout.file, rule=rule.text, name=name, known=known, **where)
