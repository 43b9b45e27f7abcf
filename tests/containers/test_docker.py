"""The same on docker: a pipeline in containers, container cells, and a daemon that dies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.containers.docker import Docker
from tests.containers.images import Image
from tests.containers.notebooks import begin, nb2pipe, printed, write

CELLS = [
    ("step:make", "import numpy as np\nnumbers = np.arange(3.0)\nopen('made.txt', 'w').write('here')"),
    ("step:shell", "%%container IMAGE --in numbers --out text\nls /in > $out_text"),
    ("step:show", "print(open('made.txt').read(), text.strip(), numbers.sum())"),
]


@pytest.mark.parametrize("executor", ["process", "container"])
def test_a_pipeline_on_docker(tmp_path: Path, docker: Docker, fast: Image, bare: Image, executor: str) -> None:
    """Steps and container cells run, files are the caller's, and no container is left."""
    cells = [("setup", "%load_ext nb2pipe"), *((tag, source.replace("IMAGE", bare.tag)) for tag, source in CELLS)]
    write(tmp_path / "n.ipynb", fast if executor == "container" else None, cells)
    done = nb2pipe("run", "n.ipynb", "out.ipynb", "--executor", executor, "--json", cwd=tmp_path)
    assert 0 == done.code, done.err
    assert "here numbers.npy 3.0" == printed(tmp_path / "out.ipynb")[-1]
    assert bare.tag in json.loads(done.out)["steps"][1]["observation"]["image"]
    assert [] == docker.containers()


def test_secrets_of_the_engine_are_refused(tmp_path: Path, docker: Docker, fast: Image) -> None:
    """docker gives no container a secret that it keeps: that is said before anything runs."""
    write(tmp_path / "n.ipynb", fast, [("step:a", "pass")], secrets={"TOKEN": "engine:token"})
    done = nb2pipe("run", "n.ipynb", cwd=tmp_path)
    assert 2 == done.code and "N2P504" in done.err and "TOKEN" in done.err and "docker" in done.err
    assert [] == docker.containers()


def test_the_daemon_dies(tmp_path: Path, docker: Docker, fast: Image, nb2pipe_home: Path) -> None:
    """The failure names the running cell and what became of its container; the next command removes what is left."""
    process = begin(tmp_path, fast)
    docker.kill()
    out, err = process.communicate(timeout=60)
    assert 1 == process.returncode
    assert "the engine lost hold of it" in out and "cell 1" in out, out + err
    assert "kept" in (tmp_path / "out.ipynb").read_text()
    gone = nb2pipe("run", "n.ipynb", cwd=tmp_path)
    assert 2 == gone.code and "the engine is not running" in gone.err
    assert [] != list((nb2pipe_home / "containers").glob("*.owner"))
    docker.start()
    listed = nb2pipe("runs", cwd=tmp_path)
    assert 0 == listed.code and "failed" in listed.out
    assert [] == docker.containers()
    assert [] == list((nb2pipe_home / "containers").glob("*.owner"))
