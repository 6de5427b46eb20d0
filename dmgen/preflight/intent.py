"""The output intent: which printing condition the colours are meant for."""

from dmgen.messages import mark
from dmgen.preflight.file import Intent, PdfFile
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.reading import get

_CHOOSE = mark("choose an output intent (for example FOGRA39 or Japan Color 2011) and export again")
_EMBED = mark("embed the printer's ICC profile again")
_AT = "/OutputIntents"
_AT_PROFILE = "/OutputIntents /DestOutputProfile"


def one_intent(file: PdfFile) -> Faults:
    """Exactly one OutputIntent with /S /GTS_PDFX."""
    if not file.intents:
        yield Fault(_AT, mark("no output intent: the printing condition is unknown"), _CHOOSE)
    elif len(file.intents) > 1:
        yield Fault(_AT, mark("{count} output intents for PDF/X"), mark("keep one"), {"count": len(file.intents)})


def condition(file: PdfFile) -> Faults:
    """OutputConditionIdentifier non-empty."""
    if any(not intent.condition for intent in file.intents):
        yield Fault(f"{_AT} /OutputConditionIdentifier", mark("the output condition has no name"), _CHOOSE)


def described(file: PdfFile) -> Faults:
    """/Info if the condition is not registered."""
    for intent in file.intents:
        if not intent.registered and not intent.info:
            yield Fault(
                f"{_AT} /Info",
                mark("the output condition {name} is not registered, and /Info does not describe it"),
                mark("describe the condition in /Info, or name a registered one with /RegistryName"),
                {"name": intent.condition or "-"},
            )


def embedded_profile(file: PdfFile) -> Faults:
    """PDF/X-4: the profile is embedded, always."""
    if any(intent.profile is None for intent in file.intents):
        yield Fault(_AT_PROFILE, mark("the output intent's profile is not embedded"), _EMBED)


def named_condition(file: PdfFile) -> Faults:
    """PDF/X-1a: a registered condition may stand without a profile, no other."""
    for intent in file.intents:
        if intent.profile is None and (not intent.registered or intent.condition == "Custom"):
            yield Fault(
                _AT_PROFILE,
                mark("the output condition {name} is not registered and has no profile"),
                _EMBED,
                {"name": intent.condition or "-"},
            )


def press_profile(file: PdfFile) -> Faults:
    """DestOutputProfile: class prtr, N matches, A2B and B2A tables."""
    for intent in file.intents:
        if intent.profile and (problem := _problem(intent)):
            yield Fault(_AT_PROFILE, problem, _EMBED)


def _problem(intent: Intent) -> str:
    profile = intent.profile
    if profile is None or not profile.sound:
        return mark("the output intent's profile is no ICC profile")
    if profile.kind != "prtr":
        return mark("the output intent's profile is not a printer's")
    if get(intent.stream, "/N") != profile.channels:
        return mark("/N of the output intent's profile is not its number of channels")
    if not {"A2B0", "B2A0"} <= profile.tags:
        return mark("the output intent's profile lacks its tables (A2B0, B2A0)")
    return ""


def profile_version(file: PdfFile) -> Faults:
    """ICC v2 or v4; PDF 1.3 and 1.4 know only v2."""
    for intent in file.intents:
        version = intent.profile.version if intent.profile and intent.profile.sound else 2
        if version not in ((2,) if file.standard and file.standard.is_x1a else (2, 4)):
            yield Fault(
                _AT_PROFILE,
                mark("the output intent's profile is of ICC version {version}"),
                mark("embed the printer's profile in ICC version 2"),
                {"version": version},
            )
