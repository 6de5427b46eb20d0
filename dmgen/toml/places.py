"""Where each key of a TOML document stands, which tomllib does not tell."""

import re
import tomllib

Keys = tuple[str | int, ...]

STRING = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?""""{0,2}'
    r"|'''[\s\S]*?''''{0,2}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
)
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANKS = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[ \t]*("(?:\\.|[^"\\\n])*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_PLAIN = re.compile(r"[^,\]}#\r\n]*")


def places(source: str) -> dict[Keys, int]:
    """The offset of the value (of the header, for a table) of every key of a valid document.

    Items of lists have their index, from 0, as a key. Lines of `source` end in a line feed.
    """
    return _Scanner(source).document()


class _Scanner:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._places: dict[Keys, int] = {(): 0}
        self._lists: dict[Keys, int] = {}

    def document(self) -> dict[Keys, int]:
        table: Keys = ()
        self._skip(_GAP)
        while self._at < len(self._source):
            if self._source[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_GAP)
        return self._places

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._source, self._at)
        self._at = match.end() if match else self._at

    def _next_is(self, sign: str) -> bool:
        return self._source.startswith(sign, self._at)

    def _header(self) -> Keys:
        start = self._at
        brackets = 2 if self._next_is("[[") else 1
        self._at += brackets
        names = self._names()
        self._at += brackets
        table: Keys = ()
        for position, name in enumerate(names, 1):
            table = (*table, name)
            self._places.setdefault(table, start)
            if brackets == 2 and position == len(names):
                self._lists[table] = self._lists.get(table, -1) + 1
            if table in self._lists:
                table = (*table, self._lists[table])
        self._places[table] = start
        return table

    def _names(self) -> list[str]:
        names = []
        while match := _KEY.match(self._source, self._at):
            self._at = match.end()
            name = match[1]
            names.append(tomllib.loads(f"name = {name}")["name"] if name[0] in "\"'" else name)
            if not self._next_is("."):
                break
            self._at += 1
        return names

    def _pair(self, table: Keys) -> None:
        start = self._at
        for name in self._names():
            table = (*table, name)
            self._places.setdefault(table, start)
        self._at += 1
        self._skip(_BLANKS)
        self._value(table)

    def _value(self, keys: Keys) -> None:
        self._places[keys] = self._at
        if self._next_is("["):
            self._items(keys)
        elif self._next_is("{"):
            self._inline_table(keys)
        else:
            self._skip(STRING if self._source[self._at] in "\"'" else _PLAIN)

    def _items(self, keys: Keys) -> None:
        index = 0
        self._open()
        while not self._next_is("]"):
            self._value((*keys, index))
            self._separator()
            index += 1
        self._at += 1

    def _inline_table(self, keys: Keys) -> None:
        self._open()
        while not self._next_is("}"):
            self._pair(keys)
            self._separator()
        self._at += 1

    def _open(self) -> None:
        self._at += 1
        self._skip(_GAP)

    def _separator(self) -> None:
        self._skip(_GAP)
        if self._next_is(","):
            self._open()
