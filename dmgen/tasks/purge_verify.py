"""`dmgen purge --check`: a deletion certificate against what is there now."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmgen.errors import PreflightError, UsageError
from dmgen.fulfil import TICKET, sha256
from dmgen.messages import mark
from dmgen.tasks.purge_scope import raw_ticket

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate that holds: `files` were deleted and are not there. `digest` is its sha256, as job.json says it."""

    file: Path
    job: str
    files: int
    digest: str

    def as_json(self) -> dict[str, Any]:
        """The numbers, for other programs."""
        return {"job": self.job, "files": self.files, "sha256": self.digest}


def check_certificate(file: Path) -> Certified:
    """Raises UsageError for what is no certificate, PreflightError where it was changed or a file is there (again).

    Files are looked for where they were, and beside the certificate if the folder was moved with it.
    """
    try:
        told = json.loads(file.read_text("utf-8"))
        folders = [(Path(one["folder"]), [str(entry["file"]) for entry in one["files"]]) for one in told["folders"]]
        job = str(told["job"])
    except (OSError, ValueError, KeyError, TypeError):
        message = mark("{file} is no deletion certificate: name a deletion-certificate.json")
        raise UsageError(message, file=file) from None
    digest = sha256(file)
    said = ((raw_ticket(file.parent, TICKET) or {}).get("purge") or {}).get("certificate", digest)
    if said != digest:
        raise PreflightError(mark("{file} was changed: its sha256 is not the one in job.json"), file=file)
    places = {place / name for folder, names in folders for place in (folder, file.parent) for name in names}
    there = sorted(str(place) for place in places if place.exists())
    if there:
        raise PreflightError(
            mark("{count} files are there that were deleted, or files of the same name: {files}. Look at them"),
            count=len(there),
            files=", ".join(there[:_SHOWN]) + (" …" if len(there) > _SHOWN else ""),
        )
    return Certified(file, job, sum(len(names) for _, names in folders), digest)
