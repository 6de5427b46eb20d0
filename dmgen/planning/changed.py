"""The lists of a changed plan: what to take out and where to put it, and what goes into every parcel now."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dmgen.errors import LedgerError
from dmgen.fulfil import MANIFEST, MANIFEST_COLUMNS, Pull, read_table, write_table
from dmgen.messages import mark
from dmgen.model.parcel import PlannedParcel
from dmgen.packed import Packed, place_of, write_parcels
from dmgen.planning.difference import Difference

MOVED = "moved"
Rows = dict[str, dict[str, str]]
"""By piece its row of the manifest of the job that printed it, with that job as `job`."""


def printed_pieces(folder: Path) -> Iterator[dict[str, str]]:
    """The manifest of a job. Raises LedgerError where it cannot be read."""
    try:
        yield from read_table(folder / MANIFEST)
    except (OSError, ValueError, csv.Error) as error:
        raise LedgerError(
            mark("{file}: cannot be read as it was written ({problem}). Put the job's own file back."),
            file=folder / MANIFEST,
            problem=type(error).__name__,
        ) from None


def printed_rows(base: Path, printed: Iterable[tuple[str, Path]]) -> Rows:
    """The pieces of jobs, given by id and folder; their files as they are seen from the folder `base`."""
    found = {}
    for job, folder in printed:
        at, seen = folder.resolve(), base.resolve()
        prefix = f"{at.relative_to(seen).as_posix()}/" if at != seen and at.is_relative_to(seen) else ""
        for row in printed_pieces(folder):
            found[row["piece_id"]] = row | {"job": job, "file": prefix + row["file"]}
    return found


def pulls_of(found: Difference, rows: Rows, packed: dict[str, str], job: str) -> list[Pull]:
    """What to take out: first what is packed already, then as it lies in the pile."""
    changes: list[tuple[PlannedParcel, PlannedParcel | None, str]] = [(*move, MOVED) for move in found.moved]
    changes += [(out.before, None, out.why) for out in found.pulled]
    pulls = []
    for before, after, why in sorted(changes, key=lambda change: (change[0].piece_id not in packed, change[0].place)):
        inside = packed.get(before.piece_id, "")
        if after and inside == after.shipment_id:
            continue  # it lies in its parcel already, wherever that stands now
        row = rows.get(before.piece_id, {})
        pull = Pull(before.piece_id, before.wave, before.position, before.shipment_id, before.key, why)
        if after:
            pull = pull._replace(
                put_into_shipment=after.shipment_id, put_into_wave=after.wave, put_into_position=after.position
            )
        pulls.append(
            pull._replace(
                packed=inside,
                job=row.get("job", job),
                file=row.get("file", ""),
                page=row.get("first_page", ""),
                sequence=row.get("sequence", ""),
            )
        )
    return pulls


def write_plan(planned: Sequence[PlannedParcel], rows: Rows, folder: Path) -> None:
    """Write parcels.csv and manifest.csv of a whole plan, each piece with the parcel that it goes into now."""
    write_table(folder / MANIFEST, MANIFEST_COLUMNS, _manifest_now(planned, rows))
    write_parcels((Packed(one, *place_of(rows.get(one.piece_id, {}))) for one in planned), folder)


def _manifest_now(planned: Sequence[PlannedParcel], rows: Rows) -> Iterator[tuple[str, ...]]:
    for one in planned:
        if one.piece_id:
            parcel = (one.shipment_id, one.wave, one.position, ";".join(one.orders))
            row = rows[one.piece_id] | dict(zip(("shipment_id", "wave", "position", "order_ids"), parcel, strict=True))
            yield tuple((row | {"match_key": one.key}).get(name, "") for name in MANIFEST_COLUMNS)
