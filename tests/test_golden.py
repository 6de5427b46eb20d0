"""The sample letter looks as it did: `pytest --update-golden` after a change that is meant."""

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from dmgen.campaign import Overrides, load_campaign
from dmgen.fonts import load_fonts
from dmgen.layout import NUMBER_NAMES, Compiler, Materials, build_master
from dmgen.model.production import Link, Numbers, Record, Row
from dmgen.press import Names, PressKit, build_form, read_intent
from dmgen.symbols import QrSeries
from tests.conftest import print_pages

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = Path(__file__).with_name("golden")
LINK = "https://aobado.example.jp/c/"
DPI = 40
ROW: Row = {
    "customer_id": "1001", "name": "青葉 花子", "postal_code": "100-0001", "prefecture": "東京都", "city": "千代田区",
    "town": "千代田", "street": "1-1", "building": "若葉ビル2階", "address": "東京都千代田区千代田1-1 若葉ビル2階",
}  # fmt: skip


def _hello(name: str) -> bytes:
    """One printed letter of layouts/hello."""
    campaign = load_campaign(ROOT / "layouts" / "hello", Overrides())
    layout, offer, shop = campaign.layouts["hello"], campaign.offers["hello"], campaign.shop
    cells = {"label": offer.label, "amount": offer.amount, "minimum": offer.minimum, "expires": offer.expires}
    about = {"id": shop.id, "sender": shop.sender, "stop_contact": shop.stop_contact, **shop.about}
    constants = {"shop": Record(about), "offer": Record(cells)}
    fonts = load_fonts(("mincho", "gothic", "mono"), shop.fonts)
    known = frozenset(ROW) | NUMBER_NAMES | frozenset(constants)
    known |= {f"{record}.{name}" for record, value in constants.items() for name in value.cells}
    series = {"coupon": QrSeries.build(LINK, 12, "abcdefghijkl")}
    materials = Materials(fonts, {}, series, known, "JP")
    master = build_master(layout, Compiler(layout, materials, constants, "0."), constants)
    names = Names({key: key.encode() for key in fonts}, {form: b"S" + form.encode() for form in master.forms}, {})
    forms = {form: build_form(items, names, 210, 297, 3) for form, items in master.forms.items()}
    links = {"coupon": Link("abcdefghijkl", LINK + "abcdefghijkl")}
    numbers = Numbers("P1", "2345ABCDEFGH", "2345 ABCD EFGH", ("12345678",), links)
    kit = PressKit(fonts, forms, {}, names, "hello", campaign.as_of, "test", read_intent(campaign.printing))
    return print_pages(kit, master.set_piece({**ROW, "name": name}, numbers, 1))


@pytest.mark.parametrize(
    ("picture", "name"),
    [
        ("hello", "青葉 花子"),
        ("hello-latin", "Wolfeschlegelsteinhausenbergerdorff " * 2 + "von und zu Aobadorfer"),
        ("hello-kanji", "寿限無" * 15),
    ],
)
def test_the_sample_letter_looks_as_it_did(picture: str, name: str, update_golden: bool, tmp_path: Path) -> None:
    same_picture(_hello(name), picture, update_golden, tmp_path)


def same_picture(data: bytes, picture: str, update: bool, tmp_path: Path, dpi: int = DPI) -> None:
    """Compare the only page of a file with the picture that is kept of it, or keep it."""
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) == 1
        same_image(document[0].render(scale=dpi / 72).to_pil(), picture, update, tmp_path)


def same_image(seen: Image.Image, picture: str, update: bool, tmp_path: Path) -> None:
    """Compare rendered pages with the picture that is kept of them, or keep it."""
    seen = seen.convert("L")
    stored = GOLDEN / f"{picture}.png"
    if update:
        GOLDEN.mkdir(exist_ok=True)
        seen.quantize(16).save(stored, optimize=True)
        return
    golden = Image.open(stored).convert("L")
    assert seen.size == golden.size, "type: pytest --update-golden"
    seen = seen.quantize(16).convert("L")
    difference = ImageStat.Stat(ImageChops.difference(seen, golden))
    if difference.rms[0] >= 4:
        seen.save(tmp_path / "seen.png")
    assert difference.rms[0] < 4, f"see {tmp_path / 'seen.png'}; if it is meant: pytest --update-golden"
