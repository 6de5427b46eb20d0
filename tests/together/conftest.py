"""Two clients in one warehouse: the same customer ids, the same shipment ids, three campaigns, one list."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.jobs import CUSTOMER, Desk

SHOP = """format = 1
id     = "{id}"
sender = "{sender}"
stop_contact = "0120-000-000"
language = "ja"
country  = "JP"
ledger   = "ledger.sqlite"
"""
CAMPAIGN = """format  = 1
id      = "{id}"
as_of   = 2026-04-05
drop    = 2026-04-06
channel = "insert_note"

[lists]
customers = "{customers}"
opt_out   = "none recorded"

[audience]
scheme   = "none"
segments = [{{ id = "{segment}", label = "{segment}", when = '{when}', layout = "note", offer = "gift" }}]

[offers.gift]
label   = "300円引き"
amount  = 300
minimum = 2000
valid   = "30 days"

[law]
acknowledge = "test"

[parcels]
carrier = "yamato"
{parcels}
[print]
batch    = {batch}
standard = "{standard}"
"""
LAYOUT = """format = 1

[page]
size  = "hagaki"
bleed = 3
sides = {sides}

[words]
hello  = "{sign} {{{{ name }}}} さま　{{{{ shop.sender }}}}"
key    = "照合 {{{{ parcel.key }}}} {{{{ parcel.shipment_id }}}}"
coupon = "{{{{ offer.label }}}}"
stop   = "{{{{ shop.stop_contact }}}}"

[style]
text = {{ font = "gothic", size = "10pt", fit = "shrink" }}
code = {{ font = "mono", size = "12pt" }}

[slots]
hello  = {{ kind = "text", words = "hello", style = "text", box = [8, 20, 84, 8] }}
key    = {{ kind = "text", words = "key", style = "text", box = [8, 40, 84, 8] }}
coupon = {{ kind = "coupon", words = "coupon", style = "text", code_style = "code", box = [8, 60, 84, 16] }}
stop   = {{ kind = "text", words = "stop", style = "text", box = [8, 100, 84, 8] }}
"""
SHIPMENT = ("shop", "shipment_id", "order_ids", "customer_id", "wave", "position", "ship_to_name", "gift", "kind")


class Warehouse:
    """A warehouse's desk: the shops aoba and kasumi, each in a folder of its own, over one list."""

    def __init__(self, root: Path) -> None:
        self.desk = Desk(root)
        for shop, sender, sign in (("aoba", "青葉堂", "あおば"), ("kasumi", "霞屋", "かすみ")):
            self.desk.write(f"{shop}/shop.toml", SHOP.format(id=shop, sender=sender))
            rows = (f"{n},{sign}客{n},100-0001,東京都,千代田区千代田,{n}-1,0" for n in range(1001, 1009))
            self.desk.write(f"{shop}/customers.csv", "\n".join((CUSTOMER, *rows)) + "\n")

    def campaign(
        self,
        shop: str,
        name: str,
        when: str,
        *,
        sides: int = 1,
        batch: int = 100,
        standard: str = "PDF/X-4",
        parcels: str = "",
        customers: str = "../customers.csv",
    ) -> str:
        """A campaign of a shop for whom a rule finds; its layout says whose it is."""
        folder = f"{shop}/{name}"
        told = {"id": name, "segment": name, "when": when, "batch": batch, "standard": standard}
        self.desk.write(f"{folder}/campaign.toml", CAMPAIGN.format(**told, parcels=parcels, customers=customers))
        self.desk.write(f"{folder}/note.toml", LAYOUT.format(sign=f"[{shop}.{name}]", sides=sides))
        return folder

    def shipments(self, rows: Sequence[Sequence[object]], columns: Sequence[str] = SHIPMENT) -> str:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows(rows)
        self.desk.write("shipments.csv", out.getvalue())
        return "shipments.csv"


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path)


def batch_rows() -> list[tuple[object, ...]]:
    """Two waves, both shops in turns, the same shipment and customer ids in both; a gift, a stranger, a third shop."""
    rows: list[tuple[object, ...]] = []
    for number, customer in enumerate(range(1001, 1009), 1):
        wave = "A" if number <= 4 else "B"
        for offset, shop in enumerate(("aoba", "kasumi")):
            gift = "1" if (shop, customer) == ("aoba", 1004) else ""
            name = f"{'あおば' if shop == 'aoba' else 'かすみ'}客{customer}"
            position = 2 * number + offset
            rows.append((shop, f"S{number}", f"O-{number}", customer, wave, position, name, gift, ""))
    rows.append(("kasumi", "S9", "O-9", 9999, "B", 40, "", "", ""))
    rows.append(("sora", "S1", "O-1", 1001, "B", 41, "", "", ""))
    return rows
