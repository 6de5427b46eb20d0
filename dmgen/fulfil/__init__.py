"""What goes with the letters: batches in print order, manifest, lists of people without a piece, the job folder."""

from dmgen.fulfil.batches import BatchPlan, Section, plan_batches, plan_waves, shell_file
from dmgen.fulfil.folder import (
    CODES,
    CONTROL_GROUPS,
    GROUPS,
    MANIFEST,
    PARCELS,
    REJECTIONS,
    SHEETS,
    TICKET,
    TO_MEND,
    WARNINGS,
    JobFolder,
    explained,
    sha256,
)
from dmgen.fulfil.manifest import ROW_COLUMNS, BatchTables, collate
from dmgen.fulfil.tables import (
    CONTROL_COLUMNS,
    GROUP_COLUMNS,
    MEND_COLUMNS,
    PARCEL_COLUMNS,
    REJECTION_COLUMNS,
    read_table,
    write_table,
)

__all__ = [
    "CODES",
    "CONTROL_COLUMNS",
    "CONTROL_GROUPS",
    "GROUPS",
    "GROUP_COLUMNS",
    "MANIFEST",
    "MEND_COLUMNS",
    "PARCELS",
    "PARCEL_COLUMNS",
    "REJECTIONS",
    "REJECTION_COLUMNS",
    "ROW_COLUMNS",
    "SHEETS",
    "TICKET",
    "TO_MEND",
    "WARNINGS",
    "BatchPlan",
    "BatchTables",
    "JobFolder",
    "Section",
    "collate",
    "explained",
    "plan_batches",
    "plan_waves",
    "read_table",
    "sha256",
    "shell_file",
    "write_table",
]
