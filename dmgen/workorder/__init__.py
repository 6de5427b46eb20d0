"""The printer's work order: what a print shop needs to know of a job, from job.json and the print files themselves."""

from dmgen.workorder.order import LETTERS, WorkOrder
from dmgen.workorder.paper import paper
from dmgen.workorder.printing import printing
from dmgen.workorder.reading import read_order
from dmgen.workorder.sides import Leaf

__all__ = ["LETTERS", "Leaf", "WorkOrder", "paper", "printing", "read_order"]
