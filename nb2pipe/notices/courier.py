"""Sends what the store holds to be told, and notes what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nb2pipe.errors import SettingsError
from nb2pipe.model import Notice
from nb2pipe.notices.codes import finding
from nb2pipe.notices.outcome import Outcome
from nb2pipe.notices.send import send
from nb2pipe.settings import Channel
from nb2pipe.store.outbox import Outbox

ATTEMPTS = 12
"""Attempts after which a notice is given up: about three and a half hours after the first."""
FIRST_PAUSE_S = 10.0
LONGEST_PAUSE_S = 3600.0
_MARGIN_S = 60.0


@dataclass(frozen=True)
class Told:
    """What came of a notice.

    Args:
        notice: it.
        outcome: of this attempt.
        is_given_up: whether it is tried no more.
    """

    notice: Notice
    outcome: Outcome
    is_given_up: bool = False

    @property
    def text(self) -> str:
        """A line for a log or a terminal."""
        notice, reason = self.notice, self.outcome.reason
        if self.outcome.is_sent:
            odd = f" ({reason})" if reason else ""
            return f"notice {notice.id} ({notice.facts.event.value}) sent by {notice.channel!r}{odd}"
        code = "N2P904" if self.is_given_up else "N2P903"
        return f"{code} {finding(code, id=notice.id, channel=notice.channel, reason=reason).message}"


class Courier:
    """Sends notices, each taken in the store first, so that no other process sends it at the same time. It waits for
    nothing but the channel, and decides neither what is told nor when it is called.

    Args:
        outbox: of the store.
        channel_of: gives the channel of a name as it is now, None if there is none; asked before every notice, since
            settings change.
        send: makes one attempt.
    """

    def __init__(
        self,
        outbox: Outbox,
        channel_of: Callable[[str], Channel | None],
        send: Callable[[Channel, Notice], Outcome] = send,
    ) -> None:
        self._outbox = outbox
        self._channel_of = channel_of
        self._send = send

    def next(self, name: str, ids: Sequence[str] | None = None) -> Told | None:
        """Send the next notice that is due by a channel; None where there is none.

        Args:
            name: of the channel.
            ids: only these notices; None for any.

        Raises:
            StoreError: the database failed; the notice stays in it.
        """
        channel, lack = self._channel(name)
        notice = self._outbox.take(name, (channel.timeout_s if channel else 0.0) + _MARGIN_S, ids)
        if notice is None:
            return None
        outcome = self._send(channel, notice) if channel else Outcome(reason=lack)
        if outcome.is_sent:
            self._outbox.sent(notice, outcome.reason)
            return Told(notice, outcome)
        if outcome.is_final or notice.attempts >= ATTEMPTS:
            self._outbox.give_up(notice, outcome.reason)
            return Told(notice, outcome, is_given_up=True)
        pause_s = pause_after(notice.attempts)
        if outcome.retry_after_s is not None:
            pause_s = max(outcome.retry_after_s, pause_s)
            self._outbox.hold_back(name, outcome.retry_after_s)
        self._outbox.try_again(notice, outcome.reason, pause_s)
        return Told(notice, outcome)

    def _channel(self, name: str) -> tuple[Channel | None, str]:
        try:
            channel = self._channel_of(name)
        except SettingsError as error:
            return None, error.message.rstrip(".")
        return channel, "" if channel else f"there is no channel {name!r} in the settings of who sends it"


def pause_after(attempts: int) -> float:
    """Seconds between an attempt (from 1) and the next: doubled each time, an hour at most."""
    return min(FIRST_PAUSE_S * 2.0 ** min(attempts - 1, 20), LONGEST_PAUSE_S)
