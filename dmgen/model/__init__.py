"""The nouns of direct mail as frozen dataclasses; standard library only, imported by every room."""
