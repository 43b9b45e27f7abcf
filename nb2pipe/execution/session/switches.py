"""Switches of Python and of its standard library that a kernel carries besides variables."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb2pipe.execution.session.providers import Provider


@dataclass
class Switch:
    """A setting that a module has functions for.

    Args:
        key: names it.
        module: the module.
        get: the setting, given the module.
        set: puts a setting in place, given the module and the setting.
    """

    key: str
    module: str
    get: Callable[[Any], Any]
    set: Callable[[Any, Any], object]

    def capture(self) -> Any:
        """The setting."""
        return self.get(sys.modules[self.module])

    def restore(self, state: Any) -> None:
        """Set it."""
        self.set(sys.modules[self.module], state)


def _umask(_: Any) -> int:
    """The mask, read where that does not need it to be set for a moment, which other threads would see."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("Umask:")).split()[1], 8)
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _set_garbage(module: Any, state: tuple[bool, tuple[int, int, int]]) -> None:
    (module.enable if state[0] else module.disable)()
    module.set_threshold(*state[1])


def _get_interpreter(module: Any) -> tuple[float, int]:
    return module.getswitchinterval(), module.get_int_max_str_digits()


def _set_interpreter(module: Any, state: tuple[float, int]) -> None:
    module.setswitchinterval(state[0])
    module.set_int_max_str_digits(state[1])


def _set_timeout(module: Any, timeout_s: float | None) -> None:
    module.setdefaulttimeout(timeout_s)


def _set_first_day(module: Any, day: int) -> None:
    module.setfirstweekday(day)


def switches() -> list[Provider]:
    """One provider for each of them."""
    return [
        Switch("umask", "os", _umask, lambda module, mask: module.umask(mask)),
        Switch("gc", "gc", lambda module: (module.isenabled(), module.get_threshold()), _set_garbage),
        Switch("switches", "sys", _get_interpreter, _set_interpreter),
        Switch(
            "sys.argv", "sys", lambda module: list(module.argv), lambda module, texts: setattr(module, "argv", texts)
        ),
        Switch(
            "csv", "csv", lambda module: module.field_size_limit(), lambda module, size: module.field_size_limit(size)
        ),
        Switch("calendar", "calendar", lambda module: module.firstweekday(), _set_first_day),
        Switch("socket", "socket", lambda module: module.getdefaulttimeout(), _set_timeout),
    ]
