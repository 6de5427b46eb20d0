"""The fault drill: a job is damaged in every way that has sent somebody's letter to somebody else, and each is named.

The checksums are made to fit again: what is compared is the content itself.
"""

import re
from io import BytesIO

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from dmgen.fulfil import CODES, MANIFEST
from dmgen.model.recipient import fingerprint

SYMBOL = re.compile(rb"q [^\n]* cm\n(?:[^\n]* re\n)+f Q\n")
QR_BOX = (154, 203, 30, 30)
PT = 72 / 25.4


def named(findings: list[dict], what: str | None = None) -> set[str]:
    return {f["piece_id"] for f in findings if "piece_id" in f and (what is None or f["what"] == what)}


def text(value: str) -> bytes:
    return value.encode("utf-16-be")


def refingerprint(row: dict[str, str]) -> None:
    row["fingerprint"] = fingerprint(*(row[name] for name in ("customer_id", "name", "postal_code", "address")))


def cover(box: tuple[float, float, float, float], grey: int) -> bytes:
    """A rectangle over a box (mm) of an A4 page with 3 mm of bleed."""
    left, top, width, height = box
    return b"q %d g %.2f %.2f %.2f %.2f re f Q\n" % (
        grey, (left + 3) * PT, (300 - top - height) * PT, width * PT, height * PT,
    )  # fmt: skip


def test_a_job_that_nobody_touched_is_released(copy):
    code, report = copy.verify()
    assert (code, report["released"], report["reason"]) == (0, True, "")
    assert report["read_back"] == {"pieces": 6, "sample": None, "findings": 0, "first": []}


def test_two_pages_swapped(copy):
    with copy.pages() as pdf:
        one, other = pdf.pages[1], pdf.pages[4]
        one.Contents, other.Contents = other.Contents, one.Contents
    copy.cover_tracks()
    findings = copy.findings()
    assert named(findings) == {copy.piece(1), copy.piece(4)}
    assert {f["slot"] for f in findings} == {"address", "name", "coupon", "qr", "lottery"}
    assert {(f["sequence"], f["page"]) for f in findings} == {(2, 2), (5, 5)}
    assert {f["file"] for f in findings} == {copy.job.manifest[0]["file"]}


def test_names_shifted_by_one_row_in_the_manifest(copy):
    """The bank's incident: every row is complete, and its name is the next customer's."""

    def shift(rows: list[dict[str, str]]) -> None:
        names = [row["name"] for row in rows]
        for row, name in zip(rows, names[1:] + names[:1], strict=True):
            row["name"] = name

    copy.retable(MANIFEST, shift)
    copy.cover_tracks()
    findings = copy.findings()
    everybody = {copy.piece(n) for n in range(6)}
    assert named(findings, "fingerprint") == everybody
    assert named(findings, "text_differs") == everybody


def test_names_shifted_by_one_row_with_their_fingerprints(copy):
    def shift(rows: list[dict[str, str]]) -> None:
        names = [row["name"] for row in rows]
        for row, name in zip(rows, names[1:] + names[:1], strict=True):
            row["name"] = name
            refingerprint(row)

    copy.retable(MANIFEST, shift)
    copy.cover_tracks()
    findings = copy.findings()
    assert named(findings, "text_differs") == {copy.piece(n) for n in range(6)}
    assert {f["field"] for f in findings} == {"name"}


def test_names_shifted_by_one_row_on_the_pages(copy):
    names = [row["name"] for row in copy.job.manifest]
    for page in range(6):
        copy.redraw(page, lambda data, page=page: data.replace(text(names[page]), text(names[page - 1])))
    copy.cover_tracks()
    findings = copy.findings()
    assert named(findings) == {copy.piece(n) for n in range(6)}
    assert {(f["slot"], f["field"]) for f in findings} == {("address", "name"), ("name", "name")}


@pytest.mark.parametrize("column", ["coupon_code", "lottery_number"])
def test_one_character_of_a_number_changed(copy, column):
    row = copy.job.manifest[3]
    shown = row[column][:4]
    other = ("3" if shown[0] != "3" else "4") + shown[1:]
    copy.redraw(3, lambda data: data.replace(text(shown), text(other)))
    copy.cover_tracks()
    [finding] = copy.findings()
    assert (finding["piece_id"], finding["field"], finding["page"]) == (copy.piece(3), column, 4)


def test_two_numbers_of_codes_csv_swapped(copy):
    """The letters are right; the list that the shop redeems from is not."""

    def swap(rows: list[dict[str, str]]) -> None:
        one, other = [row for row in rows if row["kind"] == "ticket"][1:3]
        one["code"], other["code"] = other["code"], one["code"]

    copy.retable(CODES, swap)
    copy.cover_tracks()
    findings = copy.findings()
    assert named(findings, "codes_differ") == named(findings, "text_differs") == {copy.piece(1), copy.piece(2)}


def test_a_number_given_to_two_people(copy):
    def double(rows: list[dict[str, str]]) -> None:
        coupons = [row for row in rows if row["kind"] == "coupon"]
        coupons[5]["code"] = coupons[0]["code"]

    copy.retable(CODES, double)
    copy.cover_tracks()
    assert named(copy.findings(), "twice") == {copy.piece(0), copy.piece(5)}


def test_a_page_missing(copy):
    with copy.pages() as pdf:
        del pdf.pages[2]
    copy.cover_tracks()
    findings = copy.findings()
    assert findings[0]["what"] == "page_count"
    assert next(f for f in findings if "piece_id" in f)["piece_id"] == copy.piece(2)
    assert named(findings, "page_missing") == {copy.piece(5)}


def test_a_page_that_is_nobodys(copy):
    """One sheet more, which would shift every letter behind it in the inserter."""
    with copy.pages() as pdf:
        pdf.pages.append(pdf.pages[0])

    def change(ticket: dict) -> None:
        ticket["print"][0]["pages"] = ticket["counts"]["pages"] = 7

    copy.reticket(change)
    copy.cover_tracks()
    assert {f["what"] for f in copy.findings()} == {"page_count"}


def test_a_piece_missing_from_the_manifest(copy):
    copy.retable(MANIFEST, lambda rows: rows.pop(2))
    copy.cover_tracks()
    whats = {f["what"] for f in copy.findings()}
    assert {"count", "pages_overlap", "sequence", "no_such_piece"} <= whats


@pytest.mark.parametrize("place", ["print", "counts"])
@pytest.mark.parametrize("name", ["pieces", "pages"])
def test_counts_that_do_not_add_up(copy, place, name):
    """A file that is one letter short must not be sent because nobody looked for it."""

    def change(ticket: dict) -> None:
        counts = ticket["print"][0] if place == "print" else ticket["counts"]
        counts[name] += 1

    copy.reticket(change)
    findings = copy.findings()
    assert {(f["what"], f.get("field")) for f in findings} & {("count", name), ("page_count", None)}


def blank(font: TTFont, glyph: str) -> None:
    font["glyf"][glyph].numberOfContours = 0
    for name in ("coordinates", "flags", "endPtsOfContours"):
        font["glyf"][glyph].__dict__.pop(name, None)


def test_a_glyph_blanked(copy):
    """The text extracts as if nothing had happened; the paper would show a gap."""
    with copy.pages() as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            descendant = font.DescendantFonts[0]
            glyphs = descendant.CIDToGIDMap.read_bytes()
            glyph = int.from_bytes(glyphs[2 * ord("客") : 2 * ord("客") + 2])
            if glyph:
                program = descendant.FontDescriptor.FontFile2
                outlines = TTFont(BytesIO(program.read_bytes()))
                blank(outlines, outlines.getGlyphName(glyph))
                out = BytesIO()
                outlines.save(out)
                program.write(out.getvalue())
                program.Length1 = len(out.getvalue())
    copy.cover_tracks()
    findings = copy.findings()
    assert {f["what"] for f in findings} == {"glyph_blank"}
    assert any("U+5BA2" in f["field"] for f in findings)


def test_a_font_taken_out(copy):
    with copy.pages() as pdf:
        fonts = list(pdf.pages[0].Resources.Font.values())
        del fonts[0].DescendantFonts[0].FontDescriptor.FontFile2
    copy.cover_tracks()
    assert "font_missing" in {f["what"] for f in copy.findings()}


@pytest.mark.parametrize("grey", [0, 1], ids=["black", "white"])
def test_a_qr_code_covered(copy, grey):
    copy.redraw(2, lambda data: data + cover(QR_BOX, grey))
    copy.cover_tracks()
    [finding] = copy.findings()
    assert (finding["what"], finding["piece_id"], finding["slot"]) == ("symbol_unreadable", copy.piece(2), "qr")


@pytest.mark.parametrize("grey", [0, 1], ids=["black", "white"])
def test_a_qr_code_partly_covered(copy, grey):
    """Error correction would still read it: on paper, with a fold or a stain, no longer."""
    copy.redraw(2, lambda data: data + cover((169, 218, 3, 3), grey))
    copy.cover_tracks()
    [finding] = copy.findings()
    assert (finding["what"], finding["piece_id"]) == ("symbol_damaged", copy.piece(2))


def test_two_peoples_qr_codes_swapped(copy):
    """Everything that a person can read is right."""
    with copy.pages() as pdf:
        streams = [pdf.pages[page].Contents for page in (1, 4)]
        drawn = [stream.read_bytes() for stream in streams]
        codes = [SYMBOL.search(data)[0] for data in drawn]
        for stream, data, own, other in zip(streams, drawn, codes, reversed(codes), strict=True):
            assert own != other
            stream.write(data.replace(own, other))
    copy.cover_tracks()
    findings = copy.findings()
    assert named(findings, "symbol_differs") == {copy.piece(1), copy.piece(4)}
    assert len(findings) == 2


def test_a_second_name_in_the_address(copy):
    """All that belongs there is there, and somebody else's name besides."""
    names = [row["name"] for row in copy.job.manifest]

    def overprint(data: bytes) -> bytes:
        blocks = re.findall(rb"BT [^\n]*\n.*?ET\n", data, re.DOTALL)
        block = next(b for b in blocks if text(names[0]) in b)
        moved = re.sub(rb"1 0 0 1 ([\d.]+) ([\d.]+) Tm", lambda m: b"1 0 0 1 %b %b Tm" % (m[1], b"740"), block, count=1)
        return data + moved.replace(text(names[0]), text(names[3]))

    copy.redraw(0, overprint)
    copy.cover_tracks()
    [finding] = copy.findings()
    assert (finding["what"], finding["piece_id"], finding["slot"]) == ("text_unexpected", copy.piece(0), "address")


@pytest.mark.parametrize("box", ["TrimBox", "MediaBox", "BleedBox"])
def test_a_page_of_another_size(copy, box):
    with copy.pages() as pdf:
        pdf.pages[3].obj[f"/{box}"] = pikepdf.Array([0, 0, 500, 700])
    copy.cover_tracks()
    findings = copy.findings()
    assert (copy.piece(3), box) in {(f["piece_id"], f["field"]) for f in findings if f["what"] == "box_differs"}
    assert named(findings, "box_differs") == {copy.piece(3)}


def test_a_page_turned(copy):
    with copy.pages() as pdf:
        pdf.pages[3].obj["/Rotate"] = 180
    copy.cover_tracks()
    assert named(copy.findings(), "box_differs") == {copy.piece(3)}


@pytest.mark.parametrize("tracks", ["left", "removed", "recomputed"])
def test_the_content_is_compared_whatever_the_checksums_say(copy, tracks):
    row = copy.job.manifest[0]
    copy.redraw(0, lambda data: data.replace(text(row["lottery_number"]), text("00000000")))
    if tracks == "removed":
        copy.reticket(lambda ticket: ticket.update(files={}))
    elif tracks == "recomputed":
        copy.cover_tracks()
    findings = copy.findings()
    assert named(findings, "text_differs") == {copy.piece(0)}
    assert ("checksum" in {f["what"] for f in findings}) == (tracks != "recomputed")


def test_a_table_changed_after_the_run(copy):
    with (copy.folder / "groups.csv").open("a") as file:
        file.write("9\n")
    [finding] = copy.findings()
    assert finding == {"what": "checksum", "file": "groups.csv"}


def test_files_missing_damaged_and_foreign(copy):
    (copy.folder / "print" / "again.pdf").write_bytes(copy.pdf.read_bytes())
    assert {(f["what"], f["file"]) for f in copy.findings()} == {("file_unknown", "print/again.pdf")}
    (copy.folder / "print" / "again.pdf").unlink()
    copy.pdf.write_bytes(b"%PDF-1.6\nno more")
    assert {"checksum", "file_unreadable"} <= {f["what"] for f in copy.findings()}
    copy.pdf.unlink()
    assert {f["what"] for f in copy.findings()} == {"file_missing"}
    (copy.folder / CODES).unlink()
    assert "file_unreadable" in {f["what"] for f in copy.findings()}


def test_findings_tell_nothing_of_other_people(copy):
    """Who looks at a report of one piece learns what differs, not what another person's letter says."""
    with copy.pages() as pdf:
        one, other = pdf.pages[1], pdf.pages[4]
        one.Contents, other.Contents = other.Contents, one.Contents
    copy.cover_tracks()
    result = copy.desk.invoke("verify", copy.folder, "--lang", "en")
    assert result.exit_code == 6
    said = result.stdout + result.stderr + (copy.folder / "job.json").read_text("utf-8")
    for row in copy.job.manifest:
        assert not any(row[name] in said for name in ("name", "address", "coupon_code", "lottery_number", "url"))
    assert copy.piece(1) in result.stderr
    assert "NOT released" in result.stderr


def test_a_sample_is_read_by_explicit_choice_and_written_down(copy):
    code, report = copy.verify("--sample", "2")
    assert (code, report["read_back"]["pieces"], report["read_back"]["sample"]) == (0, 2, 2)
    assert copy.job.ticket["read_back"]["sample"] == 2
    copy.redraw(1, lambda data: data + cover(QR_BOX, 1))
    copy.cover_tracks()
    assert copy.verify("--sample", "2")[0] == 0, "the second letter is not in the sample of two"
    assert copy.verify("--sample", "6")[0] == 6


def test_workers_find_the_same(copy):
    copy.redraw(4, lambda data: data + cover(QR_BOX, 1))
    copy.cover_tracks()
    assert copy.verify("--workers", "2") == copy.verify("--workers", "1")
