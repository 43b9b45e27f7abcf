"""Telling people of a run that somebody started, at its end."""

from __future__ import annotations

from collections.abc import Sequence

from nb2pipe.errors import StoreError
from nb2pipe.model import Notify, Run
from nb2pipe.notices.courier import Courier
from nb2pipe.notices.words import events_of_runs, read_notify
from nb2pipe.settings import load_channel, load_channels
from nb2pipe.store.store import Store


def wanted_notify(texts: Sequence[str]) -> tuple[Notify, ...]:
    """Who is told of a run that somebody starts: of its failure, and of steps that wait for approval.

    Args:
        texts: ``NAME`` of a channel, or ``NAME:EVENT``.

    Raises:
        SettingsError: N2P901 or N2P902, a channel or event is unknown.
    """
    channels = load_channels() if texts else {}
    return events_of_runs(read_notify(texts, channels))


def tell_of(run: Run, store: Store) -> list[str]:
    """Send what is to be told of a run; what could not be sent, in words. It stays in the store then.

    Args:
        run: as it ended, recorded in the store.
        store: where it is recorded.
    """
    if not run.notify or run.schedule_id:
        return []
    problems = []
    try:
        courier = Courier(store.outbox, load_channel)
        for notice in store.outbox.of_run(run.id):
            told = courier.next(notice.channel, [notice.id])
            if told is not None and not told.outcome.is_sent:
                problems.append(f"{told.text} nb2pipe notices retry {notice.id} tries again, and so does a scheduler.")
    except StoreError as error:
        problems.append(f"notices could not be sent: {error.message}")
    return problems
