"""The faces a job may use, by the key that layouts write."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from dmgen.fonts.chain import Chain
from dmgen.fonts.face import REST, Face, load_face, rest_of
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
    faces |= {rest.key: rest for rest in map(rest_of, list(faces.values())) if rest}
    turned = sorted(horizontal_key(key) for key in set(keys) - faces.keys())
    upright = [vertical_face(faces[name]) for key in turned for name in (key, key + REST) if name in faces]
    return faces | {face.key: face for face in upright}


def chain_of(library: FontLibrary, keys: Iterable[str]) -> Chain:
    """The faces of these keys, and what more there is in their fonts, in the order in which they are asked."""
    return Chain(tuple(library[name] for key in keys for name in (key, key + REST) if name in library))
