"""Channels that notices go by: tables ``[notices.NAME]`` of the user's own settings file."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from nb2pipe.errors import SettingsError
from nb2pipe.settings.channel_keys import COMMON, NEEDED, OF_KIND, PORTS
from nb2pipe.settings.files import CHANNELS as TABLE
from nb2pipe.settings.files import FileSettings, user_file
from nb2pipe.settings.values import WrongValue

KINDS = ("webhook", "slack", "email", "command")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")
_TAKEN = ("none", "default")


@dataclass(frozen=True)
class Channel:
    """One way by which notices go out; secrets are references (``env:NAME``, ``file:PATH``), never values.

    Args:
        name: as schedules name it.
        kind: ``webhook``, ``slack``, ``email`` or ``command``.
        timeout_s: seconds that sending one notice may take.
        only_first: of failures in a row, whether only the first is told.
        url: where a webhook is, or a reference to that.
        headers: of a webhook, name to value or reference.
        host: mail server.
        port: its port.
        tls: ``starttls``, ``tls`` from the first byte on, or ``none``.
        sender: address that mail comes from.
        to: addresses that it goes to.
        user: name to log in with, or a reference; empty for no login.
        password: reference to the password.
        argv: program and arguments.
        folder: where that program runs: the settings file's folder.
        origin: the settings file.
    """

    name: str
    kind: str
    timeout_s: float = 30.0
    only_first: bool = False
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    host: str = ""
    port: int = 0
    tls: str = "starttls"
    sender: str = ""
    to: tuple[str, ...] = ()
    user: str = ""
    password: str = ""
    argv: tuple[str, ...] = ()
    folder: str = ""
    origin: str = ""


def read_channels(file: FileSettings | None) -> dict[str, Channel]:
    """The channels of the user's settings file, by name.

    Raises:
        SettingsError: says which table and key are wrong, and what to write; the value of no secret is shown.
    """
    tables = {} if file is None else file.values.get(TABLE, {})
    if file is None or not tables:
        return {}
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise SettingsError(f"'{TABLE}' in {file.path} is not made of tables.", hint="Write [notices.NAME], then keys.")
    return {name: _channel(name, table, file.path) for name, table in tables.items()}


def load_channel(name: str) -> Channel | None:
    """One channel of the user's settings file as it is now, whatever is wrong with others; None if it is not there.

    Raises:
        SettingsError: the file cannot be read, or this channel is wrong.
    """
    file = user_file(os.environ)
    tables = {} if file is None else file.values.get(TABLE, {})
    if file is None or not isinstance(tables, dict) or name not in tables:
        return None
    return read_channels(replace(file, values={TABLE: {name: tables[name]}}))[name]


def load_channels(env: Mapping[str, str] | None = None) -> dict[str, Channel]:
    """The channels for notices that the user's settings file has now, by name.

    Args:
        env: environment; None for the process's own.

    Raises:
        SettingsError: the file cannot be read, or a channel is wrong.
    """
    return read_channels(user_file(os.environ if env is None else env))


def _channel(name: str, table: Mapping[str, Any], path: Path) -> Channel:
    where = f"[{TABLE}.{name}] in {path}"
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise SettingsError(
            f"A channel cannot be named {name!r} ({path}).",
            hint=f"Use letters, digits, '-', '_' and '.'; {' and '.join(map(repr, _TAKEN))} mean something else.",
        )
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        said = "has no 'kind'" if kind is None else f"is of no known kind: {kind!r}"
        raise SettingsError(f"{where} {said}.", hint=f"Write kind = one of {', '.join(map(repr, KINDS))}.")
    readers = {**COMMON, **OF_KIND[kind]}
    values: dict[str, Any] = {"name": name, "kind": kind, "folder": str(path.parent), "origin": str(path)}
    for key, value in table.items():
        if key == "kind":
            continue
        _refuse_unknown(key, tuple(readers), kind, where)
        try:
            values["sender" if key == "from" else key] = _absolute(readers[key](value), path.parent)
        except WrongValue as error:
            raise SettingsError(f"The key {key!r} of {where} is wrong.", hint=f"It {error}.") from None
    for key in NEEDED[kind]:
        if ("sender" if key == "from" else key) not in values:
            raise SettingsError(f"{where} has no {key!r}.", hint=f"A channel of the kind {kind!r} needs it.")
    return _whole(Channel(**values), where)


def _refuse_unknown(key: str, known: tuple[str, ...], kind: str, where: str) -> None:
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1)
        meant = f"Did you mean {near[0]!r}?" if near else f"Known for {kind!r}: kind, {', '.join(known)}."
        raise SettingsError(f"There is no key {key!r} for {where}.", hint=meant)


def _whole(channel: Channel, where: str) -> Channel:
    """The channel with what follows from its other keys.

    Raises:
        SettingsError: its keys do not go together.
    """
    if channel.kind != "email":
        return channel
    if bool(channel.user) != bool(channel.password):
        has, lacks = ("user", "password") if channel.user else ("password", "user")
        raise SettingsError(f"{where} has {has!r} but no {lacks!r}.", hint="Write both to log in, or neither.")
    if channel.password and channel.tls == "none" and not _is_loopback(channel.host):
        raise SettingsError(
            f"{where} would send its password unencrypted.", hint="Write tls = 'starttls' or tls = 'tls'."
        )
    return replace(channel, port=channel.port or PORTS[channel.tls])


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _absolute(value: Any, folder: Path) -> Any:
    """A reference to a file, made absolute from where it was written; other values as they are."""
    if isinstance(value, dict):
        return {name: _absolute(item, folder) for name, item in value.items()}
    if isinstance(value, str) and value.startswith("file:"):
        return f"file:{folder.absolute() / Path(value.removeprefix('file:')).expanduser()}"
    return value
