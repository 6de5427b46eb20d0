"""Makes the sample PDFs of this folder; run by hand where the programs are (see README.md).

Each is a designer's page of 100 × 80 mm with 3 mm of bleed, made by another program.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FONTS = HERE.parents[2] / "assets" / "fonts"
PT = 72 / 25.4
MEDIA, BLEED = (126 * PT, 106 * PT), 3 * PT  # reportlab: 10 mm more around the trim
TRIM = [13 * PT, 13 * PT, 113 * PT, 93 * PT]


def reportlab() -> None:
    """CMYK, a spot ink, overprint, an embedded font, a form with its own Helvetica prelude, two pages."""
    from reportlab.lib.colors import CMYKColor, CMYKColorSep
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    registerFont(TTFont("Noto", FONTS / "NotoSansJP-Regular.ttf"))
    canvas = Canvas(str(HERE / "reportlab.pdf"), pagesize=MEDIA, invariant=1, pageCompression=1)
    spot = CMYKColorSep(0, 0.6, 0.9, 0, spotName="DIC 161", density=1)

    def boxes() -> None:
        canvas.setTrimBox(tuple(TRIM))
        canvas.setBleedBox((TRIM[0] - BLEED, TRIM[1] - BLEED, TRIM[2] + BLEED, TRIM[3] + BLEED))

    canvas.beginForm("leaf")
    canvas.setFillColor(CMYKColor(0.6, 0, 0.8, 0.1))
    canvas.ellipse(0, 0, 60, 30, fill=1, stroke=0)
    canvas.endForm()
    for number, tint in ((1, 0.2), (2, 0.6)):
        boxes()
        canvas.setFillColor(CMYKColor(tint, 0, 0.1, 0))
        canvas.rect(TRIM[0] - BLEED, TRIM[1] - BLEED, 106 * PT, 86 * PT, fill=1, stroke=0)
        canvas.saveState()
        canvas.setFillOverprint(True)
        canvas.setOverprintMask(True)
        canvas.setFillColor(spot)
        canvas.circle(TRIM[0] + 60, TRIM[1] + 60, 40, fill=1, stroke=0)
        canvas.restoreState()
        canvas.setFillColor(CMYKColor(0, 0, 0, 1))
        canvas.setFont("Noto", 20)
        canvas.drawString(TRIM[0] + 40, TRIM[3] - 40, f"春のお知らせ {number}")
        canvas.translate(TRIM[0] + 150, TRIM[1] + 30)
        canvas.doForm("leaf")
        canvas.showPage()
    canvas.save()


def ghostscript() -> None:
    """The pages of reportlab's file, distilled anew by pdfwrite."""
    subprocess.run(
        ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-dCompatibilityLevel=1.6", "-dAutoRotatePages=/None",
         f"-sOutputFile={HERE / 'ghostscript.pdf'}", str(HERE / "reportlab.pdf")], check=True,
    )  # fmt: skip


def cairo() -> None:
    """RGB, the only colours that cairo has: text, gradient, a picture with a soft mask; the page is trim and bleed."""
    import cairocffi

    surface = cairocffi.PDFSurface(str(HERE / "cairo.pdf"), 106 * PT, 86 * PT)
    context = cairocffi.Context(surface)
    gradient = cairocffi.LinearGradient(0, 0, 106 * PT, 0)
    gradient.add_color_stop_rgb(0, 1, 0.9, 0.9)
    gradient.add_color_stop_rgb(1, 0.9, 1, 0.9)
    context.set_source(gradient)
    context.paint()
    picture = cairocffi.ImageSurface(cairocffi.FORMAT_ARGB32, 16, 16)
    inner = cairocffi.Context(picture)
    inner.set_source_rgba(1, 0, 0, 0.5)
    inner.paint()
    context.set_source_surface(picture, 60, 60)
    context.paint()
    context.set_source_rgb(0, 0, 0)
    context.select_font_face("DejaVu Sans Mono")
    context.move_to(60, 130)
    context.show_text("SPRING")
    surface.finish()


def typst() -> None:
    """CMYK, a gradient, no TrimBox: the page is trim and bleed. Object streams."""
    from typst import compile as compile_typst

    source = """
#set page(width: 106mm, height: 86mm, margin: 13mm, fill: cmyk(0%, 10%, 30%, 0%))
#set text(font: "Noto Sans JP", size: 16pt, fill: cmyk(0%, 0%, 0%, 100%))
#place(dx: 20mm, dy: 20mm, circle(radius: 15mm, fill: gradient.linear(
  cmyk(100%, 0%, 0%, 0%), cmyk(0%, 0%, 80%, 0%), space: cmyk)))
#place(dx: 40mm, dy: 20mm, circle(radius: 15mm, fill: cmyk(0%, 100%, 0%, 0%)))
春のお知らせ
"""
    path = HERE / "typst.typ"
    path.write_text(source, "utf-8")
    compile_typst(str(path), output=str(HERE / "typst.pdf"), font_paths=[str(FONTS)])
    path.unlink()


def weasyprint() -> None:
    """device-cmyk(), a turned box, a list, bleed with its boxes. Marks and opacity would bring RGB with them."""
    from weasyprint import HTML

    html = """<style>
@font-face { font-family: N; src: url(NotoSansJP-Regular.ttf) }
@page { size: 100mm 80mm; margin: 0; bleed: 3mm; background: device-cmyk(0.1 0 0.3 0) }
body { font: 16pt N; color: device-cmyk(0 0 0 1); margin: 10mm }
div { margin-top: 5mm; width: 40mm; height: 30mm; background: device-cmyk(0 0.8 0.8 0);
      transform: rotate(5deg) }
</style>春のお知らせ<div></div>"""
    HTML(string=html, base_url=str(FONTS) + "/").write_pdf(HERE / "weasyprint.pdf")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        globals()[name]()
