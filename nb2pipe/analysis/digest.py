"""A digest of code that does not change with comments, blank lines or formatting."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Sequence

from nb2pipe.analysis.source import parse_source


def code_digest(sources: Sequence[str]) -> str:
    """Hex SHA-256 of what the cells' code means: comments, blank lines and formatting do not count.

    Args:
        sources: cells as written, in the order in which they run; a cell that does not parse counts as its text.
    """
    digest = hashlib.sha256()
    for source in sources:
        tree, _ = parse_source(source)
        text = source if tree is None else ast.dump(tree)
        digest.update(len(text).to_bytes(8, "little"))
        digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
