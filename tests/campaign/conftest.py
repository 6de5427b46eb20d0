"""A shop and a campaign as FORMATS.md shows them, to be broken one line at a time."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from dmgen.campaign import Overrides, load_campaign
from dmgen.model.campaign import Campaign
from dmgen.model.layout import Layout

SHOP = """\
format   = 1
id       = "aobado"             # every ledger key carries it: two clients may both have a customer 1001
sender   = "青葉堂オンラインストア"
stop_contact = "0120-000-000"   # printed as the way to opt out
language = "ja"                 # ja | en: messages, reports
country  = "JP"                 # JP | generic: address columns, postal pattern, decimals, honorific
time_zone = "Asia/Tokyo"
ledger   = "ledger.sqlite"
links    = "https://aobado.example.jp/c/"

[columns]                       # other people's headers → ours; further columns pass through, typed here
name = ["姓", "名"]
points = { from = "ポイント残高", type = "int" }
"""

CAMPAIGN = """\
format  = 1
id      = "april-thanks"        # never changes, even if the folder is renamed
drop    = 2026-04-10            # one mailing
as_of   = 2026-04-05            # left out: today in the shop's time zone
channel = "mail"                # mail | mail_open | insert_note | insert_open

[lists]
customers = "../../lists/customers.csv"
orders    = "../../lists/orders.csv"
products  = "../../lists/products.csv"     # a lookup by sku: name, photo, usage, upgrade_to …

[audience]
scheme   = "cpm"                # none | cpm | …; it yields `group`, the campaign's rule is the `segment`
segments = [                    # the first that matches wins; id names the PDF, label is for people
  { id = "winback", label = "休眠客", when = "lapsed",          layout = "winback", offer = "thanks" },
  { id = "first",   label = "初回客", group = "first_time",     layout = "usage" },
  { id = "vip",     label = "優良客", group = "yuryo",          layout = "vip", offer = "thanks", tickets = 3 },
  { id = "others",  label = "その他", when = "purchases >= 2",  layout = "base", offer = "thanks" },
]

[offers.thanks]
label   = "500円引き"
amount  = 500
minimum = 3000
valid   = "30 days"             # from the drop
codes   = "single"              # one a person | shared | pool:codes.csv

[lottery]
tickets = 1
"""

BASE = """\
[page]
size  = "A4"                    # "hagaki" | "Letter" | [210, 297]
bleed = 3                       # a bare number is mm; "0.125in" and "9pt" also work
sides = 1                       # 2: every piece starts on a front, blank backs are added
folds = [99, 198]               # from the top; codes and markers keep clear

[words]                         # {{ }} is a column, or shop. offer. product.
greeting = "{{ family_name }}様"
body = \"""
　いつもご愛顧いただき、ありがとうございます。
　{{ last_order | jdate }}にお届けした「{{ product.name }}」はお役に立っておりますか。
{% if product.usage %}　{{ product.usage }}{% endif %}
\"""
coupon = "{{ offer.label }}（{{ offer.expires | jdate }}まで）"
stop   = "ご案内が不要な方は {{ shop.stop_contact }} へお知らせください。"

[style]
body  = { font = "mincho", size = "10.5pt", leading = "18pt", fit = "condense" }
title = { font = "mincho", size = "14pt" }
small = { font = "gothic", size = "7pt" }

[slots]                         # box = [left, top, width, height] in mm from the trimmed corner
address  = { kind = "address", box = [20, 20, 85, 32] }      # 〒, lines, name, 様 or 御中; empty lines close up
greeting = { kind = "text", words = "greeting", style = "title", box = [20, 80, 120, 10] }
body     = { kind = "text", words = "body", style = "body", box = [20, 105, 170, 85] }
photo    = { kind = "image", file = "product.photo", box = [150, 60, 40, 30], when = "product" }
coupon   = { kind = "coupon", words = "coupon", box = [20, 205, 90, 30], when = "offer" }
qr       = { kind = "qr", link = "coupon", box = [120, 205, 25, 25] }
kuji     = { kind = "lottery", style = "title", box = [150, 205, 40, 25], when = "tickets" }
stop     = { kind = "text", words = "stop", style = "small", box = [20, 280, 150, 5] }
"""

VIP = """\
extends = "base"
[words]
body = "いつもありがとうございます。"
"""


NOTHING = Overrides()


@dataclass
class Desk:
    """A shop folder on disk with one campaign in it."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / "layouts" / "spring"

    def write(self, name: str, text: str) -> Path:
        """Write a file by its path from the campaign folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def change(self, name: str, old: str, new: str) -> None:
        """Replace `old`, which must stand there once, in a file."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, (old, text.count(old))
        self.write(name, text.replace(old, new))

    def load(self, overrides: Overrides = NOTHING, today: date | None = None) -> Campaign:
        return load_campaign(self.folder, overrides, today)

    def layout(self, text: str) -> Layout:
        """The layout that `text` is, as the one letter of a campaign to everybody."""
        self.write("letter.toml", text)
        self.write("campaign.toml", 'format = 1\nid = "one"\n[audience]\nlayout = "letter"\n')
        return self.load().layouts["letter"]

    def slot(self, slot: str, head: str = "") -> Layout:
        """A layout with one slot `x` and the words `hello`."""
        return self.layout(f'{head}\n[words]\nhello = "こんにちは"\n[slots]\nx = {slot}\n')


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.write("../shop.toml", SHOP)
    desk.write("campaign.toml", CAMPAIGN)
    desk.write("base.toml", BASE)
    for name in ("vip", "usage", "winback"):
        desk.write(f"{name}.toml", VIP)
    return desk
