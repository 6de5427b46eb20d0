"""A lost ledger is written back from what was printed, and nothing is written over."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dmgen.errors import LedgerError
from dmgen.ledger import Ledger, RestoredCode, RestoredPiece, tables
from dmgen.model.offer import CodeKind

from .conftest import KEY, coupons, links, recipients, rows, tickets

OWNERS = [0, 0, 1, 2, 2, 2]
SCOPE = "aobado/april-thanks/2026-04-10"


def issue(ledger):
    with ledger.issuing(KEY) as issuing:
        issued = issuing.issue(recipients(3), [coupons(3), tickets(OWNERS), links(3)])
        return issued, issuing.shared("everyone", "shared", lambda n: ["TOGETHER"])


def printed(ledger) -> list[RestoredPiece]:
    """The drop as the manifest and codes.csv show it."""
    (piece_ids, (coupon_codes, ticket_codes, tokens)), shared = issue(ledger)
    return [
        RestoredPiece(
            piece_ids[number],
            recipient,
            (
                RestoredCode(CodeKind.COUPON, "thanks", coupon_codes[number], "500 yen"),
                RestoredCode(CodeKind.COUPON, "everyone", shared, "shared", shared=True),
                *(
                    RestoredCode(CodeKind.TICKET, "lottery", code, "8", SCOPE)
                    for owner, code in zip(OWNERS, ticket_codes, strict=True)
                    if owner == number
                ),
                RestoredCode(CodeKind.LINK, "coupon", tokens[number], ""),
            ),
        )
        for number, recipient in enumerate(recipients(3))
    ]


@pytest.fixture
def original(tmp_path: Path) -> Ledger:
    return Ledger.open("original.sqlite", tmp_path)


def test_a_restored_ledger_equals_the_original_and_goes_on_with_it(ledger, original) -> None:
    pieces = printed(original)
    found = ledger.restore(KEY, iter(pieces))
    assert found.new == found.shown == {"pieces": 3, "codes": 3 + 6 + 3 + 1}  # coupons, tickets, links; the shared one
    own = [row for row in rows(original, tables.pieces) if row[4]]
    assert [row for row in rows(ledger, tables.pieces) if row[4]] == own
    ids = {row[0] for row in own}
    assert [row for row in rows(ledger, tables.codes) if row[0] in ids] == [
        row for row in rows(original, tables.codes) if row[0] in ids
    ]
    assert rows(ledger, tables.terms) == rows(original, tables.terms)
    assert issue(ledger) == issue(original)


def test_restoring_again_changes_nothing(ledger, original) -> None:
    pieces = printed(original)
    ledger.restore(KEY, pieces)
    before = rows(ledger, tables.pieces), rows(ledger, tables.codes)
    assert ledger.restore(KEY, pieces + pieces).new == {"pieces": 0, "codes": 0}
    assert (rows(ledger, tables.pieces), rows(ledger, tables.codes)) == before
    assert original.restore(KEY, pieces).new == {"pieces": 0, "codes": 0}


def test_what_is_missing_is_added_to_what_is_there(ledger, original) -> None:
    pieces = printed(original)
    ledger.restore(KEY, [replace(pieces[0], codes=pieces[0].codes[:1])])
    ledger.restore(KEY, pieces)
    assert issue(ledger) == issue(original)


def other_piece_id(piece: RestoredPiece) -> RestoredPiece:
    return replace(piece, piece_id="222222222222")


def other_recipient(piece: RestoredPiece) -> RestoredPiece:
    return replace(piece, recipient="9999")


def other_code(piece: RestoredPiece) -> RestoredPiece:
    return replace(piece, codes=(replace(piece.codes[0], code="OTHER"), *piece.codes[1:]))


def other_shared_code(piece: RestoredPiece) -> RestoredPiece:
    return replace(piece, codes=(replace(piece.codes[1], code="OTHER"),))


def other_terms(piece: RestoredPiece) -> RestoredPiece:
    return replace(piece, codes=(replace(piece.codes[0], terms="1000 yen"),))


def code_of_another(piece: RestoredPiece) -> RestoredPiece:
    return replace(piece, piece_id="222222222222", recipient="9999", codes=piece.codes[:1])


@pytest.mark.parametrize(
    "contradict",
    [other_piece_id, other_recipient, other_code, other_shared_code, other_terms, code_of_another],
)
def test_a_contradiction_is_refused_and_leaves_nothing(ledger, original, contradict) -> None:
    pieces = printed(original)
    ledger.restore(KEY, pieces[:1])
    before = rows(ledger, tables.pieces), rows(ledger, tables.codes), rows(ledger, tables.terms)
    with pytest.raises(LedgerError, match="aobado, april-thanks"):
        ledger.restore(KEY, [pieces[1], contradict(pieces[0])])
    assert (rows(ledger, tables.pieces), rows(ledger, tables.codes), rows(ledger, tables.terms)) == before


def test_pieces_of_another_drop_are_refused(ledger, original) -> None:
    pieces = printed(original)
    ledger.restore(KEY, pieces)
    with pytest.raises(LedgerError, match=pieces[0].piece_id):
        ledger.restore(replace(KEY, drop=date(2026, 5, 10)), [replace(pieces[0], codes=())])


def test_the_marker_of_a_drop_is_written_back_and_never_changed(ledger) -> None:
    assert not ledger.restore(KEY, [], marker=0).new
    assert [row[-3:] for row in rows(ledger, tables.terms)] == [("ar", "marker", "0")]
    ledger.restore(KEY, [], marker=0)
    with pytest.raises(LedgerError, match="marker 0, not 1"):
        ledger.restore(KEY, [], marker=1)
    with ledger.issuing(KEY) as issuing, pytest.raises(LedgerError, match="marker = 0 under"):
        issuing.keep_marker(249)
    with ledger.issuing(replace(KEY, drop=date(2026, 5, 10))) as issuing:
        issuing.keep_marker(249)
