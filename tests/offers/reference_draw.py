"""The draw once more, in another style and without any help from dmgen: whole shuffles, hashes spelt out."""

import hashlib
import json


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """RFC 2104, by hand."""
    key = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + message).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).digest()


class Words:
    """The stream of 64-bit numbers, as one growing string of bytes."""

    def __init__(self, seed: str, reveal: str, prize: str, public: str) -> None:
        what = f'["dmgen lottery draw",1,"{reveal}",{json.dumps(prize)},{json.dumps(public, ensure_ascii=False)}]'
        self.key = hmac_sha256(bytes.fromhex(seed), what.encode("utf-8"))
        self.bytes, self.blocks, self.at = b"", 0, 0

    def next(self) -> int:
        if self.at + 8 > len(self.bytes):
            self.bytes += hmac_sha256(self.key, self.blocks.to_bytes(8, "big"))
            self.blocks += 1
        self.at += 8
        return int(self.bytes[self.at - 8 : self.at].hex(), 16)

    def below(self, limit: int) -> int:
        while True:
            quotient, remainder = divmod(self.next(), limit)
            if (quotient + 1) * limit <= 1 << 64:  # else it lies in the incomplete last round
                return remainder


def shuffled(tickets: list[str], words: Words) -> list[str]:
    """All of it, by exchanging; the draw needs only its beginning."""
    deck = sorted(tickets)
    for place in range(len(deck)):
        other = place + words.below(len(deck) - place)
        deck[place], deck[other] = deck[other], deck[place]
    return deck


def reference(
    tickets: list[str], rules: dict, seed: str, public: str, voided: list[str] | tuple[str, ...] = ()
) -> dict[str, list[str]]:
    """Winners by prize, of sealed rules: those of the page first, then of the dated draw."""
    won: dict[str, list[str]] = {}
    for reveal in ("page", "draw"):
        for prize in rules["prizes"]:
            if prize["reveal"] == reveal:
                earlier = [] if rules["repeat"] else [ticket for tickets in won.values() for ticket in tickets]
                out = {*earlier, *(voided if reveal == "draw" else ())}
                order = shuffled(tickets, Words(seed, reveal, prize["id"], public if reveal == "draw" else ""))
                won[prize["id"]] = [ticket for ticket in order if ticket not in out][: prize["count"]]
    return {prize["id"]: won[prize["id"]] for prize in rules["prizes"]}
