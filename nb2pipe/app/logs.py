"""Parts of logs, for those who read them as they grow."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from nb2pipe.app.history import looking
from nb2pipe.errors import NotFoundError
from nb2pipe.model import StepRun
from nb2pipe.settings import Settings

MOST_BYTES = 1_048_576
_LONGEST_CHARACTER = 4


@dataclass(frozen=True)
class LogPart:
    """A part of a step's log.

    Args:
        text: what it holds; a part never ends within a character.
        offset: where the part begins, in bytes from the log's beginning.
        next_offset: where the next part begins.
        size_bytes: bytes of the log as of now.
        is_whole: whether nothing comes behind this part: the step has ended, and this is its log's end.
    """

    text: str
    offset: int
    next_offset: int
    size_bytes: int
    is_whole: bool


def attempts_of(settings: Settings, word: str) -> list[StepRun]:
    """Every attempt of every step of a run, those of a step one after the other.

    Raises:
        NotFoundError: no run fits.
    """
    with looking(settings) as store:
        return store.step_runs(store.run(word).id, all_attempts=True)


def step_run_of(settings: Settings, word: str, step: str, attempt: int | None = None) -> StepRun:
    """A step of a run.

    Args:
        settings: the settings in force.
        word: which run.
        step: its name.
        attempt: from 1; None for the last.

    Raises:
        NotFoundError: there is no such run, step or attempt.
    """
    with looking(settings) as store:
        run = store.run(word)
        every = store.step_runs(run.id, all_attempts=True)
    own = [each for each in every if each.step == step]
    found = [each for each in own if attempt in (None, each.attempt)]
    if found:
        return found[-1]
    if own:
        raise NotFoundError(f"Step {step!r} of run {run.id} has no attempt {attempt}.", hint=f"It has {len(own)}.")
    names = ", ".join(dict.fromkeys(each.step for each in every)) or "none yet"
    raise NotFoundError(f"Run {run.id} has no step {step!r}.", hint=f"It has: {names}.")


def log_part(
    settings: Settings, word: str, step: str, *, attempt: int | None = None, offset: int = 0, limit: int = MOST_BYTES
) -> LogPart:
    """A part of what a step printed.

    Args:
        settings: the settings in force.
        word: which run.
        step: its name.
        attempt: from 1; None for the last.
        offset: bytes from the beginning; below 0 from the end, as of now.
        limit: bytes at most, at least 4, at most ``MOST_BYTES``.

    Raises:
        NotFoundError: there is no such run, step or attempt, or its log is gone.
    """
    step_run = step_run_of(settings, word, step, attempt)
    path = own_file(settings, step_run.log_path)
    if path is None:
        if step_run.log_path:
            raise NotFoundError(f"The log of step {step!r} is not in {settings.home}.", hint="Look on its machine.")
        return LogPart("", 0, 0, 0, step_run.state.is_final)
    return read_part(path, offset, limit, step_run.state.is_final)


def own_file(settings: Settings, path: str) -> Path | None:
    """A file that a run left below home; None where there is none, or the store names one elsewhere."""
    found = Path(os.path.realpath(path)) if path else None
    if found is None or not found.is_relative_to(os.path.realpath(settings.home)) or not found.is_file():
        return None
    return found


def read_part(path: Path, offset: int, limit: int, is_final: bool) -> LogPart:
    """A part of a file of text.

    Args:
        path: the file.
        offset: bytes from the beginning; below 0 from the end.
        limit: bytes at most.
        is_final: whether it grows no more.

    Raises:
        NotFoundError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            start = min(max(size + offset if offset < 0 else offset, 0), size)
            file.seek(start)
            data = file.read(min(max(limit, _LONGEST_CHARACTER), MOST_BYTES))
    except OSError as error:
        raise NotFoundError(f"The log cannot be read: {error.strerror}.", hint="It may have been pruned.") from error
    ends = start + len(data) >= size
    data = data if ends and is_final else _whole_characters(data)
    return LogPart(
        data.decode("utf-8", "replace"), start, start + len(data), size, is_final and start + len(data) >= size
    )


def _whole_characters(data: bytes) -> bytes:
    """The bytes without a character at the end that has only begun."""
    for back in range(1, min(_LONGEST_CHARACTER, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            return data
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return data if back >= length else data[:-back]
    return data
