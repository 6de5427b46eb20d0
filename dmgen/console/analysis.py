"""The figures of an audience on a terminal."""

from dmgen.messages import Speaker, mark
from dmgen.report import tables
from dmgen.tasks.analyze import Analyzed
from dmgen.terminal import filled_table, terminal


def show_analysis(analyzed: Analyzed, speaker: Speaker) -> None:
    """Every table with its title and how it is counted, then what is missing and why."""
    console, say = terminal(), speaker.say
    for found in tables(analyzed.analysis, speaker):
        shown = filled_table(found.headings, found.rows, found.texts)
        shown.title, shown.title_justify = found.title, "left"
        shown.caption, shown.caption_justify = found.note, "left"
        console.print(shown)
        console.print()
    for reason in analyzed.analysis.left_out:
        console.print(say(mark("Not shown: {reason}"), reason=speaker.error(reason)))
    for remark in analyzed.remarks:
        console.print(say(mark("Look at this: {remark}"), remark=speaker.error(remark)))
