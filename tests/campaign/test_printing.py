"""[print]: standards and printing conditions that go together, and profiles that a press can use."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from dmgen.campaign import Overrides
from dmgen.model.printing import SHIPPED_PROFILE, PrintSettings, Standard

CAMPAIGN = "campaign.toml"


@pytest.fixture
def printed(desk) -> Callable[..., PrintSettings]:
    """The settings of a campaign with these lines under [print]."""

    def load(lines: str, standard: Standard | None = None) -> PrintSettings:
        campaign = desk.folder / CAMPAIGN
        desk.write(CAMPAIGN, campaign.read_text("utf-8").partition("\n[print]")[0] + f"\n[print]\n{lines}\n")
        return desk.load(Overrides(standard=standard)).printing

    return load


def _icc(path: Path, *, kind: bytes = b"prtr", space: bytes = b"CMYK", version: int = 2, drop: bytes = b"") -> None:
    """The shipped profile with another header, or without a tag."""
    data = bytearray(SHIPPED_PROFILE.read_bytes())
    data[8], data[12:16], data[16:20] = version, kind, space
    for place in range(132, 132 + 12 * struct.unpack(">I", data[128:132])[0], 12):
        if data[place : place + 4] == drop:
            data[place : place + 4] = b"xxxx"
    path.write_bytes(data)


def test_without_a_word_it_is_x4_for_the_shipped_condition(desk):
    assert desk.load().printing == PrintSettings(Standard.X4, "FOGRA39", SHIPPED_PROFILE)


@pytest.mark.parametrize("standard", Standard)
def test_each_standard_is_known_by_its_name(printed, standard):
    assert printed(f'standard = "{standard}"').standard is standard


def test_the_command_line_goes_before_the_file(printed):
    assert printed('standard = "PDF/VT-1"', Standard.X1A_2003).standard is Standard.X1A_2003


def test_a_profile_of_the_printers_is_read_beside_the_campaign(desk, printed):
    _icc(desk.folder / "press.icc", version=4)
    assert printed('profile = "press.icc"') == PrintSettings(condition="Custom", profile=desk.folder / "press.icc")
    assert printed('profile = "press.icc"\ncondition = "JC200103"').registered
    assert not printed('profile = "press.icc"\ncondition = "Our paper"').registered


@pytest.mark.parametrize("standard", ["PDF/X-1a:2001", "PDF/X-1a:2003"])
@pytest.mark.parametrize("condition", ["JC200103", "JCS2011", "CGATS TR 001"])
def test_in_x1a_a_registered_name_stands_alone(printed, standard, condition):
    settings = printed(f'standard = "{standard}"\ncondition = "{condition}"')
    assert (settings.condition, settings.profile, settings.conversion) == (condition, None, SHIPPED_PROFILE)


def test_the_shipped_conditions_name_means_the_shipped_profile(printed):
    assert printed('standard = "PDF/X-1a:2001"\ncondition = "FOGRA39"').profile == SHIPPED_PROFILE


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        ('standard = "PDF/X-3"', ['"PDF/X-4", "PDF/VT-1", "PDF/X-1a:2001", "PDF/X-1a:2003"']),
        ("standard = 4", ["print.standard = 4", '"PDF/X-4"']),
        ('variables = "black"', ['"all", "black only"']),
        ('postal_code = "yes"', ["true or false"]),
        (
            'condition = "JC200103"',
            ["print.condition", "PDF/X-4 always embeds", 'profile = "JC200103.icc"', "X-1a:2001"],
        ),
        (
            'standard = "PDF/X-1a:2001"\ncondition = "JC20O103"',
            ["print.condition", "did you mean JC200103?", "FOGRA39", "JCS2011"],
        ),
        ('profile = "none.icc"', ["print.profile", "there is no file"]),
        ('profile = "base.toml"', ["print.profile", "no whole ICC profile"]),
        ('profil = "a.icc"', ["profil", "did you mean profile?"]),
    ],
)
def test_a_refusal_says_what_is_allowed(printed, refused, lines, texts):
    refused(lambda: printed(lines), (CAMPAIGN, *texts))


@pytest.mark.parametrize(
    ("change", "standard", "texts"),
    [
        ({"kind": b"mntr"}, "PDF/X-4", ["class mntr"]),
        ({"kind": b"spac"}, "PDF/X-4", ["class spac"]),
        ({"space": b"RGB "}, "PDF/X-4", ["prtr", "RGB"]),
        ({"space": b"GRAY"}, "PDF/X-1a:2001", ["GRAY"]),
        ({"version": 5}, "PDF/X-4", ["version 2 to 4", "version 5"]),
        ({"version": 4}, "PDF/X-1a:2001", ["version 2 to 2", "version 4"]),
        ({"drop": b"A2B0"}, "PDF/X-4", ["A2B0 or B2A0"]),
        ({"drop": b"B2A0"}, "PDF/X-4", ["A2B0 or B2A0"]),
    ],
)
def test_a_profile_that_no_press_can_use_is_refused(desk, printed, refused, change, standard, texts):
    _icc(desk.folder / "press.icc", **change)
    lines = f'standard = "{standard}"\nprofile = "press.icc"'
    refused(lambda: printed(lines), (CAMPAIGN, "print.profile", *texts))


@pytest.mark.parametrize("length", [0, 100, 131, 140, 5000, 97175])
def test_a_profile_that_was_cut_off_is_refused(desk, printed, refused, length):
    (desk.folder / "press.icc").write_bytes(SHIPPED_PROFILE.read_bytes()[:length])
    refused(lambda: printed('profile = "press.icc"'), (CAMPAIGN, "print.profile", "ICC profile"))


def test_the_printers_condition_stands_in_the_shop_file(desk):
    assert desk.load().shop.printer.condition == ""
    desk.change("../shop.toml", "[columns] ", '[printer]\ncondition = "JC200103"\n[columns] ')
    assert desk.load().shop.printer.condition == "JC200103"
