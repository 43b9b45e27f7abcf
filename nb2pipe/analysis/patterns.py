"""``match`` statements."""

from __future__ import annotations

import ast

from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.values import Value


def match(m: Machine, node: ast.Match) -> bool:
    """Binds what the patterns capture, and runs the cases as alternatives."""
    subject = m.eval(node.subject)
    part = m.part(subject)

    def case(item: ast.match_case) -> bool:
        _pattern(m, item.pattern, subject, part)
        if item.guard is not None:
            m.eval(item.guard)
        return m.run(item.body)

    bodies = [lambda item=item: case(item) for item in node.cases]
    last = node.cases[-1]
    total = last.guard is None and isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
    return m.branch(*bodies, *(() if total else (lambda: False,)))


def _pattern(m: Machine, node: ast.pattern, whole: Value, part: Value) -> None:
    for item in ast.walk(node):
        if isinstance(item, (ast.MatchAs, ast.MatchStar)) and item.name:
            m.bind(item.name, whole if item is node else part, m.at(item))
        elif isinstance(item, ast.MatchMapping) and item.rest:
            m.bind(item.rest, part, m.at(item))
        elif isinstance(item, ast.MatchValue):
            m.eval(item.value)
        elif isinstance(item, ast.MatchClass):
            m.eval(item.cls)
