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
    "suppression_list": mark("stands in a suppression list"),
    "looks_like_listed": mark("lives where a suppression list says, with almost the name that it says: is it them?"),
    "returned_mail": mark("mail to this address came back"),
    "same_person": mark("the same person as another row, which gets the letter"),
    "same_household": mark("of the same household as another row, which gets the letter"),
    "looks_like": mark("may be the same person as another row: if so, make their rows one"),
    "opted_out": mark("wants no mail"),
    "opt_out_unclear": mark("it is unclear whether mail is wanted: write 1 or 0"),
    "withdrawn": mark("has left the shop as a member"),
    "withdrawn_late": mark("said no after an earlier run (dmgen withdraw)"),
    "void": mark("made void"),
    "void_today": mark("their piece of this drop was taken out or made void before: they get no second one"),
    "printed_before": mark("their piece was printed before, with the job that this one completes"),
    "lottery_sealed": mark("the lottery was sealed when the job was printed: no ticket can be added to it"),
    "parcel_gone": mark("the parcel is no longer shipped"),
    "other_piece": mark("another piece goes into the parcel now"),
    "moved": mark("goes into another parcel, or lies at another place"),
    "mall": mark("known from a mall alone, which forbids it: acknowledge the mall by name (malls), or leave them out"),
    "note_says_no": mark("a note of the shop says: no mail"),
    "deceased": mark("the customer is said to have died"),
    "note_unclear": mark("a note of the shop may mean that no mail is wanted"),
    "same_person_opted_out": mark("the same person wants no mail, as another row says"),
    "same_household_opted_out": mark("somebody of the household wants no mail, as another row says"),
    "looks_like_opted_out": mark("may be somebody who wants no mail: if so, mark this row, too"),
    "same_person_unclear": mark("another row of the same person leaves unclear whether mail is wanted"),
    "same_household_unclear": mark("another row of the household leaves unclear whether mail is wanted"),
    "name_missing": mark("no name"),
    "name_damaged": mark("the name holds damaged or unprintable characters"),
    "name_placeholder": mark("a placeholder, a number or an e-mail address stands where the name should be"),
    "name_has_note": mark("a note of the shop stands in the name: it would be printed"),
    "name_honorific": mark("様 stood in the name: it is left out, as letters add it themselves"),
    "name_doubtful": mark("a question mark stands in the name: a character may have been lost"),
    "postal_code_missing": mark("no postal code"),
    "postal_code_invalid": mark("not a postal code"),
    "postal_code_unknown": mark("Japan Post has no such postal code"),
    "postal_code_repaired": mark("the postal code had lost a zero, or was a number; mended as the address says"),
    "postal_mismatch": mark("the address is in another prefecture or city than its postal code"),
    "postal_code_general": mark("a postal code that ends in 00 stands for many places: it gets no customer barcode"),
    "address_missing": mark("no address"),
    "address_damaged": mark("the address holds damaged or unprintable characters"),
    "address_incomplete": mark("the address ends before the town"),
    "address_foreign": mark("the address is abroad"),
    "address_placeholder": mark("the address is a word that stands for none"),
    "address_has_note": mark("a note stands in the address: if it says that no mail is wanted, say so in dm_opt_out"),
    "house_number_date": mark("a spreadsheet seems to have made a date of the house number"),
    "value_unclear": mark("the cell is not of its column's type"),
    "points_expired": mark("points expired before the drop: the letter leaves out what would expire, and its goal"),
    "no_segment": mark("no segment's rule matches"),
    "no_parcel": mark("nothing is shipped to them today"),
    "shipment_id_missing": mark("the row names neither a shipment nor an order"),
    "shipment_twice": mark("rows of this shipment contradict each other"),
    "shop_missing": mark("the row does not say whose parcel it is"),
    "order_cancelled": mark("all orders of the parcel are cancelled"),
    "gift": mark("a gift: who opens the parcel is not who bought"),
    "replacement": mark("a replacement, or sent once more: it is no time for advertising"),
    "other_receiver": mark("goes to somebody else than the customer"),
    "mixed_customers": mark("orders of several customers in one parcel"),
    "ambiguous_customer": mark("several customers could be meant"),
    "unknown_customer": mark("nobody knows which customer it is for"),
    "first_parcel_has_it": mark("the customer's piece lies in an earlier parcel"),
    "other_campaign": mark("the piece of a campaign named before lies in the parcel"),
    "no_campaign": mark("no campaign of this shop is in the batch"),
    "over_limit": mark("beyond --limit"),
    "recent_letter": mark("a letter went to them less than [contact] minimum_days ago"),
    "letter_cap": mark("they had as many letters as [contact] allows"),
    "over_pieces": mark("beyond [limits] pieces"),
    "over_budget": mark("beyond [limits] budget"),
    "no_birthday": mark("the offer holds in the month of the birthday, which is not known"),
    "control": mark("in the control group: no letter, to measure by"),
    "channel_unclear": mark("not a channel: email, letter, sms, call …"),
    "overset": mark("the words do not fit their box, not even in the smallest type allowed"),
    "missing_glyph": mark("no font has this character"),
    "missing_image": mark("the picture is missing or cannot be read"),
    "no_barcode_town": mark("no customer barcode: where the town ends and the house number begins cannot be told"),
    "no_barcode_general": mark("no customer barcode: the postal code ends in 00, which stands for no town"),
    "no_barcode_code": mark("no customer barcode: the postal code has not seven digits"),
    "words_failed": mark("the words cannot be filled in with this customer's cells"),
    "no_page": mark("no page's rule matches"),
    "payload_not_ascii": mark("a code holds ASCII characters only (a web address may hold others), so that all scan"),
    "payload_too_long": mark("too long for the largest code"),
    "payload_not_ean13": mark("EAN-13 needs 12 digits, or 13 with the right check digit"),
    "order_id_missing": mark("no order id"),
    "order_id_twice": mark("the order stands in the list twice"),
    "order_lines_differ": mark("the lines of one order contradict each other"),
    "amount_unclear": mark("not an amount"),
    "date_unclear": mark("not a date, or one that can mean several days"),
    "date_default": mark("1970-01-01: what a system writes that knows no date"),
}

_WHO_WANTS_MAIL = mark("Ask, or read the row: write 1 (no mail) or 0 (mail) in the column dm_opt_out.")
_WHICH_ROW = mark(
    "Look at both rows: if they are one person, write 1 in dm_opt_out of this row; else write their names so that "
    "they differ."
)
_EXPORT_AGAIN = mark("Write the cell by hand, or export the list again as UTF-8.")
_COMPLETE = mark("Fill in the cell.")
_ONE_PARCEL = mark("Correct the rows of the parcel in the shipments list.")
_ONE_ORDER = mark("Correct the row in the orders list, or remove it.")
_REMEDIES = {
    "ragged_row": mark("Put cells that hold a comma or a line break in quotes, or export the list again."),
    "customer_id_missing": mark("Give the row the customer's id."),
    "id_conflict": mark("Give each customer an id of their own; of one customer's rows keep the right one."),
    "opt_out_unclear": _WHO_WANTS_MAIL,
    "same_person_unclear": mark("Say in dm_opt_out of the other row, which is named here, whether mail is wanted."),
    "same_household_unclear": mark("Say in dm_opt_out of the other row, which is named here, whether mail is wanted."),
    "looks_like_opted_out": _WHICH_ROW,
    "looks_like_listed": mark(
        "If this is the person of the suppression list, write 1 in dm_opt_out of this row; else write the id instead "
        "of name and address in that list."
    ),
    "name_missing": _COMPLETE,
    "name_damaged": _EXPORT_AGAIN,
    "postal_code_missing": _COMPLETE,
    "postal_code_invalid": mark("Write the postal code with its seven digits, for example 100-0001."),
    "address_missing": _COMPLETE,
    "address_damaged": _EXPORT_AGAIN,
    "value_unclear": mark("Write a value of the column's type, or take its type out of [columns] in shop.toml."),
    "overset": mark("Shorten the cell, or give its slot in the layout more room."),
    "missing_glyph": mark("Write another character, or give the shop a font that has this one ([fonts] in shop.toml)."),
    "no_barcode_town": mark(
        "Write the address as the post does, beginning with the town that its postal code stands for, or in parts: the "
        "town in the column town, the house number in street."
    ),
    "no_barcode_general": mark("Write the town's own postal code: the post's search for postal codes has it."),
    "no_barcode_code": mark("Write the postal code with its seven digits, for example 100-0001."),
    "no_birthday": mark("Fill in the birthday, or give the segment an offer with a last day."),
    "missing_image": mark("Put the picture where the products list says, or correct its name there."),
    "shipment_id_missing": _ONE_PARCEL,
    "shipment_twice": _ONE_PARCEL,
    "shop_missing": mark("Fill in the column shop of the shipments list."),
    "mixed_customers": mark("Look at the orders of the parcel: whose are they?"),
    "ambiguous_customer": mark("Give each customer an id of their own, and write it in the orders or shipments list."),
    "unknown_customer": mark("Export customers and orders again, after today's last order."),
    "order_id_missing": _ONE_ORDER,
    "order_id_twice": _ONE_ORDER,
    "amount_unclear": _ONE_ORDER,
    "date_unclear": _ONE_ORDER,
}


def remedy_words(reason: str) -> str:
    """The catalogue's message that says what a person can do about a row of this reason."""
    return _REMEDIES.get(reason, mark("Correct the cell in the list."))


def explain_reason(reason: str, speaker: Speaker) -> str:
    """A reason code in words."""
    return speaker.say(reason_words(reason))


def reason_words(reason: str) -> str:
    """The catalogue's message for a reason code; the code itself where there is none."""
    return _REASONS.get(reason, reason)
