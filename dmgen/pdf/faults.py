"""What of a page's contents a press must not get (PDF/X-4 and PDF/X-1a), each with the thing that causes it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pikepdf import Dictionary, Name, Object

from dmgen.errors import DmgenError
from dmgen.messages import mark
from dmgen.pdf.spaces import Space
from dmgen.pdf.uses import (
    ColorUse,
    FontUse,
    GroupUse,
    ImageUse,
    IntentUse,
    Path,
    ShadingUse,
    StateUse,
    Use,
    XObjectUse,
)
from dmgen.pdf.values import name_text, readable

_INTENTS = ("Perceptual", "RelativeColorimetric", "Saturation", "AbsoluteColorimetric")
_BLEND_MODES = (
    *("Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn"),
    *("HardLight", "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity"),
)
_X1A_SPACES = ("DeviceGray", "DeviceCMYK", "Separation", "DeviceN", "Indexed", "Pattern")
_NOT_EXCHANGED = ("LZWDecode", "LZW", "Crypt")  # filters that no PDF/X allows
_NOT_IN_X1A = ("JPXDecode", "JBIG2Decode")


@dataclass(frozen=True)
class Rules:
    """What the file is to be: PDF/X-1a or one of the X-4 family, and the profile of its output intent."""

    x1a: bool = False
    profile: bytes = b""


@dataclass(frozen=True)
class Fault:
    """A rule that is broken: which, by what, and in words."""

    code: str
    path: Path
    message: DmgenError


def use_faults(use: Use, rules: Rules) -> Iterator[Fault]:
    """The rules that one use breaks. Layers and annotations depend on more than the page: see `layers`."""
    match use:
        case ColorUse(operator=operator):
            what = DmgenError(mark("operator {operator}: {space}"), operator=operator, space=use.space)
            yield from _space(use.path, use.space, rules, what)
        case ShadingUse():
            yield from _space(use.path, use.space, rules, DmgenError(mark("shading in {space}"), space=use.space))
        case GroupUse(space=space):
            if space:
                what = DmgenError(mark("transparency group in {space}"), space=space)
                yield from _space(use.path, space, rules, what)
            if rules.x1a:
                yield _transparent(use.path, "/Group")
        case FontUse(name=name, embedded=False):
            yield _fault("font", use.path, mark("the font {name} is not embedded"), name=readable(name))
        case IntentUse(intent=intent):
            yield from _intent(use.path, intent)
        case ImageUse():
            yield from _image(use, rules)
        case XObjectUse():
            yield from _xobject(use)
        case StateUse():
            yield from _state(use, rules)


def is_transparent(use: Use) -> bool:
    """Whether a use, other than the group of the page itself, needs the transparent imaging model (11)."""
    match use:
        case GroupUse(path=path):
            return bool(path)
        case ImageUse(path=path, image=image):
            soft = path[-1].kind == "soft mask"
            return soft or bool(getattr(image, "get", lambda *_: 0)("/SMaskInData", 0))
        case StateUse(state=state):
            return any(_transparencies(state))
    return False


def _fault(code: str, path: Path, message: str, **values: object) -> Fault:
    return Fault(code, path, DmgenError(message, **values))


def _transparent(path: Path, keys: str) -> Fault:
    return _fault("transparency", path, mark("transparency ({keys}), which PDF/X-1a does not have"), keys=keys)


def _space(path: Path, space: Space, rules: Rules, what: DmgenError) -> Iterator[Fault]:
    """PDF/X-4 with a CMYK intent: no device RGB, and no ICC-based CMYK of the intent's own profile.

    House rule: colours of RGB nature are not printed at all; a conversion in the press is nobody's proof.
    """
    painted = space.painted()
    alternate = painted.base
    if painted.family in ("DeviceRGB", "CalRGB", "Lab") or (painted.family, painted.components) == ("ICCBased", 3):
        yield Fault("rgb", path, what)
    elif painted.family == "unknown":
        yield _fault("space", path, mark("{what}: no colour space that PDF knows"), what=what)
    elif alternate and any(each.family == "DeviceRGB" for each in alternate.all()):
        yield _fault("rgb", path, mark("{what}: its alternate space is {space}"), what=what, space=alternate)
    elif rules.x1a and any(each.family not in _X1A_SPACES for each in space.all()):
        yield _fault("space", path, mark("{what}: PDF/X-1a has only gray, CMYK and spot inks"), what=what)
    if rules.profile and any(_is_profile(each, rules.profile) for each in space.all()):
        yield _fault(
            "profile",
            path,
            mark("{what}: the profile is that of the output condition; PDF/X-4 wants DeviceCMYK for it"),
            what=what,
        )


def _is_profile(space: Space, profile: bytes) -> bool:
    return space.profile is not None and space.components == 4 and space.profile.read_bytes() == profile


def _image(use: ImageUse, rules: Rules) -> Iterator[Fault]:
    if use.space:
        message = mark("{space}, {width} × {height} pixels")
        what = DmgenError(message, space=use.space, width=use.width, height=use.height)
        yield from _space(use.path, use.space, rules, what)
    elif "JPXDecode" in use.filters:
        yield _fault("space", use.path, mark("a JPEG 2000 image that does not say its colour space"))
    for name in use.filters:
        if use.path[-1].kind == "inline image" and name in _NOT_EXCHANGED:  # others are recoded, or refused there
            yield _fault("filter", use.path, mark("compressed with {filter}, which PDF/X forbids"), filter=name)
        elif rules.x1a and name in _NOT_IN_X1A:
            yield _fault("filter", use.path, mark("compressed with {filter}, which PDF/X-1a forbids"), filter=name)
    if rules.x1a and use.bits == 16:
        yield _fault("bits", use.path, mark("16 bits a colour, which PDF/X-1a forbids"))
    if rules.x1a and is_transparent(use):
        yield _transparent(use.path, "/SMask")


def _xobject(use: XObjectUse) -> Iterator[Fault]:
    xobject = use.xobject
    if use.subtype == "PS" or xobject.get("/Subtype2") == "/PS" or "/PS" in xobject:
        yield _fault("postscript", use.path, mark("PostScript code"))
    if "/OPI" in xobject:
        yield _fault("opi", use.path, mark("a placeholder (OPI): the fine image is missing"))
    if "/Ref" in xobject:
        yield _fault("reference", use.path, mark("a reference to a page of another file (/Ref)"))
    if "/F" in xobject:
        yield _fault("external", use.path, mark("its data are in another file (/F)"))
    if "/Alternates" in xobject:
        yield _fault("alternates", use.path, mark("an image with alternates"))
    if isinstance(intent := xobject.get("/Intent"), Name):
        yield from _intent(use.path, name_text(intent)[1:])


def _intent(path: Path, intent: str) -> Iterator[Fault]:
    if intent not in _INTENTS:
        yield _fault("intent", path, mark("unknown rendering intent {intent}"), intent=readable(intent))


def _state(use: StateUse, rules: Rules) -> Iterator[Fault]:
    state = use.state
    if "/TR" in state or state.get("/TR2", Name("/Default")) != "/Default" or "/HTP" in state:
        yield _fault("transfer", use.path, mark("a transfer curve (TR, TR2 or HTP)"))
    if isinstance(intent := state.get("/RI"), Name):
        yield from _intent(use.path, name_text(intent)[1:])
    for mode in _blend_modes(state):
        if mode not in _BLEND_MODES:
            yield _fault("blend", use.path, mark("unknown blend mode {mode}"), mode=readable(mode))
    if rules.x1a and any(_transparencies(state)):
        yield _transparent(use.path, " ".join(_transparencies(state)))


def _transparencies(state: Object) -> Iterator[str]:
    """The entries of a graphics state that make what follows transparent."""
    for key in ("/ca", "/CA"):
        if key in state and float(state[key]) != 1:
            yield key
    if isinstance(state.get("/SMask"), Dictionary):
        yield "/SMask"
    if any(mode not in ("Normal", "Compatible") for mode in _blend_modes(state)):
        yield "/BM"


def _blend_modes(state: Object) -> list[str]:
    """One mode, or several of which a reader takes the first that it knows."""
    written = state.get("/BM")
    modes = [written] if isinstance(written, Name) else list(written) if written is not None else []
    return [name_text(mode)[1:] for mode in modes if isinstance(mode, Name)]
