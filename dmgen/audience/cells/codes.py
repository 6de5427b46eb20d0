"""Codes as systems write them: with an apostrophe before, with zeros lost, or standing for a prefecture."""

import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.vector import mask, matches, mend

# ISO 3166-2:JP, which is JIS X 0401: 01 … 47.
PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県",
    "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県",
    "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県",
    "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip
_PREFECTURE_CODE = r"^JP-?(?:0[1-9]|[1-3][0-9]|4[0-7])$"


def prefecture_names(cells: pa.Array) -> pa.Array:
    """A text column with JP-13, or JP13, as 東京都; other cells stay as they are."""
    return mend(cells, matches(cells, _PREFECTURE_CODE), lambda code: PREFECTURES[int(code[-2:]) - 1])


def unquoted(cells: pa.Array) -> pa.Array:
    """A column of ids or numbers without the apostrophe by which a system keeps a spreadsheet from changing them."""
    return mend(cells, mask(pc.starts_with(cells, "'")), lambda cell: cell.removeprefix("'"))


def padded(cells: pa.Array, digits: int) -> pa.Array:
    """A column of numbers of so many digits with the zeros that a spreadsheet took away; other cells stay."""
    return mend(cells, matches(cells, rf"^[0-9]{{1,{digits - 1}}}$"), lambda cell: cell.zfill(digits))
