"""What is purged, on a terminal."""

import sys

from dmgen.errors import DmgenError
from dmgen.messages import Speaker, mark
from dmgen.tasks.purge import Prepared, Purged
from dmgen.tasks.purge_certificate import STATES

_UNKNOWN_SHOWN = 20


def show_prepared(ready: Prepared, speaker: Speaker) -> None:
    """What would go, and what to look at before it does, on stderr."""
    say, scope = speaker.say, ready.scope
    head = mark("job {job} ({campaign}, drop {drop}): {state}, {pieces:,} letters; its personal data is deleted")
    about = {"job": scope.job.id, "campaign": scope.job.campaign, "drop": scope.job.drop, "pieces": scope.job.pieces}
    _tell(say(head, state=say(STATES[scope.job.state.value]), **about))
    if ready.begun:
        _tell(say(mark("  it was begun and cut short: it goes on from there")))
    others = [one.id for one in scope.jobs if one.id != scope.job.id]
    if others:
        _tell(say(mark("  with it go: {jobs}"), jobs=", ".join(others)))
    for folder, held in ready.holds.items():
        size = sum(one.bytes for one in held.doomed)
        told = mark("  {folder}: {files:,} files ({size:,} bytes)")
        _tell(say(told, folder=folder, files=len(held.doomed), size=size))
        for name in held.unknown[:_UNKNOWN_SHOWN]:
            _tell(say(mark("    stays, as dmgen did not write it: {file}"), file=name))
    for remark in ready.remarks:
        _tell(say(mark("Look at this: {remark}"), remark=speaker.error(remark)))


def show_held(job: str, why: DmgenError, speaker: Speaker) -> None:
    """A job that is old enough and cannot go, on stderr."""
    _tell(speaker.say(mark("job {job} stays: {why}"), job=job, why=speaker.error(why)))


def show_purged(made: Purged, speaker: Speaker) -> None:
    """The certificate and its checksum, on stdout."""
    print(speaker.say(mark("job {job} is purged. The certificate, to be kept:"), job=made.job.id), file=sys.stderr)
    print(f"{made.digest}  {made.certificate}")


def _tell(words: str) -> None:
    print(words, file=sys.stderr)
