"""A wrong person or a letter that does not fit never passes silently."""

import csv
import pickle
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from dmgen.errors import CampaignError, OutputError, PreflightError
from dmgen.fonts import FontLibrary
from dmgen.layout import Compiler, Master, Materials, build_master
from dmgen.model.campaign import Policies, Policy
from dmgen.model.layout import Box, Layout, Page, Style, TextSlot
from dmgen.model.production import Batch, Kind, Lot, LotKind, Numbers, Row, Sheet
from dmgen.model.recipient import fingerprint
from dmgen.produce import Fitting, Kit, Print, fit, print_batch
from dmgen.workshop import Workshop
from tests.conftest import extracted, press_kit


def _row(number: int, **cells: Any) -> Row:
    row: Row = {
        "customer_id": str(number), "name": f"青葉 花子{number}", "postal_code": "100-0001", "address": "東京都",
        "points": None,
    }  # fmt: skip
    person = [str(row[key]) for key in ("customer_id", "name", "postal_code", "address")]
    return row | {"fingerprint": fingerprint(*person)} | cells


@pytest.fixture
def kit(fonts: FontLibrary) -> Kit:
    style = Style("mincho", 4.0, 6.0)
    slots = (
        TextSlot(name="name", box=Box(10, 10, 60, 6), words="name", style=style),
        TextSlot(name="coupon", box=Box(10, 30, 60, 6), words="coupon", style=style),
    )
    words = {"name": "{{ name }}様{{ points | comma }}", "coupon": "{{ coupon }}"}
    layout = Layout("letter", Path("letter.toml"), 100.0, 80.0, 3.0, 2, (), (Page(slots),), words)
    names = frozenset({"name", "coupon", "customer_id", "postal_code", "address", "points"})
    master = build_master(layout, Compiler(layout, Materials(fonts, {}, {}, names, "JP"), {}, "0."), {})
    return Kit({"all": master}, press_kit(fonts))


def _batch(rows: list[Row], pieces: int | None = None) -> Batch:
    numbers = [Numbers(f"P{i}", f"CODE{i}", f"CODE {i}") for i in range(len(rows) if pieces is None else pieces)]
    return Batch(1, (Kind("all", "letter"),), "print/a.pdf", 7, rows, numbers)


def _print(tmp_path: Path, batch: Batch) -> Print:
    (tmp_path / "print").mkdir()
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "1.batch").write_bytes(pickle.dumps(batch))
    return Print(tmp_path / "work" / "1.batch", tmp_path)


@pytest.mark.parametrize("count", [1, 3, 700])
def test_every_letter_stands_on_the_pages_that_its_row_names(kit: Kit, tmp_path: Path, count: int) -> None:
    result = print_batch(kit, _print(tmp_path, _batch([_row(i) for i in range(count)])))
    data = (tmp_path / "print" / "a.pdf").read_bytes()
    assert (result.pieces, result.pages, result.size) == (count, 2 * count, len(data))
    part = (tmp_path / "work" / "manifest.csv-000001.part").read_text("utf-8")
    rows = list(csv.reader(StringIO(part)))
    assert [int(row[1]) for row in rows] == list(range(7, 7 + count))
    for row in (*rows[:2], *rows[-2:]):
        assert int(row[5]) == int(row[4]) + 1
        assert extracted(data, int(row[4]) - 1).startswith(row[9] + "様")
        assert extracted(data, int(row[5]) - 1) == ""
    assert not (tmp_path / "work" / "1.batch").exists()


@pytest.mark.parametrize("field", ["customer_id", "name", "postal_code", "address"])
def test_a_row_that_is_not_as_it_was_imported_stops_the_job(kit: Kit, tmp_path: Path, field: str) -> None:
    rows = [_row(0), _row(1, **{field: "somebody else's"})]
    with pytest.raises(PreflightError, match="no longer belong together") as caught:
        print_batch(kit, _print(tmp_path, _batch(rows)))
    assert "somebody" not in str(caught.value)


@pytest.mark.parametrize("pieces", [1, 3])
def test_rows_and_numbers_of_different_length_never_print(kit: Kit, tmp_path: Path, pieces: int) -> None:
    with pytest.raises(ValueError, match="zip"):
        print_batch(kit, _print(tmp_path, _batch([_row(0), _row(1)], pieces)))


def test_a_folder_that_is_gone_is_told(kit: Kit, tmp_path: Path) -> None:
    job = _print(tmp_path, _batch([_row(0)]))
    (tmp_path / "print").rmdir()
    with pytest.raises(OutputError, match="cannot be written"):
        print_batch(kit, job)


# Fitting

WIDE = Numbers("P", "W" * 12, "WWWW WWWW WWWW")


def test_what_does_not_fit_is_named_by_its_place(kit: Kit) -> None:
    rows = [_row(0), _row(1, name="青" * 40), _row(2), _row(3, name="山\u0704")]
    fitted = fit(kit, Fitting("all", rows, [WIDE] * len(rows)))
    assert fitted.misfits == [(1, "overset", "name", ""), (3, "missing_glyph", "name", "U+0704")]
    assert fitted.warnings == []


def test_what_is_common_to_all_is_fitted_even_if_the_first_row_is_not(kit: Kit) -> None:
    """A coupon too long for its slot concerns everybody; composing afterwards cannot reject."""
    too_wide = replace_numbers(coupon_text="W" * 40)
    rows = [_row(0, name="青" * 40), _row(1), _row(2)]
    misfits, _ = fit(kit, Fitting("all", rows, [too_wide] * len(rows)))
    assert [(misfit.place, misfit.field) for misfit in misfits] == [(0, "name"), (1, "coupon"), (2, "coupon")]


def test_what_is_common_is_fitted_once_for_each_thing_that_pieces_are_due(kit: Kit) -> None:
    """Of two kinds of numbers the second may be too wide where the first is not."""
    too_wide = replace_numbers(coupon_text="W" * 40)
    rows = [_row(0), _row(1), _row(2), _row(3)]
    misfits, _ = fit(kit, Fitting("all", rows, [WIDE, too_wide, WIDE, too_wide]))
    assert [(misfit.place, misfit.field) for misfit in misfits] == [(1, "coupon"), (3, "coupon")]


def test_a_warning_that_concerns_everybody_is_given_for_everybody(kit: Kit) -> None:
    lenient = replace(kit.masters["all"], policies=Policies(overset=Policy.WARN))
    rows = [_row(0), _row(1), _row(2, name="青" * 40)]
    wide = [replace_numbers(coupon_text="W" * 40)] * len(rows)
    fitted = fit(replace(kit, masters={"all": lenient}), Fitting("all", rows, wide))
    assert fitted.misfits == []
    told = [(0, "coupon"), (1, "coupon"), (2, "name"), (2, "coupon")]
    assert [(warning.place, warning.field) for warning in fitted.warnings] == told


def replace_numbers(**changes: Any) -> Numbers:
    return Numbers(**({"piece_id": "P", "coupon": "W"} | changes))


def test_a_kit_travels_to_workers(kit: Kit, tmp_path: Path) -> None:
    batch = _batch([_row(0)])
    here = print_batch(kit, _print(tmp_path, batch))
    (tmp_path / "work" / "1.batch").write_bytes(pickle.dumps(batch))
    with Workshop(kit, 2) as workshop:
        [there] = workshop.each(print_batch, [Print(tmp_path / "work" / "1.batch", tmp_path)])
    assert there == here


def test_a_cell_that_the_words_cannot_show_costs_one_letter(kit: Kit) -> None:
    rows = [_row(0), _row(1, points="many")]
    assert fit(kit, Fitting("all", rows, [WIDE] * len(rows))).misfits == [(1, "words_failed", "name", "")]


def test_words_that_fail_for_everybody_stop_the_job(kit: Kit) -> None:
    with pytest.raises(CampaignError, match=r"letter\.toml.*comma|needs"):
        fit(kit, Fitting("all", [_row(0, points="x"), _row(1, points="y")], [WIDE] * 2))


def _wave(pieces: int, slips_before: tuple[int, ...], *, turned: bool) -> Batch:
    kinds = (Kind("all", "letter"), Kind("all", "letter"))
    numbers = [Numbers(f"P{i}", f"CODE{i}", f"CODE {i}") for i in range(pieces)]
    sheets = [Sheet("separator", 0, {"code": "W1"}), *(Sheet("slip", n, {"code": f"S{n}"}) for n in slips_before)]
    rows = [_row(i) for i in range(pieces)]
    order = tuple(i % 2 for i in range(pieces))
    return Batch(1, kinds, "print/a.pdf", 7, rows, numbers, order, Lot(LotKind.WAVE, "W1"), tuple(sheets), turned)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("pieces", [0, 1, 3, 450])
def test_a_wave_is_printed_in_packing_order_or_turned_as_a_whole(
    kit: Kit, tmp_path: Path, pieces: int, turned: bool
) -> None:
    """A turned pile's last page is the back of the separator; the tables stay in packing order."""
    slips = (0, pieces // 2, pieces)
    kit = replace(kit, sheets={"separator": _sheet_master(kit), "slip": _sheet_master(kit)})
    result = print_batch(kit, _print(tmp_path, _wave(pieces, slips, turned=turned)))
    assert (result.pieces, result.pages, result.lot) == (pieces, 2 * (pieces + 4), Lot(LotKind.WAVE, "W1"))
    manifest, sheets = (
        list(csv.reader(StringIO((tmp_path / "work" / f"{name}.csv-000001.part").read_text("utf-8"))))
        for name in ("manifest", "sheets")
    )
    assert [int(row[1]) for row in manifest] == list(range(7, 7 + pieces))
    assert [row[0] for row in sheets] == ["separator", "slip", "slip", "slip"]
    data = (tmp_path / "print" / "a.pdf").read_bytes()
    fronts = [extracted(data, page).strip() for page in range(0, result.pages, 2)]
    expected = ["W1", "S0", *(f"青葉 花子{i}様" for i in range(pieces))]
    expected.insert(2 + pieces // 2, f"S{pieces // 2}")
    expected.append(f"S{pieces}")
    assert [front.split("\n")[0].strip() for front in fronts] == (expected[::-1] if turned else expected)
    for row in (*manifest[:1], *manifest[-1:]):
        assert extracted(data, int(row[4]) - 1).startswith(row[9] + "様")
        assert int(row[5]) == int(row[4]) + 1
    for row in sheets:
        assert extracted(data, int(row[5]) - 1).strip() == row[7]


def _sheet_master(kit: Kit) -> Master:
    layout = replace(kit.masters["all"].layout, words={"code": "{{ sheet.code }}"})
    style = Style("mincho", 4.0, 6.0)
    slots = (TextSlot(name="code", box=Box(10, 10, 60, 6), words="code", style=style),)
    layout = replace(layout, pages=(Page(slots),))
    known = frozenset({"sheet", "sheet.code"})
    return build_master(layout, Compiler(layout, Materials(kit.press.fonts, {}, {}, known, "JP"), {}, "1."), {})


def test_a_piece_of_two_sheets_is_turned_sheet_by_sheet(kit: Kit, tmp_path: Path) -> None:
    """Its last sheet comes first, each with its front before its back."""
    master = kit.masters["all"]
    slot = master.layout.pages[0].slots[0]
    words = {f"page{n}": f"page {n}" for n in (1, 2, 3)}
    pages = tuple(Page((replace(slot, words=name),)) for name in words)
    layout = replace(master.layout, pages=pages, words=words)
    names = frozenset({"name", "customer_id", "postal_code", "address"})
    compiler = Compiler(layout, Materials(kit.press.fonts, {}, {}, names, "JP"), {}, "0.")
    master = build_master(layout, compiler, {})
    kit = Kit({"all": master}, press_kit(kit.press.fonts, master.forms))
    batch = replace(_batch([_row(0)]), turned=True)
    assert print_batch(kit, _print(tmp_path, batch)).pages == 4
    data = (tmp_path / "print" / "a.pdf").read_bytes()
    assert [extracted(data, page).strip() for page in range(4)] == ["page 3", "", "page 1", "page 2"]
