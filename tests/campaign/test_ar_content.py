"""[ar] content: a film that some phone does not play is refused before anything is printed that promises it.

The films are ffmpeg's own (films/README.md), so the reader of boxes is tested against another program's writer.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dmgen.campaign.ar import content_remarks
from dmgen.campaign.film import read_film
from dmgen.errors import CampaignError
from dmgen.model.web import Media

FILMS = Path(__file__).with_name("films")
SAMPLE = Path(__file__).parents[1] / "browser" / "ar" / "film.mp4"
AR = '\n[ar]\ncontent = "{name}"\nplace = [20, 40, 80, 45]\n'


@dataclass
class Shown:
    """A campaign whose [ar] shows a file."""

    desk: object

    def load(self, source: Path, name: str):
        shutil.copy(source, self.desk.folder / name)
        return self.loaded(name)

    def bytes(self, content: bytes, name: str = "film.mp4"):
        (self.desk.folder / name).write_bytes(content)
        return self.loaded(name)

    def loaded(self, name: str):
        campaign = (self.desk.folder / "campaign.toml").read_text("utf-8").partition("\n[ar]")[0]
        self.desk.write("campaign.toml", campaign + AR.format(name=name))
        return self.desk.load().ar


@pytest.fixture
def shown(desk) -> Shown:
    return Shown(desk)


@pytest.mark.parametrize(
    ("path", "sound"),
    [(SAMPLE, False), (FILMS / "aac.mp4", True), (FILMS / "fragmented.mp4", False)],
    ids=lambda x: str(x)[-12:],
)
def test_h264_silent_or_with_aac_is_played(shown, path, sound):
    found = shown.load(path, "film.mp4")
    assert (found.media, found.sound) == (Media.FILM, sound)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("hevc.mp4", "HEVC (H.265)"),
        ("mpeg4.mp4", "MPEG-4 part 2"),
        ("av1.mp4", "AV1"),
        ("ten-bit.mp4", "H.264 High 10"),
        ("ac3.mp4", "sound is AC-3"),
        ("mp3.mp4", "sound is MP3"),
        ("sound-only.mp4", "no picture"),
        ("quicktime.mov", "QuickTime"),
        ("prores.mov", "QuickTime"),
    ],
)
def test_what_some_phone_does_not_play_is_refused_with_what_to_export(shown, refused, name, said):
    refused(lambda: shown.load(FILMS / name, name), ("campaign.toml, line", f'ar.content = "{name}"', said, "H.264"))


def test_the_name_of_a_file_is_not_believed(shown, refused):
    """An HEVC film renamed is still one; a picture called .mp4 is shown as the picture it is."""
    refused(lambda: shown.load(FILMS / "hevc.mp4", "h264.mp4"), ("HEVC",))
    Image.new("RGB", (8, 8), "green").save(shown.desk.folder / "leaf.png")
    assert shown.load(shown.desk.folder / "leaf.png", "leaf.mp4").media is Media.PNG


@pytest.mark.parametrize("media", [Media.PNG, Media.JPEG, Media.WEBP])
def test_pictures_are_known_by_content_and_cut_off_ones_refused(shown, refused, media):
    path = shown.desk.folder / "leaf"
    Image.effect_noise((64, 64), 90).save(path, media.name)
    whole = path.read_bytes()
    assert shown.bytes(whole, "leaf.dat").media is media
    refused(lambda: shown.bytes(whole[:-80], "leaf.dat"), ("ar.content", "cut off"))


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a" + bytes(100), b"\x1aE\xdf\xa3webm" + bytes(60), "これは映像です".encode() * 9]
)
def test_what_is_no_film_is_refused(shown, refused, content):
    refused(lambda: shown.bytes(content), ("ar.content", "MP4"))


def test_a_film_that_was_not_copied_whole_is_refused(shown, refused):
    whole = SAMPLE.read_bytes()
    refused(lambda: shown.bytes(whole[:-1]), ("cut off", str(len(whole) - 1), str(len(whole))))
    refused(lambda: shown.bytes(whole[:900]), ("cut off",))
    aac = (FILMS / "aac.mp4").read_bytes()
    refused(lambda: shown.bytes(aac[: aac.index(b"moov") - 4]), ("no index", "H.264"))


@given(
    st.sampled_from([SAMPLE, FILMS / "aac.mp4", FILMS / "hevc.mp4"]),
    st.lists(st.tuples(st.integers(0, 3999), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_damaged_film_is_read_or_refused_and_never_a_fault(tmp_path_factory, source, changes):
    """Whatever bytes of the index change: a Film or a CampaignError."""
    whole = bytearray(source.read_bytes())
    for place, value in changes:
        whole[place % len(whole)] = value
    path = tmp_path_factory.getbasetemp() / "damaged.mp4"
    path.write_bytes(whole)
    try:
        assert read_film(path).sound in (True, False)
    except CampaignError as error:
        assert str(error)


def test_a_film_with_its_index_at_the_end_is_remarked(shown):
    assert content_remarks(shown.load(SAMPLE, "film.mp4")) == []
    [remark] = content_remarks(shown.load(FILMS / "aac.mp4", "film.mp4"))
    assert "fast start" in str(remark)
    assert content_remarks(None) == []


def test_a_film_too_heavy_for_phones_is_remarked(shown):
    heavy = SAMPLE.read_bytes() + (21_000_000).to_bytes(4) + b"free" + bytes(21_000_000 - 8)
    [remark] = content_remarks(shown.bytes(heavy))
    assert "21 MB" in str(remark)
    assert "20 MB" in str(remark)


def test_large_boxes_of_64_bits_are_read(shown):
    """A camera's film of more than 4 GB has its `mdat` so; a small one may."""
    whole = SAMPLE.read_bytes()
    at = whole.rindex(b"mdat") - 4
    body = whole[at + 8 :]
    large = whole[:at] + (1).to_bytes(4) + b"mdat" + (len(body) + 16).to_bytes(8) + body
    assert shown.bytes(large).media is Media.FILM
