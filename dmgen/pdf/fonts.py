"""Whether a font brings its own program (ISO 32000-1, 9.9)."""

from pikepdf import Array, Dictionary, Name, Object, Stream

from dmgen.pdf.uses import FontUse, Path
from dmgen.pdf.values import name_text

_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")


def font_use(font: Object, path: Path) -> FontUse:
    """A font dictionary's name and whether its program is embedded."""
    name = font.get("/BaseFont", font.get("/Name"))
    return FontUse(path, font, name_text(name)[1:] if isinstance(name, Name) else "?", is_embedded(font))


def is_embedded(font: Object) -> bool:
    """Whether a font brings its program; a Type 3 font is one."""
    if font.get("/Subtype") == "/Type3":
        return True
    if font.get("/Subtype") == "/Type0":
        descendants = font.get("/DescendantFonts")
        inner = descendants[0] if isinstance(descendants, Array) and len(descendants) else None
        return isinstance(inner, Dictionary) and is_embedded(inner)
    descriptor = font.get("/FontDescriptor")
    return isinstance(descriptor, Dictionary) and any(isinstance(descriptor.get(key), Stream) for key in _PROGRAMS)
