"""Where on a page a thing is, in words."""

from dmgen.errors import DmgenError
from dmgen.messages import mark
from dmgen.pdf.uses import Path, Step
from dmgen.pdf.values import readable

_KINDS = {
    "form": mark("form {name}"),
    "image": mark("image {name}"),
    "object": mark("external object {name}"),
    "inline image": mark("inline image{name}"),
    "soft mask": mark("soft mask{name}"),
    "mask": mark("mask{name}"),
    "pattern": mark("pattern {name}"),
    "shading": mark("shading {name}"),
    "state": mark("graphics state {name}"),
    "font": mark("font {name}"),
    "layer": mark("layer {name}"),
    "annotation": mark("annotation{name}"),
}


def place(path: Path) -> DmgenError:
    """The way from the page's content down to a thing, each step with its resource name and object number."""
    if not path:
        return DmgenError(mark("page content"))
    last = _step(path[-1])
    return DmgenError(mark("{outer} › {inner}"), outer=place(path[:-1]), inner=last) if len(path) > 1 else last


def _step(step: Step) -> DmgenError:
    kind = DmgenError(_KINDS[step.kind], name=readable(step.name))
    return DmgenError(mark("{thing} (object {number})"), thing=kind, number=step.number) if step.number else kind
