"""Diagnostic codes: each one that the source reports is in the catalogue, and the other way round."""

from __future__ import annotations

import ast
import re

from nb2pipe.catalogue import CATALOGUE
from tests.house.source import modules


def test_codes_reported_are_codes_described() -> None:
    """The codes in nb2pipe/catalogue.py are exactly those that the source reports outside its tables of codes."""
    reporting = [module for module in modules("nb2pipe") if not module.name.endswith((".codes", ".catalogue"))]
    reported = set().union(*(_codes(module.tree) for module in reporting))
    assert set() == reported - set(CATALOGUE), "reported, but not in the catalogue"
    assert set() == set(CATALOGUE) - reported, "in the catalogue, but never reported"


def _codes(tree: ast.Module) -> set[str]:
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if re.fullmatch(r"N2P\d{3}", text)}


def test_entries_say_everything() -> None:
    """Each entry of the catalogue says what, why and what to do, in sentences."""
    for code, entry in CATALOGUE.items():
        assert code == entry.code
        assert entry.title and not entry.title.endswith("."), code
        for text in (entry.what, entry.why, entry.what_to_do):
            assert text[:1].isupper() or text.startswith(("nb2pipe", "`")), (code, text)
            assert text.rstrip("`)").endswith("."), (code, text)
