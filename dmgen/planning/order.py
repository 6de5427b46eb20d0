"""The order in which the post wants letters: by postal district, then postal code, then as listed."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from math import ceil

from dmgen.audience import Audience, postal_districts
from dmgen.errors import CampaignError
from dmgen.fulfil import Letter, SortedLot
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Segment
from dmgen.model.layout import Layout
from dmgen.model.posting import Sorting

OTHERS = "others"
"""The district of letters whose code is in none: they come last."""
_DIGITS = 7
_POST = "post"


def is_sorted(campaign: Campaign) -> bool:
    """Whether letters are printed in the order of the post."""
    return campaign.mail is not None and campaign.mail.sort is not Sorting.NONE


def sorted_lots(campaign: Campaign, audience: Audience) -> list[SortedLot]:
    """The letters in print order, as outcomes stand now; a lot for all segments whose pages can lie in one file.

    Codes rise within a district. Between districts they may fall: the code 010-0901 is of the district 010, and
    010-0401 is of 010-04, which comes after it.
    """
    lots = []
    for name, segments in _alike(campaign):
        listed = [(segment.id, position, code) for segment in segments for position, code in _codes(audience, segment)]
        district = districts_of(campaign, {code for *_, code in listed})
        in_order = sorted(district, key=lambda code: (district[code], code))
        rank = {code: place for place, code in enumerate(in_order)}
        listed.sort(key=lambda one: rank[one[2]])  # stable: as listed
        letters = [Letter(segment, position, district[code]) for segment, position, code in listed]
        lots.append(SortedLot(name, segments, letters))
    return lots


def districts_of(campaign: Campaign, codes: Collection[str]) -> dict[str, str]:
    """The district of each code by the rules of [mail] sort, also of a campaign that does not sort."""
    digits = {code: _digits(code) for code in codes}
    if campaign.mail and campaign.mail.sort is Sorting.LISTED:
        listed = frozenset(campaign.mail.listed)
        return {code: _longest(listed, whole) for code, whole in digits.items()}
    by_digits = postal_districts({one for one in digits.values() if one}).by_digits
    return {code: by_digits[whole[:5]] if whole else OTHERS for code, whole in digits.items()}


def order_remarks(campaign: Campaign) -> Iterator[CampaignError]:
    """What a person should know of the order."""
    if campaign.mail and campaign.mail.sort is Sorting.DISTRICT and not postal_districts(()).month:
        yield CampaignError(
            mark(
                "letters are sorted by the first five digits of their postal codes: without Japan Post's data it is "
                "not known which districts of the post have three. No bundle holds letters of two districts, but there "
                'may be more bundles than districts. For the districts type: pip install "dmgen[postal]"'
            )
        )


def _alike(campaign: Campaign) -> list[tuple[str, tuple[Segment, ...]]]:
    """Segments whose letters can lie in one file, with the name of their lot.

    Pages must be of one size, printed on as many sides, and lie on the same pre-printed paper if there is any. Letters
    must have as many sheets, folded alike: the post counts those of one form and weight by themselves.
    """
    found: defaultdict[tuple[object, ...], list[Segment]] = defaultdict(list)
    for segment in campaign.segments:
        layout = campaign.layouts[segment.layout]
        shell = segment.id if campaign.printing.black_only else ""
        form = (layout.width, layout.height, layout.bleed, layout.sides, layout.folds, _sheets(layout))
        found[*form, shell].append(segment)
    names = _names([campaign.layouts[segments[0].layout] for segments in found.values()])
    return [(name, tuple(segments)) for name, segments in zip(names, found.values(), strict=True)]


def _sheets(layout: Layout) -> int | None:
    """The sheets of a letter; None where that is as its pages' conditions hold."""
    return None if any(page.when for page in layout.pages) else ceil(len(layout.pages) / layout.sides)


def _names(layouts: Sequence[Layout]) -> Iterator[str]:
    """The name of each lot: their size tells several apart, and a number those of one size."""
    if len(layouts) == 1:
        yield _POST
        return
    used: Counter[str] = Counter()
    for layout in layouts:
        size = f"{_POST}-{layout.width:g}x{layout.height:g}"
        used[size] += 1
        yield size if used[size] == 1 else f"{size}-{used[size]}"


def _codes(audience: Audience, segment: Segment) -> Iterator[tuple[int, str]]:
    """Where each letter of a segment stands, and its postal code, as listed."""
    positions = audience.open_positions(segment.id)
    rows = audience.stream(positions, ("postal_code",))
    return zip(positions.tolist(), (str(row["postal_code"]) for row in rows), strict=True)


def _digits(code: str) -> str:
    """The digits of a postal code; none where it is not one of seven."""
    digits = code.replace("-", "")
    return digits if len(digits) == _DIGITS and digits.isascii() and digits.isdecimal() else ""


def _longest(listed: frozenset[str], digits: str) -> str:
    """The longest of the post office's numbers that a code begins with."""
    return next((digits[:end] for end in range(len(digits), 2, -1) if digits[:end] in listed), OTHERS)
