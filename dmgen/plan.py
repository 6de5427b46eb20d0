"""What will be printed: lists and layouts brought together, and every piece fitted before any number is issued."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dmgen
from dmgen.audience import Audience, load_audience
from dmgen.errors import CampaignError, DmgenError
from dmgen.fonts import FontLibrary, load_fonts
from dmgen.fulfil import ROW_COLUMNS, explained
from dmgen.layout import NUMBER_NAMES, Compiler, Master, Materials, build_master
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Segment, Shop
from dmgen.model.layout import Layout, QrSlot, Spot, Style
from dmgen.model.offer import CodeSource
from dmgen.model.printing import SHIPPED_CONDITION
from dmgen.model.production import Link, Numbers, Record
from dmgen.model.recipient import Outcome
from dmgen.offers import coupon, link
from dmgen.offers.lottery import check_ticket_space
from dmgen.offers.pool import read_pool
from dmgen.pictures import low_resolutions, picture_uses
from dmgen.press import Names, PictureFile, PressKit, build_form, convert_picture, picture_size, read_intent
from dmgen.produce import Fitting, Kit, fit
from dmgen.symbols import QrSeries
from dmgen.workshop import Workshop

Progress = Callable[[str, int, int], None]
FIT = "fit"
"""The stage at which a letter is found not to fit."""
_FIT_CHUNK = 2000
_OFFER_CELLS = ("id", "label", "amount", "minimum", "expires")  # what words may say of an offer
_WORTH_WORKERS = 5000  # customers: below, starting processes takes longer than printing


@dataclass
class Plan:
    """A campaign ready to be issued: whose letters fit, and the kit to print them with."""

    campaign: Campaign
    audience: Audience
    kit: Kit
    workshop: Workshop[Kit]
    placeholders: dict[str, Numbers] = field(default_factory=dict)
    warnings: list[DmgenError] = field(default_factory=list)

    def counts(self) -> list[int]:
        """Pieces of each segment, in the campaign's order."""
        return [len(self.audience.open_positions(segment.id)) for segment in self.campaign.segments]


@contextmanager
def planned(campaign: Campaign, workers: int | None, limit: int | None, progress: Progress) -> Iterator[Plan]:
    """The plan of a campaign. Raises CampaignError and ListError for what its files get wrong."""
    progress("lists", 0, 1)
    audience = load_audience(campaign)
    progress("lists", 1, 1)
    with tempfile.TemporaryDirectory(prefix="dmgen-") as folder:
        with explained(Path(folder)):
            kit, warnings = _kit(campaign, audience, Path(folder))
        with Workshop(kit, workers or _workers(audience.customers_read)) as workshop:
            plan = Plan(campaign, audience, kit, workshop, warnings=warnings)
            plan.placeholders = {segment.id: _placeholder(plan, segment) for segment in campaign.segments}
            _fit(plan, progress)
            _limit(plan, limit)
            _check_tickets(plan)
            yield plan


def _workers(customers: int) -> int:
    return 1 if customers < _WORTH_WORKERS else os.cpu_count() or 1


def _fit(plan: Plan, progress: Progress) -> None:
    """Give every piece that cannot be set its outcome."""
    audience = plan.audience
    chunks = [
        (segment.id, positions[start : start + _FIT_CHUNK])
        for segment in plan.campaign.segments
        for positions in [audience.open_positions(segment.id)]
        for start in range(0, len(positions), _FIT_CHUNK)
    ]
    names = {segment: columns_of(plan.kit.masters[segment]) for segment in plan.placeholders}
    jobs = (
        Fitting(segment, audience.rows(chunk, names[segment]), plan.placeholders[segment]) for segment, chunk in chunks
    )
    progress("fit", 0, len(chunks))
    for done, ((_, chunk), misfits) in enumerate(zip(chunks, plan.workshop.each(fit, jobs), strict=True), 1):
        for misfit in misfits:
            audience.settle(
                chunk[misfit.place : misfit.place + 1],
                Outcome.REJECTED,
                FIT,
                misfit.reason,
                misfit.slot,
                [misfit.value],
            )
        progress("fit", done, len(chunks))


def _limit(plan: Plan, limit: int | None) -> None:
    """Keep the first `limit` pieces in print order."""
    if limit is None:
        return
    for segment in plan.campaign.segments:
        positions = plan.audience.open_positions(segment.id)
        plan.audience.settle(positions[limit:], Outcome.OVER_LIMIT, "select", "over_limit")
        limit -= min(limit, len(positions))


def _check_tickets(plan: Plan) -> None:
    tickets = [segment.tickets * count for segment, count in zip(plan.campaign.segments, plan.counts(), strict=True)]
    check_ticket_space(sum(tickets), plan.campaign.ticket_digits)


def columns_of(master: Master) -> frozenset[str]:
    """Columns that a piece of this master needs: its words' and the manifest's."""
    return master.names | ROW_COLUMNS


def _kit(campaign: Campaign, audience: Audience, folder: Path) -> tuple[Kit, list[DmgenError]]:
    """The kit, and what a person should look at before it prints."""
    fonts = load_fonts(_font_keys(campaign), campaign.shop.fonts)
    uses = picture_uses(campaign, audience)
    files = {use.key: use.file for use in uses}
    sizes = {key: picture_size(path) for key, path in files.items()}
    warnings = [*_other_condition(campaign, pictures=bool(files)), *low_resolutions(uses, sizes)]
    known = _known_names(campaign, audience)
    materials = Materials(
        fonts=fonts,
        pictures=sizes,
        series=_series(campaign),
        known=known,
        country=campaign.shop.country,
        black_only=campaign.printing.black_only,
    )
    masters = {}
    for number, segment in enumerate(campaign.segments):
        layout, constants = campaign.layouts[segment.layout], _constants(campaign, segment)
        masters[segment.id] = build_master(layout, Compiler(layout, materials, constants, f"{number}."), constants)
    pictures = {
        key: convert_picture(path, folder / str(number), campaign.printing.conversion)
        for number, (key, path) in enumerate(sorted(files.items()))
    }
    return Kit(masters, _press_kit(campaign, fonts, masters, pictures)), warnings


def _other_condition(campaign: Campaign, *, pictures: bool) -> Iterator[DmgenError]:
    condition, printers = campaign.printing.condition, campaign.shop.printer_condition
    if printers and printers != condition:
        message = mark(
            "the files are made for the printing condition {condition}, the printer of {shop} prints {printers}: "
            "write condition and profile under [print] in {file}"
        )
        file = campaign.folder / "campaign.toml"
        yield CampaignError(message, condition=condition, printers=printers, shop=campaign.shop.file, file=file)
    if pictures and not campaign.printing.profile:
        message = mark(
            "colour pictures are converted for {shipped}, because there is no profile of {condition}: "
            "write profile under [print], or convert them to CMYK beforehand"
        )
        yield CampaignError(message, shipped=SHIPPED_CONDITION, condition=condition)


def _press_kit(
    campaign: Campaign, fonts: FontLibrary, masters: dict[str, Master], pictures: dict[str, PictureFile]
) -> PressKit:
    forms = [form for master in masters.values() for form in master.forms]
    names = Names(
        fonts={key: b"F%d" % number for number, key in enumerate(sorted(fonts))},
        forms={form: b"S%d" % number for number, form in enumerate(forms)},
        pictures={key: b"P%d" % number for number, key in enumerate(sorted(pictures))},
        inks={ink: b"C%d" % number for number, ink in enumerate(sorted(_inks(campaign)))},
    )
    drawn = {
        form: build_form(items, names, master.layout.width, master.layout.height, master.layout.bleed)
        for master in masters.values()
        for form, items in master.forms.items()
    }
    title = f"{campaign.id} {campaign.drop}"
    intent, producer = read_intent(campaign.printing), f"dmgen {dmgen.__version__}"
    return PressKit(fonts, drawn, pictures, names, title, campaign.as_of, producer, intent)


def _inks(campaign: Campaign) -> set[Spot]:
    return {ink for layout in campaign.layouts.values() for ink in layout.colors.values() if isinstance(ink, Spot)}


def _slots(layout: Layout) -> Iterator[Any]:
    for page in layout.pages:
        yield from page.slots


def _font_keys(campaign: Campaign) -> set[str]:
    used = {segment.layout for segment in campaign.segments}
    return {
        value.font
        for name in used
        for slot in _slots(campaign.layouts[name])
        for key in ("style", "name_style", "code_style", "words_style")
        if isinstance(value := getattr(slot, key, None), Style)
    }


def _series(campaign: Campaign) -> dict[str, QrSeries]:
    """The QR series of each link that some layout shows; none where the shop has no links."""
    if not campaign.shop.links:
        return {}
    prefix = link.url(campaign.shop.links, "")
    names = {slot.link for layout in campaign.layouts.values() for slot in _slots(layout) if isinstance(slot, QrSlot)}
    series = QrSeries.build(prefix, link.LENGTH, link.ALPHABET) if names else None
    return {name: series for name in names if series}


def _constants(campaign: Campaign, segment: Segment) -> dict[str, Any]:
    """Names in words that are the same for a whole segment."""
    offer = campaign.offers.get(segment.offer or "")
    return {
        "shop": Record(_shop_cells(campaign.shop)),
        "offer": Record({name: getattr(offer, name) for name in _OFFER_CELLS} if offer else {}),
        "drop": campaign.drop,
        "as_of": campaign.as_of,
        "segment": segment.id,
    }


def _shop_cells(shop: Shop) -> dict[str, Any]:
    return {"id": shop.id, "sender": shop.sender, "stop_contact": shop.stop_contact, **shop.about}


def _known_names(campaign: Campaign, audience: Audience) -> frozenset[str]:
    constants = {"shop", "offer", "drop", "as_of", "segment", "product"}
    offer = {f"offer.{name}" for name in _OFFER_CELLS}
    shop = {f"shop.{name}" for name in _shop_cells(campaign.shop)}
    columns = audience.product_columns if campaign.lists.products else ("*",)
    product = {f"product.{name}" for name in columns}
    return frozenset(audience.columns) | NUMBER_NAMES | constants | offer | shop | product


def _placeholder(plan: Plan, segment: Segment) -> Numbers:
    """Numbers as wide as any that this segment's pieces may get."""
    campaign, fonts = plan.campaign, plan.kit.press.fonts
    master = plan.kit.masters[segment.id]

    def widest(alphabet: str) -> str:
        return max(alphabet, key=lambda char: max(face.advances.get(char, 0) for face in fonts.values()))

    offer = campaign.offers.get(segment.offer or "")
    code = ""
    if offer and offer.codes is CodeSource.POOL:
        pool = read_pool(offer.pool) if offer.pool else []
        if not pool:
            raise CampaignError(
                mark("{file}: the pool of codes is empty. Write unused codes into it, one a line."), file=offer.pool
            )
        code = widest("".join(pool)) * max(map(len, pool))
    elif offer:
        code = widest(coupon.ALPHABET) * coupon.LENGTH
    url = link.url(campaign.shop.links, widest(link.ALPHABET) * link.LENGTH) if master.links else ""
    return Numbers(
        piece_id=widest(coupon.ALPHABET) * 12,
        coupon=code,
        coupon_text=coupon.shown(code, offer),
        tickets=("8" * campaign.ticket_digits,) * segment.tickets,
        links={name: Link("", url) for name in master.links},
    )
