"""Setting off a schedule by a call from outside, with a token of its own."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nb2pipe.app.parameters import Given
from nb2pipe.app.plan import runnable_pipeline
from nb2pipe.app.schedules.keeping import readable, settings_of
from nb2pipe.errors import SettingsError
from nb2pipe.model import Cause, Schedule, ScheduleEntry, Source, Standing
from nb2pipe.model.json import to_json
from nb2pipe.notebook.source import read_text
from nb2pipe.scheduling.codes import refusal
from nb2pipe.settings import Settings
from nb2pipe.store import open_store
from nb2pipe.store.calls import Called, token_digest
from nb2pipe.store.claims import Occasion
from nb2pipe.store.store import Store

LONGEST_KEY = 255


@dataclass(frozen=True)
class Call:
    """What a call came to.

    Args:
        run_id: the run that waits, or waited.
        is_repeated: whether an earlier call of the same key set it off.
    """

    run_id: str
    is_repeated: bool = False


def call_schedule(
    name: str,
    token: str,
    parameters: Mapping[str, Any],
    settings: Settings,
    *,
    key: str = "",
    store: Store | None = None,
) -> Call:
    """Set off a schedule that takes calls.

    Args:
        name: its whole name.
        token: the one that was shown when calls were allowed.
        parameters: values that take the place of the schedule's for this run.
        settings: the settings in force, for the store.
        key: the caller's own; the same key means the same call, and gives the same run. Empty for none.
        store: an open one; None to open it for this.

    Raises:
        SettingsError: N2P809 no such schedule, N2P810 wrong token, N2P811 it does not fire now, N2P812 its limit of the
            day is reached, N2P813 wrong parameters, N2P814 the key stands for something else.
    """
    if store is None:
        with open_store(settings.store_url, settings.home) as opened:
            return call_schedule(name, token, parameters, settings, key=key, store=opened)
    schedule_id = _allowed(name, token, store)
    if len(key) > LONGEST_KEY:
        what = f"The key of a call has at most {LONGEST_KEY} characters."
        raise refusal("N2P813", what=what, advice="Send a shorter Idempotency-Key.")
    asked = _plain(parameters)
    earlier = store.triggers.repeated(schedule_id, key, asked) if key else None
    if earlier is not None:
        return _answer(name, key, earlier, "")
    entry = store.schedules.entry(schedule_id)
    schedule = _firing(entry)
    values = _resolved(schedule, asked, settings) if asked else None
    called = store.triggers.call(schedule, Occasion(Cause.CALL, "called", values), key, asked)
    return _answer(name, key, called, entry.reason)


def _allowed(name: str, token: str, store: Store) -> str:
    """The id of the schedule that a token is for."""
    if not token:
        raise refusal("N2P810", what="The call has no token.")
    found = store.triggers.callable(name)
    schedule_id, digest = found or ("", "")
    if not hmac.compare_digest(digest or token_digest(""), token_digest(token)):
        if found is None:
            raise refusal("N2P809", name=name)
        raise refusal("N2P810", what=f"The token is not that of schedule {name!r}.")
    return schedule_id


def _firing(entry: ScheduleEntry) -> Schedule:
    if entry.standing is not Standing.ACTIVE:
        raise refusal("N2P811", name=entry.name, what=entry.reason or entry.standing.value)
    return readable(entry)


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as JSON has them."""
    try:
        found: dict[str, Any] = to_json(parameters)
    except TypeError as error:
        raise refusal("N2P813", what=f"A parameter {error}.", advice="Send JSON values.") from error
    return found


def _resolved(schedule: Schedule, asked: Mapping[str, Any], settings: Settings) -> Mapping[str, Any]:
    """The schedule's parameters with those of the call, checked against the notebook."""
    own = settings_of(schedule, settings)
    is_snapshot = schedule.source is Source.SNAPSHOT
    try:
        text = schedule.notebook_text if is_snapshot else read_text(schedule.notebook_path)
        pipeline, _ = runnable_pipeline(schedule.notebook_path, own, text=text, images=schedule.images)
        _, values = Given({**schedule.parameters, **asked}).resolve(pipeline.parameters)
    except SettingsError as error:
        raise refusal("N2P813", what=error.message, advice=error.hint) from error
    return values


def _answer(name: str, key: str, called: Called, reason: str) -> Call:
    if called.is_other:
        raise refusal("N2P814", key=key)
    if called.skipped:
        code = "N2P812" if "limit of" in called.skipped else "N2P811"
        raise refusal(code, name=name, what=called.skipped)
    if not called.run_id:
        raise refusal("N2P811", name=name, what=reason or "it was paused or removed a moment ago")
    return Call(called.run_id, called.is_repeated)
