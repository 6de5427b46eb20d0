"""Passwords of encrypted packages: which ones are good enough, and how they are read."""

from pathlib import Path

from dmgen.errors import UsageError
from dmgen.messages import mark

SHORTEST = 12
"""Characters. WinZip's AES stretches a password a thousand times only: what is shorter is guessed by machine."""

_LONGEST_FILE = 4096
_FEWEST = 5  # different characters


def good_password(text: str) -> bytes:
    """A password as archives take it. Raises UsageError, which does not tell it, for one that is not good enough."""
    if not text.isascii() or not text.isprintable():
        raise UsageError(
            mark(
                "the password has characters that archive programs read differently: use letters, digits and signs of "
                "a US keyboard"
            )
        )
    if len(text) < SHORTEST or len(set(text)) < _FEWEST:
        raise UsageError(
            mark(
                "the password is too easy to guess: take {length} characters or more, and not the same ones over and "
                "over"
            ),
            length=SHORTEST,
        )
    return text.encode()


def password_in(file: Path) -> str:
    """The password that is the only line of a file. Raises UsageError."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_LONGEST_FILE + 1).decode("utf-8-sig")
    except OSError as error:
        message = mark("{file} cannot be read ({reason}): name a file that holds the password in one line")
        raise UsageError(message, file=file, reason=error.strerror or type(error).__name__) from None
    except ValueError:
        text = ""
    lines = text.splitlines()
    if len(lines) != 1 or not lines[0] or len(text) > _LONGEST_FILE:
        raise UsageError(
            mark("{file} does not hold a password: write it there in one line, and nothing else"), file=file
        )
    return lines[0]
