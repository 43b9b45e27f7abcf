"""Plain frozen values that every other part of nb2pipe speaks in.

Workers and kernels need few of them and are to start fast: each is loaded when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nb2pipe.model.approval import Approval, Verdict
    from nb2pipe.model.artifact import Artifact
    from nb2pipe.model.cell_run import CellFailure, CellRun
    from nb2pipe.model.container import ContainerCall, Exchange
    from nb2pipe.model.elsewhere import Elsewhere, StepTasks
    from nb2pipe.model.notebook import Cell, Language, Notebook, Role, Tag
    from nb2pipe.model.notice import ALL_EVENTS, Delivery, Notice, NoticeEvent, NoticeFacts, Notify
    from nb2pipe.model.observation import Observation
    from nb2pipe.model.pipeline import Edge, Link, Parameter, Pipeline, Port, Step
    from nb2pipe.model.run import Metric, Run, StepRun
    from nb2pipe.model.schedule import (
        CronTrigger,
        Firing,
        IntervalTrigger,
        Missed,
        OnceTrigger,
        Overlap,
        Phase,
        Policy,
        Schedule,
        ScheduleEntry,
        Source,
        Standing,
        Trigger,
    )
    from nb2pipe.model.state import State
    from nb2pipe.model.step_settings import Resources, StepSettings, Toleration, Volume
    from nb2pipe.model.triggers import Cause, NoClock, OnChange, UsedToday, WatchState
    from nb2pipe.model.usage import DataUse, Input

__all__ = [
    "ALL_EVENTS",
    "Approval",
    "Artifact",
    "Cause",
    "Cell",
    "CellFailure",
    "CellRun",
    "ContainerCall",
    "CronTrigger",
    "DataUse",
    "Delivery",
    "Edge",
    "Elsewhere",
    "Exchange",
    "Firing",
    "Input",
    "IntervalTrigger",
    "Language",
    "Link",
    "Metric",
    "Missed",
    "NoClock",
    "Notebook",
    "Notice",
    "NoticeEvent",
    "NoticeFacts",
    "Notify",
    "Observation",
    "OnChange",
    "OnceTrigger",
    "Overlap",
    "Parameter",
    "Phase",
    "Pipeline",
    "Policy",
    "Port",
    "Resources",
    "Role",
    "Run",
    "Schedule",
    "ScheduleEntry",
    "Source",
    "Standing",
    "State",
    "Step",
    "StepRun",
    "StepSettings",
    "StepTasks",
    "Tag",
    "Toleration",
    "Trigger",
    "UsedToday",
    "Verdict",
    "Volume",
    "WatchState",
]

_HOMES = {
    "approval": (
        "Approval",
        "Verdict",
    ),
    "artifact": ("Artifact",),
    "cell_run": (
        "CellFailure",
        "CellRun",
    ),
    "container": (
        "ContainerCall",
        "Exchange",
    ),
    "elsewhere": (
        "Elsewhere",
        "StepTasks",
    ),
    "notebook": (
        "Cell",
        "Language",
        "Notebook",
        "Role",
        "Tag",
    ),
    "notice": (
        "ALL_EVENTS",
        "Delivery",
        "Notice",
        "NoticeEvent",
        "NoticeFacts",
        "Notify",
    ),
    "observation": ("Observation",),
    "pipeline": (
        "Edge",
        "Link",
        "Parameter",
        "Pipeline",
        "Port",
        "Step",
    ),
    "run": (
        "Metric",
        "Run",
        "StepRun",
    ),
    "schedule": (
        "CronTrigger",
        "Firing",
        "IntervalTrigger",
        "Missed",
        "OnceTrigger",
        "Overlap",
        "Phase",
        "Policy",
        "Schedule",
        "ScheduleEntry",
        "Source",
        "Standing",
        "Trigger",
    ),
    "state": ("State",),
    "step_settings": (
        "Resources",
        "StepSettings",
        "Toleration",
        "Volume",
    ),
    "triggers": (
        "Cause",
        "NoClock",
        "OnChange",
        "UsedToday",
        "WatchState",
    ),
    "usage": (
        "DataUse",
        "Input",
    ),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(f"{__name__}.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
