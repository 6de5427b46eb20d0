"""[lists], [audience] and what narrows an audience, as campaign.toml says them."""

from pathlib import Path

from dmgen.campaign.files import beside
from dmgen.campaign.problems import RefusalError, did_you_mean, listed, problem
from dmgen.campaign.schema_campaign import AudienceTable, CampaignTable, SegmentTable, VariantTable
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.audience import Choice, Contact, ContactList, CrossSell, Guard, Limits, Lists
from dmgen.model.campaign import Segment
from dmgen.model.history import CONTROL
from dmgen.model.scheme import Scheme
from dmgen.toml import Keys, TomlFile

_NO_VARIANT = VariantTable(id="a")


def read_lists(
    file: TomlFile, table: CampaignTable, customers: Path | None, orders: Path | None, shipments: Path | None
) -> Lists:
    """The lists as written; those of the command line before the file's."""
    written = table.lists

    def path(name: str | None) -> Path | None:
        return None if name is None else beside(file.path, name)

    return Lists(
        customers=customers or path(written.customers),
        orders=orders or path(written.orders),
        products=path(written.products),
        contacts=path(written.contacts),
        suppress=tuple(beside(file.path, name) for name in written.suppress),
        returned=path(written.returned),
        seeds=path(written.seeds),
        out_of_stock=path(written.out_of_stock),
        shipments=shipments or path(written.shipments),
        no_opt_out_recorded=written.opt_out is not None,
    )


def read_choice(file: TomlFile, table: CampaignTable) -> Choice:
    """What narrows the audience. Raises CampaignError."""
    limits = table.limits
    if limits.budget is not None and limits.cost is None:
        message = mark("a budget needs the cost of a piece beside it, for example: cost = 105")
        raise problem(file, ("limits", "budget"), RefusalError(message))
    return Choice(
        duplicates=table.audience.duplicates,
        malls=tuple(table.audience.malls),
        cross_sell=CrossSell(**dict(table.cross_sell)),
        contact=Contact(**dict(table.contact)),
        limits=Limits(limits.pieces, limits.budget, limits.cost, limits.priority or ""),
        guard=Guard(**dict(table.guard)),
        contact_lists=tuple(_contact_lists(file, table)),
    )


def _contact_lists(file: TomlFile, table: CampaignTable) -> list[ContactList]:
    segments = [segment.id for segment in table.audience.segments]
    lists = []
    for name, written in table.contact_lists.items():
        for index, segment in enumerate(written.segments):
            if segment not in segments:
                message = mark("there is no such segment{near}; the segments are: {segments}")
                refusal = RefusalError(message, near=did_you_mean(segment, segments), segments=listed(segments))
                raise problem(file, ("contact_lists", name, "segments", index), refusal)
        lists.append(ContactList(name, written.channel, tuple(written.segments), written.when))
    return lists


def read_segments(file: TomlFile, table: CampaignTable, scheme: Scheme) -> dict[Keys, Segment]:
    """The segments by the place where they are written, one a variant; one of everybody where there are none.

    Raises CampaignError.
    """
    audience = table.audience
    if not audience.segments:
        return {("audience",): _segment(file, ("audience",), _everybody(file, audience), _NO_VARIANT, table)}
    for key in audience.model_fields_set & {"layout", "offer"}:
        message = mark("each of the segments says its own {key}; take this line away")
        raise problem(file, ("audience", key), RefusalError(message, key=key))
    segments: dict[Keys, Segment] = {}
    for index, written in enumerate(audience.segments):
        at: Keys = ("audience", "segments", index)
        _check_group(file, at, written, scheme)
        _check_variants(file, at, written)
        for place, variant in enumerate(written.variants):
            keys = (*at, "variants", place)
            _add(file, segments, keys, _segment(file, keys, written, variant, table))
        if not written.variants:
            _add(file, segments, at, _segment(file, at, written, _NO_VARIANT, table))
    return segments


def _add(file: TomlFile, segments: dict[Keys, Segment], keys: Keys, segment: Segment) -> None:
    if segment.id in [earlier.id for earlier in segments.values()]:
        message = mark("an earlier segment has this id; each needs its own")
        raise problem(file, (*keys, "id"), RefusalError(message))
    segments[keys] = segment


def _check_group(file: TomlFile, keys: Keys, written: SegmentTable, scheme: Scheme) -> None:
    if written.group is not None and written.group not in scheme.group_ids:
        message = mark('the scheme "{scheme}" has no such group{near}; it has: {groups}')
        near, known = did_you_mean(written.group, scheme.group_ids), listed(scheme.group_ids)
        refusal = RefusalError(message, scheme=scheme.name, near=near, groups=known)
        raise problem(file, (*keys, "group"), refusal)


def _check_variants(file: TomlFile, keys: Keys, written: SegmentTable) -> None:
    ids = [variant.id for variant in written.variants]
    if len(ids) == 1 or len(set(ids)) < len(ids):
        message = mark("write at least two variants, each with an id of its own, or none")
        raise problem(file, (*keys, "variants"), RefusalError(message))
    if CONTROL in ids:
        message = mark("this is what the group without a letter is called; give the variant another id")
        raise problem(file, (*keys, "variants", ids.index(CONTROL), "id"), RefusalError(message))


def _everybody(file: TomlFile, audience: AudienceTable) -> SegmentTable:
    if audience.layout is None:
        message = mark(
            '{file}: no segments and no layout; for one letter to everybody write under [audience]: layout = "letter"'
        )
        raise CampaignError(message, file=file.path)
    return SegmentTable(id="all", label="全員", layout=audience.layout, offer=audience.offer)


def _segment(file: TomlFile, keys: Keys, written: SegmentTable, variant: VariantTable, table: CampaignTable) -> Segment:
    tried = variant is not _NO_VARIANT
    offer, layout = variant.offer or written.offer, variant.layout or written.layout
    if offer is not None and offer not in table.offers:
        message = mark("there is no such offer{near}; the offers are: {offers}")
        near = did_you_mean(offer, table.offers)
        refusal = RefusalError(message, near=near, offers=listed(table.offers))
        raise problem(file, (*keys, "offer"), refusal)
    if layout is None:
        message = mark('the segment has no layout; write for example: layout = "letter"')
        raise problem(file, (*keys, "layout"), RefusalError(message))
    return Segment(
        id=f"{written.id}-{variant.id}" if tried else written.id,
        label=written.label or written.id,
        layout=layout,
        group=written.group,
        when=written.when,
        offer=offer,
        tickets=written.tickets,
        control=written.control or 0,
        variant=variant.id if tried else "",
        of=written.id if tried else "",
        mall_safe=written.mall_safe,
    )
