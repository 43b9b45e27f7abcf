"""Container cells compiled for a cluster: their programs run in containers of their own images, all else in ours."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.options import CompileOptions
from tests.containers.engine import Engine
from tests.containers.images import BARE_PROGRAMS, Image, archive_of
from tests.containers.notebooks import Cell, write
from tests.containers.test_cells import MAKE, PASS_ON, SHOW, cells_of
from tests.kubeflow.notebooks import read
from tests.kubeflow.pods import PodRun, run_pods
from tests.law.bench import Options, hold_one
from tests.law.runs import PODS
from tests.law.subject import Subject
from tests.law.table import line
from tests.law.test_law import examples

TEE = "localhost/nb2pipe-test-tee:1"


@pytest.fixture
def live(engine: Engine) -> Image:
    """The bare image with ``tee``, and a user without rights."""
    busybox = Path(os.path.realpath("/usr/bin/busybox")).read_bytes()
    if not engine.has_image(TEE):
        archive = archive_of({"bin/busybox": busybox}, dict.fromkeys((*BARE_PROGRAMS, "tee"), "busybox"))
        engine.run("import", "--quiet", "--change", "USER 65534", "-", TEE, stdin=archive)
    return Image(TEE)


def run(folder: Path, cells: list[Cell]) -> PodRun:
    """Compile a notebook and run all its tasks."""
    pipeline = read(write(folder / "n.ipynb", None, cells), "registry.example.com/ours:1")
    artifacts = folder / "artifacts"
    artifacts.mkdir(mode=0o777)
    artifacts.chmod(0o777)
    return run_pods(compile_pipeline(pipeline, CompileOptions(local_images=True)), artifacts, {})


def printed(found: PodRun, task: str, stream: str = "stdout") -> str:
    """What the cells of a task show as printed."""
    outputs = [output for cell in found.notebook(task)["cells"] for output in cell["outputs"]]
    return "".join("".join(each["text"]) for each in outputs if each.get("name") == stream)


def test_values_go_and_come(tmp_path: Path, bare: Image) -> None:
    """Frames, arrays, data, text, bytes and files reach a shell as files and become variables again."""
    found = run(tmp_path, cells_of(bare, MAKE, PASS_ON, SHOW))
    assert dict.fromkeys(("s0", "s1-in", "s1-run", "s1", "s2"), 0) == found.codes, found.logs
    files = "data.bin\nframe.parquet\nnote.dat\nnumbers.npy\nsettings.json\ntext.txt"
    assert f"{files}\nzwei\nZeilenfrom a file" == printed(found, "s1").strip()
    assert "/" == printed(found, "s1", "stderr").strip()
    assert files in found.logs["s1-run"]
    assert "True True True True True\na,b\n1,x\n2,ä y" == printed(found, "s2").strip()


def test_interpreters_and_programs(tmp_path: Path, bare: Image) -> None:
    """The first line names an interpreter with its argument; a program of the image finds names with suffixes."""
    cells = cells_of(
        bare,
        '%%container IMAGE --out a=a.json\n#!/bin/awk -f\nBEGIN { print 6 * 7 > ENVIRON["out_a"] }',
        "%%container IMAGE --in a=a.json --out b=b.json --entrypoint /bin/cp\n{in_a} {out_b}",
        "%%container IMAGE --in a --in b=/far/b.json --out c=/far/c.json\necho $(( $(cat $in_a) + 1 )) $$ > /dev/null\n"
        "ls /far; cp $in_b $out_c",
        "print(a, b, c)",
    )
    found = run(tmp_path, cells)
    assert {0} == set(found.codes.values()), found.logs
    assert ("b.json\n", "42 42 42\n") == (printed(found, "s2"), printed(found, "s3"))


def test_a_user_without_rights(tmp_path: Path, live: Image) -> None:
    """Where ``/in`` cannot be made the files are elsewhere, and the variables say so; ``tee`` keeps streams apart."""
    cells = cells_of(
        live,
        "a = 'x' * 3",
        "%%container IMAGE --in a=a.txt --out b=b.txt\nid -u; echo aside >&2; echo $in_a $out_b; cat $in_a > $out_b",
        "print(b)",
    )
    found = run(tmp_path, cells)
    assert {0} == set(found.codes.values()), found.logs
    assert "65534\n/tmp/nb2pipe/in/a.txt /tmp/nb2pipe/out/b.txt\n" == printed(found, "s1")
    assert ("aside\n", "xxx\n") == (printed(found, "s1", "stderr"), printed(found, "s2"))


@pytest.mark.parametrize("kind", ["bare", "live"])
@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("echo almost >&2\n(exit 7)\necho never", 7, "cell 2: the program in image"),
        ("echo 1 > $out_x.json; exit 3", 3, "ended with exit code 3"),
        ("echo 1 > /tmp/y", 1, "--out x: the program wrote no file /out/x"),
        ("mkdir $out_x", 1, "made /out/x a folder"),
    ],
)
def test_a_program_that_fails(
    tmp_path: Path, kind: str, source: str, code: int, words: str, request: pytest.FixtureRequest
) -> None:
    """Its own task fails with its own exit code and what it printed, with ``tee`` and without; nothing runs behind."""
    found = run(tmp_path, cells_of(request.getfixturevalue(kind), f"%%container IMAGE --out x\n{source}", "print(x)"))
    assert {"s0-in": 0, "s0-run": code} == found.codes, found.logs
    assert words in found.logs["s0-run"] and "never" not in found.logs["s0-run"]


@pytest.mark.parametrize(
    ("source", "task", "words"),
    [
        ("%%container IMAGE --in made\ntrue", "s1-in", "--in made: a value of type Thing has no form as a file"),
        ("%%container IMAGE --in gone\ntrue", "s1-in", "there is no "),
        ("%%container IMAGE --out x=x.parquet\necho 1 > $out_x", "s1", "x.parquet is not a file of Parquet"),
        ("%%container IMAGE --out x\necho 1 > $out_x.json; echo 2 > $out_x.txt", "s1", "wrote x.json and x.txt"),
        ("%%container IMAGE --out x --entrypoint sh\n-c true {out_x}", "s1", "the container wrote no file /out/x"),
    ],
)
def test_values_that_do_not_cross(tmp_path: Path, bare: Image, source: str, task: str, words: str) -> None:
    """What cannot become a file, or a value again, fails with the cell."""
    make = "class Thing: pass\nmade, gone = Thing(), Path('nowhere.csv')"
    found = run(tmp_path, cells_of(bare, make, source))
    assert 1 == found.codes[task]
    assert words in found.logs[task] and "cell 3 (id cell-2)" in found.logs[task]


@pytest.mark.parametrize("subject", examples(in_containers=True))
def test_container_cells_keep_the_law(subject: Subject, vibration: Image) -> None:
    """Compiled for a cluster, cells in other languages give what they give in the notebook."""
    finding = hold_one(subject, Options(jobs=(1,), caches=("cold",), executor=PODS))
    assert finding.right, line(finding)
