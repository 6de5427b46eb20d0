"""`dmgen lists`: the campaign's [contact_lists] as files for e-mail, SMS, advertising and the telephone."""

from dataclasses import dataclass
from pathlib import Path

from dmgen.afterwards import past
from dmgen.audience import load_audience
from dmgen.campaign import Overrides, load_campaign
from dmgen.errors import CampaignError, DmgenError
from dmgen.fulfil import explained, write_table
from dmgen.messages import mark
from dmgen.model.audience import ContactChannel, ContactList


@dataclass(frozen=True)
class Made:
    """A list that was written: its file, how many people it holds, and by reason how many it leaves out."""

    id: str
    channel: ContactChannel
    file: Path
    people: int
    left_out: dict[str, int]


@dataclass(frozen=True)
class Lists:
    """The lists of a campaign, of so many customers read, and what is to be said of how the files were read."""

    folder: Path
    customers: int
    made: tuple[Made, ...]
    remarks: tuple[DmgenError, ...]


def write_lists(folder: Path, overrides: Overrides, out: Path | None) -> Lists:
    """Write every list of the campaign in `folder`; nothing is issued, and nothing appears if one of them fails.

    Raises CampaignError where the campaign has none, ListError where a list may not be made.
    """
    campaign = load_campaign(folder, overrides)
    wanted = campaign.choice.contact_lists
    if not wanted:
        raise CampaignError(
            mark(
                "{file}: there are no lists to write. Write for example: [contact_lists] and below it "
                'calls = {{ channel = "call", when = "letter_days >= 14 and not ordered_since_letter" }}'
            ),
            file=folder / "campaign.toml",
        )
    audience = load_audience(campaign, past(campaign))
    place = out or Path("output") / campaign.id / f"lists-{campaign.drop}"
    found = [(one, audience.people_to_reach(campaign, one)) for one in wanted]
    made = [Made(one.id, one.channel, place / f"{one.id}.csv", people.count, people.left_out) for one, people in found]
    with explained(place):
        place.mkdir(parents=True, exist_ok=True)
        for one, (_, people) in zip(made, found, strict=True):
            rows = zip(*(cells.to_pylist() for cells in people.columns.values()), strict=True)
            write_table(_partial(one.file), tuple(people.columns), rows)
        for one in made:
            _partial(one.file).replace(one.file)
    remarks = [_unasked(one) for one, people in found if not people.asked and one.channel is not ContactChannel.CALL]
    return Lists(place, audience.customers_read, tuple(made), (*audience.remarks, *remarks))


def _unasked(wanted: ContactList) -> DmgenError:
    return CampaignError(
        mark(
            '{list}: no column says who agreed to be reached by {channel}; it holds everybody, since opt_out = "none '
            'recorded" under [lists].'
        ),
        list=wanted.id,
        channel=wanted.channel.value,
    )


def _partial(file: Path) -> Path:
    return file.with_name(f".{file.name}.partial")
