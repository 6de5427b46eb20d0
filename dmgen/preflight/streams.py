"""Content streams that do what PDF does not know, or more of it than a RIP takes."""

from dmgen.messages import mark
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.shown import Flaw

_AGAIN = mark("export the file again")


def readable_contents(flaw: Flaw) -> Faults:
    """A content stream can be read to its end."""
    if flaw.kind == "unreadable":
        yield Fault(flaw.at, mark("the contents cannot be read: {problem}"), _AGAIN, flaw.values)


def named_resources(flaw: Flaw) -> Faults:
    """What a content stream names stands in its resources."""
    if flaw.kind == "missing":
        at = f"{flaw.at} {flaw.values['name']}"
        yield Fault(at, mark("{name} is used, but not in the resources"), _AGAIN, flaw.values)


def balanced_states(flaw: Flaw) -> Faults:
    """Each q has its Q."""
    if flaw.kind == "unbalanced":
        yield Fault(flaw.at, mark("q and Q do not come in pairs"), _AGAIN)


def nested_states(flaw: Flaw) -> Faults:
    """PDF 1.6 limits: q nesting ≤ 28."""
    if flaw.kind == "nested":
        yield Fault(flaw.at, mark("graphics states are nested more than 28 deep"), mark("flatten nested groups"))


def long_strings(flaw: Flaw) -> Faults:
    """PDF 1.6 limits: strings in contents ≤ 32767."""
    if flaw.kind == "string":
        yield Fault(flaw.at, mark("a string of {size} bytes (limit 32767)"), _AGAIN, flaw.values)


def inline_lzw(flaw: Flaw) -> Faults:
    """No LZW, in inline images either."""
    if flaw.kind == "lzw":
        yield Fault(flaw.at, mark("LZW compression"), mark("export again with ZIP (Flate) or JPEG compression"))
