"""The ICC profile of the printing condition: embedded as it is, and what RGB pictures are converted with."""

from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import ImageCms

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.printing import PrintSettings
from dmgen.press.standard import Intent


def read_intent(settings: PrintSettings) -> Intent:
    """The output intent of a job. Raises CampaignError for a profile whose tables cannot be used."""
    try:
        to_press(None, settings.conversion)
        if settings.profile is None:
            return Intent(settings, b"")
        data = settings.profile.read_bytes()
        description = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(data)))
    except (OSError, ImageCms.PyCMSError):
        message = mark(
            "{file}: the ICC profile is damaged, no colour can be converted with it; ask the printer for it anew"
        )
        raise CampaignError(message, file=settings.conversion) from None
    return Intent(settings, data, " ".join(description.split()))


@cache
def to_press(source: bytes | None, profile: Path) -> ImageCms.ImageCmsTransform:
    """From RGB, sRGB unless `source` is another profile, to the printing condition."""
    rgb = ImageCms.ImageCmsProfile(BytesIO(source)) if source else ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(
        rgb,
        ImageCms.ImageCmsProfile(str(profile)),
        "RGB",
        "CMYK",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
