"""What readers of settings raise, and what several of them read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_KEY = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/)?[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_LABEL = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")


class WrongValueError(ValueError):
    """A wrong value; the text says how it must be written.

    Args:
        form: how.
        code: of the diagnostic.
        key: which entry of the value is wrong.
        secret: whether the value must not be shown.
    """

    def __init__(self, form: str, *, code: str = "N2P121", key: str | None = None, secret: bool = False) -> None:
        super().__init__(form)
        self.code = code
        self.key = key
        self.secret = secret


def read_object(value: Any, form: str) -> Mapping[str, Any]:
    """An object.

    Raises:
        WrongValueError: it is none.
    """
    if not isinstance(value, Mapping):
        raise WrongValueError(form)
    return value


def read_texts(value: Any, example: str) -> dict[str, str]:
    """Texts by keys of Kubernetes.

    Args:
        value: as written.
        example: one that is right.

    Raises:
        WrongValueError: a key or a text is none.
    """
    for key, item in read_object(value, f"an object of texts, such as {example}").items():
        if not _KEY.fullmatch(key):
            raise WrongValueError("a key such as 'team' or 'example.org/team'", key=key)
        if not isinstance(item, str):
            raise WrongValueError("its value as text", key=key)
    return dict(value)


def read_labels(value: Any, example: str) -> dict[str, str]:
    """Labels of Kubernetes: short texts by key.

    Raises:
        WrongValueError: a key or a text is none that Kubernetes takes.
    """
    labels = read_texts(value, example)
    for key, item in labels.items():
        if not is_label(item):
            raise WrongValueError("a value of at most 63 letters, digits, '-', '_' and '.'", key=key)
    return labels


def is_key(text: str) -> bool:
    """Whether a text is a key of labels and taints."""
    return _KEY.fullmatch(text) is not None


def is_label(text: str) -> bool:
    """Whether a text is the value of a label or of a taint."""
    return _LABEL.fullmatch(text) is not None
