"""The inks of a shading: those of the colours at the ends of its functions (ISO 32000-1, 7.10 and 8.7.4.5)."""

from itertools import product

from pikepdf import Array, Dictionary, Object, Stream

from dmgen.pdf.inks import Inks, inks_of, plates, together, unsure_of
from dmgen.pdf.spaces import Space
from dmgen.pdf.values import is_number, whole

_DEPTH = 4  # of functions stitched together
_MOST = 1 << 16  # samples

Colours = list[tuple[float, ...]]


def shading_inks(shading: Object, space: Space) -> Inks:
    """The inks of a shading in this space.

    Between the colours of exponential, stitched and sampled functions none prints with more; what other functions and
    meshes without one have is not sure.
    """
    if plates(space) is None:
        return unsure_of(space)
    written = shading.get("/Function")
    colours = _of_all(list(written)) if isinstance(written, Array) else _colours(written)
    if colours is None:
        return unsure_of(space)
    return together(frozenset(inks_of(space, colour) for colour in colours))


def _of_all(functions: list[Object]) -> Colours | None:
    """Of a function a component: any of what each has, with any of the others'."""
    found = [_colours(function) for function in functions]
    parts = [[value for colour in colours for value in colour] for colours in found if colours is not None]
    if len(parts) < len(found):
        return None
    return list(product(*([min(values), max(values)] for values in parts if values)))


def _colours(function: object, depth: int = 0) -> Colours | None:
    """Colours between which all that a function gives lies; None where that is not known."""
    if not isinstance(function, Dictionary | Stream) or depth > _DEPTH:
        return None
    match function.get("/FunctionType"):
        case 0 if isinstance(function, Stream):
            return _sampled(function)
        case 2:
            return [_numbers(function, "/C0") or (0.0,), _numbers(function, "/C1") or (1.0,)]
        case 3:
            parts = [_colours(part, depth + 1) for part in function.get("/Functions", [])]
            known = [part for part in parts if part is not None]
            return [colour for part in known for colour in part] if len(known) == len(parts) else None
    return None


def _sampled(function: Stream) -> Colours | None:
    bits, bounds = whole(function, "/BitsPerSample"), _numbers(function, "/Decode") or _numbers(function, "/Range")
    data = function.read_bytes()
    if bits not in (8, 16) or len(data) > _MOST or len(bounds) < 2:
        return None
    size, count = bits // 8, len(bounds) // 2
    raw = [int.from_bytes(data[at : at + size]) / (2**bits - 1) for at in range(0, len(data), size)]
    ends = list(zip(bounds[::2], bounds[1::2], strict=True))
    return [
        tuple(low + value * (high - low) for value, (low, high) in zip(raw[at : at + count], ends, strict=True))
        for at in range(0, len(raw) - count + 1, count)
    ]


def _numbers(function: Object, key: str) -> tuple[float, ...]:
    written = function.get(key)
    return tuple(float(value) for value in written if is_number(value)) if isinstance(written, Array) else ()
