"""A small job of letters that go into parcels: two waves, three layouts, parcels with a slip or nobody known."""

from collections.abc import Sequence
from pathlib import Path

from tests.jobs import Desk, Job, people

WAVES = ("午前便・冷凍（A棟）", "2", "午後")
OPTED_OUT = (3, 9, 13)  # the last wave is a pile of a slip alone
CAMPAIGN = """\
format  = 1
id      = "insert"
as_of   = 2026-04-05
channel = "insert_note"
[lists]
customers = "../../assets/lists/customers.csv"
shipments = "../../assets/lists/shipments.csv"
opt_out = "none recorded"
[audience]
scheme   = "none"
segments = [
  { id = "even", label = "偶数", layout = "note", when = 'name in ("客 2", "客 6", "客 10")', offer = "thanks" },
  { id = "odd",  label = "奇数", layout = "long", offer = "thanks" },
]
[law]
acknowledge = "a test"
[parcels]
gaps     = "GAPS"
delivery = "DELIVERY"
carrier  = "yamato"
fallback = { layout = "leaflet" }
[offers.thanks]
label  = "300円引き"
amount = 300
valid  = "45 days"
[print]
batch = 5
"""
NOTE = """\
format = 1
[page]
size  = "A5"
SIDES
[words]
name = "{{ name | sama }}"
key  = "{{ parcel.key }} / {{ parcel.wave }} {{ parcel.position }} / {{ parcel.order }}"
ship = "{{ parcel.shipment_id }}"
id   = "{{ piece_id }}"
first = "{{ parcel.place }}番目のお荷物"
[style]
body  = { font = "gothic", size = "9pt", fit = "shrink" }
code  = { font = "mono", size = "12pt" }
[slots]
name   = { kind = "text", words = "name", style = "body", box = [12, 20, 100, 8] }
key    = { kind = "text", words = "key", style = "body", box = [12, 180, 70, 6] }
ship   = { kind = "code128", words = "ship", box = [12, 190, 70, 12] }
match  = { kind = "datamatrix", words = "id", box = [110, 180, 20, 20] }
coupon = { kind = "coupon", words = "name", style = "body", code_style = "code", box = [12, 120, 100, 16] }
place  = { kind = "text", words = "first", style = "body", box = [12, 60, 100, 6], when = "parcel.place > 0" }
"""
SECOND_PAGE = """
[[pages]]
slots = { back = { kind = "text", words = "key", style = "body", box = [12, 20, 100, 8] } }
"""
LEAFLET = """\
format = 1
[page]
size  = "A5"
SIDES
[words]
hello = "お買いあげありがとうございます"
ship  = "{{ parcel.shipment_id }}"
[style]
body  = { font = "gothic", size = "9pt", fit = "shrink" }
[slots]
hello = { kind = "text", words = "hello", style = "body", box = [12, 20, 100, 8] }
ship  = { kind = "code128", words = "ship", style = "body", box = [12, 180, 70, 16] }
"""


def shipments(parcels: Sequence[tuple[str, str, str]]) -> str:
    """A shipments list of (shipment, customer, wave); positions count within the wave, backwards in the file."""
    rows = ["shipment_id,order_ids,customer_id,wave,position,ship_on"]
    rows += [f"{s},ORD-{s},{c},{w},{n},2026-04-10" for n, (s, c, w) in enumerate(parcels, 1)]
    return "\n".join(rows) + "\n"


PARCELS = [
    (f"SHP-{number:03d}", f"{number:05d}" if number % 4 else "", WAVES[(number > 7) + (number > 12)])
    for number in range(1, 14)
]


def print_parcels(root: Path, *, gaps: str = "slip", delivery: str = "face_down", sides: int = 1) -> tuple[Desk, Job]:
    """Run the job; of thirteen parcels every fourth is nobody's, and three customers want no mail."""
    desk = Desk.at(root)
    listed = people(13)
    for number in OPTED_OUT:
        listed = listed.replace(f",{number}-1,0\n", f",{number}-1,1\n")
    desk.write("assets/lists/customers.csv", listed)
    desk.write("assets/lists/shipments.csv", shipments(PARCELS))
    desk.write("layouts/insert/campaign.toml", CAMPAIGN.replace("GAPS", gaps).replace("DELIVERY", delivery))
    written = {"note": NOTE, "long": NOTE + SECOND_PAGE, "leaflet": LEAFLET}
    for name, text in written.items():
        desk.write(f"layouts/insert/{name}.toml", text.replace("SIDES", f"sides = {sides}"))
    return desk, desk.run("insert")
