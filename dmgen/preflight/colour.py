"""Colour: what the printing condition takes, and one definition of each spot ink."""

from pikepdf import Array, Dictionary, Object, Stream

from dmgen.messages import mark
from dmgen.preflight.file import PdfFile, Profile
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.reading import array, decoded, entries, key
from dmgen.preflight.spaces import UNKNOWN, Space, SpaceUse

_PRESS = ("DeviceGray", "DeviceCMYK", "Separation", "DeviceN", "Indexed", "Pattern")
_NO_INKS = ("All", "None")
_STORAGE = ("/Length", "/Filter", "/DecodeParms")
_DEPTH = 6
_TO_CMYK = mark("convert it to CMYK or a spot colour in the program that made it")


def device_rgb(use: SpaceUse) -> Faults:
    """Device RGB is not allowed where the intent is CMYK."""
    if use.space.family == "DeviceRGB" and use.file.press_space != "RGB":
        yield Fault(use.at, mark("DeviceRGB: RGB without a profile on a CMYK press"), _TO_CMYK)


def device_cmyk(use: SpaceUse) -> Faults:
    """Device CMYK needs a CMYK intent."""
    if use.space.family == "DeviceCMYK" and use.file.press_space != "CMYK":
        yield Fault(
            use.at,
            mark("DeviceCMYK, but the output intent is {space}"),
            mark("export with a CMYK output intent"),
            {"space": use.file.press_space},
        )


def press_colours(use: SpaceUse) -> Faults:
    """PDF/X-1a: only gray, CMYK, Separation, DeviceN."""
    if use.space.family not in (*_PRESS, "DeviceRGB") and use.space is not UNKNOWN:
        yield Fault(
            use.at, mark("{family}: PDF/X-1a knows only gray, CMYK and spot colours"), _TO_CMYK,
            {"family": use.space.family},
        )  # fmt: skip


def managed_rgb(use: SpaceUse) -> Faults:
    """PDF/X-4 allows RGB with a profile; how it comes out is then left to the press."""
    if use.space.family in ("CalRGB", "Lab") or (use.space.family == "ICCBased" and use.space.channels == 3):
        yield Fault(use.at, mark("RGB with a profile: the press converts it, and black text gets four inks"), _TO_CMYK)


def known_space(use: SpaceUse) -> Faults:
    """A colour space is one of the eleven of ISO 32000-1, 8.6."""
    if use.space is UNKNOWN:
        yield Fault(use.at, mark("a colour space that cannot be read"), mark("export the file again"))


def _profile(file: PdfFile, space: Space) -> Profile | None:
    """The profile of an ICC-based space, read once a file."""
    stream = array(space.written)[1] if len(array(space.written)) > 1 else None
    number = key(stream)
    if number not in file.profiles:
        data = decoded(stream)
        file.profiles[number] = Profile(data) if data else None
    return file.profiles[number]


def icc_profile(use: SpaceUse) -> Faults:
    """The profile of an ICC-based colour space is one, and has as many channels as /N says."""
    if use.space.family != "ICCBased":
        return
    profile = _profile(use.file, use.space)
    if profile is None or not profile.sound or profile.channels != use.space.channels:
        yield Fault(
            use.at,
            mark("an ICC-based colour space whose profile does not fit"),
            mark("embed the profile again, or convert to the press's CMYK"),
        )


def intent_profile(use: SpaceUse) -> Faults:
    """PDF/X-4: ICC-based CMYK must not be the intent's own profile."""
    if use.space.family != "ICCBased" or use.space.channels != 4:
        return
    profile = _profile(use.file, use.space)
    intents = [intent.profile for intent in use.file.intents if intent.profile]
    if profile and any(profile.data == intent.data for intent in intents):
        yield Fault(
            use.at,
            mark("ICC-based CMYK with the output intent's own profile"),
            mark("export it as DeviceCMYK (no conversion, no profile)"),
        )


def spot_names(use: SpaceUse) -> Faults:
    """One definition a spot name."""
    if use.space.family != "Separation" or not use.space.colorants or use.space.colorants[0] in _NO_INKS:
        return
    spot, parts = use.space.colorants[0], array(use.space.written)
    definition = b" ".join(_definition(part) for part in parts[2:4])
    if use.file.spots.setdefault(spot, definition) != definition:
        yield Fault(
            f"{use.at} {spot}",
            mark("the spot colour {spot} is defined in two ways"),
            mark("give the spot colour one definition (merge the swatches) and export again"),
            {"spot": spot},
        )


def _definition(part: object, depth: int = 0) -> bytes:
    """What a part of a spot's definition says, however it is written into objects."""
    if depth > _DEPTH:
        return b""
    if isinstance(part, Array):
        return b"[%b]" % b" ".join(_definition(element, depth + 1) for element in part)
    if isinstance(part, Dictionary | Stream):
        kept = sorted((entry, value) for entry, value in entries(part).items() if entry not in _STORAGE)
        said = b"".join(entry.encode("utf-8", "replace") + _definition(value, depth + 1) for entry, value in kept)
        return b"<<%b>>%b" % (said, decoded(part) or b"")
    return part.unparse() if isinstance(part, Object) else str(part).encode()
