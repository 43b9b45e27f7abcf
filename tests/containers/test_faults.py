"""What engines say, read as what a user can do about it; asked of the real engine where it can be made to fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb2pipe.containers import engine as engines
from nb2pipe.containers.engine import find_engine
from nb2pipe.containers.faults import EngineError, fault_of
from nb2pipe.errors import SettingsError
from tests.containers.engine import Engine
from tests.containers.images import Image

SAID = {
    "no engine": "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    "permission": "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
    "no space": "Error: writing blob: storing blob to file: write /var/tmp/x: no space left on device",
    "access": "Error: initializing source docker://x/y: reading manifest latest: denied: requested access is denied",
    "registry": "Error: pinging container registry localhost:5: Get http://localhost:5/v2/: connection refused",
    "architecture": "exec /usr/bin/python3: exec format error",
    "missing image": "Error: localhost/none: image not known",
    "other": "Error: something new",
}


@pytest.mark.parametrize("kind", SAID)
def test_what_engines_say_is_told_apart(kind: str) -> None:
    """Each kind of failure has a message with the engine's own words, and a hint where there is a way out."""
    fault = fault_of("docker", 125, SAID[kind], "start a container")
    assert kind == fault.kind
    assert SAID[kind] in fault.message
    assert bool(fault.hint) == (kind != "other")


def test_no_engine_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any engine the error says which were looked for and how to get one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match="podman is not installed; docker is not installed") as caught:
        find_engine()
    assert "install podman" in caught.value.hint


def test_an_engine_that_does_not_work_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that is installed but fails is no engine, and its reason is told."""
    program = tmp_path / "docker"
    program.write_text(f"#!/bin/sh\necho '{SAID['no engine']}' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match=r"docker does not work: .*the engine is not running"):
        find_engine()


@pytest.mark.parametrize(("last", "gone"), [("No such container: a", True), ("permission denied", False)])
def test_a_removal_under_way_is_waited_for(tmp_path: Path, last: str, gone: bool) -> None:
    """A container that the engine itself is removing is gone when it says so, not before."""
    program = tmp_path / "docker"
    busy = "Error response from daemon: removal of container a is already in progress"
    program.write_text(
        f"#!/bin/sh\necho x >> {tmp_path}/calls\n"
        f"[ $(wc -l < {tmp_path}/calls) -lt 3 ] && echo '{busy}' >&2 || echo 'Error: {last}' >&2\nexit 1\n"
    )
    program.chmod(0o755)
    assert gone is engines.Engine("docker", str(program), "").remove("a")
    assert 3 == len((tmp_path / "calls").read_text().split())


@pytest.mark.usefixtures("engine")
def test_a_missing_image_is_none_and_no_error() -> None:
    """Asking for an image that is not there gives None at once; starting one gives an error of its own."""
    podman = find_engine()
    assert podman.image("localhost/nb2pipe-test-none:1") is None
    with pytest.raises(EngineError, match="there is no such image") as caught:
        podman.ask("run", "--rm", "--pull=never", "localhost/nb2pipe-test-none:1", "true", what="start it")
    assert "missing image" == caught.value.kind


@pytest.mark.usefixtures("engine")
def test_a_missing_program_is_told(engine: Engine, fast: Image) -> None:
    """A program that the image lacks is told from a missing image."""
    with pytest.raises(EngineError) as caught:
        find_engine().ask("run", "--rm", "--pull=never", *fast.arguments(), "/no/such/program", what="start it")
    assert "program" == caught.value.kind, caught.value
