"""Where printed links lead, and what the AR page shows."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from dmgen.model.layout import Box


class Target(StrEnum):
    """Pages that dmgen makes itself; a link leads to one of these or to an address."""

    COUPON = "coupon"
    LOTTERY = "lottery"
    AR = "ar"


@dataclass(frozen=True, slots=True)
class LinkRule:
    """[links.NAME]: where a link of this name leads. `utm` are its parameters, {segment} and {offer} still to fill in.

    A `direct` link is the address itself with the token at its end; any other is short and redirected.
    """

    name: str
    to: Target | str = Target.COUPON
    utm: dict[str, str] = field(default_factory=dict)
    direct: bool = False


class Media(StrEnum):
    """What the AR page can show, by its name on the web."""

    FILM = "video/mp4"
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"


@dataclass(frozen=True, slots=True)
class Ar:
    """[ar]: the marker's id (0 to 249) and what appears over the letter, at `place` (mm from the trim)."""

    marker: int
    content: Path
    place: Box
    title: str = ""
    text: str = ""
    media: Media = Media.FILM
    sound: bool = False
