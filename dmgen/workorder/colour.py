"""Inks of each side, as print shops say them: 4/1 is four colours on the front, one on the back."""

from collections.abc import Iterator, Sequence

from dmgen.messages import Speaker, mark
from dmgen.pdf import PROCESS
from dmgen.workorder.order import LETTERS, SHELL, WorkOrder
from dmgen.workorder.sides import Inked
from dmgen.workorder.words import SHEETS, UNKNOWN, clipped

_MOST_LINES = 4
_NAMES = 60  # characters


def colour_facts(order: WorkOrder, speaker: Speaker) -> Iterator[tuple[str, str]]:
    """Inks and output condition, a label and a value each."""
    say = speaker.say
    yield from _inks(order, speaker)
    first = order.colours[0]
    profile = say(mark("{condition} (profile “{profile}”, in the files)"), **first._asdict())
    yield say(mark("Standard")), order.standard
    yield say(mark("Output condition")), profile if first.profile else first.condition or say(UNKNOWN)
    embedded = all(colour.fonts_embedded for colour in order.colours)
    yield say(mark("Fonts")), say(mark("all embedded")) if embedded else say(mark("NOT all embedded"))
    yield say(mark("Overprint")), say(mark("black text and codes (K100) overprint, as set in the files"))


def _inks(order: WorkOrder, speaker: Speaker) -> Iterator[tuple[str, str]]:
    say = speaker.say
    spots = sorted({spot for colour in order.colours for spot in colour.spots})
    for kind, title in ((LETTERS, mark("Inks")), (SHELL, mark("Inks of the preprinted paper"))):
        told = [one for one in order.inks if (one.kind == SHELL) == (kind == SHELL)]
        yield from ((say(title), line) for line in _lines(told, speaker))
    if not order.inks:
        yield say(mark("Inks")), say(UNKNOWN)
    yield say(mark("Spot inks")), clipped("、".join(spots)) or say(mark("none"))
    if order.inks:
        yield say(mark("Total ink")), _total(order.inks, speaker)
        yield say(mark("Pages by ink")), _pages(order.inks, speaker)


def _lines(inks: Sequence[Inked], speaker: Speaker) -> Iterator[str]:
    """A line for all that is inked alike; whose it is is said where there are several."""
    alike: dict[str, list[Inked]] = {}
    for one in inks:
        alike.setdefault(notation(one, speaker), []).append(one)
    for place, (told, those) in enumerate(alike.items()):
        if place == _MOST_LINES - 1 and len(alike) > _MOST_LINES:
            more = mark("{count} kinds more: see work-order.json")
            yield speaker.say(more, count=len(alike) - place)
            return
        names = clipped("、".join(_name(one, speaker) for one in those), _NAMES)
        yield f"{told}: {names}" if len(alike) > 1 else told


def notation(one: Inked, speaker: Speaker) -> str:
    """The number of inks a side, and which they are."""
    blank = speaker.say(mark("blank"))
    front, back = (_side(names) or blank for names in (one.front, one.back))
    if one.front == one.back:
        alike = mark("{count}/{count} ({inks} / {inks})")
        return speaker.say(alike, count=len(one.front), inks=front)
    if not one.back:
        single = mark("{count}/0 ({inks} / blank)")
        return speaker.say(single, count=len(one.front), inks=front)
    both = mark("{front}/{back} ({front_inks} / {back_inks})")
    return speaker.say(both, front=len(one.front), back=len(one.back), front_inks=front, back_inks=back)


def _side(names: Sequence[str]) -> str:
    """Process inks run together, spot inks by name."""
    process = "".join(name for name in names if name in PROCESS)
    return " + ".join(filter(None, (process, *(clipped(name, 30) for name in names if name not in PROCESS))))


def _name(one: Inked, speaker: Speaker) -> str:
    if one.kind in SHEETS:
        return speaker.say(SHEETS[one.kind])
    return one.label or one.segment or one.campaign


def _total(inks: Sequence[Inked], speaker: Speaker) -> str:
    most = max(one.total_ink for one in inks)
    if any(one.at_least for one in inks):
        more = mark("{percent} % or more: transparency or overprinted colours may add to it")
        return speaker.say(more, percent=most)
    return speaker.say(mark("at most {percent} %, without black that overprints"), percent=most)


def _pages(inks: Sequence[Inked], speaker: Speaker) -> str:
    """Clicks of a digital press."""
    colour, black, blank = (
        sum(getattr(one, f"{kind}_pages") for one in inks if one.kind != SHELL) for kind in ("colour", "black", "blank")
    )
    told = mark("{colour:,} in colour, {black:,} black only, {blank:,} blank")
    return speaker.say(told, colour=colour, black=black, blank=blank)
