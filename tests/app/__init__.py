"""Tests of the use-cases and of the Python API."""
