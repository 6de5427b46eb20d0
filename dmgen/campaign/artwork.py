"""A designer's page as a layout names it: `spring.pdf#2` is the second page of a file beside the layout."""

from dmgen.campaign.files import existing
from dmgen.campaign.problems import RefusalError, problem
from dmgen.campaign.slots import Sheet
from dmgen.messages import mark
from dmgen.model.layout import Artwork
from dmgen.toml import Keys, TomlFile


def find_artwork(file: TomlFile, keys: Keys, written: str, sheet: Sheet) -> Artwork:
    """The page that is `written` at `keys` of `file`, which must be of the sheet's size. Raises CampaignError."""
    name, _, page = written.rpartition("#")
    if not (name and page.isascii() and page.isdecimal() and len(page) < 10):
        name, page = written, "1"
    if int(page) == 0:
        raise problem(file, keys, RefusalError(mark("pages count from 1: the first is #1")))
    return Artwork(existing(file, keys, name), int(page), sheet.width, sheet.height, sheet.bleed)
