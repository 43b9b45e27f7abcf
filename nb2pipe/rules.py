"""How parts of nb2pipe write their diagnostics down: the texts of a code, filled in for each finding."""

from __future__ import annotations

from typing import Literal, NamedTuple

from nb2pipe.errors import Diagnostic, SettingsError


class Rule(NamedTuple):
    """A diagnostic's text; ``message`` and ``hint`` hold names in braces that each finding fills in."""

    severity: Literal["error", "warning", "info"]
    title: str
    what: str
    why: str
    example: str
    what_to_do: str
    message: str
    hint: str


def filled(code: str, rule: Rule, **words: object) -> Diagnostic:
    """A diagnostic that names no place, with its text filled in.

    Args:
        code: of the rule.
        rule: its texts.
        words: what they ask for.
    """
    return Diagnostic(code, rule.severity, rule.message.format_map(words), rule.hint.format_map(words))


def refused(code: str, rule: Rule, **words: object) -> SettingsError:
    """An error that carries one such finding."""
    found = filled(code, rule, **words)
    return SettingsError(found.message, hint=found.hint, diagnostics=(found,))
