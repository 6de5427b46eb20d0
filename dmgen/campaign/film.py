"""What an MP4 file holds, read from its boxes (ISO/IEC 14496-12; the codecs' own: 14496-14 and -15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from dmgen.errors import CampaignError
from dmgen.messages import mark

EXPORT = mark("export it as H.264 (8 bit, 4:2:0) with AAC sound or none, as an MP4 file")
LARGE = 20_000_000  # bytes; about half a minute of waiting on a middling phone line

_MOST_INDEX = 64_000_000  # bytes of `moov` that are read
_CODECS = {
    "ap4h": "Apple ProRes", "ap4x": "Apple ProRes", "apch": "Apple ProRes", "apcn": "Apple ProRes",
    "apco": "Apple ProRes", "apcs": "Apple ProRes", "av01": "AV1", "dva1": "Dolby Vision", "dvav": "Dolby Vision",
    "dvh1": "Dolby Vision", "dvhe": "Dolby Vision", "hev1": "HEVC (H.265)", "hvc1": "HEVC (H.265)",
    "jpeg": "Motion JPEG", "mjpa": "Motion JPEG", "mp4v": "MPEG-4 part 2", "s263": "H.263", "vp08": "VP8",
    "vp09": "VP9", "vvc1": "VVC (H.266)", "ac-3": "AC-3", "ac-4": "AC-4", "alac": "Apple Lossless", "ec-3": "E-AC-3",
    "fLaC": "FLAC", "lpcm": "PCM", "Opus": "Opus", "samr": "AMR", "sowt": "PCM", "twos": "PCM",
}  # fmt: skip
_PROFILES = {44: "CAVLC 4:4:4", 110: "High 10", 122: "High 4:2:2", 244: "High 4:4:4"}
_AAC = {0x40, 0x66, 0x67, 0x68}  # object types of `esds` (14496-1, table 5)
_VISUAL, _AUDIO = 78, 28  # bytes of a sample entry before the boxes in it


@dataclass(frozen=True, slots=True)
class Film:
    """A film that browsers play; one with its `index_first` begins before it is loaded."""

    sound: bool
    index_first: bool


class _Box(NamedTuple):
    kind: str
    body: bytes


class _Place(NamedTuple):
    """A box of the file itself: where its body begins and the whole ends."""

    kind: str
    body: int
    end: int


def read_film(path: Path) -> Film:
    """The film in a file that begins with `ftyp`. Raises CampaignError with what to export where no browser plays it.

    Every browser plays H.264 of 8 bit in 4:2:0 with AAC; anything else only some do.
    """
    with path.open("rb") as file:
        brand, places = _top(file)
        if brand in ("heic", "heix", "mif1", "avif"):
            raise CampaignError(
                mark("{codec} is a picture that not every browser shows; save it as PNG or JPEG"), codec=brand
            )
        if brand == "qt":
            raise _unplayable(mark("no browser is sure to play a QuickTime film (.mov); {export}"))
        kinds = [place.kind for place in places]
        index = next((place for place in places if place.kind == "moov"), None)
        if index is None or "mdat" not in kinds:
            raise _unplayable(
                mark("the film has no index or no content (moov, mdat), as if it was not finished; {export}")
            )
        if index.end - index.body > _MOST_INDEX:
            raise _broken()
        file.seek(index.body)
        entries = list(_entries(file.read(index.end - index.body)))
    pictures = [entry for handler, entry in entries if handler == "vide"]
    sounds = [entry for handler, entry in entries if handler == "soun"]
    if not pictures:
        raise _unplayable(mark("the film has no picture; {export}"))
    for entry in pictures:
        _check_picture(entry)
    for entry in sounds:
        _check_sound(entry)
    return Film(bool(sounds), kinds.index("moov") < kinds.index("mdat"))


def _unplayable(message: str, **values: object) -> CampaignError:
    return CampaignError(message, export=CampaignError(EXPORT), **values)


def _broken() -> CampaignError:
    return _unplayable(mark("the film cannot be read: its boxes contradict each other; {export}"))


def _top(file: BinaryIO) -> tuple[str, list[_Place]]:
    """The file's brand and boxes. Raises CampaignError where the last one does not end with the file."""
    size = file.seek(0, 2)
    at, places, brand = 0, [], ""
    while at < size:
        file.seek(at)
        head = file.read(16)
        length, kind, body = int.from_bytes(head[:4]), _name(head[4:8]), at + 8
        if length == 1:
            length, body = int.from_bytes(head[8:16]), at + 16
        elif length == 0:
            length = size - at
        if len(head) < 8 or at + length > size:
            message = mark("the film is cut off after {has} of {said} bytes; copy it again, or export it again")
            raise CampaignError(message, has=size, said=max(at + length, size + 1))
        if at + length < body:
            raise _broken()
        places.append(_Place(kind, body, at + length))
        brand = brand or _name(head[8:12])
        at += length
    return brand, places


def _name(four: bytes) -> str:
    return "".join(chr(byte) if 32 < byte < 127 else "" if byte == 32 else "?" for byte in four)


def _boxes(data: bytes) -> Iterator[_Box]:
    """The boxes that `data` consists of; zeros at the end are no box (QuickTime ends lists so)."""
    at = 0
    while at + 8 <= len(data):
        length, body = int.from_bytes(data[at : at + 4]), at + 8
        if length == 1:
            length, body = int.from_bytes(data[at + 8 : at + 16]), at + 16
        elif length == 0:
            length = len(data) - at
        if at + length > len(data) or at + length < body:
            raise _broken()
        yield _Box(_name(data[at + 4 : at + 8]), data[body : at + length])
        at += length


def _inside(data: bytes, *path: str) -> bytes:
    """The body of the first box at this path; empty where there is none."""
    for kind in path:
        data = next((box.body for box in _boxes(data) if box.kind == kind), b"")
    return data


def _entries(index: bytes) -> Iterator[tuple[str, _Box]]:
    """Each track's handler (`vide`, `soun` …) with every description of its samples."""
    for track in _boxes(index):
        if track.kind == "trak":
            handler = _name(_inside(track.body, "mdia", "hdlr")[8:12])
            descriptions = _inside(track.body, "mdia", "minf", "stbl", "stsd")[8:]
            yield from ((handler, entry) for entry in _boxes(descriptions))


def _check_picture(entry: _Box) -> None:
    if entry.kind != "avc1":
        said = mark("not every browser plays this film: its picture is {codec}; {export}")
        raise _unplayable(said, codec=_CODECS.get(entry.kind, entry.kind))
    profile = _inside(entry.body[_VISUAL:], "avcC")[1:2]
    if not profile:
        raise _broken()
    if profile[0] in _PROFILES:
        said = mark("not every browser plays this film: its picture is {codec}; {export}")
        raise _unplayable(said, codec=f"H.264 {_PROFILES[profile[0]]}")


def _check_sound(entry: _Box) -> None:
    codec = _CODECS.get(entry.kind, entry.kind)
    if entry.kind == "mp4a":
        kind = _object_type(_inside(entry.body[_AUDIO:], "esds"))
        if kind in _AAC:
            return
        codec = "MP3" if kind in (0x69, 0x6B) else f"mp4a.{kind:02X}"
    raise _unplayable(mark("not every browser plays this film: its sound is {codec}; {export}"), codec=codec)


def _object_type(descriptors: bytes) -> int:
    """What a sound is coded in: the ES descriptor (tag 3) holds the decoder's configuration (tag 4)."""
    at = _after_length(descriptors, 4)  # version and flags
    if not at or descriptors[4] != 3 or len(descriptors) < at + 3:
        return 0
    flags = descriptors[at + 2]
    at += 3 + (2 if flags & 0x80 else 0) + (2 if flags & 0x20 else 0)
    inner = _after_length(descriptors, at)
    return descriptors[inner] if inner and descriptors[at] == 4 and inner < len(descriptors) else 0


def _after_length(data: bytes, at: int) -> int:
    """The place after the tag at `at` and its length of one to four bytes; 0 where the data ends before."""
    for place in range(at + 1, min(at + 5, len(data))):
        if data[place] < 0x80:
            return place + 1
    return 0
