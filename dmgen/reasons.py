"""Why a row got no piece, in words for people; the codes themselves stay English."""

from dmgen.messages import Speaker, mark

_REASONS = {
    "ragged_row": mark("the row has more or fewer cells than the heading"),
    "row_damaged": mark("the row holds bytes that are no text"),
    "quote_unclear": mark("the row has a quote that is not closed or not doubled"),
    "cell_too_long": mark("a cell of the row is longer than any list needs"),
    "formula_unsaved": mark(
        "a formula of the row was saved without its result: open the workbook in Excel and save it"
    ),
    "header_again": mark("the header stands here once more"),
    "customer_id_missing": mark("no customer id"),
    "id_conflict": mark("several different customers have this id"),
    "same_row_twice": mark("the same customer stands in the list twice"),
    "opted_out": mark("wants no mail"),
    "opt_out_unclear": mark("it is unclear whether mail is wanted: write 1 (no mail) or 0"),
    "name_missing": mark("no name"),
    "name_damaged": mark("the name holds damaged or unprintable characters"),
    "postal_code_missing": mark("no postal code"),
    "postal_code_invalid": mark("not a postal code"),
    "postal_code_general": mark("a postal code that ends in 00 stands for many places: it gets no customer barcode"),
    "address_missing": mark("no address"),
    "address_damaged": mark("the address holds damaged or unprintable characters"),
    "value_unclear": mark("the cell is not of its column's type"),
    "no_segment": mark("no segment's rule matches"),
    "over_limit": mark("beyond --limit"),
    "overset": mark("the words do not fit their box, not even in the smallest type allowed"),
    "missing_glyph": mark("no font has this character"),
    "missing_image": mark("the picture is missing or cannot be read"),
    "words_failed": mark("the words cannot be filled in with this customer's cells"),
    "no_page": mark("no page's rule matches"),
    "payload_not_ascii": mark("a code holds ASCII characters only (a web address may hold others), so that all scan"),
    "payload_too_long": mark("too long for the largest code"),
    "payload_not_ean13": mark("EAN-13 needs 12 digits, or 13 with the right check digit"),
    "order_id_missing": mark("no order id"),
    "order_id_twice": mark("the order stands in the list twice"),
    "amount_unclear": mark("not an amount"),
    "date_unclear": mark("not a date"),
}


def reason_message(reason: str) -> str:
    """The message of a reason code, before it is translated."""
    return _REASONS.get(reason, reason)


def explain_reason(reason: str, speaker: Speaker) -> str:
    """A reason code in words."""
    return speaker.say(reason_words(reason))


def reason_words(reason: str) -> str:
    """The catalogue's message for a reason code; the code itself where there is none."""
    return _REASONS.get(reason, reason)
