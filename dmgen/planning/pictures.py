"""The pictures of a job: which files it shows, in which slots, and whether they have pixels enough for the press."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from dmgen.audience import Audience
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign
from dmgen.model.layout import ImageSlot
from dmgen.press import PictureFile, convert_picture, is_line_art, picture_size

_INCH = 25.4
LEAST_DPI = 150  # below, pixels are seen from an arm's length: refused
GOOD_DPI = 300  # bureaus ask for 300 to 350
GOOD_LINE_ART_DPI = 1200  # bureaus' figure for 1-bit pictures


class PictureUse(NamedTuple):
    """A picture in a slot of a layout; `key` is what contents name it with."""

    layout: Path
    slot: ImageSlot
    key: str
    file: Path


class Pictures(NamedTuple):
    """The pictures of a job by key: as the press draws them, their pixels, and what a person should look at."""

    files: dict[str, PictureFile]
    sizes: dict[str, tuple[int, int]]
    remarks: list[CampaignError]


def picture_files(campaign: Campaign, audience: Audience, folder: Path) -> Pictures:
    """Convert every picture into `folder`.

    A product's picture that is missing or no picture is left out: that is for the policy on missing images. Raises
    CampaignError for a layout's own picture that cannot be used, and for any of fewer than 150 dpi.
    """
    uses = picture_uses(campaign, audience)
    own = {use.key for use in uses if use.slot.file}
    files, sizes = {}, {}
    for number, (key, path) in enumerate(sorted({use.key: use.file for use in uses}.items())):
        try:
            files[key] = convert_picture(path, folder / str(number), campaign.printing.conversion)
            sizes[key] = picture_size(path)
        except CampaignError:
            if key in own:
                raise
    return Pictures(files, sizes, low_resolutions([use for use in uses if use.key in sizes], sizes))


def picture_uses(campaign: Campaign, audience: Audience) -> list[PictureUse]:
    """Every picture that this job draws, once a slot."""
    found = {(use.layout, use.slot.name, use.key): use for use in _uses(campaign, audience)}
    return list(found.values())


def _uses(campaign: Campaign, audience: Audience) -> Iterator[PictureUse]:
    products = campaign.lists.products
    for segment in campaign.segments:
        layout = campaign.layouts[segment.layout]
        images = [slot for page in layout.pages for slot in page.slots if isinstance(slot, ImageSlot)]
        yield from (PictureUse(layout.file, slot, str(slot.file), slot.file) for slot in images if slot.file)
        listed = [slot for slot in images if not slot.file]
        if not listed or not products:
            continue
        records = {slot.column.partition(".")[0] for slot in listed} & set(audience.records)
        rows = audience.rows(audience.open_positions(segment.id), records)
        for slot in listed:
            record, _, column = slot.column.partition(".")
            values = {str(getattr(row[record], column) or "") for row in rows if record in records} - {""}
            yield from (PictureUse(layout.file, slot, value, products.parent / value) for value in sorted(values))


def low_resolutions(uses: Sequence[PictureUse], sizes: Mapping[str, tuple[int, int]]) -> list[CampaignError]:
    """A warning for each picture that is printed with fewer than 300 dpi (1-bit ones: 1,200).

    `sizes` are in pixels. Raises CampaignError for one below 150 dpi.
    """
    warnings = []
    for use in uses:
        box, (width, height) = use.slot.box, sizes[use.key]
        dpi = _INCH * max(width / box.width, height / box.height)  # the picture fills its box in one direction
        if dpi < LEAST_DPI:
            raise _low(use, width, height, dpi, LEAST_DPI)
        if dpi < GOOD_DPI or (dpi < GOOD_LINE_ART_DPI and is_line_art(use.file)):
            warnings.append(_low(use, width, height, dpi, GOOD_DPI if dpi < GOOD_DPI else GOOD_LINE_ART_DPI))
    return warnings


def _low(use: PictureUse, width: int, height: int, dpi: float, least: int) -> CampaignError:
    share = least / dpi
    return CampaignError(
        mark(
            "{layout}: slot {slot}: the picture {file} has {dpi} dpi as it is printed, and the press needs {least}: "
            "use one of {width} × {height} pixels or more (it has {has_width} × {has_height}), or a smaller box"
        ),
        layout=use.layout,
        slot=use.slot.name,
        file=use.file,
        dpi=int(dpi),
        least=least,
        width=int(width * share) + 1,
        height=int(height * share) + 1,
        has_width=width,
        has_height=height,
    )
