"""The figures of `dmgen cost` as JSON and as a table for spreadsheets."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from dmgen.errors import OutputError
from dmgen.fulfil import explained, write_table
from dmgen.messages import Speaker, mark
from dmgen.model.costs import RESPONSES
from dmgen.post.effects import Effect
from dmgen.posted import Posted
from dmgen.tasks.cost import CostReport, Row

COLUMNS = (
    *("segment", "label", "layout", "letters", "sheets", "print", "paper", "handling", "postage", "total"),
    *("per_letter", "expected_response", "profit_each", "revenue_each", "average_basket", "break_even_response"),
    *("expected_gain", *(f"revenue_each_at_{int(rate * 100)}" for rate in RESPONSES)),
)
SHEETS, ALL = "(sheets)", "(all)"
"""What stands for the segment in the rows of sheets that are no letters, and of all."""
_SHARE_DIGITS, _YEN_DIGITS = 6, 2


def row_figures(row: Row, name: str) -> dict[str, Any]:
    """A row by COLUMNS: yen are whole numbers, but for a letter's, shares of 1; null is not known."""
    returns, segment = row.returns, row.segment
    told = (
        *(name, segment.label if segment else "", segment.layout if segment else ""),
        *(row.letters, row.sheets, row.print, row.paper, row.handling, row.postage, row.total),
        *(_number(row.per_letter), _rounded(returns.response, _SHARE_DIGITS)),
        *(returns.profit_needed(returns.response), returns.revenue_needed(returns.response)),
        *(_rounded(returns.basket, _YEN_DIGITS), _rounded(returns.break_even, _SHARE_DIGITS), returns.gain),
        *returns.at_rates,
    )
    return dict(zip(COLUMNS, told, strict=True))


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _rounded(value: Fraction | None, digits: int) -> float | None:
    return None if value is None else round(float(value), digits)


def all_rows(report: CostReport) -> list[dict[str, Any]]:
    """Each segment, the sheets that are no letters, and the sum of all."""
    rows = [row_figures(row, row.segment.id if row.segment else SHEETS) for row in report.rows]
    return [*rows, row_figures(report.all, ALL)]


def write_csv(report: CostReport, file: Path) -> None:
    """The rows as a table. Raises OutputError where it cannot be written, or is a folder."""
    if not file.name or file.is_dir():
        raise OutputError(mark("{file} is a folder: give --out the name of a file, for example cost.csv"), file=file)
    partial = file.with_name(f".{file.name}.partial")
    rows = [["" if cell is None else cell for cell in row.values()] for row in all_rows(report)]
    with explained(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            write_table(partial, COLUMNS, rows)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)


def as_json(report: CostReport, speaker: Speaker) -> dict[str, Any]:
    """All figures; texts are in the reader's language."""
    *rows, whole = all_rows(report)
    return {
        "campaign": report.campaign.id,
        "drop": report.campaign.drop.isoformat(),
        "segments": rows,
        "all": whole,
        "prices": [
            {
                "cost": charge.cost.value,
                "yen": float(charge.unit),
                "quantity": charge.quantity,
                "total": charge.yen,
                "from": charge.origin.value,
            }
            for charge in report.charges
        ],
        "example_prices": [charge.cost.value for charge in report.examples],
        "example_prices_dated": _day(report),
        "margin": float(report.campaign.costs.margin),
        "posted": [_posted(one, speaker) for one in report.posted],
        "postage": _postage(report),
        "discounts": [_effect(effect, speaker) for effect in report.effects],
        "further": [{"text": speaker.error(one.message), "saves": one.saves} for one in report.further],
        "hints": [speaker.error(one) for one in report.hints],
        "remarks": [speaker.error(one) for one in report.remarks],
        "no_barcode": report.no_barcode,
    }


def _day(report: CostReport) -> str | None:
    dated = report.campaign.costs.dated
    return dated.isoformat() if dated and report.examples else None


def _posted(one: Posted, speaker: Speaker) -> dict[str, Any]:
    told = {
        "segments": [part.segment for part in one.parts],
        "letters": one.pieces,
        "sheets": one.sheets,
        "paper": one.paper.name,
        "envelope": one.rules.envelope and one.rules.envelope.name,
        "assumptions": [speaker.error(said) for said in one.assumptions],
        "refused": one.refused and speaker.error(one.refused),
    }
    posting = one.posting
    if posting is None:
        return told
    item, classed = posting.item, posting.classed
    return told | {
        "size": [item.width, item.height],
        "thickness": item.thickness,
        "weight": item.weight,
        "class": classed.mail_class.value,
        "up_to": float(classed.step),
        "yen": classed.price,
        "with_barcode": posting.with_barcode,
    }


def _postage(report: CostReport) -> dict[str, Any] | None:
    if not (report.postage and report.rates):
        return None
    return {
        "total": report.postage.total,
        "without_discounts": report.postage.full,
        "valid_from": report.rates.valid_from.isoformat(),
        "lines": [
            {
                "class": line.mail_class.value,
                "up_to": float(line.step),
                "letters": line.pieces,
                "barcode": line.barcode,
                "full": line.full,
                "each": float(line.unit),
                "amount": float(line.amount),
            }
            for line in report.postage.lines
        ],
    }


def _effect(effect: Effect, speaker: Speaker) -> dict[str, Any]:
    return {
        "discount": effect.discount.value,
        "asked": effect.asked,
        "instead_of": [one.value for one in effect.instead],
        "certain": effect.certain.value,
        "saves": effect.saves,
        "met": effect.met,
        "conditions": [{"text": speaker.error(one.message), "met": one.met} for one in effect.conditions],
    }
