"""What is known of the modules beside the notebook that its cells have imported."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from nb2pipe.analysis.names import Frame

IMPORT = "import:"
"""Ambient keys of modules whose import is heard begin so: who imports them first is who shows what they say."""
Place = tuple[str, str]
"""A module beside the notebook, and a variable of it; ``*`` is any."""
WHOLE = "*"


class Origin(NamedTuple):
    """Why a variable of a module may have another value when the module is imported anew.

    Args:
        line: in the module's file.
        chance: whether clocks, random numbers or their like go into it.
        environ: whether environment variables do.
        files: files that do.
        writes: files that are written then; said of the module as a whole only.
    """

    line: int
    chance: bool = False
    environ: bool = False
    files: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.chance or self.environ or bool(self.files)

    def joined(self, other: Origin) -> Origin:
        """What goes into a value that is made of both."""
        chance, environ = self.chance or other.chance, self.environ or other.environ
        return Origin(self.line, chance, environ, self.files | other.files, self.writes | other.writes)


@dataclass(eq=False)
class LocalModule:
    """A module beside the notebook whose file was followed.

    Args:
        name: dotted.
        frame: what it binds at its top.
        is_package: whether names with a dot in front are seen from itself.
        origins: variables that may differ at each import.
        seeded: random generators that it seeds as it is imported.
        inputs: what the running statement of its body takes from outside.
        speaks: whether importing it may print or show something.
    """

    name: str
    frame: Frame
    is_package: bool = False
    origins: dict[str, Origin] = field(default_factory=dict)
    seeded: set[str] = field(default_factory=set)
    inputs: Origin = field(default_factory=lambda: Origin(1))
    speaks: bool = False

    def take(self, *, chance: bool = False, environ: bool = False, file: str = "", written: str = "") -> None:
        """Notes that the running statement takes something from outside, or writes a file."""
        files = frozenset((file,)) if file else frozenset()
        writes = frozenset((written,)) if written else frozenset()
        self.inputs = self.inputs.joined(Origin(self.inputs.line, chance, environ, files, writes))

    def full_name(self, module: str, level: int) -> str:
        """The dotted name of a module as this one names it, with ``level`` dots in front."""
        if not level:
            return module
        parts = self.name.split(".")
        parts = parts[: len(parts) - level + self.is_package]
        return ".".join([*parts, module] if module else parts)


def is_of_one_package(first: str, second: str) -> bool:
    """Whether two modules belong to one package, so that importing one runs what the package runs for both."""
    return first.partition(".")[0] == second.partition(".")[0]
