"""What job.json says of the whole job: where things stand, what its segments may be due, how its letters are piled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dmgen.model.parcel import Delivery, Gap
from dmgen.model.places import LayoutPlaces
from dmgen.readback.rows import Piece


class PrintedAs(NamedTuple):
    """What job.json says of a print file: its wave of parcels, or its lot of letters in the order of the post."""

    pieces: int
    pages: int
    sha256: str
    wave: str = ""
    post: str = ""


class Wave(NamedTuple):
    """What job.json says of a wave: how many parcels, pieces and slips, and its print files in packing order."""

    name: str
    parcels: int
    pieces: int
    slips: int
    files: tuple[str, ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Wave":
        """Raises LookupError, TypeError or ValueError for what dmgen has not written."""
        parcels, pieces, slips = (int(told[name]) for name in ("parcels", "pieces", "slips"))
        return cls(str(told["wave"]), parcels, pieces, slips, tuple(map(str, told["files"])))


@dataclass(frozen=True)
class Piled:
    """How letters that go into parcels are piled: `waves` and `counts` as job.json says them.

    In `turned` files the last sheet comes first. `fallback` is the segment whose pieces go to nobody known.
    """

    slips: bool
    turned: bool
    fallback: str
    waves: tuple[Wave, ...]
    counts: dict[str, int]

    @classmethod
    def of(cls, ticket: Mapping[str, Any]) -> "Piled | None":
        """None for letters that are posted."""
        rules = ticket["settings"].get("parcels")
        if not rules:
            return None
        return cls(
            slips=rules["gaps"] == Gap.SLIP,
            turned=rules["delivery"] == Delivery.FACE_UP,
            fallback=str(rules["fallback"]),
            waves=tuple(map(Wave.of, ticket["waves"])),
            counts={str(name): int(count) for name, count in ticket["counts"]["parcels"].items()},
        )

    def part(self, wave: str, file: str) -> tuple[str, str]:
        """Which of its wave's files this is, and of how many; nothing for a file that the wave does not have."""
        files = next((told.files for told in self.waves if told.name == wave), ())
        return (str(files.index(file) + 1), str(len(files))) if file in files else ("", "")


@dataclass(frozen=True)
class Master:
    """What job.json says of the whole job: where things stand, the offers by id, and what segments may be due.

    `sheets` are the layouts of the sheets that are no pieces, by kind.
    """

    layouts: dict[str, LayoutPlaces]
    offers: dict[str, dict[str, Any]]
    promised: dict[str, tuple[str, ...]]  # by segment the ids of its offer and that one's tiers
    tickets: dict[str, tuple[int, ...]]  # by segment, how many a piece may have
    names: dict[str, str]  # of segments that are tried in variants: as campaign.toml calls them
    country: str
    marker: str  # the AR marker of the job's letters, empty where they have none
    drop: str
    commitment: str = ""
    sealed: int | None = None  # so many tickets
    sheets: dict[str, LayoutPlaces] = field(default_factory=dict)
    piled: Piled | None = None
    listed: bool = False  # by which districts the letters are sorted, a post office said
    lists_no_barcode: bool = False  # whether warnings.csv names who has no customer barcode; older jobs are silent

    @classmethod
    def of(cls, ticket: Mapping[str, Any]) -> "Master":
        """Raises LookupError, TypeError or ValueError for what dmgen has not written."""
        settings, seal = ticket["settings"], ticket.get("lottery") or {}
        offers = {offer["id"]: offer for offer in settings["offers"]}
        return cls(
            layouts=_layouts(ticket["layouts"]),
            offers=offers,
            promised={s["id"]: _tiers(offers[s["offer"]]) if s["offer"] else () for s in settings["segments"]},
            tickets={s["id"]: _numbers(s["tickets"]) for s in settings["segments"]},
            names={s["id"]: str(s.get("name") or s["id"]) for s in settings["segments"]},
            country=str(settings["country"]),
            marker="" if settings.get("ar") is None else str(settings["ar"]),
            drop=str(ticket["drop"]),
            commitment=str(seal.get("commitment", "")),
            sealed=int(seal["tickets"]) if seal else None,
            sheets=_layouts(ticket.get("sheets", {})),
            piled=Piled.of(ticket),
            listed=bool((settings.get("mail") or {}).get("districts")),
            lists_no_barcode="no_barcode" in settings.get("policy", {}),
        )

    @property
    def turned(self) -> bool:
        """Whether print files begin with what lies at the end of the pile."""
        return self.piled is not None and self.piled.turned

    def offer_of(self, piece: Piece) -> dict[str, Any] | None:
        """The terms that a piece was promised, with its own dates; none where it was promised nothing."""
        offer = self.offers.get(piece.offer)
        if not (offer and offer.get("birthday")):
            return offer
        return offer | {"starts": piece.expires[:8] + "01", "expires": piece.expires}


def prints_of(ticket: Mapping[str, Any]) -> dict[str, PrintedAs]:
    """The print files by name. Raises LookupError, TypeError or ValueError for what dmgen has not written."""
    return {
        str(entry["file"]): PrintedAs(
            int(entry["pieces"]),
            int(entry["pages"]),
            ticket["files"].get(entry["file"]),
            str(entry.get("wave", "")),
            str(entry.get("post", "")),
        )
        for entry in ticket["print"]
    }


def _layouts(data: Mapping[str, Any]) -> dict[str, LayoutPlaces]:
    return {name: LayoutPlaces.from_json(places) for name, places in data.items()}


def _tiers(offer: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(offer["id"]), *(str(tier["id"]) for tier in offer.get("tiers", ())))


def _numbers(written: Any) -> tuple[int, ...]:
    return tuple(map(int, written)) if isinstance(written, list) else (int(written),)
