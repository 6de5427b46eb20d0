"""Redirect maps, read back by parsers of their own: each token leads where it should, nothing else leads anywhere."""

import csv
import http.client
import io
import re
import socket
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.offers.link import ALPHABET, LENGTH
from dmgen.web import (
    Redirect,
    cloudflare_csv,
    netlify_redirects,
    nginx_http,
    nginx_map,
    nginx_server,
    path_of,
)

LINKS = "https://go.aobado.example.jp/c/"
TARGETS = st.from_regex(r"https://[a-z]{1,9}\.jp/[!#%&'()*+,\-./0-9:;=?@A-Z_a-z~$]{0,40}", fullmatch=True)
REDIRECTS = st.dictionaries(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH), TARGETS, max_size=20)


class Nginx:
    """What nginx makes of the files, by its documentation: words in quotes, ; and { }, keys without regard to case."""

    WORD = re.compile(r'\s+|#[^\n]*\n|"((?:\\.|[^"\\])*)"|([^\s;{}"]+)|([;{}])')

    def __init__(self, http: bytes, maps: list[bytes]) -> None:
        self.maps: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        self.sizes: dict[str, int] = {}
        entries = [words for one in maps for words in self.statements(one.decode("ascii"))]
        inside: tuple[str, list[tuple[str, str]]] | None = None
        for words in self.statements(http.decode()):
            match words:
                case ["map", source, name, "{"]:
                    inside = self.maps[name] = (source, [])
                case ["}"]:
                    inside = None
                case ["include", "dmgen-links/maps/*.map"]:
                    inside[1].extend((key, value) for key, value in entries)
                case [key, value] if inside:
                    inside[1].append((key, value))
                case [name, value]:
                    self.sizes[name] = int(value)
                case _:
                    raise ValueError(words)

    @classmethod
    def statements(cls, text: str):
        words, place = [], 0
        while place < len(text):
            found = cls.WORD.match(text, place)
            assert found, text[place : place + 40]
            place = found.end()
            quoted, bare, end = found.groups()
            if end != ";" and (end or quoted is not None or bare is not None):
                words.append(quoted if quoted is not None else bare or end)
            if end:
                yield words
                words = []
        assert not words

    def get(self, path: str) -> str:
        """The value of $dmgen_target for a request."""
        known = {"$uri": path}
        return self.variable("$dmgen_target", known)

    def variable(self, name: str, known: dict[str, str]) -> str:
        if name not in known:
            source, entries = self.maps[name]
            value = re.sub(r"\$\w+", lambda at: self.variable(at[0], known), source)
            known[name] = self.looked_up(value, entries, known)
        return known[name]

    def looked_up(self, value: str, entries: list[tuple[str, str]], known: dict[str, str]) -> str:
        plain = {key.lower(): result for key, result in entries if not key.startswith("~") and key != "default"}
        assert len(plain) == sum(not key.startswith("~") and key != "default" for key, _ in entries)
        if value.lower() in plain:
            result = plain[value.lower()]
            assert "$" not in result  # it would be a variable
            return result
        for key, result in entries:
            if key.startswith("~"):
                pattern = re.sub(r"\\k<(\w+)>", r"(?P=\1)", key[1:].replace("(?<", "(?P<"))
                if found := re.search(pattern, value):
                    known |= {f"${name}": text for name, text in found.groupdict().items()}
                    return known[result]
        return dict(entries).get("default", "")


def nginx(redirects: dict[str, str], links: str = LINKS) -> Nginx:
    path = path_of(links)
    return Nginx(nginx_http(path, LENGTH, len(redirects)), [nginx_map(Redirect(*one) for one in redirects.items())])


@given(REDIRECTS)
def test_nginx_redirects_each_token_and_nothing_else(redirects):
    if len({token.lower() for token in redirects}) < len(redirects):
        return  # one in 10^8 campaigns: nginx would say so when it is reloaded
    server = nginx(redirects)
    for token, target in redirects.items():
        assert server.get(f"/c/{token}") == target.replace("$", "%24")
        for other in (f"/c/{token.swapcase()}", f"/c/{token}x", f"/c/{token[:-1]}", f"/d/{token}", f"/c/{token}/"):
            assert server.get(other) == "" or other.removeprefix("/c/") in redirects


def test_nginx_tells_case_apart_although_its_maps_do_not():
    """Otherwise a token would be worth 61 bits instead of 71."""
    server = nginx({"aBcDeFgHiJkL": "https://x.jp/#A"})
    assert server.get("/c/aBcDeFgHiJkL") == "https://x.jp/#A"
    assert server.get("/c/abcdefghijkl") == ""


@pytest.mark.parametrize("count", [1, 1000, 200_000])
def test_nginx_has_room_for_every_token(count):
    """Buckets of 256 bytes hold ten tokens; with twice as many buckets as tokens none holds more."""
    sizes = Nginx(nginx_http("/c/", LENGTH, count), []).sizes
    assert sizes["map_hash_max_size"] >= max(2048, 2 * count)
    assert sizes["map_hash_bucket_size"] == 256


def test_nginx_itself_redirects(tmp_path, program):
    """The real server: a printed link leads where the map says; another case of it, or a longer one, leads nowhere."""
    nginx = program("nginx")
    own = tmp_path / "dmgen-links"
    (own / "maps").mkdir(parents=True)
    (own / "http.conf").write_bytes(nginx_http("/c/", LENGTH, 1))
    (own / "server.conf").write_bytes(nginx_server("/c/", LENGTH))
    (own / "maps" / "a.map").write_bytes(nginx_map([Redirect("aBcDeFgHiJkL", "https://x.jp/?a=1#B")]))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in kinds)
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log stderr; events {{}}\nhttp {{ access_log off;\n{temporary}"
        "include dmgen-links/http.conf;\n"
        f"server {{ listen 127.0.0.1:{port}; include dmgen-links/server.conf; }} }}\n"
    )
    command = [nginx, "-c", tmp_path / "nginx.conf", "-p", tmp_path]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as server:
        try:
            assert _asked(port, "/c/aBcDeFgHiJkL") == (302, "https://x.jp/?a=1#B")
            assert _asked(port, "/c/abcdefghijkl") == (404, None)
            for other in ("/c/aBcDeFgHiJkLx", "/c/"):
                assert _asked(port, other)[1] is None, other
        finally:
            server.terminate()


def _asked(port: int, path: str) -> tuple[int, str | None]:
    """Status and Location of an answer, once the server answers at all."""
    for _ in range(100):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location")
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("nginx does not answer")


def test_the_servers_snippet_matches_tokens_only():
    text = nginx_server("/c/", LENGTH).decode()
    [pattern] = re.findall(r'location ~ "(.+)" \{', text)
    assert re.search(pattern, "/c/aBcDeFgHiJk1")
    assert not any(re.search(pattern, other) for other in ("/c/", "/c/aBcDeFgHiJk1x", "/c/a/b", "/xc/aBcDeFgHiJk1"))
    assert "return 302 $dmgen_target;" in text and "return 404;" in text


@given(REDIRECTS)
def test_cloudflare_reads_each_row(redirects):
    """No header; source without a scheme, target, 302, four switches off; a source occurs once."""
    rows = list(csv.reader(io.StringIO(cloudflare_csv(LINKS, map(Redirect._make, redirects.items())).decode("ascii"))))
    assert {row[0]: row[1] for row in rows} == {
        f"go.aobado.example.jp/c/{token}": target for token, target in redirects.items()
    }
    assert all(row[2:] == ["302", "FALSE", "FALSE", "FALSE", "FALSE"] for row in rows)


@given(REDIRECTS)
def test_netlify_reads_each_line(redirects):
    """By its parser: words between blanks; one that begins with # ends the line as a comment."""
    found = {}
    for line in netlify_redirects("/c/", map(Redirect._make, redirects.items())).decode("ascii").splitlines():
        words = line.split()
        assert not any(word.startswith("#") for word in words)
        source, target, status = words
        assert status == "302"
        found[source] = target
    assert found == {f"/c/{token}": target for token, target in redirects.items()}


@pytest.mark.parametrize(
    ("links", "path"),
    [
        ("https://x.jp/c/", "/c/"),
        ("https://x.jp/", "/"),
        ("https://x.jp/a.b/c-", "/a.b/c-"),
        ("https://x.jp/?c=", None),
        ("https://x.jp/?", None),
        ("https://x.jp/#", None),
        ("https://x.jp/#c/", None),
        ('https://x.jp/"a/', None),
        ("https://x.jp/%41/", None),
    ],
)
def test_redirects_need_a_plain_path(links, path):
    assert path_of(links) == path


def test_a_dot_in_the_path_is_a_dot():
    server = nginx({"aBcDeFgHiJkL": "https://x.jp/"}, "https://x.jp/a.b/")
    assert server.get("/a.b/aBcDeFgHiJkL") and not server.get("/axb/aBcDeFgHiJkL")
