"""A scheme held against the columns there are, before anything is computed."""

from collections.abc import Iterable, Mapping

from dmgen.audience.measure.rules import MismatchError, check_types
from dmgen.audience.read.columns import Column
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import ColumnType
from dmgen.model.rule import Rule
from dmgen.model.scheme import OptionValue, Scheme

_NUMBERS = (ColumnType.INT, ColumnType.NUMBER)
# Measured columns that a list may not bear, and the columns of the orders that they need.
_NEEDS = {
    "discounted_purchases": "discount, code",
    "regular_purchases": "sku",
    "regular_repeats": "sku",
    "subscription_count": "subscription",
    "first_media": "media",
    "delivered_on": "delivered_on",
}
_MAY_REPLACE = frozenset({"lapsed"})


def check_scheme_columns(scheme: Scheme, columns: Mapping[str, Column]) -> None:
    """Refuse a scheme that these lists do not bear, before anything is computed. Raises CampaignError."""
    types = {name: column.type for name, column in columns.items()}
    for name in (*scheme.options, *scheme.totals, *scheme.scores, *scheme.columns):
        if name in types and name not in _MAY_REPLACE:
            raise CampaignError(
                mark("{file}: {name} is a column of the customers already. Choose another name in a copy of the file."),
                file=scheme.file,
                name=name,
            )
    for part, parts in (("totals", scheme.totals), ("scores", scheme.scores)):
        for name, figure in parts.items():
            _check_number(scheme, f"[{part}] {name}", figure.column, types)
    types |= {name: _option_type(value) for name, value in scheme.options.items() if not isinstance(value, tuple)}
    types |= dict.fromkeys(scheme.totals, ColumnType.NUMBER) | dict.fromkeys(scheme.scores, ColumnType.INT)
    for name, rule in scheme.columns.items():
        if isinstance(rule, Rule):
            _check_rule(scheme, f"[columns] {name}", rule, types)
            types[name] = ColumnType.FLAG
    for group in scheme.groups:
        if group.when is not None:
            _check_rule(scheme, f"[[groups]] {group.id}", group.when, types)


def _option_type(value: OptionValue) -> ColumnType:
    return ColumnType.TEXT if isinstance(value, str) else ColumnType.NUMBER


def _check_number(scheme: Scheme, part: str, name: str, types: Mapping[str, ColumnType]) -> None:
    if name not in types:
        raise _unknown(scheme, part, [name], types)
    if types[name] not in _NUMBERS:
        raise CampaignError(
            mark("{file}: {part}: the column {name} is of the type {type}; a column of numbers is needed."),
            file=scheme.file,
            part=part,
            name=name,
            type=types[name].value,
        )


def _check_rule(scheme: Scheme, part: str, rule: Rule, types: Mapping[str, ColumnType]) -> None:
    unknown = sorted(rule.names - set(types))
    if unknown:
        raise _unknown(scheme, part, unknown, types)
    try:
        check_types(rule, types)
    except MismatchError as error:
        raise CampaignError(
            mark(
                '{file}: {part}: in "{rule}" the part "{piece}" mixes types that do not go together. '
                "Columns and their types: {columns}."
            ),
            file=scheme.file,
            part=part,
            rule=rule.text,
            piece=str(error),
            columns=_listed(types),
        ) from error


def _unknown(scheme: Scheme, part: str, names: Iterable[str], types: Mapping[str, ColumnType]) -> CampaignError:
    needed = [name for name in names if name in _NEEDS]
    if needed:
        return CampaignError(
            mark(
                "{file}: {part} needs the column {name}, and that needs in the orders: {columns}. "
                "Add it to the orders, or use a copy of the scheme without it."
            ),
            file=scheme.file,
            part=part,
            name=needed[0],
            columns=_NEEDS[needed[0]],
        )
    return CampaignError(
        mark("{file}: {part}: there is no column {unknown}. There are: {columns}."),
        file=scheme.file,
        part=part,
        unknown=", ".join(names),
        columns=_listed(types),
    )


def _listed(types: Mapping[str, ColumnType]) -> str:
    return ", ".join(f"{name} ({kind.value})" for name, kind in types.items())
