"""The kit of a job: fonts, pictures, masters by segment and all that the press draws from, made once by the parent."""

import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import dmgen
from dmgen.audience import Audience, Positions
from dmgen.campaign import content_remarks
from dmgen.campaign.markers import small_markers
from dmgen.errors import CampaignError, DmgenError
from dmgen.fonts import FontLibrary, load_fonts, vertical_key
from dmgen.layout import (
    NUMBER_NAMES,
    OFFER_CELLS,
    SEALED,
    Compiler,
    Master,
    Materials,
    build_master,
    offer_record,
)
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Segment, Shop
from dmgen.model.layout import Artwork, Direction, Layout, QrSlot, Spot, Style
from dmgen.model.offer import CodeSource
from dmgen.model.printing import SHIPPED_CONDITION
from dmgen.model.production import Link, Numbers, Record, Row
from dmgen.offers import coupon, link, lottery
from dmgen.offers.entitlement import Due, Entitlement
from dmgen.offers.lottery_words import COMMITMENT_LENGTH, HEXADECIMAL, lottery_words
from dmgen.offers.pool import read_pool
from dmgen.pdf import Rules
from dmgen.planning.dues import tally
from dmgen.planning.fallback import refuse_personal_words
from dmgen.planning.pictures import picture_files
from dmgen.planning.sheets import sheet_layouts, sheet_masters
from dmgen.press import Graft, Intent, Names, PictureFile, PressKit, build_form, load_artwork, read_intent
from dmgen.produce import Kit
from dmgen.symbols import QrSeries, qr_size


def build_kit(campaign: Campaign, audience: Audience, folder: Path) -> tuple[Kit, list[DmgenError]]:
    """The kit, and what a person should look at before it prints."""
    used = {segment.layout for segment in campaign.segments}
    between = sheet_layouts(campaign)
    layouts = [*(campaign.layouts[name] for name in used), *between.values()]
    fonts = load_fonts(_font_keys(layouts), campaign.shop.fonts)
    pictures = picture_files(campaign, audience, folder)
    known = _known_names(campaign, audience)
    artworks = _artworks(campaign)
    materials = Materials(
        fonts=fonts,
        pictures=pictures.sizes,
        series={},
        known=known,
        country=campaign.shop.country,
        policies=campaign.policies,
        artworks=artworks,
        black_only=campaign.printing.black_only,
        marker=campaign.ar.marker if campaign.ar else 0,
    )
    masters, series = {}, _series(campaign)
    for number, segment in enumerate(campaign.segments):
        layout, constants = campaign.layouts[segment.layout], _constants(campaign, segment)
        own = replace(materials, series=series[segment.id])
        master = build_master(layout, Compiler(layout, own, constants, f"{number}."), constants)
        if segment.fallback:
            refuse_personal_words(layout, master)
        master = master.sealed(_widest(fonts, HEXADECIMAL) * COMMITMENT_LENGTH)
        masters[segment.id] = replace(master, names=master.names | Entitlement.of(campaign, segment).names)
    unused = link.unused(campaign, {name for master in masters.values() for name in master.links})
    remarks = [*_other_condition(campaign, pictures=bool(pictures.files)), *pictures.remarks, *unused]
    remarks += small_markers(campaign.layouts.values())
    remarks += content_remarks(campaign.ar)
    intent = read_intent(campaign.printing)
    rules = Rules(campaign.printing.standard.is_x1a, intent.profile)
    grafts = {form: load_artwork(artwork, folder / form, rules) for artwork, form in artworks.items()}
    sheets = sheet_masters(campaign, between, materials)
    drawn = [*masters.values(), *sheets.values()]
    return Kit(masters, _press_kit(campaign, intent, fonts, drawn, pictures.files, grafts), sheets), remarks


def _other_condition(campaign: Campaign, *, pictures: bool) -> Iterator[DmgenError]:
    condition, printers = campaign.printing.condition, campaign.shop.printer.condition
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
    campaign: Campaign,
    intent: Intent,
    fonts: FontLibrary,
    masters: list[Master],
    pictures: dict[str, PictureFile],
    grafts: dict[str, Graft],
) -> PressKit:
    forms = [*grafts, *(form for master in masters for form in master.forms)]
    names = Names(
        fonts={key: b"F%d" % number for number, key in enumerate(sorted(fonts))},
        forms={form: b"S%d" % number for number, form in enumerate(forms)},
        pictures={key: b"P%d" % number for number, key in enumerate(sorted(pictures))},
        inks={ink: b"C%d" % number for number, ink in enumerate(sorted(_inks(campaign)))},
    )
    drawn = {
        form: build_form(items, names, master.layout.width, master.layout.height, master.layout.bleed)
        for master in masters
        for form, items in master.forms.items()
    }
    title = f"{campaign.id} {campaign.drop}"
    producer = f"dmgen {dmgen.__version__}"
    return PressKit(fonts, {**drawn, **grafts}, pictures, names, title, campaign.as_of, producer, intent)


def _inks(campaign: Campaign) -> set[Spot]:
    return {ink for layout in campaign.layouts.values() for ink in layout.colors.values() if isinstance(ink, Spot)}


def _slots(layout: Layout) -> Iterator[Any]:
    for page in layout.pages:
        yield from page.slots


def _font_keys(layouts: Iterable[Layout]) -> set[str]:
    return {
        key_
        for layout in layouts
        for slot in _slots(layout)
        for key in ("style", "name_style", "code_style", "words_style")
        if isinstance(value := getattr(slot, key, None), Style)
        for key_ in _face_keys(value)
    }


def _face_keys(style: Style) -> tuple[str, ...]:
    keys = style.font, *style.fallback
    return (*keys, *map(vertical_key, keys)) if style.direction is Direction.VERTICAL else keys


def _artworks(campaign: Campaign) -> dict[Artwork, str]:
    """The designers' pages of this job, and the names of their forms."""
    layouts = [campaign.layouts[segment.layout] for segment in campaign.segments]
    pages = dict.fromkeys(page.artwork for layout in layouts for page in layout.pages if page.artwork)
    return {artwork: f"artwork{number}" for number, artwork in enumerate(pages)}


def _series(campaign: Campaign) -> dict[str, dict[str, QrSeries]]:
    """By segment, the QR series of each link that its layout shows and that there is an address for.

    A direct link names segment and offer, so series differ; in all of them the symbol of a link is equally large.
    """
    prefixes = {segment.id: _prefixes(campaign, segment) for segment in campaign.segments}
    room: dict[str, int] = {}
    for found in prefixes.values():
        for name, prefix in found.items():
            room[name] = max(room.get(name, 0), len(prefix) + link.LENGTH)
    for name, length in room.items():
        if not qr_size(length):
            raise CampaignError(
                mark("{file}: [links.{name}] makes an address of {length} characters, too long for any QR code"),
                file=campaign.folder / "campaign.toml",
                name=name,
                length=length,
            )
    build = cache(QrSeries.build)
    return {
        segment: {name: build(prefix, link.LENGTH, link.ALPHABET, room[name]) for name, prefix in found.items()}
        for segment, found in prefixes.items()
    }


def _prefixes(campaign: Campaign, segment: Segment) -> dict[str, str]:
    slots = _slots(campaign.layouts[segment.layout])
    names = sorted({slot.link for slot in slots if isinstance(slot, QrSlot)})
    found = {name: link.prefix(campaign, segment, name) for name in names}
    return {name: prefix for name, prefix in found.items() if prefix}


def _constants(campaign: Campaign, segment: Segment) -> dict[str, Any]:
    """Names in words that are the same for a whole segment; its offer only where it is."""
    entitled = Entitlement.of(campaign, segment)
    return {
        "shop": Record(shop_cells(campaign.shop)),
        **({"offer": offer_record(entitled.offer)} if entitled.has_one_offer else {}),
        "drop": campaign.drop,
        "as_of": campaign.as_of,
        "segment": segment.name,
        **_lottery(campaign),
    }


def _lottery(campaign: Campaign) -> dict[str, Record]:
    """What words may say of a lottery, where there is one; the commitment is still to come."""
    given = any(campaign.lottery.gives_tickets(segment.tickets) for segment in campaign.segments)
    if not given and not campaign.lottery.prizes:
        return {}
    return {"lottery": Record(dict(lottery_words(campaign.lottery, japanese=campaign.shop.country == "JP")))}


def shop_cells(shop: Shop) -> dict[str, Any]:
    """The shop's own words, `{{ shop.NAME }}` in letters."""
    return {"id": shop.id, "sender": shop.sender, "stop_contact": shop.stop_contact, **shop.about}


def _known_names(campaign: Campaign, audience: Audience) -> frozenset[str]:
    constants = {"shop", "offer", "drop", "as_of", "segment", *audience.records, *_lottery(campaign)}
    lottery = {f"lottery.{name}" for record in _lottery(campaign).values() for name in record.cells}
    lottery |= {SEALED} if lottery and campaign.lottery.is_ours else set()
    offer = {f"offer.{name}" for name in OFFER_CELLS}
    shop = {f"shop.{name}" for name in shop_cells(campaign.shop)}
    records = {f"{record}.{name}" for record, listed in audience.records.items() for name in listed.columns}
    return frozenset(audience.columns) | NUMBER_NAMES | constants | offer | shop | records | lottery


def _widest(fonts: FontLibrary, alphabet: str) -> str:
    """The character that takes most room in any of the fonts."""
    return max(alphabet, key=lambda char: max(face.advances.get(char, 0) for face in fonts.values()))


class Placeholders:
    """Numbers as wide as any that may be issued: made once for each thing that pieces of a segment may be due."""

    def __init__(self, campaign: Campaign, kit: Kit, entitled: dict[str, Entitlement]) -> None:
        self._campaign, self._kit, self._entitled = campaign, kit, entitled
        self._segments = {segment.id: segment for segment in campaign.segments}
        self._made: dict[tuple[str, Due], Numbers] = {}

    def of(self, segment: str, due: Due) -> Numbers:
        """Those of a piece that is due this."""
        if (segment, due) not in self._made:
            self._made[segment, due] = placeholder(self._campaign, self._kit, self._segments[segment], due)
        return self._made[segment, due]

    def of_rows(self, segment: str, rows: Sequence[Row]) -> list[Numbers]:
        """Those of each row; rows that are due the same share one object."""
        if same := self._entitled[segment].constant:
            return [self.of(segment, same)] * len(rows)
        dues = self._entitled[segment].dues(rows)
        widest = {id(due): self.of(segment, due) for due in {id(due): due for due in dues}.values()}
        return [widest[id(due)] for due in dues]

    def kinds(self, audience: Audience, segment: str) -> list[tuple[Numbers, Positions]]:
        """Those of a segment, each with the open pieces that it stands for."""
        found = tally(audience, segment, self._entitled[segment])
        return [(self.of(segment, due), positions) for due, positions in found.items()]


def placeholder(campaign: Campaign, kit: Kit, segment: Segment, due: Due) -> Numbers:
    """Numbers as wide as any that a piece of a segment may get that is due this."""
    master, widest = kit.masters[segment.id], partial(_widest, kit.press.fonts)
    offer = due.offer
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
    token, form = widest(link.ALPHABET) * link.LENGTH, campaign.lottery.form
    tickets = (lottery.widest(widest(string.digits), form),) * due.tickets
    return Numbers(
        piece_id=widest(coupon.ALPHABET) * 12,
        coupon=code,
        coupon_text=coupon.shown(code, offer),
        tickets=tickets,
        links={name: Link("", link.prefix(campaign, segment, name) + token) for name in master.links},
        ticket_texts=lottery.all_shown(tickets, form, japanese=campaign.shop.country == "JP"),
        offer=offer,
    )
