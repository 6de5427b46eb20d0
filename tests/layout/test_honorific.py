"""様 for people, 御中 for organisations, nothing twice."""

import pytest

from dmgen.layout.honorific import honorific


@pytest.mark.parametrize("name", ["山田 花子", "John Smith", "株 式子", "青葉", "会田 社子"])
def test_people_are_sama(name: str) -> None:
    assert honorific(name) == "　様"


@pytest.mark.parametrize(
    "name",
    [
        "株式会社青葉堂",
        "青葉堂（株）",
        "(有)青葉",
        "㈱青葉",
        "医療法人若葉会",
        "青葉法律事務所",
        "若葉クリニック",
        "NPO法人緑",
    ],
)
def test_organisations_are_onchu(name: str) -> None:
    assert honorific(name) == "　御中"


@pytest.mark.parametrize("name", ["山田様", "株式会社青葉御中", "青葉先生", "会員各位", "山田花子さま"])
def test_a_name_that_has_one_gets_no_second(name: str) -> None:
    assert honorific(name) == ""
