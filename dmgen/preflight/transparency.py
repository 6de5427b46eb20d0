"""Transparency and graphics states: what PDF/X-4 takes and PDF/X-1a does not."""

from dmgen.messages import mark
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.pagetree import Page
from dmgen.preflight.reading import get, name, names, number
from dmgen.preflight.resources import Form, GraphicsState, Image
from dmgen.preflight.shown import Blended
from dmgen.preflight.spaces import read_space

_OPAQUE = ("Normal", "Compatible")
_MODES = (
    *_OPAQUE, "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn", "HardLight",
    "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity",
)  # fmt: skip
_INTENTS = ("AbsoluteColorimetric", "RelativeColorimetric", "Saturation", "Perceptual")
_NO_CURVES = mark("export without transfer curves and screens")
_FLATTEN = mark("flatten transparency when exporting (PDF 1.3), or ask for PDF/X-4")


def _is_group(group: object) -> bool:
    return name(get(group, "/S")) == "Transparency"


def opaque_states(state: GraphicsState) -> Faults:
    """PDF/X-1a: no SMask, ca and CA are 1, BM is Normal."""
    for entry in ("/ca", "/CA"):
        alpha = number(state.entries.get(entry))
        if alpha is not None and alpha != 1:
            yield Fault(f"{state.at} {entry}", mark("transparency: opacity of {alpha:.0%}"), _FLATTEN, {"alpha": alpha})
    if "/SMask" in state.entries and name(state.entries["/SMask"]) != "None":
        yield Fault(f"{state.at} /SMask", mark("transparency: a soft mask"), _FLATTEN)
    modes = names(state.entries.get("/BM"))
    if modes and modes[0] not in _OPAQUE:
        yield Fault(f"{state.at} /BM", mark("transparency: blend mode {mode}"), _FLATTEN, {"mode": modes[0]})


def no_groups(thing: Form | Page) -> Faults:
    """PDF/X-1a: no transparency group, of a form or of a page."""
    if _is_group(thing.entries.get("/Group")):
        yield Fault(f"{thing.at} /Group", mark("a transparency group"), _FLATTEN)


def opaque_images(image: Image) -> Faults:
    """PDF/X-1a: no SMask in images."""
    if image.entries.get("/SMask") is not None or image.entries.get("/SMaskInData") not in (None, 0):
        yield Fault(f"{image.at} /SMask", mark("transparency: an image with a soft mask"), _FLATTEN)


def blend_modes(state: GraphicsState) -> Faults:
    """PDF/X-4: standard blend modes."""
    written = state.entries.get("/BM")
    for mode in names(written):
        if mode not in _MODES:
            yield Fault(
                f"{state.at} /BM",
                mark("{mode} is no standard blend mode"),
                mark("use a blend mode of the PDF standard"),
                {"mode": mode},
            )


def page_group(page: Page) -> Faults:
    """PDF/X-4: a page /Group with /CS /DeviceCMYK (one printer refused DeviceRGB there)."""
    space = get(page.entries.get("/Group"), "/CS")
    if space is not None and page.file.press_space == "CMYK" and read_space(space).channels != 4:
        yield Fault(
            f"{page.at} /Group /CS",
            mark("the page's transparency is blended in {family}, not in CMYK"),
            mark("set the transparency blend space to CMYK in the document and export again"),
            {"family": read_space(space).family},
        )


def blended_page(blended: Blended) -> Faults:
    """PDF/X-4: a page with transparency says in which colours it is blended."""
    if get(blended.page.entries.get("/Group"), "/CS") is None:
        yield Fault(
            f"{blended.page.at} /Group",
            mark("transparency ({at}) on a page without a page group: the RIP chooses its colours"),
            mark("set the transparency blend space to CMYK in the document and export again"),
            {"at": blended.at},
        )


def transfer_functions(state: GraphicsState) -> Faults:
    """No TR; TR2 only Default; no HTP."""
    for entry in ("/TR", "/HTP"):
        if entry in state.entries:
            yield Fault(
                f"{state.at} {entry}", mark("a transfer function or halftone ({entry})"), _NO_CURVES, {"entry": entry}
            )
    if "/TR2" in state.entries and name(state.entries["/TR2"]) != "Default":
        yield Fault(
            f"{state.at} /TR2", mark("a transfer function or halftone ({entry})"), _NO_CURVES, {"entry": "/TR2"}
        )


def rendering_intent(thing: GraphicsState | Image) -> Faults:
    """The four rendering intents only."""
    intent = name(thing.entries.get("/RI" if isinstance(thing, GraphicsState) else "/Intent"))
    if intent and intent not in _INTENTS:
        yield Fault(
            thing.at,
            mark("{intent} is no rendering intent"),
            mark("use one of the four rendering intents"),
            {"intent": intent},
        )
