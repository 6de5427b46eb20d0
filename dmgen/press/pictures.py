"""Pictures in the colours of the press: CMYK through the output profile, grey and line art as they are."""

import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.printing import SHIPPED_PROFILE
from dmgen.press.profile import to_press

_JPEG_QUALITY = 92


@dataclass(frozen=True)
class PictureFile:
    """A converted picture on disk and the entries of its image dictionary."""

    entries: bytes
    file: Path


def _open(path: Path) -> Image.Image:
    try:
        return Image.open(path)
    except FileNotFoundError:
        message = mark(
            "{file}: there is no such picture. Put it there, or correct its name in the layout or in the list."
        )
        raise CampaignError(message, file=path) from None
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise CampaignError(mark("{file}: not a picture that can be read (use JPEG, PNG or TIFF)"), file=path) from None


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels, as it is to be seen. Raises CampaignError for what is no picture."""
    with _open(path) as image:
        width, height = image.size
        on_its_side = image.getexif().get(ExifTags.Base.Orientation, 1) >= 5
    return (height, width) if on_its_side else (width, height)


def is_line_art(path: Path) -> bool:
    """Whether a picture has one bit a pixel. Raises CampaignError for what is no picture."""
    with _open(path) as image:
        return image.mode == "1"


def _press_colors(image: Image.Image, press: Path) -> Image.Image:
    profile = image.info.get("icc_profile") if image.mode == "RGB" else None
    if image.mode.startswith("I"):  # 16 bits a pixel
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        grey = image.mode in ("1", "L", "LA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA")).convert("L" if grey else "RGB")
    if image.mode in ("1", "L", "CMYK"):
        return image
    converted = ImageCms.applyTransform(image.convert("RGB"), to_press(profile, press))
    if converted is None:
        raise RuntimeError("no image from the colour transform")
    return converted


def _read(path: Path, press: Path) -> tuple[Image.Image, bool]:
    """The pixels in press colours, and whether they come from a JPEG."""
    with _open(path) as image:
        try:
            upright = ImageOps.exif_transpose(image)
            upright.load()
            return _press_colors(upright, press), image.format in ("JPEG", "MPO")
        except (OSError, SyntaxError, ValueError, ImageCms.PyCMSError):
            raise CampaignError(mark("{file}: the picture is damaged; save it anew"), file=path) from None


def convert_picture(path: Path, target: Path, press: Path = SHIPPED_PROFILE) -> PictureFile:
    """Write the picture in press colours to `target`. Photographs stay JPEG, other files lossless.

    RGB becomes CMYK through the job's profile; grey stays grey, which prints as black ink, and line art 1-bit.
    """
    pixels, lossy = _read(path, press)
    space = b"/DeviceCMYK" if pixels.mode == "CMYK" else b"/DeviceGray"
    bits = 1 if pixels.mode == "1" else 8
    if lossy:
        buffer = BytesIO()
        pixels.save(buffer, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
        # Pillow stores CMYK JPEGs inverted, as Adobe does.
        data, extra = buffer.getvalue(), b"/Filter/DCTDecode"
        extra += b"/Decode[1 0 1 0 1 0 1 0]" if pixels.mode == "CMYK" else b""
    else:
        data, extra = zlib.compress(pixels.tobytes(), 6), b"/Filter/FlateDecode"
    target.write_bytes(data)
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d/ColorSpace%b%b/Length %d" % (
        *pixels.size,
        bits,
        space,
        extra,
        len(data),
    )
    return PictureFile(entries, target)
