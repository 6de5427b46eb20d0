"""Shopify: bodies of Admin API requests (GraphQL), since its admin takes no file of codes.

One discount a series, made with its first code (discountCodeBasicCreate, discountCodeFreeShippingCreate); the others
follow in batches (discountRedeemCodeBulkAdd). Source: shopify.dev/docs/api/admin-graphql; see README.md here.
"""

import json
from collections.abc import Iterator
from typing import Any

from dmgen.carts.consignment import AS_PRINTED, CartFile, Consignment, Say, Series, batches, body, skus
from dmgen.messages import mark
from dmgen.model.offer import Benefit

VERSION = "2026-10"
MOST = 250  # codes a call of discountRedeemCodeBulkAdd
ID = "DISCOUNT_ID"
_BASIC = """mutation create($input: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $input) {
    codeDiscountNode { id } userErrors { field code message }
  }
}"""
_SHIPPING = """mutation create($input: DiscountCodeFreeShippingInput!) {
  discountCodeFreeShippingCreate(freeShippingCodeDiscount: $input) {
    codeDiscountNode { id } userErrors { field code message }
  }
}"""
_ADD = """mutation add($discountId: ID!, $codes: [DiscountRedeemCodeInput!]!) {
  discountRedeemCodeBulkAdd(discountId: $discountId, codes: $codes) {
    bulkCreation { id codesCount } userErrors { field code message }
  }
}"""
_DELETE = """mutation delete($discountId: ID!, $ids: [ID!]!) {
  discountCodeRedeemCodeBulkDelete(discountId: $discountId, ids: $ids) {
    job { id } userErrors { field code message }
  }
}"""
_LIST = """query list($discountId: ID!, $after: String) {
  codeDiscountNode(id: $discountId) {
    codeDiscount {
      ... on DiscountCodeBasic {
        codes(first: 250, after: $after) { nodes { id code } pageInfo { endCursor hasNextPage } }
      }
      ... on DiscountCodeFreeShipping {
        codes(first: 250, after: $after) { nodes { id code } pageInfo { endCursor hasNextPage } }
      }
    }
  }
}"""
_SKUS = """query skus($query: String!) {
  productVariants(first: 250, query: $query) { nodes { id sku } }
}"""


def write(consignment: Consignment, say: Say) -> Iterator[CartFile]:
    """A folder a series, with its requests in order; `withdraw` with those that take codes out; README.txt."""
    for number, series in enumerate(consignment.series, 1):
        folder = f"{number:02d}-{series.offer.id}"
        yield CartFile(
            f"{folder}/create.json", body({"query": _create(series), "variables": _input(consignment, series)})
        )
        for part, codes in enumerate(batches(series.codes[1:], MOST), 1):
            variables = {"discountId": ID, "codes": [{"code": code.printed} for code in codes]}
            yield CartFile(f"{folder}/add-{part:04d}.json", body({"query": _ADD, "variables": variables}))
    if products := skus(consignment):
        words = " OR ".join(f"sku:{json.dumps(sku, ensure_ascii=False)}" for sku in products)
        yield CartFile("products.json", body({"query": _SKUS, "variables": {"query": words}}))
    yield from _withdraw(consignment)
    yield CartFile("README.txt", _readme(consignment, say))


def _create(series: Series) -> str:
    return _SHIPPING if series.offer.benefit is Benefit.SHIPPING else _BASIC


def _input(consignment: Consignment, series: Series) -> dict[str, Any]:
    offer = series.offer
    wanted: dict[str, Any] = {
        "title": consignment.title(series),
        "code": series.codes[0].printed,
        "startsAt": consignment.starts(series).isoformat(),
        "endsAt": consignment.ends(series).isoformat(),
        "context": {"all": "ALL"},
        "usageLimit": series.uses,
    }
    if offer.minimum:
        wanted["minimumRequirement"] = {"subtotal": {"greaterThanOrEqualToSubtotal": str(offer.minimum)}}
    if offer.benefit is Benefit.SHIPPING:
        return {"input": {**wanted, "destination": {"all": True}}}
    variants = {"products": {"productVariantsToAdd": [f"SKU:{sku}" for sku in offer.products]}}
    if offer.benefit is Benefit.PERCENT:
        value: dict[str, Any] = {"percentage": offer.percent / 100}
    else:
        value = {"discountAmount": {"amount": str(offer.amount), "appliesOnEachItem": False}}
    return {
        "input": {**wanted, "customerGets": {"items": variants if offer.products else {"all": True}, "value": value}}
    }


def _withdraw(consignment: Consignment) -> Iterator[CartFile]:
    """A code is taken out by its id, which Shopify makes: `CODE:…` stands where the id goes.

    Never by `search`: what Shopify does not understand there matches every code.
    """
    for number, series in enumerate(consignment.withdraw, 1):
        folder = f"withdraw/{number:02d}-{series.offer.id}"
        listing = {"query": _LIST, "variables": {"discountId": ID, "after": None}}
        yield CartFile(f"{folder}/list.json", body(listing))
        for part, codes in enumerate(batches(series.codes, MOST), 1):
            variables = {"discountId": ID, "ids": [f"CODE:{code.printed}" for code in codes]}
            yield CartFile(f"{folder}/delete-{part:04d}.json", body({"query": _DELETE, "variables": variables}))


def _readme(consignment: Consignment, say: Say) -> str:
    post = (
        f"curl -sS https://SHOP.myshopify.com/admin/api/{VERSION}/graphql.json"
        " -H 'Content-Type: application/json' -H \"X-Shopify-Access-Token: $TOKEN\" -d @"
    )
    parts = [
        say(
            mark("Coupon codes for Shopify, API version {version}. The token needs the scope write_discounts."),
            version=VERSION,
        )
    ]
    if skus(consignment):
        told = mark("First send products.json; in each create.json, write the id that it answers where SKU:… stands:")
        parts += [say(told), f"    {post}products.json"]
    if consignment.series:
        told = mark("1. Send create.json of each folder once. It answers the id of the discount (and no userErrors):")
        parts += [say(told), f"    {post}01-{consignment.series[0].offer.id}/create.json"]
        told = mark("2. Send the folder's add-….json, if there are any, with that id in place of DISCOUNT_ID:")
        loop = f'for f in 01-…/add-*.json; do sed "s#{ID}#gid://shopify/DiscountCodeNode/123#" "$f" | {post}-; done'
        parts += [say(told), f"    {loop}"]
        told = mark(
            "3. Shopify adds them in its own time. In the admin, each discount must then show as many codes as here: "
            "{numbers}. Try one code of each at the checkout."
        )
        numbers = "; ".join(f"{consignment.title(series)}: {len(series.codes):,}" for series in consignment.series)
        parts.append(say(told, numbers=numbers))
    if consignment.withdraw:
        told = mark(
            "Codes to take out: in withdraw/, send list.json with the id of the discount until you have read all "
            "pages; write the ids of these codes into delete-….json where CODE:… stands, and send it. Never delete by "
            "`search`: it may match all codes."
        )
        parts.append(say(told))
    return "\n\n".join([*parts, say(AS_PRINTED)]) + "\n"
