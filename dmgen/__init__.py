"""dmgen: two lists and a campaign folder in, print-ready letters and a manifest out.

    customers ┐
    orders    ┼─ audience ──► rows that get a letter ──► issue ──► batches ──► produce ──► release
    products  ┘   (pandas)    + everybody else's outcome  (ledger)  one worker a batch     manifest, lists, job.json
    campaign.toml, layouts ──► campaign ──► layout ──► press

    cli, console      arguments in, exit code out; what people see
    pipeline          the whole job on one screen: plan → issue → produce → release
    symbol_command    one code explained or drawn
    plan, budget      lists and layouts brought together; every letter fitted, and codes measured, before any number
    issue, produce, release, afterwards, workshop    the steps of the job, the workers, and what happens to it later
    campaign          shop.toml, campaign.toml, layouts                      ┐
    audience          lists → clean → measure → segment → outcomes           │
    offers, ledger    codes, tickets, links: their rules; what was issued    │ stages: siblings that know only
    layout            words merged, lines broken, boxes filled (mm)          │ the rooms below them
    press             contents → operators → the streamed print file (pt)    │
    fulfil            batches, manifest, tables, the job folder              ┘
    fonts, symbols    metrics, character ids, subsets; printed codes as grids of modules
    model, errors     the nouns as frozen dataclasses; what a user can mend, and exit codes

Imports point downwards only; import-linter proves it (pyproject.toml).
"""

__version__ = "0.1.0"
