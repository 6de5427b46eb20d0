"""What people see on a terminal of late changes: pieces to take out, and customers who said no."""

from collections.abc import Mapping, Sequence

from dmgen.completion import Completed
from dmgen.fulfil import PULL, Pull
from dmgen.ledger import Told
from dmgen.messages import Speaker, mark
from dmgen.reasons import explain_reason
from dmgen.tasks.withdraw import Withdrawal
from dmgen.terminal import new_table, terminal

_SHOWN = 100


def show_withdrawal(done: Withdrawal, speaker: Speaker) -> None:
    """The pieces to take out, where the lists are, and whom no letter can be kept from any more."""
    say = speaker.say
    told = mark("{customers} customers get no more letters of this shop; {new} of them were not remembered before")
    print(say(told, customers=f"{len(done.customers):,}", new=f"{done.new:,}"))
    show_pulls(done.pulls, speaker)
    if done.before:
        print(say(mark("to be taken out already: {count}"), count=f"{done.before:,}"))
    if done.void or done.used:
        told = mark("codes made void: {void}; used before, and they stay so: {used}")
        print(say(told, void=f"{done.void:,}", used=f"{done.used:,}"))
    for who in done.none[:_SHOWN]:
        job = done.sent.get(who)
        if job:
            told = mark("{customer}: no piece found; the last letter went out on {on} (job {job})")
            print(say(told, customer=who, on=job.sent_on, job=job.id))
        else:
            print(say(mark("{customer}: no piece found"), customer=who))
    for twin in done.twins[:_SHOWN]:
        told = mark(
            "{customer}: in job {job} another row of the customers list ({row}) gets their letter: look whether it is "
            "the same person, and withdraw that id, too"
        )
        print(say(told, customer=twin.customer_id, job=twin.job, row=twin.row))
    for remark in done.remarks:
        print(say(mark("Look at this: {remark}"), remark=speaker.error(remark)))
    for file in done.lists:
        print(file)


def show_pulls(pulls: Sequence[Pull], speaker: Speaker) -> None:
    """The first pieces to take out; their pull list has all, with file and page."""
    say = speaker.say
    if not pulls:
        return
    table = new_table(*map(say, (mark("Piece"), mark("Where"), mark("Put into"), mark("Why"))))
    for column in table.columns:
        column.justify = "left"
    for pull in pulls[:_SHOWN]:
        goes = _parcel(pull.put_into_wave, pull.put_into_position, pull.put_into_shipment, speaker)
        table.add_row(pull.piece_id, _lies(pull, speaker), goes, explain_reason(pull.why, speaker))
    for pull in [one for one in pulls if one.packed][:_SHOWN]:
        told = mark("open parcel {shipment}: piece {piece} was packed into it already")
        print(say(told, shipment=pull.packed, piece=pull.piece_id))
    terminal().print(table)
    print(say(mark("pieces to take out: {count}"), count=f"{len(pulls):,}"))


def _lies(pull: Pull, speaker: Speaker) -> str:
    """Where the sheet is: for its parcel, or by its number in the print file."""
    if pull.pile:
        where = _parcel(pull.wave, pull.position, pull.shipment_id, speaker)
        told = mark("{parcel}; {file} page {page}")
        return speaker.say(told, parcel=where, file=pull.file, page=pull.page)
    if pull.shipment_id:
        return _parcel(pull.wave, pull.position, pull.shipment_id, speaker)
    return speaker.say(mark("{file} no. {sequence}"), file=pull.file, sequence=pull.sequence)


def _parcel(wave: str, position: str, shipment: str, speaker: Speaker) -> str:
    if not shipment:
        return "-"
    told = mark("wave {wave}, position {position} (parcel {shipment})")
    return speaker.say(told, wave=wave, position=position, shipment=shipment)


def show_completed(done: Completed, speaker: Speaker) -> None:
    """What a newer shipments list changed, what to do, and where that stands."""
    say = speaker.say
    if done.folder is None:
        print(say(mark("no difference: job {job} is as this shipments list says"), job=done.job))
        return
    show_pulls(done.pulls, speaker)
    told = mark(
        "job {job}: {before} pieces before; {kept} stay, {moved} go into another parcel or place, {pulled} come out; "
        "{added} new ones are printed"
    )
    numbers = {name: f"{getattr(done, name):,}" for name in ("before", "kept", "moved", "pulled", "added")}
    print(say(told, job=done.job, **numbers))
    parcels = ", ".join(f"{name} {count:,}" for name, count in done.parcels.items())
    print(say(mark("parcels now: {parcels}"), parcels=parcels))
    for remark in done.remarks:
        print(say(mark("Look at this: {remark}"), remark=speaker.error(remark)))
    if done.part:
        print(say(mark("what is printed now is job {part}; it is sent with job {job}"), part=done.part, job=done.job))
    print(done.folder / PULL if done.pulls else done.folder)


def show_remembered(known: Mapping[str, Told], speaker: Speaker) -> None:
    """Who said no after a run, since when, and why."""
    say = speaker.say
    table = new_table(say(mark("Customer")), say(mark("Since")), say(mark("Why")))
    for who, told in known.items():
        table.add_row(who, str(told.day), told.why)
    if known:
        terminal().print(table)
    print(say(mark("customers who said no after a run: {count}"), count=f"{len(known):,}"))


def taken_back(customers: Sequence[str], speaker: Speaker) -> str:
    """Who may be written to again."""
    said = mark("{count} customers may be written to again: {customers} (what was void stays void)")
    return speaker.say(said, count=len(customers), customers=", ".join(customers) or "-")
