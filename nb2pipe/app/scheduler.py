"""The scheduler as a process: rounds until a signal, whatever the store does meanwhile."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from nb2pipe.app.children import Children
from nb2pipe.app.dispatch import Dispatcher, who_is_told
from nb2pipe.app.elsewhere.keeper import Keeper
from nb2pipe.app.leftovers import remove_left_behind
from nb2pipe.app.listening import address_of, listening
from nb2pipe.app.watching import watching
from nb2pipe.errors import Nb2pipeError, SettingsError, StoreError
from nb2pipe.notices.courier import Courier
from nb2pipe.scheduling.scheduler import Scheduler
from nb2pipe.settings import Settings, load_channel
from nb2pipe.store import open_store

UNIT = "nb2pipe-scheduler.service"
_PATIENCE_S = 1.0
_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME")
"""Where settings and kernels of the user are, if not at the usual places; a service does not know by itself."""


def run_scheduler(settings: Settings, *, at_once: int, tell: Callable[[str], None], listen: str | None = None) -> int:
    """See to schedules until SIGINT, SIGTERM or SIGHUP; runs that go on then go on.

    While another scheduler does so, this one waits, and takes over when that one is gone.

    Args:
        settings: the settings in force.
        at_once: runs at once on this machine.
        tell: gets a line for each thing worth knowing.
        listen: host and port to take calls at; None to take none.

    Returns:
        How many runs of this process go on.

    Raises:
        StoreError: the store cannot be opened; later failures are told and tried again.
        SettingsError: N2P815, it cannot listen there.
    """
    with open_store(settings.store_url, settings.home) as store, _woken_by_signals() as (wake_fd, is_stopped):
        children = Children(settings, wake_fd)
        scheduler = Scheduler(
            store,
            children,
            clock=lambda: datetime.now(UTC),
            monotonic=time.monotonic,
            at_once=at_once,
            tell=tell,
            notify=who_is_told(settings, tell),
        )
        remove_left_behind(settings.home)
        if (holder := store.lease.holder()) is not None:
            tell(f"process {holder.pid} on {holder.host} sees to schedules; this one waits to take over")
        dispatcher = Dispatcher(store.outbox, Courier(store.outbox, load_channel), tell)
        seeing = watching(store, lambda: scheduler.leads, tell)
        with listening(listen, settings, store, tell), seeing, dispatcher, Keeper(lambda: settings, tell) as elsewhere:
            while not is_stopped():
                elsewhere.nudge()
                try:
                    wait_s = scheduler.round()
                except Exception as error:  # whatever a round meets, those to come are not lost with it
                    tell(f"trying again: {error if isinstance(error, Nb2pipeError) else repr(error)}")
                    wait_s = _PATIENCE_S
                if not is_stopped():
                    children.wait(wait_s)
            with contextlib.suppress(StoreError):
                store.lease.give_up()
        children.close()
        children.ended()
        return len(children.running())


def unit_text(settings: Settings, at_once: int | None = None, listen: str | None = None) -> str:
    """The text of a systemd user unit that runs the scheduler."""
    option = (f" --at-once {at_once}" if at_once else "") + (f" --listen {listen}" if listen else "")
    given = {"NB2PIPE_HOME": str(settings.home), "PATH": os.environ.get("PATH", os.defpath)}
    given |= {name: os.environ[name] for name in _FOLDERS if os.environ.get(name)}
    environment = " ".join(f'"{name}={_escaped(value)}"' for name, value in given.items())
    return f"""[Unit]
Description=nb2pipe scheduler

[Service]
ExecStart={_program(sys.executable)} -P -m nb2pipe scheduler{option}
Environment={environment}
Restart=always
RestartSec=2
# Runs that go on outlive a restart of the scheduler.
KillMode=process

[Install]
WantedBy=default.target
"""


def install_unit(settings: Settings, folder: Path, at_once: int | None = None, listen: str | None = None) -> Path:
    """Write the systemd user unit.

    Args:
        settings: the settings in force.
        folder: the user's folder for settings, such as ``~/.config``.
        at_once: runs at once; None for the default.
        listen: host and port to take calls at; None to take none.

    Returns:
        The file.

    Raises:
        SettingsError: it cannot be written, the store's URL would have to stand in it, or the address is wrong.
    """
    if listen is not None:
        address_of(listen)
    if "environment" in settings.origins.get("store_url", ""):
        raise SettingsError(
            "The store is named by the environment, which a service does not have.",
            hint="Write store_url into nb2pipe/config.toml in your folder for settings, readable for you alone.",
        )
    path = folder / "systemd" / "user" / UNIT
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(unit_text(settings, at_once, listen), encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path} cannot be written ({error.strerror}).", hint="Mend its folder.") from error
    return path


def _program(path: str) -> str:
    """The first words of a unit's command: systemd takes no program with a quote in its name, ``env`` does."""
    if any(sign in path for sign in "\"'\\"):
        return f'/usr/bin/env "{_escaped(path).replace("$", "$$")}"'
    return f'"{_escaped(path)}"'


def _escaped(text: str) -> str:
    """Within double quotes of a unit, for a variable or the program; in these ``$`` means nothing (systemd.exec(5))."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("\n", "\\n")


@contextlib.contextmanager
def _woken_by_signals() -> Iterator[tuple[int, Callable[[], bool]]]:
    """While inside, a signal to end makes a file readable and is remembered."""
    reads, writes = os.pipe()
    seen: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        seen.append(number)
        os.write(writes, b"x")

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield reads, lambda: bool(seen)
    finally:
        for number, old in before.items():
            signal.signal(number, old)
        os.close(reads)
        os.close(writes)
