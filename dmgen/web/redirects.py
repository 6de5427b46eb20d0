"""The map from printed links to where they lead, in the formats of web servers and hosts (README.md beside this)."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

_PATH = re.compile(r"/[A-Za-z0-9._~/-]*")
_LEAST_HASH = 2048  # nginx's own map_hash_max_size
_BUCKET = 256  # bytes: ten tokens (a pointer, two bytes and twelve characters each, in steps of eight)


class Redirect(NamedTuple):
    """A token, and the address to which its link leads; percent-encoded, so plain ASCII without blanks."""

    token: str
    target: str


def path_of(links: str) -> str | None:
    """The path before the token of a short link; None where tokens do not stand at the end of a plain path."""
    path = urlsplit(links).path
    return path if _PATH.fullmatch(path) and not {"?", "#"} & set(links) else None


def nginx_map(redirects: Iterable[Redirect]) -> bytes:
    """For an `include` inside `map`: token, and "token|address".

    nginx compares the keys of a map without regard to case (ngx_http_map_module); that the token was typed exactly is
    found by comparing it with the one in the value.
    """
    # $ would begin a variable of nginx.
    lines = (f'{token} "{token}|{target.replace("$", "%24")}";\n' for token, target in redirects)
    return "".join(lines).encode("ascii")


def nginx_http(path: str, length: int, count: int) -> bytes:
    """What stands once in nginx's http { }: how a printed path becomes the address that it leads to."""
    size = _LEAST_HASH
    while size < 2 * count:
        size *= 2
    return f"""\
# In http {{ }}, once. Make map_hash_max_size at least twice the number of all links in dmgen-links/maps/.
map_hash_max_size {size};
map_hash_bucket_size {_BUCKET};

map $uri $dmgen_token {{
    default "";
    "~^{re.escape(path)}(?<dmgen_printed>[0-9A-Za-z]{{{length}}})$" $dmgen_printed;
}}
map $dmgen_token $dmgen_entry {{
    default "";
    include dmgen-links/maps/*.map;
}}
# nginx looks keys up without regard to case: only the very token that was printed leads anywhere.
map "$dmgen_token|$dmgen_entry" $dmgen_target {{
    default "";
    "~^(?<dmgen_own>[0-9A-Za-z]+)\\|\\k<dmgen_own>\\|(?<dmgen_address>https?://.+)$" $dmgen_address;
}}
""".encode()


def nginx_server(path: str, length: int) -> bytes:
    """What stands in the server { } of the links' host."""
    return f"""\
# In server {{ }} of the host that printed links name.
location ~ "^{re.escape(path)}[0-9A-Za-z]{{{length}}}$" {{
    add_header Cache-Control "no-store" always;
    add_header Referrer-Policy "no-referrer" always;
    add_header X-Robots-Tag "noindex, nofollow" always;
    if ($dmgen_target = "") {{
        return 404;
    }}
    return 302 $dmgen_target;
}}
""".encode()


def cloudflare_csv(links: str, redirects: Iterable[Redirect]) -> bytes:
    """A file for Cloudflare's Bulk Redirects: source, target, status, and four FALSE; it has no header."""
    source = links.partition("://")[2]
    return _csv((source + token, target, 302, *["FALSE"] * 4) for token, target in redirects)


def netlify_redirects(path: str, redirects: Iterable[Redirect]) -> bytes:
    """Netlify's `_redirects`, and those of hosts that read the same."""
    return "".join(f"{path}{token} {target} 302\n" for token, target in redirects).encode("ascii")


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue().encode("ascii")
