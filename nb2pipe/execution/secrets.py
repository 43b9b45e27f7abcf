"""Secrets by reference: the value is looked up where a step starts, and is written nowhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from nb2pipe.errors import SettingsError


def resolve_secrets(references: Mapping[str, str]) -> dict[str, str]:
    """The values behind references, by the environment variable that the step will see.

    Raises:
        SettingsError: a reference is of another kind, or there is nothing behind it.
    """
    return {name: resolve_secret(name, reference) for name, reference in references.items()}


def resolve_secret(name: str, reference: str) -> str:
    """The value behind a reference.

    Args:
        name: environment variable that the step will see.
        reference: ``env:NAME`` or ``file:PATH``.

    Raises:
        SettingsError: the reference is of another kind, or there is nothing behind it.
    """
    kind, _, rest = reference.partition(":")
    if kind == "env":
        if rest not in os.environ:
            raise SettingsError(
                f"secret {name!r}: environment variable {rest!r} is not set", hint=f"export {rest} before the run"
            )
        return os.environ[rest]
    if kind == "file":
        try:
            return Path(rest).expanduser().read_text(encoding="utf-8").rstrip("\n")
        except OSError as error:
            raise SettingsError(f"secret {name!r}: cannot read {rest!r}: {error.strerror}") from None
    raise SettingsError(
        f"secret {name!r}: this executor does not know references like {reference!r}",
        hint="on this machine use env:NAME or file:PATH",
    )
