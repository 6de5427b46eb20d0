"""Reads PDF pages of anybody's making: boxes, and everything that a page draws with."""

from dmgen.pdf.boxes import PageBoxes, Rectangle, page_boxes, rectangle
from dmgen.pdf.faults import Fault, Rules, is_transparent, use_faults
from dmgen.pdf.fonts import is_embedded
from dmgen.pdf.layers import prints
from dmgen.pdf.places import place
from dmgen.pdf.spaces import Space, read_space
from dmgen.pdf.uses import (
    AnnotationUse,
    ColorUse,
    FontUse,
    GroupUse,
    ImageUse,
    IntentUse,
    LayerUse,
    ShadingUse,
    StateUse,
    Step,
    Use,
    XObjectUse,
)
from dmgen.pdf.values import filters, name_text, name_token, readable
from dmgen.pdf.walk import Content, PageUses, walk_page

__all__ = [
    "AnnotationUse",
    "ColorUse",
    "Content",
    "Fault",
    "FontUse",
    "GroupUse",
    "ImageUse",
    "IntentUse",
    "LayerUse",
    "PageBoxes",
    "PageUses",
    "Rectangle",
    "Rules",
    "ShadingUse",
    "Space",
    "StateUse",
    "Step",
    "Use",
    "XObjectUse",
    "filters",
    "is_embedded",
    "is_transparent",
    "name_text",
    "name_token",
    "page_boxes",
    "place",
    "prints",
    "read_space",
    "readable",
    "rectangle",
    "use_faults",
    "walk_page",
]
