"""The keys of a channel for notices: what each may hold, and what is a secret that must not stand there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from nb2pipe.settings.values import WrongValue
from nb2pipe.urls import mask_url

PORTS = {"starttls": 587, "tls": 465, "none": 25}
LONGEST_S = 600.0
REFERENCE = re.compile(r"(env:[A-Za-z_]\w*|file:[^\x00]*[^\s\x00])", re.ASCII)
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_SECRET_HEADER = re.compile(r"auth|token|key|secret|cookie|pass|sign", re.IGNORECASE)
_OURS = ("content-type", "content-length", "host", "user-agent")
_BY_REFERENCE = "by reference: 'env:NAME' for an environment variable, or 'file:PATH' for a file that holds it"


def is_reference(value: str) -> bool:
    """Whether a text stands for a secret kept elsewhere."""
    return value.startswith(("env:", "file:"))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or any(ord(sign) < 32 for sign in value):
        raise WrongValue("must be a text of one line")
    return value.strip()


def _reference(value: Any, what: str) -> str:
    if not isinstance(value, str) or not REFERENCE.fullmatch(value):
        raise WrongValue(f"must be given {_BY_REFERENCE}; a {what} is never written into settings")
    return value


def _password(value: Any) -> str:
    return _reference(value, "password")


def _hidden_url(value: Any) -> str:
    return _reference(value, "Slack URL, with which anybody can post,")


def _open_url(value: Any) -> str:
    text = _text(value)
    if is_reference(text):
        return _reference(text, "URL")
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_url = False
    if not is_url or " " in text:
        raise WrongValue("must be a URL that begins with https:// or http://, or 'env:NAME' or 'file:PATH' of one")
    if mask_url(text) != text or "@" in parts.netloc:
        raise WrongValue(f"holds a password: give the whole URL {_BY_REFERENCE}")
    return text


def _headers(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise WrongValue("must be a table: headers = { NAME = 'TEXT' }")
    for name, text in value.items():
        if not _HEADER.fullmatch(name) or name.lower() in _OURS:
            raise WrongValue(f"names a header that cannot be set: {name!r}")
        if not is_reference(_text(text)) and _SECRET_HEADER.search(name):
            raise WrongValue(f"has a secret in it: give the whole value of {name!r} {_BY_REFERENCE}")
        if is_reference(text):
            _reference(text, "secret")
    return {name: _text(text) for name, text in value.items()}


def _user(value: Any) -> str:
    text = _text(value)
    return _reference(text, "user") if is_reference(text) else text


def _address(value: Any) -> str:
    text = _text(value)
    before, at, host = text.rpartition("@")
    if not (before and at and host) or any(sign in text for sign in " ,;<>"):
        raise WrongValue("must be an address such as 'ann@example.com', without a name")
    return text


def _addresses(value: Any) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not items:
        raise WrongValue("must be an address, or a list of them")
    return tuple(_address(item) for item in items)


def _port(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 65536:
        raise WrongValue("must be a number from 1 to 65535")
    return value


def _tls(value: Any) -> str:
    if value not in PORTS:
        raise WrongValue("must be 'starttls' (usually port 587), 'tls' (port 465) or 'none'")
    return str(value)


def _argv(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) and "\0" not in word for word in value):
        raise WrongValue("must be a list of texts: argv = ['PROGRAM', 'ARGUMENT']; no shell reads them")
    if not value or not value[0].strip():
        raise WrongValue("must begin with a program")
    return tuple(value)


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= LONGEST_S:
        raise WrongValue(f"must be a number of seconds, at most {LONGEST_S:g}")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongValue("must be true or false")
    return value


COMMON: Mapping[str, Callable[[Any], Any]] = {"timeout_s": _seconds, "only_first": _flag}
OF_KIND: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "webhook": {"url": _open_url, "headers": _headers},
    "slack": {"url": _hidden_url},
    "email": {
        "host": _text,
        "port": _port,
        "tls": _tls,
        "from": _address,
        "to": _addresses,
        "user": _user,
        "password": _password,
    },
    "command": {"argv": _argv},
}
NEEDED = {"webhook": ("url",), "slack": ("url",), "email": ("host", "from", "to"), "command": ("argv",)}
