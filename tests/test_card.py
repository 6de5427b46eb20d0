"""A card with its address side in columns, from list and layout files to the print file."""

from pathlib import Path

import pypdfium2
import pytest

from tests.jobs import Desk, Job, squeezed
from tests.test_golden import same_picture

CAMPAIGN = """\
format = 1
id     = "card"
as_of  = 2026-04-05
[lists]
customers = "customers.csv"
opt_out = "none recorded"
[audience]
scheme   = "none"
segments = [{ id = "all", label = "全員", layout = "card" }]
"""
LAYOUT = """\
format = 1
[page]
size  = "hagaki"
[words]
mark = "郵便はがき"
side = "{{ name }}様へ　12月3日まで20%引き――「春のABC」をお楽しみに。"
[style]
address = { font = "mincho", size = "11.5pt", leading = "17pt", fit = "shrink", direction = "vertical" }
name    = { font = "mincho", size = "26pt", leading = "34pt", fit = "shrink", direction = "vertical" }
digits  = { font = "gothic", size = "15pt" }
side    = { font = "gothic", size = "8pt", leading = "13pt", direction = "vertical", fit = "condense" }
mark    = { font = "mincho", size = "7pt", align = "center", tracking = 0.3, color = [0, 80, 80, 0] }
[slots]
mark    = { kind = "text", words = "mark", style = "mark", box = [30, 2, 40, 4] }
postal  = { kind = "postal_boxes", style = "digits", frames = true, box = [44.3, 12, 47.7, 8] }
address = { kind = "address", style = "address", name_style = "name", box = [24, 27, 64, 108] }
side    = { kind = "text", words = "side", style = "side", box = [8, 60, 12, 75] }
"""
CUSTOMERS = """\
customer_id,name,連名,postal_code,prefecture,city,town,street,building
1,佐々木 健太郎,花子、翔,060-0906,北海道,札幌市東区,北六条東,4丁目1-23,コープ野村「北六条東」ABC棟 1203号室
2,株式会社𠮷野,,263-0023,千葉県,千葉市稲毛区,緑町,3丁目30-8,郵便ビル403号
3,山田 花𰀀子,,100-0001,東京都,千代田区,千代田,1-1,
"""
TEXTS = [
    ("0600906", "北海道札幌市東区北六条東四丁目一－二三", "「北六条東」ABC棟一二〇三号室", "佐々木健太郎様花子様翔様"),
    ("2630023", "千葉県千葉市稲毛区緑町三丁目三〇－八", "郵便ビル四〇三号", "株式会社𠮷野御中"),
]  # fmt: skip


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    desk = Desk.at(tmp_path_factory.mktemp("card"))
    shop = (desk.root / "layouts" / "shop.toml").read_text("utf-8")
    desk.write("layouts/shop.toml", shop + '\n[columns]\njoint_names = "連名"\n')
    desk.write("layouts/card/campaign.toml", CAMPAIGN)
    desk.write("layouts/card/card.toml", LAYOUT)
    desk.write("layouts/card/customers.csv", CUSTOMERS)
    return desk.run("card")


def _file(job: Job) -> Path:
    [file] = (job.folder / "print").glob("*.pdf")
    return file


def test_every_card_says_who_it_is_for(job: Job) -> None:
    with pypdfium2.PdfDocument(_file(job)) as document:
        shown = [squeezed(page.get_textpage().get_text_range()) for page in document]
    assert len(shown) == len(TEXTS)
    for text, parts in zip(shown, TEXTS, strict=True):
        assert [part for part in parts if part not in text] == []
        assert "12月3日まで20%引き――「春のABC」をお楽しみに。" in text


def test_a_character_without_glyph_is_found_before_anything_is_issued(job: Job) -> None:
    [rejection] = job.rejections
    assert (rejection["customer_id"], rejection["reason"], rejection["value"]) == ("3", "missing_glyph", "U+30000")


def test_the_address_side_looks_as_it_did(job: Job, update_golden: bool, tmp_path: Path) -> None:
    with pypdfium2.PdfDocument(_file(job)) as document:
        document.del_page(1)
        document.save(tmp_path / "one.pdf")
    same_picture((tmp_path / "one.pdf").read_bytes(), "card", update_golden, tmp_path, dpi=72)
