"""The one catalogue of text for people (gettext); machine-read codes stay English."""

import gettext
import locale
import os
from functools import cache
from pathlib import Path

from dmgen.errors import DmgenError

LANGUAGES = ("ja", "en")
_LOCALE_FOLDER = Path(__file__).with_name("locale")


def mark(message: str) -> str:
    """Mark a message for the catalogue; it is translated where it is shown."""
    return message


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of `language` ("ja" or "en"; English needs none)."""
    return gettext.translation("dmgen", _LOCALE_FOLDER, [language], fallback=True)


def locale_language() -> str:
    """The language of the user's locale: "ja" or "en"."""
    name = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), None)
    name = name or locale.getlocale()[0] or ""
    return "ja" if name.lower().startswith("ja") else "en"


class Speaker:
    """Says messages in one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._catalogue = catalogue(self.language)

    def say(self, message: str, **values: object) -> str:
        """`message` translated, its `{name}` fields filled from `values`."""
        return self._catalogue.gettext(message).format(**values)

    def error(self, error: DmgenError) -> str:
        """An error's message in this language."""
        values = {k: self.error(v) if isinstance(v, DmgenError) else v for k, v in error.values.items()}
        return self.say(error.message, **values)
