"""Settings put together: user's file < project's file < environment < flags."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from nb2pipe.errors import SettingsError
from nb2pipe.settings.files import CHANNELS, FileSettings, project_file, refuse_channels, user_file
from nb2pipe.settings.values import KEYS, Settings, WrongValue, read_text
from nb2pipe.urls import mask_url

PREFIX = "NB2PIPE_"
NOT_SETTINGS = frozenset(
    {
        "NB2PIPE_REQUIRE",
        "NB2PIPE_ZYGOTE",
        *(f"NB2PIPE_KFP_{name}" for name in ("API", "HOST", "IMAGE", "NAMESPACE", "TOKEN")),
    }
)
"""Variables that nb2pipe uses otherwise: the test suite's, and the ones its own processes hand on."""


@dataclass(frozen=True)
class _Value:
    value: Any
    origin: str
    base: Path  # what relative paths refer to


def load_settings(
    flags: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | str | None = None,
) -> Settings:
    """The settings in force.

    Args:
        flags: settings given on the command line or by a caller, by key; None as a value means not given.
        env: environment; None for the process's own.
        cwd: folder from which a project's file is searched upward, the notebook's; None for the working directory.

    Raises:
        SettingsError: a file cannot be read, a key is unknown, or a value is wrong.
    """
    env = os.environ if env is None else env
    found: dict[str, _Value] = {}
    own, project = user_file(env), project_file(Path(cwd or "."))
    if project is not None:
        refuse_channels(project)
    for file in (own, project):
        if file is not None:
            found.update(_from_file(file))
    found.update(_from_environment(env))
    found.update(_from_flags(flags or {}))
    return _settings(found, env)


def _from_file(file: FileSettings) -> dict[str, _Value]:
    found = {}
    for key, value in file.values.items():
        if key == CHANNELS:
            continue
        origin = file.origin(key)
        _refuse_unknown(key, origin)
        found[key] = _Value(_checked(key, value, origin), origin, file.path.parent)
    return found


def _from_environment(env: Mapping[str, str]) -> dict[str, _Value]:
    found = {}
    for variable, text in env.items():
        if not variable.startswith(PREFIX) or variable in NOT_SETTINGS or not text.strip():
            continue
        key, origin = variable.removeprefix(PREFIX).lower(), f"environment variable {variable}"
        if key not in KEYS or variable != variable.upper():
            near = difflib.get_close_matches(key, KEYS, n=1)
            meant = f"Did you mean {PREFIX}{near[0].upper()}?" if near else f"Known: {_known_variables()}."
            raise SettingsError(f"There is no setting for the {origin}.", hint=meant)
        try:
            value = read_text(key, text)
        except WrongValue as error:
            raise _wrong(key, text, origin, error) from error
        found[key] = _Value(value, origin, Path.cwd())
    return found


def _from_flags(flags: Mapping[str, Any]) -> dict[str, _Value]:
    found = {}
    for key, value in flags.items():
        if value is not None:
            origin = f"flag --{key.replace('_', '-')}"
            _refuse_unknown(key, origin)
            found[key] = _Value(_checked(key, value, origin), origin, Path.cwd())
    return found


def _checked(key: str, value: Any, origin: str) -> Any:
    try:
        return KEYS[key](value)
    except WrongValue as error:
        raise _wrong(key, value, origin, error) from error


def _wrong(key: str, value: Any, origin: str, error: WrongValue) -> SettingsError:
    shown = repr(mask_url(value) if key == "store_url" and isinstance(value, str) else value)
    return SettingsError(f"The setting {key!r} cannot be {shown} ({origin}).", hint=f"It {error}.")


def _refuse_unknown(key: str, origin: str) -> None:
    if key not in KEYS:
        near = difflib.get_close_matches(key, KEYS, n=1)
        meant = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(KEYS)}."
        raise SettingsError(f"There is no setting {key!r} ({origin}).", hint=meant)


def _known_variables() -> str:
    return ", ".join(PREFIX + key.upper() for key in KEYS)


def _settings(found: Mapping[str, _Value], env: Mapping[str, str]) -> Settings:
    values = {key: item.value for key, item in found.items()}
    values.setdefault("jobs", len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    home = found.get("home")
    values["home"] = _path(home.value, home.base) if home else _default_home(env)
    store = found.get("store_url")
    values["store_url"] = _store_url(store) if store else f"sqlite:///{values['home'] / 'store.db'}"
    return Settings(**values, origins={key: found[key].origin if key in found else "default" for key in KEYS})


def _default_home(env: Mapping[str, str]) -> Path:
    folder = env.get("XDG_DATA_HOME", "")
    if Path(folder).is_absolute():
        return Path(folder) / "nb2pipe"
    return Path(platformdirs.user_data_dir("nb2pipe", appauthor=False))


def _store_url(item: _Value) -> str:
    """The URL, a relative path of SQLite made absolute from where it was written."""
    start = "sqlite:///"
    url = str(item.value)
    return f"{start}{_path(url.removeprefix(start), item.base)}" if url.startswith(start) else url


def _path(text: str, base: Path) -> Path:
    return Path(os.path.normpath(base.absolute() / Path(text).expanduser()))
