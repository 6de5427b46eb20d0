"""How a job or pile stands that is being packed: counts that add up against its plan, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmgen.fulfil import explained, write_table
from dmgen.ledger import Standing
from dmgen.model.parcel import PlannedParcel

MISSING_COLUMNS = ("piece_id", "wave", "position", "shipment_id", "order_ids", "match_key", "job")
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Balance:
    """The parcels of a job or pile after scanning, over all stations: parcels = matched + missing + halted + empty.

    `recall` are pieces in parcels where they are not to be any more; `refused` scans by verdict. `by_job` is the same
    of each job: with a piece each parcel is in one of them, without any in every job of its shop.
    """

    job: str
    standing: Standing
    by_job: Mapping[str, Standing]

    @property
    def complete(self) -> bool:
        """Whether every parcel that is to have a piece has it, and no other one."""
        return not (self.standing.missing or self.standing.recall)

    def counts(self) -> dict[str, int]:
        """How many parcels, and what became of them."""
        groups = {"matched": self.standing.matched, "missing": self.standing.missing}
        groups |= {"must_not_go_in": self.standing.halted, "no_piece_due": self.standing.empty}
        counts = {name: len(group) for name, group in groups.items()}
        return {"parcels": sum(counts.values()), **counts}

    def as_json(self) -> dict[str, Any]:
        """The numbers and the first of what is missing, for other programs."""
        return {
            "job": self.job,
            "complete": self.complete,
            **self.counts(),
            "jobs": {
                job: {"matched": len(one.matched), "missing": len(one.missing), "must_not_go_in": len(one.halted)}
                for job, one in self.by_job.items()
            },
            "refused": dict(sorted(self.standing.refused.items())),
            "take_out": [
                {"piece_id": one.piece_id, "shipment_id": one.shipment_id, "station": one.station, "at": str(one.at)}
                for one in self.standing.recall
            ],
            "first_missing": [dict(zip(MISSING_COLUMNS, row, strict=True)) for row in self._missing()][:_SHOWN],
        }

    def first_missing(self) -> list[PlannedParcel]:
        """The first parcels, in packing order, that still wait for their piece."""
        return self.standing.missing[:_SHOWN]

    def write_missing(self, file: Path) -> None:
        """Write all that wait for their piece, in packing order. Raises OutputError; a half list never appears."""
        partial = file.with_name(f"{file.name}.partial")
        with explained(file):
            try:
                write_table(partial, MISSING_COLUMNS, self._missing())
                partial.replace(file)
            finally:
                partial.unlink(missing_ok=True)

    def _missing(self) -> list[tuple[str, ...]]:
        jobs = {one.piece_id: job for job, standing in self.by_job.items() for one in standing.missing}
        return [
            (one.piece_id, one.wave, one.position, one.shipment_id, ";".join(one.orders), one.key, jobs[one.piece_id])
            for one in self.standing.missing
        ]
