"""What the ledger knows of one piece, on a terminal."""

from dmgen.ledger import Fate, Fates
from dmgen.messages import Speaker, mark
from dmgen.tasks.history import Happening, History

_KINDS = {"coupon": mark("coupon"), "ticket": mark("lottery number"), "link": mark("link")}
_WORDS = {
    "job": mark("job {job} made"),
    "sent": mark("job {job} sent"),
    "packed": mark("planned into a parcel"),
    "moved": mark("moved to another parcel"),
    "pulled": mark("to be taken out of the pile"),
    "reprinted": mark("printed again, with the same codes"),
    "voided": mark("made void"),
    "withdrawn": mark("stopped: its customer wants no letters"),
    "refused": mark("scanned and refused"),
    "matched": mark("scanned into its parcel"),
    "unmatched": mark("match taken back"),
    "purged": mark("job {job} purged: who got it is forgotten"),
    "void": mark("code void"),
    "used": mark("code used"),
    "no_letters": mark("its customer wants no letters any more"),
}


def show_history(history: History, speaker: Speaker) -> None:
    """Whose piece it is, where it lies, what it was issued, then what happened, on stdout."""
    say, story = speaker.say, history.story
    head = mark("piece {piece}: shop {shop}, campaign {campaign}, drop {drop}, customer {customer}")
    values = {"shop": story.key.shop, "campaign": story.key.campaign, "drop": story.key.drop}
    whose = say(mark("forgotten (purged)")) if story.is_nobodys else story.recipient or "-"
    print(say(head, piece=story.piece_id, customer=whose, **values))
    for job in story.jobs:
        told = mark("  job {job}: {state}, sent: {sent}, folder {folder}")
        print(say(told, job=job.id, state=job.state.value, sent=job.sent_on or "-", folder=job.folder))
    for job_id, one in story.parcels.items():
        told = mark(
            "  parcel {shipment} (job {job}): wave {wave}, position {position}, orders {orders}, tracking {number}"
        )
        where = {"wave": one.wave or "-", "position": one.position or one.place, "number": one.tracking or "-"}
        print(say(told, shipment=one.shipment_id, job=job_id, orders=", ".join(one.orders) or "-", **where))
    for code in story.codes:
        kind = say(_KINDS[code.place.kind.value])
        print(
            say(
                mark("  {kind} {name}: {code} ({fate})"),
                kind=kind,
                name=code.place.name,
                code=code.code,
                fate=_fate(code.fates, speaker),
            )
        )
    for happening in history.happened:
        print(f"  {_when(happening)}  {_words(happening, speaker)}")


def _fate(fates: Fates, speaker: Speaker) -> str:
    words = {Fate.VOID: mark("void since {day}"), Fate.USED: mark("used on {day}")}
    return ", ".join(speaker.say(words[fate], day=told.day) for fate, told in fates.items()) or speaker.say(
        mark("good")
    )


def _when(happening: Happening) -> str:
    return f"{happening.at:%Y-%m-%d %H:%M:%S}" if hasattr(happening.at, "hour") else f"{happening.at}         "


def _words(happening: Happening, speaker: Speaker) -> str:
    told = dict(happening.told)
    words = speaker.say(_WORDS.get(happening.what, happening.what), **told)
    in_words = ("job",) if happening.what in ("job", "sent", "purged") else ()
    shown = {name: said for name, said in told.items() if said and name not in in_words}
    return f"{words}  " + ", ".join(f"{name} {said}" for name, said in shown.items()) if shown else words
