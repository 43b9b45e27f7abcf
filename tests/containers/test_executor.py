"""Steps in real containers: what they see, what they give, what they may not do."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.containers.engine import Engine
from tests.containers.images import Image
from tests.containers.notebooks import Cell, nb2pipe, printed, write

CHAIN: tuple[Cell, ...] = (
    (
        "step:make",
        "import json, os, helper\nimport numpy as np\nvalues = helper.double(np.arange(4))\nseen = values",
    ),
    ("step:use", "seen[0] = 7\nprint(values, values is seen, os.path.exists('/run/.containerenv'), os.getcwd())"),
    ("step:files", "print(open('/tmp/note').read(), open('note').read(), open(os.path.expanduser('~/note')).read())"),
)
WRITES = """
for name in json.loads('["/tmp/note", "note", "~/note"]'):  # where a plan sees them they are refused
    name = os.path.expanduser(name)
    open(name, 'w').write(name)"""


@pytest.mark.parametrize("kind", ["fast", "honest"])
def test_a_pipeline_in_containers(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    """Variables that share memory, local modules, files in folder, home and /tmp cross; files are the caller's."""
    image: Image = request.getfixturevalue(kind)
    (tmp_path / "helper.py").write_text("def double(x):\n    return 2 * x\n")
    cells = [(CHAIN[0][0], CHAIN[0][1] + WRITES), *CHAIN[1:]]
    write(tmp_path / "n.ipynb", image, cells)
    done = nb2pipe("run", "n.ipynb", "out.ipynb", "--jobs", "2", cwd=tmp_path)
    assert 0 == done.code, done.err
    assert f"executor container: step 'make' names image {image.tag}" in done.err
    _, used, files = printed(tmp_path / "out.ipynb")
    assert f"[7 2 4 6] True True {tmp_path}" == used
    assert files.startswith("/tmp/note note ") and files.endswith("/home/note")
    assert os.getuid() == (tmp_path / "note").stat().st_uid
    again = nb2pipe("run", "n.ipynb", "out.ipynb", cwd=tmp_path)
    assert 0 == again.code, again.err


def test_a_value_is_cached_by_its_image(tmp_path: Path, fast: Image) -> None:
    """A second run takes results and names the image, a run as processes does not take those of containers."""
    write(tmp_path / "n.ipynb", fast, [("step:a", "x = 1"), ("step:b", "print(x)")])
    states, images = [], []
    for words in ((), (), ("--executor", "process")):
        done = nb2pipe("run", "n.ipynb", "--json", *words, cwd=tmp_path)
        assert 0 == done.code, done.err
        states.append([step["state"] for step in json.loads(done.out)["steps"]])
        images.append({step["observation"]["image"] for step in json.loads(done.out)["steps"]})
    assert [["succeeded"] * 2, ["cached"] * 2, ["succeeded"] * 2] == states
    assert images[0] == images[1] and images[2] == {""}
    assert next(iter(images[0])).startswith(f"{fast.tag.rpartition(':')[0]}")


def test_a_container_serves_one_step(tmp_path: Path, fast: Image) -> None:
    """No container is used for a second step, and none is left."""
    source = "import os, socket\nprint(socket.gethostname(), len([p for p in os.listdir('/proc') if p.isdigit()]) < 9)"
    write(tmp_path / "n.ipynb", fast, [(f"step:s{n}", source) for n in range(4)], network="none")
    assert 0 == nb2pipe("run", "n.ipynb", "out.ipynb", "--jobs", "2", cwd=tmp_path).code
    lines = printed(tmp_path / "out.ipynb")
    assert 4 == len(set(lines)) and all(line.endswith("True") for line in lines)


def test_a_working_directory_by_its_relative_path(tmp_path: Path, fast: Image) -> None:
    """It is where the steps run, as in a process."""
    (tmp_path / "sub").mkdir()
    write(tmp_path / "n.ipynb", fast, [("step:a", "import os\nprint(os.getcwd())")])
    for words in ((), ("--executor", "process")):
        done = nb2pipe("run", "n.ipynb", "out.ipynb", "--cwd", "sub", *words, cwd=tmp_path)
        assert 0 == done.code, done.err
        assert [str(tmp_path / "sub")] == printed(tmp_path / "out.ipynb")


def test_the_repository_is_there(tmp_path: Path, fast: Image) -> None:
    """What lies above the notebook in its git repository is read, written and asked of git as in a process."""
    folder = tmp_path / "repository/notebooks"
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", folder.parent], check=True)
    (folder.parent / "data.txt").write_text("data")
    cells: list[Cell] = [
        (
            "step:a",
            "print(open('../data.txt').read())\nwith open('../made.txt', 'w') as file:\n    _ = file.write('made')",
        ),
        ("step:b", "print(open('../made.txt').read())\n!git rev-parse --show-prefix"),
    ]
    write(folder / "n.ipynb", fast, cells)
    for words in ((), ("--executor", "process")):
        done = nb2pipe("run", "n.ipynb", "out.ipynb", "--no-cache", *words, cwd=folder)
        assert 0 == done.code, done.err
        assert ["data", "made\nnotebooks/"] == [line.replace("\r", "") for line in printed(folder / "out.ipynb")]


def test_advice_on_files_elsewhere_works(tmp_path: Path, fast: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the temporary folder or at home is refused with the volume to add, with which it is as in Run All."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home/data").mkdir(parents=True)
    name = f"/tmp/{tmp_path.name}.txt"
    cells: list[Cell] = [
        ("step:a", f"import os\nwith open({name!r}, 'w') as f:\n    _ = f.write('one')"),
        ("step:b", "with open(os.path.expanduser('~/data/x.txt'), 'w') as f:\n    _ = f.write('two')"),
        ("step:c", f"print(open({name!r}).read(), open(os.path.expanduser('~/data/x.txt')).read())"),
    ]
    folder = tmp_path / "work"
    folder.mkdir()
    write(folder / "n.ipynb", fast, cells)
    refused = nb2pipe("run", "n.ipynb", cwd=folder)
    assert 2 == refused.code
    volumes = {
        volume
        for text in re.findall(r"Add (\{.*\}) to the step", refused.err)
        for volume in json.loads(text)["volumes"]
    }
    assert {"/tmp:/tmp", f"{tmp_path}/home/data:{tmp_path}/home/data"} == {each.removesuffix(":ro") for each in volumes}
    write(folder / "n.ipynb", fast, cells, volumes=sorted({each.removesuffix(":ro") for each in volumes}))
    done = nb2pipe("run", "n.ipynb", "out.ipynb", cwd=folder)
    Path(name).unlink()
    assert 0 == done.code, done.err
    assert "one two" == printed(folder / "out.ipynb")[2]
    assert "two" == (tmp_path / "home/data/x.txt").read_text()


def test_a_file_at_two_paths(tmp_path: Path, fast: Image) -> None:
    """A step that reads through a volume what another one writes beside the notebook, unplanned, is at fault."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/x.txt").write_text("old")
    cells: list[Cell] = [
        ("step:a", "with open('data/x.txt', 'w') as f:\n    _ = f.write('new')"),
        ("step:b", "print(open('/mnt/data/x.txt').read())"),
    ]
    write(tmp_path / "n.ipynb", fast, cells, volumes=["data:/mnt/data"])
    done = nb2pipe("run", "n.ipynb", "out.ipynb", cwd=tmp_path)
    assert 1 == done.code and "N2P401" in done.err + done.out and "after:a" in done.err + done.out


def test_shared_memory(tmp_path: Path, fast: Image) -> None:
    """There is as much of it as on this machine, for a container cell too."""
    cells: list[Cell] = [
        ("setup", "%load_ext nb2pipe"),
        ("step:a", "import os\nprint(os.statvfs('/dev/shm').f_blocks * os.statvfs('/dev/shm').f_frsize)"),
        ("", f"%%container {fast.tag} --out size=size.txt\nstat -fc '%b %S' /dev/shm > $out_size"),
        ("step:b", "print(int(size.split()[0]) * int(size.split()[1]))"),
    ]
    write(tmp_path / "n.ipynb", fast, cells)
    done = nb2pipe("run", "n.ipynb", "out.ipynb", cwd=tmp_path)
    assert 0 == done.code, done.err
    there = os.statvfs("/dev/shm")
    _, first, _, last = printed(tmp_path / "out.ipynb")
    assert str(there.f_blocks * there.f_frsize) == first == last


COUNTING = """#!/bin/sh
case "$*" in "run --interactive"*) echo started >> {log} ;; esac
exec {podman} "$@"
"""


def test_containers_that_start_before_the_run_is_recorded_are_used(tmp_path: Path, fast: Image) -> None:
    """As many are started as steps are run, those before the first step included."""
    (tmp_path / "programs").mkdir()
    program = tmp_path / "programs/podman"
    program.write_text(COUNTING.format(log=tmp_path / "log", podman=shutil.which("podman")))
    program.chmod(0o755)
    write(tmp_path / "n.ipynb", fast, [(f"step:s{n}", f"x{n} = {n}") for n in range(4)])
    environment = {"PATH": f"{program.parent}:{os.environ['PATH']}", "NB2PIPE_CONTAINER_ENGINE": "podman"}
    assert 0 == nb2pipe("run", "n.ipynb", cwd=tmp_path, **environment).code
    assert 4 * ["started"] == (tmp_path / "log").read_text().split()
    assert 0 == nb2pipe("run", "n.ipynb", cwd=tmp_path, **environment).code
    assert 4 * ["started"] == (tmp_path / "log").read_text().split()


def test_settings_are_honoured(tmp_path: Path, fast: Image) -> None:
    """Network, processors, volumes, environment and labels of each step are its own."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.txt").write_text("from the volume")
    names = "import socket; print([name for _, name in socket.if_nameindex()])"
    cells: list[Cell] = [
        ("step:alone", names, {"network": "none"}),
        ("step:slow", "import os\nprint(len(os.sched_getaffinity(0)))", {"cpus": 0.5}),
        (
            "step:sees",
            "print(open('/mnt/data/a.txt').read(), __import__('os').environ['MODE'])",
            {"env": {"MODE": "fast"}},
        ),
    ]
    write(tmp_path / "n.ipynb", fast, cells, volumes=["data:/mnt/data:ro"])
    done = nb2pipe("run", "n.ipynb", "out.ipynb", cwd=tmp_path)
    assert 0 == done.code, done.err
    assert ["['lo']", "1", "from the volume fast"] == printed(tmp_path / "out.ipynb")


def test_memory_limit(tmp_path: Path, fast: Image) -> None:
    """A cell that takes too much memory ends its step with an error that names the cell."""
    cells: list[Cell] = [("step:a", "print('before')"), ("", "x = bytearray(900 << 20)")]
    write(tmp_path / "n.ipynb", fast, cells, memory_mib=200)
    done = nb2pipe("run", "n.ipynb", "out.ipynb", cwd=tmp_path)
    assert 1 == done.code
    assert "cell 2" in done.out + done.err and "MiB" in done.out + done.err
    assert "before" == printed(tmp_path / "out.ipynb")[0]


def test_secrets_are_nowhere(tmp_path: Path, fast: Image, engine: Engine, nb2pipe_home: Path) -> None:
    """A secret reaches the step from environment, file or engine, and stands in no file, label or command line."""
    value, kept = "s3cr3t-of-the-test", f"nb2pipe-test-{os.getpid()}"
    (tmp_path / "key").write_text(value)
    engine.run("secret", "create", kept, "-", stdin=value.encode())
    look = (
        "import os\nspied = ''.join(open(f'/proc/{p}/cmdline').read() for p in os.listdir('/proc') if p.isdigit())\n"
        f"print([os.environ[n] == {value[::-1]!r}[::-1] for n in 'ABC'], {value[::-1]!r}[::-1] in spied)"
    )
    references = {"A": "env:NB2P_TEST_SECRET", "B": f"file:{tmp_path}/key", "C": f"engine:{kept}"}
    write(tmp_path / "n.ipynb", fast, [("step:a", look)], secrets=references)
    try:
        done = nb2pipe("run", "n.ipynb", "out.ipynb", "--report", "r.html", cwd=tmp_path, NB2P_TEST_SECRET=value)
    finally:
        engine.run("secret", "rm", kept)
    assert 0 == done.code, done.err
    assert ["[True, True, True] False"] == printed(tmp_path / "out.ipynb")
    (tmp_path / "key").unlink()
    files = [path for folder in (tmp_path, nb2pipe_home) for path in folder.rglob("*") if path.is_file()]
    assert [] == [path for path in files if value.encode() in path.read_bytes()]
    assert value not in done.out + done.err


def test_a_failing_cell_is_named(tmp_path: Path, fast: Image) -> None:
    """An exception in a container is told as everywhere; a missing file with what a container sees."""
    write(tmp_path / "n.ipynb", fast, [("step:a", "x = 1\nopen('/data/' + 'none')"), ("step:b", "print(x)")])
    done = nb2pipe("run", "n.ipynb", "out.ipynb", cwd=tmp_path)
    assert 1 == done.code
    assert "cell 1" in done.out + done.err and "line 2" in done.out + done.err
    assert "its setting `volumes` names" in " ".join((done.out + done.err).split())
    write(tmp_path / "n.ipynb", fast, [("step:a", "import no_such_module_anywhere")])
    assert "nb2pipe image check" in nb2pipe("run", "n.ipynb", cwd=tmp_path).out


def test_data_of_a_volume_is_known_by_its_place_here(tmp_path: Path, fast: Image) -> None:
    """A file that a container sees in a volume is recorded at its path on this machine."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "in.txt").write_text("abc")
    (tmp_path / "work").mkdir()
    cells = [("step:a", "text = open('/given/in.txt').read()")]
    write(tmp_path / "work" / "n.ipynb", fast, cells, volumes=[f"{tmp_path}/shared:/given:ro"])
    done = nb2pipe("run", "n.ipynb", "--json", cwd=tmp_path / "work")
    assert 0 == done.code, done.err
    [step] = json.loads(done.out)["steps"]
    assert [f"{tmp_path}/shared/in.txt"] == [use["path"] for use in step["data"]]


def test_what_a_step_used_is_recorded(tmp_path: Path, fast: Image) -> None:
    """Files with digest and size, values, image and Python are recorded of a step in a container as of any other."""
    (tmp_path / "in.txt").write_text("abc")
    cells = (
        ("step:a", "text = open('in.txt').read()"),
        ("step:b", "open('out.txt', 'w').write(text)"),
    )
    write(tmp_path / "n.ipynb", fast, cells)
    done = nb2pipe("run", "n.ipynb", "--json", cwd=tmp_path)
    assert 0 == done.code, done.err
    first, second = json.loads(done.out)["steps"]
    digest = hashlib.sha256(b"abc").hexdigest()
    assert [{"use": "read", "path": f"{tmp_path}/in.txt", "digest": digest, "size_bytes": 3}] == first["data"]
    assert [{"use": "written", "path": f"{tmp_path}/out.txt", "digest": digest, "size_bytes": 3}] == second["data"]
    assert [("text", "a")] == [(item["name"], item["step"]) for item in second["inputs"]]
    assert second["observation"]["python"].startswith("CPython 3.")
