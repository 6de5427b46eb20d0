"""Opening, sampling, the file as a whole; what is no sound PDF is refused in words, and nothing ends in a traceback."""

import random
import re
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from dmgen.errors import UsageError
from dmgen.messages import Speaker
from dmgen.model.printing import Standard
from dmgen.preflight import Report, Severity, preflight_file
from tests.preflight import material


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 a zip", "is not a PDF file"),
        (b"%PDF-1.4\nand nothing more", "damaged beyond repair"),
    ],
)
def test_what_is_no_pdf_is_refused_in_one_sentence(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(data)
    with pytest.raises(UsageError, match=said) as caught:
        preflight_file(tmp_path / "a.pdf")
    assert str(tmp_path / "a.pdf") in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        preflight_file(tmp_path / "a.pdf")


def test_a_password_is_asked_of_its_maker(tmp_path: Path) -> None:
    material.sound(Standard.X4).save(tmp_path / "a.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(UsageError, match="protected by a password"):
        preflight_file(tmp_path / "a.pdf")


def _many(count: int, folder: Path) -> Path:
    """A file of many pages in a balanced tree."""
    pdf = material.sound(Standard.X4)
    first = pdf.Root.Pages.Kids[0]
    pages, nodes = pdf.Root.Pages, []
    for start in range(0, count, 50):
        node = pdf.make_indirect(Dictionary(Type=Name.Pages, Parent=pages, Count=min(50, count - start)))
        kids = [Dictionary({**dict(first.items()), "/Parent": node}) for _ in range(int(node.Count))]
        node.Kids = Array([pdf.make_indirect(kid) for kid in kids])
        nodes.append(node)
    pages.Kids, pages.Count = Array(nodes), count

    return material.saved(pdf, folder / "many.pdf", Standard.X4)


def _rules(report: Report) -> dict[str, int]:
    return {finding.rule: finding.times for finding in report.findings}


def test_the_structure_of_every_page_and_the_contents_of_some(tmp_path: Path) -> None:
    pdf = Pdf.open(_many(1000, tmp_path))
    for node in pdf.Root.Pages.Kids:
        for page in node.Kids:
            page.TrimBox = Array([0, 0, 400, 400])
    report = preflight_file(material.saved(pdf, tmp_path / "b.pdf", Standard.X4))
    assert (report.pages, report.read) == (1000, 50)
    [finding] = [finding for finding in report.findings if finding.message == "{inner} reaches beyond {outer}"][:1]
    assert (finding.rule, finding.page, finding.at, finding.severity) == ("nested-boxes", 1, "/TrimBox", Severity.ERROR)
    assert finding.times >= 1000  # one finding, not a thousand lines


def test_a_page_that_is_not_sampled_is_read_where_a_font_is_missing(tmp_path: Path) -> None:
    pdf = Pdf.open(_many(1000, tmp_path))
    page = pdf.Root.Pages.Kids[3].Kids[7]
    own = Dictionary({key: value for key, value in page.Resources.items() if key != "/Font"})
    own.Font = Dictionary(dict(page.Resources.Font.items()))
    own.Font.F9 = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = own
    page.Contents = pdf.make_stream(b"/GS0 gs BT /F9 12 Tf 50 50 Td (a) Tj ET")
    report = preflight_file(material.saved(pdf, tmp_path / "b.pdf", Standard.X4))
    [finding] = report.findings
    assert (finding.rule, finding.page, report.read) == ("embedded", 158, 51)


def test_the_choice_of_pages_is_always_the_same(tmp_path: Path) -> None:
    path = _many(300, tmp_path)
    first, second = preflight_file(path), preflight_file(path)
    assert first == second


def test_names_in_shift_jis_are_read(tmp_path: Path) -> None:
    """As old Japanese programs name inks and fonts."""
    pdf = material.sound(Standard.X4)
    resources = pdf.Root.Pages.Kids[1].Resources
    resources.ColorSpace.CS1 = Array([Name.Separation, Name("/XXXX"), Name.DeviceRGB, material.spot()[3]])
    path = material.saved(pdf, tmp_path / "a.pdf", Standard.X4, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    path.write_bytes(
        path.read_bytes().replace(b"/XXXX", "/特色".encode("cp932")).replace(b"/CS1", "/列x".encode("cp932"))
    )
    report = preflight_file(path)
    assert {"device-rgb"} <= set(_rules(report))
    assert "列x" in next(finding.at for finding in report.findings if finding.rule == "device-rgb")


def test_forms_that_multiply_end(tmp_path: Path) -> None:
    """Each draws the next twice at two places: sixteen million drawings of nothing."""
    pdf = material.sound(Standard.X4)
    page = pdf.Root.Pages.Kids[1]
    inner = material.add_form(pdf)
    for _ in range(24):
        own = Dictionary(XObject=Dictionary(Fm0=inner))
        inner = material.add_form(pdf, b"/Fm0 Do 1 0 0 1 1 1 cm /Fm0 Do", Resources=own)
    page.Resources.XObject.Fm0 = inner
    assert preflight_file(material.saved(pdf, tmp_path / "a.pdf", Standard.X4)).findings == []


_TOKEN = re.compile(rb"/[A-Za-z0-9]+|\b\d+ 0 R|\b\d+(?:\.\d+)?\b|\[[^\[\]]{0,40}\]|\([^()]{0,30}\)|<<[^<>]{0,80}>>")
_VALUES = (
    b"null", b"0", b"-1", b"99999999999", b"/X", b"[]", b"<<>>", b"(a)", b"1 0 R", b"3 0 R", b"9 0 R", b"99 0 R",
    b"true", b"[1 2 3]", b"/#83#8a", b"[[[[]]]]", b"0.00001", b"/Pages", b"/DeviceRGB", b"1000000000000000000000",
)  # fmt: skip


def _mutated(chance: random.Random, data: bytes) -> bytes:
    """A few bytes or tokens replaced, a piece cut out, or the end cut off."""
    made, kind = bytearray(data), chance.random()
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(made))
        if kind < 0.2:
            made[place] = chance.randrange(256)
        elif kind < 0.3:
            del made[place : place + chance.randrange(200)]
        elif kind < 0.35:
            return bytes(made[: place + 1])
        else:
            found = list(_TOKEN.finditer(bytes(made)))
            token = chance.choice(found)
            new = chance.choice(_VALUES) if chance.random() < 0.6 else chance.choice(found)[0]
            made[token.start() : token.end()] = new.ljust(len(token[0]))
    return bytes(made)


@pytest.mark.parametrize("standard", Standard)
def test_no_broken_file_ends_in_a_traceback(standard: Standard, tmp_path: Path) -> None:
    """Six thousand such files were tried while this was written; here a few of each standard, always the same."""
    plain = {"object_stream_mode": pikepdf.ObjectStreamMode.disable}
    data = material.saved(material.sound(standard), tmp_path / "a.pdf", standard, **plain).read_bytes()
    reported = 0
    for seed in range(40):
        chance = random.Random(seed)
        (tmp_path / "b.pdf").write_bytes(_mutated(chance, data))
        try:
            report = preflight_file(tmp_path / "b.pdf", chance.choice([None, *Standard]))
        except UsageError as error:
            assert Speaker("ja").error(error)
            continue
        for finding in report.findings:
            assert finding.said(Speaker("en")).encode()
            assert finding.at.encode()
        reported += bool(report.findings)
    assert reported > 15
