"""Matrixify, an app that takes Shopify's discounts from a sheet called Discounts: a row a code, one title a discount.

Source: matrixify.app/documentation/discounts; see README.md here.
"""

from collections.abc import Iterator
from datetime import datetime

from dmgen.carts.consignment import AS_PRINTED, CartFile, Consignment, Say, Series, table
from dmgen.messages import mark
from dmgen.model.offer import Benefit, CodeSource

COLUMNS = (
    *("Title", "Command", "Code", "Code Command", "Method", "Type", "Value Type", "Value"),
    *("Minimum Requirement", "Minimum Value", "Limit Total Times", "Limit One Use Per Customer"),
    *("Applies To: Type", "Applies To: Values", "Starts At", "Ends At"),
)
_WITHDRAWN = ("Title", "Command", "Code", "Code Command")


def write(consignment: Consignment, say: Say) -> Iterator[CartFile]:
    """Discounts.csv, Discounts-withdraw.csv where codes are to be taken out, README.txt."""
    if consignment.series:
        rows = (row for series in consignment.series for row in _rows(consignment, series))
        yield CartFile("Discounts.csv", table(COLUMNS, rows))
    if consignment.withdraw:
        gone = (
            (
                "" if series.offer.codes is CodeSource.POOL else consignment.title(series),
                "UPDATE",
                code.printed,
                "DELETE",
            )
            for series in consignment.withdraw
            for code in series.codes
        )
        yield CartFile("Discounts-withdraw.csv", table(_WITHDRAWN, gone))
    yield CartFile("README.txt", _readme(consignment, say))


def _rows(consignment: Consignment, series: Series) -> Iterator[tuple[object, ...]]:
    offer = series.offer
    kind = {Benefit.SHIPPING: "Free Shipping"}.get(
        offer.benefit, "Amount off Products" if offer.products else "Amount off Order"
    )
    value_type, value = {
        Benefit.AMOUNT: ("Fixed Amount", offer.amount),
        Benefit.PERCENT: ("Percentage", offer.percent),
    }.get(offer.benefit, ("", ""))
    head, bounds = consignment.title(series), ("Amount", offer.minimum) if offer.minimum else ("None", "")
    tail = (
        *(*bounds, series.uses or "", "FALSE"),
        *(("Product Variants", ", ".join(offer.products)) if offer.products else ("", "")),
        *(_stamp(consignment.starts(series)), _stamp(consignment.ends(series))),
    )
    for code in series.codes:
        yield head, "MERGE", code.printed, "MERGE", "Code", kind, value_type, value, *tail


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S %z")


def _readme(consignment: Consignment, say: Say) -> str:
    parts = []
    if consignment.series:
        told = mark(
            "Import Discounts.csv with the app Matrixify (Shopify): all codes of a title become one discount. "
            "Importing it again changes nothing. Try it with a copy of the file that holds the first row only, and "
            "look at that discount in the admin, before you import the whole. Codes by title: {numbers}"
        )
        numbers = "; ".join(f"{consignment.title(series)}: {len(series.codes):,}" for series in consignment.series)
        parts.append(say(told, numbers=numbers))
    if consignment.withdraw:
        parts.append(say(mark("Import Discounts-withdraw.csv: it takes its codes out of their discounts.")))
    return "\n\n".join([*parts, say(AS_PRINTED)]) + "\n"
