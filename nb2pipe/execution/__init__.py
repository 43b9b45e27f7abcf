"""How steps run: the orchestrator, the worker, the papermill engine and the process executor.

This package is imported inside every worker and kernel, so this file imports nothing.
"""
