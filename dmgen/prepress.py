"""Files before they go to print: the preflight of one file or of all files of a job."""

from pathlib import Path
from typing import Any

from dmgen.errors import PreflightError, UsageError
from dmgen.fulfil import TICKET
from dmgen.messages import Speaker, mark
from dmgen.model.printing import Standard
from dmgen.preflight import Report, Severity, preflight_file, unreadable


def preflight(place: Path, standard: Standard | None) -> list[Report]:
    """Check a PDF file, or every print file of a job folder. Raises UsageError for what is neither."""
    if not place.is_dir():
        return [preflight_file(place, standard)]
    files = sorted((place / "print").glob("*.pdf"))
    if not (place / TICKET).is_file() or not files:
        raise UsageError(
            mark("{folder} is no finished job: name a PDF file, or a job's folder (it holds job.json and print)"),
            folder=place,
        )
    return [check_file(file, standard) for file in files]


def check_file(file: Path, standard: Standard | None) -> Report:
    """The report of a job's file; that it cannot be opened is a finding, and its other files are still looked at."""
    try:
        return preflight_file(file, standard)
    except UsageError as error:
        return unreadable(file, standard, error)


def refuse_errors(reports: list[Report]) -> None:
    """Raises PreflightError if any file has an error."""
    wrong = {report.file.name: errors for report in reports if (errors := report.count(Severity.ERROR))}
    if wrong:
        raise PreflightError(
            mark(
                "not fit for print (errors: {errors}, files: {files} of {all}): "
                "do what each arrow says, then check again"
            ),
            errors=sum(wrong.values()),
            files=len(wrong),
            all=len(reports),
        )


def as_data(reports: list[Report], speaker: Speaker) -> dict[str, Any]:
    """The reports as one JSON object; rules and weights are codes, messages are in the user's language."""
    return {
        "errors": sum(report.count(Severity.ERROR) for report in reports),
        "warnings": sum(report.count(Severity.WARNING) for report in reports),
        "files": [
            {
                "file": str(report.file),
                "standard": report.standard,
                "claim": report.claim,
                "pages": report.pages,
                "read": report.read,
                "findings": [
                    {
                        "rule": finding.rule,
                        "severity": finding.severity,
                        "page": finding.page,
                        "object": finding.at,
                        "times": finding.times,
                        "message": finding.said(speaker),
                        "remedy": finding.remedy_said(speaker),
                    }
                    for finding in report.findings
                ],
            }
            for report in reports
        ],
    }
