"""An envelope's window: the address shows in it and nothing else does, wherever the folded sheet slides."""

from collections.abc import Iterable

from dmgen.campaign.address_side import SLIP
from dmgen.campaign.problems import RefusalError, problem
from dmgen.campaign.slots import Placed
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.layout import Box

_SHOWN = ("address", "japanpost")


def check_window(window: Box, slots: Iterable[Placed]) -> None:
    """Prove that only the address shows, after a slip of 3 mm to any side. Raises CampaignError naming slot and box.

    `window` lies over the first page (mm from the trim's top left) when the sheet lies in its middle.
    """
    safe, seen = window.grown(-SLIP), window.grown(SLIP)
    for placed in slots:
        box, shown = placed.table.box, placed.table.kind in _SHOWN
        if shown and not safe.holds(box):
            message = mark(
                "the address must stay in the window when the sheet slides {slip:g} mm: "
                "keep the box within [{left:g}, {top:g}, {width:g}, {height:g}]"
            )
            raise _refused(placed, message, safe)
        if not shown and box.meets(seen):
            message = mark(
                "this would show in the window when the sheet slides {slip:g} mm: "
                "keep the box out of [{left:g}, {top:g}, {width:g}, {height:g}]"
            )
            raise _refused(placed, message, seen)


def _refused(placed: Placed, message: str, box: Box) -> CampaignError:
    values = {"left": box.left, "top": box.top, "width": box.width, "height": box.height}
    return problem(placed.file, (*placed.keys, "box"), RefusalError(message, slip=SLIP, **values))
