"""Vertical text as content stream operators (ISO 32000-1, 9.4 and 9.7.4.3)."""

from collections.abc import Mapping

from dmgen.model.contents import Columns
from dmgen.press.strings import PT, escape, number

Strings = Mapping[str, dict[str, bytes]]


def column_operators(item: Columns, origin: tuple[float, float], fonts: Mapping[str, bytes], strings: Strings) -> bytes:
    """A text object: a matrix and a string a run; `strings` takes up what is shown, by font."""
    out, current = [b"BT\n"], ""
    axis, top = origin[0] + item.x * PT, origin[1] - item.y * PT
    for place, column in enumerate(item.columns):
        for run in column:
            if run.font != current:
                current = run.font
                out.append(b"/%b %b Tf\n" % (fonts[current], number(item.size * PT).encode()))
            # A quarter turn clockwise puts the baseline down the column and the characters' tops to its right.
            turn = (0, -item.flat, 1, 0) if run.turned else (run.condense, 0, 0, item.flat)
            x, y = axis + (run.x - place * item.leading) * PT, top - run.y * PT
            out.append(f"{' '.join(map(number, (*turn, x, y)))} Tm\n".encode())
            # Readers that extract text take what starts at one height for a line across: the end of a column is shown
            # on its own, lower than the next one starts.
            cut = len(run.text) - 1 if run is column[-1] else 0
            out += (_shown(text, strings[current]) for text in (run.text[:cut], run.text[cut:]) if text)
    return b"".join((*out, b"ET\n")) if current else b""


def _shown(text: str, strings: dict[str, bytes]) -> bytes:
    string = strings.get(text)
    if string is None:
        string = strings[text] = escape(text)
    return b"(" + string + b")Tj\n"
