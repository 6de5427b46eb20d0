"""Boxes are read as they are meant: any order of corners, inherited where the standard says so, turned, scaled."""

from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf

from dmgen.pdf import Rectangle, page_boxes, rectangle
from tests.designs import design


def _page(**entries: object) -> Object:
    return Dictionary(Type=Name.Page, **{"MediaBox": Array([0, 0, 200, 100]), **entries})


def test_corners_may_stand_in_any_order() -> None:
    assert rectangle(Array([30, 5, 10, 50])) == Rectangle(10, 5, 30, 50)


@pytest.mark.parametrize("written", ["[0 0 1]", "[0 0 0 9]", "[0 0 /A 9]", "(0 0 1 1)", "[]"])
def test_what_has_no_area_is_no_rectangle(written: str) -> None:
    assert rectangle(pikepdf.Object.parse(written.encode())) is None


def test_a_page_without_a_media_box_has_no_boxes() -> None:
    with pytest.raises(ValueError, match="MediaBox"):
        page_boxes(Dictionary(Type=Name.Page))


@pytest.mark.parametrize(
    ("rotate", "turned"), [(0, False), (90, True), (-90, True), (180, False), (450, True), (None, False)]
)
def test_a_turned_page_is_measured_as_it_is_seen(rotate: int | None, turned: bool) -> None:
    boxes = page_boxes(_page(**({} if rotate is None else {"Rotate": rotate})))
    width, height = boxes.millimetres(boxes.media)
    assert (width > height) is not turned
    assert {round(width, 3), round(height, 3)} == {70.556, 35.278}


def test_user_units_count() -> None:
    boxes = page_boxes(_page(UserUnit=2))
    assert boxes.millimetres(boxes.media) == pytest.approx((141.111, 70.556), abs=1e-3)


def test_the_media_box_is_inherited_but_not_the_trim_box() -> None:
    """ISO 32000-1, table 30: only Resources, MediaBox, CropBox and Rotate are."""

    def lift(pdf: Pdf, page: Object) -> None:
        for key in ("/MediaBox", "/TrimBox"):
            pdf.Root.Pages[key] = page[key]
            del page[key]
        pdf.Root.Pages.Rotate = 90

    with Pdf.open(BytesIO(design(b"", edit=lift)), inherit_page_attributes=False) as pdf:
        boxes = page_boxes(pdf.pages[0].obj)
    assert boxes.media.width == pytest.approx(126 * 72 / 25.4, abs=1e-3)
    assert (boxes.trim, boxes.rotate) == (None, 90)
