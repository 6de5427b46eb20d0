"""The outcome of several campaigns over one batch: each campaign's own, then the pile."""

from dmgen.console.law import show_law
from dmgen.console.summary import show_summary
from dmgen.messages import Speaker, mark
from dmgen.reasons import explain_reason
from dmgen.terminal import new_table, terminal
from dmgen.together.run import Joint

_EMPTY = "empty."


def show_joint(joint: Joint, speaker: Speaker) -> None:
    """What becomes of each campaign's customers, then of the parcels of the batch."""
    console, say = terminal(), speaker.say
    for summary in joint.summaries:
        console.rule(f"{summary.campaign.shop.id} {summary.campaign.id}", align="left", style="")
        show_summary(summary, speaker)
        show_law(summary.law, speaker)
    parcels = new_table(say(mark("In the parcel lies")), say(mark("Parcels")))
    for what, number in joint.parcels.items():
        said = what
        if what.startswith(_EMPTY):
            said = say(mark("nothing: {reason}"), reason=explain_reason(what.removeprefix(_EMPTY), speaker))
        parcels.add_row(said, f"{number:,}")
    parcels.add_row(say(mark("All")), f"{sum(joint.parcels.values()):,}")
    console.print(parcels)
    for remark in joint.remarks:
        console.print(say(mark("Look at this: {remark}"), remark=speaker.error(remark)))
    if joint.folder:
        files = say(mark("One pile of {files} print files: {folder}"), files=joint.files, folder=joint.folder)
        console.print(files)
        console.print(say(mark("Print the files of the pile, not those of the jobs: they are the same letters.")))
