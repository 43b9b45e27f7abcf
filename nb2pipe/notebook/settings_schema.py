"""The settings of a step as a JSON schema, for forms and for editors of metadata."""

from __future__ import annotations

from typing import Any

from nb2pipe.notebook.placement import EFFECTS, OBJECT_NAME, SECONDS, TOLERATION
from nb2pipe.notebook.settings import SETTINGS

_WORD = {"type": "string", "pattern": r"^\S+$"}
_COUNT = {"type": "integer", "minimum": 0}
_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_VARIABLE = {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}
_REFERENCE = r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|engine:[A-Za-z0-9_.-]+|secret:[^/\s]+/[^/\s]+)$"

_PROPERTIES: dict[str, dict[str, Any]] = {
    "image": {
        "title": "Image",
        "description": "Name of a container image, such as registry.example.org/team/name:1.",
        **_WORD,
    },
    "cpus": {
        "title": "Processors",
        "description": "Limit; fractions are allowed.",
        "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": r"^[0-9.]+m?$"}],
    },
    "memory_mib": {
        "title": "Memory in MiB",
        "description": "Limit: MiB as a whole number, or a text with its unit such as 2Gi.",
        "anyOf": [
            {"type": "integer", "minimum": 1},
            {"type": "string", "pattern": r"^[0-9.]+\s*([kKmMgGtT]i?[bB]?|[bB])?$"},
        ],
    },
    "gpus": {"title": "GPUs", "description": "How many must be there.", **_COUNT},
    "gpu_type": {"title": "Kind of GPU", "description": "As the place where steps run names it.", **_WORD},
    "retries": {"title": "Retries", "description": "Further attempts after a failure.", **_COUNT},
    "timeout_s": {
        "title": "Time limit in seconds",
        "description": "Seconds that an attempt may take.",
        "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}],
    },
    "cache": {
        "title": "Cache",
        "description": "false: always run it; true: trust the cache also where it starts programs or uses the network.",
        "anyOf": [{"type": "boolean"}, {"enum": ["on", "off", "enabled", "disabled", "true", "false"]}],
    },
    "env": {
        "title": "Environment variables",
        "description": "Name to value.",
        "type": "object",
        "propertyNames": _VARIABLE,
        "additionalProperties": {"type": ["string", "number"]},
    },
    "secrets": {
        "title": "Secrets",
        "description": "Variable to reference, never the secret: env:NAME, file:PATH, engine:NAME, secret:NAME/KEY.",
        "type": "object",
        "propertyNames": _VARIABLE,
        "additionalProperties": {"type": "string", "pattern": _REFERENCE},
    },
    "volumes": {
        "title": "Volumes",
        "description": "SOURCE:TARGET or SOURCE:TARGET:ro, with an absolute TARGET.",
        "type": "array",
        "items": {
            "anyOf": [
                {"type": "string", "pattern": r"^.+:/[^:]*(:r[ow])?$"},
                {
                    "type": "object",
                    "properties": {
                        "source": {"type": "string", "minLength": 1},
                        "target": {"type": "string", "pattern": "^/"},
                        "read_only": {"type": "boolean"},
                    },
                    "required": ["source", "target"],
                    "additionalProperties": False,
                },
            ]
        },
    },
    "network": {"title": "Network", "description": "In a container: none, or a network of the engine.", **_WORD},
    "labels": {"title": "Labels", "description": "Texts kept with the step, short ones.", **_TEXTS},
    "annotations": {"title": "Annotations", "description": "Texts kept with the step.", **_TEXTS},
    "image_pull_secrets": {
        "title": "Secrets for the image",
        "description": "On a cluster: names of secrets that open the image's registry.",
        "type": "array",
        "items": {"type": "string", "pattern": f"^{OBJECT_NAME}$"},
        "uniqueItems": True,
    },
    "node_selector": {
        "title": "Labels of machines",
        "description": "On a cluster: labels that a machine must have to run the step, such as disktype: ssd.",
        **_TEXTS,
    },
    "tolerations": {
        "title": "Tolerations",
        "description": "On a cluster: taints of machines to put up with, KEY=VALUE:EFFECT or KEY:EFFECT.",
        "type": "array",
        "items": {
            "anyOf": [
                {"type": "string", "pattern": f"^{TOLERATION}$"},
                {
                    "type": "object",
                    "properties": {
                        "key": {"type": "string"},
                        "operator": {"enum": ["Equal", "Exists"]},
                        "value": {"type": "string"},
                        "effect": {"enum": list(EFFECTS)},
                        SECONDS: {"type": "integer"},
                    },
                    "additionalProperties": False,
                },
            ]
        },
    },
    "approval": {
        "title": "Approval",
        "description": "true, or the question to ask: a person has to approve it before the step runs.",
        "anyOf": [{"type": "boolean"}, {"type": "string", "pattern": r"\S"}],
    },
    "approval_timeout_s": {
        "title": "Time for an approval in seconds",
        "description": "Seconds that the question stays open.",
        "anyOf": [{"type": "number", "exclusiveMinimum": 0, "maximum": 316224000}, {"type": "string"}],
    },
}


def settings_schema() -> dict[str, Any]:
    """JSON schema (2020-12) of ``"nb2pipe": {...}`` in a cell's metadata; every setting may be null, for none."""
    properties = {name: _nullable(_PROPERTIES[name]) for name in SETTINGS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Step settings",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in schema.items() if name in ("title", "description")}
    rest = {name: value for name, value in schema.items() if name not in said}
    return {**said, "anyOf": [*rest.pop("anyOf", [rest] if rest else []), {"type": "null"}]}
