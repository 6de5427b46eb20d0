"""What people see on a terminal of coupon codes: what one is worth, what became of them, what a cart gets."""

from datetime import date

from dmgen.ledger import Fate, Told
from dmgen.messages import Speaker, mark
from dmgen.offers.coupon import in_fours
from dmgen.tasks.offers_check import Answer, State
from dmgen.tasks.offers_export import Exported
from dmgen.tasks.offers_fates import Used, Voided

_STATES = {
    State.VALID: mark("{code} is valid: {label}, until {expires}"),
    State.EARLY: mark("{code} does not hold yet: {label}, from {starts} until {expires}"),
    State.ISSUED: mark("{code} was issued and sent; its job's folder, which says until when it holds, is not there"),
    State.EXPIRED: mark("{code} has expired: {label}, until {expires}"),
    State.NOT_SENT: mark("{code} was issued, but its letters were not sent"),
    State.VOID: mark("{code} is void since {day}: {why}"),
    State.USED: mark("{code} was used on {day}, so it is worth nothing more: {label}"),
    State.UNKNOWN: mark("{code} is not one of this shop's codes, though it could be"),
    State.MISTYPED: mark("{code} cannot be a code: it is mistyped"),
}


def show_answer(answer: Answer, speaker: Speaker) -> None:
    """What a code is worth, where it comes from, and what may have been meant, on stdout."""
    say, promise = speaker.say, answer.promise
    label, starts, expires = (promise.label, promise.starts, promise.expires) if promise else ("", "", "")
    fates = promise.fates if promise else {}
    void, used = fates.get(Fate.VOID), fates.get(Fate.USED)
    told = void or used or Told(date.min, "")
    said = {"label": label or "-", "starts": starts, "expires": expires, "day": told.day, "why": told.why or "-"}
    print(say(_STATES[answer.state], code=answer.typed, **said))
    if void and used:
        print(say(mark("  yet it was used on {day}: find out where it was taken"), day=used.day))
    if promise:
        drop, sent = promise.coupon.drop, promise.sent_on
        origin = mark("  campaign {campaign}, offer {offer}, drop {drop}, sent: {sent}")
        where = {"campaign": drop.campaign, "offer": promise.coupon.offer, "drop": drop.drop, "sent": sent or "-"}
        print(say(origin, **where))
        if promise.purged_on:
            print(say(mark("  its job was purged on {day}: whose it is is not known any more"), day=promise.purged_on))
    for slip in answer.near:
        near = mark("  near: {code} (at place {place}: “{typed}” for “{right}”)")
        print(say(near, code=in_fours(slip.code), place=slip.place, typed=slip.typed, right=slip.right))


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
