"""What both sides of a container's wall know: the side that starts it, and the worker in it."""

from __future__ import annotations

KIT = "/run/nb2pipe-kit"
"""Folder with the worker."""

PRIVATE = "/run/nb2pipe"
"""Folder for what the worker keeps while it runs."""
