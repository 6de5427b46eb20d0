"""The plates of a print file, as Ghostscript separates it: another program's word for which inks a page has."""

import re
import subprocess
from collections import defaultdict
from pathlib import Path

import numpy as np
from PIL import Image

_NOISE = 1  # of 255


def separations(ghostscript: str, file: Path, folder: Path) -> list[tuple[set[str], float]]:
    """Of each page the inks that are anywhere on it, and the most of all inks at one pixel (percent).

    Nothing overprints: each thing is seen by itself, or hides what is below.
    """
    folder.mkdir()
    options = ["-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-sDEVICE=tiffsep", "-r72", "-dOverprint=/disable"]
    subprocess.run([ghostscript, *options, f"-sOutputFile={folder}/%d.tif", file], check=True, capture_output=True)
    pages: defaultdict[int, dict[str, np.ndarray]] = defaultdict(dict)
    for plate in folder.glob("*(*).tif"):
        number, ink = re.fullmatch(r"(\d+)\((.*)\)", plate.stem).groups()
        pages[int(number)][ink] = 255 - np.asarray(Image.open(plate).convert("L")).astype(int)
    return [
        ({ink for ink, cover in plates.items() if cover.max() > _NOISE}, sum(plates.values()).max() / 2.55)
        for _, plates in sorted(pages.items())
    ]
