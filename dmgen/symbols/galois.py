"""Reed–Solomon check bytes over GF(256), for QR codes and Data Matrix."""

from functools import lru_cache


class ReedSolomon:
    """Check bytes of one length: the remainder by the generator with the roots α^first, α^(first + 1) …"""

    def __init__(self, polynomial: int, first: int, count: int) -> None:
        power, powers = 1, []
        for _ in range(255):
            powers.append(power)
            power = power << 1 ^ (polynomial if power & 0x80 else 0)
        logs = {value: exponent for exponent, value in enumerate(powers)}

        def times(a: int, b: int) -> int:
            return powers[(logs[a] + logs[b]) % 255] if a and b else 0

        generator = [1]
        for exponent in range(first, first + count):
            shifted, scaled = [*generator, 0], [0, *(times(part, powers[exponent % 255]) for part in generator)]
            generator = [a ^ b for a, b in zip(shifted, scaled, strict=True)]
        self._multiples = [int.from_bytes(times(factor, part) for part in generator[1:]) for factor in range(256)]
        self._count = count

    def check_bytes(self, data: bytes) -> bytes:
        """The check bytes of a block of data."""
        multiples, top = self._multiples, 8 * (self._count - 1)
        below = (1 << top) - 1
        rest = 0
        for byte in data:
            rest = (rest & below) << 8 ^ multiples[rest >> top ^ byte]
        return rest.to_bytes(self._count)


@lru_cache(maxsize=64)
def reed_solomon(polynomial: int, first: int, count: int) -> ReedSolomon:
    """The code of these parameters, made once."""
    return ReedSolomon(polynomial, first, count)
