"""The screen of a packing table: a line a scan, green or red and readable without colour; never a name."""

from collections.abc import Mapping
from time import sleep
from zoneinfo import ZoneInfo

from rich.text import Text

from dmgen.ledger import Halt, Match, Why
from dmgen.messages import Speaker, mark
from dmgen.model.parcel import PlannedParcel, Sound
from dmgen.reasons import explain_reason
from dmgen.tasks.scan import Scanned, Table, Verdict
from dmgen.tasks.scan_end import Balance
from dmgen.terminal import new_table, terminal

_GREEN, _RED = "bold black on bright_green", "bold bright_white on red"
_PAUSE = 0.15  # seconds between bells, so that they are heard as several

_HALTS = {
    Why.VOID: mark("its codes are void since {day}"),
    Why.WITHDRAWN: mark("its customer wants no letters, since {day}"),
    Why.PULLED: mark("it was taken out of the pile on {day}"),
    Why.UNPLANNED: mark("no parcel of this job is to have it"),
}
_COUNTED = {
    "parcels": mark("Parcels"),
    "matched": mark("with their piece"),
    "missing": mark("still without their piece"),
    "must_not_go_in": mark("whose piece must not go in any more"),
    "no_piece_due": mark("that get none"),
}
_REFUSED = {
    Verdict.WRONG: mark("wrong parcel"),
    Verdict.DUPLICATE: mark("scanned twice"),
    Verdict.FOREIGN: mark("foreign"),
    Verdict.HALTED: mark("must not go in"),
    Verdict.EMPTY: mark("parcel gets no piece"),
    Verdict.UNPAIRED: mark("without its other half"),
    Verdict.UNCLEAR: mark("order with several parcels"),
}


class Screen:
    """Says what became of each scan, on the terminal."""

    def __init__(self, speaker: Speaker, zone: ZoneInfo, sound: Sound) -> None:
        self._say = speaker.say
        self._speaker = speaker
        self._zone = zone
        self._sound = sound
        self._console = terminal()

    def begin(self, table: Table) -> None:
        """What to look at, what is to be scanned here, and what else can be typed."""
        for remark in table.jobs.remarks:
            self._console.print(self._say(mark("Look at this: {remark}"), remark=self._speaker.error(remark)))
        told = mark(
            "Job {job}, station {station}, parcels: {parcels}. Scan the piece, then its parcel (or the other way "
            "round). Typed or scanned: undo takes this station's last match back, status counts, end ends."
        )
        parcels = f"{len(table.jobs):,}"
        self._console.print(self._say(told, job=table.jobs.name, station=table.station, parcels=parcels))

    def show(self, scanned: Scanned) -> None:
        """A line of a scan, and its sound."""
        if scanned.verdict is Verdict.HALF:
            self._console.print("…   " + self._half(scanned))
            return
        good = scanned.verdict.good
        for number, line in enumerate([self._matched(scanned)] if good else self._stopped(scanned)):
            head = ("OK   " if good else "STOP ") if not number else "     "
            self._console.print(Text(head + line, _GREEN if good else _RED), soft_wrap=True)
        self._ring(good)

    def took_back(self, match: Match | None, parcel: PlannedParcel | None) -> None:
        """What was taken back."""
        if match is None:
            self._console.print(self._say(mark("This station has no match to take back.")))
            return
        told = mark("Taken back: piece {piece}, {parcel}. Take it out of the parcel; both can be scanned again.")
        where = self._parcel(parcel) if parcel else match.shipment_id
        self._console.print(self._say(told, piece=match.piece_id, parcel=where))

    def status(self, counts: Mapping[str, int]) -> None:
        """How far the job is."""
        told = mark("{matched} of {due} parcels have their piece, {missing} to go.")
        due = counts["matched"] + counts["missing"]
        self._console.print(
            self._say(told, matched=f"{counts['matched']:,}", due=f"{due:,}", missing=f"{counts['missing']:,}")
        )

    def end(self, balance: Balance) -> None:
        """The counts over all stations, what is to be taken out again, and the first that are missing."""
        say, console = self._say, self._console
        table = new_table(say(mark("Job {job}"), job=balance.job), say(mark("Number")))
        for name, number in balance.counts().items():
            table.add_row(say(_COUNTED[name]), f"{number:,}")
        for verdict, words in _REFUSED.items():
            if number := balance.standing.refused[verdict.value]:
                table.add_row(say(mark("refused: {why}"), why=say(words)), f"{number:,}")
        console.print(table)
        for match in balance.standing.recall:
            told = mark("TAKE OUT piece {piece} of parcel {shipment} (station {station}, {time})")
            when = self._time(match)
            console.print(
                Text(
                    say(told, piece=match.piece_id, shipment=match.shipment_id, station=match.station, time=when), _RED
                )
            )
        for one in balance.first_missing():
            console.print(say(mark("missing: {parcel}, piece {piece}"), parcel=self._parcel(one), piece=one.piece_id))
        more = len(balance.standing.missing) - len(balance.first_missing())
        if more > 0:
            console.print(say(mark("and {more} more; --missing FILE writes all of them"), more=f"{more:,}"))

    def _half(self, scanned: Scanned) -> str:
        if scanned.due:
            told = mark("piece {piece} goes into {parcel}: scan the parcel")
            return self._say(told, piece=scanned.piece_id, parcel=self._parcel(scanned.due))
        parcel = scanned.parcel
        told = mark("{parcel} waits for piece {piece}: scan the piece")
        return self._say(told, parcel=self._parcel(parcel), piece=parcel.piece_id if parcel else "")

    def _matched(self, scanned: Scanned) -> str:
        return self._say(mark("{parcel}: piece {piece}"), parcel=self._parcel(scanned.due), piece=scanned.piece_id)

    def _stopped(self, scanned: Scanned) -> list[str]:
        """What is wrong, then where the piece belongs and what belongs into the parcel, as far as that helps."""
        say, piece = self._say, scanned.piece_id
        lines = [self._wrong(scanned)]
        if scanned.due and piece and scanned.parcel and scanned.verdict is not Verdict.UNPAIRED:
            lines.append(
                say(mark("piece {piece} belongs into {parcel}"), piece=piece, parcel=self._parcel(scanned.due))
            )
        if scanned.verdict is Verdict.WRONG and scanned.parcel:
            told = mark("into this parcel belongs piece {piece}")
            lines.append(say(told, piece=scanned.parcel.piece_id))
        return lines

    def _wrong(self, scanned: Scanned) -> str:
        say, parcel, piece = self._say, self._parcel(scanned.parcel), scanned.piece_id
        match scanned.verdict:
            case Verdict.WRONG:
                return say(mark("wrong parcel: this is {parcel}"), parcel=parcel)
            case Verdict.DUPLICATE:
                return self._twice(scanned)
            case Verdict.FOREIGN:
                return self._foreign(scanned)
            case Verdict.HALTED:
                return say(mark("piece {piece} must not go in: {why}"), piece=piece, why=self._why(scanned.halt))
            case Verdict.EMPTY:
                reason = scanned.parcel.reason if scanned.parcel else ""
                why = explain_reason(reason, self._speaker) if reason else "-"
                return say(mark("no piece goes into {parcel}: {why}"), parcel=parcel, why=why)
            case Verdict.UNCLEAR:
                places = " / ".join(self._parcel(one) for one in scanned.several)
                told = mark("this order has several parcels: scan the shipment or tracking number. {places}")
                if len({one.shipment_id for one in scanned.several}) < len(scanned.several):
                    told = mark("parcels of several shops have this number: scan another one of theirs. {places}")
                return say(told, places=places)
            case _ if piece:
                return say(mark("piece {piece} was scanned without its parcel: it is not matched"), piece=piece)
            case _:
                return say(mark("{parcel} was scanned without its piece: it is not matched"), parcel=parcel)

    def _twice(self, scanned: Scanned) -> str:
        match = scanned.match
        if match is None:  # pragma: no cover; every duplicate has its match
            return ""
        values = {"piece": match.piece_id, "station": match.station, "time": self._time(match)}
        if scanned.parcel:
            told = mark("{parcel} has its piece already: {piece} (station {station}, {time})")
            return self._say(told, parcel=self._parcel(scanned.parcel), **values)
        told = mark("piece {piece} is in parcel {shipment} already (station {station}, {time})")
        return self._say(told, shipment=match.shipment_id, **values)

    def _foreign(self, scanned: Scanned) -> str:
        if scanned.job and scanned.piece_id and not scanned.due:
            told = mark("piece {piece} is not of this job, but of job {job}")
            return self._say(told, piece=scanned.piece_id, job=scanned.job)
        if scanned.job:
            return self._say(mark("this parcel is not of this job, but of job {job}"), job=scanned.job)
        return self._say(mark("foreign: neither a piece nor a parcel of this job. Is it the right code? Scan again"))

    def _why(self, halt: Halt | None) -> str:
        if halt is None:
            return self._say(mark("the plan has just changed; scan both again"))
        return self._say(_HALTS[halt.why], day=halt.day or "-")

    def _parcel(self, one: PlannedParcel | None) -> str:
        if one is None:
            return "-"
        told = mark("wave {wave}, position {position} (parcel {shipment})")
        return self._say(told, wave=one.wave or "-", position=one.position or str(one.place), shipment=one.shipment_id)

    def _time(self, match: Match) -> str:
        return f"{match.at.astimezone(self._zone):%m-%d %H:%M:%S}"

    def _ring(self, good: bool) -> None:
        """One bell is red; where green rings, too, red rings three times."""
        if self._sound is Sound.NONE or (good and self._sound is Sound.RED):
            return
        for number in range(3 if self._sound is Sound.BOTH and not good else 1):
            if number and self._console.is_terminal:
                sleep(_PAUSE)
            self._console.bell()
