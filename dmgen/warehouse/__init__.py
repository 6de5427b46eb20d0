"""What a warehouse works from: the manifest for people, files for its systems and its carrier, packing lists."""

from dmgen.warehouse.carrier import LEFT_COLUMNS, Filled, Left, fill_in
from dmgen.warehouse.characters import CHARACTER_COLUMNS, Lost
from dmgen.warehouse.csvfile import write_csv
from dmgen.warehouse.packing_list import FORMS, PackingList
from dmgen.warehouse.parcels import ORDERS, PackLine, WaveCount, by_wave, count_wave
from dmgen.warehouse.sheets import table_sheet, waves_sheet
from dmgen.warehouse.systems import SYSTEMS, System, picking_rows, sku_rows
from dmgen.warehouse.workbook import Sheet, write_workbook

__all__ = [
    "CHARACTER_COLUMNS",
    "FORMS",
    "LEFT_COLUMNS",
    "ORDERS",
    "SYSTEMS",
    "Filled",
    "Left",
    "Lost",
    "PackLine",
    "PackingList",
    "Sheet",
    "System",
    "WaveCount",
    "by_wave",
    "count_wave",
    "fill_in",
    "picking_rows",
    "sku_rows",
    "table_sheet",
    "waves_sheet",
    "write_csv",
    "write_workbook",
]
