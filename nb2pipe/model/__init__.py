"""Plain frozen values that every other part of nb2pipe speaks in."""

from nb2pipe.model.container import ContainerCall, Exchange
from nb2pipe.model.notebook import Cell, Language, Notebook, Role, Tag
from nb2pipe.model.pipeline import (
    Edge,
    Link,
    Parameter,
    Pipeline,
    Port,
    Resources,
    Step,
    StepSettings,
    Volume,
)
from nb2pipe.model.run import (
    Artifact,
    CellFailure,
    CellRun,
    Metric,
    Observation,
    Run,
    State,
    StepRun,
)
from nb2pipe.model.usage import DataUse, Input

__all__ = [
    "Artifact",
    "Cell",
    "CellFailure",
    "CellRun",
    "ContainerCall",
    "DataUse",
    "Edge",
    "Exchange",
    "Input",
    "Language",
    "Link",
    "Metric",
    "Notebook",
    "Observation",
    "Parameter",
    "Pipeline",
    "Port",
    "Resources",
    "Role",
    "Run",
    "State",
    "Step",
    "StepRun",
    "StepSettings",
    "Tag",
    "Volume",
]
