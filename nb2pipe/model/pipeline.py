"""The pipeline that a notebook makes: parameters, steps, and what flows between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from nb2pipe.errors import Diagnostic
from nb2pipe.model.container import ContainerCall
from nb2pipe.model.notebook import Notebook
from nb2pipe.model.step_settings import StepSettings

ParameterType = Literal["int", "float", "str", "bool", "list", "dict", "none", "any"]


@dataclass(frozen=True)
class Parameter:
    """A literal in the ``parameters`` cell.

    Args:
        name: the variable's name.
        type: from the annotation, else from the default; ``any`` accepts every JSON value.
        default: the literal's value.
        help: the comment behind it, if any.
        cell_index: cell it stands in, from 0.
        line: line within the cell, from 1.
        nullable: whether None is accepted beside the type.
    """

    name: str
    type: ParameterType
    default: Any
    help: str = ""
    cell_index: int = 0
    line: int = 1
    nullable: bool = False


@dataclass(frozen=True)
class Port:
    """A variable that a step reads from earlier steps.

    Args:
        name: the variable.
        sources: steps that may have made or changed it last, in notebook order.
        cell_index: first cell that reads it, from 0.
        line: line of that read, from 1.
    """

    name: str
    sources: tuple[str, ...]
    cell_index: int
    line: int


@dataclass(frozen=True)
class Link:
    """One reason for an order between two steps.

    Args:
        kind: ``variable``, ``ambient`` (random state, options, environment ...), ``file``, ``declared`` or
            ``conservative`` (static analysis cannot know).
        name: the variable, ambient key, path, or tag.
        reason: one sentence in words for a person: why this order.
    """

    kind: Literal["variable", "ambient", "file", "declared", "conservative"]
    name: str
    reason: str


@dataclass(frozen=True)
class Edge:
    """An order between two steps and all reasons for it."""

    source: str
    target: str
    links: tuple[Link, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Variables that cross, in order of first use."""
        return tuple(link.name for link in self.links if link.kind == "variable")


@dataclass(frozen=True)
class Step:
    """A step of the pipeline.

    Args:
        name: as tagged.
        cells: indexes of its own code cells in notebook order (metrics cells that follow it included).
        setup_cells: indexes of the ``setup`` and ``parameters`` cells to run with it, in notebook order.
        after: steps declared by tags to run earlier.
        inputs: variables it reads from earlier steps.
        outputs: variables that later steps may read or that the user asked to keep; saved when bound or changed.
        required: those of ``outputs`` that a later step reads for certain: failing to carry one is an error.
        parameters: pipeline parameters that it uses.
        eager: names put into the kernel beforehand (shadowed builtins, ``df.query("@x")``, shell lines, ``del``);
            ``*`` alone means every name.
        binds: names that it may bind, change or delete (planned).
        ambient_writes: ambient keys that it may change (planned).
        metrics: names whose values are recorded as metrics.
        uses_shell: whether it runs shell commands, so that what it does outside cannot be observed.
        imports: top-level module names that it imports, its setup cells included.
        files_read: paths that it reads or lists; ``*`` stands for parts that are not known before it runs.
        files_written: literal paths that it writes.
        urls_read: literal URLs that it reads, secrets masked.
        urls_written: literal URLs that it writes, secrets masked.
        containers: what its container cells ask for.
        settings: the step's settings.
    """

    name: str
    cells: tuple[int, ...]
    setup_cells: tuple[int, ...] = ()
    after: tuple[str, ...] = ()
    inputs: tuple[Port, ...] = ()
    outputs: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    eager: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    ambient_writes: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    uses_shell: bool = False
    imports: tuple[str, ...] = ()
    files_read: tuple[str, ...] = ()
    files_written: tuple[str, ...] = ()
    urls_read: tuple[str, ...] = ()
    urls_written: tuple[str, ...] = ()
    containers: tuple[ContainerCall, ...] = ()
    settings: StepSettings = field(default_factory=StepSettings)


@dataclass(frozen=True)
class Pipeline:
    """What a notebook means.

    Args:
        name: from metadata, else from the file's name.
        notebook: the notebook it was made from.
        parameters: in order of appearance.
        steps: in notebook order.
        edges: orders between steps; acyclic, always from earlier to later.
        diagnostics: all findings; a run refuses if any is an error.
    """

    name: str
    notebook: Notebook
    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]
    edges: tuple[Edge, ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    def step(self, name: str) -> Step:
        """The step of this name.

        Raises:
            KeyError: no such step.
        """
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def parents(self, name: str) -> tuple[str, ...]:
        """Steps that ``name`` directly waits for, in notebook order."""
        sources = {edge.source for edge in self.edges if edge.target == name}
        return tuple(step.name for step in self.steps if step.name in sources)

    def ancestors(self, name: str) -> tuple[str, ...]:
        """Steps that ``name`` waits for, directly or not, in notebook order."""
        found: set[str] = set()
        todo = [name]
        while todo:
            for parent in self.parents(todo.pop()):
                if parent not in found:
                    found.add(parent)
                    todo.append(parent)
        return tuple(step.name for step in self.steps if step.name in found)
