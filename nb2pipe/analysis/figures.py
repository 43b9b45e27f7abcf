"""Figures that pyplot keeps open: with most backends they outlive the cell, and the next call draws on the last one."""

from __future__ import annotations

import os

from nb2pipe.analysis.arguments import Arguments
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.tables.lookup import Spec
from nb2pipe.model.ambient import FIGURES

CHOOSES = {"matplotlib.use": "backend", "matplotlib.pyplot.switch_backend": "newbackend"}
LEAVES_OPEN = "matplotlib.pyplot.ioff"
PYPLOT = ("matplotlib.pyplot.", "pylab.")


def outlive(backend: object) -> bool:
    """Whether figures of a backend are there when their cell has ended; so it is said of one that is not known."""
    return not isinstance(backend, str) or not ("inline" in backend or backend in ("", "auto"))


def chosen() -> bool:
    """Whether figures outlive their cell by what the environment says."""
    return outlive(os.environ.get("MPLBACKEND", ""))


def note_backend(m: Machine, path: str, args: Arguments) -> None:
    """Notes a call that makes figures outlive their cell."""
    if path == LEAVES_OPEN:
        m.keeps_figures = True
    elif path in CHOOSES:
        value = args.get(0, CHOOSES[path])
        m.keeps_figures = m.keeps_figures or value is None or outlive(value.const)


def note_figures(m: Machine, path: str, spec: Spec, kind: str) -> None:
    """Notes what a call does to the open figures.

    Args:
        m: the machine.
        path: of the function; empty for a method.
        spec: what it does.
        kind: of the object whose method it is; empty for a function.
    """
    if m.keeps_figures and ("axes" in (spec.result, kind) or path.startswith(PYPLOT)):
        m.ambient(FIGURES, sees=True, sets=True)
