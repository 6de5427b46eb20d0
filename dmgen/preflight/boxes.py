"""The boxes of a page (ISO 32000-1, 14.11.2), and the annotations that may only stand beside them."""

from dmgen.messages import mark
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.geometry import inside, overlap, rectangle
from dmgen.preflight.pagetree import Page, TreeNode
from dmgen.preflight.reading import array, get, name

_PRINTERS = ("PrinterMark", "TrapNet")


def media_box(page: Page) -> Faults:
    """Each page has a MediaBox."""
    if page.boxes.media is None:
        yield Fault("/MediaBox", mark("the page has no valid MediaBox"), mark("export the file again"))


def trim_box(page: Page) -> Faults:
    """Each page: TrimBox or ArtBox, never both."""
    trim, art = "/TrimBox" in page.entries, "/ArtBox" in page.entries
    if trim and art:
        yield Fault("/ArtBox", mark("the page has both a TrimBox and an ArtBox"), mark("remove the ArtBox"))
    elif page.boxes.trim is None:
        yield Fault(
            "/TrimBox",
            mark("the page has no valid TrimBox, so its finished size is unknown"),
            mark("export with trim and bleed boxes (in the export dialog: PDF/X, document bleed)"),
        )


def nested_boxes(page: Page) -> Faults:
    """Trim ⊆ Bleed ⊆ Media."""
    boxes = page.boxes
    trim = "/TrimBox" if "/TrimBox" in page.entries else "/ArtBox"
    pairs = (
        (trim, boxes.trim, "/BleedBox", boxes.bleed),
        (trim, boxes.trim, "/MediaBox", boxes.media),
        ("/BleedBox", boxes.bleed, "/MediaBox", boxes.media),
        ("/CropBox", boxes.crop, "/MediaBox", boxes.media),
    )
    for inner, small, outer, large in pairs:
        if small and large and not inside(small, large):
            yield Fault(
                inner,
                mark("{inner} reaches beyond {outer}"),
                mark("export again: TrimBox lies within BleedBox, and BleedBox within MediaBox"),
                {"inner": inner, "outer": outer},
            )


def crop_box(page: Page) -> Faults:
    """No CropBox that cuts the bleed (best none at all)."""
    boxes = page.boxes
    wanted = boxes.bleed or boxes.trim
    if boxes.crop and wanted and not inside(wanted, boxes.crop):
        yield Fault("/CropBox", mark("the CropBox cuts the bleed off"), mark("export without a CropBox"))


def annotations(page: Page) -> Faults:
    """Annotations stand outside the bleed; printer's marks and trap networks are none in this sense."""
    boxes = page.boxes
    kept = boxes.printed
    for annotation in array(page.entries.get("/Annots")):
        kind, place = name(get(annotation, "/Subtype")), rectangle(get(annotation, "/Rect"))
        if kind not in _PRINTERS and place and kept and overlap(place, kept):
            yield Fault(
                f"/Annot {kind}",
                mark("an annotation ({kind}) stands on the printed area"),
                mark("remove links, comments and form fields, or flatten them"),
                {"kind": kind},
            )


def inherited_boxes(node: TreeNode) -> Faults:
    """Trim and bleed are not inherited from /Pages."""
    for box in ("/TrimBox", "/BleedBox", "/ArtBox"):
        if get(node.object, box) is not None:
            yield Fault(
                f"{node.at} {box}",
                mark("{box} stands in the page tree, where it does not reach the pages"),
                mark("write {box} into every page"),
                {"box": box},
            )
