"""What a print shop's prepress person asks of the files, and whether all that makes and checks them works here."""

import platform
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import ImageCms

import dmgen
from dmgen.audience.clean.directory import directory
from dmgen.errors import DmgenError, PreflightError
from dmgen.fonts import FontLibrary, load_fonts
from dmgen.messages import mark
from dmgen.model.contents import Code, Line, PageContents, Text
from dmgen.model.layout import K100, Box
from dmgen.model.printing import SHIPPED_CONDITION, SHIPPED_PROFILE, PrintSettings, Standard
from dmgen.preflight import Severity
from dmgen.prepress import check_file
from dmgen.press import Group, Names, Piece, PressKit, PrintFile, read_intent
from dmgen.report import check_library
from dmgen.symbols import CODINGS

_LIBRARIES = ("reportlab", "pikepdf", "pillow", "fonttools", "uharfbuzz", "qrcode", "numpy", "pypdfium2", "zxing-cpp")
_WORDS = "青葉 花子 様"
_PAYLOADS = {"ean13": "4901234567894"}
_ANY_PAYLOAD = "HTTPS://EXAMPLE.JP/C/2345"
_FONTS = ("mincho", "gothic", "mono")


@dataclass(frozen=True)
class Examined:
    """One thing that was looked at: its name, what there is to say of it, and what is wrong with it."""

    name: str
    told: DmgenError
    wrong: bool = False


def examine() -> Iterator[Examined]:
    """Versions, fonts, profile, and a page of each standard printed, preflighted and read back on this machine."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    about = mark("{version}, Python {python} on {system}; {libraries}")
    python, system = platform.python_version(), platform.system()
    told = _said(about, version=dmgen.__version__, python=python, system=system, libraries=libraries)
    yield Examined("dmgen", told)
    fonts = load_fonts(_FONTS, {})
    for key in _FONTS:
        yield _tried(f"font {key}", lambda key=key: _font(fonts, key))  # type: ignore[misc]
    yield _tried("profile", _profile)
    for standard in Standard:
        yield _tried(standard.value, lambda standard=standard: _printed(fonts, standard))  # type: ignore[misc]
    for kind in CODINGS:
        yield _tried(f"code {kind}", lambda kind=kind: _decoded(fonts, kind))  # type: ignore[misc]
    yield Examined("postal codes", _postal_codes())
    yield Examined("analysis page", _analysis_page())


def refuse_wrong(examined: Sequence[Examined]) -> None:
    """Raises PreflightError if anything that was looked at is wrong."""
    wrong = [thing.name for thing in examined if thing.wrong]
    if wrong:
        raise PreflightError(mark("not as it should be: {names}"), names=", ".join(wrong))


def _said(message: str, **values: object) -> DmgenError:
    return DmgenError(message, **values)


def _postal_codes() -> DmgenError:
    """What addresses are compared with; without the data letters are printed all the same."""
    month = directory(()).month
    if month:
        return _said(mark("compared with Japan Post's data of {month}"), month=month)
    return _said(mark('compared with prefectures only; for cities and towns type: pip install "dmgen[postal]"'))


def _analysis_page() -> DmgenError:
    try:
        check_library()
    except DmgenError as error:
        return error
    return _said(mark("can be drawn"))


def _tried(name: str, look: Callable[[], DmgenError]) -> Examined:
    try:
        return Examined(name, look())
    except DmgenError as error:
        return Examined(name, error, wrong=True)


def _font(fonts: FontLibrary, key: str) -> DmgenError:
    face = fonts[key]
    message = mark("{name}: {count:,} characters, TrueType, embedded as a subset (Type 0, Identity-H, with ToUnicode)")
    return _said(message, name=face.name, count=len(face.glyphs))


def _profile() -> DmgenError:
    """The output intent's profile (ICC.1, 7.2: class, colour space and version stand in the header)."""
    profile = ImageCms.ImageCmsProfile(str(SHIPPED_PROFILE)).profile
    message = mark("{description} ({condition}): class {kind}, {space}, ICC {version}; pictures are converted with it")
    return _said(
        message,
        description=" ".join(str(profile.profile_description).split()),
        condition=SHIPPED_CONDITION,
        kind=profile.device_class,
        space=profile.xcolor_space.strip(),
        version=profile.version,
    )


def _file(fonts: FontLibrary, items: list[Text | Code], standard: Standard) -> bytes:
    names = Names({key: b"F%d" % number for number, key in enumerate(fonts)}, {}, {})
    intent = read_intent(PrintSettings(standard))
    kit = PressKit(fonts, {}, {}, names, "dmgen doctor", date(2000, 1, 1), f"dmgen {dmgen.__version__}", intent)
    out = BytesIO()
    file = PrintFile(out, kit, Group.of("doctor", 1))
    file.add([PageContents(210, 148, 3, [*items])], [Piece(1, "doctor", 1)])
    file.close()
    return out.getvalue()


def _printed(fonts: FontLibrary, standard: Standard) -> DmgenError:
    """A page with a line of text: preflighted, and read by another engine."""
    ids, _ = fonts["mincho"].measure(_WORDS)
    data = _file(fonts, [Text("mincho", 4.0, 1, K100, 20, 40, 0, [Line(0, 0, ids)])], standard)
    with tempfile.TemporaryDirectory(prefix="dmgen-") as folder:
        path = Path(folder) / "doctor.pdf"
        path.write_bytes(data)
        errors = [f for f in check_file(path, standard).findings if f.severity is Severity.ERROR]
        document = pypdfium2.PdfDocument(data)
        text = document[0].get_textpage().get_text_range()
        document.close()
    if errors or text.strip() != _WORDS:
        raise PreflightError(
            mark("a page printed here is not as it should be ({rules}): install dmgen again"),
            rules=", ".join(sorted({error.rule for error in errors})) or "text",
        )
    return _said(
        mark("PDF {version}, DeviceCMYK and spot inks, black text K100 with overprint; preflighted and read back"),
        version=data[5:8].decode(),
    )


def _decoded(fonts: FontLibrary, kind: str) -> DmgenError:
    """A code printed, rendered and decoded by another library."""
    payload = _PAYLOADS.get(kind, _ANY_PAYLOAD)
    coding = CODINGS[kind]
    symbol = coding.symbol(payload, coding.columns(payload))
    width = coding.usual * symbol.columns
    box = Box(15, 20, width, coding.usual_height or width)
    document = pypdfium2.PdfDocument(_file(fonts, [Code(symbol, box, K100)], Standard.X4))
    found = zxingcpp.read_barcodes(document[0].render(scale=6).to_pil())
    document.close()
    if payload not in [code.text for code in found]:
        raise PreflightError(mark("a code printed here cannot be read: install dmgen again"))
    return _said(mark("drawn as vectors, rendered and decoded"))
