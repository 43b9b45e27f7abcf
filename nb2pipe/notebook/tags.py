"""What the tags of one cell say: nb2pipe's grammar, papermill's, and Kale's old and new one.

Kale's grammar is that of its releases 0.1 to 2.3 (``kale/nbparser/parser.py``, later ``processors/nbprocessor.py``).
Tags of other tools are left alone; those one slip away from ours are reported.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from nb2pipe.errors import Diagnostic, Severity
from nb2pipe.model.notebook import Role, Tag
from nb2pipe.notebook.misspelt import correction
from nb2pipe.notebook.setting_tags import SETTING_PREFIXES, SettingTagError, read_setting_tag
from nb2pipe.notebook.settings import same_value

ROLES: Mapping[str, Role] = {
    "parameters": Role.PARAMETERS,
    "pipeline-parameters": Role.PARAMETERS,
    "injected-parameters": Role.PARAMETERS,
    "setup": Role.SETUP,
    "imports": Role.SETUP,
    "functions": Role.SETUP,
    "skip": Role.SKIP,
    "metrics": Role.METRICS,
    "pipeline-metrics": Role.METRICS,
}
"""Tags that are one word, and the role that each gives."""

KALE_WORDS = frozenset({"pipeline-parameters", "imports", "functions", "pipeline-metrics"})
STEP_PREFIXES = frozenset({"step", "block"})
AFTER_PREFIXES = frozenset({"after", "prev"})
KALE_PREFIXES = frozenset({"block", "prev"}) | SETTING_PREFIXES
MAX_NAME_LENGTH = 100

Report = Callable[[str, Severity, str, str], None]


@dataclass
class _Reading:
    """What has been read of one cell's tags so far."""

    report: Report
    roles: dict[Role, str] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    kale: bool = False


def is_legal_name(name: str) -> bool:
    """Whether ``name`` may name a step: letters of any script, digits, ``-`` and ``_``; at most 100."""
    return 0 < len(name) <= MAX_NAME_LENGTH and all(
        char in "-_" or unicodedata.category(char)[0] in "LMN" for char in name
    )


def is_ours(tag: str) -> bool:
    """Whether ``tag`` is in the grammar of nb2pipe or Kale, rightly filled in or not."""
    prefix, colon, _ = tag.partition(":")
    return tag in ROLES or (bool(colon) and prefix in STEP_PREFIXES | AFTER_PREFIXES | SETTING_PREFIXES)


def parse_tags(
    tags: Sequence[str],
    settings: Mapping[str, Any] | None = None,
    *,
    cell_index: int | None = None,
    cell_id: str | None = None,
) -> tuple[Tag, tuple[Diagnostic, ...]]:
    """Read the tags of one code cell.

    Args:
        tags: the cell's tags in their order.
        settings: the cell's metadata ``nb2pipe``, joined with the settings that tags give.
        cell_index: the cell's position from 0, for diagnostics.
        cell_id: the cell's id, for diagnostics.

    Returns:
        What they mean, and what is wrong with them. Settings are raw: ``settings.read_settings`` validates them.
    """
    if not tags and not settings:
        return _EMPTY, ()
    found: list[Diagnostic] = []

    def report(code: str, severity: Severity, message: str, hint: str = "") -> None:
        found.append(Diagnostic(code, severity, message, hint, cell_index=cell_index, cell_id=cell_id))

    reading = _Reading(report)
    for tag in dict.fromkeys(tags):
        _read_tag(reading, tag)
    merge_settings(reading.settings, settings or {}, partial(_report_twice, report))
    return _finish(reading), tuple(found)


_EMPTY = Tag()


def _read_tag(reading: _Reading, tag: str) -> None:
    if tag in ROLES:
        reading.roles.setdefault(ROLES[tag], tag)
        reading.kale = reading.kale or tag in KALE_WORDS
        return
    prefix, colon, rest = tag.partition(":")
    clean = rest.strip()
    if colon and prefix in STEP_PREFIXES | AFTER_PREFIXES | SETTING_PREFIXES:
        if clean != rest and clean:
            reading.report("N2P104", "warning", f"Tag {tag!r} has stray blanks.", f"It is read as {prefix}:{clean}.")
        reading.kale = reading.kale or prefix in KALE_PREFIXES
        _read_prefixed(reading, prefix, clean)
    elif better := correction(tag, ROLES, STEP_PREFIXES | AFTER_PREFIXES | SETTING_PREFIXES):
        reading.report(
            "N2P104",
            "warning",
            f"Tag {tag!r} is none of nb2pipe's and is left alone.",
            f"Did you mean {better!r}?",
        )


def _read_prefixed(reading: _Reading, prefix: str, rest: str) -> None:
    if prefix == "block" and not rest:
        return  # Kale's panel leaves it on a cell whose name was taken away; Kale reads it as no tag
    if prefix in STEP_PREFIXES:
        reading.steps.extend(_legal_names(reading.report, prefix, [rest]))
    elif prefix in AFTER_PREFIXES:
        reading.after.extend(_legal_names(reading.report, prefix, [part.strip() for part in rest.split(":")]))
    else:
        _read_setting(reading, prefix, rest)


def _read_setting(reading: _Reading, prefix: str, rest: str) -> None:
    try:
        setting = read_setting_tag(prefix, rest)
    except SettingTagError as error:
        reading.report(error.code, error.severity, error.message, error.hint)
        return
    merge_settings(reading.settings, setting, partial(_report_twice, reading.report))


def _legal_names(report: Report, prefix: str, names: Sequence[str]) -> list[str]:
    legal = []
    for raw in names:
        name = unicodedata.normalize("NFC", raw)
        if is_legal_name(name):
            legal.append(name)
            continue
        if not name:
            report("N2P101", "error", *_nameless(prefix))
            continue
        hint = f"Use letters, digits, '-' and '_', at most {MAX_NAME_LENGTH}"
        proposal = legal_name(name)
        hint += f", for example {prefix}:{proposal}." if proposal else "."
        report("N2P101", "error", f"{name!r} in tag '{prefix}:' is not a legal step name.", hint)
    return legal


def _nameless(prefix: str) -> tuple[str, str]:
    """Message and hint for a tag that lacks the name of its step."""
    what = f"{prefix}:NAME with the name of the step to wait for" if prefix in AFTER_PREFIXES else f"{prefix}:NAME"
    return f"A tag '{prefix}:' lacks a step's name behind its colon.", f"Write {what}, or take the tag away."


def legal_name(text: str) -> str:
    """``text`` made a legal step name by leaving out what is not allowed; empty if nothing is left."""
    kept = "".join(char if char == "_" or unicodedata.category(char)[0] in "LMN" else " " for char in text)
    return "-".join(kept.split())[:MAX_NAME_LENGTH].rstrip("-")


def merge_settings(into: dict[str, Any], more: Mapping[str, Any], twice: Callable[[str, Any, Any], None]) -> None:
    """Join raw settings in place; maps such as ``labels`` join by key.

    Args:
        into: what is known so far; keys of ``more`` win.
        more: what is added.
        twice: called with the setting's name and both values where they differ.
    """
    for key, value in more.items():
        old = into.get(key)
        if isinstance(old, dict) and isinstance(value, Mapping):
            inner = dict(old)
            merge_settings(inner, value, lambda name, a, b, key=key: twice(f"{key}.{name}", a, b))  # type: ignore[misc]
            into[key] = inner
            continue
        if key in into and old != value:
            twice(key, old, value)
        into[key] = dict(value) if isinstance(value, Mapping) else value


def _report_twice(report: Report, name: str, first: Any, second: Any) -> None:
    if same_value(name, first, second):
        return
    secret = name.startswith("secrets")
    values = "" if secret else f": {first!r} and {second!r}"
    report("N2P122", "error", f"Setting {name!r} is given twice{values}.", "Keep one of them.")


def _finish(reading: _Reading) -> Tag:
    role = _one_role(reading)
    step = reading.steps[0] if reading.steps and role in (None, Role.STEP) else None
    after = tuple(dict.fromkeys(reading.after))
    if role in (Role.SETUP, Role.PARAMETERS):
        where = reading.roles[role]
        if after:
            message = f"A cell tagged {where!r} cannot wait for step {after[0]!r}: it is no step."
            reading.report("N2P109", "error", message, "Put the tag on the first cell of the step that must wait.")
        if reading.settings:
            message = f"Setting {next(iter(reading.settings))!r} is on a cell tagged {where!r}, which is no step."
            hint = "Put it on the step's cell, or into the notebook's metadata 'nb2pipe' for all steps."
            reading.report("N2P108", "error", message, hint)
    return Tag(Role.STEP if step else role, step, after, reading.settings, reading.kale)


def _one_role(reading: _Reading) -> Role | None:
    """The cell's role; ``skip`` beats all, and a parameters cell is a setup cell as well."""
    if Role.SKIP in reading.roles:
        return Role.SKIP
    if len(set(reading.steps)) > 1:
        names = " and ".join(repr(name) for name in dict.fromkeys(reading.steps))
        reading.report("N2P103", "error", f"The cell is tagged with two steps: {names}.", "Keep one of the tags.")
    if Role.PARAMETERS in reading.roles:
        reading.roles.pop(Role.SETUP, None)
    named = [*reading.roles.values(), *(f"step:{name}" for name in reading.steps[:1])]
    if len(named) > 1:
        message = f"The cell has two roles: {' and '.join(repr(tag) for tag in named)}."
        reading.report("N2P102", "error", message, "Keep one of the tags, or split the cell.")
    return next(iter(reading.roles), None) if reading.roles else (Role.STEP if reading.steps else None)
