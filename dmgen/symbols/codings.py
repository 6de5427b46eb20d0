"""The symbols that hold any payload: what they need, and how they are made."""

from collections.abc import Callable
from dataclasses import dataclass

from dmgen.model.symbol import Symbol
from dmgen.symbols import code128, datamatrix, ean13, qr
from dmgen.symbols.payload import payload_bytes


def _said(payload: str) -> str:
    return payload_bytes(payload).decode("ascii")


@dataclass(frozen=True)
class Coding:
    """One kind of symbol.

    `columns` says how many a payload needs, `symbol` makes it with that many or more; both raise PayloadError.
    `before` and `after` are the quiet zone left and right in modules, `above` the one above and below; `least` is
    the smallest module in mm that is printed, `usual` the one to take where there is no box to fill. The height of
    bars is that of their box: at least `lowest` mm.
    """

    columns: Callable[[str], int]
    symbol: Callable[[str, int], Symbol]
    before: int
    after: int
    above: int
    least: float
    usual: float
    bars: bool = False
    lowest: float = 0.0
    usual_height: float = 0.0
    shown: Callable[[str], str] = _said  # the payload as a scanner says it


def _qr_columns(payload: str) -> int:
    return qr.qr_columns(payload_bytes(payload))


def _qr(payload: str, columns: int) -> Symbol:
    data = payload_bytes(payload)
    return qr.qr_symbol(data, max(columns, qr.qr_columns(data)))


def _datamatrix_columns(payload: str) -> int:
    return datamatrix.datamatrix_columns(payload_bytes(payload))


def _datamatrix(payload: str, columns: int) -> Symbol:
    data = payload_bytes(payload)
    return datamatrix.datamatrix_symbol(data, max(columns, datamatrix.datamatrix_columns(data)))


def _code128_columns(payload: str) -> int:
    return code128.code128_columns(payload_bytes(payload))


def _code128(payload: str, _: int) -> Symbol:
    return code128.code128_symbol(payload_bytes(payload))


def _ean13_columns(payload: str) -> int:
    ean13.ean13_digits(payload)
    return ean13.COLUMNS


def _ean13(payload: str, _: int) -> Symbol:
    return ean13.ean13_symbol(payload)


# The smallest modules: 0.30 mm is what digital printers ask for at least (グラフィック: セルサイズ); bars of 0.25 mm
# are what common scanners read at arm's length; EAN-13 is at least 80 % of its 0.33 mm (GS1 General Specifications).
CODINGS = {
    "qr": Coding(_qr_columns, _qr, qr.QUIET_ZONE, qr.QUIET_ZONE, qr.QUIET_ZONE, 0.30, 0.50),
    "datamatrix": Coding(_datamatrix_columns, _datamatrix, datamatrix.QUIET_ZONE, datamatrix.QUIET_ZONE,
                         datamatrix.QUIET_ZONE, 0.30, 0.50),
    "code128": Coding(_code128_columns, _code128, code128.QUIET_ZONE, code128.QUIET_ZONE, 0, 0.25, 0.33,
                      bars=True, lowest=5.0, usual_height=12.0),
    "ean13": Coding(_ean13_columns, _ean13, ean13.QUIET_LEFT, ean13.QUIET_RIGHT, 0, 0.264, 0.33,
                    bars=True, lowest=5.0, usual_height=24.5, shown=ean13.ean13_digits),
}  # fmt: skip
