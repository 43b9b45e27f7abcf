"""What was seen at a place, and what has changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nb2pipe.scheduling.data.local import LocalPlace
from nb2pipe.scheduling.data.place import Item, Place, Unseen, is_url
from nb2pipe.scheduling.data.remote import RemotePlace
from nb2pipe.scheduling.data.web import WebPlace
from nb2pipe.urls import mask_url

Seen = Mapping[str, Sequence[str | None]]
"""Name to mark and digest: no mark where it could not be trusted, no digest where none was made."""
_SHOWN = 3


@dataclass(frozen=True)
class Change:
    """What is at a place now, and what of it is other than before.

    Args:
        seen: what is there.
        words: what has changed, for a reader; empty where nothing has.
    """

    seen: Seen
    words: str


def place_of(place: str, within: str = "") -> Place:
    """Where to look.

    Args:
        place: path, pattern or URL.
        within: folder that files of this machine must be in, links resolved; empty for no such limit.

    Raises:
        SettingsError: N2P807, it is of a kind that cannot be looked at here.
    """
    if place.lower().startswith(("http://", "https://")):
        return WebPlace(place)
    return RemotePlace(place) if is_url(place) else LocalPlace(place, within)


def listed(place: Place, seen: Seen | None, shown: str) -> Mapping[str, Item]:
    """What is at a place now.

    Raises:
        Unseen: it cannot be known; also where all is gone, since a disk that is not mounted looks like that.
    """
    found = place.listing(seen or ())
    if seen and not found:
        raise Unseen(f"{mask_url(shown)}: nothing is there any more")
    return found


def is_other(seen: Seen, listing: Mapping[str, Item]) -> bool:
    """Whether a glance says that something may have changed."""
    return seen.keys() != listing.keys() or any(seen[name][0] != item.mark for name, item in listing.items())


def lacks_digests(seen: Seen) -> bool:
    """Whether something was only glanced at so far."""
    return any(digest is None for _, digest in seen.values())


def at_a_glance(place: Place) -> Seen:
    """What is at a place, read only as far as a glance cannot be trusted.

    Raises:
        Unseen: it cannot be looked at.
    """
    found = place.listing(())
    return {name: ("", place.digest(name)) if item.is_fresh else (item.mark, None) for name, item in found.items()}


def change_of(place: Place, seen: Seen, listing: Mapping[str, Item]) -> Change:
    """What has changed, by content.

    Args:
        place: where.
        seen: what was there before.
        listing: what is there now.

    Raises:
        Unseen: something cannot be read.
    """
    now: dict[str, Sequence[str | None]] = {}
    for name, item in listing.items():
        mark, digest = seen.get(name, ("", None))
        is_same = mark == item.mark and digest is not None
        now[name] = ["" if item.is_fresh else item.mark, digest if is_same else place.digest(name)]
    changed = [name for name in now if name in seen and _has_changed(seen[name], now[name], listing[name])]
    new = [name for name in now if name not in seen]
    gone = [name for name in seen if name not in now]
    parts = (_words("changed", changed), _words("new", new), _words("gone", gone))
    return Change(now, "; ".join(part for part in parts if part))


def _has_changed(before: Sequence[str | None], now: Sequence[str | None], item: Item) -> bool:
    """By digest; where none was made before, by the mark."""
    return before[0] != item.mark if before[1] is None else before[1] != now[1]


def _words(what: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{what}: {', '.join(names[:_SHOWN])}{more}"
