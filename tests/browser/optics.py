"""A camera over a letter, simulated: the printed page seen in perspective, soft, noisy, dim, as a film for Chromium."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pypdfium2

PER_MM = 8  # pixels of the page's picture
TABLE = (96, 112, 128)  # of wood, BGR
_INCH = 25.4


def letter(pdf: Path, page: int = 0) -> np.ndarray:
    """A page of a print file without its bleed, as a picture (BGR)."""
    document = pypdfium2.PdfDocument(pdf)
    sheet = document[page]
    left, bottom, right, top = sheet.get_trimbox()
    _, _, full_width, full_height = sheet.get_mediabox()
    picture = np.ascontiguousarray(sheet.render(scale=PER_MM * _INCH / 72).to_numpy()[:, :, :3])
    document.close()
    # pdfium rounds to whole pixels; the trim's corner must be the picture's to the hundredth of a millimetre.
    across, down = picture.shape[1] / full_width, picture.shape[0] / full_height
    scale_x, scale_y = PER_MM * _INCH / 72 / across, PER_MM * _INCH / 72 / down
    onto = np.array([[scale_x, 0, -left * across * scale_x], [0, scale_y, -(full_height - top) * down * scale_y]])
    onto[:, 2] += onto[:, :2] @ [0.5, 0.5] - 0.5  # warpAffine counts from the middle of the first pixel
    size = round((right - left) * PER_MM * _INCH / 72), round((top - bottom) * PER_MM * _INCH / 72)
    return cv2.warpAffine(picture, onto, size, borderValue=(255, 255, 255))


@dataclass(frozen=True)
class Camera:
    """A pinhole camera (as wide as a phone's) `distance` mm over the spot `at` of the letter (mm from its corner).

    `tilt` leans it over the letter's lower edge, `turn` turns the letter clockwise under it (degrees).
    """

    at: tuple[float, float]
    distance: float = 320.0
    tilt: float = 0.0
    turn: float = 0.0
    size: tuple[int, int] = (1280, 720)

    @property
    def view(self) -> np.ndarray:
        """From mm on the letter to the camera's pixels (0 is the picture's edge)."""
        tilt, turn = math.radians(self.tilt), math.radians(self.turn)
        about_z = [[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]]
        about_x = [[1, 0, 0], [0, math.cos(tilt), -math.sin(tilt)], [0, math.sin(tilt), math.cos(tilt)]]
        rotation = np.array(about_x) @ np.array(about_z)
        from_spot = np.array([[1, 0, -self.at[0]], [0, 1, -self.at[1]], [0, 0, 1]])
        pose = np.column_stack([rotation[:, 0], rotation[:, 1], [0, 0, self.distance]])
        width, height = self.size
        focal = 0.85 * max(width, height)
        return np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]]) @ pose @ from_spot

    def sees(self, spots: Sequence[tuple[float, float]]) -> np.ndarray:
        """Where spots of the letter (mm) are in the picture."""
        return cv2.perspectiveTransform(np.array([spots], float), self.view)[0]

    def picture(
        self, page: np.ndarray, *, light: float = 1.0, blur: float = 1.1, noise: float = 5.0, seed: int = 0
    ) -> np.ndarray:
        """What it sees of a page; dim pictures are as noisy as bright ones."""
        # A picture's first pixel has its middle at half a pixel: warpPerspective counts from the middle.
        half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
        onto = np.linalg.inv(half) @ self.view @ np.diag([1 / PER_MM, 1 / PER_MM, 1]) @ half
        finer = np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]])  # then averaged: edges as a lens gives them
        width, height = self.size
        seen = cv2.warpPerspective(page, finer @ onto, (2 * width, 2 * height), borderValue=TABLE)
        seen = cv2.GaussianBlur(cv2.resize(seen, self.size, interpolation=cv2.INTER_AREA), (0, 0), blur)
        grain = np.random.default_rng(seed).standard_normal((height, width, 1), np.float32) * noise
        return np.clip(seen * np.float32(0.94 * light) + grain, 0, 255).astype(np.uint8)


def film(path: Path, pictures: Iterable[np.ndarray]) -> Path:
    """The pictures one after the other, as Chromium's fake camera plays them in a loop (30 a second)."""
    frames = (cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes() for picture in pictures)
    path.write_bytes(b"".join(frames))
    return path
