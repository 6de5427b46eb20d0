"""What a plan hands to the post: letters with and without barcode, by district, cards that say so, assumptions."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dmgen.campaign import Overrides, load_campaign
from dmgen.model.history import NO_HISTORY
from dmgen.model.posting import ENVELOPES, MailClass
from dmgen.planning.plan import Plan, planned
from dmgen.posted import Posted, assumed, posted
from tests.jobs import Desk, rows

BARCODE = 'code = { kind = "japanpost", size = "9pt", box = [22, 116, 76, 8] }\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


@contextmanager
def plan_of(desk: Desk, name: str) -> Iterator[Plan]:
    campaign = load_campaign(desk.root / "layouts" / name, Overrides())
    with planned(campaign, NO_HISTORY, 1, None, lambda *_: None) as plan:
        yield plan


def handed_in(desk: Desk, name: str) -> list[Posted]:
    with plan_of(desk, name) as plan:
        return posted(plan)


def test_letters_in_the_window_have_a_barcode_but_those_that_check_lists(desk: Desk) -> None:
    path = desk.root / "assets/lists/customers.csv"
    header, *cells = path.read_text("utf-8").splitlines()
    columns = header.split(",")
    general = {
        "postal_code": "100-0000",
        "prefecture": "東京都",
        "city": "千代田区",
        "town": "",
        "street": "霞が関1-2-3",
    }
    for place in (0, 1, 2):
        row = dict(zip(columns, cells[place].split(","), strict=True))
        cells[place] = ",".join((row | {key: cell for key, cell in general.items() if key in row}).values())
    path.write_text("\n".join([header, *cells]) + "\n", "utf-8")
    with plan_of(desk, "window-letter") as plan:
        without = [warning for warning in plan.warnings() if warning.reason.startswith("no_barcode")]
        (one,) = posted(plan)
    assert one.posting is not None
    assert 0 < len(without) < one.pieces
    assert one.posting.with_barcode == one.pieces - len(without)
    assert one.posting.classed.mail_class is MailClass.TEIKEI


def test_districts_add_up_to_the_letters_and_are_beginnings_of_their_codes(desk: Desk) -> None:
    (one,) = handed_in(desk, "hagaki")
    assert one.posting is not None
    assert sum(one.posting.districts.values()) == one.pieces
    begins = {row["postal_code"].replace("-", "") for row in rows(desk.root / "assets/lists/customers.csv")}
    for district in one.posting.districts:
        assert any(code.startswith(district) for code in begins), district


def test_a_layout_without_barcode_has_none(desk: Desk) -> None:
    (one,) = handed_in(desk, "hello")
    assert one.posting is not None and one.posting.with_barcode == 0


def test_a_barcode_on_a_condition_counts_where_the_condition_holds(desk: Desk) -> None:
    path = "layouts/window-letter/letter.toml"
    (before,) = handed_in(desk, "window-letter")
    slots = tomllib.loads((desk.root / path).read_text("utf-8"))["slots"]
    name = next(name for name, slot in slots.items() if slot["kind"] == "japanpost")
    line = next(
        line
        for line in (desk.root / path).read_text("utf-8").splitlines()
        if line.startswith(name) and "japanpost" in line
    )
    desk.edit(path, line, line.rstrip(" }") + ", when = \"customer_id < ''\" }")
    (never,) = handed_in(desk, "window-letter")
    desk.edit(path, "customer_id < ''", "customer_id >= ''")
    (always,) = handed_in(desk, "window-letter")
    assert before.posting and never.posting and always.posting
    assert (never.posting.with_barcode, always.posting.with_barcode) == (0, before.posting.with_barcode)


def test_segments_of_one_size_and_weight_are_handed_in_together(desk: Desk) -> None:
    desk.configure("layouts/spring-thanks/campaign.toml", mail=None, print=None)
    (one,) = handed_in(desk, "spring-thanks")
    assert [part.segment for part in one.parts] == ["winback", "first", "brand", "crosssell", "quiet", "vip"]
    assert one.posting is not None
    assert one.posting.pieces == one.pieces == sum(part.pieces for part in one.parts)
    (envelope,) = {said.message for said in assumed([one]) if "envelope" in said.message}
    assert "[mail]" in envelope
    assert len(assumed([one])) == 2, "each assumption once, with all layouts"
    assert all("winback, first" in str(said.values["layout"]) for said in assumed([one]))


@pytest.mark.parametrize("name", ["hagaki", "pressed-card"])
def test_cards_are_cards_without_mail_too(desk: Desk, name: str) -> None:
    """A folded card of 180 kg would be heavier than 6 g: lighter paper is assumed for those."""
    desk.configure(f"layouts/{name}/campaign.toml", mail=None, print=None)
    card = desk.root / "layouts" / name / "card.toml"
    lines = card.read_text("utf-8").splitlines(keepends=True)
    card.write_text("".join(line for line in lines if '"postage_mark"' not in line), "utf-8")
    (one,) = handed_in(desk, name)
    assert one.posting is not None
    assert one.posting.classed.mail_class is MailClass.HAGAKI
    assert one.rules.envelope is None
    assert any("a card" in said.message for said in one.assumptions)


def test_a_card_that_does_not_say_so_is_a_letter(desk: Desk) -> None:
    """郵便はがき has to be printed on it; without, the post asks for the price of a letter."""
    desk.edit("layouts/hagaki/card.toml", 'card    = "郵便はがき"', 'card    = "お便り"')
    (one,) = handed_in(desk, "hagaki")
    assert one.posting is not None and one.posting.classed.mail_class is MailClass.TEIKEI


def test_without_mail_a_sheet_goes_into_the_first_envelope_that_holds_it(desk: Desk) -> None:
    desk.edit("layouts/hello/hello.toml", "folds = [99, 198]\n", "")
    (one,) = handed_in(desk, "hello")
    assert one.rules.envelope == ENVELOPES["kaku20"]
    assert one.posting is not None and one.posting.classed.mail_class is MailClass.TEIKEIGAI


def test_yu_mail_is_what_its_channel_says(desk: Desk) -> None:
    desk.edit("layouts/hello/campaign.toml", "format = 1\n", 'format = 1\nchannel = "mail_open"\n')
    (one,) = handed_in(desk, "hello")
    assert one.posting is not None and one.posting.classed.mail_class is MailClass.YUMAIL


def test_parcels_and_other_countries_hand_nothing_in(desk: Desk) -> None:
    assert handed_in(desk, "hello-en") == []
    assert handed_in(desk, "parcel-insert") == []
