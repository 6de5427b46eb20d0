"""A day of 100,000 parcels: matched to the orders of 200,000 customers, fitted, sorted into waves, printed."""

import csv
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PARCELS, WAVES = 100_000, 20


def write_day(folder: Path, customers: int) -> None:
    """The campaign of the benchmark as one whose letters go into parcels, with its orders and shipments."""
    shutil.copytree(HERE / "letter-jp", folder, dirs_exist_ok=True)
    campaign = folder / "campaign.toml"
    text = campaign.read_text("utf-8").replace('channel = "mail"', 'channel = "insert_note"')
    text = text.replace('customers = "customers.csv"', 'customers = "customers.csv"\norders = "orders.csv"')
    campaign.write_text(text + '\n[law]\nacknowledge = "a benchmark"\n', "utf-8")
    chance = random.Random(7)
    buyers = chance.sample(range(1, customers + 1), PARCELS)
    orders = [(f"B{number:07d}", buyer) for number, buyer in enumerate(buyers, 1)]
    orders += [(f"C{number:07d}", chance.randint(1, customers)) for number in range(1, 2 * customers)]  # earlier ones
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("order_id", "customer_id", "ordered_on", "amount", "status"))
        told = {"B": ("2026-09-30", 3000, "open"), "C": ("2026-05-05", 4000, "completed")}
        writer.writerows((order, who, *told[order[0]]) for order, who in orders)
    with (folder / "shipments.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("shipment_id", "order_ids", "wave", "position", "ship_on", "gift"))
        places = list(range(PARCELS))
        chance.shuffle(places)
        for number, place in enumerate(places):
            gift = "1" if number % 40 == 0 else ""
            writer.writerow((f"S{number:07d}", orders[number][0], f"W{place % WAVES:02d}", place, "2026-10-01", gift))


def measure(folder: Path) -> None:
    """`dmgen check`, which plans and sorts, and `dmgen run` of that day, each in a process of its own."""
    environment = os.environ | {"DMGEN_LEDGER": str(folder / "ledger.sqlite")}
    options = [str(folder), "--shipments", str(folder / "shipments.csv"), "--lang", "en"]
    for command in (["check"], ["run", "--out", str(folder / "job")]):
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "dmgen", *command, *options],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{command[0]} of the day failed")
        wall, cpu, peak = time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
        print(f"parcels   {command[0]:5s} {PARCELS:,} parcels: {wall:.1f} s, CPU {cpu:.1f} s, {peak:.0f} MiB")
