"""The arguments of a call, as values."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.values import NONE, NOTHING, Objects, Value


@dataclass
class Arguments:
    """Values passed to a call.

    Args:
        positional: in order, up to the first starred one.
        named: by keyword.
        extra: what stands behind ``*`` and ``**``.
    """

    positional: list[Value] = field(default_factory=list)
    named: dict[str, Value] = field(default_factory=dict)
    extra: list[Value] = field(default_factory=list)

    @property
    def values(self) -> list[Value]:
        """All of them."""
        return [*self.positional, *self.named.values(), *self.extra]

    @property
    def own(self) -> Objects:
        """All objects passed."""
        return union(self.values)

    def get(self, index: int, *names: str) -> Value | None:
        """The argument at a position or under one of the names."""
        if 0 <= index < len(self.positional):
            return self.positional[index]
        for name in names:
            if name in self.named:
                return self.named[name]
        return None

    def flag(self, name: str) -> bool:
        """Whether a keyword is given and is not certainly false."""
        value = self.named.get(name)
        return value is not None and value.kind != "none" and value.const is not False

    def seeded(self) -> bool:
        """Whether a seed or generator is given."""
        for name in ("random_state", "seed", "rng", "generator", "random_seed"):
            value = self.named.get(name)
            if value is not None and value.kind != NONE.kind:
                return True
        return False


def union(values: Iterable[Value]) -> Objects:
    """All objects of the values."""
    found: Objects = NOTHING
    for value in values:
        if value.own:
            found = found | value.own
    return found


def read_arguments(m: Machine, node: ast.Call) -> Arguments:
    """Evaluates the arguments of a call in order."""
    args = Arguments()
    for item in node.args:
        if isinstance(item, ast.Starred):
            value = m.eval(item.value)
            if value.items is not None and not args.extra:
                args.positional.extend(value.items)
            else:
                args.extra.append(m.part(value))
        elif args.extra:
            args.extra.append(m.eval(item))
        else:
            args.positional.append(m.eval(item))
            m.hand_over(args.positional[-1])
    for keyword in node.keywords:
        value = m.eval(keyword.value)
        m.hand_over(value)
        if keyword.arg is None:
            args.extra.append(m.part(value))
        else:
            args.named[keyword.arg] = value
    return args
