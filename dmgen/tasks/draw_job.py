"""The job that is drawn: the one whose letters went out, its sealed rules, and its tickets as they were sealed."""

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dmgen.errors import LedgerError
from dmgen.fulfil import CODES, MANIFEST, TICKET, read_table, sha256
from dmgen.ledger import Ledger
from dmgen.messages import mark
from dmgen.model.lottery import Seal, Secrets
from dmgen.model.offer import CodeKind, DropKey
from dmgen.model.production import JobRecord
from dmgen.offers.seal import seal_rules
from dmgen.tasks.released_job import ReleasedJob


@dataclass(frozen=True)
class SealedJob:
    """A job whose tickets are those that were sealed; `pieces` are the letters' ids by ticket."""

    record: JobRecord
    folder: Path
    seal: Seal
    secrets: Secrets
    pieces: dict[str, str]

    @property
    def key(self) -> DropKey:
        """The drop that it belongs to."""
        return DropKey(self.record.shop, self.record.campaign, self.record.drop)


def sealed_job(ledger: Ledger, found: ReleasedJob) -> SealedJob:
    """The job as it was sealed. Raises LedgerError where its files or the ledger are no longer as they were."""
    record, folder, ticket = found.record, found.folder, found.ticket
    seal, key = _seal(ticket, record, folder), DropKey(record.shop, record.campaign, record.drop)
    secrets = ledger.secrets(key)
    if secrets is None:
        raise LedgerError(
            mark(
                "the ledger does not have the secret seed of {campaign}, drop of {drop}, and it stands nowhere else "
                "(job.json holds only its hash): without it nobody can draw. Put a backup of the ledger in place "
                "that was made after job {job} was printed."
            ),
            campaign=key.campaign,
            drop=key.drop,
            job=record.id,
        )
    pieces = _pieces(folder)
    again = seal_rules(key, seal.rules, secrets, pieces)
    if again.seed_hash != seal.seed_hash:
        raise LedgerError(
            mark(
                "the ledger's secret seed of {campaign}, drop of {drop}, is not the one that it was sealed "
                "with: the ledger was lost and made anew. Put back a copy of it, made after job {job} was printed."
            ),
            campaign=key.campaign,
            drop=key.drop,
            job=record.id,
        )
    written = ticket["files"]
    if again.tickets_hash != seal.tickets_hash or sha256(folder / CODES) != written.get(CODES):
        raise _changed_tickets(folder, seal, set(pieces), ledger.tickets(key))
    if sha256(folder / MANIFEST) != written.get(MANIFEST):
        raise LedgerError(
            mark("{file} is not as it was written, so it does not say who wins. Put the job's own file back."),
            file=folder / MANIFEST,
        )
    if again != seal:
        raise LedgerError(
            mark(
                "{file}: the rules of the lottery are not those that were sealed before printing: they give the "
                "commitment {found}, and it says {sealed}. Put the job's own file back."
            ),
            file=folder / TICKET,
            found=again.commitment,
            sealed=seal.commitment,
        )
    return SealedJob(record, folder, seal, secrets, pieces)


def _seal(ticket: dict[str, Any], record: JobRecord, folder: Path) -> Seal:
    if not ticket.get("lottery"):
        raise LedgerError(
            mark(
                "job {job} was printed without prizes to be drawn here, so its tickets were not sealed and no draw of "
                "them could be checked: its numbers are drawn elsewhere, or mean nothing. For the next drop write the "
                'prizes into campaign.toml: [lottery] prizes = […] (and not drawn = "elsewhere")'
            ),
            job=record.id,
        )
    try:
        seal = Seal.from_json(ticket["lottery"])
        return replace(seal, tickets=int(seal.tickets))
    except (TypeError, ValueError):
        raise LedgerError(
            mark("{file}: the seal of the lottery is not as it was written. Put the job's own file back."),
            file=folder / TICKET,
        ) from None


def _pieces(folder: Path) -> dict[str, str]:
    """The letters' ids by ticket. Decoys (seeds) are the shop's own people: their tickets are not in the lottery."""
    try:
        seeds = {row["piece_id"] for row in read_table(folder / MANIFEST) if row.get("seed", "0") not in ("", "0")}
        rows = [row for row in read_table(folder / CODES) if row["kind"] == CodeKind.TICKET.value]
        return {row["code"]: row["piece_id"] for row in rows if row["piece_id"] not in seeds}
    except (OSError, ValueError, LookupError, csv.Error, TypeError) as error:
        raise LedgerError(
            mark("{file}: cannot be read as it was written ({problem}). Put the job's own files back."),
            file=folder / CODES,
            problem=type(error).__name__,
        ) from None


def _changed_tickets(folder: Path, seal: Seal, found: set[str], issued: set[str]) -> LedgerError:
    return LedgerError(
        mark(
            "{file} is not as it was sealed before printing, so it is not drawn from: {sealed:,} tickets were sealed, "
            "{found:,} are there now, {foreign:,} of them were never issued. Put the job's own file back."
        ),
        file=folder / CODES,
        sealed=seal.tickets,
        found=len(found),
        foreign=len(found - issued),
    )
