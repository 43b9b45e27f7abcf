"""Names and what they are bound to, through branches: frames, bindings and the journal of changes."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nb2pipe.analysis.values import Value, join

GONE, MAYBE, BOUND = 0, 1, 2
BUILTINS = frozenset(dir(builtins)) | {"display", "get_ipython", "exit", "quit", "__builtins__", "__session__"}
HISTORY = frozenset({"_", "__", "___", "_i", "_ii", "_iii", "_ih", "_oh", "_dh", "In", "Out"})


class Binding(NamedTuple):
    """What a name is bound to.

    Args:
        value: what is known of the value.
        sources: cells that may have bound or changed it last.
        status: ``BOUND``, ``MAYBE`` bound or ``GONE`` (deleted).
        epoch: number of wild cells (star imports, ``exec``) seen before it was bound.
        stable: whether binding it again would give an equal value (imports, definitions, literals).
    """

    value: Value
    sources: frozenset[int]
    status: int = BOUND
    epoch: int = 0
    stable: bool = False


@dataclass(eq=False)
class Frame:
    """One scope: the notebook's own (``module``), a function's, a class body's or a comprehension's.

    ``cell`` is an object that stands for its variables, held by the functions defined in it. A module beside the
    notebook has a scope of its own (``file``), and ``home`` is its name.
    """

    kind: str
    parent: Frame | None = None
    names: dict[str, Binding] = field(default_factory=dict)
    local: frozenset[str] = frozenset()
    outer: frozenset[str] = frozenset()
    cell: frozenset[int] = frozenset()
    home: str = ""

    def top(self) -> Frame:
        """The outermost scope around: the notebook's own, or that of a module beside it."""
        frame = self
        while frame.parent is not None:
            frame = frame.parent
        return frame

    def find(self, name: str) -> Frame | None:
        """The enclosing frame that ``name`` belongs to, or None for the notebook's own names."""
        frame: Frame | None = self
        first = True
        while frame is not None and frame.kind != "module":
            if frame.kind == "file":
                return frame
            if name in frame.outer:
                top = frame.top()
                return top if top.kind == "file" else None
            if (first or frame.kind != "class") and (name in frame.local or name in frame.names):
                return frame
            if frame.kind != "comprehension":
                first = False
            frame = frame.parent
        return None


Journal = dict[tuple[Frame, str], Binding | None]


@dataclass
class Names:
    """All frames' bindings, written through a journal so that branches can be undone and joined."""

    module: Frame = field(default_factory=lambda: Frame("module"))
    journals: list[Journal] = field(default_factory=list)

    def put(self, frame: Frame, name: str, binding: Binding | None) -> None:
        """Binds ``name`` in ``frame``; None forgets it."""
        names = frame.names
        if self.journals:
            self.journals[-1].setdefault((frame, name), names.get(name))
        if binding is None:
            names.pop(name, None)
        else:
            names[name] = binding

    def begin(self) -> None:
        """Starts a branch."""
        self.journals.append({})

    def undo(self) -> Journal:
        """Ends the branch: takes its changes back and returns what it had bound."""
        old = self.journals.pop()
        new: Journal = {}
        for (frame, name), before in old.items():
            new[frame, name] = frame.names.get(name)
            if before is None:
                frame.names.pop(name, None)
            else:
                frame.names[name] = before
        return new

    def merge(self, branches: Sequence[tuple[Journal, bool]]) -> None:
        """Joins the ends of branches; the flag says whether the end is reached.

        What an unreached end bound still counts as possible (an exception may be caught further out).
        """
        for key in {key: None for journal, _ in branches for key in journal}:
            frame, name = key
            before = frame.names.get(name)
            ends = [(journal.get(key, before), reached) for journal, reached in branches]
            self.put(frame, name, _join_bindings(ends))


def _join_bindings(ends: Sequence[tuple[Binding | None, bool]]) -> Binding | None:
    alive = [binding for binding, reached in ends if reached] or [binding for binding, _ in ends]
    some = [binding for binding, _ in ends if binding is not None]
    if not some:
        return None
    states = [GONE if binding is None else binding.status for binding in alive]
    status = states[0] if len(set(states)) == 1 else MAYBE
    result = some[0]
    for other in some[1:]:
        result = Binding(
            join(result.value, other.value),
            result.sources | other.sources,
            MAYBE,
            min(result.epoch, other.epoch),
            result.stable and other.stable,
        )
    return result._replace(status=status)
