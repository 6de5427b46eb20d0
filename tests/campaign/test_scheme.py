"""A scheme's own file: read as written, and refused with file, line and what is allowed."""

import shutil

import pytest

from dmgen.model.scheme import Figure, Score, Total
from dmgen.resources import scheme_file, scheme_names

OWN = """\
format = 1
[options]
days = 30
share = { default = 50, least = 1, most = 100 }
tenure = { default = "first_to_last", allowed = ["first_to_last", "first_to_as_of"] }
cuts = [10, 20]
[totals]
half = { percentile = "spent", at = "share" }
[scores]
s = { of = "spent", into = 3, one = "low", cuts = "cuts" }
t = { of = "purchases", into = 3, one = "high" }
[columns]
old = "recency_days > days"
st = ["s", "t"]
[[groups]]
id = "rich"
label = "金"
when = "spent > half"
[[groups]]
id = "rest"
"""


@pytest.fixture
def own(desk):
    """A campaign whose scheme is own.toml, without groups in its segments."""

    def load(old: str = "", new: str = "", options: str = ""):
        assert old in OWN
        desk.write("own.toml", OWN.replace(old, new, 1))
        audience = f'[audience]\nscheme = "own.toml"\nlayout = "base"\n{options}'
        desk.write("campaign.toml", f'format = 1\nid = "x"\n{audience}\n')
        return desk.load().scheme

    return load


def test_a_scheme_as_written(own, desk):
    scheme = own()
    assert (scheme.name, scheme.file, scheme.group_ids) == ("own", desk.folder / "own.toml", ("rich", "rest"))
    assert dict(scheme.options) == {"days": 30, "share": 50, "tenure": "first_to_last", "cuts": (10, 20)}
    assert dict(scheme.totals) == {"half": Total(Figure.PERCENTILE, "spent", 50)}
    assert dict(scheme.scores) == {"s": Score("spent", 3, False, (10, 20)), "t": Score("purchases", 3, True)}
    assert scheme.columns["st"] == ("s", "t")
    assert [(group.label, group.when and group.when.text) for group in scheme.groups] == [
        ("金", "spent > half"), ("rest", None),
    ]  # fmt: skip


def test_options_of_the_campaign_go_before_the_files(own):
    scheme = own(options='options = { days = 7.5, share = 25, tenure = "first_to_as_of", cuts = [1, 2] }')
    assert dict(scheme.options) == {"days": 7.5, "share": 25, "tenure": "first_to_as_of", "cuts": (1, 2)}
    assert (scheme.totals["half"].percent, scheme.scores["s"].cuts) == (25, (1, 2))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "rest"', 'id = "rest"\nwhen = "spent"', ["line 20: groups[2].id", "leave out the `when`", "others = "]),
        ('when = "spent > half"\n', "", ["groups[1].id", "must be the last"]),
        ("[options]", 'others = "x"\n[options]', ["groups[2].id", "without `others`"]),
        ('id = "rest"', 'id = "rich"', ["groups[2].id", "earlier group"]),
        ('id = "rest"', 'id = "re st"', ["groups[2].id", "A-Z"]),
        ('id = "rest"', 'label = "x"', ["groups[2].id is missing"]),
        ('when = "spent > half"', 'when = "spent = 3"', ["groups[1].when", "== or >="]),
        ('when = "spent > half"', 'wen = "spent"', ["groups[1].wen", "did you mean when?"]),
        ('at = "share"', 'at = "shar"', ["totals.half.at", "days, share"]),
        ('at = "share"', "at = 101", ["totals.half.at = 101", "up to 100"]),
        (', at = "share"', "", ["totals.half", "a percentile says where"]),
        ("percentile = ", 'sum = "spent", percentile = ', ["totals.half", "one of sum, mean"]),
        ('cuts = "cuts"', 'cuts = "days"', ["scores.s.cuts", "list of numbers, of: cuts"]),
        ("[10, 20]", "[10, 20, 30]", ["line 6: options.cuts", "3 scores are parted by 2"]),
        ("[10, 20]", "[20, 10]", ["options.cuts", "ascending"]),
        ("[10, 20]", "true", ["options.cuts", "a number"]),
        ('one = "low"', 'one = "best"', ["scores.s.one", '"low", "high"']),
        (', one = "low"', "", ["scores.s.one is missing"]),
        ("into = 3", "into = 1", ["scores.s.into", "from 2 to 100"]),
        ('["s", "t"]', '["s", "u"]', ["columns.st", "there is no such score", "s, t"]),
        ('["s", "t"]', "3", ["columns.st = 3", "a rule"]),
        ('old = "recency_days > days"', 'days = "spent"', ["columns.days", "one of [options] already"]),
        ("default = 50", "default = 0", ["options.share", "1 or more"]),
        ("default = 50", "default = 500", ["options.share", "up to 100"]),
        ("least = 1", 'least = "1"', ["options.share.least", "without quotes"]),
        ('allowed = ["first_to_last", "first_to_as_of"]', 'allowed = ["first_to_last", "x"]', ["options.tenure"]),
        (', allowed = ["first_to_last", "first_to_as_of"]', "", ["options.tenure", "how purchases are measured"]),
        ('default = "first_to_last"', 'default = "x"', ["options.tenure", '"first_to_last", "first_to_as_of"']),
        ("format = 1", "format = 2", ["own.toml", "newer dmgen"]),
        ("[totals]", "[total]", ["own.toml", "did you mean totals?"]),
    ],
)
def test_a_slip_in_a_scheme_is_named_with_its_line(own, refused, old, new, says):
    message = refused(lambda: own(old, new), tuple(says))
    assert "own.toml" in message


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("{ dais = 3 }", ["options.dais", "did you mean days?"]),
        ('{ days = "3" }', ["options.days", "without quotes"]),
        ("{ share = 0 }", ["options.share = 0", "1 or more"]),
        ("{ tenure = 3 }", ["options.tenure = 3", '"first_to_as_of"']),
        ("{ cuts = 3 }", ["options.cuts = 3", "numbers in ascending order"]),
        ("{ cuts = [1, 2, 3] }", ["campaign.toml", "options.cuts", "3 scores are parted by 2 numbers"]),
        ("{ days = true }", ["options.days = true", "a number"]),
    ],
)
def test_an_option_that_the_scheme_does_not_bear_is_named(own, refused, options, says):
    message = refused(lambda: own(options=f"options = {options}"), ("campaign.toml, line 6", *says))
    assert "pydantic" not in message


def test_options_need_a_scheme(desk, refused):
    desk.write("campaign.toml", 'format = 1\nid = "x"\n[audience]\nlayout = "base"\noptions = { days = 3 }\n')
    refused(desk.load, ("line 5: audience.options.days", "without a scheme"))


def test_others_make_the_last_group(desk, own):
    text = OWN.replace("[options]", 'others = "others"\n[options]', 1).replace('id = "rest"', 'id = "poor"\nwhen = "s"')
    own()
    desk.write("own.toml", text)
    scheme = desk.load().scheme
    assert scheme.group_ids == ("rich", "poor", "others")
    assert scheme.groups[-1].when is None


@pytest.mark.parametrize("name", scheme_names())
def test_a_shipped_scheme_says_what_it_is_and_is_read_as_a_copy_is(desk, own, name):
    """Its comments come first: name, definition, source; the file copied beside the campaign is the same scheme."""
    head = scheme_file(name).read_text("utf-8").partition("format = 1")[0]
    assert all(line.startswith("#") for line in head.splitlines())
    assert "Source:" in head
    own()
    shutil.copy(scheme_file(name), desk.folder / "own.toml")
    copied = desk.load().scheme
    desk.change("campaign.toml", '"own.toml"', f'"{name}"')
    shipped = desk.load().scheme
    assert (shipped.name, copied.name) == (name, "own")
    for part in ("options", "totals", "scores", "columns", "groups"):
        assert getattr(shipped, part) == getattr(copied, part)
    readme = scheme_file(name).with_name("README.md").read_text("utf-8")
    assert all(f"`{option}`" in readme for option in shipped.options)
