"""A shop's own coupon codes from a file, handed out in the file's order."""

import csv
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign

LONGEST = 32
_HEADINGS = {"code", "codes", "coupon", "coupon_code", "coupon code", "coupon_cd", "discount code"}
_BLOCK = 1000


class Pool:
    """The codes of a pool file that this run has not looked at yet."""

    def __init__(self, path: Path, codes: list[str]) -> None:
        self.path = path
        self._codes = iter(codes)

    def draw(self, n: int) -> list[str]:
        """The next codes of the file: `n` or more, fewer only at its end.

        More, because earlier drops have used the beginning of the file and the ledger throws those
        away; it keeps what is left over. Raises CampaignError when the file has no more codes.
        """
        codes = list(islice(self._codes, max(n, _BLOCK)))
        if codes or n == 0:
            return codes
        raise CampaignError(
            mark(
                "{file}: the pool of codes is exhausted, at least {missing} more codes are needed. "
                "Add unused codes at the end of the file and run the same command again."
            ),
            file=self.path,
            missing=n,
        )


def open_pools(campaign: Campaign) -> dict[Path, Pool]:
    """The pool files of the campaign's offers, each once, ready to draw from. Raises CampaignError."""
    paths = {offer.pool for offer in campaign.offers.values() if offer.pool}
    return {path: Pool(path, read_pool(path)) for path in sorted(paths)}


def read_pool(path: Path) -> list[str]:
    """The codes of a file: one a line, or a CSV with a column `code`; UTF-8 with or without BOM.

    Raises CampaignError with file and line for a code that cannot be printed or stands there twice.
    """
    return list(_checked(path, _content(path)))


@lru_cache(maxsize=8)  # a run asks several times; what the file holds is part of the key, so it may change in between
def _checked(path: Path, content: bytes) -> tuple[str, ...]:
    lines: dict[str, int] = {}
    for line, code in _codes(path, content):
        if not (code.isascii() and code.isprintable()) or len(code) > LONGEST:
            raise CampaignError(
                mark(
                    "{file}, line {line}: this is no code that can be printed. Allowed are at most {longest} "
                    "letters, digits and signs of ASCII; a file with several columns needs a heading: code"
                ),
                file=path,
                line=line,
                longest=LONGEST,
            )
        if code in lines:
            raise CampaignError(
                mark(
                    "{file}, line {line}: the code {code} stands in line {first} already. Remove one of the two lines."
                ),
                file=path,
                line=line,
                code=code,
                first=lines[code],
            )
        lines[code] = line
    return tuple(lines)


def _codes(path: Path, content: bytes) -> Iterator[tuple[int, str]]:
    """The cells that hold codes, with their lines; blank ones are skipped."""
    reader = csv.reader(_text(path, content).splitlines(keepends=True))
    column: int | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if column is None:
                column, is_heading = _column(path, reader.line_num, cells)
                if is_heading:
                    continue
            code = cells[column].strip() if column < len(cells) else ""
            if code:
                yield reader.line_num, code
    except csv.Error as error:
        raise CampaignError(
            mark("{file}, line {line}: this is no CSV line ({reason}). Mend the line and run again."),
            file=path,
            line=reader.line_num,
            reason=error,
        ) from None


def _column(path: Path, line: int, cells: list[str]) -> tuple[int, bool]:
    """Where the codes stand, from the first line of a file, and whether that line is a heading."""
    for column, cell in enumerate(cells):
        if cell.strip().lower() in _HEADINGS:
            return column, True
    if len(cells) == 1:
        return 0, False
    raise CampaignError(
        mark(
            "{file}, line {line}: the file has {columns} columns and none of them is called code. "
            "Write code over the column that holds the codes, or leave one code a line."
        ),
        file=path,
        line=line,
        columns=len(cells),
    )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CampaignError(
            mark(
                "{file}: the pool of codes cannot be read ({reason}). "
                'Correct the line codes = "pool:…" in campaign.toml.'
            ),
            file=path,
            reason=error.strerror,
        ) from None


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CampaignError(
            mark("{file}, line {line}: the file is not UTF-8. Save it as UTF-8 and run again."),
            file=path,
            line=content.count(b"\n", 0, error.start) + 1,
        ) from None
