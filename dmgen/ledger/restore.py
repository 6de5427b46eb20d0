"""Writing back what manifests prove was issued, into a ledger that lost it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, and_, or_, select, true

from dmgen.errors import LedgerError
from dmgen.ledger.tables import EVERYBODY, among, codes, drop_columns, in_chunks, insert_rows, of_drop, pieces
from dmgen.ledger.terms import keep_terms
from dmgen.messages import mark
from dmgen.model.offer import CodeKind, DropKey

K = TypeVar("K")
V = TypeVar("V")
_CodeRow = tuple[str, str, str, int, str, str]
_Where = tuple[ColumnElement[bool], Column[str], Collection[str]]


@dataclass(frozen=True, slots=True)
class RestoredCode:
    """A code as a job's files show it; `shared` marks the one that everybody in the drop got."""

    kind: CodeKind
    name: str
    code: str
    terms: str
    scope: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class RestoredPiece:
    """A piece as a job's files show it; codes of one name stand in the order of their issue."""

    piece_id: str
    recipient: str
    codes: tuple[RestoredCode, ...] = ()


class Restored(NamedTuple):
    """What a job's files show, by kind (pieces, codes …), and how much of it the ledger did not have: `new`."""

    shown: Counter[str]
    new: Counter[str]


def restore(connection: Connection, key: DropKey, everybody: str, rows: Iterable[RestoredPiece]) -> Restored:
    """Write back pieces and codes of a drop. A shared code counts once, and the piece that keeps it not at all.

    `everybody` is a fresh piece id for shared codes, used if the drop has none. Raises LedgerError,
    naming the piece, where a row contradicts the ledger or another row.
    """
    shared: dict[tuple[CodeKind, str], RestoredCode] = {}
    found = Restored(Counter(), Counter())
    for chunk in in_chunks(rows):
        for piece in chunk:
            for code in piece.codes:
                if code.shared:
                    _agree(key, piece.piece_id, shared, (code.kind, code.name), code)
        _restore_chunk(connection, key, chunk, found)
    if shared:
        query = select(pieces.c.piece_id).where(of_drop(pieces, key), pieces.c.recipient == EVERYBODY)
        stored = connection.scalar(query)
        piece_id = stored or everybody
        own = tuple(replace(code, shared=False) for code in shared.values())
        _restore_chunk(connection, key, [RestoredPiece(piece_id, EVERYBODY, own)], found)
        found.shown["pieces"] -= 1
        found.new["pieces"] -= not stored
    return found


def _restore_chunk(connection: Connection, key: DropKey, chunk: list[RestoredPiece], found: Restored) -> None:
    for kind, name, terms in dict.fromkeys((c.kind, c.name, c.terms) for p in chunk for c in p.codes):
        keep_terms(connection, key, kind, name, terms)
    found.shown.update(pieces=len(chunk), codes=sum(not code.shared for piece in chunk for code in piece.codes))
    new = {"pieces": _restore_pieces(connection, key, chunk), "codes": _restore_codes(connection, key, chunk)}
    found.new.update(new)


def _restore_pieces(connection: Connection, key: DropKey, chunk: list[RestoredPiece]) -> int:
    ids = [piece.piece_id for piece in chunk]
    recipients = [piece.recipient for piece in chunk]
    of_recipients = of_drop(pieces, key) & among(connection, pieces.c.recipient, recipients)
    query = select(pieces).where(or_(among(connection, pieces.c.piece_id, ids), of_recipients))
    stored = {tuple(row) for row in connection.execute(query)}
    by_id = {row[0]: row for row in stored}
    by_recipient = {row[1:]: row for row in stored}
    rows = [(piece.piece_id, *drop_columns(key), piece.recipient) for piece in chunk]
    for row in rows:
        _agree(key, row[0], by_id, row[0], row)
        _agree(key, row[0], by_recipient, row[1:], row)
    new = set(rows) - stored
    insert_rows(connection, pieces, list(new))
    return len(new)


def _restore_codes(connection: Connection, key: DropKey, chunk: list[RestoredPiece]) -> int:
    rows = [row for piece in chunk for row in _code_rows(piece)]
    stored = set(_stored_codes(connection, rows))
    by_slot = {_slot(row): row for row in stored}
    by_code = {_issued(row): row for row in stored}
    for row in rows:
        _agree(key, row[0], by_slot, _slot(row), row)
        _agree(key, row[0], by_code, _issued(row), row)
    new = set(rows) - stored
    insert_rows(connection, codes, list(new))
    return len(new)


def _stored_codes(connection: Connection, rows: list[_CodeRow]) -> Iterator[_CodeRow]:
    """What the ledger has for the pieces of `rows`, and wherever it has their codes."""
    c = codes.c
    wheres: list[_Where] = [(true(), c.piece_id, {row[0] for row in rows})]
    for kind, scope in {(row[1], row[4]) for row in rows}:
        same = {row[5] for row in rows if (row[1], row[4]) == (kind, scope)}
        wheres.append((and_(c.kind == kind, c.scope == scope), c.code, same))
    for where, column, values in wheres:
        for some in in_chunks(values):
            query = select(codes).where(where, among(connection, column, some))
            for found in connection.execute(query):
                piece_id, kind, name, n, scope, code = found
                yield piece_id, kind, name, n, scope, code


def _slot(row: _CodeRow) -> tuple[str, str, str, int]:
    """Piece, kind, name and n of a row of `codes`."""
    return row[:4]


def _issued(row: _CodeRow) -> tuple[str, str, str]:
    """Kind, scope and code of a row of `codes`."""
    return row[1], row[4], row[5]


def _code_rows(piece: RestoredPiece) -> Iterator[_CodeRow]:
    """The rows of a piece's own codes, in the table's order of columns."""
    seen: Counter[tuple[CodeKind, str]] = Counter()
    for code in piece.codes:
        if not code.shared:
            n = seen[code.kind, code.name]
            seen[code.kind, code.name] += 1
            yield piece.piece_id, code.kind.value, code.name, n, code.scope, code.code


def _agree(key: DropKey, piece_id: str, known: dict[K, V], name: K, value: V) -> None:
    """Keep `value` under `name`, or find the same there."""
    if known.setdefault(name, value) != value:
        raise LedgerError(
            mark(
                "{shop}, {campaign}, drop of {drop}: piece {piece} contradicts what the ledger or another "
                "manifest says was issued. Nothing was restored. Restore only jobs of this ledger, one by one."
            ),
            shop=key.shop,
            campaign=key.campaign,
            drop=key.drop,
            piece=piece_id,
        )
