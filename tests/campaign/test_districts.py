"""districts = "FILE.csv": what a post office's list may look like, and what is refused with its line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.campaign.districts import read_districts
from dmgen.errors import CampaignError


@pytest.fixture
def listed(tmp_path: Path):
    def read(text: str | bytes) -> tuple[str, ...]:
        path = tmp_path / "districts.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_districts(path)

    return read


@pytest.mark.parametrize(
    "text",
    [
        "100\n19402\n5400012\n",
        "郵便区番号\n100\n194-02\n540-0012\n",
        "郵便番号（上3桁～）,局名\r\n100,銀座\r\n194-02,町田西\r\n540-0012,大阪\r\n",
        "\ufeffdistrict\n１００\n１９４－０２\n〒540-0012\n",
        '"100"\n\n "19402"\n\n5400012',
        "郵便区番号\n100\n19402\n5400012\n".encode("cp932"),
    ],
)
def test_lists_as_post_offices_write_them(listed, text) -> None:
    assert listed(text) == ("100", "19402", "5400012")


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        ("100\n10\n", 2, "10"),
        ("100\n12345678\n", 2, "12345678"),
        ("郵便区番号\n100\n銀座\n", 3, "銀座"),
        ("100\n１００\n", 2, "100"),
        ("district\n194-02\n19402\n", 3, "19402"),
        ("100\n٣٤٥\n", 2, "٣٤٥"),
        ('100\n"200\n', 2, ""),
    ],
)
def test_refusals_name_the_line(listed, text, line, named) -> None:
    with pytest.raises(CampaignError, match=f"line {line}.*{named}"):
        listed(text)


@pytest.mark.parametrize("text", ["", "\n\n", "郵便区番号\n"])
def test_a_list_without_a_district_is_refused(listed, text) -> None:
    with pytest.raises(CampaignError, match="no postal district"):
        listed(text)


def test_what_is_no_text_is_refused(listed) -> None:
    with pytest.raises(CampaignError, match="UTF-8"):
        listed(b"100\n\xff\xfe\x00\x81\n")


@given(data=st.binary(max_size=60))
def test_any_bytes_are_a_list_or_refused(tmp_path_factory, data) -> None:
    path = tmp_path_factory.mktemp("d") / "districts.csv"
    path.write_bytes(data)
    try:
        found = read_districts(path)
    except CampaignError:
        return
    assert found and len(set(found)) == len(found)
    assert all(one.isascii() and one.isdecimal() and 3 <= len(one) <= 7 for one in found)


def test_the_campaign_holds_its_list(desk) -> None:
    text = desk.folder.joinpath("campaign.toml").read_text("utf-8")
    desk.write("campaign.toml", text + '\n[mail]\nsort = "listed"\ndistricts = "post.csv"\n')
    path = desk.write("post.csv", "100\n194-02\n")
    mail = desk.load().mail
    assert mail and (mail.listed, mail.districts) == (("100", "19402"), path)
    path.unlink()
    with pytest.raises(CampaignError, match=r"there is no file .*post\.csv"):
        desk.load()
