"""What goes with the letters: batches in print order, manifest, lists of people without a piece, the job folder."""

from dmgen.fulfil.batches import BatchPlan, plan_batches, shell_file
from dmgen.fulfil.folder import (
    CODES,
    CONTROL_GROUPS,
    GROUPS,
    MANIFEST,
    PARCELS,
    REJECTIONS,
    TICKET,
    TO_MEND,
    WAREHOUSE,
    WARNINGS,
    JobFolder,
    explained,
    sha256,
)
from dmgen.fulfil.manifest import ROW_COLUMNS, BatchTables, collate
from dmgen.fulfil.tables import CONTROL_COLUMNS, GROUP_COLUMNS, MEND_COLUMNS, REJECTION_COLUMNS, read_table, write_table

__all__ = [
    "CODES",
    "CONTROL_COLUMNS",
    "CONTROL_GROUPS",
    "GROUPS",
    "GROUP_COLUMNS",
    "MANIFEST",
    "MEND_COLUMNS",
    "PARCELS",
    "REJECTIONS",
    "REJECTION_COLUMNS",
    "ROW_COLUMNS",
    "TICKET",
    "TO_MEND",
    "WAREHOUSE",
    "WARNINGS",
    "BatchPlan",
    "BatchTables",
    "JobFolder",
    "collate",
    "explained",
    "plan_batches",
    "read_table",
    "sha256",
    "shell_file",
    "write_table",
]
