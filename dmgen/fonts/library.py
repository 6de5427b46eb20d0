"""The faces a job may use, by the key that layouts write."""

from collections.abc import Collection, Mapping
from pathlib import Path

from dmgen.fonts.face import Face, load_face
from dmgen.fonts.vertical import horizontal_key, vertical_face
from dmgen.resources import asset

SHIPPED = {
    "mincho": "NotoSerifJP-Regular.ttf",
    "gothic": "NotoSansJP-Regular.ttf",
    "mono": "IBMPlexMono-Medium.ttf",
}

FontLibrary = dict[str, Face]


def load_fonts(keys: Collection[str], own: Mapping[str, Path]) -> FontLibrary:
    """The faces of these keys; a shop's own files (`[fonts]`) come before the shipped ones.

    The key of a vertical face (`vertical_key`) stands for the font itself, too.
    Raises CampaignError for a file that cannot be embedded.
    """
    paths = {key: asset("fonts", name) for key, name in SHIPPED.items()} | dict(own)
    faces = {key: load_face(key, paths[key]) for key in sorted(set(map(horizontal_key, keys)))}
    return faces | {key: vertical_face(faces[horizontal_key(key)]) for key in sorted(set(keys) - faces.keys())}
