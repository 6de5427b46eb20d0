"""The deletion certificate: what was deleted and when, what was kept and why, and what a purge does not reach."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dmgen
from dmgen.fulfil import CERTIFICATE
from dmgen.ledger import Ledger, PurgeRecord, What
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Shop
from dmgen.model.layout import Align
from dmgen.model.production import JobState
from dmgen.papers import Block, Column, Document, Facts, Note, Table
from dmgen.tasks.package import WHOM, For
from dmgen.tasks.purge_scope import Scope

_KEPT = {
    "counts": mark("job.json: counts, settings, terms of offers, and the checksums of the deleted files; no person"),
    "codes": mark("codes, lottery numbers and link tokens, so that none is ever issued twice and each can be redeemed"),
    "pieces": mark("ids of pieces, each with a stand-in that leads to nobody, so that numbers of letters stay true"),
    "mailings": mark("how many letters were sent, by job and variant; to whom is forgotten"),
    "events": mark("what happened to pieces and when, without reasons in words and without parcels"),
}
_KEPT_ALONE = {
    "drop": mark("who has which number in this drop: another job of it stands, and needs it until that one is purged")
}
_KEPT_ALWAYS = {
    "withdrawn": mark("customers who said no, because an objection has to be remembered (個人情報保護法35条)"),
}
_KEPT_OF_LOTTERIES = {
    "draws": mark("the seal, secrets and result of a lottery, so that a published draw can still be checked"),
}
_NOT_REACHED = {
    "lists": mark("the shop's own lists of customers, orders, shipments and people to leave out"),
    "backups": mark("backups and snapshots of folders and ledger; deleted files are not overwritten on their disk"),
    "handed_out": mark("what was handed to a printer, a warehouse, a cart or a mail service"),
    "made": mark(
        "what other commands wrote elsewhere: proofs, contact lists, winners and claims of a lottery, link maps, "
        "exported codes, packages"
    ),
    "server": mark("old rows in the files and the write-ahead log of the database server, until it uses them again"),
}


def certificate(
    shop: Shop, ledger: Ledger, scope: Scope, at: datetime, folders: Sequence[Mapping[str, Any]], speaker: Speaker
) -> dict[str, Any]:
    """What a certificate says before anything is deleted; `completed` adds what the ledger forgot."""
    job = scope.job
    kept = (_KEPT if scope.whole else {"counts": _KEPT["counts"]} | _KEPT_ALONE) | _KEPT_ALWAYS
    if ledger.secrets(scope.key):
        kept |= _KEPT_OF_LOTTERIES
    beyond = {what: why for what, why in _NOT_REACHED.items() if what != "server" or ledger.database.file is None}
    return {
        "format": 1,
        "shop": job.shop,
        "sender": shop.sender,
        "campaign": job.campaign,
        "drop": job.drop.isoformat(),
        "job": job.id,
        "jobs": [
            {"job": one.id, "state": one.state.value, "part_of": one.part_of, "pieces": one.pieces}
            | {"sent_on": one.sent_on.isoformat() if one.sent_on else None}
            for one in scope.jobs
        ],
        "purged_at": {
            "utc": at.astimezone(UTC).isoformat(timespec="seconds"),
            "shop": at.astimezone(ZoneInfo(shop.time_zone)).isoformat(timespec="seconds"),
            "zone": shop.time_zone,
        },
        "dmgen": dmgen.__version__,
        "folders": list(folders),
        "not_found": [{"what": what, "folder": folder} for what, folder in scope.missing.items()],
        "ledger": {"name": ledger.database.name, "rows": {}},
        "kept": [{"what": what, "why": speaker.say(why)} for what, why in kept.items()],
        "withdrawn": len(ledger.withdrawn(shop.id)),
        "handed_out": [
            {"at": event.at and event.at.isoformat(), "job": event.job, **event.told}
            for event in scope.events
            if event.what is not What.PILED
        ],
        "not_reached": [{"what": what, "where": speaker.say(where)} for what, where in beyond.items()],
        "look_at": [str(path) for path in _copies(scope)],
    }


def completed(told: Mapping[str, Any], purged: PurgeRecord) -> dict[str, Any]:
    """A certificate with the rows of the ledger, by "table.what"."""
    return {**told, "ledger": {**told["ledger"], "rows": dict(purged.rows)}}


def _copies(scope: Scope) -> Iterator[Path]:
    """What lies beside the job folders where dmgen writes things of theirs by default: exported codes, proofs."""
    for folder in sorted({folder.resolve() for folder in scope.folders.values()}):
        if folder.is_dir():
            own = [*folder.parent.glob(f"{_literal(folder.name)}-*"), *folder.parent.glob("proof-*.pdf")]
            yield from sorted(path for path in own if path not in scope.folders.values())


def _literal(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


STATES = {
    JobState.READY.value: mark("to be sent"),
    JobState.NOT_RELEASED.value: mark("not released"),
    JobState.SUPERSEDED.value: mark("printed anew since"),
    JobState.SENT.value: mark("sent out"),
    JobState.CANCELLED.value: mark("cancelled"),
}
"""What people call the states of jobs."""

_ROWS = {
    "pieces.replaced": mark("pieces: whose they are, replaced by stand-ins"),
    "mailings.replaced": mark("letters sent: to whom, replaced by stand-ins"),
    "assignments.replaced": mark("parts in trials: whose, replaced by stand-ins"),
    "parcels.deleted": mark("parcels with their orders and tracking numbers, deleted"),
    "matches.deleted": mark("pieces scanned into parcels, deleted"),
    "events.cleaned": mark("events: reasons and parcels, deleted"),
    "fates.cleaned": mark("void codes: reasons in words, deleted"),
    "pieces.kept": mark("pieces, kept"),
    "codes.kept": mark("codes, kept"),
    "mailings.kept": mark("letters sent, kept as a number"),
    "assignments.kept": mark("parts in trials, kept as a number"),
    "events.kept": mark("events, kept"),
}


def paper(told: Mapping[str, Any], digest: str, speaker: Speaker) -> Document:
    """The certificate as a paper to be signed; `digest` is the sha256 of its JSON.

    One that an earlier dmgen began to write, and was cut short, may have no `sender`.
    """
    say = speaker.say
    at = told["purged_at"]
    jobs = say(mark(", ")).join(
        say(mark("{job} ({state}, {pieces:,})"), job=one["job"], state=say(STATES[one["state"]]), pieces=one["pieces"])
        for one in told["jobs"]
    )
    facts = [
        (say(mark("Shop")), f"{told['sender']} ({told['shop']})" if "sender" in told else told["shop"]),
        (say(mark("Campaign")), told["campaign"]),
        (say(mark("Drop")), told["drop"]),
        (say(mark("Jobs (state, letters)")), jobs),
        (say(mark("Deleted on")), _moment(at["utc"], at["zone"])),
        (say(mark("Ledger")), told["ledger"]["name"]),
        (say(mark("Made by")), f"dmgen {told['dmgen']}"),
        (CERTIFICATE, f"sha256 {digest}"),
    ]
    title, shown = say(mark("Deletion certificate")), f"{told['campaign']} {told['drop']} {told['job']}"
    return Document(
        title, shown, [Facts(facts), *_blocks(told, speaker)], footer=f"{title}  {shown}", language=speaker.language
    )


def _blocks(told: Mapping[str, Any], speaker: Speaker) -> Iterator[Block]:
    say = speaker.say
    for folder in told["folders"]:
        yield _files(folder, speaker)
        if folder["unknown"]:
            words = say(mark("Not written by dmgen, so not deleted. Look at these yourself:"))
            yield Note("\n".join((words, *folder["unknown"])))
    if told["not_found"]:
        lines = [f"{one['what']}: {one['folder']}" for one in told["not_found"]]
        yield Note("\n".join(lines), heading=say(mark("Not found, and taken to be gone")))
    rows = [(say(_ROWS.get(name, name)), f"{count:,}") for name, count in told["ledger"]["rows"].items() if count]
    columns = (Column(say(mark("Ledger")), 5), Column(say(mark("Rows")), 1, Align.RIGHT))
    yield Table(columns, rows, heading=say(mark("In the ledger")))
    kept = [f"・{one['why']}" for one in told["kept"]]
    yield Note("\n".join(kept), heading=say(mark("Kept, and why")))
    if told["handed_out"]:
        zone = told["purged_at"]["zone"]
        lines = [f"・{_handed_out(one, zone, speaker)}" for one in told["handed_out"]]
        yield Note("\n".join(lines), heading=say(mark("Handed out before: copies are there")))
    beyond = [f"・{one['where']}" for one in told["not_reached"]] + [f"・{path}" for path in told["look_at"]]
    yield Note("\n".join(beyond), heading=say(mark("Not reached by this deletion")))
    blank = "　" * 20
    signed = [(say(mark("Date")), blank), (say(mark("Name")), blank), (say(mark("Signature")), blank)]
    yield Facts(signed, heading=say(mark("Confirmed by")))


def _moment(written: str, zone: str) -> str:
    """A moment as the clock of the shop showed it."""
    return f"{datetime.fromisoformat(written).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S} ({zone})"


def _handed_out(one: Mapping[str, Any], zone: str, speaker: Speaker) -> str:
    """One package that left the house, in words."""
    at = _moment(one["at"], zone) if one["at"] else "-"
    message = mark("{at}: for the {whom}, encrypted; sha256 of package.json {sha256}")
    if one["encrypted"] != "yes":
        message = mark("{at}: for the {whom}, not encrypted; sha256 of package.json {sha256}")
    return speaker.say(message, at=at, whom=speaker.say(WHOM[For(one["for"])]), sha256=one["sha256"])


def _files(folder: Mapping[str, Any], speaker: Speaker) -> Table:
    say = speaker.say
    columns = (
        Column(say(mark("Deleted file")), 5),
        Column(say(mark("Bytes")), 1.6, Align.RIGHT),
        Column(say(mark("Rows")), 1.2, Align.RIGHT),
        Column("sha256", 6),
    )
    rows = [
        (one["file"], f"{one['bytes']:,}", f"{one['rows']:,}" if "rows" in one else "-", one["sha256"])
        for one in folder["files"]
    ]
    return Table(columns, rows, heading=folder["folder"])
