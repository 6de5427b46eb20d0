"""Every sample says what a printer asks for, or whoever starts from it sends a work order with gaps."""

import re
from pathlib import Path

import pytest

from dmgen.campaign import load_campaign
from tests.jobs import ROOT

SAMPLES = sorted(path.parent for path in (ROOT / "layouts").glob("*/campaign.toml"))


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_a_sample_leaves_the_printer_no_question(folder: Path) -> None:
    campaign = load_campaign(folder)
    assert campaign.printing.paper
    assert campaign.printing.finishing
    assert campaign.shop.printer.name
    folded = any(layout.folds for layout in campaign.layouts.values())
    words = r"折り|fold" if folded else r"断裁のみ"
    assert re.search(words, campaign.printing.finishing)


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_whom_a_sample_names_is_nobody(folder: Path) -> None:
    """Numbers and addresses that nobody has: 0120-000-000, 555-01xx, example domains (RFC 2606, JPRS)."""
    contact = load_campaign(folder).shop.printer.contact
    assert re.search(r"0120-000-000|555-01\d\d", contact)
    assert re.search(r"@\w+\.example\.(jp|com)\b", contact)
