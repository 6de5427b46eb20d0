"""Whose export a list is: presets, one file each in presets/, taken by name or known by their headers."""

import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from dmgen.audience.read.sheet import Source
from dmgen.errors import CampaignError, ListError
from dmgen.messages import mark
from dmgen.model.campaign import ColumnRule, ColumnType, Shop, Status

GENERIC = "generic"
# What says no, or forbids a letter, is looked for in every list, whoever exported it.
_ALWAYS = ("dm_opt_out", "dm_allowed", "mall")


class Kind(StrEnum):
    """What a list is a list of."""

    CUSTOMERS = "customers"
    ORDERS = "orders"
    SHIPMENTS = "shipments"


@dataclass(frozen=True, slots=True)
class Preset:
    """How one system exports one kind of list; presets/README.md says what each part means."""

    source: str
    kind: Kind
    signature: tuple[str, ...]
    absent: tuple[str, ...]
    repeated: tuple[str, ...]
    goods: frozenset[str]
    columns: dict[str, tuple[ColumnRule, ...]]
    statuses: dict[str, Status]

    @property
    def known(self) -> bool:
        """Whether it is the export of a system, and not anybody's."""
        return self.source != GENERIC

    def fits(self, header: Iterable[str]) -> bool:
        """Whether a list with this header is such an export."""
        there = {plain(name) for name in header}
        return not self.lacks(header) and not any(plain(name) in there for name in self.absent)

    def lacks(self, header: Iterable[str]) -> list[str]:
        """The headers of its signature that are not there."""
        there = {plain(name) for name in header}
        return [name for name in self.signature if plain(name) not in there]

    def rules(self, header: Iterable[str]) -> dict[str, ColumnRule]:
        """The rules that this header can follow, with the headers as the file writes them; own names need none."""
        written = {plain(name): name for name in reversed(tuple(header))}
        found = {}
        for name, choices in self.columns.items():
            if name in header:
                continue
            for rule in choices:
                if all(plain(source) in written for source in rule.sources):
                    sources = tuple(written[plain(source)] for source in rule.sources)
                    found[name] = ColumnRule(name, sources, rule.type, rule.default)
                    break
        return found


def plain(word: str) -> str:
    """A header or a status without regard to width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


def preset_of(source: Source, kind: Kind, shop: Shop) -> Preset:
    """Whose export a list is: the one that shop.toml names, else the one whose headers it has, else anybody's.

    Raises CampaignError for a source that there is not, ListError for a list that is not of the source named,
    or that is the other kind of list.
    """
    presets = [preset for preset in _presets() if preset.kind == kind]
    generic = _generic(kind)
    if shop.source:
        return _named(source, shop, [preset for preset in presets if preset.source == shop.source] or [generic])
    fitting = [preset for preset in presets if preset.known and preset.fits(source.header)]
    if not fitting and kind != Kind.SHIPMENTS:
        _refuse_other_kind(source, kind)
    return max(fitting, key=lambda preset: len(preset.signature), default=generic)


def rules_of(preset: Preset, header: tuple[str, ...]) -> dict[str, ColumnRule]:
    """The preset's rules for a list, and anybody's for what forbids a letter."""
    cautious = {name: rule for name, rule in _generic(preset.kind).rules(header).items() if name in _ALWAYS}
    return cautious | preset.rules(header)


def statuses_of(preset: Preset | None, shop: Shop) -> dict[str, Status]:
    """What the words of `status` mean: shop.toml's before the preset's before anybody's."""
    own = {plain(word): meaning for word, meaning in shop.statuses.items()}
    return _generic(Kind.ORDERS).statuses | (preset.statuses if preset else {}) | own


def _named(source: Source, shop: Shop, presets: list[Preset]) -> Preset:
    if shop.source not in sources():
        raise CampaignError(
            mark("{file}: there is no source {source}. Write one of: {sources}; or leave the line out."),
            file=shop.file,
            source=shop.source,
            sources=", ".join(sources()),
        )
    fitting = [preset for preset in presets if preset.fits(source.header)]
    if not fitting:
        nearest = min(presets, key=lambda preset: len(preset.lacks(source.header)))
        raise ListError(
            mark(
                "{file}: this is not an export of {source}, as {shop} says: it lacks {missing}. It has: {found}. "
                "Export it again with these columns, or take `source` out of {shop}."
            ),
            file=source.path,
            source=shop.source,
            shop=shop.file,
            missing=", ".join(nearest.lacks(source.header) or nearest.absent),
            found=", ".join(source.header),
        )
    return max(fitting, key=lambda preset: len(preset.signature))


def _refuse_other_kind(source: Source, kind: Kind) -> None:
    other = next((p for p in _presets() if p.known and p.kind != kind and p.fits(source.header)), None)
    if other is None:
        return
    if other.kind == Kind.SHIPMENTS:
        message = mark(
            "{file}: this is a list of parcels, as {source} writes it. Write it under [lists] as shipments = …, or "
            "give it with --shipments."
        )
    elif kind == Kind.CUSTOMERS:
        message = mark(
            "{file}: this is a list of orders, as {source} exports it. Write it under [lists] as orders = …; "
            "without customers = … its buyers are the customers."
        )
    else:
        message = mark("{file}: this is a list of customers, as {source} exports it, not of orders. Correct [lists].")
    raise ListError(message, file=source.path, source=other.source)


def _generic(kind: Kind) -> Preset:
    return next(preset for preset in _presets() if preset.source == GENERIC and preset.kind == kind)


def sources() -> tuple[str, ...]:
    """The names for `source` in shop.toml, which says where customers and orders come from."""
    return tuple(sorted({preset.source for preset in _presets() if preset.kind != Kind.SHIPMENTS}))


@cache
def _presets() -> tuple[Preset, ...]:
    folder = Path(__file__).with_name("presets")
    return tuple(_preset(tomllib.loads(file.read_text("utf-8"))) for file in sorted(folder.glob("*.toml")))


def _preset(table: dict[str, Any]) -> Preset:
    words = table.get("statuses", {})
    return Preset(
        table["source"],
        Kind(table["kind"]),
        tuple(table.get("signature", ())),
        tuple(table.get("absent", ())),
        tuple(table.get("repeated", ())),
        frozenset(plain(word) for word in table.get("goods", ())),
        {name: _choices(name, written) for name, written in table["columns"].items()},
        {plain(word): Status(meaning) for meaning, listed in words.items() for word in listed},
    )


def _choices(name: str, written: str | list[str] | dict[str, Any]) -> tuple[ColumnRule, ...]:
    if not isinstance(written, dict):
        return (ColumnRule(name, _sources(written)),)
    choices = written.get("any", [written.get("from", [])])
    kind = ColumnType(written["type"]) if "type" in written else None
    return tuple(ColumnRule(name, _sources(choice), kind, written.get("default")) for choice in choices)


def _sources(written: str | list[str]) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else tuple(written)
