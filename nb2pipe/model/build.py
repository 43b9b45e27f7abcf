"""A build of an image as work of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nb2pipe.model.state import State


@dataclass(frozen=True)
class ImageBuild:
    """A build of a notebook's image that somebody asked for.

    Args:
        id: sortable unique id.
        notebook_path: absolute path of the notebook.
        state: ``queued`` until its process has begun, then ``running``, then how it ended.
        created_at: UTC.
        started_at: UTC, None before the start.
        ended_at: UTC, None before the end.
        user: who asked.
        host: machine that builds it.
        machine: boot and process namespace in which ``pid`` means its process.
        pid: its process.
        process_started_at: start of that process in clock ticks since boot.
        message: why it did not succeed.
        hint: what to do about it.
        result: the image, as ``nb2pipe image build --json`` prints it; None unless it succeeded.
    """

    id: str
    notebook_path: str
    state: State
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    user: str = ""
    host: str = ""
    machine: str = ""
    pid: int = 0
    process_started_at: int = 0
    message: str = ""
    hint: str = ""
    result: Mapping[str, Any] | None = None
