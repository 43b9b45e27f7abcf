"""A compiled pipeline held against the schema that Kubeflow publishes."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2

from nb2pipe.kubeflow.spec import Compiled


def schema_faults(compiled: Compiled) -> Iterator[str]:
    """What does not fit the messages ``PipelineSpec`` and ``PipelineDeploymentConfig``, in the parser's words."""
    messages = (
        (pipeline_spec_pb2.PipelineSpec(), compiled.spec),
        (pipeline_spec_pb2.PipelineDeploymentConfig(), compiled.spec["deploymentSpec"]),
    )
    for message, data in messages:
        try:
            json_format.ParseDict(data, message)
        except json_format.ParseError as error:
            yield str(error)
