"""The starter formats: each prints in every standard, passes the preflight, is drawn by every engine, looks right."""

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from dmgen.errors import ExitCode
from dmgen.model.printing import Standard
from dmgen.preflight import preflight_file
from dmgen.resources import Format
from tests.jobs import ROOT, Desk, Job, rows
from tests.test_golden import same_image

STANDARDS = (Standard.X4, Standard.VT1, Standard.X1A_2001)
SIZES = {Format.HAGAKI: (100, 148), Format.PRESSED_CARD: (148, 200), Format.HELLO_EN: (215.9, 279.4)}
PAGES = {Format.HAGAKI: 2, Format.PRESSED_CARD: 2, Format.DUPLEX_LETTER: 2}
DPI = 60  # of the golden pictures
PT = 72 / 25.4


def _unread(desk: Desk, form: Format) -> str:
    """A campaign of a format whose jobs are not read back: other tests do."""
    name = form.starter.name
    path = desk.root / "layouts" / name / "campaign.toml"
    path.write_text(path.read_text("utf-8") + "\n[release]\nread_back = false\n", "utf-8")
    return name


def _ink(page: pypdfium2.PdfPage, dpi: float) -> npt.NDArray[np.bool_]:
    """Where a page is not white."""
    return np.asarray(page.render(scale=dpi / 72, grayscale=True).to_numpy()).squeeze() < 250


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Format], dict[Standard, Job]]:
    """Jobs of six letters of a format, one in each standard."""

    @cache
    def made(form: Format) -> dict[Standard, Job]:
        desk = Desk.at(tmp_path_factory.mktemp(form.value))
        name = _unread(desk, form)
        return {
            standard: desk.run(name, "--limit", "6", "--standard", standard, out=f"job-{number}")
            for number, standard in enumerate(STANDARDS)
        }

    return made


@pytest.mark.parametrize("form", list(Format))
def test_a_format_prints_in_every_standard(jobs, form: Format) -> None:
    """No error or warning of the preflight, nothing that qpdf would repair, every page of its size and drawn."""
    for standard, job in jobs(form).items():
        assert len(job.manifest) == 6
        for path in job.printed:
            report = preflight_file(path, standard)
            assert [finding.message for finding in report.findings] == []
            with pikepdf.open(path) as pdf:
                assert pdf.check_pdf_syntax() == []
            with pypdfium2.PdfDocument(path) as document:
                per_piece = PAGES.get(form, 1)
                assert len(document) == (per_piece if "-shell-" in path.name else 6 * per_piece)
                for page in document:
                    left, bottom, right, top = page.get_trimbox()
                    size = ((right - left) / PT, (top - bottom) / PT)
                    assert size == pytest.approx(SIZES.get(form, (210, 297)), abs=0.01)
                    assert _ink(page, 20).any()


@pytest.mark.system
@pytest.mark.parametrize("form", list(Format))
def test_other_engines_draw_a_format_without_a_word(jobs, tmp_path: Path, form: Format, program) -> None:
    draws = (
        [program("gs"), "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=nullpage"],
        [program("pdftoppm"), "-r", "20", "-l", "2", "-png"],
    )
    for job in jobs(form).values():
        for path in job.printed:
            for draw in draws:
                out = [str(tmp_path / "page")] if "pdftoppm" in draw[0] else []
                ran = subprocess.run([*draw, str(path), *out], capture_output=True, text=True, check=False)
                assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", ""), path.name


@pytest.mark.parametrize("form", list(Format))
def test_a_format_is_released_after_reading_back(tmp_path: Path, form: Format) -> None:
    """As it is shipped: every name, address and code on the paper is that of its own row."""
    job = Desk.at(tmp_path).run(form.starter.name, "--limit", "4")
    assert job.ticket["released"]
    assert len(job.manifest) == 4


@pytest.mark.parametrize("form", list(Format))
def test_everybody_fits(tmp_path: Path, form: Format) -> None:
    """The longest names and addresses of the sample lists are set, too."""
    desk = Desk.at(tmp_path)
    result = desk.invoke("check", f"layouts/{form.starter.name}", "--json")
    assert result.exit_code == 0, result.output
    assert '"misfits": []' in result.stdout


@pytest.mark.parametrize("form", list(Format))
def test_a_campaign_of_a_format_runs_at_once(tmp_path: Path, form: Format) -> None:
    """In an empty folder: its list, and a shop, come with it."""
    desk = Desk(tmp_path)
    made = desk.invoke("new", "mine", "--from", form)
    assert made.exit_code == 0, made.output
    result = desk.invoke("check", "mine", "--limit", "2", "--json")
    assert result.exit_code == 0, result.output
    campaign = (tmp_path / "mine" / "campaign.toml").read_text("utf-8")
    assert 'id     = "mine"' in campaign
    assert (tmp_path / "shop.toml").exists() == (form is not Format.HELLO_EN)


def test_an_unknown_format_is_refused_with_those_there_are(tmp_path: Path) -> None:
    result = Desk(tmp_path).invoke("new", "mine", "--from", "poster")
    assert result.exit_code == ExitCode.USAGE
    assert [form for form in Format if f"'{form}'" not in result.stderr] == []
    assert list(tmp_path.iterdir()) == []


# Windows


WINDOWS = {  # mm from the trim's top left; the fold under them
    Format.WINDOW_LETTER: ((20, 15, 90, 45), 99),
    Format.HELLO_EN: ((9.525, 57.658, 114.3, 28.575), 93.218),
}
SLIP = 3
SHARP = 4 * 25.4  # dots an inch: four a millimetre


@pytest.mark.parametrize("form", list(WINDOWS))
def test_the_address_stays_in_the_window_when_the_sheet_slips(tmp_path: Path, form: Format) -> None:
    """What the window shows of a sheet that lies 3 mm off, it shows whole wherever the sheet lies: ink is measured."""
    (left, top, width, height), fold = WINDOWS[form]
    desk = Desk.at(tmp_path)
    job = desk.run(_unread(desk, form))
    longest = sorted(range(len(job.manifest)), key=lambda n: len(job.manifest[n]["address"] + job.manifest[n]["name"]))
    with pypdfium2.PdfDocument(job.printed[0]) as document:
        for number in [*longest[:3], *longest[-12:]]:
            page = document[number]
            bleed = page.get_trimbox()[0] / PT
            ink = _ink(page, SHARP)
            y, x = np.nonzero(ink[: round(4 * (fold + bleed))])
            x, y = x / 4 - bleed, y / 4 - bleed
            shown = (x > left - SLIP) & (x < left + width + SLIP) & (y > top - SLIP) & (y < top + height + SLIP)
            assert shown.sum() > 300, "an address"
            x, y = x[shown], y[shown]
            assert x.min() >= left + SLIP - 0.3 and x.max() <= left + width - SLIP + 0.3
            assert y.min() >= top + SLIP - 0.3 and y.max() <= top + height - SLIP + 0.3


def test_nothing_stands_at_the_fold_of_a_pressed_card(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    job = desk.run(_unread(desk, Format.PRESSED_CARD), "--limit", "4")
    with pypdfium2.PdfDocument(job.printed[0]) as document:
        for page in document:
            bleed = page.get_trimbox()[0] / PT
            around = slice(round(4 * (95 + bleed)), round(4 * (105 + bleed)))
            assert not _ink(page, SHARP)[around].any()


def test_a_letter_to_the_united_states_has_nothing_japanese(tmp_path: Path) -> None:
    """Name, street, "City, State ZIP"; no 〒, no 様, no date or sum as in Japan."""
    desk = Desk.at(tmp_path)
    job = desk.run("hello-en")
    source = {row["customer_id"]: row for row in rows(ROOT / "assets" / "lists" / "customers-en.csv")}
    assert len(job.manifest) == sum(row["do_not_mail"] == "0" for row in source.values())
    for row, text in job.texts():
        mine = source[row["customer_id"]]
        assert all(ord(char) < 0x2000 for char in text), text
        lines = [" ".join(line.split()) for line in text.splitlines()]
        at = lines.index(mine["name"])
        address = " ".join(filter(None, (mine["address1"], mine["address2"])))
        place = f"{mine['city']}, {mine['state']} {mine['zip']}"
        assert " ".join(lines[at + 1 : at + 4]).startswith(f"{address} {place}")


# How they look


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.LETTER])
def test_a_format_looks_as_it_did(tmp_path: Path, form: Format, update_golden: bool) -> None:
    """The pages of an invented customer with a long address, side by side; test_golden.py keeps the letter.

    Black letters are shown on their pre-printed paper.
    """
    desk = Desk.at(tmp_path)
    shown = ("--customer", "C0052") if form is Format.SHELL_LETTER else ("--fictional",)
    result = desk.invoke("proof", f"layouts/{form.starter.name}", "--out", "proof.pdf", *shown)
    assert result.exit_code == 0, result.output
    with pypdfium2.PdfDocument(desk.root / "proof.pdf") as document:
        per_piece = PAGES.get(form, 1)
        first = 0 if form is Format.SHELL_LETTER else per_piece
        pages = [document[number].render(scale=DPI / 72).to_pil() for number in range(first, first + per_piece)]
    seen = Image.new("L", (sum(page.width for page in pages), pages[0].height))
    for number, page in enumerate(pages):
        seen.paste(page.convert("L"), (number * pages[0].width, 0))
    same_image(seen, form, update_golden, tmp_path)
