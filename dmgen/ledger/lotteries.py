"""The secrets of lotteries, and the draws that were held."""

import json
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from dmgen.errors import LedgerError
from dmgen.ledger.tables import codes, draws, drop_columns, insert_rows, lotteries, of_drop, pieces
from dmgen.messages import mark
from dmgen.model.lottery import Secrets
from dmgen.model.offer import CodeKind, DropKey


class Drawn(NamedTuple):
    """A draw that was held: of a job's tickets but the `voided` ones, with a public value as it was typed.

    `result` is the sha256 of what was published.
    """

    job: str
    public: str
    voided: tuple[str, ...]
    result: str
    drawn_on: date


def stored_secrets(connection: Connection, key: DropKey) -> Secrets | None:
    """The secrets of a drop's lottery, if it has any."""
    row = connection.execute(select(lotteries.c.seed, lotteries.c.salt).where(of_drop(lotteries, key))).first()
    return Secrets(row.seed, row.salt) if row else None


def keep_secrets(connection: Connection, key: DropKey, new: Secrets) -> Secrets:
    """The secrets that the drop has; `new` where it has none."""
    stored = stored_secrets(connection, key)
    if stored is None:
        insert_rows(connection, lotteries, [(*drop_columns(key), *new)])
    return stored or new


def stored_draw(connection: Connection, key: DropKey) -> Drawn | None:
    """The draw of a drop, if it was held."""
    row = connection.execute(select(draws).where(of_drop(draws, key))).first()
    if row is None:
        return None
    return Drawn(row.job, row.public, tuple(json.loads(row.voided)), row.result, date.fromisoformat(row.drawn_on))


def record_draw(connection: Connection, key: DropKey, drawn: Drawn) -> Drawn:
    """Store a draw, or find it stored; its day is then the first one's. Raises LedgerError where another was held."""
    stored = stored_draw(connection, key)
    if stored is None:
        voided = json.dumps(drawn.voided)
        row = (drawn.job, drawn.public, voided, drawn.result, drawn.drawn_on.isoformat())
        insert_rows(connection, draws, [(*drop_columns(key), *row)])
    elif stored._replace(drawn_on=drawn.drawn_on) != drawn:
        raise drawn_already(key, stored)
    return stored or drawn


def drawn_already(key: DropKey, stored: Drawn) -> LedgerError:
    """That another draw was held, and which."""
    return LedgerError(
        mark(
            "{shop}, {campaign}: the lottery of the drop of {drop} was drawn on {day}, from job {job} with the public "
            'value "{public}". That draw stands; to write its files again, give --public "{public}"'
        ),
        shop=key.shop,
        campaign=key.campaign,
        drop=key.drop,
        day=stored.drawn_on,
        job=stored.job,
        public=stored.public,
    )


def tickets_of(connection: Connection, key: DropKey) -> set[str]:
    """The lottery numbers that were ever issued in a drop."""
    query = (
        select(codes.c.code)
        .join(pieces, pieces.c.piece_id == codes.c.piece_id)
        .where(of_drop(pieces, key), codes.c.kind == CodeKind.TICKET.value)
    )
    return set(connection.scalars(query))
