"""Reads PDF pages of anybody's making: boxes, everything that a page draws with, the inks that it prints with."""

from dmgen.pdf.boxes import PageBoxes, Rectangle, page_boxes, rectangle
from dmgen.pdf.faults import Fault, Rules, is_transparent, use_faults
from dmgen.pdf.fonts import is_embedded
from dmgen.pdf.inks import PLATES, PROCESS, Inks, together
from dmgen.pdf.layers import prints
from dmgen.pdf.page_inks import PageInks
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
    "PLATES",
    "PROCESS",
    "AnnotationUse",
    "ColorUse",
    "Content",
    "Fault",
    "FontUse",
    "GroupUse",
    "ImageUse",
    "Inks",
    "IntentUse",
    "LayerUse",
    "PageBoxes",
    "PageInks",
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
    "together",
    "use_faults",
    "walk_page",
]
