"""What the lists of a campaign tell: figures of its customers as tables and one page. It issues and fits nothing."""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dmgen.afterwards import past
from dmgen.audience import load_audience
from dmgen.campaign import Overrides, load_campaign
from dmgen.errors import DmgenError, UsageError
from dmgen.messages import Speaker
from dmgen.model.analysis import Analysis
from dmgen.planning.plan import Progress, planned
from dmgen.report import check_library, write_page


@dataclass(frozen=True, slots=True)
class Analyzed:
    """The figures, the page that shows them (None where nothing can draw it), and what to look at."""

    analysis: Analysis
    page: Path | None
    remarks: tuple[DmgenError, ...]

    def as_json(self, speaker: Speaker) -> dict[str, Any]:
        """Every figure, for other programs."""
        figures = asdict(self.analysis)
        del figures["left_out"]
        return {
            "file": str(self.page) if self.page else None,
            **{name: _plain(value) for name, value in figures.items()},
            "repeat_rate": self.analysis.repeat_rate,
            "left_out": [speaker.error(reason) for reason in self.analysis.left_out],
            "remarks": [speaker.error(remark) for remark in self.remarks],
        }


def analyze(
    folder: Path, overrides: Overrides, out: Path | None, speaker: Speaker, progress: Progress, *, fit: bool = False
) -> Analyzed:
    """The figures of a campaign's audience, and their page at `out`, else among the campaign's output.

    With `fit` every letter is fitted, control groups are drawn and limits kept, as `check` does: the accounting then
    ends with the letters that are printed. Where the library that draws is missing the figures are there all the
    same, unless the page was asked for by name.
    """
    if out:
        check_library()
    campaign = load_campaign(folder, overrides)
    if fit:
        with planned(campaign, past(campaign), None, None, progress, analysed=True) as plan:
            analysis, remarks = plan.audience.analysis(fitted=True), tuple(plan.remarks)
    else:
        audience = load_audience(campaign, past(campaign), analysed=True)
        analysis, remarks = audience.analysis(fitted=False), tuple(audience.remarks)
    file = out or Path("output") / campaign.id / f"analysis-{campaign.drop}.html"
    try:
        write_page(analysis, speaker, file, remarks)
    except UsageError as error:
        return Analyzed(analysis, None, (*remarks, error))
    return Analyzed(analysis, file, remarks)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
