"""A Docker of the tests' own: containerd and dockerd with files and a socket of their own, ended with the tests."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.containers.engine import RUN_FOLDERS, Engine, mounts_in
from tests.containers.images import Image

PROGRAMS = ("docker", "dockerd", "containerd", "runc")
PATIENCE_S = 60.0


def why_no_docker() -> str | None:
    """Why there can be no Docker here; None if there can."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        return f"not installed: {', '.join(missing)} (.ci/system-packages installs them)"
    return None if os.geteuid() == 0 else "dockerd runs as root only"


@dataclass
class Docker:
    """A Docker with files of its own.

    Args:
        folder: its images, containers and sockets; on a file system in memory, whose paths are short.
    """

    folder: Path
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _readers: list[threading.Thread] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """Variables by which a docker that anyone starts is this one."""
        return {"DOCKER_HOST": f"unix://{self.folder}/docker.sock", "NB2PIPE_CONTAINER_ENGINE": "docker"}

    def run(self, *arguments: str, stdin: bytes = b"", check: bool = True) -> str:
        """Run ``docker ARGUMENTS``; what it printed."""
        environment = {**os.environ, **self.environment()}
        done = subprocess.run(["docker", *arguments], input=stdin, capture_output=True, env=environment, check=False)
        text = (done.stdout + done.stderr).decode(errors="replace")
        assert not check or 0 == done.returncode, f"docker {' '.join(arguments)}: {text}"
        return text

    def take(self, engine: Engine, image: Image) -> None:
        """Have an image that the tests' podman has."""
        with tempfile.TemporaryDirectory() as folder:
            archive = f"{folder}/image.tar"
            engine.run("save", "--quiet", "--format", "docker-archive", "--output", archive, image.tag)
            self.run("load", "--input", archive)

    def containers(self) -> list[str]:
        """Ids of all containers, in any state."""
        return self.run("ps", "--all", "--quiet").split()

    def start(self) -> None:
        """Start containerd, and dockerd on it; again after an end of dockerd alone."""
        if not self._processes:
            roots = ("--root", f"{self.folder}/containerd", "--state", f"{self.folder}/state")
            address = f"{self.folder}/containerd.sock"
            self._begin("containerd", *roots, "--address", address, said=b"containerd successfully booted")
        files = ("--data-root", f"{self.folder}/data", "--exec-root", f"{self.folder}/exec")
        sockets = ("--containerd", f"{self.folder}/containerd.sock", "--host", f"unix://{self.folder}/docker.sock")
        no_network = ("--iptables=false", "--ip6tables=false", "--bridge=none")
        pid = ("--pidfile", f"{self.folder}/docker.pid")
        self._begin("dockerd", *files, *sockets, *no_network, *pid, said=b"API listen on")

    def kill(self) -> None:
        """Kill dockerd as a crash does; containerd and the containers stay."""
        daemon = self._processes.pop()
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()
        (self.folder / "docker.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """End all containers, and then both processes."""
        with contextlib.suppress(AssertionError):
            self.run("rm", "--force", *self.containers())
        for process in reversed(self._processes):
            process.terminate()
            process.wait()
        for reader in self._readers:
            reader.join(PATIENCE_S)
        for mount in sorted(mounts_in(self.folder), reverse=True):
            subprocess.run(["umount", "--lazy", str(mount)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _begin(self, *command: str, said: bytes) -> None:
        """Start a program and wait until it says that it is there."""
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._processes.append(process)
        assert process.stderr is not None
        log, heard = process.stderr, b""
        while said not in heard:
            ready, _, _ = select.select([log], [], [], PATIENCE_S)
            more = os.read(log.fileno(), 65536) if ready else b""
            assert more, f"{command[0]} does not start: {heard.decode(errors='replace')[-3000:]}"
            heard += more
        self._readers.append(threading.Thread(target=_drain, args=(log,), daemon=True))  # a full pipe would stop it
        self._readers[-1].start()


@contextmanager
def open_docker() -> Iterator[Docker]:
    """A Docker while the block lasts."""
    docker = Docker(Path(tempfile.mkdtemp(prefix="nb2pipe-docker-", dir=RUN_FOLDERS)))
    try:
        docker.start()
        yield docker
    finally:
        docker.stop()


def _drain(log: IO[bytes]) -> None:
    with log:
        log.read()
