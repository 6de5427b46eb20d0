"""A shop with one short letter that carries the AR marker, and the same letter without it."""

import shutil
from pathlib import Path

from tests.jobs import Desk

FILM = Path(__file__).with_name("film.mp4")
MARKER = 17
CAMPAIGN, LAYOUT, SHOP = "layouts/note/campaign.toml", "layouts/note/letter.toml", "layouts/shop.toml"

_SHOP = """\
format       = 1
id           = "aobado"
sender       = "青葉堂オンラインストア"
stop_contact = "0120-000-000"
language     = "ja"
links        = "https://aobado.example.jp/c/"
pages        = "https://aobado.example.jp/dm/"
"""
_CAMPAIGN = """\
format = 1
id     = "note"
as_of  = 2026-04-05

[lists]
customers = "../../customers.csv"

[audience]
segments = [{ id = "everyone", label = "すべてのお客さま", layout = "letter", offer = "thanks" }]

[offers.thanks]
label   = "300円引き"
amount  = 300
valid   = "30 days"
"""
AR = f"""
[links.ar]
to = "ar"

[ar]
marker  = {MARKER}
content = "film.mp4"
place   = [22, 122, 112, 63]
title   = "新茶の便りを、お手紙の上で"
text    = "今年の茶畑から、短い映像をお届けします。"
"""
_LETTER = """\
[page]
size  = "A4"
bleed = 3
folds = [99, 198]

[words]
name = "{{ name | sama }}"
body = \"\"\"
　いつも青葉堂をご利用いただき、ありがとうございます。
　日ごろのお礼に、{{ offer.label }}の券をお送りします。季節の変わり目です。どうぞお体をおいといください。
\"\"\"
coupon = "{{ offer.label }}　{{ offer.expires | jdate }}まで。"
stop   = "このようなご案内が不要な方は {{ shop.stop_contact }} へお知らせください。"

[slots]
address = { kind = "address", box = [22, 20, 84, 36] }
name    = { kind = "text", words = "name", style = "title", box = [22, 106, 112, 12] }
body    = { kind = "text", words = "body", box = [22, 122, 112, 58] }
panel   = { kind = "panel", box = [22, 204, 112, 28], stroke = [78, 38, 78, 32], line = 0.25, radius = 2 }
coupon  = { kind = "coupon", words = "coupon", box = [28, 210, 100, 20] }
qr      = { kind = "qr", link = "coupon", box = [154, 203, 30, 30] }
stop    = { kind = "text", words = "stop", style = "small", box = [22, 277, 166, 8] }
"""
MARKED = '\nar      = { kind = "ar", box = [148, 120, 42, 42] }\n'
_CUSTOMERS = """\
customer_id,name,postal_code,prefecture,city,street,dm_opt_out
1001,青山 みどり,100-0001,東京都,千代田区千代田,1-1,0
"""


def ar_desk(root: Path) -> Desk:
    """The desk; its letter is layouts/note, the one without a marker layouts/plain."""
    desk = Desk(root)
    desk.write("customers.csv", _CUSTOMERS)
    desk.write(SHOP, _SHOP)
    desk.write("layouts/plain/campaign.toml", _CAMPAIGN.replace('"note"', '"plain"'))
    desk.write("layouts/plain/letter.toml", _LETTER)
    desk.write(CAMPAIGN, _CAMPAIGN + AR)
    desk.write(LAYOUT, _LETTER.replace('link = "coupon"', 'link = "ar"') + MARKED)
    shutil.copy(FILM, root / "layouts" / "note")
    return desk
