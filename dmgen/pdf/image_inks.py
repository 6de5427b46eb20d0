"""The inks of an image: of every pixel, as it is stored (ISO 32000-1, 8.9)."""

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt
from pikepdf import Array, Object, PdfError, Stream, StreamDecodeLevel, String

from dmgen.pdf.inks import UNSURE, Inks, inks_of, is_light, of_covers, plates, together, unsure_of
from dmgen.pdf.spaces import Space
from dmgen.pdf.values import filters, is_number, whole

_AT_ONCE = 1 << 20  # pixels

Samples = npt.NDArray[np.uint16]


def image_inks(image: Object, space: Space, written: Object | None) -> Inks:
    """The inks of an image's pixels; `written` is its colour space as it stands in the file.

    All those of its space, and not sure, where it cannot be decoded here (JPEG 2000, fax codings).
    """
    indexed = space.family == "Indexed"
    names = plates(space.base if indexed and space.base else space)
    if names is None:
        return UNSURE
    try:
        samples = _samples(image, space.components)
        return _indexed(samples, space, written) if indexed else _direct(samples, image, space, names)
    except (PdfError, ValueError, IndexError, NotImplementedError, RuntimeError):
        return unsure_of(space)


def image_digest(image: Object, space: Space) -> bytes:
    """What is the same of the same image in other files; empty where its colours are defined beside it."""
    if space.family not in ("DeviceGray", "DeviceCMYK"):
        return b""
    told = [space.family, *(repr(image.get(key)) for key in ("/Width", "/Height", "/BitsPerComponent", "/Decode"))]
    digest = hashlib.sha256("|".join([*told, *filters(image)]).encode())
    digest.update(image.read_raw_bytes())
    return digest.digest()


def _samples(image: Object, components: int) -> Samples:
    """Pixels × components, as numbers of so many bits as the image has."""
    width, height, bits = whole(image, "/Width"), whole(image, "/Height"), whole(image, "/BitsPerComponent") or 8
    data = np.frombuffer(image.read_bytes(decode_level=StreamDecodeLevel.all), np.uint8)
    row = (width * components * bits + 7) // 8
    rows = data[: row * height].reshape(height, row)
    if bits == 16:
        wide: Samples = rows.view(">u2").astype(np.uint16)
        return wide.reshape(-1, components)
    if bits == 8:
        return rows.astype(np.uint16).reshape(-1, components)
    ones = np.unpackbits(rows, axis=1)[:, : width * components * bits].reshape(-1, bits).astype(np.uint16)
    weights = (1 << np.arange(bits - 1, -1, -1)).astype(np.uint16)
    narrow: Samples = (ones * weights).sum(axis=1, dtype=np.uint16)
    return narrow.reshape(-1, components)


def _direct(samples: Samples, image: Object, space: Space, names: tuple[str, ...]) -> Inks:
    most = (1 << (whole(image, "/BitsPerComponent") or 8)) - 1
    decode = _numbers(image.get("/Decode")) or [0.0, 1.0] * space.components
    ends = np.array(decode, np.float32).reshape(-1, 2)[: space.components]
    if is_light(space):
        ends = 1 - ends
    counted = np.array([bool(name) for name in names], np.float32)
    covers, total = np.zeros(space.components, np.float32), 0.0
    for start in range(0, len(samples), _AT_ONCE):
        part = (ends[:, 0] + samples[start : start + _AT_ONCE] * ((ends[:, 1] - ends[:, 0]) / most)) * counted
        covers = np.maximum(covers, part.max(axis=0))
        total = max(total, float(part.sum(axis=1).max()))
    return of_covers(zip(names, map(float, covers), strict=True), total)


def _indexed(samples: Samples, space: Space, written: Object | None) -> Inks:
    """Of the colours of the table that pixels have."""
    if not space.base or not isinstance(written, Array):
        return UNSURE
    table: Any = written[3]
    data = table.read_bytes() if isinstance(table, Stream) else bytes(table) if isinstance(table, String) else b""
    count = space.base.components
    colours = [data[count * index : count * (index + 1)] for index in np.unique(samples).tolist()]
    return together(frozenset(inks_of(space.base, [byte / 255 for byte in colour]) for colour in colours))


def _numbers(written: Object | None) -> list[float]:
    return [float(value) for value in written if is_number(value)] if isinstance(written, Array) else []
