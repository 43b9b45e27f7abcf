"""Reading, converting, tagging and normalising notebooks for the bench."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.law.compare import diff, failing_cell, normal_outputs
from tests.law.gallery import read_gallery
from tests.law.percent import read_percent
from tests.law.runs import plain_document, run_plain
from tests.law.sources import find_subjects
from tests.law.subject import Subject, make_cell, make_document, source_of, tags_of
from tests.law.tagging import tag_document

PERCENT = """\
=== first: One sentence.
expect: equal refused
parameters: {"n": 2}
# %% [markdown]
# # Title
# %% [file helpers.py]
X = 1
# %% step:a after:b {"nb2pipe": {"cache": false}}
%%time
x = 1

=== second: Another.
# %%
y = 2
"""

GALLERY = '''\
"""
=====
Title
=====

Text.
"""

# Authors: someone
import math

# %%
# Section
# -------
# More *text*.

x = math.pi

################################################################################
# Plain text block
print(x)
'''


def test_percent_file(tmp_path: Path) -> None:
    """One text file holds several notebooks with options, files, tags and settings."""
    path = tmp_path / "some.percent"
    path.write_text(PERCENT)
    first, second = read_percent(path)
    assert ("some/first", "some/second") == (first.name, second.name)
    assert (("equal", "refused"), {"n": 2}, {"helpers.py": "X = 1\n"}) == (first.expect, first.parameters, first.files)
    title, code = first.document["cells"]
    assert "# # Title" == title["source"]
    assert "%%time\nx = 1" == code["source"]
    assert {"nb2pipe": {"cache": False}, "tags": ["step:a", "after:b"]} == code["metadata"]


@pytest.mark.parametrize("text", ["x = 1\n", "=== name: about\nexpects: equal\n# %%\n"])
def test_percent_file_with_stray_text(tmp_path: Path, text: str) -> None:
    """Text that is neither option nor cell is an error, not silently dropped."""
    path = tmp_path / "bad.percent"
    path.write_text(text)
    with pytest.raises(ValueError, match="bad"):
        list(read_percent(path))


def test_gallery_script(tmp_path: Path) -> None:
    """Docstring and comment blocks become Markdown with headings, the rest code."""
    path = tmp_path / "plot_x.py"
    path.write_text(GALLERY)
    subject = read_gallery(path, tmp_path)
    expected = [
        ("markdown", "# Title\n\nText."),
        ("code", "# Authors: someone\nimport math"),
        ("markdown", "## Section\nMore *text*."),
        ("code", "x = math.pi"),
        ("markdown", "Plain text block"),
        ("code", "print(x)"),
    ]
    assert "plot_x" == subject.name
    assert expected == [(cell["cell_type"], cell["source"]) for cell in subject.document["cells"]]


def _tags(document: dict[str, Any], split: str) -> list[list[str]]:
    return [tags_of(cell) for cell in tag_document(document, split)["cells"] if cell["cell_type"] == "code"]


def test_tags_at_headings() -> None:
    """An untagged notebook is cut at its headings; what stands before the first heading is a section too."""
    kinds = [("code", "a"), ("markdown", "# One"), ("code", "b"), ("code", "c"), ("markdown", "text"), ("code", "d")]
    kinds += [("markdown", "## Two"), ("code", ""), ("code", "e")]
    document = make_document(make_cell(index, *kind) for index, kind in enumerate(kinds))
    assert [["step:section-1"], ["step:section-2"], [], [], [], ["step:section-3"]] == _tags(document, "auto")


def test_tags_without_headings() -> None:
    """Without headings every few cells make a step, so that there are several."""
    document = make_document(make_cell(index, "code", "x") for index in range(5))
    expected = [["step:section-1"], [], ["step:section-2"], [], ["step:section-3"]]
    assert expected == _tags(document, "auto")


def test_tags_are_kept_or_replaced() -> None:
    """Tags there are stay as they are, unless every cell is to be a step; other roles stay even then."""
    cells = [make_cell(0, "code", "x", ["setup"]), make_cell(1, "code", "y", ["step:a", "mine"])]
    document = make_document([*cells, make_cell(2, "code", "z")])
    assert [["setup"], ["step:a", "mine"], []] == _tags(document, "auto")
    assert [["setup"], ["step:cell-2", "mine"], ["step:cell-3"]] == _tags(document, "each")


def test_normal_outputs() -> None:
    """Streams are merged by name; colours, addresses, timings, counters and the scratch folder do not count."""
    streams = [
        {"output_type": "stream", "name": name, "text": text} for name, text in [("stdout", "a\n"), ("stderr", "e")]
    ]
    streams.append({"output_type": "stream", "name": "stdout", "text": "\x1b[31mb\x1b[0m at 0x7f00aa11bb22 in /w/x\n"})
    data = {"text/html": '<div id="sk-container-id-12">', "image/png": "aGk="}
    shown = {"output_type": "display_data", "data": data, "metadata": {}}
    timing = {"output_type": "stream", "name": "stdout", "text": "Wall time: 3 ms\n"}
    normal = normal_outputs({"outputs": [*streams, timing, shown]}, "/w")
    assert "a\nb at 0x… in <folder>/x\n<timing>\n" == normal[1]["text"]
    assert '<div id="sk-container-id-n">' == normal[2]["data"]["text/html"]
    assert normal[2]["data"]["image/png"].startswith("sha256 ")


def test_failing_cell() -> None:
    """An error that its cell announces by the tag raises-exception stops nothing."""
    error = [{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}]
    tolerated = make_cell(0, "code", "x", ["raises-exception"]) | {"outputs": error}
    failing = make_cell(1, "code", "y") | {"outputs": error}
    assert "c1" == failing_cell(make_document([tolerated, failing]))
    assert failing_cell(make_document([tolerated])) is None


def test_diff_is_short() -> None:
    """A long difference is cut, and says so."""
    assert "more lines" in diff([str(n) for n in range(100)], [])


def test_plain_document_with_parameters() -> None:
    """Given parameters are injected as papermill does it, and skipped cells are left out."""
    cells = [make_cell(0, "code", "n = 1", ["parameters"]), make_cell(1, "code", "raise", ["skip"])]
    document = plain_document(Subject("x", make_document(cells), parameters={"n": "it's"}))
    assert ["n = 1", '# Parameters\nn = "it\'s"\n'] == [source_of(cell) for cell in document["cells"]]


def test_plain_run(tmp_path: Path) -> None:
    """A plain run gives outputs, counts, files and stops at the first error."""
    cells = ["print('hello'); open('new.txt', 'w').write('x');", "1 / 0", "print('never')"]
    document = make_document(make_cell(index, "code", text) for index, text in enumerate(cells))
    found = run_plain(Subject("x", document), tmp_path, 60, 1, fresh=True)
    assert (1, "c1", ["new.txt"]) == (found.code, found.failing, list(found.files))
    assert [{"type": "stream", "name": "stdout", "text": "hello\n"}] == found.outputs["c0"]
    assert {"c0": 1, "c1": 2, "c2": None} == found.counts


def test_find_subjects(tmp_path: Path) -> None:
    """Notebooks and percent files below a folder are found, checkpoints are not."""
    text = json.dumps(make_document([]))
    for name in ("b.ipynb", "deep/a.ipynb", ".ipynb_checkpoints/b.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "some.percent").write_text(PERCENT)
    assert ["b", "deep/a", "some/first", "some/second"] == [subject.name for subject in find_subjects(tmp_path)]
    assert ["deep/a"] == [subject.name for subject in find_subjects(tmp_path, "deep/*")]
