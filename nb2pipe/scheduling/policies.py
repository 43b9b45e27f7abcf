"""Policies out of what a user says, with their limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nb2pipe.model import Policy
from nb2pipe.scheduling.codes import refusal
from nb2pipe.scheduling.zones import moment_in

_YEAR_S = 366 * 86400.0
LIMITS: Mapping[str, tuple[float, float, str]] = {
    "stale_after_s": (1.0, 100 * _YEAR_S, "the age up to which missed due times run"),
    "at_once": (1, 1000, "the number of runs at once"),
    "retries": (0, 100, "the number of retries"),
    "backoff_s": (0.0, 86400.0, "the pause before a retry"),
    "timeout_s": (1.0, _YEAR_S, "the time that a run may take"),
    "jitter_s": (0.0, 86400.0, "the jitter"),
    "pause_after": (0, 1000, "the number of failures to pause after"),
    "runs_per_day": (1, 1_000_000, "the number of runs a day"),
    "minutes_per_day": (0.1, 1_000_000, "the minutes of runs a day"),
    "late_after_s": (1.0, _YEAR_S, "the time after which a run is late"),
}
"""Field to its least and greatest value, and what it is."""


def policy_of(said: Mapping[str, Any], zone: str, before: Policy | None = None, without: Sequence[str] = ()) -> Policy:
    """A policy with what a user says.

    Args:
        said: field to value; ``starts_at`` and ``ends_at`` as text, what is None is not said.
        zone: IANA zone of these two.
        before: the policy so far; None for the defaults.
        without: fields that are to have no value.

    Raises:
        SettingsError: N2P804 names what is out of range.
    """
    values = {name: value for name, value in said.items() if value is not None}
    values |= dict.fromkeys(without)
    for name in ("starts_at", "ends_at"):
        if name in values:
            values[name] = moment_in(values[name], zone) if values[name] else None
    policy = replace(before or Policy(), **values)
    for name, (least, most, what) in LIMITS.items():
        value = getattr(policy, name)
        if value is not None and not least <= value <= most:
            limits = f"Give a value from {least:g} to {most:g}" + (" seconds." if name.endswith("_s") else ".")
            raise refusal("N2P804", what=f"{what[0].upper()}{what[1:]} cannot be {value:g}.", advice=limits)
    if policy.starts_at is not None and policy.ends_at is not None and policy.starts_at > policy.ends_at:
        raise refusal("N2P804", what="The schedule ends before it starts.", advice="Give a later end (--until).")
    return policy
