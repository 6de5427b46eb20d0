"""Plain columns for any other cart: a row a code, with all that it promises; README.md here tells the columns."""

from collections.abc import Iterator

from dmgen.carts.consignment import CartFile, Consignment, Say, Series, table
from dmgen.messages import mark

COLUMNS = (
    *("code", "code_plain", "offer", "label", "benefit", "amount", "percent", "points", "gift", "minimum", "maximum"),
    *("cap", "products", "starts", "expires", "uses"),
)
_WITHDRAWN = ("code", "code_plain", "offer")


def write(consignment: Consignment, say: Say) -> Iterator[CartFile]:
    """coupons.csv, withdraw.csv where codes are to be taken out, README.txt."""
    if consignment.series:
        rows = (row for series in consignment.series for row in _rows(consignment, series))
        yield CartFile("coupons.csv", table(COLUMNS, rows, bom=True))
    if consignment.withdraw:
        gone = ((*code, series.offer.id) for series in consignment.withdraw for code in series.codes)
        yield CartFile("withdraw.csv", table(_WITHDRAWN, gone, bom=True))
    told = mark(
        "coupons.csv: a row a code, as the letters show it (code) and without hyphens (code_plain). Register ONE of "
        "the two, the one that your cart compares with: if both are there, each can be used. expires is the last "
        "day, to its end in the time zone {zone}; uses: how often, empty for a code that everybody has."
    )
    gone_told = mark("withdraw.csv: codes to take out.")
    parts = [say(told, zone=consignment.zone.key)] if consignment.series else []
    parts += [say(gone_told)] if consignment.withdraw else []
    yield CartFile("README.txt", "\n\n".join(parts) + "\n")


def _rows(consignment: Consignment, series: Series) -> Iterator[tuple[object, ...]]:
    offer = series.offer
    given = (offer.amount or "", offer.percent or "", offer.points or "", offer.gift)
    bounds = (
        offer.minimum or "",
        "" if offer.maximum is None else offer.maximum,
        "" if offer.cap is None else offer.cap,
    )
    days = (offer.starts or consignment.drop, offer.expires)
    for code in series.codes:
        yield (
            *(*code, offer.id, offer.label, offer.benefit.value),
            *(*given, *bounds, " ".join(offer.products), *days, series.uses or ""),
        )
