"""Pictures are printed in press colours and look as they did; what cannot be read is refused in words."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageCms

from dmgen.errors import CampaignError
from dmgen.model.contents import Picture
from dmgen.model.layout import Box
from dmgen.press import convert_picture, picture_size
from dmgen.resources import asset
from tests.conftest import Printed, page

RED, BLUE, WHITE = (190, 60, 50), (60, 80, 140), (255, 255, 255)
Shown = Callable[[Path], Image.Image]


@pytest.fixture
def shown(printed: Printed, tmp_path: Path) -> Shown:
    """How a picture looks in the printed file, one pixel of the page a pixel of the picture."""

    def show(path: Path) -> Image.Image:
        width, height = picture_size(path)
        key = {"x": convert_picture(path, tmp_path / "converted")}
        data = printed(page(Picture("x", Box(0, 0, width, height)), width=width, height=height, bleed=0), pictures=key)
        with pikepdf.open(BytesIO(data)) as pdf:
            assert pdf.check_pdf_syntax() == []
        with pypdfium2.PdfDocument(data) as document:
            return document[0].render(scale=25.4 / 72, may_draw_forms=False).to_pil().convert("RGB")

    return show


def _halves(mode: str, left: object, right: object) -> Image.Image:
    image = Image.new(mode, (40, 20), left)  # type: ignore[arg-type]
    image.paste(right, (20, 0, 40, 20))  # type: ignore[arg-type]
    return image


def _seen(rgb: tuple[int, int, int]) -> tuple[int, int, int]:
    """An sRGB colour as a plain CMYK renderer shows what the output profile makes of it."""
    press = ImageCms.ImageCmsProfile(str(asset("icc", "FOGRA39L.icc")))
    transform = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), press, "RGB", "CMYK", renderingIntent=1)
    back = ImageCms.buildTransform(press, ImageCms.createProfile("sRGB"), "CMYK", "RGB", renderingIntent=1)
    image = ImageCms.applyTransform(Image.new("RGB", (1, 1), rgb), transform)
    return ImageCms.applyTransform(image, back).getpixel((0, 0))  # type: ignore[union-attr, return-value]


def _near(pixel: object, expected: tuple[int, int, int], tolerance: int = 40) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, expected, strict=True))  # type: ignore[call-overload]


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colours_come_out_near_what_they_were(shown: Shown, tmp_path: Path, mode: str, suffix: str) -> None:
    image = _halves("RGB", RED, BLUE).convert(mode)
    if suffix == "jpg" and mode != "RGB":
        pytest.skip("no such JPEG")
    image.save(tmp_path / f"a.{suffix}")
    seen = shown(tmp_path / f"a.{suffix}")
    assert _near(seen.getpixel((8, 10)), _seen(RED))
    assert _near(seen.getpixel((32, 10)), _seen(BLUE))


@pytest.mark.parametrize(
    ("mode", "black", "white"),
    [("1", 0, 1), ("L", 0, 255), ("CMYK", (0, 0, 0, 255), (0, 0, 0, 0))],
)
@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
def test_line_art_grey_and_cmyk_stay_as_they_are(
    shown: Shown, tmp_path: Path, mode: str, black: object, white: object, suffix: str
) -> None:
    if (mode, suffix) in (("CMYK", "png"), ("1", "jpg")):
        pytest.skip("no such file")
    _halves(mode, black, white).save(tmp_path / f"a.{suffix}")
    seen = shown(tmp_path / f"a.{suffix}")
    assert _near(seen.getpixel((8, 10)), (35, 31, 32) if mode == "CMYK" else (0, 0, 0))
    assert _near(seen.getpixel((32, 10)), WHITE)
    entries = convert_picture(tmp_path / f"a.{suffix}", tmp_path / "b").entries
    assert (b"/DeviceCMYK" in entries) == (mode == "CMYK")


def test_a_cmyk_colour_keeps_its_inks(tmp_path: Path) -> None:
    inks = (20, 200, 90, 10)
    Image.new("CMYK", (8, 8), inks).save(tmp_path / "a.tif")
    convert_picture(tmp_path / "a.tif", tmp_path / "b")
    import zlib

    assert tuple(zlib.decompress((tmp_path / "b").read_bytes())[:4]) == inks


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_what_is_transparent_is_paper(shown: Shown, tmp_path: Path, mode: str) -> None:
    image = _halves("RGBA", (*BLUE, 255), (*BLUE, 0)).convert(mode)
    image.save(tmp_path / ("a.tif" if mode == "PA" else "a.png"))
    seen = shown(tmp_path / ("a.tif" if mode == "PA" else "a.png"))
    assert _near(seen.getpixel((32, 10)), WHITE, 3)
    assert not _near(seen.getpixel((8, 10)), WHITE, 60)


def test_a_grey_logo_with_a_transparent_ground_is_black_ink_only(tmp_path: Path) -> None:
    _halves("LA", (0, 255), (0, 0)).save(tmp_path / "a.png")
    assert b"/DeviceGray" in convert_picture(tmp_path / "a.png", tmp_path / "b").entries


def test_sixteen_bits_are_not_cut_off_to_white(shown: Shown, tmp_path: Path) -> None:
    Image.new("I;16", (40, 20), 128 * 256).save(tmp_path / "a.png")
    assert _near(shown(tmp_path / "a.png").getpixel((8, 10)), (128, 128, 128), 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_stands_as_its_camera_meant_it(shown: Shown, tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    _halves("RGB", RED, BLUE).save(tmp_path / "a.jpg", exif=exif, quality=95)
    seen = shown(tmp_path / "a.jpg")
    # Where the stored left half is seen (Exif 2.3, 4.6.4 A: the side of the 0th column).
    place = {1: (8, 10), 2: (32, 10), 3: (32, 10), 4: (8, 10), 5: (10, 8), 6: (10, 8), 7: (10, 32), 8: (10, 32)}
    assert (seen.width > seen.height) == (orientation < 5)
    assert _near(seen.getpixel(place[orientation]), _seen(RED))


def test_a_profile_of_its_own_is_heeded(shown: Shown, tmp_path: Path) -> None:
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (40, 20), RED).save(tmp_path / "a.png", icc_profile=swapped)
    assert _near(shown(tmp_path / "a.png").getpixel((8, 10)), _seen(RED))


def test_photographs_stay_jpeg_and_drawings_lossless(tmp_path: Path) -> None:
    for name, coding in (("a.jpg", b"/DCTDecode"), ("a.png", b"/FlateDecode")):
        _halves("RGB", RED, BLUE).save(tmp_path / name)
        assert coding in convert_picture(tmp_path / name, tmp_path / "b").entries


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
def test_a_damaged_picture_is_refused(tmp_path: Path, mode: str, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    try:
        Image.effect_noise((200, 200), 50).convert("RGB").convert(mode).save(path)
    except (OSError, ValueError):
        pytest.skip("no such file")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(CampaignError, match=r"damaged; save it anew|not a picture") as caught:
        convert_picture(path, tmp_path / "b")
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"GIF", b"\x89PNG\r\n\x1a\n", b"<svg/>", b"%PDF-1.4"])
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    for read in (picture_size, lambda file: convert_picture(file, tmp_path / "b")):
        with pytest.raises(CampaignError, match="not a picture that can be read"):
            read(path)


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(CampaignError, match=r"photo\.jpg: there is no such picture"):
        picture_size(tmp_path / "photo.jpg")


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(CampaignError, match="not a picture"):
        picture_size(tmp_path)
