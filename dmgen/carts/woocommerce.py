"""WooCommerce: bodies of REST requests (wc/v3 coupons/batch), a coupon a code.

Source: woocommerce.github.io/woocommerce-rest-api-docs (coupons, batch: at most 100 objects); see README.md here.
"""

from collections.abc import Iterator
from typing import Any

from dmgen.carts.consignment import AS_PRINTED, CartFile, Consignment, Say, Series, batches, body, skus
from dmgen.messages import mark
from dmgen.model.offer import Benefit

MOST = 100  # objects a batch


def write(consignment: Consignment, say: Say) -> Iterator[CartFile]:
    """coupons-0001.json …, withdraw.txt where codes are to be taken out (a code a line), README.txt."""
    coupons = [_coupon(consignment, series, code.printed) for series in consignment.series for code in series.codes]
    for number, part in enumerate(batches(coupons, MOST), 1):
        yield CartFile(f"coupons-{number:04d}.json", body({"create": list(part)}))
    if consignment.withdraw:
        gone = [code.printed for series in consignment.withdraw for code in series.codes]
        yield CartFile("withdraw.txt", "\n".join(gone) + "\n")
    yield CartFile("README.txt", _readme(consignment, say))


def _coupon(consignment: Consignment, series: Series, code: str) -> dict[str, Any]:
    """`date_expires` is in the site's own time zone; a plain day would end at its beginning."""
    offer = series.offer
    percent = offer.benefit is Benefit.PERCENT
    wanted: dict[str, Any] = {
        "code": code,
        "discount_type": "percent" if percent else "fixed_cart",
        "amount": str(offer.percent if percent else offer.amount),
        "description": consignment.title(series),
        "date_expires": consignment.ends(series).strftime("%Y-%m-%dT%H:%M:%S"),
        "usage_limit": series.uses,
        "free_shipping": offer.benefit is Benefit.SHIPPING,
    }
    if offer.minimum:
        wanted["minimum_amount"] = str(offer.minimum)
    if offer.maximum is not None:
        wanted["maximum_amount"] = str(offer.maximum)
    if offer.products:
        wanted["product_ids"] = [f"SKU:{sku}" for sku in offer.products]
    return wanted


def _readme(consignment: Consignment, say: Say) -> str:
    site, key = "https://SHOP/wp-json/wc/v3", '-u "$KEY:$SECRET"'
    parts = []
    if skus(consignment):
        told = mark(
            "Where SKU:… stands in a file, write the number of that product (without quotes), which this tells:"
        )
        parts += [say(told), f"    curl -sS {key} '{site}/products?sku=T-101'"]
    if consignment.series:
        count = sum(len(series.codes) for series in consignment.series)
        told = mark(
            "Send each coupons-….json once, with a key that may write; {count} coupons must be there afterwards. The "
            "site's time zone must be {zone}: each coupon ends with the last second of its day there."
        )
        parts.append(say(told, count=f"{count:,}", zone=consignment.zone.key))
        parts.append(
            f"    for f in coupons-*.json; do curl -sS {key} -H 'Content-Type: application/json' -d @\"$f\" "
            f"{site}/coupons/batch; done"
        )
    if any(series.offer.starts for series in consignment.series):
        first = max(series.offer.starts for series in consignment.series if series.offer.starts)
        parts.append(say(mark("WooCommerce knows no first day: send the files on {day}."), day=first))
    if any(series.offer.benefit is Benefit.SHIPPING for series in consignment.series):
        parts.append(say(mark("Free shipping needs a shipping method “Free shipping” that requires a coupon.")))
    if consignment.withdraw:
        parts.append(say(mark("Codes to take out stand in withdraw.txt; each is looked up and deleted:")))
        find = f'"{site}/coupons?code=$CODE" | python3 -c "import json,sys; print(json.load(sys.stdin)[0][\'id\'])"'
        parts.append(
            f"    while read CODE; do ID=$(curl -sS {key} {find}) && curl -sS {key} -X DELETE "
            f'"{site}/coupons/$ID?force=true"; done < withdraw.txt'
        )
    return "\n\n".join([*parts, say(AS_PRINTED)]) + "\n"
