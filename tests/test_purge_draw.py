"""A lottery's tickets are somebody's until the last prize was claimed: before that nobody may forget whose."""

from datetime import date, timedelta

import pytest

from dmgen.afterwards import open_ledger, shop_at
from dmgen.errors import LedgerError
from dmgen.tasks.purge import Prepared, prepared
from dmgen.tasks.purge_scope import Asked
from tests.jobs import Desk
from tests.test_draw import KEY, desk, draw, printed

__all__ = ["desk"]


def asked(desk: Desk, day: str, **options: bool) -> Prepared:
    shop = shop_at(desk.root / "layouts")
    return prepared(shop, Asked(str(desk.root / "job"), **options), date.fromisoformat(day))


def test_before_the_draw_nobody_is_forgotten(desk: Desk) -> None:
    job = printed(desk)
    with pytest.raises(LedgerError, match=f"not drawn.*dmgen draw CAMPAIGN --job {job.ticket['job']}"):
        asked(desk, "2030-01-01")
    assert "not drawn" in desk.invoke("purge", "job", "--yes", "--shop", "layouts", "--lang", "en").output
    assert (job.folder / "manifest.csv").is_file()


def test_while_prizes_can_be_claimed_nobody_is_forgotten(desk: Desk) -> None:
    """Sixty days from the day that was promised, or from the draw if that was later."""
    printed(desk)
    assert draw(desk).exit_code == 0
    ledger = open_ledger(shop_at(desk.root / "layouts"))
    drawn = ledger.drawn(KEY)
    assert drawn is not None
    last = max(date(2026, 6, 10), drawn.drawn_on) + timedelta(days=60)
    with pytest.raises(LedgerError, match=f"claimed until {last}"):
        asked(desk, str(last))
    assert asked(desk, str(last + timedelta(days=1))).scope.whole


def test_a_lottery_that_nobody_got_a_ticket_of_holds_nothing_up(desk: Desk) -> None:
    printed(desk, sent=False)
    assert desk.invoke("cancel", "job", "--shop", "layouts").exit_code == 0
    assert asked(desk, "2026-04-13").scope.whole


def test_a_lost_folder_does_not_hide_a_lottery(desk: Desk) -> None:
    """The ledger still has its secrets, and no draw."""
    job = printed(desk)
    name = job.ticket["job"]
    job.folder.rename(desk.root / "elsewhere")
    lost = Asked(name, ledger_only=True)
    shop = shop_at(desk.root / "layouts")
    with pytest.raises(LedgerError, match="not drawn"):
        prepared(shop, lost, date(2027, 1, 1))
    assert prepared(shop, lost, date(2030, 1, 1)).scope.whole, "nothing can be won or claimed any more"
