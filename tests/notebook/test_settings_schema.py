"""The JSON schema of step settings says what the reader of settings takes."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from nb2pipe.notebook.settings import SETTINGS, read_settings
from nb2pipe.notebook.settings_schema import settings_schema

SCHEMA = Draft202012Validator(settings_schema())
GOOD = (
    {"image": "busybox:1.36", "cpus": 0.5, "memory_mib": 2048, "gpus": 1, "gpu_type": "a100", "retries": 2},
    {"cpus": "500m", "memory_mib": "2Gi", "timeout_s": 1.5, "cache": False},
    {"cache": "off", "env": {"MODE": "fast", "N": 3}, "secrets": {"TOKEN": "env:TOKEN", "KEY": "secret:a/b"}},
    {"volumes": ["data:/data:ro", {"source": "x", "target": "/x"}], "network": "none"},
    {"labels": {"team": "risk"}, "annotations": {"note": "any text"}, "image": None},
    {"approval": True, "approval_timeout_s": 3600},
    {"approval": "Deploy it?"},
    {"image_pull_secrets": ["login"], "node_selector": {"disktype": "ssd"}},
    {"tolerations": ["a=b:NoSchedule", "c", {"key": "d", "effect": "NoExecute", "tolerationSeconds": 5}]},
)
BAD = (
    {"nosuch": 1},
    {"cpus": 0},
    {"cpus": "many"},
    {"memory_mib": -1},
    {"retries": -1},
    {"timeout_s": 0},
    {"cache": "perhaps"},
    {"env": {"1X": "a"}},
    {"secrets": {"TOKEN": "hunter2"}},
    {"volumes": ["data"]},
    {"volumes": "a:/b"},
    {"image": "two words"},
    {"labels": {"team": 1}},
    {"approval": " "},
    {"image_pull_secrets": ["A b"]},
    {"image_pull_secrets": ["a", "a"]},
    {"node_selector": ["ssd"]},
    {"tolerations": ["a:Never"]},
    {"tolerations": [{"taint": "a"}]},
    {"approval_timeout_s": 1e12},
)


def problems(settings: dict[str, Any]) -> list[str]:
    """What the reader says of settings."""
    found: list[str] = []
    read_settings(settings, lambda code, message, hint: found.append(message))
    return found


def test_every_setting_is_in_it() -> None:
    """The schema has exactly the settings that are read, each with a title and a description."""
    properties = settings_schema()["properties"]
    assert set(SETTINGS) == set(properties)
    assert [] == [name for name, schema in properties.items() if not (schema["title"] and schema["description"])]
    Draft202012Validator.check_schema(settings_schema())


@pytest.mark.parametrize("settings", GOOD)
def test_good_ones_pass_both(settings: dict[str, Any]) -> None:
    """What the reader takes, the schema allows."""
    assert ([], []) == (problems(settings), [error.message for error in SCHEMA.iter_errors(settings)])


@pytest.mark.parametrize("settings", BAD)
def test_bad_ones_pass_neither(settings: dict[str, Any]) -> None:
    """What the reader refuses, a form made of the schema refuses before."""
    assert problems(settings)
    assert not SCHEMA.is_valid(settings)
