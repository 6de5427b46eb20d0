"""The files that letters are posted with: `post/` in the job folder."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

from dmgen.errors import PreflightError
from dmgen.fulfil import BUNDLE_COLUMNS, BUNDLES, MANIFEST, POST, Bundle, bundles, read_table, write_table
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import NO_BARCODE, Campaign
from dmgen.model.layout import Align
from dmgen.papers import Column, Document, Facts, Table
from dmgen.paperwork import write_paper
from dmgen.planning.order import OTHERS, districts_of, is_sorted
from dmgen.planning.plan import Plan
from dmgen.post.delivery_note import NOTE_COLUMNS, Delivery, Sender, note_document, note_json, note_rows
from dmgen.post.effects import effects
from dmgen.post.postage import postage
from dmgen.posted import assumed, codes_of, is_posted, looked_at, posted, rates_of
from dmgen.reasons import explain_reason
from dmgen.timings import timed
from dmgen.web import day, language_of

NOTE, BUNDLE_LIST, WITHOUT = f"{POST}/delivery-note", f"{POST}/bundles.pdf", f"{POST}/no-barcode.csv"
WITHOUT_COLUMNS = ("piece_id", "sequence", "file", "page", "postal_code", "reason", "message")


@dataclass(frozen=True)
class HandedIn:
    """What a plan hands to the post.

    `reasons` say why a letter has no customer barcode, by its customer's id and whether it is a decoy's; `districts`
    the district of each postal code, where letters are sorted.
    """

    delivery: Delivery
    reasons: Mapping[tuple[str, bool], str]
    districts: Mapping[str, str]


def handed_in(plan: Plan) -> HandedIn | None:
    """What goes to the post and what it costs, where campaign.toml says how.

    To be asked before outcomes are settled. Raises CampaignError for letters that the post does not take.
    """
    campaign = plan.campaign
    if campaign.mail is None or not is_posted(campaign):
        return None
    looks = looked_at(plan)
    if not (found := posted(plan, looks)):
        return None
    postings = [one.posting for one in found if one.posting]
    rates, rules = rates_of(campaign), campaign.mail
    about = campaign.shop.about
    delivery = Delivery(
        name=f"{campaign.id}　{campaign.drop}",
        sender=Sender(campaign.shop.sender, about.get("address", ""), about.get("phone", "")),
        posted_on=campaign.drop,
        rules=rules,
        postings=postings,
        postage=postage(postings, rules, rates),
        effects=effects(postings, rules, rates),
        valid_from=rates.valid_from,
        assumed=tuple(assumed(found)),
    )
    districts = districts_of(campaign, codes_of(looks)) if is_sorted(campaign) else {}
    return HandedIn(delivery, _reasons(plan), districts)


def _reasons(plan: Plan) -> dict[tuple[str, bool], str]:
    """Why letters have no customer barcode."""
    faults = [fault for fault in plan.faults if fault.misfit.reason.startswith(NO_BARCODE)]
    rows = plan.audience.rows([fault.position for fault in faults], ("customer_id", "seed")) if faults else []
    return {
        (str(row["customer_id"]), bool(row["seed"])): fault.misfit.reason
        for row, fault in zip(rows, faults, strict=True)
    }


@timed(mark("write posting files"))
def write_posting_files(campaign: Campaign, posting: HandedIn, folder: Path) -> dict[str, Any]:
    """Write what the letters are posted with below `folder`, where manifest.csv is; returns what job.json says of it.

    They are in the language of the shop, whoever runs dmgen. Raises PreflightError where not as many letters were
    printed as were counted for the post.
    """
    speaker, note = Speaker(language_of(campaign.shop)), posting.delivery
    (folder / POST).mkdir()
    created = datetime.combine(campaign.as_of, time())
    without, printed = _without(folder, posting.reasons, speaker)
    if printed != note.pieces:
        message = mark(
            "{printed} letters are printed, but {posted} are counted for the post: nothing is released; please report "
            "this fault"
        )
        raise PreflightError(message, printed=printed, posted=note.pieces)
    if without:
        write_table(folder / WITHOUT, WITHOUT_COLUMNS, without)
    note = replace(note, without_barcode=sum(one.pieces - one.with_barcode for one in note.postings))
    if is_sorted(campaign):
        found = list(bundles(read_table(folder / MANIFEST), posting.districts))
        districts = len({bundle.district for bundle in found})
        note = replace(note, districts=districts, bundles=len(found))
        write_table(folder / BUNDLES, BUNDLE_COLUMNS, found)
        write_paper(_bundle_list(note, found, speaker), folder / BUNDLE_LIST, created=created)
    write_table(folder / f"{NOTE}.csv", NOTE_COLUMNS, note_rows(note))
    document = note_document(note, speaker, day(note.posted_on, speaker.language))
    write_paper(document, folder / f"{NOTE}.pdf", created=created)
    return note_json(note)


def _without(
    folder: Path, reasons: Mapping[tuple[str, bool], str], speaker: Speaker
) -> tuple[list[tuple[str, ...]], int]:
    """The letters without a customer barcode, and how many letters there are."""
    found, printed = list[tuple[str, ...]](), 0
    for row in read_table(folder / MANIFEST):
        printed += 1
        if reason := reasons.get((row["customer_id"], row["seed"] == "1")):
            where = (row["piece_id"], row["sequence"], row["file"], row["first_page"], row["postal_code"])
            found.append((*where, reason, explain_reason(reason, speaker)))
    return found, printed


def _bundle_list(note: Delivery, found: Sequence[Bundle], speaker: Speaker) -> Document:
    say, right = speaker.say, Align.RIGHT
    columns = [
        Column(say(mark("no.")), 1.2, right),
        Column(say(mark("district")), 2),
        Column(say(mark("pieces")), 1.6, right),
        Column(say(mark("sequence")), 3, right),
        Column(say(mark("file")), 7),
        Column(say(mark("pages")), 2.6, right),
    ]
    rows = [
        (
            *(
                f"{number:,}",
                say(mark("others")) if bundle.district == OTHERS else bundle.district,
                f"{bundle.letters:,}",
            ),
            _range(bundle.first_sequence, bundle.last_sequence),
            *(Path(bundle.file).name, _range(bundle.first_page, bundle.last_page)),
        )
        for number, bundle in enumerate(found, 1)
    ]
    letters = sum(bundle.letters for bundle in found)
    sums = ("", say(mark("{count} districts"), count=note.districts), f"{letters:,}", "", "", "")
    files = Counter(bundle.file for bundle in found)
    figures = Facts(
        [
            (say(mark("pieces")), f"{letters:,}"),
            (say(mark("districts")), f"{note.districts:,}"),
            (say(mark("bundles")), f"{len(found):,}"),
            (say(mark("files")), f"{len(files):,}"),
        ],
        columns=4,
        large=True,
    )
    return Document(
        say(mark("Bundle list")), note.name, [figures, Table(columns, rows, sums, dense=True)], footer=note.name,
        language=speaker.language,
    )  # fmt: skip


def _range(first: int, last: int) -> str:
    return f"{first:,}" if first == last else f"{first:,}–{last:,}"
