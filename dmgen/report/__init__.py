"""The analysis of an audience for people: tables in words, plots, and one page that holds both."""

from dmgen.report.page import write_page
from dmgen.report.style import check_library
from dmgen.report.tables import Table, tables

__all__ = ["Table", "check_library", "tables", "write_page"]
