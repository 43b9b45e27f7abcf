"""Names of state that a kernel carries besides variables."""

FIGURES = "matplotlib.figures"
"""Ambient key of the figures that pyplot keeps open."""
