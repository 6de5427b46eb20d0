"""Symbols from tables are those that `qrcode` draws, and an independent decoder reads them."""

import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.util import MODE_8BIT_BYTE, QRData

from dmgen.model.symbol import Symbol
from dmgen.symbols import CODINGS, QUIET_ZONE, PayloadError, QrSeries, qr_size
from dmgen.symbols.qr import qr_symbol
from tests.symbols.decode import decoded, picture

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PREFIX = "https://aobado.example.jp/c/"


def _decode(symbol: Symbol) -> list[zxingcpp.Barcode]:
    return [decoded(picture(symbol, QUIET_ZONE))]


def _by_qrcode(payload: str, version: int, mask: int) -> list[list[bool]]:
    code = qrcode.QRCode(version, qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=mask)
    code.add_data(QRData(payload.encode(), mode=MODE_8BIT_BYTE), optimize=0)
    code.make(fit=False)
    return [[bool(module) for module in row] for row in code.modules]


def _mask(symbol: Symbol) -> int:
    """The mask that the symbol names in its format information (JIS X 0510, 7.9): bits 12 to 10, under 10101."""
    bits = "".join("1" if dark else "0" for dark in symbol.grid()[8][:5])
    return int(bits, 2) & 0b111 ^ 0b101


@given(
    prefix=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=90),
    suffix=st.text(st.sampled_from(ALPHABET), max_size=6),
)
@settings(max_examples=25, deadline=None)
def test_tables_give_the_symbol_of_qrcode(prefix: str, suffix: str) -> None:
    symbol = QrSeries.build(prefix, len(suffix), ALPHABET).symbol(prefix + suffix)
    assert symbol.grid() == _by_qrcode(prefix + suffix, (symbol.columns - 17) // 4, _mask(symbol))


@pytest.fixture(scope="module")
def series() -> QrSeries:
    return QrSeries.build(PREFIX, 12, ALPHABET)


@given(token=st.text(st.sampled_from(ALPHABET), min_size=12, max_size=12))
@settings(max_examples=150, deadline=None)
def test_an_independent_decoder_reads_every_payload(series: QrSeries, token: str) -> None:
    [code] = _decode(series.symbol(PREFIX + token))
    assert code.text == PREFIX + token
    assert code.format == zxingcpp.BarcodeFormat.QRCode
    assert code.ec_level == "M"


@given(token=st.text(st.sampled_from(ALPHABET), min_size=12, max_size=12))
@settings(max_examples=20, deadline=None)
def test_the_symbol_of_a_whole_link_is_that_of_qrcode(series: QrSeries, token: str) -> None:
    symbol = series.symbol(PREFIX + token)
    assert symbol.grid() == _by_qrcode(PREFIX + token, (symbol.columns - 17) // 4, _mask(symbol))


def test_the_series_is_the_same_in_every_run(series: QrSeries) -> None:
    assert QrSeries.build(PREFIX, 12, ALPHABET) == series


@pytest.mark.parametrize(
    "payload",
    [PREFIX + "a" * 11, PREFIX + "a" * 13, "http" + PREFIX[5:] + "a" * 13, PREFIX + "a" * 11 + "é", PREFIX + "!" * 12],
)
def test_a_payload_of_another_form_is_refused(series: QrSeries, payload: str) -> None:
    with pytest.raises(ValueError, match="another series"):
        series.symbol(payload)


@pytest.mark.parametrize(("length", "size"), [(14, 21), (15, 25), (26, 25), (60, 33), (62, 33), (63, 37), (2331, 177)])
def test_the_size_is_that_of_the_smallest_level_m_symbol(length: int, size: int) -> None:
    """JIS X 0510, table 7: capacity of byte mode at level M."""
    assert qr_size(length) == size


def test_there_is_no_symbol_for_too_much_text() -> None:
    assert qr_size(2332) == 0


ascii_text = st.text(st.characters(max_codepoint=0x7F), min_size=1, max_size=200).filter(
    lambda text: not text.lower().startswith("http")
)


@given(payload=ascii_text, larger=st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_a_payload_of_any_length_gives_the_symbol_of_qrcode(payload: str, larger: int) -> None:
    """In the version of the longest payload of a list, whichever it is; short ones are padded."""
    columns = CODINGS["qr"].columns(payload) + 4 * larger
    symbol = CODINGS["qr"].symbol(payload, columns)
    assert symbol.columns == columns
    assert symbol.grid() == _by_qrcode(payload, (columns - 17) // 4, _mask(symbol))


@pytest.mark.parametrize("version", range(1, 41))
def test_every_version_is_that_of_qrcode_and_readable_when_full(version: int) -> None:
    columns = version * 4 + 17
    length = max(n for n in range(2332) if qr_size(n) == columns)
    payload = ("0123456789 abc/?" * 150)[:length]
    symbol = CODINGS["qr"].symbol(payload, columns)
    assert symbol.grid() == _by_qrcode(payload, version, _mask(symbol))
    assert decoded(picture(symbol, QUIET_ZONE)).text == payload


def test_a_payload_that_is_too_long_is_refused() -> None:
    for call in (lambda: CODINGS["qr"].columns("a" * 2332), lambda: qr_symbol(b"a" * 15, 21)):
        with pytest.raises(PayloadError, match="payload_too_long"):
            call()
    assert CODINGS["qr"].symbol("a" * 15, 21).columns == 25  # a budget that does not suffice is no reason to fail


def test_the_quiet_zone_is_four_modules() -> None:
    assert QUIET_ZONE == 4
