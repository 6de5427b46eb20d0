"""Colour spaces as their families and what they stand on (ISO 32000-1, 8.6)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from dmgen.preflight.file import PdfFile
from dmgen.preflight.reading import array, get, name, names

DEVICE = {"DeviceGray": 1, "DeviceRGB": 3, "DeviceCMYK": 4}
_SHORT = {"G": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK", "I": "Indexed"}  # inline images (8.9.7)
_DEFAULTS = {"DeviceGray": "/DefaultGray", "DeviceRGB": "/DefaultRGB", "DeviceCMYK": "/DefaultCMYK"}
_FIXED = DEVICE | {"CalGray": 1, "CalRGB": 3, "Lab": 3, "Pattern": 0}
_DEPTH = 8


@dataclass(frozen=True)
class Space:
    """A colour space; `under` is the base of Indexed and Pattern or the alternate of a spot, `written` the object."""

    family: str
    channels: int
    colorants: tuple[str, ...] = ()
    under: "Space | None" = None
    written: object = field(default=None, compare=False)

    def all(self) -> Iterator["Space"]:
        """This space and those that it stands on."""
        yield self
        if self.under:
            yield from self.under.all()

    @property
    def inks(self) -> "Space":
        """What colour values mean: the base of a pattern's space, otherwise the space itself."""
        return self.under if self.family == "Pattern" and self.under else self


UNKNOWN = Space("unknown", 0)


@dataclass(frozen=True)
class SpaceUse:
    """A colour space where it is used."""

    file: PdfFile
    at: str
    space: Space


def read_space(written: object, spaces: object = None, depth: int = 0) -> Space:
    """A colour space, its name looked up in the resources' /ColorSpace; a default one stands for its device space."""
    if depth > _DEPTH:
        return UNKNOWN
    if found := name(written):
        family = _SHORT.get(found, found)
        default = get(spaces, _DEFAULTS[family]) if family in DEVICE else None
        if default is not None:
            return read_space(default, None, depth + 1)
        if family in _FIXED:
            return Space(family, _FIXED[family], written=written)
        listed = get(spaces, f"/{found}")
        return read_space(listed, spaces, depth + 1) if listed is not None else UNKNOWN
    parts = array(written)
    return _parametered(written, parts, spaces, depth) if parts else UNKNOWN


def _parametered(written: object, parts: list[object], spaces: object, depth: int) -> Space:
    family = _SHORT.get(name(parts[0]), name(parts[0]))
    second = parts[1] if len(parts) > 1 else None
    if family in ("Indexed", "Pattern"):
        under = read_space(second, spaces, depth + 1) if second is not None else None
        return Space(family, int(family == "Indexed"), under=under, written=written)
    if family in ("Separation", "DeviceN"):
        colorants = tuple(names(second))
        under = read_space(parts[2] if len(parts) > 2 else None, spaces, depth + 1)
        return Space(family, len(colorants), colorants, under, written)
    if family == "ICCBased":
        channels = get(second, "/N")
        return Space(family, channels if isinstance(channels, int) else 0, written=written)
    if family in _FIXED:
        return Space(family, _FIXED[family], written=written)
    return UNKNOWN
