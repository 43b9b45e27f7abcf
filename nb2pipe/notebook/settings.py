"""Raw settings from tags and metadata as :class:`StepSettings`, each value validated."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from nb2pipe.model.step_settings import Resources, StepSettings, Volume
from nb2pipe.notebook.nearest import suggest
from nb2pipe.notebook.placement import read_node_selector, read_pull_secrets, read_tolerations
from nb2pipe.notebook.quantities import QuantityError, read_count, read_cpus, read_memory_mib, read_seconds
from nb2pipe.notebook.wrong import WrongValueError, read_labels, read_object, read_texts

Report = Callable[[str, str, str], None]
"""Called with code, message and hint of what is wrong."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:.+|engine:[A-Za-z0-9_.-]+|secret:[^/\s]+/[^/\s]+")
_SWITCH = {"on": True, "enabled": True, "true": True, "off": False, "disabled": False, "false": False}

MAY_RUN = "May this step run?"
"""What is asked where the setting ``approval`` is only ``true``."""
_LONGEST_WAIT_S = 10 * 366 * 86400.0
_TEAM = "{'team': 'risk'}"


def read_settings(raw: Mapping[str, Any], report: Report) -> StepSettings:
    """Validate raw settings.

    Args:
        raw: by the names of ``SETTINGS``.
        report: told of every unknown setting and wrong value, which then keeps its default.

    Returns:
        The settings.
    """
    read: dict[str, Any] = {}
    for name, value in raw.items():
        reader = _READERS.get(name)
        if reader is None:
            report("N2P120", f"There is no setting {name!r}.", suggest(name, SETTINGS, what="settings"))
            continue
        if value is None:
            continue
        try:
            read[name] = reader(value)
        except (WrongValueError, QuantityError) as error:
            code, key, secret = (
                (error.code, error.key, error.secret) if isinstance(error, WrongValueError) else ("N2P121", None, False)
            )
            what = f"{name}.{key}" if key else name
            shown = "is not a reference" if secret else f"is {_shown(value, key)}"
            report(code, f"Setting {what!r} {shown}.", f"Write {error}.")
    resources = Resources(**{name: read.pop(name) for name in _RESOURCES if name in read})
    return StepSettings(resources=resources, **read)


def same_value(name: str, first: Any, second: Any) -> bool:
    """Whether two raw values of one setting mean the same: ``2`` and ``"2"``, ``1024`` and ``"1Gi"``."""
    reader = _READERS.get(name)
    try:
        return first == second or (reader is not None and reader(first) == reader(second))
    except ValueError:
        return False


def _shown(value: Any, key: str | None) -> str:
    return repr(value.get(key)) if key and isinstance(value, Mapping) else repr(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or value != value.strip() or len(value.split()) != 1:
        raise WrongValueError("a text without blanks")
    return value


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _SWITCH:
        return _SWITCH[value.lower()]
    raise WrongValueError("true or false ('on' and 'off' do too)")


def _approval(value: Any) -> str | None:
    """The question; None where no approval is needed."""
    word = value.strip().lower() if isinstance(value, str) else ""
    if isinstance(value, bool) or word in _SWITCH:
        return MAY_RUN if value is True or _SWITCH.get(word) else None
    if not isinstance(value, str) or not word or "\0" in value:
        raise WrongValueError("true, or the question to ask as a text")
    return value.strip()


def _approval_timeout(value: Any) -> float:
    seconds = read_seconds(value)
    if seconds > _LONGEST_WAIT_S:
        raise WrongValueError("at most ten years in seconds")
    return seconds


def _env(value: Any) -> dict[str, str]:
    result = {}
    for name, item in read_object(value, "an object of variables, such as {'MODE': 'fast'}").items():
        if not _VARIABLE.fullmatch(name):
            raise WrongValueError("variable names of letters, digits and '_'", key=name)
        if isinstance(item, bool) or not isinstance(item, (str, int, float)) or "\0" in str(item):
            raise WrongValueError("the variable's value as text", key=name)
        result[name] = str(item)
    return result


def _secrets(value: Any) -> dict[str, str]:
    form = "a reference: env:NAME, file:PATH, engine:NAME or secret:NAME/KEY, never the secret itself"
    if not isinstance(value, Mapping):
        raise WrongValueError(f"an object of variable names, each with {form}", code="N2P127", secret=True)
    for name, item in value.items():
        if not _VARIABLE.fullmatch(name):
            raise WrongValueError("variable names of letters, digits and '_'", key=name, secret=True)
        if not isinstance(item, str) or not _REFERENCE.fullmatch(item):
            raise WrongValueError(form, code="N2P127", key=name, secret=True)
    return dict(value)


def _labels(value: Any) -> dict[str, str]:
    return read_labels(value, _TEAM)


def _annotations(value: Any) -> dict[str, str]:
    return read_texts(value, _TEAM)


def _volumes(value: Any) -> tuple[Volume, ...]:
    if not isinstance(value, (list, tuple)):
        raise WrongValueError("a list of 'SOURCE:TARGET' or 'SOURCE:TARGET:ro'")
    volumes = tuple(_volume(item) for item in value)
    targets = [volume.target for volume in volumes]
    if len(set(targets)) < len(targets):
        raise WrongValueError("each target path once")
    return volumes


def _volume(value: Any) -> Volume:
    source: Any
    target: Any
    form = "'SOURCE:TARGET' or 'SOURCE:TARGET:ro', with an absolute path as TARGET"
    if isinstance(value, str):
        rest, _, mode = value.rpartition(":")
        if mode not in ("ro", "rw"):
            rest, mode = value, "rw"
        source, _, target = rest.rpartition(":")
        read_only: Any = mode == "ro"
    elif isinstance(value, Mapping) and set(value) <= {"source", "target", "read_only"}:
        source, target, read_only = value.get("source"), value.get("target"), value.get("read_only", False)
    else:
        raise WrongValueError(form)
    texts = isinstance(source, str) and isinstance(target, str)
    if not texts or not source or not target.startswith("/") or not isinstance(read_only, bool):
        raise WrongValueError(form)
    return Volume(source, target, read_only)


_RESOURCES = ("cpus", "memory_mib", "gpus", "gpu_type")
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "image": _text,
    "cpus": read_cpus,
    "memory_mib": read_memory_mib,
    "gpus": read_count,
    "gpu_type": _text,
    "retries": read_count,
    "timeout_s": read_seconds,
    "cache": _switch,
    "env": _env,
    "secrets": _secrets,
    "volumes": _volumes,
    "network": _text,
    "labels": _labels,
    "annotations": _annotations,
    "image_pull_secrets": read_pull_secrets,
    "node_selector": read_node_selector,
    "tolerations": read_tolerations,
    "approval": _approval,
    "approval_timeout_s": _approval_timeout,
}
SETTINGS = tuple(_READERS)
"""The names of all settings of a step."""
