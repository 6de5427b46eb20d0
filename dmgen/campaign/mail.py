"""[mail]: how letters are handed to the post."""

from dmgen.campaign.districts import read_districts
from dmgen.campaign.files import existing
from dmgen.campaign.problems import RefusalError, problem
from dmgen.campaign.schema_campaign import CampaignTable, EnvelopeTable, MailTable
from dmgen.messages import mark
from dmgen.model.campaign import PARCEL_CHANNELS, Shop
from dmgen.model.posting import ENVELOPES, Discount, Enclosure, Envelope, MailRules, Payment, Sorting
from dmgen.toml import TomlFile

_BY_DISTRICT = (Discount.SORTED, Discount.ADVERTISING, Discount.LOCAL)  # given for letters in the order of districts


def read_mail(file: TomlFile, table: CampaignTable, shop: Shop) -> MailRules | None:
    """What [mail] says, and for what it leaves out the shop's; None without it. Raises CampaignError.

    Letters for which a discount by district is asked are sorted, unless `sort` says otherwise.
    """
    written = table.mail
    if written is None:
        return None
    if table.channel in PARCEL_CHANNELS:
        message = mark('letters that go into parcels are not posted: take [mail] out, or write channel = "mail"')
        raise problem(file, ("mail",), RefusalError(message))
    wanted = tuple(dict.fromkeys(written.discounts))
    sort = written.sort or (Sorting.DISTRICT if set(wanted) & set(_BY_DISTRICT) else Sorting.NONE)
    if sort is Sorting.NONE and (unsorted := next((one for one in wanted if one in _BY_DISTRICT), None)):
        message = mark('the discount "{discount}" is for sorted letters: sort = "district" or "listed"')
        raise problem(file, ("mail", "sort"), RefusalError(message, discount=unsorted))
    if (written.districts is None) is (sort is Sorting.LISTED):
        message = mark('districts = "FILE.csv" is the list of the post office for sort = "listed": write both or none')
        raise problem(file, ("mail", "sort"), RefusalError(message))
    listed = existing(file, ("mail", "districts"), written.districts) if written.districts else None
    return MailRules(
        payment=written.payment or shop.mail.payment or Payment.BETSUNO,
        post_office=written.post_office or shop.mail.post_office,
        envelope=_envelope(written),
        enclosures=tuple(Enclosure(one.label, one.weight, one.thickness) for one in written.enclosures),
        mail_class=written.mail_class,
        discounts=wanted,
        slack=written.slack,
        sort=sort,
        districts=listed,
        listed=read_districts(listed) if listed else (),
        regional_office=written.regional_office,
        printed=tuple(written.printed),
    )


def _envelope(written: MailTable) -> Envelope | None:
    match written.envelope:
        case EnvelopeTable() as own:
            return Envelope(own.name, min(own.size), max(own.size), own.weight, own.thickness)
        case str() as key:
            return ENVELOPES[key]
    return None
