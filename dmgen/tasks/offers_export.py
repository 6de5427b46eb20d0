"""`dmgen offers export`: the codes of a printed and released job in the files that the shop's cart takes."""

import csv
import json
import shutil
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dmgen.afterwards import open_ledger, parts_of, read_ticket
from dmgen.campaign.files import is_file
from dmgen.carts import CART_OF, FORMATS, Code, Consignment, Series, cart, obstacle
from dmgen.errors import DmgenError, LedgerError, OutputError, UsageError
from dmgen.fulfil import CODES, TICKET, explained, sha256
from dmgen.ledger import Fate, Ledger
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Shop
from dmgen.model.cells import unguard
from dmgen.model.offer import Benefit, CodeKind, CodeSource, DropKey, Offer
from dmgen.model.production import JobRecord, JobState
from dmgen.offers import coupon

_SUMMARY = "export.json"
_STANDING = (JobState.READY, JobState.SENT)


class NotTaken(NamedTuple):
    """Codes of an offer that the cart cannot keep, or has already, with the reason."""

    offer: str
    codes: int
    reason: DmgenError


@dataclass(frozen=True)
class Exported:
    """What was written for a cart: codes by series to take in and to withdraw, and all that was left out.

    Each code of the job is counted once: `codes` = taken in + void + used + not taken, and the void ones are withdrawn.
    Of a job that will not be sent: `codes` = withdrawn + not taken + kept, those that another job of its drop prints.
    """

    folder: Path
    job: str
    format: str
    codes: int
    taken: dict[str, int]
    withdrawn: dict[str, int]
    void: int
    used: int
    kept: int
    not_taken: tuple[NotTaken, ...]

    def as_json(self, speaker: Speaker) -> dict[str, Any]:
        """The numbers, for other programs."""
        told = [one._asdict() | {"reason": speaker.error(one.reason)} for one in self.not_taken]
        facts = ("job", "format", "codes", "taken", "withdrawn", "void", "used", "kept")
        return {fact: getattr(self, fact) for fact in facts} | {"not_taken": told}


def export(shop: Shop, job: str, form: str, out: Path | None, speaker: Speaker, *, only_void: bool = False) -> Exported:
    """Write a job's codes in the layout `form` (of FORMATS); nothing appears unless all of it does.

    With `only_void` no others are written than the void ones, to be taken out. `job` is its id or folder. Of a job that
    will not be sent only codes are written that no standing job of its drop prints, to be taken out. Raises UsageError
    for an unknown layout, LedgerError for a job that is not released or whose codes.csv is not as it was written,
    OutputError where the folder is somebody else's.
    """
    if form not in FORMATS:
        message = mark("there is no layout {layout}; allowed: --for {layouts}")
        raise UsageError(message, layout=form, layouts=", ".join(FORMATS))
    ledger = open_ledger(shop)
    record, folder, ticket = _job(ledger, shop, job)
    key = DropKey(record.shop, record.campaign, record.drop)
    printed = _with_parts(ledger, record, _printed(folder, ticket))
    selected = _select(ledger, shop, record, printed)
    if only_void:
        selected = selected._replace(take=[], pooled=[], stands=False)
    cannot = cart(CART_OF[form]) if form in CART_OF else None
    own = [series.offer for series in printed if series.offer.codes is not CodeSource.POOL]
    refused = {offer.id: why for offer in own if cannot and (why := obstacle(cannot, offer))}
    consignment = Consignment(
        shop=shop.id,
        campaign=key.campaign,
        drop=key.drop,
        zone=ZoneInfo(shop.time_zone),
        series=_without(selected.take, refused),
        withdraw=_without(selected.withdraw, refused),
    )
    exported = Exported(
        folder=out or folder.with_name(f"{folder.resolve().name}-{form}"),
        job=record.id,
        format=form,
        codes=sum(len(series.codes) for series in printed),
        taken=_sizes(consignment.series),
        withdrawn=_sizes(consignment.withdraw),
        void=selected.void,
        used=selected.used,
        kept=selected.kept,
        not_taken=tuple(_not_taken(selected, refused)),
    )
    _write(exported, consignment, speaker)
    return exported


def _job(ledger: Ledger, shop: Shop, job: str) -> tuple[JobRecord, Path, dict[str, Any]]:
    """A job with its folder and ticket, if it may be handed over."""
    named = Path(job)
    record = ledger.job(str(read_ticket(named)["job"]) if is_file(named / TICKET) else job)
    folder = named if is_file(named / TICKET) else Path(record.folder)
    ticket = read_ticket(folder)
    if ticket["job"] != record.id or record.shop != shop.id:
        message = mark("{folder} is not the folder of job {job} of the shop {shop}: name the folder where it is now")
        raise LedgerError(message, folder=folder, job=record.id, shop=shop.id)
    if record.state is JobState.NOT_RELEASED or (record.state is JobState.READY and not ticket.get("released", True)):
        message = mark(
            "Job {job} is not released, so no cart may know its codes. Type: dmgen verify {job}. When it reads back "
            "well, it can be exported."
        )
        raise LedgerError(message, job=record.id)
    return record, folder, ticket


def _with_parts(ledger: Ledger, record: JobRecord, printed: list[Series]) -> list[Series]:
    """The codes of a job and of the standing jobs that complete it, which print the same offers."""
    found = {(one.offer.id, one.offer.expires): one for one in printed}
    for part in parts_of(ledger, record):
        if part.state in _STANDING:
            folder = Path(part.folder)
            for one in _printed(folder, read_ticket(folder)):
                before = found.setdefault((one.offer.id, one.offer.expires), replace(one, codes=()))
                found[one.offer.id, one.offer.expires] = replace(before, codes=before.codes + one.codes)
    return list(found.values())


def _printed(folder: Path, ticket: dict[str, Any]) -> list[Series]:
    """The coupon codes of a job by offer and last day, each once, in the order of its codes.csv."""
    path = folder / CODES
    if not is_file(path) or sha256(path) != ticket.get("files", {}).get(CODES):
        message = mark(
            "{file} is not as it was written with the job, so it does not say which codes were printed. Put the job's "
            "own file back."
        )
        raise LedgerError(message, file=path)
    offers = _offers(folder, ticket)
    found: dict[tuple[str, str], dict[str, Code]] = {}
    for row in _rows(path):
        if row["kind"] == CodeKind.COUPON.value:
            code = row["code"]
            shown = Code(coupon.shown(code, offers[row["name"]]), code)
            found.setdefault((row["name"], row["expires"]), {})[code] = shown
    places = {offer: place for place, offer in enumerate(offers)}
    return [
        Series(_dated(offers[name], expires), tuple(codes.values()))
        for (name, expires), codes in sorted(found.items(), key=lambda item: (places[item[0][0]], item[0][1]))
    ]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            yield {name: unguard(value) for name, value in row.items()}


def _offers(folder: Path, ticket: dict[str, Any]) -> dict[str, Offer]:
    """The offers of a job, its tiers among them. Raises LedgerError for a job.json that somebody changed."""
    try:
        return {terms["id"]: _offer(terms) for terms in ticket["settings"]["offers"]}
    except (LookupError, TypeError, ValueError) as error:
        message = mark("{file} does not tell the offers as it was written ({problem}): put the job's own file back")
        raise LedgerError(message, file=folder / TICKET, problem=type(error).__name__) from None


def _offer(terms: Mapping[str, Any]) -> Offer:
    """An offer as job.json tells it; jobs of an earlier dmgen know amounts only."""
    return Offer(
        id=terms["id"],
        label=terms["label"],
        amount=terms["amount"],
        minimum=terms["minimum"],
        expires=date.fromisoformat(terms["expires"]),
        codes=CodeSource(terms["codes"]),
        benefit=Benefit(terms.get("benefit", Benefit.AMOUNT)),
        percent=terms.get("percent", 0),
        points=terms.get("points", 0),
        gift=terms.get("gift", ""),
        maximum=terms.get("maximum"),
        cap=terms.get("cap"),
        products=tuple(terms.get("products", ())),
        starts=date.fromisoformat(starts) if (starts := terms.get("starts")) else None,
        birthday=terms.get("birthday", False),
    )


def _dated(offer: Offer, expires: str) -> Offer:
    """The offer with the last day of some of its codes; in a birthday month it begins with that month."""
    last = date.fromisoformat(expires)
    return replace(offer, expires=last, starts=last.replace(day=1) if offer.birthday else offer.starts)


class _Selected(NamedTuple):
    """Series to take in and out, and numbers; `pooled` are not taken in: the shop has codes of its own pool already."""

    take: list[Series]
    withdraw: list[Series]
    pooled: list[Series]
    void: int
    used: int
    kept: int
    stands: bool


def _select(ledger: Ledger, shop: Shop, record: JobRecord, printed: list[Series]) -> _Selected:
    """Which codes are to be taken in, and which out."""
    codes = {code.plain for series in printed for code in series.codes}
    if record.state not in _STANDING:
        kept = codes & _of_standing(ledger, record)
        return _Selected([], _only(printed, codes - kept), [], 0, 0, len(kept), False)
    void, used = _fates(ledger, shop.id, codes)
    good = _only(printed, codes - void - used)
    pooled = [series for series in good if series.offer.codes is CodeSource.POOL]
    take = [series for series in good if series.offer.codes is not CodeSource.POOL]
    return _Selected(take, _only(printed, void), pooled, len(void), len(used - void), 0, True)


def _fates(ledger: Ledger, shop: str, codes: Set[str]) -> tuple[set[str], set[str]]:
    """The void and the used ones of these codes."""
    places = {one.place: one.code for one in ledger.coupons(shop, codes)}
    fates = ledger.fates(places)
    void = {places[place] for place, found in fates.items() if Fate.VOID in found}
    return void, {places[place] for place, found in fates.items() if Fate.USED in found}


def _of_standing(ledger: Ledger, record: JobRecord) -> set[str]:
    """The codes that the ready and sent jobs of this drop print."""
    found: set[str] = set()
    for job in ledger.jobs(record.shop):
        if (job.campaign, job.drop) == (record.campaign, record.drop) and job.state in _STANDING:
            folder = Path(job.folder)
            found |= {code.plain for series in _printed(folder, read_ticket(folder)) for code in series.codes}
    return found


def _only(printed: list[Series], codes: Set[str]) -> list[Series]:
    parts = (replace(one, codes=tuple(code for code in one.codes if code.plain in codes)) for one in printed)
    return [series for series in parts if series.codes]


def _without(series: list[Series], refused: Mapping[str, DmgenError]) -> tuple[Series, ...]:
    return tuple(one for one in series if one.offer.id not in refused)


def _sizes(series: tuple[Series, ...]) -> dict[str, int]:
    return {one.name: len(one.codes) for one in series}


def _not_taken(selected: _Selected, refused: Mapping[str, DmgenError]) -> Iterator[NotTaken]:
    has = LedgerError(mark("codes of the shop's own pool: the cart has them already"))
    wanted = selected.take if selected.stands else selected.withdraw
    for offer, reason in refused.items():
        if count := sum(len(series.codes) for series in wanted if series.offer.id == offer):
            yield NotTaken(offer, count, reason)
    for offer in dict.fromkeys(series.offer.id for series in selected.pooled):
        yield NotTaken(offer, sum(len(one.codes) for one in selected.pooled if one.offer.id == offer), has)


def _write(exported: Exported, consignment: Consignment, speaker: Speaker) -> None:
    """All files under another name, then the folder in its place; an earlier export of the same job is replaced."""
    folder = exported.folder
    if folder.exists() and not _is_earlier(exported):
        message = mark("{folder} is not empty and no earlier export of this job: give --out another folder")
        raise OutputError(message, folder=folder)
    partial = folder.with_name(f".{folder.resolve().name}.partial")
    with explained(folder):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for name, text in FORMATS[exported.format](consignment, speaker.say):
            path = partial / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="")
        summary = json.dumps(exported.as_json(speaker), ensure_ascii=False, indent=2)
        (partial / _SUMMARY).write_text(summary + "\n", "utf-8", newline="")
        if folder.exists():
            shutil.rmtree(folder)
        partial.replace(folder)


def _is_earlier(exported: Exported) -> bool:
    """Whether an earlier export of this job and layout stands in the folder, or nothing."""
    folder = exported.folder
    if not folder.is_dir():
        return False
    try:
        found = json.loads((folder / _SUMMARY).read_text("utf-8"))
        return (found["job"], found["format"]) == (exported.job, exported.format)
    except (OSError, ValueError, LookupError, TypeError):
        return not any(folder.iterdir())
