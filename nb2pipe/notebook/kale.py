"""Kale's notebook metadata ``kubeflow_notebook``, old keys and new, as settings of ours.

The keys are those of Kale 0.1 to 2.3 (``kale/pipeline.py``, ``kale/processors/nbprocessor.py``, ``kale/step.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nb2pipe.errors import Severity
from nb2pipe.notebook.nearest import nearest
from nb2pipe.notebook.setting_tags import SettingTagError, read_limit, read_setting_tag

KEY = "kubeflow_notebook"

Report = Callable[[str, Severity, str, str], None]

_SILENT = frozenset(
    [
        "pipeline_name",
        "pipeline_description",
        "experiment",
        "experiment_name",
        "notebook_path",
        "kfp_host",
        "marshal_volume",
        "marshal_path",
        "output_path",
    ]
)
"""What only names the pipeline, or how Kale itself moves data."""

_WITHOUT_EFFECT = frozenset(
    [
        "katib_run",
        "katib_metadata",
        "abs_working_dir",
        "autosnapshot",
        "snapshot_volumes",
        "storage_class_name",
        "volume_access_mode",
        "generate_html_report",
        "security_context",
    ]
)
_READ = frozenset(["docker_image", "base_image", "enable_caching", "timeout", "volumes", "steps_defaults"])
KNOWN = _SILENT | _WITHOUT_EFFECT | _READ

_STEP_KEYS: Mapping[str, str] = {
    "base_image": "image",
    "docker_image": "image",
    "enable_caching": "cache",
    "retry_count": "retries",
    "timeout": "timeout_s",
    "labels": "labels",
    "annotations": "annotations",
}
_STEP_WITHOUT_EFFECT = ("retry_interval", "retry_factor", "retry_max_interval", "generate_html_report")


def read_kale(metadata: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Raw settings for all steps from the metadata ``kubeflow_notebook``.

    Args:
        metadata: the notebook's metadata.
        report: told of what is unknown, has no effect, or is not understood.

    Returns:
        Settings by the names of nb2pipe, not validated yet.
    """
    kale = metadata.get(KEY)
    if kale is None:
        return {}
    if not isinstance(kale, dict):
        report("N2P126", "warning", f"The metadata {KEY!r} is not an object.", "It is left alone.")
        return {}
    _report_keys(kale, report)
    raw: dict[str, Any] = {}
    _read_image(kale, raw, report)
    if kale.get("enable_caching") is not None:
        raw["cache"] = kale["enable_caching"]
    if kale.get("timeout"):
        raw["timeout_s"] = kale["timeout"]
    _read_volumes(kale.get("volumes") or [], raw, report)
    for key, value in _read_defaults(kale.get("steps_defaults"), report).items():
        raw[key] = {**raw[key], **value} if isinstance(raw.get(key), dict) and isinstance(value, dict) else value
    return raw


def _report_keys(kale: Mapping[str, Any], report: Report) -> None:
    for key, value in kale.items():
        if key in _WITHOUT_EFFECT and value:
            report("N2P125", "warning", f"{KEY}.{key} has no effect in nb2pipe.", "The pipeline runs without it.")
        elif key not in KNOWN:
            close = nearest(key, KNOWN)
            hint = f"Did you mean {close!r}?" if close else "It is left alone."
            report("N2P124", "warning", f"{KEY}.{key} is neither Kale's nor nb2pipe's and is ignored.", hint)


def _read_image(kale: Mapping[str, Any], raw: dict[str, Any], report: Report) -> None:
    images = [kale[key] for key in ("base_image", "docker_image") if kale.get(key)]
    if images:
        raw["image"] = images[0]
    if len(images) == 2 and images[0] != images[1]:
        message = f"{KEY} names two images: base_image {images[0]!r} and docker_image {images[1]!r}."
        report("N2P122", "error", message, "Keep base_image.")


def _read_volumes(volumes: Any, raw: dict[str, Any], report: Report) -> None:
    if not isinstance(volumes, list):
        report("N2P126", "error", f"{KEY}.volumes is not a list.", "Write a list of objects with name, mount_point.")
        return
    for volume in volumes:
        name, target = (volume.get("name"), volume.get("mount_point")) if isinstance(volume, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(target, str) or not name or not target:
            message = f"A volume in {KEY}.volumes lacks its name or mount_point."
            report("N2P126", "error", message, 'Write {"type": "pvc", "name": "data", "mount_point": "/data"}.')
        elif volume.get("type") == "clone":
            message = f"Volume {name!r} is a clone of the notebook server's volume, which nb2pipe does not make."
            report("N2P125", "warning", message, "The notebook's folder travels with the pipeline by itself.")
        else:
            raw.setdefault("volumes", []).append(f"{volume.get('type', 'pvc')}:{name}:{target}")
            if volume.get("expose_as_env_var"):
                variable = "KALE_VOLUME_" + "".join(c if c.isalnum() else "_" for c in name.upper())
                raw.setdefault("env", {})[variable] = target


def _read_defaults(defaults: Any, report: Report) -> dict[str, Any]:
    if isinstance(defaults, list):
        return _read_default_tags(defaults, report)
    if isinstance(defaults, dict):
        return _read_default_object(defaults, report)
    if defaults is not None:
        report("N2P126", "error", f"{KEY}.steps_defaults is neither a list nor an object.", 'Write ["limit:cpu:2"].')
    return {}


def _read_default_tags(tags: list[Any], report: Report) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for tag in tags:
        prefix, _, rest = tag.partition(":") if isinstance(tag, str) else ("", "", "")
        try:
            setting = read_setting_tag(prefix, rest.strip())
        except KeyError:
            hint = "Write limit:, image:, cache:, label:, annotation: or secret: tags."
            report("N2P126", "error", f"{tag!r} in {KEY}.steps_defaults is not understood.", hint)
            continue
        except SettingTagError as error:
            report(error.code, error.severity, error.message, error.hint)
            continue
        for key, value in setting.items():
            raw[key] = {**raw.get(key, {}), **value} if isinstance(value, dict) else value
    return raw


def _read_default_object(defaults: Mapping[str, Any], report: Report) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for key, value in defaults.items():
        if key in _STEP_KEYS:
            if value not in (None, ""):
                raw[_STEP_KEYS[key]] = value
        elif key == "limits" and isinstance(value, dict):
            raw.update(_read_limits(value, report))
        elif key == "secrets" and isinstance(value, dict):
            raw["secrets"] = {name: _secret_reference(item) for name, item in value.items()}
        elif key in _STEP_WITHOUT_EFFECT:
            if value:
                report("N2P125", "warning", f"{KEY}.steps_defaults.{key} has no effect in nb2pipe.", "")
        else:
            report("N2P126", "error", f"{KEY}.steps_defaults.{key} is not understood.", "Remove or correct it.")
    return raw


def _read_limits(limits: Mapping[str, Any], report: Report) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for name, value in limits.items():
        try:
            raw.update(read_limit(name, value))
        except SettingTagError as error:
            report(error.code, error.severity, error.message, error.hint)
    return raw


def _secret_reference(item: Any) -> Any:
    """Kale keeps a secret as the names of a Kubernetes secret and of the key in it."""
    values = list(item.values()) if isinstance(item, dict) else []
    return f"secret:{values[0]}/{values[1]}" if len(values) == 2 and all(isinstance(v, str) for v in values) else item
