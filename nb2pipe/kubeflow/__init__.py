"""The same pipeline for Kubeflow Pipelines and Vertex AI Pipelines.

``compiling`` makes the documents that an engine takes; ``pod`` is what runs there, in images that have papermill and
little else, so that nothing is imported here.
"""
