"""What the carts of online shops take: coupon codes in the layout of each."""

from dmgen.carts import generic, matrixify, shopify, woocommerce
from dmgen.carts.consignment import CartFile, Code, Consignment, Series, Writer
from dmgen.carts.facts import Cart, Use, cart, obstacle, remarks

FORMATS: dict[str, Writer] = {
    "shopify-api": shopify.write,
    "matrixify": matrixify.write,
    "woocommerce": woocommerce.write,
    "generic": generic.write,
}
"""By the name that `dmgen offers export --for` takes."""

CART_OF = {"shopify-api": "shopify", "matrixify": "shopify", "woocommerce": "woocommerce"}
"""The cart whose limits a format has; a plain table has none."""

__all__ = [
    "CART_OF",
    "FORMATS",
    "Cart",
    "CartFile",
    "Code",
    "Consignment",
    "Series",
    "Use",
    "Writer",
    "cart",
    "obstacle",
    "remarks",
]
