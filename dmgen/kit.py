"""The kit of a job: fonts, pictures, masters by segment and all that the press draws from, made once by the parent."""

import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dmgen
from dmgen.audience import Audience
from dmgen.campaign.markers import small_markers
from dmgen.errors import CampaignError, DmgenError
from dmgen.fonts import FontLibrary, load_fonts, vertical_key
from dmgen.layout import NUMBER_NAMES, Compiler, Master, Materials, build_master
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Segment, Shop
from dmgen.model.layout import Artwork, Direction, Layout, QrSlot, Spot, Style
from dmgen.model.offer import CodeSource
from dmgen.model.printing import SHIPPED_CONDITION
from dmgen.model.production import Link, Numbers, Record
from dmgen.offers import coupon, link, lottery
from dmgen.offers.pool import read_pool
from dmgen.pdf import Rules
from dmgen.pictures import picture_files
from dmgen.press import Graft, Intent, Names, PictureFile, PressKit, build_form, load_artwork, read_intent
from dmgen.produce import Kit
from dmgen.symbols import QrSeries

_OFFER_CELLS = ("id", "label", "amount", "minimum", "expires")  # what words may say of an offer


def build_kit(campaign: Campaign, audience: Audience, folder: Path) -> tuple[Kit, list[DmgenError]]:
    """The kit, and what a person should look at before it prints."""
    fonts = load_fonts(_font_keys(campaign), campaign.shop.fonts)
    pictures = picture_files(campaign, audience, folder)
    known = _known_names(campaign, audience)
    artworks = _artworks(campaign)
    materials = Materials(
        fonts=fonts,
        pictures=pictures.sizes,
        series=_series(campaign),
        known=known,
        country=campaign.shop.country,
        policies=campaign.policies,
        artworks=artworks,
        black_only=campaign.printing.black_only,
        marker=campaign.ar.marker if campaign.ar else 0,
    )
    masters = {}
    for number, segment in enumerate(campaign.segments):
        layout, constants = campaign.layouts[segment.layout], _constants(campaign, segment)
        masters[segment.id] = build_master(layout, Compiler(layout, materials, constants, f"{number}."), constants)
    remarks = [*_other_condition(campaign, pictures=bool(pictures.files)), *pictures.remarks]
    remarks += small_markers(campaign.layouts.values())
    intent = read_intent(campaign.printing)
    rules = Rules(campaign.printing.standard.is_x1a, intent.profile)
    grafts = {form: load_artwork(artwork, folder / form, rules) for artwork, form in artworks.items()}
    return Kit(masters, _press_kit(campaign, intent, fonts, masters, pictures.files, grafts)), remarks


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
    campaign: Campaign,
    intent: Intent,
    fonts: FontLibrary,
    masters: dict[str, Master],
    pictures: dict[str, PictureFile],
    grafts: dict[str, Graft],
) -> PressKit:
    forms = [*grafts, *(form for master in masters.values() for form in master.forms)]
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
    producer = f"dmgen {dmgen.__version__}"
    return PressKit(fonts, {**drawn, **grafts}, pictures, names, title, campaign.as_of, producer, intent)


def _inks(campaign: Campaign) -> set[Spot]:
    return {ink for layout in campaign.layouts.values() for ink in layout.colors.values() if isinstance(ink, Spot)}


def _slots(layout: Layout) -> Iterator[Any]:
    for page in layout.pages:
        yield from page.slots


def _font_keys(campaign: Campaign) -> set[str]:
    used = {segment.layout for segment in campaign.segments}
    return {
        key_
        for name in used
        for slot in _slots(campaign.layouts[name])
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
        "segment": segment.name,
    }


def _shop_cells(shop: Shop) -> dict[str, Any]:
    return {"id": shop.id, "sender": shop.sender, "stop_contact": shop.stop_contact, **shop.about}


def _known_names(campaign: Campaign, audience: Audience) -> frozenset[str]:
    constants = {"shop", "offer", "drop", "as_of", "segment", *audience.records}
    offer = {f"offer.{name}" for name in _OFFER_CELLS}
    shop = {f"shop.{name}" for name in _shop_cells(campaign.shop)}
    records = {f"{record}.{name}" for record, listed in audience.records.items() for name in listed.columns}
    return frozenset(audience.columns) | NUMBER_NAMES | constants | offer | shop | records


def placeholder(campaign: Campaign, kit: Kit, segment: Segment) -> Numbers:
    """Numbers as wide as any that this segment's pieces may get."""
    fonts, master = kit.press.fonts, kit.masters[segment.id]

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
    form = campaign.lottery.form
    tickets = (lottery.widest(widest(string.digits), form),) * segment.tickets
    return Numbers(
        piece_id=widest(coupon.ALPHABET) * 12,
        coupon=code,
        coupon_text=coupon.shown(code, offer),
        tickets=tickets,
        links={name: Link("", url) for name in master.links},
        ticket_texts=lottery.all_shown(tickets, form, japanese=campaign.shop.country == "JP"),
    )
