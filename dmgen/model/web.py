"""Where printed links lead, and what the AR page shows."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from dmgen.model.layout import Box
from dmgen.model.offer import DropKey

TOKEN = "dm"  # noqa: S105  the parameter that holds the token of a direct link, always the last one
_PLACEHOLDER = re.compile(r"\{(segment|offer)\}")


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

    def parameters(self, segment: str, offer: str) -> list[tuple[str, str]]:
        """Its UTM parameters with ids filled in; what is then empty is left out."""
        ids = {"segment": segment, "offer": offer}
        filled = ((f"utm_{key}", _PLACEHOLDER.sub(lambda at: ids[at[1]], value)) for key, value in self.utm.items())
        return [(key, value) for key, value in filled if value]


def is_template(value: str) -> bool:
    """Whether all braces of a UTM parameter are placeholders: {segment}, {offer}."""
    return not set("{}") & set(_PLACEHOLDER.sub("", value))


def page_path(target: Target, key: DropKey, offer: str = "") -> str:
    """Where a page stands below the shop's `pages`, with a slash at its end; `offer` is a coupon page's own.

    Two drops of a campaign promise other dates and hold other lotteries, so each has pages of its own; the AR page
    is the campaign's.
    """
    if target is Target.AR:
        return f"{key.campaign}/{target.value}/"
    parts = (key.campaign, key.drop.isoformat(), target.value, offer if target is Target.COUPON else "")
    return "/".join(filter(None, parts)) + "/"


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
