"""Small campaigns over lists that a test writes."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from dmgen.campaign.schema_campaign import AudienceTable
from dmgen.campaign.scheme import find_scheme
from dmgen.model.audience import Choice, Duplicates, Lists
from dmgen.model.campaign import Campaign, Channel, ColumnRule, Segment, Shop
from dmgen.model.rule import Rule
from dmgen.model.scheme import OptionValue
from dmgen.toml import TomlFile

HEADER = (
    "customer_id,name,name_kana,postal_code,prefecture,city,town,street,building,email,phone,dm_opt_out,registered_on"
)
ORDERS = "order_id,customer_id,ordered_on,amount,items,status"
EVERYBODY = (Segment("all", "all", "base"),)
AS_OF = date(2026, 9, 30)


def rules(*texts: str) -> tuple[Segment, ...]:
    """One segment a rule, called s0, s1, …"""
    return tuple(Segment(f"s{i}", "", "base", when=Rule.parse(text)) for i, text in enumerate(texts))


def build(
    folder: Path,
    customers: Path | str | bytes | None,
    orders: Path | str | bytes | None = None,
    products: Path | str | bytes | None = None,
    *,
    segments: Sequence[Segment] = EVERYBODY,
    columns: Sequence[ColumnRule] = (),
    scheme: str = "none",
    options: Mapping[str, OptionValue] | None = None,
    as_of: date = AS_OF,
    country: str = "JP",
    no_opt_out_recorded: bool = False,
    duplicates: Duplicates = Duplicates.EXACT,
    suppress: Sequence[Path] = (),
    returned: Path | None = None,
    seeds: Path | None = None,
) -> Campaign:
    """A campaign over lists given as files or as their text; people are told apart by their ids alone."""

    def file(name: str, content: Path | str | bytes | None) -> Path | None:
        if content is None or isinstance(content, Path):
            return content
        path = folder / f"{name}.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    shop = Shop(
        "aobado",
        "青葉堂",
        folder / "shop.toml",
        country=country,
        columns=tuple(columns),
    )
    lists = Lists(
        file("customers", customers),
        file("orders", orders),
        file("products", products),
        suppress=tuple(suppress),
        returned=returned,
        seeds=seeds,
        no_opt_out_recorded=no_opt_out_recorded,
    )
    written = AudienceTable(
        scheme=scheme, options={k: list(v) if isinstance(v, tuple) else v for k, v in (options or {}).items()}
    )
    found = find_scheme(TomlFile(folder / "campaign.toml", "", {}), written)
    choice = Choice(duplicates=duplicates)
    return Campaign(
        "test", folder, shop, as_of, as_of, Channel.MAIL, lists, found, tuple(segments), {}, {}, choice=choice
    )


def person(key: str = "A1", **cells: str) -> str:
    """A row of the customers list under HEADER."""
    row = dict.fromkeys(HEADER.split(","), "") | {
        "customer_id": key, "name": "山田 太郎", "postal_code": "100-0001", "prefecture": "東京都",
        "city": "千代田区", "town": "千代田", "street": "1-1", "dm_opt_out": "0",
    }  # fmt: skip
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in (row | cells).values())


def people(*rows: str) -> str:
    """A customers list."""
    return "\r\n".join((HEADER, *rows)) + "\r\n"


@pytest.fixture
def shared() -> Path:
    """The shared data beside the checkout."""
    path = Path(__file__).resolve().parents[2].parent / "shared"
    if not path.exists():
        pytest.skip("needs ../shared")
    return path
