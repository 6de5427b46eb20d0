"""[parcels]: letters that go into parcels, and the piece for parcels whose customer nobody knows."""

from dmgen.campaign.problems import RefusalError, did_you_mean, listed, problem
from dmgen.campaign.schema_campaign import CampaignTable, FallbackTable
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.audience import Lists
from dmgen.model.campaign import PARCEL_CHANNELS, Segment
from dmgen.model.parcel import ParcelRules
from dmgen.toml import Keys, TomlFile

FALLBACK = "fallback"


def read_parcels(file: TomlFile, table: CampaignTable, segments: dict[Keys, Segment], lists: Lists) -> ParcelRules:
    """What [parcels] says; the piece for nobody known becomes the last of `segments`.

    Raises CampaignError, also for a list of shipments where the channel is no parcel, and for one with decoys.
    """
    written = table.parcels
    if lists.shipments and table.channel not in PARCEL_CHANNELS:
        if "channel" not in table.model_fields_set:
            message = mark(
                "{file}: these letters are posted, no shipments decide about them. For letters that go into parcels "
                'write channel = "insert_note" (names, no offers) or channel = "insert_open" (offers, no names)'
            )
            raise CampaignError(message, file=file.path)
        message = mark("a list of shipments needs a channel that goes into parcels; allowed: {channels}")
        raise problem(file, ("channel",), RefusalError(message, channels=listed(PARCEL_CHANNELS)))
    if lists.shipments and lists.seeds:
        message = mark("decoys have no parcel: leave seeds out of a campaign whose letters go into parcels")
        raise problem(file, ("lists", "seeds"), RefusalError(message))
    if lists.shipments and table.print.variables == "black only":
        message = mark(
            "separator and slip sheets cannot be printed on paper that has the letter on it already: print all of it "
            "(take this line out) for a campaign whose letters go into parcels"
        )
        raise problem(file, ("print", "variables"), RefusalError(message))
    if written.fallback:
        keys: Keys = ("parcels", FALLBACK)
        if any(segment.name == FALLBACK for segment in segments.values()):
            message = mark('the piece for nobody known is called "fallback": give the segment of that id another')
            raise problem(file, keys, RefusalError(message))
        segments[keys] = _fallback(file, keys, written.fallback, table)
    ids = [segment.name for segment in segments.values()]
    for name in written.skus:
        if name not in ids:
            message = mark("there is no such segment{near}; the segments are: {segments}")
            refusal = RefusalError(message, near=did_you_mean(name, ids), segments=listed(ids))
            raise problem(file, ("parcels", "skus", name), refusal)
    return ParcelRules(
        gaps=written.gaps,
        delivery=written.delivery,
        carrier=written.carrier,
        fallback=FALLBACK if written.fallback else "",
        skus=dict(written.skus),
    )


def _fallback(file: TomlFile, keys: Keys, written: FallbackTable, table: CampaignTable) -> Segment:
    if written.offer is not None and written.offer not in table.offers:
        message = mark("there is no such offer{near}; the offers are: {offers}")
        refusal = RefusalError(message, near=did_you_mean(written.offer, table.offers), offers=listed(table.offers))
        raise problem(file, (*keys, "offer"), refusal)
    return Segment(FALLBACK, written.label or FALLBACK, written.layout, offer=written.offer, tickets=0, fallback=True)
