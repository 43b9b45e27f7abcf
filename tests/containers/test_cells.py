"""Container cells: a shell, an interpreter or a program in an image without Python, in notebook and pipeline alike."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.containers.engine import Engine
from tests.containers.images import Image
from tests.containers.notebooks import Cell, nb2pipe, owned, printed, start, write

SETUP = "%load_ext nb2pipe\nimport numpy as np, pandas as pd\nfrom pathlib import Path"
MAKE = """\
numbers = np.arange(6.0).reshape(2, 3)
frame = table = pd.DataFrame({"a": [1, 2], "b": ["x", "ä y"]})
text, data, settings = "zwei\\nZeilen", b"\\x00\\xff", {"rate": 0.1, "names": ["a"]}
note = Path("note.dat")
print(note.write_text("from a file"))"""
PASS_ON = """\
%%container IMAGE --in numbers --in frame --in text --in data --in settings --in note --in table=/data/f.csv \
--out numbers2=n.npy --out frame2=f.parquet --out text2=t.txt --out data2=/var/d.bin --out settings2=s.json --out lines
ls /in
cat $in_text $in_note; cat /data/f.csv > $out_lines
cp $in_numbers $out_numbers2; cp $in_frame $out_frame2; cp $in_text $out_text2; cp $in_settings $out_settings2
mkdir -p /var; cp $in_data $out_data2
pwd >&2"""
SHOW = """\
print(np.array_equal(numbers, numbers2), frame.equals(frame2), text == text2, data == data2, settings == settings2)
print(lines)"""


def cells_of(image: Image, *sources: str, **settings: Any) -> list[Cell]:
    """A setup cell, and a step for each source; ``settings`` for the container cells."""
    found: list[Cell] = [("setup", SETUP)]
    for number, source in enumerate(sources):
        given = settings if source.startswith("%%container") else {}
        found.append((f"step:s{number}", source.replace("IMAGE", image.tag), given))
    return found


def run_all(path: Path) -> list[str]:
    """What each cell prints under Run All: in one kernel, which papermill runs."""
    out = path.with_name("plain.ipynb")
    command = [sys.executable, "-m", "papermill", path.name, out.name, "--no-progress-bar"]
    done = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    return printed(out)


@pytest.mark.parametrize("executor", ["process", "container"])
def test_values_go_and_come(tmp_path: Path, bare: Image, fast: Image, engine: Engine, executor: str) -> None:
    """Frames, arrays, data, text, bytes and files reach a shell as files and become variables again, as in Run All."""
    path = write(tmp_path / "n.ipynb", fast if executor == "container" else None, cells_of(bare, MAKE, PASS_ON, SHOW))
    done = nb2pipe("run", "n.ipynb", "out.ipynb", "--executor", executor, "--json", cwd=tmp_path)
    assert 0 == done.code, done.err
    _, _, passed, shown = printed(tmp_path / "out.ipynb")
    files = "data.bin\nframe.parquet\nnote.dat\nnumbers.npy\nsettings.json\ntext.txt"
    assert f"{files}\nzwei\nZeilenfrom a file/" == passed
    assert "True True True True True\na,b\n1,x\n2,ä y" == shown
    images = [step["observation"]["image"] for step in json.loads(done.out)["steps"]]
    assert [True, False] == [bare.tag.rpartition(":")[0] in image for image in (images[1], images[2])]
    assert [] == owned(engine, tmp_path)
    if executor == "process":
        assert printed(tmp_path / "out.ipynb") == run_all(path)


def test_interpreters_and_programs(tmp_path: Path, bare: Image) -> None:
    """The first line names an interpreter; an entry point takes arguments; both may write where they like."""
    cells = cells_of(
        bare,
        '%%container IMAGE --out a=a.json\n#!/bin/awk -f\nBEGIN { print 6 * 7 > ENVIRON["out_a"] }',
        '%%container IMAGE --in a --out b=/elsewhere/b.json --entrypoint sh\n-c \'mkdir /elsewhere; cp "$0" "$1"\'\n'
        "{in_a} {out_b}  # comments are left out",
        "print(a, b)",
    )
    write(tmp_path / "n.ipynb", None, cells)
    done = nb2pipe("run", "n.ipynb", "out.ipynb", "--executor", "process", cwd=tmp_path)
    assert 0 == done.code, done.err
    assert "42 42" == printed(tmp_path / "out.ipynb")[-1]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("%%container IMAGE\necho almost >&2\nfalse\necho never", "ended with exit code 1"),
        ("%%container IMAGE --out x\necho 1 > /out/y", "the container wrote no file /out/x"),
        ("%%container IMAGE --out x=/far/x", "no script below"),
        ("%%container IMAGE --out x=/far/x\ntrue", "the container wrote no file /far/x"),
        ("%%container IMAGE --out x\nmkdir $out_x", "/out/x is a folder"),
        ("%%container IMAGE --out x\necho 1 > /out/x.json; echo 2 > /out/x.txt", "wrote x.json and x.txt"),
        ("%%container IMAGE --out x=x.parquet\necho 1 > $out_x", "x.parquet is not a file of Parquet"),
        ("%%container IMAGE --entrypoint /bin/nothing\n-v", "the image does not have the program"),
        ("%%container IMAGE --in made\ntrue", "--in made: a value of type Thing has no form as a file"),
        ("%%container IMAGE --in gone\ntrue", "there is no "),
        ("%%container localhost/never-built:1\ntrue", "image 'localhost/never-built:1' is not on this machine"),
    ],
)
def test_what_goes_wrong_is_said(tmp_path: Path, bare: Image, source: str, words: str) -> None:
    """A failing script, missing and damaged outputs, values without a form, missing programs and images."""
    make = "class Thing: pass\nmade, gone = Thing(), Path('nowhere.csv')"
    write(tmp_path / "n.ipynb", None, cells_of(bare, make, source, "print('behind')"))
    done = nb2pipe("run", "n.ipynb", "out.ipynb", "--executor", "process", cwd=tmp_path)
    refused = "never-built" in source or "no script" in words
    assert (2 if refused else 1) == done.code, done.out + done.err
    assert words in done.out + done.err and "cell 3 (id cell-2)" in done.out + done.err
    assert "Traceback" not in done.out + done.err


def test_a_shell_stops_at_its_first_error(tmp_path: Path, bare: Image) -> None:
    """What was printed is kept, and nothing behind the failing command runs."""
    write(tmp_path / "n.ipynb", None, cells_of(bare, "%%container IMAGE\necho almost\nfalse\necho never"))
    done = nb2pipe("run", "n.ipynb", "out.ipynb", "--executor", "process", cwd=tmp_path)
    assert 1 == done.code
    assert "almost" == printed(tmp_path / "out.ipynb")[-1].partition("\n")[0]


def test_settings(tmp_path: Path, bare: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    """Environment, secrets, volumes and the caller's id reach the program; a secret is nowhere to be seen."""
    monkeypatch.setenv("HIDDEN", "open-sesame")
    (tmp_path / "shared").mkdir()
    settings = {"env": {"GREETING": "good day"}, "secrets": {"TOKEN": "env:HIDDEN"}, "volumes": ["shared:/shared"]}
    source = '%%container IMAGE --out x=x.json\necho "$GREETING"; id -u; id > /shared/mine; echo ${#TOKEN} > $out_x'
    write(tmp_path / "n.ipynb", None, cells_of(bare, source, "print(x)", **settings))
    done = nb2pipe("run", "n.ipynb", "out.ipynb", "--executor", "process", "--report", "r.html", cwd=tmp_path)
    assert 0 == done.code, done.err
    assert [f"good day\n{os.getuid()}", "11"] == printed(tmp_path / "out.ipynb")[1:]
    assert os.getuid() == (tmp_path / "shared" / "mine").stat().st_uid
    kept = subprocess.run(["grep", "-rl", "open-sesame", str(tmp_path)], capture_output=True, text=True, check=False)
    assert "" == kept.stdout


def test_secrets_do_not_go_to_programs(tmp_path: Path, bare: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that is no shell would get a secret in a way that others see: refused before the run."""
    monkeypatch.setenv("HIDDEN", "open-sesame")
    source = "%%container IMAGE --entrypoint env\n-0"
    write(tmp_path / "n.ipynb", None, cells_of(bare, source, secrets={"TOKEN": "env:HIDDEN"}))
    done = nb2pipe("run", "n.ipynb", "--executor", "process", cwd=tmp_path)
    assert 2 == done.code and "N2P517" in done.err and "engine:NAME" in done.err


def test_results_are_kept_where_nothing_else_counts(tmp_path: Path, bare: Image, engine: Engine) -> None:
    """Without a network, a container's result is taken again, until its image is another one."""
    other = Image("localhost/nb2pipe-test-other:1")
    sources = "%%container IMAGE --out x\necho kept > $out_x", "print(x)"
    states = {}
    for name, settings in (("open", {}), ("closed", {"network": "none"})):
        engine.run("tag", bare.tag, other.tag)
        write(tmp_path / "n.ipynb", None, cells_of(other, *sources, **settings))
        runs = [nb2pipe("run", "n.ipynb", "--executor", "process", "--json", cwd=tmp_path) for _ in range(2)]
        states[name] = [step["state"] for step in json.loads(runs[1].out)["steps"]]
    assert {"open": ["succeeded", "cached"], "closed": ["cached", "cached"]} == states
    recipe = f"FROM {bare.tag}\nENV A=b\n".encode()
    engine.run("build", "--quiet", "--pull=never", "--network=none", "--tag", other.tag, "-", stdin=recipe)
    done = nb2pipe("run", "n.ipynb", "--executor", "process", "--json", cwd=tmp_path)
    assert ["succeeded", "cached"] == [step["state"] for step in json.loads(done.out)["steps"]]


def begin(folder: Path, image: Image, *words: str, **settings: Any) -> subprocess.Popen[str]:
    """A run in the middle of a container cell whose program never ends."""
    signals = folder / "signals"
    signals.mkdir()
    os.mkfifo(signals / "reached")
    source = "%%container IMAGE --out x\necho kept\necho x > /signals/reached\nsleep 100000"
    write(folder / "n.ipynb", None, cells_of(image, source, volumes=[f"{signals}:/signals"], **settings))
    process = start("run", "n.ipynb", "out.ipynb", "--executor", "process", *words, cwd=folder)
    fifo = os.open(signals / "reached", os.O_RDONLY | os.O_NONBLOCK)
    gone = os.pidfd_open(process.pid)
    ready, _, _ = select.select([fifo, gone], [], [], 60)
    os.close(fifo)
    os.close(gone)
    assert [fifo] == ready, process.communicate()
    return process


@pytest.mark.parametrize("way", ["interrupt", "timeout", "kill"])
def test_no_program_runs_on(tmp_path: Path, bare: Image, engine: Engine, way: str) -> None:
    """Ctrl-C, the end of a step's time and kill -9 leave no container, at the latest after the next command."""
    process = begin(tmp_path, bare, **({"timeout_s": 4} if way == "timeout" else {}))
    assert 1 == len(owned(engine, tmp_path))
    if way != "timeout":
        process.send_signal(signal.SIGINT if way == "interrupt" else signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert {"interrupt": 130, "timeout": 1, "kill": -9}[way] == process.returncode, out + err
    if way == "kill":
        assert 0 == nb2pipe("runs", cwd=tmp_path).code
    else:
        assert "kept" in printed(tmp_path / "out.ipynb")[-1]
    assert [] == owned(engine, tmp_path)


def test_a_program_killed_from_outside(tmp_path: Path, bare: Image, engine: Engine) -> None:
    """A program that is killed is a failure of its cell, never success."""
    process = begin(tmp_path, bare)
    engine.run("kill", *owned(engine, tmp_path))
    out, err = process.communicate(timeout=60)
    assert 1 == process.returncode and "was killed" in out + err
    assert [] == owned(engine, tmp_path)
