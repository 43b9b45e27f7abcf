"""What schedules on engines elsewhere cannot do: one table, which the command line, the service and the lab go by.

A setting is named as in the service's bodies, with its value where only that is meant (``overlap=skip``), and two of
them where they cannot be had together (``overlap=queue,missed=once``).
"""

from __future__ import annotations

from collections.abc import Mapping

from nb2pipe.errors import SettingsError
from nb2pipe.kubeflow.findings import ENGINES
from nb2pipe.kubeflow.remote.codes import not_possible

_HERE = "nothing there watches for it"
_NO_AGAIN = "it runs each due time once; let steps be tried again by their own setting `retries`"
_NO_LIMIT = "it counts neither runs nor minutes of a day"
_TOLD = "it tells nobody; its pages and nb2pipe runs show how runs went"
_AS_SENT = "it runs the notebook as it was sent"
_ITS_OWN = "each step is a pod of its own there"
_ANY: Mapping[str, str] = {
    "at": "it fires again and again, not once",
    "stale_after_s": "no due time is too old for it",
    "retries": _NO_AGAIN,
    "backoff_s": _NO_AGAIN,
    "timeout_s": "only steps have limits of time there: their setting `timeout_s`",
    "jitter_s": "it starts runs when they are due",
    "pause_after": "it goes on after failures",
    "runs_per_day": _NO_LIMIT,
    "minutes_per_day": _NO_LIMIT,
    "late_after_s": _TOLD,
    "notify": _TOLD,
    "on_change": _HERE,
    "settle_s": _HERE,
    "poll_s": _HERE,
    "after": _HERE,
    "on_call": "it takes no calls of ours; its own interface starts runs",
    "new_token": "it takes no calls of ours; its own interface starts runs",
    "no_clock": "the clock is all that sets it off",
    "source=follow": _AS_SENT,
    "executor": _ITS_OWN,
    "jobs": _ITS_OWN,
    "container_engine": _ITS_OWN,
}
CANNOT: Mapping[str, Mapping[str, str]] = {
    "kfp": {
        **_ANY,
        "missed=skip": "it makes up for the latest due time that it missed, or for all",
        "overlap=skip": "a due time waits until there is room for its run; of several, the latest",
        "overlap=queue,missed=once": "either all due times wait for their turn, or the latest",
    },
    "vertex": {
        **_ANY,
        "every_s": "it fires by cron texts only",
        "missed=once": "it makes up for all due times of a pause, or for none",
    },
}
"""Kind of a target to setting to why not."""


def refuse_unable(kind: str, said: Mapping[str, object]) -> None:
    """Refuse what somebody says of a schedule that the engine cannot do.

    Args:
        kind: of the target.
        said: settings by name, without those of which nothing was said.

    Raises:
        SettingsError: N2P963 names the first, and why.
    """
    valued = [f"{name}={value}" for name, value in said.items()]
    for setting, why in CANNOT[kind].items():
        if setting in said or all(part in valued for part in setting.split(",")):
            raise unable(kind, " with ".join(f"`{part}`" for part in setting.split(",")), why)


def unable(kind: str, setting: str, why: str) -> SettingsError:
    """The refusal of one setting."""
    advice = "leave it out, or have the schedule on this machine"
    return not_possible("N2P963", engine=ENGINES[kind], setting=setting, why=why, advice=advice)
