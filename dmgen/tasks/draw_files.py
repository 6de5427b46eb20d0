"""The files of a draw: what is published, the page that announces it, and the private list for shipping."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from dmgen.errors import OutputError
from dmgen.fulfil import MANIFEST, explained, read_table, write_table
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Shop
from dmgen.model.lottery import Form, Prize, Reveal
from dmgen.offers.draw import Win
from dmgen.offers.lottery import shown
from dmgen.offers.published import as_text
from dmgen.offers.seal import prizes_of
from dmgen.tasks.draw_job import SealedJob
from dmgen.web import announcement
from dmgen.web.announcement import Announcement, announcement_page

WINNER_COLUMNS = (
    "prize_id",
    "prize",
    "reveal",
    "ticket",
    "ticket_code",
    "piece_id",
    "customer_id",
    "name",
    "postal_code",
    "address",
)


class Files(NamedTuple):
    """The files of a draw: `result` and `page` are for everybody, `winners` names people. `prizes` were won."""

    result: Path
    winners: Path
    page: Path
    prizes: int


class _Told(NamedTuple):
    """A draw, and how the shop shows its numbers."""

    job: SealedJob
    published: dict[str, Any]
    shop: Shop

    @property
    def prizes(self) -> list[Prize]:
        return prizes_of(self.job.seal.rules)

    def won(self, prize: Prize) -> list[str]:
        """The tickets that won a prize. Those revealed by the page and void since are for nobody to ship to."""
        won = next(one["tickets"] for one in self.published["winners"] if one["prize"] == prize.id)
        return [ticket for ticket in won if ticket not in self.published["voided"]]

    def shown(self, ticket: str) -> str:
        return shown(ticket, Form(**self.job.seal.rules["form"]), japanese=self.shop.country == "JP")


@contextmanager
def write_files(out: Path, job: SealedJob, published: dict[str, Any], shop: Shop, speaker: Speaker) -> Iterator[Files]:
    """Write the files of a draw under other names; when the block ends well, they appear, the result last.

    Raises OutputError where another result stands there, and for what the file system refuses.
    """
    told = _Told(job, published, shop)
    wins = [Win(prize.id, ticket) for prize in told.prizes for ticket in told.won(prize)]
    files = Files(out, out.with_name(f"{out.stem}-winners.csv"), out.with_suffix(".html"), len(wins))
    text = as_text(published)
    _refuse_other(out, text)
    partial = [file.with_name(f".{file.name}.partial") for file in (files.winners, files.page, files.result)]
    try:
        with explained(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            write_table(partial[0], WINNER_COLUMNS, _shipping(told, wins))
            partial[1].write_bytes(announcement_page(_announcement(told, out.name), speaker))
            partial[2].write_text(text, "utf-8", newline="\n")
        yield files
        with explained(out):
            for made, file in zip(partial, (files.winners, files.page, files.result), strict=True):
                made.replace(file)
    finally:
        for made in partial:
            with suppress(OSError):
                made.unlink(missing_ok=True)


def _refuse_other(out: Path, text: str) -> None:
    """Another draw's result is never overwritten: it may be the only copy."""
    with explained(out):
        if out.exists() and (out.is_dir() or out.read_bytes() != text.encode()):
            raise OutputError(mark("{file} is there already and is not this draw: give --out another name"), file=out)


def _shipping(told: _Told, wins: Sequence[Win]) -> Iterator[tuple[str, ...]]:
    """A row a winner, in the order of the prizes, with the address that the letter went to."""
    prizes = {prize.id: prize for prize in told.prizes}
    wanted = {told.job.pieces[win.ticket] for win in wins}
    people = {row["piece_id"]: row for row in read_table(told.job.folder / MANIFEST) if row["piece_id"] in wanted}
    for win in wins:
        prize, row = prizes[win.prize], people[told.job.pieces[win.ticket]]
        number = (told.shown(win.ticket), win.ticket)
        person = (row[name] for name in ("piece_id", "customer_id", "name", "postal_code", "address"))
        yield (prize.id, f"{prize.label} {prize.prize}", prize.reveal.value, *number, *person)


def _announcement(told: _Told, file: str) -> Announcement:
    rules = told.job.seal.rules
    return Announcement(
        sender=told.shop.sender,
        prizes=[
            announcement.Prize(
                prize.label,
                prize.prize,
                [told.shown(ticket) for ticket in sorted(told.won(prize))],
                prize.reveal is Reveal.PAGE,
            )
            for prize in told.prizes
        ],
        draw_on=date.fromisoformat(rules["draw_on"]) if rules["draw_on"] else None,
        claim_days=rules["claim_days"],
        promised=rules["public"],
        public=told.published["public"]["read"],
        tickets=told.job.seal.tickets,
        voided=len(told.published["voided"]),
        commitment=told.job.seal.commitment,
        result=told.published["result"],
        file=file,
    )
