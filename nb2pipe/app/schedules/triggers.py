"""What sets off a schedule besides the clock, out of what a user says of it."""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nb2pipe.errors import SettingsError
from nb2pipe.model import OnChange, Schedule
from nb2pipe.scheduling.codes import refusal
from nb2pipe.scheduling.data.place import Place, Unseen, is_url
from nb2pipe.scheduling.data.seen import Seen, at_a_glance, place_of
from nb2pipe.store.calls import token_digest
from nb2pipe.store.store import Store
from nb2pipe.store.triggers import First
from nb2pipe.store.watches import Look

TOKEN_MARK = "nb2p_"  # noqa: S105 - tells a token from other secrets, and is none
_GLANCE_S = 10.0
_DAY_S = 86400.0


@dataclass(frozen=True)
class TriggerWords:
    """What a user says of what sets off a schedule; None where nothing is said, empty for nothing any more.

    Args:
        on_change: paths, patterns and URLs of data.
        settle_s: seconds that data must have stayed as it is.
        poll_s: seconds from one look at data to the next.
        after: schedules to come after, as a person names them.
        within: folder out of which no link of ``on_change`` is followed; empty for no such limit.
        on_call: whether calls set it off.
        is_new_token: whether to make another token.
    """

    on_change: tuple[str, ...] | None = None
    settle_s: float | None = None
    poll_s: float | None = None
    after: tuple[str, ...] | None = None
    on_call: bool | None = None
    is_new_token: bool = False
    within: str = ""

    @property
    def is_any(self) -> bool:
        """Whether anything is to set it off."""
        return bool(self.on_change) or bool(self.after) or bool(self.on_call)


def with_triggers(draft: Schedule, words: TriggerWords, store: Store) -> Schedule:
    """A schedule with what a user says of what sets it off.

    Raises:
        SettingsError: a schedule to come after does not exist, a place cannot be watched, a number is out of range.
    """
    after = draft.after
    if words.after is not None:
        after = tuple(dict.fromkeys(store.schedules.entry(each).id for each in words.after))
    on_call = draft.on_call if words.on_call is None else words.on_call
    if words.is_new_token and not on_call:
        raise SettingsError(f"Schedule {draft.name!r} takes no calls.", hint="Let it be called: --on-call.")
    return replace(draft, on_change=_on_change(draft.on_change, words), after=after, on_call=on_call)


def first_seen(schedule: Schedule, before: Schedule | None, words: TriggerWords) -> tuple[First, str]:
    """What triggers begin with: what is at places that are new, and a new token where one is wanted.

    Args:
        schedule: as it will be.
        before: as it was; None for a new one.
        words: what was said.

    Returns:
        What the store is to keep, and the token itself, empty for none.

    Raises:
        SettingsError: N2P807, a place is of a kind that cannot be watched here.
    """
    known = before.on_change.places if before and before.on_change else ()
    seen, faults = _glances(tuple(each for each in _places(schedule) if each not in known), _within(schedule))
    is_wanted = schedule.on_call and (words.is_new_token or before is None or not before.on_call)
    token = TOKEN_MARK + secrets.token_urlsafe(32) if is_wanted else ""
    return First(seen, token_digest(token) if token else "", faults), token


def resume_watching(schedule: Schedule, store: Store) -> None:
    """Take what is there now for what a schedule that was paused has seen."""
    seen, faults = _glances(_places(schedule), _within(schedule))
    places = store.triggers.places(schedule.id)
    looks = [Look(each, seen.get(each.place), faults.get(each.place, "")) for each in places]
    store.triggers.note(schedule.id, looks)


def _places(schedule: Schedule) -> tuple[str, ...]:
    return schedule.on_change.places if schedule.on_change else ()


def _within(schedule: Schedule) -> str:
    return schedule.on_change.within if schedule.on_change else ""


def _on_change(before: OnChange | None, words: TriggerWords) -> OnChange | None:
    places = words.on_change if words.on_change is not None else before.places if before else ()
    if not places:
        if words.settle_s is not None or words.poll_s is not None:
            hint = "Say which: --on-change PATH."
            raise SettingsError("The schedule watches no data, so there is no --settle and no --poll.", hint=hint)
        return None
    found = replace(before or OnChange(()), places=tuple(dict.fromkeys(_absolute(each) for each in places)))
    if words.on_change is not None:
        found = replace(found, within=words.within)
    for name, value, least in (("settle_s", words.settle_s, 0.0), ("poll_s", words.poll_s, 1.0)):
        if value is None:
            continue
        if not least <= value <= _DAY_S:
            option = f"--{name.removesuffix('_s')}"
            limits = f"Give a value from {least:g} to {_DAY_S:g} seconds."
            raise refusal("N2P804", what=f"{option} cannot be {value:g} s.", advice=limits)
        found = replace(found, settle_s=value) if name == "settle_s" else replace(found, poll_s=value)
    return found


def _absolute(place: str) -> str:
    if not place.strip():
        raise SettingsError("The place of data to watch is empty.", hint="Name a file, a folder, a pattern or a URL.")
    return place if is_url(place) else str(Path(place).expanduser().absolute())


def _glances(places: tuple[str, ...], within: str) -> tuple[Mapping[str, Seen], Mapping[str, str]]:
    """What is at places now, and why others could not be looked at; the scheduler looks at these again."""
    where = {each: place_of(each, within) for each in places}
    found: queue.SimpleQueue[tuple[str, Seen | str]] = queue.SimpleQueue()
    for name, place in where.items():
        threading.Thread(target=_glance, args=(name, place, found), daemon=True).start()
    there: dict[str, Seen | str] = dict.fromkeys(places, f"no answer for {_GLANCE_S:g} s")
    until = time.monotonic() + _GLANCE_S
    for _ in where:
        try:
            name, what = found.get(timeout=max(until - time.monotonic(), 0.0))
        except queue.Empty:
            break
        there[name] = what
    seen = {name: what for name, what in there.items() if not isinstance(what, str)}
    return seen, {name: what for name, what in there.items() if isinstance(what, str)}


def _glance(name: str, place: Place, found: queue.SimpleQueue[tuple[str, Seen | str]]) -> None:
    try:
        found.put((name, at_a_glance(place)))
    except Unseen as error:
        found.put((name, str(error)))
    except Exception as error:  # foreign code below: whatever it is, it is shown
        found.put((name, f"{type(error).__name__}: {error}"))
