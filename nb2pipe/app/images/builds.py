"""Building images as work of its own: started, looked at and stopped by whoever does not want to wait."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from nb2pipe.app.detached import settings_for
from nb2pipe.app.images.data import build_data
from nb2pipe.app.images.making import BuildRequest, build_image, plan_for
from nb2pipe.app.images.records import LOG, asked_to_stop, builds_folder, old_builds, read_build, request_stop
from nb2pipe.app.images.records import write_build as _write
from nb2pipe.app.logs import LogPart, read_part
from nb2pipe.app.spawning import killed_on_error, places, spawn, tell
from nb2pipe.app.users import user_name
from nb2pipe.errors import ExecutionError, Nb2pipeError
from nb2pipe.model import State
from nb2pipe.model.build import ImageBuild
from nb2pipe.model.ids import new_run_id
from nb2pipe.settings import Settings, load_settings
from nb2pipe.store.processes import is_alive, process_here, this_machine

MODULE = "nb2pipe.cli.building"


@dataclass(frozen=True)
class BuildOrder:
    """An image that somebody asks for.

    Args:
        notebook: absolute path.
        base: base image; None for the setting ``image_base``.
        tag: a further tag.
        push: name in a registry to push it to.
        engine: podman or docker; None for what the settings say.
        user: who asks; empty for whoever runs this process.
    """

    notebook: str
    base: str | None = None
    tag: str | None = None
    push: str | None = None
    engine: str | None = None
    user: str = ""


def start_build(order: BuildOrder, settings: Settings) -> ImageBuild:
    """Start a build in a process of its own; it is recorded, queued, when this returns.

    Args:
        order: what is to be built.
        settings: for home.

    Raises:
        RefusedError: nothing was started: the notebook cannot be read, or imports what cannot be installed again.
        ExecutionError: the system has no room for a process, or home cannot be written to.
    """
    plan_for(order.notebook)
    build_id, now = new_run_id(), datetime.now(UTC)
    with _home_faults(settings.home):
        for folder in old_builds(settings.home):
            shutil.rmtree(folder, ignore_errors=True)
        log = builds_folder(settings.home) / build_id / LOG
        process = spawn(settings.home, log, MODULE)
        own = process_here(process.pid)
        with killed_on_error(process):
            build = ImageBuild(
                build_id,
                order.notebook,
                State.QUEUED,
                now,
                user=order.user or user_name(),
                host=own.host,
                machine=own.machine,
                pid=own.pid,
                process_started_at=own.started_at,
            )
            _write(settings.home, build)
    tell(process, {"build": build_id, "order": vars(order), "settings": places(settings)})
    threading.Thread(target=process.wait, name=f"nb2pipe build {build_id}", daemon=True).start()
    return build


def run_build_ordered(said: Mapping[str, Any], log: IO[str]) -> State:
    """Build what :func:`start_build` ordered, in the process that it started.

    Args:
        said: the order, as it came.
        log: gets each line that the engine prints.

    Returns:
        How it ended.
    """
    order = BuildOrder(**said["order"])
    flags = {} if order.base is None else {"image_base": order.base}
    home = Path(said["settings"]["home"])
    signal.signal(signal.SIGTERM, _stop)
    build = replace(read_build(home, said["build"]), state=State.RUNNING, started_at=datetime.now(UTC))
    _write(home, build)

    def show(line: str) -> None:
        log.write(f"{line.rstrip()}\n")
        log.flush()

    try:
        settings = settings_for(order.notebook, load_settings(said["settings"]), flags)
        request = BuildRequest(order.notebook, order.tag, order.push, order.engine)
        result = build_image(plan_for(order.notebook), request, settings, show)
        build = replace(build, state=State.SUCCEEDED, result=build_data(result))
    except KeyboardInterrupt:
        who = asked_to_stop(home, build.id)
        build = replace(build, state=State.CANCELLED, message=f"cancelled by {who or 'SIGTERM'}")
    except Nb2pipeError as error:
        build = replace(build, state=State.FAILED, message=error.message, hint=error.hint)
    except Exception as error:  # whatever it is, whoever asked must hear of it
        build = replace(build, state=State.FAILED, message=f"{type(error).__name__}: {error}")
    return _write(home, replace(build, ended_at=datetime.now(UTC))).state


def cancel_build(settings: Settings, build_id: str, *, user: str = "") -> tuple[ImageBuild, bool]:
    """Ask a build to stop.

    Args:
        settings: for home.
        build_id: of the build.
        user: who asks; empty for whoever runs this process.

    Returns:
        The build as it is now, and whether there was anything to stop.

    Raises:
        NotFoundError: there is none of this id.
        ExecutionError: it goes on on another machine, where nothing of here can stop it.
    """
    build = read_build(settings.home, build_id)
    if build.state.is_final:
        return build, False
    if build.machine != this_machine():
        raise ExecutionError(f"Image build {build_id} goes on on {build.host}.", hint="Stop it there.")
    request_stop(settings.home, build, user or user_name())
    if is_alive(build.pid, build.process_started_at):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(build.pid, signal.SIGTERM)  # the engine's command line with it
    return read_build(settings.home, build_id), True


def build_log(settings: Settings, build_id: str, offset: int, limit: int) -> LogPart:
    """A part of what the engine printed.

    Args:
        settings: for home.
        build_id: of the build.
        offset: bytes from the beginning; below 0 from the end, as of now.
        limit: bytes at most.

    Raises:
        NotFoundError: there is no such build, or its log is gone.
    """
    build = read_build(settings.home, build_id)
    return read_part(builds_folder(settings.home) / build_id / LOG, offset, limit, build.state.is_final)


def _stop(number: int, frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what follows is written to its end
    raise KeyboardInterrupt


@contextlib.contextmanager
def _home_faults(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExecutionError(
            f"The build cannot be recorded in {str(home)!r}: {error.strerror or error}.",
            hint="Mend its rights or make room, or set home (NB2PIPE_HOME) to another folder.",
        ) from error
