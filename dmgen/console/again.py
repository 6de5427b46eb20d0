"""What people see of pieces that were printed again or made void."""

from dmgen.messages import Speaker, mark
from dmgen.tasks.reprint import Reprinted

_SHOWN = 20


def show_reprinted(made: Reprinted, speaker: Speaker) -> None:
    """How many pieces, those not for the first time, what to look at, and the folder, on stdout."""
    say = speaker.say
    told = mark("pieces printed again: {pieces} (pages: {pages}, files: {files}); the same codes, nothing issued")
    print(say(told, pieces=f"{made.pieces:,}", pages=f"{made.pages:,}", files=made.files))
    for piece, times in list(made.again.items())[:_SHOWN]:
        print(say(mark("  {piece}: the {times}. reprint; destroy the earlier sheets"), piece=piece, times=times))
    if len(made.again) > _SHOWN:
        print(say(mark("  … and {count} more"), count=f"{len(made.again) - _SHOWN:,}"))
    for remark in made.remarks:
        print(say(mark("Look at this: {remark}"), remark=speaker.error(remark)))
    print(made.folder)
