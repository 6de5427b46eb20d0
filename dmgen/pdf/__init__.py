"""Reads PDF pages of anybody's making: boxes, and everything that a page draws with."""

from dmgen.pdf.boxes import PageBoxes, Rectangle, page_boxes
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
from dmgen.pdf.walk import Content, PageUses, walk_page

__all__ = [
    "AnnotationUse",
    "ColorUse",
    "Content",
    "FontUse",
    "GroupUse",
    "ImageUse",
    "IntentUse",
    "LayerUse",
    "PageBoxes",
    "PageUses",
    "Rectangle",
    "ShadingUse",
    "Space",
    "StateUse",
    "Step",
    "Use",
    "XObjectUse",
    "page_boxes",
    "read_space",
    "walk_page",
]
