"""Looks at data beside the scheduler's rounds, and sets off schedules once it has changed and come to rest."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from nb2pipe.errors import Nb2pipeError, SettingsError
from nb2pipe.model import Cause
from nb2pipe.scheduling.data.place import Item, Unseen
from nb2pipe.scheduling.data.place import Place as Where
from nb2pipe.scheduling.data.seen import Seen, change_of, is_other, lacks_digests, listed, place_of
from nb2pipe.store.claims import Occasion
from nb2pipe.store.triggers import Triggers
from nb2pipe.store.watches import Look, Place, Watched

LONGEST_WAIT_S = 1.0
SILENCE_S = 60.0
"""A look that takes longer is shown as a fault."""
LANES = {False: 4, True: 12}
"""Looks at once: at this machine's files, and where a URL may be slow."""


@dataclass
class _Going:
    """A schedule whose data is watched: when it is looked at next, whether a look waits or goes on, and what is not at
    rest yet.
    """

    next_at: float = -1e9
    is_taken: bool = False
    busy_since: float | None = None
    is_said: bool = False
    unsettled: object = None
    unsettled_since: float = 0.0


@dataclass
class _Glance:
    """What one glance at all places of a schedule has found."""

    looks: list[Look] = field(default_factory=list)
    other: list[tuple[Place, Where, Mapping[str, Item]]] = field(default_factory=list)


class Watcher:
    """Looks at the data of all schedules that watch any. Only what has not come to rest is kept here: whenever it dies,
    the next one sees the same change again, and the store lets a change set off a run once.

    Args:
        triggers: of the store.
        monotonic: seconds that never go back.
        spawn: has a piece of work done, beside this thread or at once.
        tell: gets a line for each thing worth knowing.
        place: where to look.
    """

    def __init__(
        self,
        triggers: Triggers,
        *,
        monotonic: Callable[[], float],
        spawn: Callable[[Callable[[], None]], None],
        tell: Callable[[str], None] = lambda line: None,
        place: Callable[[str, str], Where] = place_of,
    ) -> None:
        self._triggers = triggers
        self._monotonic = monotonic
        self._spawn = spawn
        self._tell = tell
        self._place = place
        self._going: dict[str, _Going] = {}
        self._lock = threading.Lock()
        self._queues: dict[bool, deque[tuple[Watched, _Going]]] = {lane: deque() for lane in LANES}
        self._workers = dict.fromkeys(LANES, 0)

    def round(self) -> float:
        """Begin all looks that are due.

        Returns:
            Seconds until the next round, at most.

        Raises:
            StoreError: the database failed.
        """
        watched = {each.schedule_id: each for each in self._triggers.watched()}
        self._going = {each: self._going.get(each, _Going()) for each in watched}
        now = self._monotonic()
        for each in watched.values():
            going = self._going[each.schedule_id]
            if going.is_taken:
                self._say_silent(each, going, now)
            elif going.next_at <= now:
                going.is_taken, going.is_said = True, False
                self._queues[each.has_urls].append((each, going))
        for lane in LANES:
            self._hire(lane)
        waits = [going.next_at - self._monotonic() for going in self._going.values() if not going.is_taken]
        return max(min([*waits, LONGEST_WAIT_S]), 0.01)

    def _hire(self, lane: bool) -> None:
        """Have as many at work as there is work for, within the lane's limit."""
        while True:
            with self._lock:
                if not self._queues[lane] or self._workers[lane] >= LANES[lane]:
                    return
                self._workers[lane] += 1
            self._spawn(partial(self._work, lane))

    def _work(self, lane: bool) -> None:
        """Look wherever a look waits, until none does."""
        while True:
            with self._lock:
                if not self._queues[lane]:
                    self._workers[lane] -= 1
                    return
                watched, going = self._queues[lane].popleft()
            self._look(watched, going)

    def _look(self, watched: Watched, going: _Going) -> None:
        wait_s = watched.poll_s
        going.busy_since = self._monotonic()
        try:
            wait_s = self._look_at(watched, going)
        except Exception as error:  # whatever a look meets, there will be another
            self._tell(f"{watched.name}: {error.message if isinstance(error, Nb2pipeError) else repr(error)}")
        finally:
            going.next_at = self._monotonic() + wait_s
            going.busy_since = None
            going.is_taken = False

    def _look_at(self, watched: Watched, going: _Going) -> float:
        """One look at all places of a schedule; seconds until the next."""
        glance = _Glance()
        for place in self._triggers.places(watched.schedule_id):
            self._glance(place, glance)
        signature = [(place.place, _marks(now)) for place, _, now in glance.other]
        if signature != going.unsettled:
            going.unsettled, going.unsettled_since = signature, self._monotonic()
        left_s = going.unsettled_since + watched.settle_s - self._monotonic()
        words: list[str] = []
        if glance.other and left_s <= 0:
            words = self._compare(glance)
            going.unsettled = None
        occasion = Occasion(Cause.CHANGE, "; ".join(words)) if words else None
        if glance.looks and self._triggers.note(watched.schedule_id, glance.looks, occasion) and occasion:
            self._tell(f"{watched.name}: {occasion.reason}")
        return left_s if glance.other and left_s > 0 else watched.poll_s

    def _glance(self, place: Place, glance: _Glance) -> None:
        seen: Seen | None = place.seen
        try:
            where = self._place(place.place, place.within)
            now = listed(where, seen, place.place)
            if seen is not None and is_other(seen, now):
                glance.other.append((place, where, now))
            elif seen is None or lacks_digests(seen):
                glance.looks.append(Look(place, change_of(where, seen or {}, now).seen))
            elif place.fault:
                glance.looks.append(Look(place, None))
        except (Unseen, SettingsError) as error:
            self._fault(place, error, glance)

    def _compare(self, glance: _Glance) -> list[str]:
        """What has changed at places that are at rest; what moves on while it is read is left to the next look."""
        words = []
        for place, where, now in glance.other:
            try:
                change = change_of(where, place.seen or {}, now)
                if _marks(where.listing(now)) != _marks(now):
                    continue
            except Unseen as error:
                self._fault(place, error, glance)
                continue
            if change.seen != place.seen or place.fault:
                glance.looks.append(Look(place, change.seen, has_changed=bool(change.words)))
            words += [change.words] if change.words else []
        return words

    def _fault(self, place: Place, error: Unseen | SettingsError, glance: _Glance) -> None:
        text = f"{error.message} {error.hint}" if isinstance(error, SettingsError) else str(error)
        if text != place.fault:
            glance.looks.append(Look(place, None, text))

    def _say_silent(self, watched: Watched, going: _Going, now: float) -> None:
        """Show that a look takes too long; what it comes to in the end is not kept then, and looked for again."""
        if going.is_said or going.busy_since is None or now - going.busy_since < SILENCE_S:
            return
        going.is_said = True
        text = f"no answer for {SILENCE_S:g} s"
        looks = [Look(place, None, text) for place in self._triggers.places(watched.schedule_id)]
        self._triggers.note(watched.schedule_id, looks)
        self._tell(f"{watched.name}: {text} from what it watches")


def _marks(listing: Mapping[str, Item]) -> Mapping[str, str]:
    return {name: item.mark for name, item in listing.items()}
