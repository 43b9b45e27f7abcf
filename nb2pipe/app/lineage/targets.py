"""What a person means by a name of something that has a lineage."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from nb2pipe.errors import NotFoundError, RefusedError, SettingsError
from nb2pipe.execution.digests import file_digest
from nb2pipe.lineage.codes import message_of
from nb2pipe.lineage.target import Target
from nb2pipe.model import Run, StepRun
from nb2pipe.notebook.nearest import nearest
from nb2pipe.store.store import Store
from nb2pipe.store.usage import Known, artifacts_named, data_of_digest, data_of_path, data_paths

DIGEST = re.compile(r"[0-9a-f]{4,64}")
MOST_SHOWN = 6
MOST_PATHS = 5000
SOME_RUNS = 20


def find_target(store: Store, word: str, may_read: Callable[[str], bool] = lambda path: True) -> Target:
    """What ``word`` means: a file or URL, a run, RUN/STEP, RUN/STEP/VARIABLE, or the beginning of a digest.

    Args:
        store: what there is.
        word: as typed.
        may_read: whether a file of this machine may be looked at, by its absolute path, to know it by its content.

    Raises:
        RefusedError: nothing fits (N2P701), or several things do (N2P702).
    """
    exact = _exact_file(store, word, may_read)
    if exact is not None:
        return exact
    run, rest = _run_of(store, word)
    if run is not None and rest:
        return _part_of(store, run, rest, word)
    found = [Target("run", run.id)] if run is not None else []
    if DIGEST.fullmatch(word.lower()):
        found += _of_digest(store, word.lower())
    if not found:
        found = _by_end(store, word)
    if not found:
        raise _unknown(word, _near(store, word))
    return _only(found, word)


def _exact_file(store: Store, word: str, may_read: Callable[[str], bool]) -> Target | None:
    """A file by its path from here or anywhere, a URL, or a file of this machine whose content a run knows."""
    path = word if "://" in word else os.path.normpath(Path(word).expanduser().absolute())
    if store.ask(partial(data_of_path, path=path)):
        return Target("file", path=path)
    digest = file_digest(path) if "://" not in word and may_read(path) else ""
    known = store.ask(partial(data_of_digest, prefix=digest)) if digest else []
    return Target("file", digest=digest) if known else None


def _run_of(store: Store, word: str) -> tuple[Run | None, str]:
    head, _, rest = word.partition("/")
    try:
        return store.run(head), rest
    except SettingsError as error:
        if "runs begin with" in error.message and not DIGEST.fullmatch(head):
            raise
        return None, ""


def _part_of(store: Store, run: Run, rest: str, word: str) -> Target:
    """A step of a run, a variable or a metric of a step, or one whose name only one step has."""
    steps = store.step_runs(run.id)
    name, _, inner = rest.partition("/")
    step = next((each for each in steps if each.step == name), None)
    if step is not None and not inner:
        return Target("step", run.id, step.step)
    found = [
        target
        for each in steps
        for target in _named(run, each)
        if (target.step, target.name) == (name, inner) or (not inner and target.name == name)
    ]
    if found:
        return _only(found, word)
    raise _unknown(word, _parts_hint(run, steps, rest))


def _parts_hint(run: Run, steps: Iterable[StepRun], rest: str) -> str:
    places = [name for each in steps for name in (each.step, *(f"{each.step}/{t.name}" for t in _named(run, each)))]
    ends = {place.rpartition("/")[2]: place for place in places}
    close = nearest(rest, places) or ends.get(nearest(rest, ends) or "")
    listed = ", ".join(places[:MOST_SHOWN]) + (" ..." if len(places) > MOST_SHOWN else "")
    return f"Did you mean {run.id}/{close}?" if close else f"Run {run.id} has: {listed or 'no steps'}."


def _named(run: Run, step: StepRun) -> list[Target]:
    values = [item for item in step.artifacts if not item.name.startswith("@")]
    found = [Target("artifact", run.id, step.step, item.name, item.digest) for item in values]
    saved = {item.name for item in values}
    return found + [Target("metric", run.id, step.step, each.name) for each in step.metrics if each.name not in saved]


def _of_digest(store: Store, prefix: str) -> list[Target]:
    values = store.ask(partial(artifacts_named, prefix=prefix))
    files = store.ask(partial(data_of_digest, prefix=prefix))
    found = [Target("artifact", name=item.name, digest=item.digest) for item in values]
    return found + [Target("file", digest=digest) for digest in dict.fromkeys(item.digest for item in files)]


def _by_end(store: Store, word: str) -> list[Target]:
    """Files whose path ends so, and ``DIGEST/VARIABLE``."""
    files: Sequence[Known] = store.ask(partial(data_of_path, path=word, is_end=True))
    found = [Target("file", path=path) for path in dict.fromkeys(item.name for item in files)]
    head, _, name = word.partition("/")
    if name and DIGEST.fullmatch(head):
        values = store.ask(partial(artifacts_named, prefix=head))
        found += [Target("artifact", name=name, digest=item.digest) for item in values if item.name == name]
    return found


def _only(found: Sequence[Target], word: str) -> Target:
    if len(found) == 1:
        return found[0]
    shown = ", ".join(target.label for target in found[:MOST_SHOWN]) + (" ..." if len(found) > MOST_SHOWN else "")
    message, hint = message_of("N2P702", word=word, count=len(found), hint=f"Write one of: {shown}")
    raise RefusedError(message, hint=hint)


def _unknown(word: str, near: str) -> NotFoundError:
    message, hint = message_of("N2P701", word=word, hint=near)
    return NotFoundError(message, hint=hint)


def _near(store: Store, word: str) -> str:
    """A hint with names like it: of files, and of variables and steps of recent runs."""
    paths = list(store.ask(partial(data_paths, limit=MOST_PATHS)))
    places: dict[str, str] = {}
    for run in store.runs(limit=SOME_RUNS):
        for step in store.step_runs(run.id):
            for target in (Target("step", run.id, step.step), *_named(run, step)):
                places.setdefault(target.name or target.step, target.label)
    wanted = Path(word).name
    files = {Path(path).name: path for path in paths}
    close = (places.get(nearest(wanted, places) or ""), files.get(nearest(wanted, files) or ""))
    near = [each for each in close if each]
    return f"Did you mean {' or '.join(near)}?" if near else "nb2pipe runs lists the runs that there are."
