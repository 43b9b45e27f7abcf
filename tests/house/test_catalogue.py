"""Diagnostic codes: each one that the source uses is in the catalogue, and the other way round."""

from __future__ import annotations

import ast

from tests.house.source import modules

CATALOGUE = "nb2pipe.catalogue"


def test_codes_used_are_codes_described() -> None:
    """The codes in nb2pipe/catalogue.py are exactly those that the rest of the source reports."""
    used = set().union(*(_codes(module.tree) for module in modules("nb2pipe") if module.name != CATALOGUE))
    described = _codes(next(module.tree for module in modules("nb2pipe") if module.name == CATALOGUE))
    assert set() == used - described, "used, but not in the catalogue"
    assert set() == described - used, "in the catalogue, but never used"


def _codes(tree: ast.Module) -> set[str]:
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if len(text) == 6 and text.startswith("N2P") and text[3:].isdigit()}
