"""Compiled pipelines: what they hold, and what they give when they run."""
