"""What people see of pieces that were printed again or made void."""

from dmgen.console.offers import show_exported, show_voided
from dmgen.console.packing import show_pulls
from dmgen.messages import Speaker, mark
from dmgen.tasks.reprint import Reprinted
from dmgen.tasks.void_pieces import VoidedPieces

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


def show_void_pieces(made: VoidedPieces, speaker: Speaker) -> None:
    """How many pieces are void, what became of their codes and parcels, and the list for the shop, on stdout."""
    say = speaker.say
    told = mark("pieces void: {pieces} (before: {known}); parcels with nothing to pack now: {parcels}")
    print(say(told, pieces=f"{made.pieces:,}", known=f"{made.known:,}", parcels=f"{made.parcels:,}"))
    show_voided(made.codes, speaker)
    for code in made.shared:
        stays = mark(
            "  {code} is the code of everybody in its drop and stays good; to end it: dmgen offers void {code}"
        )
        print(say(stays, code=code))
    if made.cart:
        show_exported(made.cart, speaker)
    elif made.rows:
        print(say(mark("Take them out of the cart, too: dmgen offers export {job} --for CART"), job=made.job))
    show_pulls(made.pulls, speaker)
    for remark in made.remarks:
        print(say(mark("Look at this: {remark}"), remark=speaker.error(remark)))
    print(say(mark("all void codes of the job: {rows}"), rows=f"{made.rows:,}"))
    for file in (*made.lists, made.file):
        print(file)
