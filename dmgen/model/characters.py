"""What is printed for a character that no font has, where a campaign asks for a warning only."""

import re

GETA = "\u3013"  # 〓, what Japanese typesetting shows for a sort that the case does not hold
_SEQUENCE = re.compile("(.)[\ufe00-\ufe0f\U000e0100-\U000e01ef]", re.DOTALL)


def stand_in(missing: str) -> str:
    """The base character of a variation sequence; 〓 for anything else, which nobody takes for a part of a name."""
    sequence = _SEQUENCE.fullmatch(missing)
    return sequence[1] if sequence else GETA
