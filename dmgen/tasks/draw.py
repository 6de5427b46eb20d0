"""`dmgen draw`: the winners of a lottery, from the seed that was sealed before printing and a public value."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dmgen.afterwards import open_ledger
from dmgen.campaign import Identity, identify
from dmgen.errors import DmgenError, LedgerError, UsageError
from dmgen.ledger import Drawn, Ledger, drawn_already
from dmgen.messages import Speaker, mark
from dmgen.model.lottery import Reveal
from dmgen.model.offer import CodeKind
from dmgen.offers.draw import normalised, unseen
from dmgen.offers.published import Draw
from dmgen.offers.seal import prizes_of
from dmgen.tasks.draw_files import Files, write_files
from dmgen.tasks.draw_job import SealedJob, sealed_job
from dmgen.tasks.released_job import released_job


@dataclass(frozen=True)
class Asked:
    """What the user asked for; `job` is an id or a folder, `drop` one of several drops of the campaign."""

    campaign: Path
    public: str
    out: Path
    job: str | None = None
    drop: date | None = None


@dataclass(frozen=True)
class Prepared:
    """A draw that can be held, and what to look at before it is. `drawn` is the one that was held already."""

    ledger: Ledger
    identity: Identity
    job: SealedJob
    draw: Draw
    drawn: Drawn | None
    out: Path
    remarks: tuple[DmgenError, ...]

    @property
    def read(self) -> str:
        """The public value as it is read."""
        return normalised(self.draw.public)


def prepared(asked: Asked, today: date | None = None) -> Prepared:
    """Everything but the draw; `today` is the shop's own day unless given.

    Raises UsageError for a value that cannot be one, LedgerError where there is nothing to draw from, where another
    draw was held, or where tickets, rules or seed are not those that were sealed.
    """
    _check_out(asked.out)
    read = _checked_public(asked.public)
    identity = identify(asked.campaign)
    ledger = open_ledger(identity.shop)
    job = sealed_job(ledger, released_job(ledger, identity, asked.job, asked.drop))
    drawn = ledger.drawn(job.key)
    if drawn and (normalised(drawn.public) != read or drawn.job != job.record.id):
        raise drawn_already(job.key, drawn)
    _check_dated(job, read)
    voided = sorted(ledger.voided(job.key, CodeKind.TICKET) & job.pieces.keys())
    public, out_of_it = (drawn.public, drawn.voided) if drawn else (asked.public, tuple(voided))
    draw = Draw(job.key, job.seal.rules, job.secrets, public, sorted(job.pieces), out_of_it)
    day = today or datetime.now(ZoneInfo(identity.shop.time_zone)).date()
    remarks = (*_remarks(job, read, day if drawn is None else drawn.drawn_on), *_later(drawn, voided))
    return Prepared(ledger, identity, job, draw, drawn, asked.out, remarks)


def held(ready: Prepared, speaker: Speaker, today: date | None = None) -> Files:
    """Hold the draw, or find it held, and write its files: all of them or none.

    Raises LedgerError where there are fewer tickets than winners, or where another draw was held meanwhile.
    """
    try:
        published = ready.draw.published()
    except ValueError:
        left = len(ready.draw.tickets) - len(ready.draw.voided)
        count = sum(prize.count for prize in prizes_of(ready.draw.rules))
        raise LedgerError(
            mark(
                "{winners:,} winners are promised, and only {tickets:,} tickets can win ({voided:,} are void): nothing "
                "is drawn. What was promised has to be given away in another way; ask your lawyer."
            ),
            winners=count,
            tickets=left,
            voided=len(ready.draw.voided),
        ) from None
    day = today or datetime.now(ZoneInfo(ready.identity.shop.time_zone)).date()
    draw = ready.draw
    drawn = Drawn(ready.job.record.id, draw.public, tuple(sorted(draw.voided)), published["result"], day)
    with write_files(ready.out, ready.job, published, ready.identity.shop, speaker) as files:
        ready.ledger.record_draw(ready.job.key, drawn)
    return files


def _check_out(out: Path) -> None:
    if out.suffix != ".json":
        raise UsageError(
            mark("{file}: the result is a .json file, and the other files stand beside it. Type: --out {name}"),
            file=out,
            name=out.with_suffix(".json"),
        )


def _checked_public(typed: str) -> str:
    read = normalised(typed)
    if hidden := unseen(read):
        raise UsageError(
            mark("the public value holds a character that nobody sees (U+{code}): type it anew, not copied"),
            code=f"{ord(hidden):04X}",
        )
    return read


def _check_dated(job: SealedJob, read: str) -> None:
    """A dated draw needs a public value; prizes that the page reveals need none."""
    if not read and any(prize.reveal is Reveal.DRAW for prize in prizes_of(job.seal.rules)):
        raise UsageError(
            mark("say which public value decides the draw: {promised}. For example: --public {example}"),
            promised=job.seal.rules["public"] or "-",
            example='"NIKKEI 2026-12-01 close 51234.56"',
        )


def _remarks(job: SealedJob, read: str, day: date) -> list[DmgenError]:
    remarks: list[DmgenError] = []
    rules = job.seal.rules
    if job.record.sent_on is None:
        remarks.append(
            LedgerError(mark("job {job} is not marked as sent: dmgen sent {job} --on DAY"), job=job.record.id)
        )
    if rules["draw_on"] and day < date.fromisoformat(rules["draw_on"]):
        message = mark("the draw is promised for {promised}, and it is only {day}: it will stand all the same")
        remarks.append(LedgerError(message, promised=rules["draw_on"], day=day))
    promised = normalised(rules["public"])
    if promised and read and not read.startswith(promised):
        message = mark(
            'the letters promise "{promised}" as the public value. Begin with these words, so that nobody can say it '
            'was worded to suit a winner: --public "{promised} …"'
        )
        remarks.append(LedgerError(message, promised=promised))
    return remarks


def _later(drawn: Drawn | None, voided: list[str]) -> list[DmgenError]:
    more = len(set(voided) - set(drawn.voided)) if drawn else 0
    message = mark("{count:,} tickets were made void after the draw of {day}: the draw stands as it was held")
    return [LedgerError(message, count=more, day=drawn.drawn_on)] if drawn and more else []
