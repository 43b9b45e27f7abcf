"""Approvals that are given when a run is started."""

from __future__ import annotations

from collections.abc import Iterable

from nb2pipe.execution.approval.codes import refusal
from nb2pipe.model import Pipeline, Step
from nb2pipe.notebook.nearest import suggest

ALL = "all"
"""Given ahead for every step."""


def is_given(step: Step, ahead: Iterable[str]) -> bool:
    """Whether the approval of a step was given when its run was started."""
    return bool({step.name, ALL} & set(ahead))


def check_ahead(pipeline: Pipeline, names: Iterable[str]) -> None:
    """Refuse an approval of a step that asks for none; ``all`` fits every pipeline.

    Args:
        pipeline: what is to run.
        names: the steps approved ahead.

    Raises:
        SettingsError: names the step, and the nearest that asks for one.
    """
    asking = [step.name for step in pipeline.steps if step.settings.approval is not None]
    for name in names:
        if name != ALL and name not in asking:
            none = "No step of this notebook asks for an approval: leave --approve out."
            advice = suggest(name, asking, what="steps that ask for one") if asking else none
            raise refusal("N2P927", step=name, advice=advice)
