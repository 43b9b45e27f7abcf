"""Whether two uses of files get in each other's way."""

from __future__ import annotations

from fnmatch import fnmatchcase

from nb2pipe.analysis.effects import FileAccess
from nb2pipe.analysis.places import contains


def accesses_clash(old: FileAccess, new: FileAccess) -> bool:
    """Whether two accesses may concern one file and one of them changes it."""
    if old.path == new.path or "*" in old.path + new.path:
        return uses_clash(old, new)
    return (contains(new.path, old.path) or contains(old.path, new.path)) and uses_clash(old, new)


def uses_clash(old: FileAccess, new: FileAccess) -> bool:
    """Whether two accesses to overlapping paths are more than two reads."""
    if old.use == new.use and old.use in ("read", "ensure"):
        return False
    if old.path == new.path:
        return True
    if "*" in old.path or "*" in new.path:
        return _overlap(old.path, new.path)
    return True


def _overlap(first: str, second: str) -> bool:
    if "*" in first and "*" in second:
        a, b = first.partition("*")[0], second.partition("*")[0]
        c, d = first.rpartition("*")[2], second.rpartition("*")[2]
        return (a.startswith(b) or b.startswith(a)) and (c.endswith(d) or d.endswith(c))
    pattern, path = (first, second) if "*" in first else (second, first)
    return fnmatchcase(path, pattern) or pattern.startswith(path + "/") or fnmatchcase(path, pattern + "/*")
