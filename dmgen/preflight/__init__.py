"""Preflight: does a PDF file obey the standard that it claims, and will it print well? Reads, never mends."""

from dmgen.preflight.check import Report, preflight_file, unreadable
from dmgen.preflight.finding import Finding, Severity

__all__ = ["Finding", "Report", "Severity", "preflight_file", "unreadable"]
