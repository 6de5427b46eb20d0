"""Measures dmgen as its user runs it: `make bench`, or `python -m tests.bench letters workers memory readback lists`.

letters: CPU and bytes a letter (marginal, 2,000 → 20,000); vt1: the same as PDF/VT-1. workers: two against one in the
produce stage. memory: peak at 20,000 and 200,000 letters. readback: letters that one core reads back in a second.
parcels: a day of 100,000 parcels.
lists: 1,000,000 customers with 5,000,000 orders, asked for everything (needs ../shared). peers: the same letter by
reportlab tuned to its limit (needs ../shared). Machines are noisy: compare figures of one call.
"""

import csv
import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tests.bench.parcels import measure, write_day

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHARED = ROOT.parent / "shared"
CAMPAIGN = HERE / "letter-jp"
TOWNS = (
    ("150-0002", "東京都渋谷区渋谷"),
    ("060-0042", "北海道札幌市中央区大通西"),
    ("530-0001", "大阪府大阪市北区梅田"),
)
SECTIONS = ("letters", "vt1", "workers", "memory", "readback", "lists", "parcels", "peers")


class Timed(NamedTuple):
    """One finished run: CPU seconds and peak memory (MiB) of its process and children, stages, bytes printed."""

    cpu: float
    memory: float
    stages: dict[str, float]
    printed: int


def rows() -> Iterator[dict[str, str]]:
    """The peers' recipients over and over, or the few of the campaign where ../shared is absent."""
    peers = SHARED / "peers" / "data" / "customers.csv.gz"
    if peers.exists():
        with gzip.open(peers, "rt", encoding="utf-8", newline="") as file:
            return cycle(list(csv.DictReader(file)))
    with (CAMPAIGN / "customers.csv").open(encoding="utf-8", newline="") as file:
        return cycle(list(csv.DictReader(file)))


def customers(folder: Path, count: int) -> Path:
    """A customer list of `count` people."""
    path = folder / f"customers-{count}.csv"
    if not path.exists():
        with path.open("w", encoding="utf-8", newline="") as file:
            source = rows()
            first = next(source)
            writer = csv.DictWriter(file, list(first))
            writer.writeheader()
            for number, row in enumerate(islice(source, count), 1):
                writer.writerow({**row, **_real(row, number), "seq": number})
    return path


def _real(row: dict[str, str], number: int) -> dict[str, str]:
    """An invented address in a town that there is, so that its postal code bears a look."""
    postal, town = TOWNS[number % len(TOWNS)]
    return {"postal": postal, "addr1": town + re.sub(r"^[^0-9]*", "", row["addr1"])}


def run(folder: Path, count: int, workers: int = 1, standard: str = "PDF/X-4") -> Timed:
    """Print `count` letters in a process of its own with a fresh ledger."""
    job, ledger = folder / "job", folder / "ledger.sqlite"
    shutil.rmtree(job, ignore_errors=True)
    for leftover in folder.glob("ledger.sqlite*"):
        leftover.unlink()
    arguments = [CAMPAIGN, customers(folder, count), job, workers, standard]
    command = [sys.executable, "-m", "tests.bench.timed", *map(str, arguments)]
    environment = os.environ | {"DMGEN_LEDGER": str(ledger)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"the run of {count} letters failed")
    printed = sum(file.stat().st_size for file in (job / "print").iterdir())
    cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    return Timed(cpu, memory, json.loads(output.splitlines()[-1]), printed)


def letters(folder: Path, standard: str = "PDF/X-4") -> None:
    small, large = 2_000, 20_000
    pairs = [(run(folder, small, standard=standard), run(folder, large, standard=standard)) for _ in range(3)]
    marginal = [(b.cpu - a.cpu) / (large - small) * 1e3 for a, b in pairs]
    size = (pairs[0][1].printed - pairs[0][0].printed) / (large - small)
    start = statistics.median(a.cpu for a, _ in pairs) - small * statistics.median(marginal) / 1e3
    print(f"{standard:9s} {statistics.median(marginal):.3f} ms CPU a letter (runs: {_list(marginal)})")
    print(f"          {1e3 / statistics.median(marginal):,.0f} letters a CPU second, {size:,.0f} bytes a letter")
    print(f"          {start:.1f} s CPU to start, {pairs[0][1].memory:.0f} MiB at {large:,} letters")
    for stage in ("lists", "fit", "issue", "print", "release"):
        values = [(b.stages[stage] - a.stages[stage]) / (large - small) * 1e3 for a, b in pairs]
        print(f"          {stage:8s} {statistics.median(values):.3f} ms wall a letter")


def vt1(folder: Path) -> None:
    letters(folder, "PDF/VT-1")


def workers(folder: Path) -> None:
    count = 40_000
    run(folder, count)
    alone = [folder / "a", folder / "b"]
    for place in alone:
        place.mkdir(exist_ok=True)
        customers(place, count)
    script = "import sys; from pathlib import Path; from tests.bench.__main__ import run; "
    script += f"print(run(Path(sys.argv[1]), {count}).stages['print'])"
    together = []
    for _ in range(3):
        two = run(folder, count, workers=2).stages["print"]
        command = [sys.executable, "-c", script]
        both = [subprocess.Popen([*command, str(p)], cwd=ROOT, stdout=subprocess.PIPE, text=True) for p in alone]
        times = [float(process.communicate()[0]) for process in both]
        independent = sum(count / seconds for seconds in times)
        together.append((count / two, independent))
    ratios = [two / independent for two, independent in together]
    two, independent = together[0]
    print(f"workers   two workers {two:,.0f} letters/s, two runs of one {independent:,.0f}: {_list(ratios)} ×")


def memory(folder: Path) -> None:
    small, large = run(folder, 20_000), run(folder, 200_000)
    lists = [lists_memory(folder, count) for count in (20_000, 200_000)]
    ratio = (large.memory - lists[1]) / (small.memory - lists[0])
    print(f"memory    {small.memory:.0f} MiB at 20,000, {large.memory:.0f} MiB at 200,000 letters")
    print(f"          of it for reading the lists {lists[0]:.0f} and {lists[1]:.0f} MiB: the rest grows {ratio:.2f} ×")


def readback(folder: Path) -> None:
    """CPU of `dmgen verify` with one worker, marginal; its memory with the larger job."""
    times, peak = {}, 0.0
    for count in (2_000, 6_000):
        run(folder, count)
        command = [sys.executable, "-m", "dmgen", "verify", str(folder / "job"), "--workers", "1", "--shop", CAMPAIGN]
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DMGEN_LEDGER": str(folder / "ledger.sqlite")})
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"the job of {count} letters does not read back")
        times[count], peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    marginal = (times[6_000] - times[2_000]) / 4_000
    print(f"readback  {1 / marginal:,.0f} letters a CPU second ({marginal * 1e3:.2f} ms), {peak:.0f} MiB")


def lists_memory(folder: Path, count: int) -> float:
    """MiB that holding the lists of `count` customers takes beyond an empty process with the same libraries."""
    script = (
        "import sys, resource; from pathlib import Path; from dmgen.campaign import Overrides, load_campaign;"
        "from dmgen.audience import load_audience;"
        "campaign = load_campaign(Path(sys.argv[1]), Overrides(customers=Path(sys.argv[2])));"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "audience = load_audience(campaign);"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)"
    )
    command = [sys.executable, "-c", script, str(CAMPAIGN), str(customers(folder, count))]
    return float(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout)


def lists(folder: Path) -> None:
    """`dmgen analyze` on a campaign that asks for everything: figures and page included."""
    generator = SHARED / "data" / "scale" / "gen_scale.py"
    if not generator.exists():
        print("lists     skipped: needs ../shared")
        return
    options = ["--customers", "1000000", "--orders", "5000000", "--dirty", "0.02", "--format", "csv,parquet"]
    subprocess.run(
        [sys.executable, str(generator), *options, "--out", str(folder)], check=True, stdout=subprocess.DEVNULL
    )
    shutil.copytree(HERE / "audience", folder, dirs_exist_ok=True)
    _extend(folder)
    for kind in ("parquet", "csv"):
        given = [str(folder / f"{name}.{kind}") for name in ("customers", "orders")]
        command = [sys.executable, "-m", "dmgen", "analyze", str(folder), "--customers", given[0], "--orders", given[1]]
        process = subprocess.Popen(
            [*command, "--out", str(folder / "page.html"), "--timings", "--lang", "en"], cwd=ROOT
        )
        begun = time.perf_counter()
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit("the lists cannot be read")
        wall, cpu, peak = time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024**2
        print(f"lists     1,000,000 customers, 5,000,000 orders, {kind}: {wall:.1f} s, CPU {cpu:.1f} s, {peak:.2f} GiB")


def parcels(folder: Path) -> None:
    people = 200_000
    write_day(folder, people)
    customers(folder, people).replace(folder / "customers.csv")
    measure(folder)


def _extend(folder: Path) -> None:
    """Give the orders products, and the campaign its other lists: products, e-mails sent, people to leave out."""
    random = np.random.default_rng(7)
    orders = pq.read_table(folder / "orders.parquet")
    sku = np.minimum(random.zipf(1.3, len(orders)), 300)
    orders = orders.append_column("sku", pa.array(np.char.add("S", sku.astype(str))))
    pq.write_table(orders, folder / "orders.parquet")
    pacsv.write_csv(orders, folder / "orders.csv")
    ids = pq.read_table(folder / "customers.parquet", columns=["customer_id"])["customer_id"]
    sent = np.datetime64("2026-01-01") + random.integers(0, 270, 3_000_000)
    opened = pa.array(sent, mask=random.random(len(sent)) < 0.7)
    who = ids.take(pa.array(random.integers(0, len(ids), len(sent))))
    channel = pa.array(["email"]).take(pa.array(np.zeros(len(sent), np.int8)))
    contacts = {"customer": who, "channel": channel, "sent_at": pa.array(sent), "opened_at": opened}
    pq.write_table(pa.table(contacts), folder / "contacts.parquet")
    pacsv.write_csv(pa.table({"customer_id": ids[:: len(ids) // 5000]}), folder / "suppress.csv")
    products = "".join(f"S{n},品{n},{n % 7},{n + 1 if n % 9 == 0 else ''}\n" for n in range(1, 301))
    (folder / "products.csv").write_text("sku,name,category,stock\n" + products.replace(",\n", ",5\n"), "utf-8")


def peers(folder: Path) -> None:
    script = SHARED / "peers" / "run.py"
    if not script.exists():
        print("peers     skipped: needs ../shared")
        return
    sys.stdout.flush()
    copy = folder / "peers"
    shutil.copytree(script.parent, copy)
    subprocess.run([sys.executable, "run.py", "reportlab-expert", "reportlab-form"], cwd=copy, check=True)


def _list(values: list[float]) -> str:
    return " ".join(f"{value:.3f}" for value in values)


def main() -> None:
    wanted = sys.argv[1:] or ["letters", "vt1", "workers", "memory", "readback", "peers"]
    for section in wanted:
        if section not in SECTIONS:
            sys.exit(f"{section}: write some of {', '.join(SECTIONS)}")
        with tempfile.TemporaryDirectory() as folder:
            globals()[section](Path(folder))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
