"""Writes print files: what is fixed is drawn once, pieces are streamed."""

from dmgen.press.artwork import load_artwork
from dmgen.press.dparts import Group, Piece
from dmgen.press.extract import Pages, Taken, extract
from dmgen.press.forms import Form, build_form
from dmgen.press.graft import Graft
from dmgen.press.joined import Leaf, join
from dmgen.press.modules import module_runs
from dmgen.press.operators import Names
from dmgen.press.pictures import PictureFile, convert_picture, is_line_art, picture_size
from dmgen.press.printfile import PressKit, PrintFile
from dmgen.press.profile import read_intent
from dmgen.press.standard import Intent
from dmgen.press.thumbnails import Thumbnails

__all__ = [
    "Form",
    "Graft",
    "Group",
    "Intent",
    "Leaf",
    "Names",
    "Pages",
    "PictureFile",
    "Piece",
    "PressKit",
    "PrintFile",
    "Taken",
    "Thumbnails",
    "build_form",
    "convert_picture",
    "extract",
    "is_line_art",
    "join",
    "load_artwork",
    "module_runs",
    "picture_size",
    "read_intent",
]
