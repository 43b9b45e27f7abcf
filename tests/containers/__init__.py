"""Tests of steps in containers, on a podman of their own."""
