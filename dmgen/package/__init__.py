"""What leaves the house: its files with their checksums, as a folder or an archive, and its check."""

from dmgen.package.check import Checked, check
from dmgen.package.done import Done
from dmgen.package.password import good_password, password_in
from dmgen.package.reading import Finding, LockedError
from dmgen.package.ticket import FORMAT, SUMS, TICKET, PackageFile, digest, is_digest, is_safe, write_ticket
from dmgen.package.write import ChangedFileError, Staging, appear, begun, is_archive, require_room, write

__all__ = [
    "FORMAT",
    "SUMS",
    "TICKET",
    "ChangedFileError",
    "Checked",
    "Done",
    "Finding",
    "LockedError",
    "PackageFile",
    "Staging",
    "appear",
    "begun",
    "check",
    "digest",
    "good_password",
    "is_archive",
    "is_digest",
    "is_safe",
    "password_in",
    "require_room",
    "write",
    "write_ticket",
]
