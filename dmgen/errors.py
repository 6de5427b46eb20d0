"""What the user is told when a thing cannot be done, and the exit code that goes with it."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line; the README lists them."""

    OK = 0
    CAMPAIGN = 1
    USAGE = 2
    LISTS = 3
    LEDGER = 4
    OUTPUT = 5
    PREFLIGHT = 6
    INTERNAL = 70
    INTERRUPTED = 130


class DmgenError(Exception):
    """A thing the user can mend; the message says what to type next.

    `message` is a gettext id with `{name}` fields; `values` fill them after translation, so that
    the language is chosen where the message is shown and the error survives pickling.
    """

    exit_code = ExitCode.INTERNAL

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message, values)
        self.message = message
        self.values = values

    def __reduce__(self) -> "tuple[object, tuple[type[DmgenError], str, dict[str, object]]]":
        return _rebuild, (type(self), self.message, self.values)

    def __str__(self) -> str:
        return self.message.format(**self.values)


def _rebuild(kind: type[DmgenError], message: str, values: dict[str, object]) -> DmgenError:
    return kind(message, **values)


class CampaignError(DmgenError):
    """A campaign, layout or shop file, or artwork they name, is wrong."""

    exit_code = ExitCode.CAMPAIGN


class UsageError(DmgenError):
    """The command line asks for something that does not go together."""

    exit_code = ExitCode.USAGE


class ListError(DmgenError):
    """A customer, order or product list cannot be used as a whole."""

    exit_code = ExitCode.LISTS


class LedgerError(DmgenError):
    """The ledger cannot be opened, is held by another run, or contradicts the campaign."""

    exit_code = ExitCode.LEDGER


class OutputError(DmgenError):
    """The job cannot be written."""

    exit_code = ExitCode.OUTPUT


class PreflightError(DmgenError):
    """The finished job is not what it should be, so it is not released."""

    exit_code = ExitCode.PREFLIGHT
