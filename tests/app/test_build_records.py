"""Records of image builds, damaged ones too."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nb2pipe.app.images.records import (
    MOST_KEPT,
    RECORD,
    builds_folder,
    list_builds,
    old_builds,
    read_build,
    write_build,
)
from nb2pipe.model import State
from nb2pipe.model.build import ImageBuild

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def a_build(number: int) -> ImageBuild:
    """A build that has ended."""
    return ImageBuild(f"20260101-000000-{number:07d}", "/n.ipynb", State.SUCCEEDED, NOW)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "{}", '{"id": 3}'])
def test_a_damaged_record(tmp_path: Path, text: str) -> None:
    """It is listed with what is wrong, hides no other, and stops no further build once it is old."""
    for number in range(MOST_KEPT + 2):
        write_build(tmp_path, a_build(number))
    oldest = builds_folder(tmp_path) / a_build(0).id
    (oldest / RECORD).write_text(text, "utf-8")
    found = read_build(tmp_path, oldest.name)
    assert (State.INTERRUPTED, True) == (found.state, "cannot be read" in found.message)
    assert str(oldest) in found.hint
    assert MOST_KEPT + 2 == len([*list_builds(tmp_path)])
    assert {oldest, builds_folder(tmp_path) / a_build(1).id} == set(old_builds(tmp_path))
