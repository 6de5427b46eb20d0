"""Schemes: the shipped ones by name or the user's own file, with the options that a campaign sets."""

from collections.abc import Mapping
from pathlib import Path

from dmgen.campaign.files import beside, existing
from dmgen.campaign.problems import RefusalError, check, did_you_mean, listed, problem
from dmgen.campaign.schema_campaign import AudienceTable
from dmgen.campaign.schema_scheme import OptionTable, SchemeTable, ScoreTable, TotalTable
from dmgen.messages import mark
from dmgen.model.rule import Rule
from dmgen.model.scheme import MEASURING, NO_SCHEME, Figure, Group, Number, OptionValue, Scheme, Score, Total
from dmgen.resources import scheme_file, scheme_names
from dmgen.toml import Keys, TomlFile, read_toml

_OPTIONS: Keys = ("audience", "options")


def find_scheme(campaign: TomlFile, audience: AudienceTable) -> Scheme:
    """The scheme that [audience] names, its options set. Raises CampaignError."""
    if audience.scheme == NO_SCHEME.name:
        for name in audience.options:
            raise problem(campaign, (*_OPTIONS, name), RefusalError(mark("without a scheme there are no options")))
        return NO_SCHEME
    file = read_toml(_path(campaign, audience.scheme), format_required=False)
    table = check(SchemeTable, file)
    _check_names(file, table)
    _check_options(file, table)
    options = {name: option.default for name, option in table.options.items()}
    options |= {name: _chosen(campaign, table, name, value) for name, value in audience.options.items()}
    return Scheme(
        name=file.path.stem,
        file=file.path,
        options=options,
        totals={name: _total(file, name, total, options) for name, total in table.totals.items()},
        scores={name: _score(file, name, score, options, campaign) for name, score in table.scores.items()},
        columns={name: _column(file, name, column, table) for name, column in table.columns.items()},
        groups=_groups(file, table),
    )


def _path(campaign: TomlFile, written: str) -> Path:
    if written.endswith(".toml"):
        return existing(campaign, ("audience", "scheme"), written)
    names = scheme_names()
    if written in names:
        return scheme_file(written)
    own = beside(campaign.path, f"{written}.toml")
    message = mark(
        "there is no such scheme{near}; there are: {schemes}; "
        'a file of your own is named with its ending, for example: scheme = "{own}"'
    )
    near, known = did_you_mean(written, names), listed([NO_SCHEME.name, *names])
    raise problem(campaign, ("audience", "scheme"), RefusalError(message, near=near, schemes=known, own=own.name))


def _check_names(file: TomlFile, table: SchemeTable) -> None:
    """Each name means one thing. Raises CampaignError."""
    seen: dict[str, str] = {}
    for part in ("options", "totals", "scores", "columns"):
        for name in getattr(table, part):
            if name in seen:
                message = mark("{name} is one of [{part}] already; choose another name")
                raise problem(file, (part, name), RefusalError(message, name=name, part=seen[name]))
            seen[name] = part


def _check_options(file: TomlFile, table: SchemeTable) -> None:
    for name, option in table.options.items():
        known = MEASURING.get(name)
        if known and (not option.allowed or not set(option.allowed) <= set(known)):
            message = mark("this option says how purchases are measured; its allowed values are of: {known}")
            raise problem(file, ("options", name), RefusalError(message, known=listed(known)))
        refusal = _unfit(option, option.default)
        if refusal:
            raise problem(file, ("options", name), refusal)


def _chosen(campaign: TomlFile, table: SchemeTable, name: str, value: OptionValue) -> OptionValue:
    """An option as the campaign sets it. Raises CampaignError."""
    keys = (*_OPTIONS, name)
    if name not in table.options:
        message = mark("the scheme has no such option{near}; it has: {options}")
        near = did_you_mean(name, table.options)
        raise problem(campaign, keys, RefusalError(message, near=near, options=listed(table.options)))
    refusal = _unfit(table.options[name], value)
    if refusal:
        raise problem(campaign, keys, refusal)
    return value


def _unfit(option: OptionTable, value: OptionValue) -> RefusalError | None:
    """What is wrong with a value for an option."""
    if option.allowed is not None:
        known = listed(f'"{word}"' for word in option.allowed)
        return None if value in option.allowed else RefusalError(mark("allowed: {known}"), known=known)
    if isinstance(option.default, str):
        return None if isinstance(value, str) else RefusalError(mark("write text in quotes"))
    if isinstance(option.default, tuple):
        message = mark("write numbers in ascending order: [30, 90, 180, 365]")
        return None if isinstance(value, tuple) else RefusalError(message)
    if isinstance(value, str | tuple):
        return RefusalError(mark("write a number without quotes"))
    if value < option.least:
        return RefusalError(mark("allowed: {least} or more"), least=option.least)
    if option.most is not None and value > option.most:
        return RefusalError(mark("allowed: up to {most}"), most=option.most)
    return None


def _total(file: TomlFile, name: str, table: TotalTable, options: Mapping[str, OptionValue]) -> Total:
    said = {figure: column for figure in Figure if (column := getattr(table, figure.value))}
    if len(said) != 1 or (Figure.PERCENTILE in said) != (table.at is not None):
        message = mark(
            'write one of sum, mean, count and percentile, for example {{ sum = "spent" }}; '
            'a percentile says where: {{ percentile = "spent", at = 75 }}'
        )
        raise problem(file, ("totals", name), RefusalError(message))
    [(figure, column)] = said.items()
    return Total(figure, column, _percent(file, name, table.at, options) if table.at is not None else 0)


def _percent(file: TomlFile, name: str, at: Number | str, options: Mapping[str, OptionValue]) -> Number:
    value = options.get(at) if isinstance(at, str) else at
    if isinstance(value, int | float) and 0 < value <= 100:
        return value
    numbers = [option for option, value in options.items() if isinstance(value, int | float)]
    message = mark("allowed: a percentage above 0 and up to 100, or an option that holds one, of: {options}")
    raise problem(file, ("totals", name, "at"), RefusalError(message, options=listed(numbers)))


def _score(
    file: TomlFile, name: str, table: ScoreTable, options: Mapping[str, OptionValue], campaign: TomlFile
) -> Score:
    cuts = options.get(table.cuts, ()) if table.cuts else ()
    if not isinstance(cuts, tuple) or (table.cuts and table.cuts not in options):
        lists = [option for option, value in options.items() if isinstance(value, tuple)]
        message = mark("cuts is the name of an option that holds a list of numbers, of: {options}")
        raise problem(file, ("scores", name, "cuts"), RefusalError(message, options=listed(lists)))
    if cuts and len(cuts) != table.into - 1:
        message = mark("{into} scores are parted by {cuts} numbers")
        refusal = RefusalError(message, into=table.into, cuts=table.into - 1)
        keys = (*_OPTIONS, str(table.cuts))
        raise (
            problem(campaign, keys, refusal)
            if keys in campaign.places
            else problem(file, ("options", str(table.cuts)), refusal)
        )
    return Score(table.of, table.into, table.one == "high", cuts)


def _column(file: TomlFile, name: str, written: Rule | tuple[str, ...], table: SchemeTable) -> Rule | tuple[str, ...]:
    if isinstance(written, tuple):
        for score in written:
            if score not in table.scores:
                message = mark("there is no such score{near}; the scores are: {scores}")
                near, known = did_you_mean(score, table.scores), listed(table.scores)
                raise problem(file, ("columns", name), RefusalError(message, near=near, scores=known))
    return written


def _groups(file: TomlFile, table: SchemeTable) -> tuple[Group, ...]:
    """The groups; the last takes everybody who is left. Raises CampaignError."""
    groups = [
        Group(written.id, written.label or written.id, written.when, written.response) for written in table.groups
    ]
    if table.others is not None:
        groups.append(Group(table.others, table.others))
    for index, group in enumerate(groups):
        keys: Keys = ("groups", index, "id") if index < len(table.groups) else ("others",)
        if group.id in [earlier.id for earlier in groups[:index]]:
            raise problem(file, keys, RefusalError(mark("an earlier group has this id; each needs its own")))
        if group.when is None and index < len(groups) - 1:
            message = mark("a group without `when` takes everybody who is left: it must be the last, without `others`")
            raise problem(file, keys, RefusalError(message))
    if groups[-1].when is not None:
        message = mark(
            "everybody with a purchase needs a group: leave out the `when` of the last one, "
            'or name a group for all others at the top of the file: others = "others"'
        )
        raise problem(file, ("groups", len(groups) - 1, "id"), RefusalError(message))
    return tuple(groups)
