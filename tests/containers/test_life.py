"""However a run ends, no container runs on, at the latest after the next command."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.containers.engine import Engine
from tests.containers.images import Image
from tests.containers.notebooks import begin, nb2pipe, owned


def test_ctrl_c(tmp_path: Path, fast: Image, engine: Engine) -> None:
    """Ctrl-C ends the run as cancelled, with what was printed, and leaves no container."""
    process = begin(tmp_path, fast)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert 130 == process.returncode
    assert [] == owned(engine, tmp_path)
    assert "kept" in (tmp_path / "out.ipynb").read_text()


def test_timeout(tmp_path: Path, fast: Image, engine: Engine) -> None:
    """A step whose time is over fails, and its container is gone."""
    process = begin(tmp_path, fast, timeout_s=4)
    out, err = process.communicate(timeout=60)
    assert 1 == process.returncode and "timeout_s" in out + err
    assert [] == owned(engine, tmp_path)


@pytest.mark.parametrize("victim", ["nb2pipe", "all"])
def test_kill(tmp_path: Path, fast: Image, engine: Engine, nb2pipe_home: Path, victim: str) -> None:
    """After kill -9 of nb2pipe, and of the engine's command line with it, the next command leaves nothing running."""
    process = begin(tmp_path, fast)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    for pid in children if victim == "all" else ():
        os.kill(int(pid), signal.SIGKILL)
    process.communicate()
    listed = nb2pipe("runs", cwd=tmp_path)
    assert 0 == listed.code and "interrupted" in listed.out
    assert [] == owned(engine, tmp_path)
    assert [] == list((nb2pipe_home / "containers").glob("*.owner"))


def test_container_killed(tmp_path: Path, fast: Image, engine: Engine) -> None:
    """A container that is killed from outside is a failure of its step, never success."""
    process = begin(tmp_path, fast)
    for name in owned(engine, tmp_path):  # one by one: podman kills none of several where one has just ended
        engine.run("kill", name, check=False)
    out, err = process.communicate(timeout=60)
    assert 1 == process.returncode
    assert "was killed from outside" in out + err, out + err
    assert [] == owned(engine, tmp_path)
