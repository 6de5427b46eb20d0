"""Who is addressed: the name and those who share it."""

import pytest

from dmgen.layout.addressees import addressees


@pytest.mark.parametrize(
    ("name", "joint", "names"),
    [
        ("青葉 花子", "", ["青葉 花子"]),
        ("青葉花子", "", ["青葉花子"]),
        ("青葉 一郎", "花子、翔", ["青葉 一郎", "青葉 花子", "青葉 翔"]),
        ("青葉　一郎", "山田 花子, 翔 ", ["青葉 一郎", "山田 花子", "青葉 翔"]),
        ("青葉一郎", "花子", ["青葉一郎", "花子"]),
        ("青葉 一郎", "マリア・ロペス", ["青葉 一郎", "青葉 マリア・ロペス"]),
        ("青葉 一郎", "、／", ["青葉 一郎"]),
    ],
)
def test_whole_names(name: str, joint: str, names: list[str]) -> None:
    assert [person.name for person in addressees(name, joint)] == names
