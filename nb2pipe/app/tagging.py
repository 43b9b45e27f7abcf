"""Propose tags for a notebook that has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nb2pipe.app.files import write_text
from nb2pipe.app.notebooks import read_pipeline
from nb2pipe.errors import SettingsError
from nb2pipe.model import Notebook, Pipeline
from nb2pipe.notebook import read_notebook
from nb2pipe.notebook.headings import propose_tags
from nb2pipe.notebook.write import with_tags


@dataclass(frozen=True)
class Proposal:
    """Tags for a notebook.

    Args:
        notebook: as it is.
        tags: cell index to all tags that the cell would have, for cells that change.
        text: the notebook's text with these tags.
        pipeline: what it would make then.
        written_to: where the text was written; empty if nowhere.
    """

    notebook: Notebook
    tags: Mapping[int, Sequence[str]]
    text: str
    pipeline: Pipeline
    written_to: str = ""


def tag_notebook(path: str, *, output: str | None = None, text: str | None = None) -> Proposal:
    """Tags that make a step of each part under a heading.

    Args:
        path: the notebook.
        output: file to write the tagged notebook to, which may be ``path``; None writes nothing.
        text: the notebook's text where it is at hand already.

    Raises:
        RefusedError: it cannot be read, or has no headings.
    """
    notebook = read_notebook(path, text=text)
    tags = propose_tags(notebook)
    tagged = with_tags(notebook, tags)
    pipeline = read_pipeline(path, tagged)
    if output is not None:
        if output == "-":
            raise SettingsError("the tagged notebook goes to a file", hint="Name one with --output.")
        write_text(output, tagged, "the tagged notebook")
    return Proposal(notebook, tags, tagged, pipeline, output or "")
