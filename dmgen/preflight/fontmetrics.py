"""How a font's strings are read: codes and the widths that the file declares for them (ISO 32000-1, 9.6 and 9.7)."""

from functools import cached_property

from pikepdf import Array, Name, Object, Stream

from dmgen.preflight.reading import array, get, name, number

_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
_MOST_CODES = 65536


class Metrics:
    """The declared side of a font. `composite` fonts take codes of two bytes, others of one."""

    def __init__(self, font: Object) -> None:
        self.font = font
        self.subtype = name(get(font, "/Subtype"))
        self.composite = self.subtype == "Type0"
        descendants = array(get(font, "/DescendantFonts"))
        self.inner = descendants[0] if self.composite and descendants else font
        self.encoding = get(font, "/Encoding")

    @property
    def readable(self) -> bool:
        """Whether codes are known: a composite font's are with Identity only, since other CMaps are not at hand."""
        return not self.composite or name(self.encoding) in ("Identity-H", "Identity-V")

    @property
    def vertical(self) -> bool:
        """Whether lines run downwards."""
        return self.composite and name(self.encoding).endswith("V")

    @cached_property
    def program(self) -> tuple[str, Stream] | None:
        """The embedded program and the entry that holds it."""
        descriptor = get(self.inner, "/FontDescriptor")
        for entry in _PROGRAMS:
            found = get(descriptor, entry)
            if isinstance(found, Stream):
                return entry, found
        return None

    @property
    def embedded(self) -> bool:
        """Whether the font brings its own program; Type 3 fonts are nothing else."""
        return self.subtype == "Type3" or self.program is not None

    def codes(self, shown: bytes) -> list[int]:
        """The character codes of a shown string."""
        if not self.composite:
            return list(shown)
        return [shown[i] << 8 | shown[i + 1] for i in range(0, len(shown) - 1, 2)]

    def width(self, code: int) -> float:
        """The declared width of a code in thousandths (of the glyph space's unit in Type 3 fonts)."""
        return self._widths.get(code, self._default)

    @cached_property
    def _default(self) -> float:
        found = number(get(self.inner, "/DW" if self.composite else "/FontDescriptor", "/MissingWidth"))
        if self.composite:
            found = number(get(self.inner, "/DW"))
            return 1000.0 if found is None else found
        return found or 0.0

    @cached_property
    def _widths(self) -> dict[int, float]:
        if self.composite:
            return _runs(array(get(self.inner, "/W")))
        first = number(get(self.font, "/FirstChar"))
        listed = [number(width) or 0.0 for width in array(get(self.font, "/Widths"))[:256]]
        return dict(enumerate(listed, int(first))) if first is not None else {}


def _runs(written: list[object]) -> dict[int, float]:
    """The /W array (9.7.4.3): `first [widths…]` or `first last width`."""
    widths: dict[int, float] = {}
    place = 0
    while place + 1 < len(written) and len(widths) < _MOST_CODES:
        first, second = number(written[place]), written[place + 1]
        if first is None:
            return widths
        if isinstance(second, Array):
            listed = [number(width) for width in second]
            widths |= {code: width for code, width in enumerate(listed, int(first)) if width is not None}
            place += 2
        else:
            last, width = number(second), number(written[place + 2]) if place + 2 < len(written) else None
            if last is not None and width is not None:
                widths |= dict.fromkeys(range(int(first), min(int(last), _MOST_CODES) + 1), width)
            place += 3
    return widths


def encoding_names(encoding: object) -> tuple[str, dict[int, str]]:
    """A simple font's base encoding and the glyph names of its /Differences."""
    if isinstance(encoding, Name):
        return name(encoding), {}
    differences: dict[int, str] = {}
    code = 0
    for part in array(get(encoding, "/Differences")):
        if isinstance(part, Name):
            differences[code] = name(part)
            code += 1
        else:
            code = int(number(part) or 0)
    return name(get(encoding, "/BaseEncoding")), differences
