"""What does not agree: the piece, the place and the field, never what stands there (it may be another person's)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dmgen.messages import Speaker, mark


class Finding(NamedTuple):
    """One thing that is not as it should be. `what` is a machine-read code; `field` a column or a slot's part.

    Pages count from 1 within their file. A finding about a file or the whole job has no piece.
    """

    what: str
    file: str = ""
    piece_id: str = ""
    sequence: int = 0
    page: int = 0
    slot: str = ""
    field: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Finding":
        """What `as_json` gave."""
        return cls(**data)

    def as_json(self) -> dict[str, Any]:
        """Only what it has."""
        return {key: value for key, value in self._asdict().items() if value}


_WORDS = {
    "text_differs": mark("the page does not show this piece's {field}"),
    "text_unexpected": mark("the page shows more than this piece's row"),
    "symbol_unreadable": mark("the code cannot be read"),
    "symbol_differs": mark("the code is not this piece's"),
    "symbol_unexpected": mark("the job says that this piece has no such code, and it has one"),
    "symbol_damaged": mark("the code is damaged or partly covered"),
    "marker_differs": mark("the row's ar_id is not the marker of the job"),
    "box_differs": mark("{field} of the page is not as the job says"),
    "page_missing": mark("the file has no such page"),
    "page_unreadable": mark("the page cannot be read"),
    "no_such_layout": mark("the job does not say where things stand in the layout {field}"),
    "file_missing": mark("the file is not there"),
    "file_unreadable": mark("the file cannot be read"),
    "file_unknown": mark("the job does not know this file"),
    "page_count": mark("the number of pages is not what the job says"),
    "checksum": mark("the checksum is not the one in job.json: the file was changed"),
    "font_missing": mark("a font is not in the file: {field}"),
    "glyph_blank": mark("characters have no shape in a font: {field}"),
    "fingerprint": mark("the row's name and address are not those that were imported together"),
    "row_unreadable": mark("the row cannot be read as it was written"),
    "sequence": mark("the pieces are not in order"),
    "pages_overlap": mark("the piece's pages do not follow the pages of the piece before"),
    "twice": mark("occurs twice in the job: {field}"),
    "codes_differ": mark("manifest.csv and codes.csv disagree: {field}"),
    "no_such_piece": mark("codes.csv has codes of a piece that is not in manifest.csv"),
    "parcel_differs": mark("parcels.csv does not say the same of the parcel and its piece: {field}"),
    "parcel_order": mark("the parcels are not in packing order: {field}"),
    "sheet_differs": mark("the tables do not say the same of this sheet: {field}"),
    "sheet_text": mark("the sheet does not show its own wave, parcel or count"),
    "sheet_more": mark("the sheet shows more than its own words"),
    "sheet_code": mark("the code of the sheet is not its own, or cannot be read"),
    "bundle_differs": mark("bundles.csv does not say the same of the letter and its postal district: {field}"),
    "bundle_order": mark("the letters are not in the order of the post: {field}"),
    "preflight": mark("not fit for the press: {field} (what to do: dmgen preflight JOB)"),
    "content_differs": mark("the page is not the one of the job that it was taken from"),
    "text_of_other_page": mark("the page does not read as the one of the job that it was taken from"),
    "wrong_parcel": mark("the page does not lie at the place of its parcel"),
    "count": mark("the numbers in job.json and in the files do not add up: {field}"),
}


def explain(finding: Finding, speaker: Speaker) -> str:
    """A finding in words."""
    return speaker.say(_WORDS[finding.what], field=finding.field)
