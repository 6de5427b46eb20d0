"""Where the customer barcode may stand on the posted piece."""

from dmgen.campaign.address_side import SLIP, address_side, posted
from dmgen.campaign.problems import RefusalError
from dmgen.campaign.schema_layout import POINT, JapanPostTable
from dmgen.messages import mark
from dmgen.model.layout import Box
from dmgen.model.posting import MailRules
from dmgen.symbols import barcode_size

_ROUNDING = 0.01  # mm


def bars(box: Box, points: float) -> Box:
    """Where the bars stand in the middle of their box, without the blank around them."""
    width, height = barcode_size(points)
    return Box(box.left + (box.width - width) / 2, box.top + (box.height - height) / 2, width, height)


def check_barcode(table: JapanPostTable, sheet: Box, panel: Box, mail: MailRules | None) -> None:
    """Raise RefusalError for bars that are too near to the edges of the posted piece, wherever a sheet slides in it.

    The piece is the envelope in whose middle the panel between two folds lies, the panel itself, or, where nothing is
    said of posting, the sheet. A box that is too small for its bars is refused where it is filled.
    """
    piece = posted(panel, mail.envelope) if mail else sheet
    edge, slip = address_side().barcode.edge, 0.0 if piece in (panel, sheet) else SLIP
    safe = piece.grown(-edge - slip)
    found = bars(table.box, table.size / POINT)
    if safe.grown(_ROUNDING).holds(found) or not table.box.holds(found):
        return
    message = (
        mark(
            "the customer barcode keeps {edge:g} mm from the edges of the envelope, also when the sheet slides "
            "{slip:g} mm: its bars stand within [{left:g}, {top:g}, {width:g}, {height:g}]"
        )
        if slip
        else mark(
            "the customer barcode keeps {edge:g} mm from the edges of the posted piece: its bars stand within "
            "[{left:g}, {top:g}, {width:g}, {height:g}]"
        )
    )
    values = {"left": safe.left, "top": safe.top, "width": safe.width, "height": safe.height}
    raise RefusalError(message, edge=edge, slip=slip, **values)
