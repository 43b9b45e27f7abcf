"""The same pipeline for Kubeflow Pipelines and Vertex AI Pipelines."""

from nb2pipe.kubeflow.compiling import compile_pipeline, compiled_text
from nb2pipe.kubeflow.options import CompileOptions, Target
from nb2pipe.kubeflow.spec import Compiled

__all__ = ["CompileOptions", "Compiled", "Target", "compile_pipeline", "compiled_text"]
