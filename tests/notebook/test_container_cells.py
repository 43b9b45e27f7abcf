"""The first line of a container cell, and what stands below it."""

from __future__ import annotations

import pytest

from nb2pipe.model import ContainerCall, Exchange
from nb2pipe.notebook.container_cells import ContainerCellError, fill_in, is_container_cell, read_call


def test_a_script() -> None:
    """Image and variables stand on the first line in any order, the script below is kept as it is."""
    call = read_call(
        " --in frame example.org/r:4 --out model --out 'plot=plots/a b.png' --in=rate=/etc/rate.json", "x\n  y"
    )
    outputs = (Exchange("model"), Exchange("plot", "/out/plots/a b.png"))
    inputs = (Exchange("frame"), Exchange("rate", "/etc/rate.json"))
    assert ContainerCall("example.org/r:4", inputs, outputs, script="x\n  y\n") == call


def test_a_program() -> None:
    """With an entry point the body is its arguments, as a shell would part them, without comments."""
    call = read_call("tool --in a --entrypoint /bin/tool", "# how\n--window 5 'a b'\n{in_a} {other}\n")
    assert ("/bin/tool", ("--window", "5", "a b", "{in_a}", "{other}")) == (call.entrypoint, call.arguments)
    assert "" == call.script
    assert ["/in/a.npy", "x{other}"] == [fill_in(text, {"in_a": "/in/a.npy"}) for text in ("{in_a}", "x{other}")]


@pytest.mark.parametrize(
    ("line", "body", "words"),
    [
        ("", "true", "no image is named"),
        ("image other", "true", "a word too much, 'other'"),
        ("image", " \n", "no script below"),
        ("image --inn x", "true", "Did you mean --in?"),
        ("image --volume x", "true", "no option --volume"),
        ("image --in", "true", "--in has no value"),
        ("image --in --out x", "true", "--in has no value"),
        ("image --in 2x", "true", "'2x' is not a variable's name"),
        ("image --in größe", "true", "ASCII"),
        ("image --in x.y", "true", "'x.y' is not a variable's name"),
        ("image --in x --in x=y", "true", "--in x is given twice"),
        ("image --in x=", "true", "no file's path"),
        ("image --in x=/", "true", "no file's path"),
        ("image --out x=folder/", "true", "no file's path"),
        ("image --out x=../x", "true", "leads out of /out"),
        ("image --in x=/a --out y=/b/../a", "true", "two variables have the path /a"),
        ("image --entrypoint a --entrypoint b", "true", "--entrypoint is given twice"),
        ("image 'x", "true", "quotation mark is missing"),
        ("image --in frame --entrypoint a", "{in_fram}", "Did you mean {in_frame}?"),
        ("image --entrypoint a", "{out_x}", "Name it with --out."),
        ("image --entrypoint a", "'", "quotation mark is missing"),
    ],
)
def test_what_is_wrong_is_said(line: str, body: str, words: str) -> None:
    """Each mistake has a message that names it, and a hint."""
    with pytest.raises(ContainerCellError) as caught:
        read_call(line, body)
    assert words in str(caught.value) and caught.value.hint


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%%container image\ntrue", True),
        ("\n  %%container image --in x", True),
        ("%%container", True),
        ("%%containers image\ntrue", False),
        ("# %%container image", False),
        ("x = '''\n%%container image\n'''", False),
    ],
)
def test_which_cells_are_container_cells(source: str, expected: bool) -> None:
    """Only a cell whose first line is the magic is one."""
    assert expected is is_container_cell(source)
