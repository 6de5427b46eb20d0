"""dmgen: two lists and a campaign folder in, print-ready letters and a manifest out.

    customers ┐
    orders    ┼─ audience ──► rows that get a letter ──► issue ──► batches ──► produce ──► read back ──► release
    shipments ┘   (pandas)    + everybody else's outcome  (ledger)  one worker a batch              manifest, job.json
    campaign.toml, layouts ──► campaign ──► layout ──► press

    cli, commands, console    arguments in, exit code out; what people see
    together          several campaigns, also of several shops, in one pile
    completion        a job of parcels brought up to a newer list: what to move, take out, print
    pipeline          the whole job on one screen: plan → issue → produce → read back → release
    verify            a finished job read back, and what becomes of it
    prepress          the preflight of one file, or of all files of a job
    tasks             what each other command does: scan, reprint, withdraw, offers, draw, links, ar, lists, analyze …
    planning          lists and layouts brought together; every letter fitted; the law; nothing issued yet
    gate, issue, produce, release, workshop    the steps of the job, and its workers; summary, job_ticket: it in numbers
    packed, packing_files     which piece lies in which parcel; the files that a warehouse packs from
    posted, posting_files     what goes to the post, by size, weight and district; the files that it is posted with
    paperwork         papers for people as PDF: work orders, delivery notes, certificates
    afterwards        jobs sent, cancelled
    proofing          the letters worth a look before printing, with invented numbers
    campaign          shop.toml, campaign.toml, layouts                      ┐
    audience          lists → clean → measure → segment → outcomes           │
    offers, ledger    codes, tickets, links: their rules; what was issued    │ stages: siblings that know only
    layout            words merged, lines broken, boxes filled (mm)          │ the rooms below them
    press             contents → operators → the streamed print file (pt)    │
    readback          every page reopened with other engines and compared    │
    preflight         a PDF of any origin against the print standards        │
    fulfil            batches, manifest, tables, the job folder              │
    warehouse         what parcels are packed from: lists, picking texts …   │
    carts, web        coupon codes as a cart takes them; pages for any host  │
    law               premiums, notices, letters in parcels, as dated rules  │
    post              postage and its discounts, as dated data               │
    workorder         what the print shop is told of a job                   │
    package           what leaves the house: files, checksums, archive       ┘
    papers            one-page documents, set on A4
    fonts, symbols    metrics, character ids, subsets; printed codes as grids of modules
    toml              the files that people write, read with the lines of their keys
    pdf               what a PDF page uses, whoever made it, and what of it a press must not get
    model, errors     the nouns as frozen dataclasses; what a user can mend, and exit codes

Imports point downwards only; import-linter proves it (pyproject.toml).
"""

__version__ = "0.1.0"
