"""Schemas of what clients send."""

from __future__ import annotations

from nb2pipe.model import Missed, Overlap, Source, State
from nb2pipe.server.schemas import FLAG, Schema, array, mapping, nullable, record
from nb2pipe.settings.target_keys import LONGEST_S
from nb2pipe.settings.targets import TARGET_KINDS

_PATH: Schema = {"type": "string", "maxLength": 4096, "description": "relative to the folder that Jupyter serves"}
_TEXT: Schema = {"type": "string", "description": "the notebook's text where it is not saved"}
_WORD: Schema = {"type": "string", "minLength": 1, "maxLength": 500}
_FROM: Schema = {**_WORD, "description": "it and the steps after it are run whatever the cache has"}
_SECONDS: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": 1e9}
_COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": 1000}
_TIME: Schema = {"type": "string", "maxLength": 100, "description": "2026-12-01T07:00, in the zone if it names none"}
_PARAMETERS = mapping({})
_LABELS: Schema = {**mapping({"type": "string", "maxLength": 200}), "maxProperties": 50}
_TAGS: Schema = {**array({"type": "string", "minLength": 1, "maxLength": 200}), "maxItems": 50}
_NOTIFY: Schema = {
    **array({"type": "string", "minLength": 1, "maxLength": 200}),
    "maxItems": 50,
    "description": "NAME of a channel or NAME:EVENT,EVENT; for a schedule also none alone, or default alone",
}

SETTINGS = record(
    {
        "executor": nullable(_WORD),
        "image": nullable(_WORD),
        "container_engine": nullable({"enum": ["auto", "podman", "docker"]}),
        "jobs": nullable({"type": "integer", "minimum": 1, "maximum": 1000}),
        "cache": nullable(FLAG),
        "retries": nullable(_COUNT),
        "timeout_s": nullable(_SECONDS),
    },
    optional=("executor", "image", "container_engine", "jobs", "cache", "retries", "timeout_s"),
)
NOTEBOOK = record({"path": _PATH, "text": _TEXT}, optional=("text",))
WHY = record({"path": _PATH, "text": _TEXT, "source": _WORD, "target": _WORD}, optional=("text",))
RUN = record(
    {
        "path": _PATH,
        "text": _TEXT,
        "parameters": _PARAMETERS,
        "settings": SETTINGS,
        "output": _PATH,
        "tags": _TAGS,
        "kernel_name": _WORD,
        "notify": _NOTIFY,
        "from_step": _FROM,
    },
    optional=("text", "parameters", "settings", "output", "tags", "kernel_name", "notify", "from_step"),
)
_PLACE: Schema = {"type": "string", "minLength": 1, "maxLength": 1000}
_TARGET: dict[str, Schema] = {
    "name": _WORD,
    "kind": {"enum": list(TARGET_KINDS)},
    **dict.fromkeys(("host", "ui", "namespace", "experiment", "token_file", "ca_file", "project", "location"), _PLACE),
    **dict.fromkeys(("pipeline_root", "service_account", "network"), _PLACE),
    "labels": _LABELS,
    "timeout_s": {"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST_S},
    "replace": {**FLAG, "description": "whether to write over a target of this name"},
}
TARGET = record(_TARGET, optional=tuple(name for name in _TARGET if name not in ("name", "kind")))
SUBMISSION = record(
    {
        "path": _PATH,
        "text": _TEXT,
        "parameters": _PARAMETERS,
        "settings": record({"image": nullable(_WORD), "cache": nullable(FLAG)}, optional=("image", "cache")),
        "name": {**_WORD, "description": "of the run there"},
        "labels": _LABELS,
        "tags": _TAGS,
    },
    optional=("text", "parameters", "settings", "name", "labels", "tags"),
)
BATCH = record(
    {
        "path": _PATH,
        "text": _TEXT,
        "grid": {
            **mapping({**array({}), "minItems": 1, "maxItems": 1000}),
            "maxProperties": 50,
            "description": "values of parameters by name; every combination is run",
        },
        "sets": {
            **array(_PARAMETERS),
            "maxItems": 1000,
            "description": "sets of parameters; with a grid, each is run with every combination",
        },
        "parameters": {**_PARAMETERS, "description": "what all runs share"},
        "settings": SETTINGS,
        "runs_at_a_time": {"type": "integer", "minimum": 1, "maximum": 1000},
        "fail_fast": {**FLAG, "description": "whether to start no further run once one has failed"},
        "output_dir": {**_PATH, "description": "folder of the executed notebooks; made if need be"},
        "tags": _TAGS,
        "kernel_name": _WORD,
        "notify": _NOTIFY,
    },
    optional=(
        *("text", "grid", "sets", "parameters", "settings", "runs_at_a_time", "fail_fast", "output_dir"),
        *("tags", "kernel_name", "notify"),
    ),
)
_IMAGE: Schema = {"type": "string", "maxLength": 300, "pattern": r"^[A-Za-z0-9][A-Za-z0-9._:/@-]*$"}
_ENGINE: Schema = {"enum": ["podman", "docker"]}
IMAGE_CHECK = record({"path": _PATH, "image": _IMAGE, "engine": _ENGINE}, optional=("image", "engine"))
IMAGE_BUILD = record(
    {
        "path": _PATH,
        "base": {**_IMAGE, "description": "image to build on"},
        "tag": {**_IMAGE, "description": "a further tag"},
        "push": {**_IMAGE, "description": "name in a registry to push it to: REGISTRY/NAME[:TAG]"},
        "engine": _ENGINE,
    },
    optional=("base", "tag", "push", "engine"),
)
PRUNE = record(
    {
        "older_than_days": {"type": "number", "minimum": 0, "maximum": 100_000},
        "keep_last": {"type": "integer", "minimum": 0, "maximum": 10**9},
        "states": array({"enum": [state.value for state in State]}),
        "values_only": FLAG,
        "dry_run": FLAG,
    },
    optional=("older_than_days", "keep_last", "states", "values_only"),
)
RERUN = record({"from_step": _FROM}, optional=("from_step",))
DECISION = record({"why": {"type": "string", "minLength": 1, "maxLength": 2000}})
_WHEN: dict[str, Schema] = {
    "cron": {"type": "string", "maxLength": 1000},
    "every_s": {"type": "number"},
    "at": _TIME,
    "zone": {"type": "string", "minLength": 1, "maxLength": 100},
}
_POLICY_FIELDS: dict[str, Schema] = {
    "missed": {"enum": [each.value for each in Missed]},
    "stale_after_s": {"type": "number"},
    "overlap": {"enum": [each.value for each in Overlap]},
    "at_once": {"type": "integer"},
    "retries": {"type": "integer"},
    "backoff_s": {"type": "number"},
    "timeout_s": nullable({"type": "number"}),
    "jitter_s": {"type": "number"},
    "starts_at": nullable(_TIME),
    "ends_at": nullable(_TIME),
    "pause_after": {"type": "integer"},
    "runs_per_day": {"type": "integer"},
    "minutes_per_day": {"type": "number"},
    "late_after_s": {"type": "number"},
}
POLICY = record(_POLICY_FIELDS, optional=tuple(_POLICY_FIELDS))
_SCHEDULE: dict[str, Schema] = {
    "path": _PATH,
    "name": _WORD,
    **_WHEN,
    "source": {"enum": [each.value for each in Source]},
    "parameters": _PARAMETERS,
    "settings": SETTINGS,
    "policy": POLICY,
    "tags": _TAGS,
    "notify": _NOTIFY,
    "on": {**_WORD, "description": "name of the target whose engine fires it; not given: our own scheduler"},
    "on_change": {
        **array(_PATH),
        "maxItems": 50,
        "description": "files, folders and patterns below the folder that Jupyter serves, and URLs of other machines;"
        " no link is followed out of that folder",
    },
    "settle_s": {"type": "number"},
    "poll_s": {"type": "number"},
    "after": {**array(_WORD), "maxItems": 50, "description": "schedules of which each run that succeeds sets it off"},
    "on_call": {**FLAG, "description": "whether an HTTP call with its token sets it off; the answer has the token"},
    "new_token": {**FLAG, "description": "whether to make another token"},
}
SCHEDULE = record(_SCHEDULE, optional=tuple(name for name in _SCHEDULE if name != "path"))
_CHANGE = {name: each for name, each in _SCHEDULE.items() if name != "on"}
SCHEDULE_CHANGE = record(_CHANGE, optional=tuple(_CHANGE))
DUE_TIMES = record(
    {
        **_WHEN,
        "count": {"type": "integer", "minimum": 1, "maximum": 100},
        "starts_at": _TIME,
        "ends_at": _TIME,
    },
    optional=(*_WHEN, "count", "starts_at", "ends_at"),
)
