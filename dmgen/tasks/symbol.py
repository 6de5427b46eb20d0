"""`dmgen symbol`: one code explained, or drawn as PDF or SVG in the size in which it is printed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import dmgen
from dmgen.errors import CampaignError, OutputError, UsageError
from dmgen.messages import Speaker, mark
from dmgen.model.contents import Code, PageContents
from dmgen.model.layout import K100, Box
from dmgen.model.printing import PrintSettings
from dmgen.model.symbol import Symbol, SymbolKind
from dmgen.press import Names, PressKit, PrintFile, module_runs, read_intent
from dmgen.reasons import reason_words
from dmgen.symbols import (
    BLANK,
    CODINGS,
    MARKER_CELLS,
    MARKER_QUIET,
    MARKERS,
    RECOMMENDED_MARKER,
    SIZES,
    PayloadError,
    aruco_symbol,
    barcode_size,
    customer_barcode,
)


@dataclass(frozen=True)
class Asked:
    """What a code is to say: a marker its id. The customer barcode has a postal code, an address after the 町域."""

    kind: SymbolKind
    payload: str = ""
    postal: str = ""
    address: str = ""
    size: float = 9.0  # pt, of the customer barcode


@dataclass(frozen=True)
class Drawing:
    """A code and its facts as `--json` tells them; `sheet` is the paper it needs, `area` that of its modules (mm)."""

    facts: dict[str, Any]
    symbol: Symbol
    sheet: tuple[float, float]
    area: Box


def drawing(asked: Asked) -> Drawing:
    """The code. Raises UsageError for what its kind does not take, CampaignError for what it cannot say."""
    _check(asked)
    if asked.kind is SymbolKind.AR:
        return _marker(asked.payload)
    try:
        return _customer_barcode(asked) if asked.kind is SymbolKind.JAPANPOST else _symbol(asked)
    except PayloadError as error:
        raise CampaignError(
            mark('{kind}: "{payload}" cannot be a code: {problem}'),
            kind=asked.kind.value,
            payload=error.value,
            problem=CampaignError(reason_words(error.reason)),
        ) from None


def _check(asked: Asked) -> None:
    if asked.kind is SymbolKind.JAPANPOST:
        if asked.payload or not asked.postal:
            raise UsageError(
                mark('the customer barcode takes an address: dmgen symbol japanpost --postal 100-0001 --address "1-1"')
            )
        smallest, largest = SIZES
        if not smallest <= asked.size <= largest:
            raise UsageError(
                mark("--size: the customer barcode is {smallest:g} to {largest:g} pt"),
                smallest=smallest,
                largest=largest,
            )
    elif asked.postal or asked.address or not asked.payload:
        raise UsageError(mark('{kind} takes what it says: dmgen symbol {kind} "payload"'), kind=asked.kind.value)


def _customer_barcode(asked: Asked) -> Drawing:
    barcode = customer_barcode(asked.postal, asked.address)
    width, height = barcode_size(asked.size)
    facts = {
        "number": barcode.number,
        "codes": list(barcode.codes),
        "check": barcode.check,
        "bars": barcode.bars,
    }
    sheet = width + 2 * BLANK, height + 2 * BLANK
    return Drawing(facts, barcode.symbol, sheet, Box(BLANK, BLANK, width, height))


def _marker(payload: str) -> Drawing:
    if not (payload.isascii() and payload.isdecimal()) or int(payload) >= MARKERS:
        raise UsageError(mark("ar takes the id of a marker, 0 to {last}: dmgen symbol ar 17"), last=MARKERS - 1)
    quiet = RECOMMENDED_MARKER / MARKER_CELLS * MARKER_QUIET
    area = Box(quiet, quiet, RECOMMENDED_MARKER, RECOMMENDED_MARKER)
    sheet = area.grown(quiet)
    return _explained(SymbolKind.AR, str(int(payload)), aruco_symbol(int(payload)), (sheet.width, sheet.height), area)


def _symbol(asked: Asked) -> Drawing:
    coding = CODINGS[asked.kind.value]
    symbol = coding.symbol(asked.payload, 0)
    module = coding.usual
    width, height = symbol.columns * module, coding.usual_height if coding.bars else symbol.rows * module
    area = Box(coding.before * module, coding.above * module, width, height)
    sheet = (symbol.columns + coding.before + coding.after) * module, height + 2 * area.top
    return _explained(asked.kind, coding.shown(asked.payload), symbol, sheet, area)


def _explained(kind: SymbolKind, payload: str, symbol: Symbol, sheet: tuple[float, float], area: Box) -> Drawing:
    facts = {
        "kind": kind.value,
        "payload": payload,
        "columns": symbol.columns,
        "rows": symbol.rows,
        "module_mm": round(area.width / symbol.columns, 6),
        "width_mm": round(sheet[0], 3),
        "height_mm": round(sheet[1], 3),
        "modules": ["".join("1" if dark else "0" for dark in row) for row in symbol.grid()],
    }
    return Drawing(facts, symbol, sheet, area)


def explanation(drawn: Drawing, speaker: Speaker) -> str:
    """The facts of a code in words."""
    facts, (width, height) = drawn.facts, drawn.sheet
    if "bars" in facts:
        told = [
            speaker.say(mark("number   {number}"), **facts),
            speaker.say(mark("codes    {codes}"), codes=" ".join(facts["codes"])),
            speaker.say(mark("check    {check}"), **facts),
            speaker.say(mark("bars     {bars}"), **facts),
        ]
    else:
        told = [
            speaker.say(mark("payload  {payload}"), **facts),
            speaker.say(mark("modules  {columns} across, {module_mm:g} mm each"), **facts),
        ]
    size = speaker.say(mark("size     {width:.1f} × {height:.1f} mm with its blank"), width=width, height=height)
    return "\n".join([*told, size])


def draw(drawn: Drawing, path: Path) -> None:
    """Write the code to a .pdf or .svg file. Raises UsageError for another name, OutputError where it cannot be."""
    writers = {".pdf": _pdf, ".svg": _svg}
    writer = writers.get(path.suffix.lower())
    if not writer:
        raise UsageError(mark("-o {file}: name a file that ends in .pdf or .svg"), file=path)
    try:
        path.write_bytes(writer(drawn))
    except OSError as error:
        raise OutputError(mark("{file}: cannot be written ({reason})"), file=path, reason=error.strerror) from None


def _title(drawn: Drawing) -> str:
    return str(drawn.facts.get("payload") or drawn.facts.get("number") or "dmgen")


def _pdf(drawn: Drawing) -> bytes:
    kit = PressKit(
        fonts={},
        forms={},
        pictures={},
        names=Names({}, {}, {}),
        title=_title(drawn),
        made_on=datetime.now(UTC).date(),
        producer=f"dmgen {dmgen.__version__}",
        intent=read_intent(PrintSettings()),
    )
    out = BytesIO()
    file = PrintFile(out, kit)
    file.add([PageContents(*drawn.sheet, 0.0, [Code(drawn.symbol, drawn.area, K100)])])
    file.close()
    return out.getvalue()


def _svg(drawn: Drawing) -> bytes:
    """Millimetres as user units; the runs of modules are those of the press."""
    width, height = (f"{value:.4f}".rstrip("0").rstrip(".") for value in drawn.sheet)
    area, symbol = drawn.area, drawn.symbol
    runs = (line.split()[:4] for line in module_runs([symbol])[0].decode().splitlines())
    path = "".join(f"M{x} {y}h{across}v{down}h-{across}z" for x, y, across, down in runs)
    scale = f"{area.width / symbol.columns:.6f} {area.height / symbol.rows:.6f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">'
        f"<title>{escape(_title(drawn))}</title>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<path transform="translate({area.left:.4f} {area.top:.4f}) scale({scale})" fill="#000" d="{path}"/></svg>\n'
    ).encode()
