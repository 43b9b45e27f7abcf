"""Who is to be told of what, out of what a user says: ``team``, ``team:failure,late``."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nb2pipe.model import ALL_EVENTS, NoticeEvent, Notify
from nb2pipe.notices.codes import refusal
from nb2pipe.settings import Channel
from nb2pipe.settings.values import ONLY_FIRST

NOBODY = "none"
DEFAULT = "default"


def read_notify(texts: Sequence[str], channels: Mapping[str, Channel] | None) -> tuple[Notify, ...]:
    """Who is to be told.

    Args:
        texts: ``NAME`` or ``NAME:EVENT,EVENT``; ``only_first`` among the events stands for the first failure in a row.
        channels: those that there are; None for any, as when they cannot be read just now.

    Raises:
        SettingsError: N2P901 or N2P902, a channel or event is unknown.
    """
    found: dict[str, Notify] = {}
    for text in texts:
        name, _, words = text.partition(":")
        if channels is not None and name not in channels:
            raise refusal("N2P901", name=name, advice=known_channels(name, channels))
        notify = _read(text, name, words if ":" in text else None)
        if name in found:  # said twice: both
            events = tuple(each for each in ALL_EVENTS if each in (*found[name].events, *notify.events))
            notify = Notify(name, events, notify.only_first and found[name].only_first)
        found[name] = notify
    return tuple(found.values())


def changed_notify(
    texts: Sequence[str] | None, before: tuple[Notify, ...] | None, channels: Mapping[str, Channel]
) -> tuple[Notify, ...] | None:
    """Who is to be told of a schedule's runs.

    Args:
        texts: what a user says of it; ``none`` alone for nobody, ``default`` alone for whom the settings name at the
            time; None where nothing is said.
        before: who is told so far; None for whom the settings name.
        channels: those that there are.

    Raises:
        SettingsError: N2P901 or N2P902, a channel or event is unknown.
    """
    if texts is None:
        return before
    if list(texts) in ([NOBODY], [DEFAULT]):
        return () if list(texts) == [NOBODY] else None
    return read_notify(texts, channels)


def with_channels(notify: Sequence[Notify], channels: Mapping[str, Channel]) -> tuple[Notify, ...]:
    """Who is to be told, with what the channels themselves say of it."""
    return tuple(
        replace(each, only_first=True) if each.channel in channels and channels[each.channel].only_first else each
        for each in notify
    )


def notify_text(notify: Notify) -> str:
    """The text that :func:`read_notify` reads as this."""
    words = [] if notify.events == ALL_EVENTS else [event.value for event in notify.events]
    words += [ONLY_FIRST] if notify.only_first else []
    return ":".join([notify.channel, ",".join(words)] if words else [notify.channel])


def _read(text: str, name: str, words: str | None) -> Notify:
    if words is None:
        return Notify(name)
    known = {event.value: event for event in ALL_EVENTS}
    said = [word.strip() for word in words.split(",")]
    for word in said:
        if word not in known and word != ONLY_FIRST:
            raise refusal("N2P902", name=word, text=text, advice=_near(word, (*known, ONLY_FIRST)))
    events = tuple(event for event in ALL_EVENTS if event.value in said)
    if said == [ONLY_FIRST]:
        events = ALL_EVENTS
    return Notify(name, events, ONLY_FIRST in said)


def known_channels(name: str, channels: Mapping[str, Channel]) -> str:
    """What to do about a channel that there is not."""
    if not channels:
        return f"Write [notices.{name or 'NAME'}] into your settings file: nb2pipe/config.toml. The README shows how."
    return _near(name, tuple(channels))


def _near(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    meant = f"Did you mean {near[0]!r}? " if near else ""
    return f"{meant}There are: {', '.join(known)}."


def events_of_runs(notify: Sequence[Notify]) -> tuple[Notify, ...]:
    """The same for a run that somebody started: what only schedules know is left out."""
    own = (NoticeEvent.FAILURE, NoticeEvent.APPROVAL)
    return tuple(replace(each, events=tuple(event for event in each.events if event in own)) for each in notify)
