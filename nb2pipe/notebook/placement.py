"""Settings that say where in a cluster a step runs, and how it gets its image there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nb2pipe.model.step_settings import Toleration
from nb2pipe.notebook.wrong import WrongValueError, is_key, is_label, read_labels

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
OBJECT_NAME = r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"
"""The name of an object of Kubernetes."""
TOLERATION = rf"[^=:\s]+(=[^=:\s]*)?(:({'|'.join(EFFECTS)}))?"
"""A toleration as ``kubectl taint`` writes the taint."""
SECONDS = "tolerationSeconds"

_FORM = (
    "a list of taints as kubectl writes them, 'KEY=VALUE:EFFECT' or 'KEY:EFFECT' with NoSchedule, PreferNoSchedule or "
    "NoExecute, or of tolerations of Kubernetes: {'key': ..., 'operator': 'Exists'}"
)
_FIELDS = {"key": "key", "operator": "operator", "value": "value", "effect": "effect", SECONDS: "seconds"}


def read_pull_secrets(value: Any) -> tuple[str, ...]:
    """Names of secrets that open registries.

    Raises:
        WrongValueError: it is no list of names that Kubernetes takes, each once.
    """
    form = "a list of the names of secrets in the cluster, such as ['registry-login']"
    if not isinstance(value, (list, tuple)) or len({str(each) for each in value}) < len(value):
        raise WrongValueError(form)
    if not all(isinstance(each, str) and re.fullmatch(OBJECT_NAME, each) for each in value):
        raise WrongValueError(f"{form}: lower-case letters, digits, '-' and '.'")
    return tuple(value)


def read_node_selector(value: Any) -> dict[str, str]:
    """Labels of machines.

    Raises:
        WrongValueError: a key or a label is none that Kubernetes takes.
    """
    return read_labels(value, "{'disktype': 'ssd'}")


def read_tolerations(value: Any) -> tuple[Toleration, ...]:
    """Tolerations, as ``kubectl taint`` or as a pod's specification writes them.

    Raises:
        WrongValueError: one of them is none.
    """
    if not isinstance(value, (list, tuple)):
        raise WrongValueError(_FORM)
    return tuple(_toleration(each) for each in value)


def _toleration(value: Any) -> Toleration:
    found = _from_text(value) if isinstance(value, str) else _from_fields(value)
    if (found.key and not is_key(found.key)) or not is_label(found.value) or found.effect not in ("", *EFFECTS):
        raise WrongValueError(_FORM)
    if found.seconds is not None and (type(found.seconds) is not int or found.effect != "NoExecute"):
        raise WrongValueError(f"{SECONDS} as a whole number, and only with the effect NoExecute")
    if found.operator == "Exists" and found.value:
        raise WrongValueError("a toleration with the operator 'Exists' without a value")
    if not found.key and found.operator != "Exists":
        raise WrongValueError("a toleration without a key with the operator 'Exists': it puts up with every taint")
    return found


def _from_text(text: str) -> Toleration:
    if not re.fullmatch(TOLERATION, text):
        raise WrongValueError(_FORM)
    taint, _, effect = text.partition(":")
    key, equals, value = taint.partition("=")
    return Toleration(key, "Equal" if equals else "Exists", value, effect)


def _from_fields(value: Any) -> Toleration:
    if not isinstance(value, Mapping) or not set(value) <= set(_FIELDS):
        raise WrongValueError(_FORM)
    found = {_FIELDS[name]: item for name, item in value.items() if item is not None}
    texts = all(isinstance(found.get(name, ""), str) for name in ("key", "value", "effect"))
    if not texts or found.get("operator", "Equal") not in ("Equal", "Exists"):
        raise WrongValueError(_FORM)
    return Toleration(**found)
