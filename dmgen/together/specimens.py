"""What the letters of a pile look like: the specimens of its jobs, one after another."""

from collections.abc import Sequence
from typing import Any

from dmgen.fulfil import SPECIMENS, PileFolder, explained
from dmgen.press import Leaf, join
from dmgen.together.sources import Source


def join_specimens(sources: Sequence[Source], folder: PileFolder) -> list[dict[str, Any]]:
    """Write specimens.pdf of a pile; returns what stands on which of its pages, as pile.json says it.

    Sheets that are no letters are the first campaign's, as in the pile. Raises OutputError; PreflightError where a
    job's specimens have not the pages that its job.json says.
    """
    told, leaves = list[dict[str, Any]](), list[Leaf]()
    page = 1
    for source in sources:
        labels = {one["id"]: one["label"] for one in source.ticket["settings"]["segments"]}
        for one in source.ticket["specimens"]:
            if "sheet" in one and source is not sources[0]:
                continue
            campaign = {} if "sheet" in one else {"campaign": source.campaign.id, "label": labels[one["segment"]]}
            pages = range(one["first_page"], one["first_page"] + one["pages"])
            leaves.append(Leaf(source.folder / SPECIMENS, tuple(pages), len(leaves) + 1))
            told.append({**campaign, **one, "first_page": page})
            page += one["pages"]
    if leaves:
        with explained(folder.partial / SPECIMENS):
            join(leaves[0].source, leaves, folder.partial / SPECIMENS)
    return told
