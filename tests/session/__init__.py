"""Tests of the session inside a step's kernel."""
