"""A made-up day of a warehouse: who ordered what, which parcels leave in which wave, and what changes meanwhile."""

import csv
import io
import random
from collections import Counter
from dataclasses import dataclass, field, replace

CUSTOMERS = "customer_id,name,postal_code,prefecture,city,street,dm_opt_out"
ORDERS = "order_id,customer_id,ordered_on,amount,status"
SHIPMENTS = ("shipment_id", "order_ids", "wave", "position", "ship_on", "tracking", "gift", "kind")
DAY = "2026-04-06"
WAVES = ("朝一", "午前", "午後")


@dataclass(frozen=True)
class Box:
    """A parcel as the warehouse lists it."""

    shipment_id: str
    orders: tuple[str, ...]
    wave: str
    gift: bool = False
    kind: str = ""

    @property
    def tracking(self) -> str:
        return f"4012{self.shipment_id[1:]:0>8}"


@dataclass
class Day:
    """1,000 parcels, listed wave by wave; `buyers` says whose each order is ("": of nobody in the list)."""

    buyers: dict[str, str] = field(default_factory=dict)
    boxes: list[Box] = field(default_factory=list)
    merged: list[tuple[str, str]] = field(default_factory=list)  # this parcel goes into that one
    split: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    opted_out: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)  # customers whose sheet the press crumpled

    def customers(self) -> str:
        """The list of customers: everybody who bought, and fifty who did not."""
        known = sorted({who for who in self.buyers.values() if who} | {f"K9{n:03d}" for n in range(50)})
        rows = (f"{who},客 {who},100-0001,東京都,千代田区千代田,{int(who[1:])}-1,0" for who in known)
        return "\n".join((CUSTOMERS, *rows)) + "\n"

    def orders(self) -> str:
        """Today's orders, still open, and an earlier one of every third customer."""
        today = (f"{order},{who or 'K7777'},{DAY},3000,open" for order, who in self.buyers.items())
        earlier = (f"E{who},{who},2026-01-10,4000,completed" for who in self.regulars)
        return "\n".join((ORDERS, *today, *earlier)) + "\n"

    @property
    def regulars(self) -> list[str]:
        """Customers who bought before today."""
        return [who for who in sorted(set(self.buyers.values())) if who and int(who[1:]) % 3 == 0]

    def customer_of(self, box: Box) -> str:
        """Whose parcel it is, by its orders alone."""
        (who,) = {self.buyers[order] for order in box.orders}
        return who

    def takes_a_letter(self, box: Box) -> bool:
        """Whether a personal letter may go in."""
        return bool(self.customer_of(box)) and not box.gift and not box.kind

    def after(self) -> list[Box]:
        """The parcels as they leave: merged, split, cancelled."""
        into = dict(self.merged)
        extra: dict[str, list[str]] = {}
        by_id = {box.shipment_id: box for box in self.boxes}
        for gone, kept in self.merged:
            extra.setdefault(kept, []).extend(by_id[gone].orders)
        left: list[Box] = []
        late: list[Box] = []
        for number, box in enumerate(box for box in self.boxes if box.shipment_id not in {*into, *self.cancelled}):
            if box.shipment_id not in self.split:
                left.append(replace(box, orders=(*box.orders, *extra.get(box.shipment_id, ()))))
                continue
            first, second = (replace(box, orders=(order,)) for order in box.orders)
            new = f"{box.shipment_id}x"
            if number % 2:  # the part with a new number leaves first
                left += [replace(second, shipment_id=new), first]
            else:
                left.append(first)
                late.append(replace(second, shipment_id=new, wave=WAVES[-1]))
        return sorted([*left, *late], key=lambda box: WAVES.index(box.wave))


def listed(boxes: list[Box]) -> str:
    """The shipments list of these parcels, in packing order."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(SHIPMENTS)
    position: Counter[str] = Counter()
    for box in boxes:
        position[box.wave] += 1
        told = (DAY, box.tracking, int(box.gift), box.kind)
        writer.writerow((box.shipment_id, ";".join(box.orders), box.wave, position[box.wave], *told))
    return out.getvalue()


def made_up(seed: int = 6) -> Day:
    """The day of the rehearsal: 3 waves, 1,000 parcels; 40 will be merged, 15 split, 12 cancelled; 5 opt out."""
    chance = random.Random(seed)
    day = Day()
    kinds = ["twin"] * 40 + ["two"] * 15 + ["gift"] * 6 + ["replacement"] * 4 + ["nobody"] * 5 + ["one"] * 890
    chance.shuffle(kinds)
    pairs: list[tuple[str, str]] = []
    for number, kind in enumerate(kinds, 1):
        who = "" if kind == "nobody" else f"K{number:04d}"
        orders = [f"N{number:05d}-{part}" for part in range(1, 3 if kind in ("twin", "two") else 2)]
        day.buyers.update(dict.fromkeys(orders, who))
        if kind == "twin":
            pairs.append((f"S{number}a", f"S{number}b"))
            for shipment, order in zip(pairs[-1], orders, strict=True):
                day.boxes.append(Box(shipment, (order,), chance.choice(WAVES)))
        else:
            told = Box(f"S{number}", tuple(orders), chance.choice(WAVES))
            day.boxes.append(replace(told, gift=kind == "gift", kind="交換" if kind == "replacement" else ""))
            if kind == "two":
                day.split.append(told.shipment_id)
    chance.shuffle(day.boxes)
    day.boxes.sort(key=lambda box: WAVES.index(box.wave))
    day.merged = [pair if number % 2 else pair[::-1] for number, pair in enumerate(pairs)]
    alone = [
        box for box in day.boxes if len(box.orders) == 1 and box.shipment_id[1:].isdigit() and day.takes_a_letter(box)
    ]
    chosen = chance.sample(alone, 26)
    day.cancelled = [box.shipment_id for box in chosen[:12]]
    day.opted_out = [day.customer_of(box) for box in chosen[12:17]]
    day.damaged = [day.customer_of(box) for box in chosen[17:]]
    return day
