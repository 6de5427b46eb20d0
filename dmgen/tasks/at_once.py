"""Prizes that the letter's page reveals: who wins them, for the page and for the shop's list of claims."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from dmgen.errors import LedgerError, UsageError
from dmgen.fulfil import CODES, MANIFEST, explained, read_table, write_table
from dmgen.ledger import Ledger
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Shop
from dmgen.model.lottery import Form, Prize, Reveal
from dmgen.model.offer import CodeKind
from dmgen.model.web import Target
from dmgen.offers import draw, link
from dmgen.offers.lottery import shown
from dmgen.offers.seal import prizes_of
from dmgen.tasks.draw_job import SealedJob, sealed_job
from dmgen.tasks.released_job import ReleasedJob
from dmgen.web import AtOnce, Win, at_once_page, wins_file

CLAIM_COLUMNS = ("prize_id", "prize", "ticket", "piece_id", "customer_id", "name", "postal_code", "address")


@dataclass(frozen=True)
class Winners:
    """Who has won at once: of a sealed job, but for tickets that are void by now."""

    job: SealedJob
    wins: tuple[draw.Win, ...]

    @property
    def prizes(self) -> list[Prize]:
        """All prizes, as they were sealed."""
        return prizes_of(self.job.seal.rules)


def winners_at_once(ledger: Ledger, found: ReleasedJob) -> Winners | None:
    """The winners of the prizes that the page reveals; none where the job has no such prizes.

    They follow from the seed and tickets that were sealed before printing, and stand in no file of the job. Raises
    LedgerError where seed, rules or tickets are not those that were sealed, or are fewer than the prizes.
    """
    if not _has_page_prizes(found):
        return None
    job = sealed_job(ledger, found)
    rules, void = job.seal.rules, ledger.voided(job.key, CodeKind.TICKET)
    try:
        wins = draw.winners(sorted(job.pieces), prizes_of(rules), job.secrets.seed, "", repeat=rules["repeat"])
    except ValueError:
        raise LedgerError(
            mark(
                "job {job} has {tickets:,} tickets, fewer than the prizes that its page reveals: nobody can be told "
                "who has won. Print the whole list, or promise fewer prizes."
            ),
            job=found.record.id,
            tickets=len(job.pieces),
        ) from None
    return Winners(job, tuple(win for win in wins if win.ticket not in void))


def page_of(shop: Shop, winners: Winners) -> bytes:
    """The page: everybody's, for who has won stands in what it looks up."""
    rules, key = winners.job.seal.rules, winners.job.key
    draw_on = date.fromisoformat(rules["draw_on"]) if rules["draw_on"] else None
    told = AtOnce(
        shop=shop,
        key=key,
        prizes=tuple(prize for prize in winners.prizes if prize.reveal is Reveal.PAGE),
        dated=tuple(prize for prize in winners.prizes if prize.reveal is Reveal.DRAW),
        draw_on=draw_on,
        public=rules["public"],
        claim_by=_after(draw_on or key.drop, rules["claim_days"]),
        commitment=winners.job.seal.commitment,
    )
    return at_once_page(told)


def wins_of(campaign: Campaign, winners: Winners) -> bytes:
    """What the page looks up, in a file beside it."""
    tokens = _tokens(campaign, winners)
    return wins_file(winners.job.key, (Win(win.prize, token) for win, token in tokens))


def write_claims(file: Path, site: Path, winners: Winners, shop: Shop) -> None:
    """Write who wins what, for whoever takes the claims: it names people, so it never stands in the site's folder.

    Raises UsageError where it would, OutputError where it cannot be written.
    """
    if file.resolve().is_relative_to(site.resolve()):
        raise UsageError(
            mark("{file}: this list names people and must not be put on the web: write it outside of {site}"),
            file=file,
            site=site,
        )
    partial = file.with_name(f".{file.name}.partial")
    with explained(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_table(partial, CLAIM_COLUMNS, _claims(winners, shop))
        partial.replace(file)


def _has_page_prizes(found: ReleasedJob) -> bool:
    rules = (found.ticket.get("lottery") or {}).get("rules", {})
    return any(prize["reveal"] == Reveal.PAGE.value for prize in rules.get("prizes", ()))


def _after(first: date, days: int) -> date:
    return first + timedelta(days=min(days, (date.max - first).days))


def _tokens(campaign: Campaign, winners: Winners) -> Iterator[tuple[draw.Win, str]]:
    """Each win with the token of every link to the page that its letter shows."""
    links: dict[str, list[str]] = {winners.job.pieces[win.ticket]: [] for win in winners.wins}
    for row in read_table(winners.job.folder / CODES):
        to_page = row["kind"] == CodeKind.LINK.value and link.rule_of(campaign, row["name"]).to is Target.LOTTERY
        if to_page and row["piece_id"] in links:
            links[row["piece_id"]].append(row["code"])
    for win in winners.wins:
        for token in links[winners.job.pieces[win.ticket]]:
            yield win, token


def _claims(winners: Winners, shop: Shop) -> Iterator[tuple[str, ...]]:
    """A row a prize that was won, in the order of the prizes, then by ticket."""
    form, japanese = Form(**winners.job.seal.rules["form"]), shop.country == "JP"
    wanted = {winners.job.pieces[win.ticket] for win in winners.wins}
    table = read_table(winners.job.folder / MANIFEST)
    people = {row["piece_id"]: row for row in table if row["piece_id"] in wanted}
    for prize in winners.prizes:
        for ticket in sorted(win.ticket for win in winners.wins if win.prize == prize.id):
            row = people[winners.job.pieces[ticket]]
            person = (row[name] for name in CLAIM_COLUMNS[3:])
            yield (prize.id, f"{prize.label} {prize.prize}", shown(ticket, form, japanese=japanese), *person)
