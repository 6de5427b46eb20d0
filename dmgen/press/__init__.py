"""Writes print files: what is fixed is drawn once, pieces are streamed."""

from dmgen.press.artwork import load_artwork
from dmgen.press.forms import Form, build_form
from dmgen.press.graft import Graft
from dmgen.press.operators import Names
from dmgen.press.pictures import PictureFile, convert_picture, picture_size
from dmgen.press.printfile import PressKit, PrintFile

__all__ = [
    "Form",
    "Graft",
    "Names",
    "PictureFile",
    "PressKit",
    "PrintFile",
    "build_form",
    "convert_picture",
    "load_artwork",
    "picture_size",
]
