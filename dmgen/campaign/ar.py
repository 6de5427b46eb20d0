"""[ar]: what the AR page shows, known by its content and not by the name of its file."""

from hashlib import sha256
from pathlib import Path

from dmgen.campaign.files import existing
from dmgen.campaign.film import LARGE, read_film
from dmgen.campaign.problems import RefusalError, problem
from dmgen.campaign.schema_campaign import CampaignTable
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.web import Ar, Media
from dmgen.symbols import MARKERS
from dmgen.toml import TomlFile

_AT = ("ar", "content")


def read_ar(file: TomlFile, table: CampaignTable, shop: Shop) -> Ar | None:
    """What the AR page shows. Raises CampaignError, also for a film that not every browser plays."""
    written = table.ar
    if written is None:
        return None
    # A marker tells letter from letter, not person from person: of two campaigns, few have the same by chance.
    chosen = sha256(f"{shop.id}/{table.id}".encode()).digest()[0] % MARKERS
    content = existing(file, _AT, written.content)
    try:
        media, sound = _content(content)
    except OSError as error:
        refusal = RefusalError(mark("{file} cannot be read ({reason})"), file=content, reason=error.strerror)
        raise problem(file, _AT, refusal) from None
    except CampaignError as error:
        raise problem(file, _AT, RefusalError(error.message, **error.values)) from None
    return Ar(
        marker=chosen if written.marker is None else written.marker,
        content=content,
        place=written.place,
        title=written.title,
        text=written.text,
        media=media,
        sound=sound,
    )


def _content(path: Path) -> tuple[Media, bool]:
    """What a file is, and whether it sounds. Raises CampaignError where browsers do not show it."""
    with path.open("rb") as file:
        head = file.read(32)
        file.seek(max(file.seek(0, 2) - 64, 0))
        tail, size = file.read(), path.stat().st_size
    if head[4:8] == b"ftyp":
        return Media.FILM, read_film(path).sound
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        media, whole = Media.PNG, b"IEND" in tail
    elif head.startswith(b"\xff\xd8\xff"):
        media, whole = Media.JPEG, b"\xff\xd9" in tail
    elif head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        media, whole = Media.WEBP, int.from_bytes(head[4:8], "little") + 8 <= size
    else:
        raise CampaignError(
            mark("neither a film nor a picture that browsers show; allowed: MP4 (H.264), PNG, JPEG, WebP")
        )
    if not whole:
        raise CampaignError(mark("the picture is cut off; copy it again, or save it again"))
    return media, False


def content_remarks(ar: Ar | None) -> list[CampaignError]:
    """What a person should know about the content: people wait for it on a telephone's line."""
    if ar is None:
        return []
    remarks = []
    size = ar.content.stat().st_size
    if size > LARGE:
        said = mark(
            "[ar] content: {file} has {size:.0f} MB, and people load it on their phones: best below {most:.0f} MB"
        )
        remarks.append(CampaignError(said, file=ar.content, size=size / 1e6, most=LARGE / 1e6))
    if ar.media is Media.FILM and not read_film(ar.content).index_first:
        said = mark(
            "[ar] content: {file} begins to play only when all of it is loaded, because its index is at the end: "
            'export it with "fast start" (also "web optimized")'
        )
        remarks.append(CampaignError(said, file=ar.content))
    return remarks
