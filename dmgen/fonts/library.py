"""The faces a job may use, by the key that layouts write."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from dmgen.fonts.chain import Chain
from dmgen.fonts.face import REST, Face, load_face, rest_of
from dmgen.resources import asset

SHIPPED = {
    "mincho": "NotoSerifJP-Regular.ttf",
    "gothic": "NotoSansJP-Regular.ttf",
    "mono": "IBMPlexMono-Medium.ttf",
}

FontLibrary = dict[str, Face]


def load_fonts(keys: Collection[str], own: Mapping[str, Path]) -> FontLibrary:
    """The faces of these keys; a shop's own files (`[fonts]`) come before the shipped ones.

    Raises CampaignError for a file that cannot be embedded.
    """
    paths = {key: asset("fonts", name) for key, name in SHIPPED.items()} | dict(own)
    faces = [load_face(key, paths[key]) for key in sorted(keys)]
    rests = (rest_of(face) for face in faces)
    return {face.key: face for face in (*faces, *filter(None, rests))}


def chain_of(library: FontLibrary, keys: Iterable[str]) -> Chain:
    """The faces of these keys, and what more there is in their fonts, in the order in which they are asked."""
    return Chain(tuple(library[name] for key in keys for name in (key, key + REST) if name in library))
