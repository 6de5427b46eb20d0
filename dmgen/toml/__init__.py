"""TOML files that people write: read with their places, so that every message can say file, line and key."""

from dmgen.toml.file import BACKSLASH, TomlFile, key_path, lookalike, parse_toml, read_source, read_toml
from dmgen.toml.places import STRING, Keys, places

__all__ = [
    "BACKSLASH",
    "STRING",
    "Keys",
    "TomlFile",
    "key_path",
    "lookalike",
    "parse_toml",
    "places",
    "read_source",
    "read_toml",
]
