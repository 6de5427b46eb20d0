"""List files: known by their content, their headers understood, their cells as columns with a line each."""
