"""Every rule of the preflight, by what it looks at: its check, its weight, and the standards that have it.

A check's docstring quotes the rule, its name is the rule's name in reports. COMMON rules hold for PDF/X-4 and PDF/X-1a
and so for any file for print; they are all that is checked where no standard is known.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dmgen.model.printing import Standard
from dmgen.preflight import (
    boxes,
    colour,
    document,
    dparts,
    fontcheck,
    house,
    images,
    intent,
    metadata,
    objects,
    pagetree,
    streams,
    transparency,
)
from dmgen.preflight.file import PdfFile
from dmgen.preflight.finding import Faults, Severity
from dmgen.preflight.resources import Form, GraphicsState, Image, OtherXObject
from dmgen.preflight.shown import Blended, Flaw, Painted, Placed, ShownText, Stroked
from dmgen.preflight.spaces import SpaceUse

ERROR, WARNING = Severity.ERROR, Severity.WARNING
X4 = frozenset({Standard.X4, Standard.VT1})
VT1 = frozenset({Standard.VT1})
X1A = frozenset({Standard.X1A_2001, Standard.X1A_2003})
COMMON = frozenset({*Standard, None})
UNCLAIMED = frozenset({None})


@dataclass(frozen=True)
class Rule:
    """A check with its weight, and the standards (None: no standard) that it belongs to."""

    check: Callable[[Any], Faults]
    severity: Severity
    standards: frozenset[Standard | None]

    @property
    def name(self) -> str:
        """The rule's name in reports."""
        return self.check.__name__.replace("_", "-")


RULES: dict[type, tuple[Rule, ...]] = {
    PdfFile: (
        Rule(document.claim, WARNING, UNCLAIMED),
        Rule(document.encrypted, ERROR, COMMON),
        Rule(document.identity, ERROR, COMMON),
        Rule(document.header, ERROR, COMMON),
        Rule(document.plain_objects, ERROR, X1A),
        Rule(document.layers, ERROR, X1A),
        Rule(document.forms_architecture, ERROR, COMMON),
        Rule(document.attachments, ERROR, COMMON),
        Rule(document.sound_syntax, ERROR, COMMON),
        Rule(metadata.x4_claim, ERROR, X4),
        Rule(metadata.x4_info_claim, WARNING, X4),
        Rule(metadata.packet, ERROR, X4),
        Rule(metadata.properties, ERROR, X4),
        Rule(metadata.equal_metadata, ERROR, X4),
        Rule(metadata.vt_claim, ERROR, VT1),
        Rule(metadata.vt_date, ERROR, VT1),
        Rule(metadata.x1a_claim, ERROR, X1A),
        Rule(metadata.information, ERROR, X1A),
        Rule(intent.one_intent, ERROR, COMMON),
        Rule(intent.condition, ERROR, COMMON),
        Rule(intent.described, ERROR, COMMON),
        Rule(intent.press_profile, ERROR, COMMON),
        Rule(intent.profile_version, WARNING, COMMON),
        Rule(intent.embedded_profile, ERROR, X4),
        Rule(intent.named_condition, ERROR, X1A),
        Rule(pagetree.has_pages, ERROR, COMMON),
    ),
    pagetree.Stray: (Rule(pagetree.page_tree, ERROR, COMMON),),
    pagetree.TreeNode: (
        Rule(pagetree.page_count, ERROR, COMMON),
        Rule(pagetree.page_parent, ERROR, COMMON),
        Rule(pagetree.balanced_tree, WARNING, COMMON),
        Rule(boxes.inherited_boxes, ERROR, COMMON),
    ),
    pagetree.Page: (
        Rule(pagetree.page_parent, ERROR, COMMON),
        Rule(boxes.media_box, ERROR, COMMON),
        Rule(boxes.trim_box, ERROR, COMMON),
        Rule(boxes.nested_boxes, ERROR, COMMON),
        Rule(boxes.crop_box, ERROR, COMMON),
        Rule(boxes.annotations, ERROR, COMMON),
        Rule(transparency.page_group, ERROR, X4),
        Rule(transparency.no_groups, ERROR, X1A),
    ),
    dparts.PartTree: (
        Rule(dparts.part_root, ERROR, VT1),
        Rule(dparts.part_tree, ERROR, VT1),
        Rule(dparts.part_pages, ERROR, VT1),
        Rule(dparts.part_names, ERROR, VT1),
        Rule(dparts.part_metadata, ERROR, VT1),
    ),
    objects.Node: (
        Rule(objects.lzw, ERROR, COMMON),
        Rule(objects.external_stream, ERROR, COMMON),
        Rule(objects.actions, ERROR, COMMON),
        Rule(objects.attached, ERROR, COMMON),
        Rule(objects.limits, ERROR, COMMON),
    ),
    SpaceUse: (
        Rule(colour.known_space, ERROR, COMMON),
        Rule(colour.device_rgb, ERROR, COMMON),
        Rule(colour.device_cmyk, ERROR, COMMON),
        Rule(colour.press_colours, ERROR, X1A),
        Rule(colour.icc_profile, ERROR, X4 | UNCLAIMED),
        Rule(colour.intent_profile, ERROR, X4),
        Rule(colour.managed_rgb, WARNING, X4 | UNCLAIMED),
        Rule(colour.spot_names, ERROR, COMMON),
    ),
    Image: (
        Rule(images.old_codings, ERROR, X1A),
        Rule(images.eight_bits, ERROR, X1A),
        Rule(images.alternates, ERROR, COMMON),
        Rule(images.open_prepress, ERROR, COMMON),
        Rule(images.scope_hints, ERROR, VT1),
        Rule(transparency.opaque_images, ERROR, X1A),
        Rule(transparency.rendering_intent, ERROR, COMMON),
    ),
    Form: (
        Rule(images.postscript_forms, ERROR, COMMON),
        Rule(images.open_prepress, ERROR, COMMON),
        Rule(images.scope_hints, ERROR, VT1),
        Rule(transparency.no_groups, ERROR, X1A),
    ),
    OtherXObject: (Rule(images.known_xobjects, ERROR, COMMON),),
    GraphicsState: (
        Rule(transparency.opaque_states, ERROR, X1A),
        Rule(transparency.blend_modes, ERROR, X4),
        Rule(transparency.transfer_functions, ERROR, COMMON),
        Rule(transparency.rendering_intent, ERROR, COMMON),
    ),
    Flaw: (
        Rule(streams.readable_contents, ERROR, COMMON),
        Rule(streams.named_resources, ERROR, COMMON),
        Rule(streams.balanced_states, ERROR, COMMON),
        Rule(streams.nested_states, ERROR, COMMON),
        Rule(streams.long_strings, ERROR, COMMON),
        Rule(streams.inline_lzw, ERROR, COMMON),
    ),
    fontcheck.OpenedFont: (
        Rule(fontcheck.embedded, ERROR, COMMON),
        Rule(fontcheck.listed, WARNING, COMMON),
        Rule(fontcheck.readable_program, ERROR, COMMON),
        Rule(fontcheck.widths, ERROR, COMMON),
        Rule(fontcheck.notdef, ERROR, COMMON),
        Rule(fontcheck.to_unicode, WARNING, COMMON),
    ),
    Blended: (Rule(transparency.blended_page, WARNING, X4),),
    ShownText: (
        Rule(house.safe_text, WARNING, COMMON),
        Rule(house.rich_black, WARNING, COMMON),
        Rule(house.black_overprint, WARNING, COMMON),
    ),
    Stroked: (Rule(house.thin_line, WARNING, COMMON),),
    Painted: (Rule(house.ink_total, WARNING, COMMON),),
    Placed: (Rule(house.resolution, WARNING, COMMON), Rule(house.low_resolution, ERROR, COMMON)),
}


def rules_for(standard: Standard | None) -> dict[type, tuple[Rule, ...]]:
    """The rules of a standard, by what they look at; without a standard the common ones."""
    return {thing: tuple(rule for rule in rules if standard in rule.standards) for thing, rules in RULES.items()}
