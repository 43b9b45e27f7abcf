"""Vertex AI Pipelines: its REST interfaces by google-auth and requests, which papermill brings."""

from nb2pipe.kubeflow.remote.vertex.client import connect_vertex

__all__ = ["connect_vertex"]
