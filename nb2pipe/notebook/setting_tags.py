"""Kale's tags for settings (``limit:cpu:500m``, ``image:python:3.12`` ...) as raw settings of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nb2pipe.errors import Severity

_LIMITS: Mapping[str, str] = {"cpu": "cpus", "cpus": "cpus", "memory": "memory_mib", "mem": "memory_mib"}


class SettingTagError(Exception):
    """A tag for a setting that cannot be honoured; becomes a diagnostic."""

    def __init__(self, code: str, severity: Severity, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.severity = severity
        self.message = message
        self.hint = hint


def read_setting_tag(prefix: str, rest: str) -> dict[str, Any]:
    """What the tag ``prefix:rest`` sets, by the names of nb2pipe.

    Args:
        prefix: one of ``SETTING_PREFIXES``.
        rest: what stands behind the first colon, without blanks around it.

    Raises:
        SettingTagError: the tag lacks a part, or asks for what nb2pipe does not do.
    """
    return _READERS[prefix](rest)


def read_limit(name: str, value: Any) -> dict[str, Any]:
    """A Kubernetes resource limit such as ``cpu``, ``memory`` or ``nvidia.com/gpu`` as a setting.

    Raises:
        SettingTagError: nb2pipe has no such limit.
    """
    if name.endswith("/gpu") or name == "gpu":
        return {"gpus": value} if name == "gpu" else {"gpus": value, "gpu_type": name}
    if name not in _LIMITS:
        hint = "Limits are cpu, memory, and gpus such as nvidia.com/gpu."
        raise SettingTagError("N2P112", "error", f"nb2pipe has no limit {name!r}.", hint)
    if _LIMITS[name] == "memory_mib" and not str(value)[-1:].isalpha():
        value = f"{value}B"  # Kubernetes counts memory without a unit in bytes
    return {_LIMITS[name]: value}


def _limit(rest: str) -> dict[str, Any]:
    name, _, value = rest.rpartition(":")
    if not name or not value:
        raise _malformed("limit", rest, "limit:NAME:VALUE, for example limit:memory:2Gi")
    return read_limit(name.strip(), value.strip())


def _image(rest: str) -> dict[str, Any]:
    if not rest:
        raise _malformed("image", rest, "image:NAME, for example image:python:3.12")
    return {"image": rest}


def _cache(rest: str) -> dict[str, Any]:
    if rest.lower() not in ("enabled", "disabled", "on", "off", "true", "false"):
        raise _malformed("cache", rest, "cache:enabled or cache:disabled")
    return {"cache": rest}


def _pair(setting: str) -> Callable[[str], dict[str, Any]]:
    def read(rest: str) -> dict[str, Any]:
        key, colon, value = rest.partition(":")
        if not key or not colon:
            prefix = setting.removesuffix("s")
            message = f"Tag '{prefix}:{rest}' is no {prefix} and is left alone."
            raise SettingTagError("N2P112", "warning", message, f"A {prefix} is written {prefix}:KEY:VALUE.")
        return {setting: {key.strip(): value.strip()}}

    return read


def _secret(rest: str) -> dict[str, Any]:
    parts = [part.strip() for part in rest.split(":")]
    if len(parts) != 3 or not all(parts):
        raise _malformed("secret", "...", "secret:SECRET:KEY:VARIABLE")
    name, key, variable = parts
    return {"secrets": {variable: f"secret:{name}/{key}"}}


def _notebook(rest: str) -> dict[str, Any]:
    message = f"Tag 'notebook:{rest}' refers to another notebook, which nb2pipe does not run."
    raise SettingTagError("N2P110", "error", message, "Copy its cells over, or run it by '%run OTHER.ipynb'.")


def _report(rest: str) -> dict[str, Any]:
    message = f"Tag 'report:{rest}' has no effect: nb2pipe writes a report of the whole run."
    raise SettingTagError("N2P111", "info", message, "Ask for it with `nb2pipe run --report OUT.html`.")


def _malformed(prefix: str, rest: str, form: str) -> SettingTagError:
    return SettingTagError("N2P112", "error", f"Tag '{prefix}:{rest}' is not understood.", f"Write {form}.")


_READERS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "limit": _limit,
    "image": _image,
    "cache": _cache,
    "label": _pair("labels"),
    "annotation": _pair("annotations"),
    "secret": _secret,
    "notebook": _notebook,
    "report": _report,
}
SETTING_PREFIXES = frozenset(_READERS)
"""What stands before the first colon of a tag that sets something."""
