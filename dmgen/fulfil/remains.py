"""What is left of a job folder that was purged: job.json with its counts, and what people put there themselves."""

import csv
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from dmgen.errors import OutputError
from dmgen.fulfil.folder import (
    BESIDE,
    FULFIL,
    LITTER,
    PARTIAL,
    PULLS,
    REPRINTS,
    TICKET,
    VOIDS,
    explained,
    sha256,
)
from dmgen.fulfil.pile import PILE_TABLE, PILE_TICKET
from dmgen.messages import mark

CERTIFICATE, CERTIFICATE_PAPER = "deletion-certificate.json", "deletion-certificate.pdf"
BEGUN = CERTIFICATE + PARTIAL  # what is to be deleted, while it is being deleted
_CERTIFICATES = {CERTIFICATE, CERTIFICATE_PAPER, BEGUN, CERTIFICATE_PAPER + PARTIAL}
_KEPT_FACTS = (
    *("format", "job", "shop", "campaign", "drop", "released", "reason", "read_back", "settings", "waves", "lottery"),
    *("counts", "law", "print", "shells", "inputs", "files", "versions"),
)
_STATUS = "status:"


class Doomed(NamedTuple):
    """A file to delete, by its path in the folder (with /): its size, its sha256, and the rows of a table."""

    file: str
    bytes: int
    sha256: str
    rows: int | None = None


class Remains(NamedTuple):
    """The files of a folder: those to delete, and those that dmgen did not write, which stay."""

    doomed: list[Doomed]
    unknown: list[str]


def remains(folder: Path, ticket: Mapping[str, Any], parts: Collection[Path] = (), *, hashed: bool = True) -> Remains:
    """What a job's folder, or a pile's, holds besides its ticket. `parts` are folders in it of jobs that complete it.

    Unless `hashed`, only what there is and its size is told.

    Deleted is everything that a run or a later command wrote, whether or not it names people; a file that neither
    job.json nor dmgen's own names account for was put there by somebody, and is theirs. Links are not followed.
    """
    told = {str(name) for name in ticket.get("files", ())}
    told |= {str(entry["file"]) for name in ("print", "shells") for entry in ticket.get(name, ())}
    kept = {folder / TICKET, folder / PILE_TICKET, *(part / TICKET for part in parts)}
    found = Remains([], [])
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if path in kept or name in _CERTIFICATES:
            continue
        if path.is_symlink() or not (name in told or _is_ours(PurePosixPath(name))):
            found.unknown.append(name)
        else:
            with explained(path):
                facts = (sha256(path), _rows(path)) if hashed else ("", None)
                found.doomed.append(Doomed(name, path.stat().st_size, *facts))
    return found


def without_people(ticket: Mapping[str, Any]) -> dict[str, Any]:
    """job.json without what could name a person: counts, settings and digests stay, under the names that they had.

    Of findings, remarks and waves only the number stays; lists lose their names, and orders what their status says.
    """
    kept = {name: ticket[name] for name in _KEPT_FACTS if name in ticket}
    numbers = {str(wave.get("wave")): str(n) for n, wave in enumerate(kept.get("waves") or (), 1)}
    counts = dict(kept["counts"])
    counts["orders"] = _without_status(counts.get("orders") or {})
    kept |= {
        "read_back": {**kept.get("read_back", {}), "first": []},
        "counts": counts,
        "remarks": len(ticket.get("remarks") or ()),
        "waves": [{**wave, "wave": numbers[str(wave.get("wave"))]} for wave in kept.get("waves") or ()],
        "print": [_of_wave(one, numbers) for one in kept.get("print", ())],
        "inputs": [{**one, "file": ""} if "rows" in one else one for one in kept.get("inputs", ())],
    }
    return kept


def _of_wave(entry: dict[str, Any], numbers: Mapping[str, str]) -> dict[str, Any]:
    return {**entry, "wave": numbers.get(str(entry["wave"]), "")} if "wave" in entry else entry


def pile_without_people(ticket: Mapping[str, Any]) -> dict[str, Any]:
    """pile.json without the names of waves."""
    return {**ticket, "waves": [{**wave, "wave": str(n)} for n, wave in enumerate(ticket.get("waves") or (), 1)]}


def write_json(file: Path, told: Mapping[str, Any]) -> None:
    """Write a file of a job that appears whole, in the place of an earlier one. Raises OutputError."""
    with explained(file):
        beside = file.with_name(file.name + ".new")
        beside.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")
        beside.replace(file)


def delete(folder: Path, names: Iterable[str]) -> None:
    """Delete files of a folder, and the folders in it that are empty then; what is gone already is no fault.

    Raises OutputError where one cannot be deleted.
    """
    above = set[Path]()
    for name in names:
        file = folder / name
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                mark(
                    "{file} cannot be deleted ({problem}): close it in other programs, and type the same command again "
                    "to go on"
                ),
                file=file,
                problem=error.strerror or type(error).__name__,
            ) from None
        above |= {parent for parent in file.parents if folder in parent.parents}
    for empty in sorted(above, key=lambda path: len(path.parts), reverse=True):
        if empty.is_dir() and not any(empty.iterdir()):
            empty.rmdir()


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from (Path(place) / name for name in sorted([*names, *links]))


def _is_ours(name: PurePosixPath) -> bool:
    """Whether dmgen writes files of such names where job.json does not list them."""
    first, *rest = name.parts
    if not rest:
        return first in (*BESIDE, PILE_TABLE, TICKET + ".new", PILE_TICKET + ".new") or first in LITTER
    if name.name in LITTER:
        return True
    if first in (PULLS, FULFIL, REPRINTS):
        return rest[0].lstrip(".").partition(".")[0].isdecimal()
    return first in (PARTIAL, VOIDS)


def _rows(path: Path) -> int | None:
    """The rows of a table below its header; None of what is none, or cannot be read as one."""
    if path.suffix != ".csv":
        return None
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return max(sum(1 for _ in csv.reader(file)) - 1, 0)
    except (ValueError, csv.Error):
        return None


def _without_status(orders: Mapping[str, int]) -> dict[str, int]:
    """Counts of orders, those left out for their status together: what it says is the list's own text."""
    kept = {name: count for name, count in orders.items() if not name.startswith(_STATUS)}
    left = sum(count for name, count in orders.items() if name.startswith(_STATUS))
    return kept | ({"status": left} if left else {})


def entries(doomed: Sequence[Doomed]) -> list[dict[str, Any]]:
    """Files as a certificate lists them."""
    return [{name: value for name, value in one._asdict().items() if value is not None} for one in doomed]
