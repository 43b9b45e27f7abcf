"""What Google's client asks of a pipeline before it sends it: the client itself takes 300 MB, so its checks stand here.

Source: ``PipelineJob.__init__`` of google-cloud-aiplatform 2.7.0 (``aiplatform/pipeline_jobs.py``), with
``PipelineRuntimeConfigBuilder`` (``utils/pipeline_utils.py``) and ``load_yaml`` (``utils/yaml_utils.py``); the client
accepted the same examples.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml
from google.protobuf import json_format, struct_pb2

JOB_ID = re.compile(r"[a-z][-a-z0-9]{0,127}")
STAMP = "20261129022258"
TYPES = {"NUMBER_INTEGER", "NUMBER_DOUBLE", "STRING", "BOOLEAN", "LIST", "STRUCT"}


def job_of(text: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The job that the client makes of a pipeline.

    Args:
        text: the compiled pipeline.
        parameters: values that are not the pipeline's own.

    Raises:
        ValueError, KeyError, yaml.YAMLError: the client would refuse it.
    """
    spec = yaml.safe_load(text)  # as there: two documents are an error
    if spec.get("pipelineSpec") is not None:
        raise ValueError("it would be taken for a whole job")
    declared = spec["root"].get("inputDefinitions", {}).get("parameters", {})
    types = {name: each.get("parameterType") or each.get("type") for name, each in declared.items()}
    version = tuple(int(part) for part in spec["schemaVersion"].split("."))
    if version <= (2, 0, 0):
        raise ValueError("values would have to be of three types")
    for name in parameters:
        if name not in types:
            raise ValueError(f"the pipeline parameter {name} is not found in the pipeline job input definitions")
    if not set(types.values()) <= TYPES:
        raise ValueError(f"unknown types: {types}")
    name = re.sub("[^-0-9a-z]+", "-", spec["pipelineInfo"]["name"].lower()).lstrip("-").rstrip("-")
    job_id = f"{name}-{STAMP}"
    if not JOB_ID.fullmatch(job_id):
        raise ValueError(f"{job_id} is illegal as a Vertex pipelines job ID")
    whole, values = struct_pb2.Struct(), struct_pb2.Struct()
    json_format.ParseDict(spec, whole)
    json_format.ParseDict(dict(parameters), values)
    return {"id": job_id, "spec": json_format.MessageToDict(whole), "values": json_format.MessageToDict(values)}
