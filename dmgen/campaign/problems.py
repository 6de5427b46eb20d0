"""What is said about a wrong key or value: file, line, key, what was written, what is allowed."""

import difflib
from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.toml import Keys, TomlFile, key_path

Model = TypeVar("Model", bound=BaseModel)

# What to write for a required key that is missing.
EXAMPLES = {
    "id": 'id = "april-thanks"',
    "sender": 'sender = "青葉堂オンラインストア"',
    "from": 'from = "ポイント残高"',
    "label": 'label = "500円引き"',
    "valid": 'valid = "30 days"',
    "font": 'font = "mincho"',
    "size": 'size = "10.5pt"',
    "kind": 'kind = "text"',
    "box": "box = [20, 80, 120, 10]",
    "words": 'words = "greeting"',
    "file": 'file = "photo.jpg"',
    "path": 'path = "M 0 0 L 10 0 L 10 10 Z"',
    "view": "view = [10, 10]",
    "channel": 'channel = "email"',
    "layout": 'layout = "letter"',
    "default": "default = 90",
    "of": 'of = "spent"',
    "one": 'one = "low"',
    "content": 'content = "film.mp4"',
    "place": "place = [20, 40, 80, 45]",
    "prize": 'prize = "新茶と急須のひと揃え"',
    "value": "value = 8000",
    "count": "count = 3",
    "tickets": "tickets = 3",
    "when": 'when = "spent >= 30000"',
    "highest": "highest = 5000",
    "total": "total = 100000",
    "groups": '[[groups]] id = "regulars"',
    "by": 'by = "spent"',
    "weight": "weight = 5.4",
    "yen": "yen = 12",
    "levels": 'levels = [{ name = "ゴールド", from = 100000 }]',
    "name": 'name = "ゴールド"',
    "ranks.levels.from": "from = 100000",
    "mail.envelope.name": 'name = "窓付き封筒"',
    "mail.envelope.size": "size = [120, 235]",
    "mail.enclosures.label": 'label = "小冊子"',
    "print.paper.name": 'name = "上質紙"',
    "points": "points = 500",
}
_ALLOWED = {
    "string_type": mark("write text in quotes"),
    "string_too_short": mark("write some text"),
    "int_type": mark("write a whole number without quotes"),
    "float_type": mark("write a number without quotes"),
    "float_parsing": mark("write a number without quotes"),
    "bool_type": mark("write true or false, without quotes"),
    "date_type": mark("write a date without quotes and without a time: 2026-04-10"),
    "list_type": mark("write a list: [ …, … ]"),
    "tuple_type": mark("write a list: [ …, … ]"),
    "too_short": mark("write at least one entry"),
    "dict_type": mark("write a table: {{ key = …, … }} or lines of its own under [key]"),
    "model_type": mark("write a table: {{ key = …, … }} or lines of its own under [key]"),
    "literal_error": mark("allowed: {expected}"),
    "enum": mark("allowed: {expected}"),
}
_UNUSABLE = mark("this cannot be used here")


class RefusalError(ValueError):
    """A value that cannot stand where it stands; the message says what is allowed there."""

    def __init__(self, allowed: str, **values: object) -> None:
        super().__init__(allowed)
        self.allowed = CampaignError(allowed, **values)


class UnknownKeyError(RefusalError):
    """A key that a table does not have."""

    def __init__(self, key: str, known: Iterable[str]) -> None:
        super().__init__(
            mark("unknown key{near}; allowed here: {known}"),
            near=did_you_mean(key, known),
            known=listed(known),
        )
        self.key = key


def listed(names: Iterable[str]) -> object:
    """Names for a message, or a word for none."""
    return ", ".join(names) or CampaignError(mark("none"))


def did_you_mean(name: str, known: Iterable[str]) -> object:
    """A question with the known name that `name` resembles, or nothing."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return CampaignError(mark(" (did you mean {near}?)"), near=near[0]) if near else ""


def check(model: type[Model], file: TomlFile) -> Model:
    """The file as `model`. Raises one CampaignError for all that is wrong, with the first of it."""
    try:
        return model.model_validate(file.data)
    except ValidationError as error:
        problems = list(_problems(file, error, ()))
    if len(problems) == 1:
        raise problems[0]
    raise CampaignError(mark("{first} (and {more} more)"), first=problems[0], more=len(problems) - 1)


def _problems(file: TomlFile, error: ValidationError, outer: Keys) -> Iterator[CampaignError]:
    for detail in error.errors(include_url=False):
        keys = outer + tuple(key for key in detail["loc"] if key != "[key]")
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, ValidationError):
            yield from _problems(file, cause, keys)
        elif detail["type"] == "missing":
            yield _missing(file, keys)
        else:
            yield problem(file, keys, cause if isinstance(cause, RefusalError) else _typed(detail))


def _typed(detail: ErrorDetails) -> RefusalError:
    values = dict(detail.get("ctx", {}))
    if "expected" in values:
        values["expected"] = values["expected"].replace(" or ", ", ").replace("'", '"')
    return RefusalError(_ALLOWED.get(detail["type"], _UNUSABLE), **values)


def _missing(file: TomlFile, keys: Keys) -> CampaignError:
    return CampaignError(
        mark("{file}, line {line}: {key} is missing; for example: {example}"),
        file=file.path,
        line=file.line(keys),
        key=key_path(keys),
        example=EXAMPLES.get(".".join(key for key in keys if isinstance(key, str))) or EXAMPLES[str(keys[-1])],
    )


def problem(file: TomlFile, keys: Keys, refusal: RefusalError) -> CampaignError:
    """The error for what stands at `keys` of `file`."""
    if isinstance(refusal, UnknownKeyError):
        keys = (*keys, refusal.key)
        message = mark("{file}, line {line}: {key}: {allowed}")
    else:
        message = mark("{file}, line {line}: {key} = {written}: {allowed}")
        keys = file.nearest(keys)
    return CampaignError(
        message,
        file=file.path,
        line=file.line(keys),
        key=key_path(keys),
        written=file.written(keys),
        allowed=refusal.allowed,
    )
