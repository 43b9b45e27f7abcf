"""The settings, and how each is read from text or from a file."""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from nb2pipe.urls import mask_url


@dataclass(frozen=True)
class Settings:
    """What is in force.

    Args:
        home: folder for runs, artifacts, cache and the store; absolute.
        store_url: URL of the store.
        executor: name of the executor for steps; ``auto`` for containers where there is an image, else processes.
        container_engine: ``podman``, ``docker``, or ``auto`` for the first that answers, podman first.
        engine_timeout_s: seconds that the engine may take to answer, or to start a container.
        image: container image for steps that name none; None for none.
        jobs: steps that run side by side at most.
        cache: whether results of earlier runs are taken.
        retries: further attempts after a failure, for steps that do not say.
        timeout_s: seconds an attempt may take, for steps that do not say; None for no limit.
        image_base: image that images for notebooks are built on.
        keep_values_days: days after which values that a run saved are removed, its record kept; None for never.
        openlineage: whether runs send OpenLineage events.
        notify: who is told of runs of schedules that do not say: ``NAME`` of a channel, or ``NAME:EVENT,EVENT``.
        color: ``auto``, ``always`` or ``never``.
        origins: where each value came from, by key.
    """

    home: Path
    store_url: str
    executor: str = "auto"
    container_engine: str = "auto"
    engine_timeout_s: float = 120.0
    image: str | None = None
    jobs: int = 1
    cache: bool = True
    retries: int = 0
    timeout_s: float | None = None
    image_base: str = f"docker.io/library/python:{sys.version_info.major}.{sys.version_info.minor}-slim"
    keep_values_days: float | None = None
    openlineage: bool = False
    notify: tuple[str, ...] = ()
    color: str = "auto"
    origins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SettingRow:
    """One setting for a reader: key, value as text (secrets masked), origin."""

    key: str
    value: str
    origin: str


def explain(settings: Settings) -> tuple[SettingRow, ...]:
    """All settings in force, each with where it came from."""
    return tuple(SettingRow(key, _shown(key, settings), settings.origins.get(key, "default")) for key in KEYS)


def _shown(key: str, settings: Settings) -> str:
    value = getattr(settings, key)
    if key == "store_url":
        return mask_url(value)
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " ".join(value) or "none"
    return str(value)


class WrongValue(ValueError):
    """A value that a setting cannot take; the text says what it must be."""


def read_text(key: str, text: str) -> Any:
    """The value of a setting written as text, as the environment has it.

    Raises:
        WrongValue: the text says nothing of that kind.
    """
    return KEYS[key](_from_text(key, text.strip()))


def _from_text(key: str, text: str) -> Any:
    if key in ("home", "store_url", "executor", "container_engine", "image", "image_base", "color"):
        return text
    word = text.lower()
    if key in ("cache", "openlineage"):
        return {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}.get(word, text)
    if key == "notify":
        return text.split()
    if key in ("timeout_s", "keep_values_days") and word == "none":
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


MOST_DAYS = 1e5
_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")


def _folder(value: Any) -> str:
    return _words(value, "a folder")


def _url(value: Any) -> str:
    text = _words(value, "a URL")
    if "://" not in text:
        raise WrongValue("must be a URL such as sqlite:///PATH or postgresql://USER@HOST/DATABASE")
    return text


def _name(value: Any) -> str:
    return _words(value, "a name")


def _words(value: Any, what: str) -> str:
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, str) or not value.strip():
        raise WrongValue(f"must be {what}, as text")
    return value


def _image(value: Any) -> str:
    text = _words(value, "the name of an image")
    if len(text.split()) != 1 or text.startswith("-"):
        raise WrongValue("must be the name of an image, such as docker.io/library/python:3.12-slim")
    return text


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongValue("must be true or false")
    return value


def _whole(least: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise WrongValue(f"must be a whole number, {least} or more")
        return value

    return read


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise WrongValue("must be a number of seconds above 0, or none in the environment")
    return float(value)


def _some_seconds(value: Any) -> float:
    if value is None:
        raise WrongValue("must be a number of seconds above 0")
    return _seconds(value) or 0.0


def _one_of(*words: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in words:
            raise WrongValue(f"must be {', '.join(words[:-1])} or {words[-1]}")
        return str(value)

    return read


def _days(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < MOST_DAYS:
        raise WrongValue("must be a number of days, or none in the environment")
    return float(value)


EVENTS = ("failure", "recovery", "late", "approval")
"""What people can be told of."""
ONLY_FIRST = "only_first"
_WORD = f"(?:{'|'.join((*EVENTS, ONLY_FIRST))})"
_NOTIFY = re.compile(rf"[A-Za-z0-9][\w.-]*(?::{_WORD}(?:,{_WORD})*)?")


def _notify(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
        raise WrongValue("must be a list of channels, such as ['team'] or ['team:failure,late']")
    wrong = [each for each in value if not _NOTIFY.fullmatch(each)]
    if wrong:
        known = ", ".join((*EVENTS, ONLY_FIRST))
        raise WrongValue(f"must name channels, NAME or NAME:EVENT,EVENT with events out of {known}; not {wrong[0]!r}")
    return tuple(value)


KEYS: Mapping[str, Callable[[Any], Any]] = {
    "home": _folder,
    "store_url": _url,
    "executor": _name,
    "container_engine": _one_of("auto", "podman", "docker"),
    "engine_timeout_s": _some_seconds,
    "jobs": _whole(1),
    "cache": _flag,
    "retries": _whole(0),
    "timeout_s": _seconds,
    "image": _image,
    "image_base": _image,
    "color": _one_of("auto", "always", "never"),
    "keep_values_days": _days,
    "openlineage": _flag,
    "notify": _notify,
}
"""Every key with what checks its value."""

assert set(KEYS) == {item.name for item in fields(Settings)} - {"origins"}
