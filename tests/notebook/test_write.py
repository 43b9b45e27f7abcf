"""Tags written into the file's text, byte for byte the rest as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nb2pipe.errors import NotebookError
from nb2pipe.notebook import read_notebook
from nb2pipe.notebook.write import with_tags
from tests.notebook.building import code, codes, document, markdown

LAYOUTS: list[dict[str, Any]] = [
    {"indent": 1, "ensure_ascii": False},
    {"indent": 1, "sort_keys": True, "ensure_ascii": False},
    {"indent": 2},
    {"indent": "\t"},
    {"indent": 4, "separators": (",", ": ")},
    {},
    {"separators": (",", ":")},
    {"ensure_ascii": False},
]
WHOLE = document(
    markdown("# Ä ü"),
    code("a = 'é\\u00e9'", "old"),
    code("b"),
    code("c", collapsed=True, zebra=1),
    {**code("d", jupyter={"tags": ["not this"]}), "id": "tags"},
)
WANTED = {1: ["old", "step:a"], 2: ["step:b"], 3: ["step:ç", "after:a"], 4: []}


def expected(layout: dict[str, Any], tags: dict[int, list[str]]) -> str:
    """The text as the same program would write the notebook with these tags."""
    raw = json.loads(json.dumps(WHOLE))
    for index, names in tags.items():
        metadata = raw["cells"][index]["metadata"]
        if names != metadata.get("tags", []):
            metadata["tags"] = names
            if list(metadata) != sorted(metadata) and sorted(set(metadata) - {"tags"}) == list(metadata)[:-1]:
                raw["cells"][index]["metadata"] = dict(sorted(metadata.items()))
    return json.dumps(raw, **layout)


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@pytest.mark.parametrize("end", ["", "\n"])
def test_layout_stays(layout: dict[str, Any], end: str) -> None:
    """Whatever program wrote the file, the result is what it would have written, the last line end included."""
    read = read_notebook("a.ipynb", text=json.dumps(WHOLE, **layout) + end)
    assert expected(layout, WANTED) + end == with_tags(read, WANTED)


def test_line_ends_and_byte_order_mark_stay() -> None:
    """Windows line ends and a byte-order mark are kept."""
    text = "\ufeff" + json.dumps(WHOLE, indent=1).replace("\n", "\r\n") + "\r\n"
    result = with_tags(read_notebook("a.ipynb", text=text), WANTED)
    assert "\ufeff" + expected({"indent": 1}, WANTED).replace("\n", "\r\n") + "\r\n" == result


def test_nothing_to_change_changes_nothing() -> None:
    """Tags that are there already, however they are laid out, are not touched."""
    text = json.dumps(WHOLE, indent=1).replace('[\n     "old"\n    ]', '[ "old" ]')
    read = read_notebook("a.ipynb", text=text)
    assert ["old"] == list(read.cells[1].tags)
    assert text == with_tags(read, {1: ["old"], 2: [], 4: []})
    assert text == with_tags(read, {})


def test_odd_layouts_are_left_as_they_are() -> None:
    """Numbers, escapes, keys given twice and blanks of another program survive."""
    text = (
        '{ "nbformat":4 ,"x": 1.0e5, "cells" : [],\n'
        '  "cells": [ {"cell_type":"code","source":"a = 1\\u0020","metadata":{ }, "y": -0.0} ] ,"metadata":{}}  \n'
    )
    result = with_tags(read_notebook("a.ipynb", text=text), {0: ["step:a"]})
    assert text.replace('"metadata":{ }', '"metadata":{"tags":["step:a"]}') == result


def test_missing_metadata_is_added() -> None:
    """A cell that a script wrote without metadata gets some."""
    text = '{"cells": [{"cell_type": "code", "source": "a"}], "nbformat": 4}'
    result = with_tags(read_notebook("a.ipynb", text=text), {0: ["step:a"]})
    assert ["step:a"] == json.loads(result)["cells"][0]["metadata"]["tags"]
    assert '"cell_type": "code", "source": "a"}], "nbformat": 4}' == result[result.index('"cell_type"') :]


def test_metadata_of_an_old_notebook_cannot_be_written() -> None:
    """A file of nbformat 3 would have to change as a whole, so it is refused with the way out."""
    cells = [{"cell_type": "code", "input": "x = 1", "language": "python", "metadata": {}, "outputs": []}]
    old = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}
    with pytest.raises(NotebookError, match="older than nbformat 4") as caught:
        with_tags(read_notebook("a.ipynb", text=json.dumps(old)), {0: ["step:a"]})
    assert ["N2P161"] == codes(caught.value.diagnostics)
