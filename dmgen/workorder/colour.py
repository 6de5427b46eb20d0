"""Inks of each side, as print shops say them: 4/1 is four colours on the front, one on the back."""

from collections.abc import Iterator, Sequence

from dmgen.messages import Speaker, mark
from dmgen.papers import Column, Table
from dmgen.pdf import PROCESS
from dmgen.workorder.order import SHELL, WorkOrder
from dmgen.workorder.sides import Inked
from dmgen.workorder.words import SHEETS, UNKNOWN, clipped

_NAMES, _SPOT = 24, 16  # characters
_ROOMY, _CROWDED = 4, 2  # rows; beside a table of sizes


def colour_facts(order: WorkOrder, speaker: Speaker) -> Iterator[tuple[str, str]]:
    """Inks and output condition, a label and a value each; inks of several kinds of sheets are a table's."""
    say = speaker.say
    if not ink_table(order, speaker):
        yield from _inks(order, speaker)
    spots = sorted({spot for colour in order.colours for spot in colour.spots})
    if spots or not order.inks:  # otherwise the inks say it themselves
        yield say(mark("Spot inks")), clipped("、".join(spots), _NAMES) or say(mark("none"))
    first = order.colours[0]
    profile = say(mark("{condition} (profile “{profile}”, in the files)"), **first._asdict())
    yield say(mark("Standard")), order.standard
    yield say(mark("Output condition")), profile if first.profile else first.condition or say(UNKNOWN)
    embedded = all(colour.fonts_embedded for colour in order.colours)
    yield say(mark("Fonts")), say(mark("all embedded")) if embedded else say(mark("NOT all embedded"))
    yield say(mark("Overprint")), say(mark("black text and codes (K100) overprint, as set in the files"))


def _inks(order: WorkOrder, speaker: Speaker) -> Iterator[tuple[str, str]]:
    say = speaker.say
    for one in _alike(order.inks, speaker).values():
        title = mark("Inks of the preprinted paper") if one[0].kind == SHELL else mark("Inks")
        yield say(title), notation(one[0], speaker)
    if not order.inks:
        yield say(mark("Inks")), say(UNKNOWN)
        return
    yield say(mark("Total ink")), _total(order.inks, speaker)
    yield say(mark("Pages by ink")), _pages([one for one in order.inks if one.kind != SHELL], speaker)


def ink_table(order: WorkOrder, speaker: Speaker) -> list[Table]:
    """A row for all sheets that are inked alike, where there are several; letters first."""
    say = speaker.say
    rows = list(_alike(order.inks, speaker).items())
    if len({shell for (shell, _), _ in rows}) == len(rows):
        return []
    columns = (
        Column(say(mark("Inks")), 0.3),
        Column(say(mark("Sheets of")), 0.27),
        Column(say(mark("Total ink")), 0.13),
        Column(say(mark("Pages by ink")), 0.3),
    )
    rows.sort(key=lambda row: all(one.kind in SHEETS for one in row[1]))
    most = _ROOMY if len(order.media) == 1 else _CROWDED
    shown = len(rows) if len(rows) <= most else most - 1
    cells = [_cells(told, those, speaker) for (_, told), those in rows[:shown]]
    if rest := [one for _, those in rows[shown:] for one in those]:
        more = mark("{count} kinds more: see work-order.json")
        cells.append(_cells(say(more, count=len(rows) - shown), rest, speaker))
    return [Table(columns, cells, heading=say(mark("Inks of each side")), dense=True)]


def _cells(told: str, those: Sequence[Inked], speaker: Speaker) -> list[str]:
    names = clipped("、".join(_name(one, speaker) for one in those), _NAMES)
    total = mark("{percent} % or more") if any(one.at_least for one in those) else mark("at most {percent} %")
    return [told, names, speaker.say(total, percent=max(one.total_ink for one in those)), _pages(those, speaker)]


def _alike(inks: Sequence[Inked], speaker: Speaker) -> dict[tuple[bool, str], list[Inked]]:
    """Sheets by whether they are preprinted, and how they are inked."""
    alike: dict[tuple[bool, str], list[Inked]] = {}
    for one in inks:
        alike.setdefault((one.kind == SHELL, notation(one, speaker)), []).append(one)
    return alike


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
    return " + ".join(filter(None, (process, *(clipped(name, _SPOT) for name in names if name not in PROCESS))))


def _name(one: Inked, speaker: Speaker) -> str:
    if one.kind in SHEETS:
        return speaker.say(SHEETS[one.kind])
    name = one.label or one.segment or one.campaign
    return speaker.say(mark("{segment} (preprinted)"), segment=name) if one.kind == SHELL else name


def _total(inks: Sequence[Inked], speaker: Speaker) -> str:
    most = max(one.total_ink for one in inks)
    if any(one.at_least for one in inks):
        more = mark("{percent} % or more: transparency or overprinted colours may add to it")
        return speaker.say(more, percent=most)
    return speaker.say(mark("at most {percent} %, without black that overprints"), percent=most)


def _pages(inks: Sequence[Inked], speaker: Speaker) -> str:
    """Clicks of a digital press."""
    colour, black, blank = (sum(getattr(one, f"{kind}_pages") for one in inks) for kind in ("colour", "black", "blank"))
    told = mark("{colour:,} in colour, {black:,} black only, {blank:,} blank")
    return speaker.say(told, colour=colour, black=black, blank=blank)
