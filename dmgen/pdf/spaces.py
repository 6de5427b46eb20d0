"""Colour spaces as their families and what they stand on (ISO 32000-1, 8.6)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pikepdf import Array, Dictionary, Name, Object, Stream

from dmgen.pdf.values import name_text, readable

_DEPTH = 8  # a colour space stands on at most a few others; what nests deeper is no colour space
_COMPONENTS = {"DeviceGray": 1, "CalGray": 1, "DeviceRGB": 3, "CalRGB": 3, "Lab": 3, "DeviceCMYK": 4}
_SHORT = {"/G": "DeviceGray", "/RGB": "DeviceRGB", "/CMYK": "DeviceCMYK"}  # in inline images (8.9.7)
_DEFAULTS = {"DeviceGray": "/DefaultGray", "DeviceRGB": "/DefaultRGB", "DeviceCMYK": "/DefaultCMYK"}
_PROFILE_SPACES = {b"GRAY": 1, b"RGB ": 3, b"Lab ": 3, b"CMYK": 4}


@dataclass(frozen=True)
class Space:
    """A colour space; `base` is what Indexed looks up in, or the alternate of Separation and DeviceN."""

    family: str
    components: int
    colorants: tuple[str, ...] = ()
    base: "Space | None" = None
    profile: Object | None = field(default=None, compare=False)

    def __str__(self) -> str:
        if self.family == "ICCBased":
            return f"ICCBased { ({1: 'gray', 3: 'RGB', 4: 'CMYK'}.get(self.components, self.components)) }"
        if self.colorants:
            return readable(f"{self.family} {' '.join(self.colorants)}")
        return f"{self.family} {self.base}" if self.base else self.family

    def painted(self) -> "Space":
        """The space that colours end up in: what an index or an uncoloured pattern stands for."""
        return self.base.painted() if self.base and self.family in ("Indexed", "Pattern") else self

    def all(self) -> Iterator["Space"]:
        """This space and those under it."""
        yield self
        if self.base:
            yield from self.base.all()


UNKNOWN = Space("unknown", 0)


def read_space(written: Object | None, resources: Object | None = None, depth: int = 0) -> Space:
    """A colour space as it is written, a name looked up in the resources; UNKNOWN for what is none.

    A default colour space of the resources stands for the device space (8.6.5.6).
    """
    if depth > _DEPTH:
        return UNKNOWN
    if isinstance(written, Name):
        return named_space(name_text(written), resources, depth)
    if isinstance(written, Array) and len(written) and isinstance(written[0], Name):
        return _array(name_text(written[0])[1:], written, resources, depth)
    return UNKNOWN


def named_space(name: str, resources: Object | None, depth: int = 0) -> Space:
    """A colour space by its name, of a device or among the resources."""
    family = _SHORT.get(name, name[1:])
    known = _entries(resources)
    if family in _COMPONENTS:
        default = known.get(_DEFAULTS.get(family, ""))
        return Space(family, _COMPONENTS[family]) if default is None else read_space(default, None, depth + 1)
    if family == "Pattern":
        return Space(family, 0)
    return read_space(known[name], resources, depth + 1) if name in known else UNKNOWN


def _entries(resources: Object | None) -> dict[str, Object]:
    spaces = resources.get("/ColorSpace") if isinstance(resources, Dictionary) else None
    return dict(spaces.items()) if isinstance(spaces, Dictionary) else {}


def _array(family: str, written: Array, resources: Object | None, depth: int) -> Space:
    under = written[1] if len(written) > 1 else None
    if family in ("Indexed", "I"):
        return Space("Indexed", 1, base=read_space(under, resources, depth + 1))
    if family == "Pattern":
        return Space(family, 0, base=read_space(under, resources, depth + 1)) if under is not None else Space(family, 0)
    if family in ("Separation", "DeviceN"):
        names = [under] if family == "Separation" else list(under) if isinstance(under, Array) else []
        alternate = read_space(written[2], resources, depth + 1) if len(written) > 2 else UNKNOWN
        colorants = tuple(name_text(name)[1:] for name in names if isinstance(name, Name))
        return Space(family, len(names), colorants, alternate)
    if family == "ICCBased" and isinstance(under, Stream):
        return Space(family, _profile_components(under), profile=under)
    if family in ("CalGray", "CalRGB", "Lab"):
        return Space(family, _COMPONENTS[family])
    return named_space(f"/{family}", resources, depth + 1)


def _profile_components(profile: Stream) -> int:
    """Of what the profile says of itself (ICC.1, 7.2.8) rather than of /N."""
    written = profile.get("/N", 0)
    return _PROFILE_SPACES.get(profile.read_bytes()[16:20], int(written) if isinstance(written, int) else 0)
