"""Images, forms and what else a page can place."""

from pikepdf import String

from dmgen.messages import mark
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.reading import get, name, names
from dmgen.preflight.resources import Form, Image, OtherXObject

_CODINGS = {"JPXDecode": "JPEG 2000", "JBIG2Decode": "JBIG2"}
_SCOPES = ("SingleUse", "Record", "File", "Stream", "Global", "Unknown")


def old_codings(image: Image) -> Faults:
    """PDF/X-1a: no JBIG2, no JPX."""
    for coding in names(image.entries.get("/Filter")):
        if coding in _CODINGS:
            yield Fault(
                image.at,
                mark("an image in {coding}"),
                mark("export images as JPEG or ZIP (PDF 1.3)"),
                {"coding": _CODINGS[coding]},
            )


def eight_bits(image: Image) -> Faults:
    """PDF/X-1a: no 16-bit images."""
    if image.entries.get("/BitsPerComponent") == 16:
        yield Fault(image.at, mark("an image of 16 bits a channel"), mark("reduce the image to 8 bits a channel"))


def known_xobjects(thing: OtherXObject) -> Faults:
    """No PostScript XObjects; every other one is an image or a form."""
    if thing.subtype == "PS":
        yield Fault(thing.at, mark("a PostScript XObject"), mark("export again from the program that made it"))
    else:
        yield Fault(thing.at, mark("an XObject that is neither image nor form"), mark("export the file again"))


def postscript_forms(form: Form) -> Faults:
    """No PostScript XObjects, also not as a form of Subtype2 PS; no reference XObjects."""
    if name(form.entries.get("/Subtype2")) == "PS" or "/PS" in form.entries:
        yield Fault(form.at, mark("a PostScript XObject"), mark("export again from the program that made it"))
    if "/Ref" in form.entries:
        yield Fault(form.at, mark("a picture that lies in another file (/Ref)"), mark("embed the picture"))


def alternates(image: Image) -> Faults:
    """No Alternates."""
    if "/Alternates" in image.entries:
        yield Fault(f"{image.at} /Alternates", mark("an image with alternates"), mark("export without them"))


def open_prepress(thing: Image | Form) -> Faults:
    """No OPI."""
    if "/OPI" in thing.entries:
        yield Fault(
            f"{thing.at} /OPI",
            mark("OPI: a stand-in that the press would have to replace"),
            mark("export with the images themselves, without OPI comments"),
        )


def scope_hints(thing: Image | Form) -> Faults:
    """PDF/VT-1: GTS_Scope is one of six names, GTS_XID a string, GTS_Encapsulated needs a group on forms."""
    remedy = mark("mend the PDF/VT hints of this object, or leave them out")
    scope, identity = thing.entries.get("/GTS_Scope"), thing.entries.get("/GTS_XID")
    if scope is not None and name(scope) not in _SCOPES:
        yield Fault(thing.at, mark("/GTS_Scope is none of the six of PDF/VT"), remedy)
    if identity is not None and not isinstance(identity, String):
        yield Fault(thing.at, mark("/GTS_XID is not a string"), remedy)
    grouped = name(get(thing.entries.get("/Group"), "/S")) == "Transparency"
    if thing.entries.get("/GTS_Encapsulated") is True and isinstance(thing, Form) and not grouped:
        yield Fault(thing.at, mark("/GTS_Encapsulated is true, but the form is no transparency group"), remedy)
