"""Sending notices beside the rounds of a scheduler, on threads of their own so that no channel holds up the clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from nb2pipe.app.schedules.keeping import settings_of
from nb2pipe.errors import Nb2pipeError
from nb2pipe.model import Notify, Schedule
from nb2pipe.notices.courier import Courier
from nb2pipe.notices.words import read_notify, with_channels
from nb2pipe.settings import Channel, Settings, load_channels
from nb2pipe.store.outbox import Outbox

LOOK_EVERY_S = 1.0
PATIENCE_S = 5.0
_MOST = 16


class Dispatcher:
    """Sends what is due until it is left: one thread looks, and one more for each channel with something to send.

    It raises nothing: what goes wrong is told, and tried again.

    Args:
        outbox: of the store.
        courier: sends one notice.
        tell: gets a line for each thing worth knowing.
        look_every_s: seconds between two looks into the store.
    """

    def __init__(
        self, outbox: Outbox, courier: Courier, tell: Callable[[str], None], look_every_s: float = LOOK_EVERY_S
    ) -> None:
        self._outbox = outbox
        self._courier = courier
        self._tell = tell
        self._look_every_s = look_every_s
        self._lanes: dict[str, threading.Thread] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="nb2pipe notices", daemon=True)
        self._trouble = ""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopped.set()
        deadline = time.monotonic() + PATIENCE_S
        for thread in (self._thread, *self._lanes.values()):  # what is not sent by then is sent by the next scheduler
            thread.join(max(deadline - time.monotonic(), 0.0))

    def _work(self) -> None:
        while True:
            self._try(self._look)
            if self._stopped.wait(self._look_every_s):
                return

    def _look(self) -> None:
        due = self._outbox.channels_due()
        self._lanes = {name: lane for name, lane in self._lanes.items() if lane.is_alive()}
        for name in due:
            if name not in self._lanes and len(self._lanes) < _MOST:
                lane = threading.Thread(target=self._try, args=(lambda name=name: self._send(name),), daemon=True)
                self._lanes[name] = lane
                lane.start()
        self._trouble = ""

    def _send(self, name: str) -> None:
        while not self._stopped.is_set():
            told = self._courier.next(name)
            if told is None:
                return
            self._tell(told.text)

    def _try(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # whatever it is, the scheduler goes on, and so do later notices
            said = error.message if isinstance(error, Nb2pipeError) else repr(error)
            if said != self._trouble:
                self._trouble = said
                self._tell(f"notices: trying again: {said}")


def who_is_told(settings: Settings, tell: Callable[[str], None]) -> Callable[[Schedule | None], Sequence[Notify]]:
    """Says of a schedule who is told of its runs: what it says itself, else what the settings of its folder say.

    Args:
        settings: the scheduler's, for where those cannot be read.
        tell: gets a line where they cannot.
    """

    def attempt(schedule: Schedule | None) -> Sequence[Notify]:
        try:
            channels: dict[str, Channel] = load_channels()
            if schedule is not None and schedule.notify is not None:
                return with_channels(schedule.notify, channels)
            texts = settings_of(schedule, settings).notify if schedule is not None else settings.notify
            return with_channels(read_notify(texts, None), channels)
        except Nb2pipeError as error:
            tell(f"settings for notices: {error.message}")
        if schedule is not None and schedule.notify is not None:
            return schedule.notify
        return read_notify(settings.notify, None)

    return attempt
