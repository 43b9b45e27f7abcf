"""What both sides of a container's wall know: the side that starts it, and the worker in it."""

from __future__ import annotations

KIT = "/run/nb2pipe-kit"
"""Folder with the worker."""

PRIVATE = "/run/nb2pipe"
"""Folder for what the worker keeps while it runs."""

HASH_SEED = "PYTHONHASHSEED"
HASH_SEED_IS_OURS = "_NB2P_HASH_SEED"
"""Set where the seed of Python's hashes is ours and not the user's, who must not see it."""
