"""What a page uses, each thing with the steps that lead to it."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from pikepdf import Object

from dmgen.pdf.spaces import Space


class Step(NamedTuple):
    """One step down from the page's own content: what kind of thing, its resource name, its object number or 0."""

    kind: str
    name: str
    number: int


Path = tuple[Step, ...]


@dataclass(frozen=True)
class ColorUse:
    """A colour space that an operator of a content stream chooses."""

    path: Path
    operator: str
    space: Space


@dataclass(frozen=True)
class ShadingUse:
    """A smooth shading, painted by itself or as a pattern."""

    path: Path
    space: Space


@dataclass(frozen=True)
class ImageUse:
    """An image, a soft mask or a stencil; a stencil and a JPEG 2000 file need not say a colour space."""

    path: Path
    image: Any  # a stream, or pikepdf's PdfInlineImage
    space: Space | None
    width: int
    height: int
    bits: int
    filters: tuple[str, ...]


@dataclass(frozen=True)
class FontUse:
    """A font that shows text; Type 3 fonts are embedded by nature."""

    path: Path
    font: Object
    name: str
    embedded: bool


@dataclass(frozen=True)
class StateUse:
    """A graphics state dictionary."""

    path: Path
    state: Object


@dataclass(frozen=True)
class GroupUse:
    """A transparency group of the page, a form or a soft mask."""

    path: Path
    group: Object
    space: Space | None


@dataclass(frozen=True)
class XObjectUse:
    """An external object as a whole: form, image, or anything else."""

    path: Path
    xobject: Object
    subtype: str


@dataclass(frozen=True)
class IntentUse:
    """A rendering intent that an operator chooses."""

    path: Path
    intent: str


@dataclass(frozen=True)
class LayerUse:
    """Content that belongs to a layer (an optional content group or membership)."""

    path: Path
    layer: Object


@dataclass(frozen=True)
class AnnotationUse:
    """An annotation of the page; `printed` where its flags let it print and it has an appearance."""

    path: Path
    annotation: Object
    subtype: str
    printed: bool


Use = (
    ColorUse | ShadingUse | ImageUse | FontUse | StateUse | GroupUse | XObjectUse | IntentUse | LayerUse | AnnotationUse
)
