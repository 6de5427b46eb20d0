"""What people see on a terminal of codes that became void or used, and of what was made for a cart."""

from dmgen.messages import Speaker, mark
from dmgen.tasks.offers_export import Exported
from dmgen.tasks.offers_fates import Used, Voided

_LINES_SHOWN = 100

_KINDS = {
    "coupon": mark("coupons"),
    "ticket": mark("lottery numbers"),
    "link": mark("links"),
}


def show_voided(voided: Voided, speaker: Speaker) -> None:
    """How many codes are void now, and which are not, on stdout."""
    say = speaker.say
    kinds = ", ".join(f"{say(_KINDS[kind])} {number:,}" for kind, number in sorted(voided.new.items()))
    print(say(mark("void now: {kinds}; void before: {known}"), kinds=kinds or "0", known=f"{voided.known:,}"))
    for code in voided.used:
        print(say(mark("  {code} was used already and stays so: its worth is spent"), code=code))
    for code in voided.shared:
        print(say(mark("  {code} is the code of everybody in its drop: nobody can use it now"), code=code))


def show_used(used: Used, speaker: Speaker) -> None:
    """What became of each code of a file of redemptions, on stdout."""
    say = speaker.say
    numbers = mark(
        "codes: {codes}; recorded now: {recorded}, known before: {known}, void: {void}, unknown: {unknown}, "
        "shared by everybody: {shared}"
    )
    counts = {"codes": used.codes, "recorded": used.recorded, "known": used.known, "shared": used.shared}
    counts |= {"void": len(used.void), "unknown": len(used.unknown)}
    print(say(numbers, **{name: f"{number:,}" for name, number in counts.items()}))
    for line, code in used.void[:_LINES_SHOWN]:
        print(say(mark("  line {line}: {code} is void, yet it was taken; find out where"), line=line, code=code))
    if used.unknown:
        lines = ", ".join(map(str, used.unknown[:_LINES_SHOWN])) + (", …" if len(used.unknown) > _LINES_SHOWN else "")
        print(say(mark("  not codes of this shop, in lines: {lines}"), lines=lines))


def show_exported(exported: Exported, speaker: Speaker) -> None:
    """The codes by offer and last day, those left out and why, and the folder, on stdout."""
    say = speaker.say
    for name, count in exported.taken.items():
        print(say(mark("{offer}: {count} codes to take in"), offer=name, count=f"{count:,}"))
    for name, count in exported.withdrawn.items():
        print(say(mark("{offer}: {count} codes to take out"), offer=name, count=f"{count:,}"))
    for left in exported.not_taken:
        told = mark("{offer}: {count} codes NOT handed over. {reason}")
        print(say(told, offer=left.offer, count=f"{left.codes:,}", reason=speaker.error(left.reason)))
    counts = {"codes": exported.codes, "void": exported.void, "used": exported.used, "kept": exported.kept}
    told = mark("codes of the job: {codes}; void: {void}, used: {used}, printed by another job of the drop: {kept}")
    print(say(told, **{name: f"{count:,}" for name, count in counts.items()}))
    print(exported.folder)
