"""Brings the Japanese catalogue up to date: `make messages` finds every mark("…"), merges and compiles.

The .po file is for translators, the .mo file is what dmgen reads; both are kept in git, and a test compares them.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PO = ROOT / "dmgen" / "locale" / "ja" / "LC_MESSAGES" / "dmgen.po"
MO = PO.with_suffix(".mo")


def extracted() -> Catalog:
    """Every message of the source, in order."""
    catalog = Catalog(project="dmgen", charset="utf-8")
    found = extract_from_dir(str(ROOT / "dmgen"), keywords={"mark": None})
    for file, _, message, comments, context in found:
        catalog.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return catalog


def translated() -> Catalog:
    """The Japanese catalogue as it is kept."""
    if not PO.exists():
        return Catalog(locale="ja", project="dmgen", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="ja")


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def main() -> int:
    """Merge, compile, and name what still lacks a translation."""
    catalog = translated()
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=0, sort_output=True, no_location=True, omit_header=False, ignore_obsolete=True)
    MO.write_bytes(compiled(translated()))
    missing = [message.id for message in translated() if message.id and not message.string]
    for message in missing:
        print(f"no translation: {message}")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
