"""dmgen: two lists and a campaign folder in, print-ready letters and a manifest out.

customers ┐
orders    ┼─ audience ──► recipients ──► issue ──► batches ─┬─ compose ─► press ──► print files ─┐
          ┘   (pandas)    + rejections   (ledger)           └─ one worker per batch ────────────┴─► manifest
"""

__version__ = "0.1.0"
