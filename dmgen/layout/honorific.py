"""様 for people, 御中 for organisations."""

import re

_ORGANISATION = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|[㈱㈲]|（株）|（有）|\(株\)|\(有\)|(?:一般|公益)(?:社団|財団)法人|"
    r"(?:医療|学校|宗教|社会福祉|特定非営利活動|ＮＰＯ|NPO)法人|協同組合|事務所$|クリニック$|病院$|商店$|商会$"
)
_HONOURED = re.compile(r"(?:様|さま|殿|御中|先生|各位)$")


def honorific(name: str) -> str:
    """What follows a name in a Japanese address, with the blank before it; nothing where it stands already."""
    if _HONOURED.search(name):
        return ""
    return "　御中" if _ORGANISATION.search(name) else "　様"
