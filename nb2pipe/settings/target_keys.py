"""The keys of a target: what each may hold. None holds a secret."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nb2pipe.settings.values import WrongValue

LONGEST_S = 600.0
_DNS = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PROJECT = re.compile(r"([a-z][a-z0-9.-]*:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|[0-9]{6,}")
_LOCATION = re.compile(r"[a-z]+(-[a-z]+)+[0-9]+")
_ACCOUNT = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NETWORK = re.compile(r"projects/[^/\s]+/global/networks/[^/\s]+")
_ROOT = re.compile(r"[a-z0-9]+://[^/\s]+(/\S*)?")


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or any(ord(sign) < 32 or ord(sign) == 127 for sign in value):
        raise WrongValue("must be a text of one line")
    return value.strip()


def _url(value: Any) -> str:
    text = _text(value)
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_url = False
    if not is_url or " " in text:
        raise WrongValue("must be a URL that begins with https:// or http://")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise WrongValue("must be a bare address: no user, password, '?' or '#'; a token belongs into a file")
    return text.rstrip("/")


def _file(value: Any) -> str:
    text = _text(value)
    return str(Path(text).expanduser().absolute())


def _like(pattern: re.Pattern[str], what: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        text = _text(value)
        if not pattern.fullmatch(text):
            raise WrongValue(f"must be {what}")
        return text

    return read


def _labels(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        raise WrongValue("must be a table of texts: labels = { NAME = 'TEXT' }")
    return {_text(name): text for name, text in value.items()}


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= LONGEST_S:
        raise WrongValue(f"must be a number of seconds above 0, at most {LONGEST_S:g}")
    return float(value) if math.isfinite(value) else LONGEST_S


_account = _like(_ACCOUNT, "the address of a service account, such as runner@project.iam.gserviceaccount.com")
_dns = _like(_DNS, "a name of Kubernetes: lower-case letters, digits and '-'")

COMMON: Mapping[str, Callable[[Any], Any]] = {
    "labels": _labels,
    "timeout_s": _seconds,
    "pipeline_root": _like(_ROOT, "an address such as gs://BUCKET/FOLDER"),
}
OF_KIND: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "kfp": {
        "host": _url,
        "ui": _url,
        "namespace": _dns,
        "experiment": _text,
        "token_file": _file,
        "ca_file": _file,
        "service_account": _dns,
    },
    "vertex": {
        "project": _like(_PROJECT, "the id of a project of Google Cloud"),
        "location": _like(_LOCATION, "a region of Google Cloud, such as europe-west4"),
        "service_account": _account,
        "network": _like(_NETWORK, "projects/NUMBER/global/networks/NAME"),
    },
}
NEEDED: Mapping[str, tuple[str, ...]] = {"kfp": ("host",), "vertex": ("project", "location", "pipeline_root")}
