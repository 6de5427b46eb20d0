"""Content streams of artwork without what is left behind: fonts that show nothing, layers, restores of nothing."""

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Name, Object, Operator, Stream

from dmgen.pdf import Content, is_embedded, name_text


def left_out(content: Content, category: str) -> set[str]:
    """The names that a content stream does without.

    Fonts without a program in which nothing is shown (reportlab begins every page with Helvetica), and layers.
    """
    names = content.names[category]
    if category == "/Font":
        fonts = {name: content.resource(category, name) for name in names - content.shown}
        return {name for name, font in fonts.items() if font is None or not is_embedded(font)}
    if category == "/Properties":
        return {name for name in names if _is_layer(content.resource(category, name))}
    return set()


def _is_layer(properties: Object | None) -> bool:
    return properties is not None and properties.get("/Type") in ("/OCG", "/OCMD")


def trimmed_content(content: Content) -> bytes | None:
    """The operators without the names that are left out; None where the stream can stay as it is."""
    fonts, layers = left_out(content, "/Font"), left_out(content, "/Properties")
    return _rewritten(content.stream, fonts, layers, keep_restores=True) if fonts or layers else None


def page_content(page: Object, content: Content) -> bytes:
    """The page's content streams as one; every `q` is closed in it, and no `Q` closes what it did not open."""
    fonts, layers = left_out(content, "/Font"), left_out(content, "/Properties")
    if fonts or layers or content.closed:
        data = _rewritten(pikepdf.Page(page), fonts, layers, keep_restores=False)
    else:
        written = page.get("/Contents")
        streams = list(written) if isinstance(written, Array) else [written]
        data = b"\n".join(stream.read_bytes() for stream in streams if isinstance(stream, Stream))
    return data + b"\nQ" * content.depth


def _rewritten(source: Any, fonts: set[str], layers: set[str], *, keep_restores: bool) -> bytes:
    kept = _kept(pikepdf.parse_content_stream(source), fonts, layers, keep_restores)
    return pikepdf.unparse_content_stream(list(kept))


def _kept(instructions: Any, fonts: set[str], layers: set[str], keep_restores: bool) -> Iterator[Any]:
    depth = 0
    for instruction in instructions:
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "q":
            depth += 1
        elif operator == "Q" and not depth:
            if not keep_restores:
                continue
        elif operator == "Q":
            depth -= 1
        elif operator == "Tf" and isinstance(operands[0], Name) and name_text(operands[0]) in fonts:
            continue
        elif operator in ("BDC", "DP") and isinstance(operands[-1], Name) and name_text(operands[-1]) in layers:
            yield pikepdf.ContentStreamInstruction(operands[:1], Operator("BMC" if operator == "BDC" else "MP"))
            continue
        yield instruction
