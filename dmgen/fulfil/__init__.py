"""What goes with the letters: batches in print order, manifest, lists of people without a piece, the job folder."""

from dmgen.fulfil.batches import BatchPlan, plan_batches, shell_file
from dmgen.fulfil.folder import (
    CODES,
    CONTROL_GROUPS,
    GROUPS,
    MANIFEST,
    REJECTIONS,
    REPRINTS,
    TICKET,
    TO_MEND,
    VOIDS,
    WARNINGS,
    JobFolder,
    explained,
    sha256,
)
from dmgen.fulfil.manifest import CODE_COLUMNS, ROW_COLUMNS, BatchTables, collate
from dmgen.fulfil.tables import CONTROL_COLUMNS, GROUP_COLUMNS, MEND_COLUMNS, REJECTION_COLUMNS, read_table, write_table

__all__ = [
    "CODES",
    "CODE_COLUMNS",
    "CONTROL_COLUMNS",
    "CONTROL_GROUPS",
    "GROUPS",
    "GROUP_COLUMNS",
    "MANIFEST",
    "MEND_COLUMNS",
    "REJECTIONS",
    "REJECTION_COLUMNS",
    "REPRINTS",
    "ROW_COLUMNS",
    "TICKET",
    "TO_MEND",
    "VOIDS",
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
