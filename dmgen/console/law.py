"""What a campaign gives away, before the law, on a terminal."""

from dmgen.law.letters import Holds, Severity
from dmgen.law.premiums import Measured
from dmgen.law.rules import Kind
from dmgen.messages import Speaker, mark
from dmgen.planning.lawful import LawReport
from dmgen.planning.letters import LetterReport, told
from dmgen.terminal import new_table, terminal

_KINDS = {
    Kind.GENERAL: mark("one shop's lottery"),
    Kind.JOINT: mark("joint lottery"),
    Kind.OPEN: mark("open lottery"),
    Kind.GIFT: mark("gift with a purchase"),
    Kind.PRICE_CUT: mark("price cut"),
}
_SUMS = {
    "lottery": mark("the most that one number can win"),
    "lottery.total": mark("all prizes"),
}
_SEVERITIES = {Severity.FORBIDDEN: mark("may not"), Severity.GREY: mark("doubtful")}


def show_law(report: LawReport, speaker: Speaker) -> None:
    """A line a prize, gift and discount with its limit; nothing where a campaign has no lottery, gift or order form.

    Before it, what was found of letters that may not go into a parcel.
    """
    _show_letter(report.letter, speaker)
    if not report.shown:
        return
    console, say = terminal(), speaker.say
    if report.assessment.measured:
        headings = (
            mark("Given"),
            mark("Kind"),
            mark("Yen each"),
            mark("How many"),
            mark("Measured by"),
            mark("At most"),
        )
        table = new_table(*map(say, headings), numbers=range(2, 6))
        table.title, table.title_justify = say(mark("Premiums (景品表示法)")), "left"
        for row in report.assessment.measured:
            table.add_row(*_cells(row, speaker))
        console.print(table)
    if report.elsewhere:
        said = mark("The lottery is somebody else's (drawn = elsewhere, no prizes): what it gives was not measured.")
        console.print(say(said))
    if report.rules:
        said = mark("By the rules of {rules}. This is no legal advice: in doubt ask a lawyer.")
        console.print(say(said, rules=report.rules))
    else:
        said = mark("dmgen knows no premium rules of the shop's country. This is no legal advice: ask a lawyer.")
        console.print(say(said))


def _show_letter(report: LetterReport, speaker: Speaker) -> None:
    """What was found, a line a slot; of letters that go as mail nothing is said."""
    console, say = terminal(), speaker.say
    if report.holds is Holds.ANYTHING:
        return
    carrier = report.carrier.value if report.carrier else "?"
    if not report.findings:
        said = mark(
            "Letters (信書): nothing was found that {channel} may not hold (carrier {carrier}). This is a check and no "
            "legal advice."
        )
        console.print(say(said, channel=report.channel.value, carrier=carrier))
        return
    table = new_table(say(mark("Letters (信書)")), say(mark("Found")), numbers=range(0))
    for finding in report.findings:
        table.add_row(say(_SEVERITIES[finding.severity]), speaker.error(told(finding)))
    console.print(table)
    said = mark(
        "Found by {rule} for {channel} (carrier {carrier}); acknowledged: {why}. This is a check and no legal advice."
    )
    console.print(
        say(said, rule=report.rule, channel=report.channel.value, carrier=carrier, why=report.acknowledge or "-")
    )


def _cells(row: Measured, speaker: Speaker) -> tuple[str, ...]:
    say = speaker.say
    label = row.label or say(_SUMS[row.id])
    figures = (row.value, row.count, row.base)
    limit = say(mark("no limit")) if row.limit is None else f"{row.limit:,}"
    return label, say(_KINDS[row.kind]), *("-" if n is None else f"{n:,}" for n in figures), limit
