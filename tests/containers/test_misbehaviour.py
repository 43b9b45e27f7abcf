"""Engines that hang, images for other processors, full disks, closed doors: each made to happen, each told by name."""

from __future__ import annotations

import os
import shutil
import signal
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nb2pipe.containers.engine import Wanted, find_engine
from nb2pipe.errors import SettingsError
from tests.containers.docker import Docker
from tests.containers.engine import Engine, mounts_in, open_engine
from tests.containers.images import Image, archive_of
from tests.containers.notebooks import Cell, Done, begin, nb2pipe, owned, printed, write

ONE: list[Cell] = [("step:a", "print(1)")]
ELF_OF_RISCV = (
    b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 243, 1, 0, 64, 0, 0, 64, 56, 0, 0, 0, 0)
)


def words_of(done: Done) -> str:
    """What a command printed, in one line and without what rich draws around it."""
    return " ".join((done.out + done.err).replace("│", " ").split())


HANGING = """#!/bin/sh
for word in "$@"; do
    [ "$word" != "{word}" ] || exec tail --follow /dev/null
done
exec {podman} "$@"
"""


def hanging(folder: Path, word: str) -> dict[str, str]:
    """The environment in which podman never answers when a word is among its own."""
    programs = folder / "programs"
    programs.mkdir()
    program = programs / "podman"
    program.write_text(HANGING.format(word=word, podman=shutil.which("podman")))
    program.chmod(0o755)
    return {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "NB2PIPE_ENGINE_TIMEOUT_S": "1",
        "NB2PIPE_CONTAINER_ENGINE": "podman",
    }


@pytest.mark.parametrize("word", ["version", "inspect", "--rm", "--interactive"])
def test_an_engine_that_hangs(tmp_path: Path, fast: Image, engine: Engine, word: str) -> None:
    """An engine that does not answer is given up after the time that the user grants, whatever it was asked for."""
    work = tmp_path / "work"
    work.mkdir()
    write(work / "n.ipynb", fast, ONE, volumes=[f"{work}:/mnt/new"])  # what is in the image with that is not known
    if word == "--interactive":
        assert 0 == nb2pipe("run", "n.ipynb", "--no-cache", cwd=work).code  # now it is
    done = nb2pipe("run", "n.ipynb", "--no-cache", cwd=work, **hanging(tmp_path, word))
    said = words_of(done)
    assert ("no answer within 1 s" in said) and "podman ps" in said, said
    assert (1 if word == "--interactive" else 2) == done.code, said
    assert [] == owned(engine, work)


def test_an_image_for_another_processor(tmp_path: Path, engine: Engine) -> None:
    """An image whose programs are for another processor is told from one without Python."""
    image = Image("localhost/nb2pipe-test-riscv:1")
    with engine.alone("riscv"):
        if not engine.has_image(image.tag):
            programs = {"usr/bin/python3": ELF_OF_RISCV, "bin/sh": ELF_OF_RISCV}
            engine.run("import", "--quiet", "-", image.tag, stdin=archive_of(programs))
    write(tmp_path / "n.ipynb", image, ONE)
    done = nb2pipe("run", "n.ipynb", cwd=tmp_path)
    said = words_of(done)
    assert 2 == done.code and "N2P511" in said and "is made for another processor" in said, said
    assert "nb2pipe image build" in said


def test_a_killed_monitor(tmp_path: Path, fast: Image, engine: Engine) -> None:
    """When what podman leaves beside a container is killed, the step fails and the container is gone."""
    process = begin(tmp_path, fast)
    wanted = "{{.State.ConmonPid}}"
    pids = engine.run("inspect", "--format", wanted, *owned(engine, tmp_path), check=False).stdout  # b may be done
    for pid in set(pids.split()) - {"0"}:  # one that does not run yet has none, and 0 would be ourselves
        os.kill(int(pid), signal.SIGKILL)
    out, err = process.communicate(timeout=90)
    assert 1 == process.returncode, out + err
    assert "Traceback" not in err and "the engine lost hold of it" in out, out + err
    assert "kept" in (tmp_path / "out.ipynb").read_text()
    assert 0 == nb2pipe("runs", cwd=tmp_path).code
    assert [] == owned(engine, tmp_path)


def test_memory_of_a_program_that_the_step_starts(tmp_path: Path, fast: Image) -> None:
    """When a program that a cell started takes too much memory, the cell sees its death, or the step ends by name."""
    eater = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'x = bytearray(900 << 20)'], check=True)"
    write(tmp_path / "n.ipynb", fast, [("step:a", "print('before')"), ("", eater)], memory_mib=200)
    done = nb2pipe("run", "n.ipynb", "out.ipynb", cwd=tmp_path)
    said = words_of(done)
    assert 1 == done.code and "cell 2" in said, said
    assert "SIGKILL" in said or "memory_mib" in said, said
    assert "before" == printed(tmp_path / "out.ipynb")[0]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        for target in reversed(mounts_in(folder)):
            subprocess.run(["umount", "--lazy", target], check=True)


def test_a_full_home(tmp_path: Path, small_disk: Path, fast: Image, engine: Engine) -> None:
    """A step whose results find no room fails by name; what it printed is kept, and no container is left."""
    cells: list[Cell] = [
        ("step:a", "import numpy as np\nprint('kept')\nx = np.random.default_rng(0).bytes(64 << 20)"),
        ("step:b", "print(len(x))"),
    ]
    work = tmp_path / "work"
    work.mkdir()
    write(work / "n.ipynb", fast, cells)
    done = nb2pipe("run", "n.ipynb", "out.ipynb", cwd=work, NB2PIPE_HOME=str(small_disk / "home"))
    said = words_of(done)
    assert 1 == done.code and "step 'a'" in said and "the disk is full" in said and "nb2pipe runs prune" in said, said
    assert "Traceback" not in done.err
    assert "kept" == printed(work / "out.ipynb")[0]
    assert [] == owned(engine, work)


def test_a_full_disk_of_the_engine(tmp_path: Path, small_disk: Path, engine: Engine, registry_host: str) -> None:
    """An image that finds no room at the engine's is an error of its own."""
    name = f"{registry_host}/nb2pipe-test-big:1"
    engine.run("import", "--quiet", "-", name, stdin=archive_of({"usr/bin/python3": os.urandom(40 << 20)}))
    engine.run("push", "--quiet", "--tls-verify=false", name)
    engine.run("rmi", name)
    write(tmp_path / "n.ipynb", Image(name), ONE)
    done = nb2pipe("run", "n.ipynb", cwd=tmp_path, **open_engine(small_disk).environment())
    said = words_of(done)
    assert 2 == done.code and "N2P511" in said and "the disk is full" in said and "podman system prune" in said, said


class Unkind(BaseHTTPRequestHandler):
    """A registry that answers every request with the status in its class."""

    status = 0

    def do_GET(self) -> None:
        """Answer, or hang up."""
        if self.status:
            self.send_response(self.status)
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def unkind(status: int) -> Iterator[str]:
    """A registry of that kind, ``127.0.0.1:PORT``; status 0 for one that hangs up."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("_", (Unkind,), {"status": status}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


SAID = {
    0: "the registry cannot be reached",
    401: "podman login",
    403: "podman login",
    503: "the registry cannot be reached",
}


@pytest.mark.parametrize("status", SAID)
@pytest.mark.usefixtures("engine")
def test_a_pull_that_fails(tmp_path: Path, status: int) -> None:
    """A registry that hangs up, that lets nobody in, that does not have the image and that is out of order."""
    with unkind(status) as host:
        write(tmp_path / "n.ipynb", Image(f"{host}/none:1"), ONE)
        done = nb2pipe("run", "n.ipynb", cwd=tmp_path)
    said = words_of(done)
    assert 2 == done.code and "N2P511" in said and SAID[status] in said, said


def test_an_image_that_a_registry_does_not_have(tmp_path: Path, engine: Engine, registry_host: str) -> None:
    """A registry that is well and does not know the image is told from one where nothing listens."""
    with unkind(0) as nobody:
        pass
    said = {}
    for host in (registry_host, nobody):
        write(tmp_path / "n.ipynb", Image(f"{host}/none:1"), ONE)
        done = nb2pipe("run", "n.ipynb", cwd=tmp_path)
        assert 2 == done.code and "N2P511" in done.err
        said[host] = words_of(done)
    assert "there is no such image" in said[registry_host], said
    assert "the registry cannot be reached" in said[nobody], said
    assert [] == owned(engine, tmp_path)


def test_a_closed_door(docker: Docker, tmp_path: Path) -> None:
    """A user who may not speak to docker's socket is told how to get the right."""
    docker.folder.chmod(0o755)
    (docker.folder / "docker.sock").chmod(0o600)
    tmp_path.chmod(0o755)
    with as_nobody(), pytest.raises(SettingsError, match="this user may not speak to the engine") as caught:
        find_engine(Wanted("docker"))
    assert "usermod -aG docker" in caught.value.message


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be another user meanwhile, as what is started is too."""
    with pytest.MonkeyPatch.context() as patch:
        run = subprocess.run
        patch.setattr(
            subprocess, "run", lambda *words, **more: run(*words, **more, user=65534, group=65534, extra_groups=[])
        )
        yield
