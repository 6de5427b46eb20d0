"""What people see of a package: what is in it, its digest to be told by telephone, and what is wrong with it."""

from dmgen.messages import Speaker, mark
from dmgen.package import Checked
from dmgen.tasks.package import WHOM, For, Packaged

_SHOWN = 50


def show_packaged(made: Packaged, speaker: Speaker) -> None:
    """What is to be looked at, what was made, the digest, and the place, on stdout."""
    say = speaker.say
    for remark in made.remarks:
        print(say(mark("Look at this: {remark}"), remark=speaker.error(remark)))
    if made.made:
        told = mark("package of {job} for the {whom}: {files:,} files, {size:,.1f} MB")
    else:
        told = mark("the same package of {job} for the {whom} is there already ({files:,} files, {size:,.1f} MB)")
    print(say(told, job=made.job, whom=say(WHOM[made.recipient]), files=made.files, size=made.size / 1e6))
    if made.encrypted:
        print(say(mark("encrypted (AES-256); the names of its files can be read. Tell the password another way.")))
    print(say(mark("sha256 of package.json, to be told by telephone: {sha256}"), sha256=made.sha256))
    print(made.place)


def show_checked(checked: Checked, speaker: Speaker) -> None:
    """What the package says it is, what is wrong with it, and its digest, on stdout."""
    say = speaker.say
    if checked.head:
        told = mark("package of {job} for the {whom}: {files:,} files, {size:,.1f} MB")
        whom = checked.head.get("for")
        known = say(WHOM[For(whom)]) if whom in set(For) else _word(checked, "for")
        print(say(told, job=_word(checked, "job"), whom=known, files=checked.files, size=checked.size / 1e6))
    if checked.head and not checked.released:
        print(say(mark("NOT RELEASED: nothing of this package may be printed or sent")))
    for one in checked.findings[:_SHOWN]:
        print(speaker.error(one.why))
    if len(checked.findings) > _SHOWN:
        print(say(mark("  … and {count} more"), count=f"{len(checked.findings) - _SHOWN:,}"))
    if checked.sha256:
        print(say(mark("sha256 of package.json: {sha256}"), sha256=checked.sha256))
    if checked.ok:
        print(say(mark("all files are there, as they were sent")))
    else:
        print(say(mark("findings: {count}. Do not use this package; ask for it again."), count=len(checked.findings)))


def _word(checked: Checked, name: str) -> str:
    """A word of package.json, which may be anybody's."""
    told = str(checked.head.get(name, ""))[:80]
    return "".join(char if char.isprintable() else "?" for char in told)
