"""The images that later tests rest on: what is in them, and what their containers cannot do."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.containers.engine import Engine
from tests.containers.images import Image

OTHER_USER = 12345
PRINT_USER = "import os, papermill, pandas, sklearn, matplotlib, pyarrow; print(os.getuid())"
PRINT_NETWORKS = "import socket; print([name for _, name in socket.if_nameindex()])"
CONNECT = "import socket; socket.create_connection(('192.0.2.1', 9), 5)"  # an address that nobody has
FILL_MEMORY = "print(len(bytearray(300 << 20)))"


@pytest.fixture(params=["fast", "honest"])
def image(request: pytest.FixtureRequest) -> Image:
    """Each of the two."""
    chosen: Image = request.getfixturevalue(request.param)
    return chosen


def run_python(
    engine: Engine, image: Image, source: str, *options: str, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run Python source in a new container of an image."""
    command = ["run", "--rm", "--init", "--pull=never", *options, *image.arguments(), "python3", "-c", source]
    return engine.run(*command, check=check)


@pytest.mark.parametrize("user", [os.getuid(), OTHER_USER], ids=["caller", "other"])
def test_packages_can_be_imported(engine: Engine, image: Image, user: int) -> None:
    """Whoever runs it: papermill and the packages of usual notebooks are there, under the user id asked for."""
    assert f"{user}\n" == run_python(engine, image, PRINT_USER, "--user", f"{user}:{user}").stdout


def test_nb2pipe_is_not_there(engine: Engine, image: Image) -> None:
    """An image knows nothing of nb2pipe, by module or entry point: the worker must come with the task."""
    source = (
        "from importlib import metadata, util; "
        "print(util.find_spec('nb2pipe'), list(metadata.entry_points(group='papermill.engine')))"
    )
    assert "None []\n" == run_python(engine, image, source).stdout


def test_memory_limit_kills(engine: Engine, image: Image) -> None:
    """Who takes more memory than allowed is killed by signal 9; who does not is left alone."""
    done = run_python(engine, image, FILL_MEMORY, "--memory", "64m", check=False)
    assert (137, "") == (done.returncode, done.stdout)
    assert f"{300 << 20}\n" == run_python(engine, image, FILL_MEMORY, "--memory", "640m").stdout


def test_without_network(engine: Engine, image: Image) -> None:
    """``--network none`` leaves the loopback device alone, and a connection fails at once."""
    assert "['lo']\n" == run_python(engine, image, PRINT_NETWORKS, "--network", "none").stdout
    done = run_python(engine, image, CONNECT, "--network", "none", check=False)
    assert (1, True) == (done.returncode, "Network is unreachable" in done.stderr)


def test_root_is_its_own(engine: Engine, image: Image) -> None:
    """A container sees its own root folder and its own processes, and writes nothing into this machine's files."""
    mark = f"/nb2pipe-test-{os.getpid()}"
    source = (
        f"import os; open({mark!r}, 'w').close(); print(len([name for name in os.listdir('/proc') if name.isdigit()]))"
    )
    assert "2\n" == run_python(engine, image, source).stdout
    assert not Path(mark).exists()


def test_labels_find_containers(engine: Engine, fast: Image) -> None:
    """A container is found by its label while it is there, and by no other."""
    label = f"nb2pipe-test={os.getpid()}"
    name = engine.run("create", "--label", label, *fast.arguments(), "true").stdout.strip()
    try:
        assert [name] == [found["Id"] for found in engine.containers_left(label)]
        assert [] == engine.containers_left(f"{label}0")
    finally:
        engine.run("rm", "--force", name)
    assert [] == engine.containers_left(label)
