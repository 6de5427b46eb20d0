"""What a symbol is to say, as bytes: plain ASCII, with a web address percent-encoded, or nothing at all."""

import re
from urllib.parse import quote

_URL = re.compile(r"(https?://)([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9.\-_:@\[\]]+")
_STRAY = re.compile("%(?![0-9A-Fa-f]{2})")
_LEFT = "!#$%&'()*+,/:;=?@[]~"  # what may stand in an address as it is (RFC 3986, 2.2), and escapes already made


class PayloadError(ValueError):
    """A payload that a symbol cannot hold. `reason` is a code of `dmgen.reasons`, `value` what caused it."""

    def __init__(self, reason: str, value: str) -> None:
        super().__init__(reason, value)
        self.reason = reason
        self.value = value


def payload_bytes(text: str) -> bytes:
    """The bytes of a payload: ASCII as it is; of a web address, everything that is not, percent-encoded as UTF-8.

    Readers guess the charset of anything else, each its own way. Raises PayloadError ("payload_not_ascii") for
    it, and for an address whose host is not ASCII (a Japanese domain is written xn--…).
    """
    url = _URL.fullmatch(text)
    if url and _HOST.fullmatch(url[2]):
        return (url[1] + url[2] + quote(_STRAY.sub("%25", url[3]), safe=_LEFT)).encode("ascii")
    if url or not text.isascii():
        raise PayloadError("payload_not_ascii", text)
    return text.encode("ascii")
