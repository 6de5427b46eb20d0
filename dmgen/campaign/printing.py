"""[print] of a campaign: the standard, and the printing condition with its profile."""

import struct

from dmgen.campaign.files import existing
from dmgen.campaign.problems import RefusalError, did_you_mean, listed, problem
from dmgen.campaign.schema import PaperTable, PrintTable
from dmgen.messages import mark
from dmgen.model.posting import REAM_AREA, Paper
from dmgen.model.printing import (
    CUSTOM_CONDITION,
    REGISTERED_CONDITIONS,
    SHIPPED_CONDITION,
    SHIPPED_PROFILE,
    PrintSettings,
    Standard,
)
from dmgen.toml import TomlFile

_HEADER = 128  # bytes of an ICC profile's header (ICC.1:2010, 7.2); the tag table follows
_MOST_TAGS = 1000
_BOTH_WAYS = {b"A2B0", b"B2A0"}


def print_settings(file: TomlFile, table: PrintTable, standard: Standard | None) -> PrintSettings:
    """The settings as written, `standard` from the command line before the file's. Raises CampaignError."""
    standard = standard or table.standard
    profile = None
    if table.profile is not None:
        profile = existing(file, ("print", "profile"), table.profile)
        refusal = _profile_refusal(profile.read_bytes(), standard)
        if refusal:
            raise problem(file, ("print", "profile"), refusal)
    elif table.condition in (None, SHIPPED_CONDITION):
        profile = SHIPPED_PROFILE
    else:
        _check_name_alone(file, str(table.condition), standard)
    return PrintSettings(
        standard=standard,
        condition=table.condition or (CUSTOM_CONDITION if table.profile else SHIPPED_CONDITION),
        profile=profile,
        black_only=table.variables == "black only",
        postal_code=table.postal_code,
        paper=_paper(table.paper),
        finishing=table.finishing or "",
        note=table.note or "",
    )


def _paper(table: PaperTable | None) -> Paper | None:
    if table is None:
        return None
    return Paper.of(table.name, table.gsm or (table.ream or 0) / REAM_AREA, table.thickness)


def _check_name_alone(file: TomlFile, condition: str, standard: Standard) -> None:
    """PDF/X-1a may name a registered condition without a profile; PDF/X-4 may not."""
    if not standard.is_x1a:
        message = mark(
            "{standard} always embeds the profile: name the printer's file beside it, "
            'profile = "{condition}.icc", or write standard = "{x1a}"'
        )
        refusal = RefusalError(message, standard=standard, condition=condition, x1a=Standard.X1A_2001)
        raise problem(file, ("print", "condition"), refusal)
    if condition not in REGISTERED_CONDITIONS:
        message = mark(
            "this is no registered condition{near}; without a profile allowed: {known}; "
            'with one, any name: profile = "printer.icc"'
        )
        near = did_you_mean(condition, REGISTERED_CONDITIONS)
        raise problem(
            file, ("print", "condition"), RefusalError(message, near=near, known=listed(REGISTERED_CONDITIONS))
        )


def _profile_refusal(data: bytes, standard: Standard) -> RefusalError | None:
    """PDF/X: an output profile is of class prtr, for the colours of the file (CMYK), with A2B and B2A tables."""
    if len(data) < _HEADER + 4 or data[36:40] != b"acsp" or int.from_bytes(data[:4]) > len(data):
        return RefusalError(mark("this is no whole ICC profile; ask the printer for the .icc file of the paper"))
    kind, space = data[12:16].decode("latin-1"), data[16:20].decode("latin-1")
    if kind != "prtr" or space != "CMYK":
        message = mark(
            "an output profile is that of a printer in CMYK (class prtr); this one is of class {kind}, {space}"
        )
        return RefusalError(message, kind=kind.strip(), space=space.strip())
    newest = 2 if standard.is_x1a else 4
    if not 2 <= data[8] <= newest:
        message = mark("{standard} takes ICC profiles of version 2 to {newest}; this one is of version {version}")
        return RefusalError(message, standard=standard, newest=newest, version=data[8])
    if not _tags(data) >= _BOTH_WAYS:
        return RefusalError(mark("the profile lacks its A2B0 or B2A0 table; ask the printer for the whole one"))
    return None


def _tags(data: bytes) -> set[bytes]:
    """The tags whose data are inside the file (ICC.1:2010, 7.3)."""
    count = min(int.from_bytes(data[_HEADER : _HEADER + 4]), _MOST_TAGS)
    table = data[_HEADER + 4 : _HEADER + 4 + 12 * count]
    entries = struct.iter_unpack(">4sII", table[: len(table) // 12 * 12])
    return {tag for tag, offset, size in entries if offset + size <= len(data)}
