"""Notebooks as their authors see them: cells, tags, settings, parameters; read from a file, and tagged."""

from nb2pipe.notebook.findings import notebook_diagnostics, pipeline_name, step_settings
from nb2pipe.notebook.read import read_notebook
from nb2pipe.notebook.steps import assign_cells

__all__ = ["assign_cells", "notebook_diagnostics", "pipeline_name", "read_notebook", "step_settings"]
