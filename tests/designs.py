"""Designers' pages written down operator by operator, for what no program at hand makes."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

PT = 72 / 25.4
TRIM = (100.0, 80.0)
BOXES = {"MediaBox": (0, 0, 126, 106), "BleedBox": (10, 10, 116, 96), "TrimBox": (13, 13, 113, 93)}  # mm

Edit = Callable[[Pdf, Object], None]


def design(
    content: bytes | Sequence[bytes],
    resources: str = "<< >>",
    streams: Mapping[str, tuple[str, bytes]] | None = None,
    boxes: Mapping[str, tuple[float, float, float, float] | None] | None = None,
    edit: Edit | None = None,
    unit: float = 1.0,
) -> bytes:
    """A PDF of one page.

    `streams` are (entries, data) by the names that `resources` and other entries write as `@name`; `boxes` replace
    those of BOXES, `edit` may change anything before it is saved.
    """
    pdf = Pdf.new()
    pdf.add_blank_page()
    page = pdf.pages[0].obj
    made: dict[str, Object] = {}

    def parsed(text: str) -> Object:
        return _linked(pikepdf.Object.parse(text.replace("@", "/LINK-").encode()), made)

    for name, (entries, data) in (streams or {}).items():
        stream = Stream(pdf, data)
        made[name] = pdf.make_indirect(stream)
        for key, value in parsed(f"<< {entries} >>").items():
            stream[key] = value
    page.Resources = parsed(resources)
    parts = [content] if isinstance(content, bytes) else content
    page.Contents = Array([Stream(pdf, part) for part in parts]) if len(parts) != 1 else Stream(pdf, parts[0])
    for key, box in (BOXES | dict(boxes or {})).items():
        if box:
            page[f"/{key}"] = Array([round(value * PT / unit, 4) for value in box])
        elif f"/{key}" in page:
            del page[f"/{key}"]
    if unit != 1:
        page.UserUnit = unit
    if edit:
        edit(pdf, page)
    out = BytesIO()
    pdf.save(
        out, object_stream_mode=pikepdf.ObjectStreamMode.generate, static_id=True,
        compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )  # fmt: skip
    return out.getvalue()


def _linked(thing: Object, made: Mapping[str, Object]) -> Object:
    """The same with every name /LINK-x replaced by the stream x."""
    if isinstance(thing, Name) and str(thing).startswith("/LINK-"):
        return made[str(thing).removeprefix("/LINK-")]
    if isinstance(thing, Dictionary):
        return Dictionary({key: _linked(value, made) for key, value in thing.items()})
    if isinstance(thing, Array):
        return Array([_linked(value, made) for value in thing])
    return thing


def saved(folder: Path, data: bytes, name: str = "design.pdf") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
