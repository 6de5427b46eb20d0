"""What words may say of an offer."""

from functools import lru_cache

from dmgen.model.offer import Offer
from dmgen.model.production import Record

OFFER_CELLS = (
    *("id", "label", "benefit", "amount", "percent", "points", "gift", "worth"),
    *("minimum", "maximum", "cap", "products", "starts", "expires"),
)


@lru_cache(maxsize=1000)
def offer_record(offer: Offer | None) -> Record:
    """An offer in a letter's words; none is an empty record."""
    if offer is None:
        return Record({})
    cells = {name: getattr(offer, name) for name in OFFER_CELLS}
    return Record(cells | {"benefit": offer.benefit.value, "products": "、".join(offer.products)})
