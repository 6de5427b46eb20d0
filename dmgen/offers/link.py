"""Links: an opaque token behind the shop's own address."""

import string

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.random_text import random_strings

LENGTH = 12  # of 62 characters: 71 bits, so a token is never found by trying
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase


def draw(n: int) -> list[str]:
    """`n` random tokens."""
    return random_strings(n, LENGTH, ALPHABET)


def url(base: str, token: str) -> str:
    """The address that a token stands for; a base that ends in a letter or digit gets a slash.

    Raises CampaignError for a base that is no plain web address.
    """
    if not base.isascii() or not base.startswith(("https://", "http://")):
        raise CampaignError(
            mark(
                'shop.toml: links = "{base}" is no web address for a QR code. '
                "Write it in plain ASCII (a Japanese domain as xn--…), beginning with https:// or http://"
            ),
            base=base,
        )
    # Without the slash, a bare host would run into the token and become somebody else's domain.
    return f"{base}/{token}" if base[-1].isalnum() else base + token
